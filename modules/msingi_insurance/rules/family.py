"""Families: one head, who may join, what leaving, dying and adding a member does to cover (INS-1..INS-6, POL-12)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from pydantic.alias_generators import to_camel

from msingi_insurance.rules.life import TRANSITIONS, PolicyStep
from msingi_insurance.rules.refusals import (
    FamilyPlaceInvalid,
    FieldHidden,
    FieldRequired,
    NotInTheList,
    StatusDateInvalid,
    StatusReasonInvalid,
)
from msingi_insurance.rules.states import InsureeStatus, PolicyStatus

ONE_DAY: Final = timedelta(days=1)


class FieldUse(StrEnum):
    """Whether a scheme collects a field of an insuree or a family."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"
    HIDDEN = "hidden"


class JoinResult(StrEnum):
    """Whether a policy covers an added member."""

    COVERED = "covered"
    FULL = "full"
    """The policy covers as many members as its product allows: a warning, no cover."""
    OVER = "over"
    """The policy is expired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPolicy:
    """A policy of the family that somebody joins."""

    status: PolicyStatus
    start: date
    expiry: date
    effective: date | None
    covered_members: int
    max_members: int | None = None


@dataclass(frozen=True, slots=True)
class CoverRow:
    """The dates of a person's cover under a policy; ``effective`` stays empty until the policy is."""

    enrolled: date
    start: date
    effective: date | None
    expiry: date


@dataclass(frozen=True, slots=True)
class Joining:
    """What adding a member does to one policy."""

    result: JoinResult
    cover: CoverRow | None = None


def check_place(*, level: int, village_level: int) -> None:
    """Refuse a family whose place is not a village (INS-1)."""
    if level != village_level:
        raise FamilyPlaceInvalid


def join_policy(policy: OpenPolicy, *, added: date) -> Joining:
    """What an unexpired policy gives to a member added on a day (INS-1).

    Cover begins on the day of addition (or with the policy, when that is later), so waiting periods run from it.
    """
    if policy.status not in TRANSITIONS[PolicyStep.EXPIRE].sources or added > policy.expiry:
        return Joining(JoinResult.OVER)
    if policy.max_members is not None and policy.covered_members >= policy.max_members:
        return Joining(JoinResult.FULL)
    effective = None if policy.effective is None else max(added, policy.effective)
    return Joining(JoinResult.COVERED, CoverRow(added, policy.start, effective, policy.expiry))


def effective_of_member(*, enrolled: date, policy_enrolled: date, policy_effective: date) -> date:
    """The effective date of one member when the policy becomes effective (POL-4, INS-1).

    Members of the first day share the policy's date; one who was added later is never effective before being added.
    """
    return policy_effective if enrolled <= policy_enrolled else max(enrolled, policy_effective)


def closed_from(status: InsureeStatus, status_date: date) -> date | None:
    """The first day without cover of a person with this status: the day after its date; None while active (INS-3)."""
    return None if status is InsureeStatus.ACTIVE else status_date + ONE_DAY


def check_status(
    status: InsureeStatus,
    *,
    reason_status: InsureeStatus | None,
    status_date: date | None,
    born: date,
    today: date,
) -> None:
    """Refuse an inactive or dead person without a reason of the same kind and a plausible day (INS-3)."""
    if status is InsureeStatus.ACTIVE:
        return
    if reason_status is not status:
        raise StatusReasonInvalid(status=status.value)
    if status_date is None or not born <= status_date <= today:
        raise StatusDateInvalid(status=status.value)


def check_fields(filled: Iterable[str], controls: Mapping[str, FieldUse]) -> None:
    """Refuse an empty mandatory field and a filled hidden one (INS-3, INS-4, INS-6)."""
    given = set(filled)
    missing = sorted(
        name for name, use in controls.items() if use is FieldUse.MANDATORY and name not in given
    )
    if missing:
        raise FieldRequired(fields=", ".join(missing))
    hidden = sorted(name for name in given if controls.get(name) is FieldUse.HIDDEN)
    if hidden:
        raise FieldHidden(fields=", ".join(hidden))


CountryListName: TypeAlias = Literal[
    "professions", "education", "maritalStatuses", "familyTypes", "confirmationTypes", "identificationTypes"
]
"""The lists that a country may keep; the last one is for devices only."""
LISTED: Final[Mapping[str, CountryListName]] = MappingProxyType(
    {
        "profession": "professions",
        "education": "education",
        "marital_status": "maritalStatuses",
        "family_type": "familyTypes",
        "confirmation_type": "confirmationTypes",
    }
)
"""The list of the country in which the code of a field stands."""


def check_listed(given: Mapping[str, object], lists: Mapping[CountryListName, Collection[str]]) -> None:
    """Refuse a code that the country's list of its field does not hold; without a list any code passes (INS-3)."""
    for name, wanted in LISTED.items():
        code = given.get(name)
        if code and lists.get(wanted) and code not in lists[wanted]:
            raise NotInTheList(field=to_camel(name), code=code, known=", ".join(sorted(lists[wanted])))

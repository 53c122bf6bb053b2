"""Who is covered from when to when: rows of cover follow policies, families and lives, never a correction (POL-12)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, bindparam, func, or_, select, update

from msingi.errors import NotFound
from msingi.new_records import write_records
from msingi.work import Work
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.rules.family import CoverRow, JoinResult, OpenPolicy, join_policy
from msingi_insurance.rules.life import TRANSITIONS, PolicyStep
from msingi_insurance.rules.states import InsureeStatus
from msingi_insurance.rules.terms import Terms
from msingi_insurance.rules.variations import vary
from msingi_insurance.services.insurees_places import place_codes
from msingi_insurance.services.products_terms import terms_of
from msingi_insurance.settings import InsuranceSettings

_COVERED: Final = (
    select(func.count())
    .select_from(InsureePolicy)
    .where(
        InsureePolicy.policy_id == Policy.id,
        or_(InsureePolicy.valid_to.is_(None), InsureePolicy.valid_to > bindparam("on", type_=Date())),
    )
    .scalar_subquery()
)
_POLICIES: Final = (
    select(
        *(Policy.id.label("policy_id"), Policy.status, Policy.start_date, Policy.expiry_date),
        *(Policy.effective_date, Policy.enrol_date, Policy.product_version_id, _COVERED.label("covered")),
        Policy.left_out,
    )
    .where(
        Policy.family_id == bindparam("family", type_=Uuid()),
        Policy.expiry_date >= bindparam("on", type_=Date()),
        Policy.status.in_(TRANSITIONS[PolicyStep.EXPIRE].sources),
    )
    .order_by(Policy.id)
)


class CoverWarning(StrEnum):
    """What a clerk should know about the cover of a member."""

    ABOVE_MAX_MEMBERS = "above_max_members"
    """A policy covers as many members as its product allows: this one is not covered (PRM-8, INS-1)."""
    PHOTO_MISSING = "photo_missing"
    """The scheme covers nobody without a photo: this one is covered from the day on which it comes (INS-4)."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The rows of cover that new members got, and what was refused them."""

    rows: tuple[InsureePolicy, ...] = ()
    warnings: tuple[CoverWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinedFamily:
    """A family, and its policies that have not ended, with what a new member must know of each."""

    family: Family
    policies: tuple[tuple[UUID, OpenPolicy], ...]
    left_out: Mapping[UUID, Collection[str]]
    """Those whom a policy was not taken out for, by policy."""


def open_family(work: Work, family_id: UUID, *, on: date) -> JoinedFamily:
    """A family under lock with its unexpired policies: of two who join at once the second one counts the first.

    Raises:
        NotFound: the family is not visible, or has ended.

    """
    family = locked_family(work, family_id)
    with work.everywhere():
        found = work.session.rows(_POLICIES, {"family": family.id, "on": on})
    terms = terms_of(work, {row.product_version_id for row in found})
    return JoinedFamily(
        family,
        tuple((row.policy_id, _open(work, family, row, terms[row.product_version_id])) for row in found),
        {row.policy_id: row.left_out or () for row in found},
    )


def locked_family(work: Work, family_id: UUID) -> Family:
    """A family under lock: its members, policies and renewals change one after the other.

    Raises:
        NotFound: it is not visible, or has ended.

    """
    family = work.find(Family, family_id, lock=True)
    if family is None or family.valid_to is not None:
        raise NotFound(type="Family")
    return family


def cover_members(work: Work, joined: JoinedFamily, insurees: Sequence[Insuree], *, on: date) -> Joined:
    """Cover members who join a family on a day by its unexpired policies, as far as these have room (INS-1).

    Who has no photo, where the scheme wants one, is not covered before it comes (INS-4).
    """
    shown = [insuree for insuree in insurees if may_be_covered(work, insuree.photo_on)]
    rows: list[InsureePolicy] = []
    warnings = [CoverWarning.PHOTO_MISSING] * (len(insurees) - len(shown) if joined.policies else 0)
    for policy_id, found in joined.policies:
        policy = found
        for insuree in shown:
            if str(insuree.id) in joined.left_out[policy_id]:
                continue
            joining = join_policy(policy, added=on)
            if joining.result is JoinResult.FULL:
                warnings.append(CoverWarning.ABOVE_MAX_MEMBERS)
            if joining.cover is None:
                continue
            rows.append(_row(joined.family.jurisdiction_id, policy_id, insuree.id, joining.cover))
            policy = replace(policy, covered_members=policy.covered_members + 1)
    write_records(work, rows)
    return Joined(tuple(rows), tuple(warnings))


def cover_photographed(work: Work, insuree: Insuree, *, on: date) -> Joined:
    """Cover a member whose first photo came by the policies that wait for it, as if added on this day (INS-1, INS-4)."""
    if insuree.family_id is None or insuree.status is not InsureeStatus.ACTIVE:
        return Joined()
    family = open_family(work, insuree.family_id, on=on)
    held = select(InsureePolicy.policy_id).where(
        InsureePolicy.insuree_id == insuree.id, InsureePolicy.valid_to.is_(None)
    )
    closed = set(work.session.scalars(held))
    waiting = tuple((policy_id, policy) for policy_id, policy in family.policies if policy_id not in closed)
    return cover_members(work, replace(family, policies=waiting), [insuree], on=on)


def may_be_covered(work: Work, photo_on: date | None) -> bool:
    """Whether somebody whose photo was taken on a day, None for never, may be covered (INS-4)."""
    return photo_on is not None or not work.settings(InsuranceSettings).photo_required


def end_cover(work: Work, insuree_ids: Collection[UUID], *, day: date) -> None:
    """End the cover of insurees: they are not covered from this day on (INS-3); one statement."""
    _end(work, day, InsureePolicy.insuree_id.in_(insuree_ids))


def end_cover_in_family(work: Work, insuree_ids: Collection[UUID], family_id: UUID, *, day: date) -> None:
    """End the cover that insurees have by the policies of a family, from the day on which they leave it (INS-5)."""
    policies = select(Policy.id).where(Policy.family_id == family_id).scalar_subquery()
    _end(work, day, InsureePolicy.insuree_id.in_(insuree_ids), InsureePolicy.policy_id.in_(policies))


def _end(work: Work, day: date, *criteria: ColumnElement[bool]) -> None:
    work.session.flush()
    work.session.execute(
        update(InsureePolicy)
        .where(
            *criteria,
            InsureePolicy.expiry_date >= day,
            or_(InsureePolicy.valid_to.is_(None), InsureePolicy.valid_to > day),
        )
        .values(valid_to=day, version=InsureePolicy.version + 1),
        execution_options={"synchronize_session": False},
    )


def _open(work: Work, family: Family, row: Any, terms: Terms) -> OpenPolicy:
    if terms.variations:
        places = place_codes(work, family.jurisdiction_id)
        terms = vary(terms, places=places, on=row.enrol_date)[0]
    return OpenPolicy(
        status=row.status,
        start=row.start_date,
        expiry=row.expiry_date,
        effective=row.effective_date,
        covered_members=row.covered,
        max_members=terms.max_members,
    )


def _row(place_id: UUID, policy_id: UUID, insuree_id: UUID, cover: CoverRow) -> InsureePolicy:
    return InsureePolicy(
        jurisdiction_id=place_id,
        insuree_id=insuree_id,
        policy_id=policy_id,
        enrolment_date=cover.enrolled,
        start_date=cover.start,
        effective_date=cover.effective,
        expiry_date=cover.expiry,
    )

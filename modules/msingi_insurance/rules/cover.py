"""Whether a person is covered on a day, and if not, why (POL-5, D-28)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from msingi_insurance.rules.life import in_force
from msingi_insurance.rules.states import InsureeStatus, PolicyStatus
from msingi_insurance.rules.trace import Step, step


class CoverReason(StrEnum):
    """Why a person is covered or not; the first that applies is told."""

    COVERED = "covered"
    PERSON_NOT_ALIVE = "person_not_alive"
    PERSON_INACTIVE = "person_inactive"
    RECORD_NOT_VALID = "record_not_valid"
    POLICY_NOT_ACTIVE = "policy_not_active"
    NOT_EFFECTIVE = "not_effective"
    BEFORE_START = "before_start"
    NOT_YET_EFFECTIVE = "not_yet_effective"
    AFTER_EXPIRY = "after_expiry"
    NO_POLICY = "no_policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverFacts:
    """One person under one policy.

    ``before`` is what an expired policy was at its end when it was not active, None when it was. ``valid_from`` is the first day of the record itself, ``valid_to`` the first day after it, when a member left.
    ``status_date`` is the last covered day of somebody who is inactive or dead (INS-3).
    """

    status: PolicyStatus
    start: date
    effective: date | None
    expiry: date
    before: PolicyStatus | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    person: InsureeStatus = InsureeStatus.ACTIVE
    status_date: date | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """The answer for one person, one policy and one day."""

    reason: CoverReason
    step: Step

    @property
    def covered(self) -> bool:
        """Whether the person is covered."""
        return self.reason is CoverReason.COVERED


def cover_at(facts: CoverFacts, day: date) -> Cover:
    """Whether this policy covers the person on a day (POL-5)."""
    reason = _person(facts, day) or _policy(facts, day) or CoverReason.COVERED
    values = {
        "effective": facts.effective or day,
        "expiry": facts.expiry,
        "start": facts.start,
        "status": _status_told(facts).value,
        "date": day,
    }
    return Cover(reason, step("POL-5", reason.value, **values))


def _status_told(facts: CoverFacts) -> PolicyStatus:
    """The status that explains: what an expired policy was at its end, when it was not in force."""
    if facts.status is not PolicyStatus.EXPIRED or facts.before is None:
        return facts.status
    return PolicyStatus.SUSPENDED if facts.before is PolicyStatus.ACTIVE else facts.before


def _person(facts: CoverFacts, day: date) -> CoverReason | None:
    if facts.person is InsureeStatus.ACTIVE:
        return None
    if facts.status_date is not None and day <= facts.status_date:
        return None
    dead = facts.person is InsureeStatus.DEAD
    return CoverReason.PERSON_NOT_ALIVE if dead else CoverReason.PERSON_INACTIVE


def _policy(facts: CoverFacts, day: date) -> CoverReason | None:
    if not (facts.valid_from or date.min) <= day < (facts.valid_to or date.max):
        return CoverReason.RECORD_NOT_VALID
    if not in_force(facts.status, facts.before):
        return CoverReason.POLICY_NOT_ACTIVE
    if facts.effective is None:
        return CoverReason.NOT_EFFECTIVE
    if day < facts.start:
        return CoverReason.BEFORE_START
    if day < facts.effective:
        return CoverReason.NOT_YET_EFFECTIVE
    return CoverReason.AFTER_EXPIRY if day > facts.expiry else None

"""What lists show beside the columns of a professional, for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from msingi.work import Work
from msingi_registry.models.practitioner import Practitioner
from msingi_registry.rules.practitioners import LicenceState, licence_state_on, may_prescribe
from msingi_registry.services.practitioners import licences_on


@dataclass(frozen=True, slots=True)
class Diploma:
    """A diploma of a professional."""

    code: str = field(metadata={"doc": "Code of the diploma."})
    issuer: str = field(metadata={"doc": "Who gave it; empty when not known."})
    awarded_on: date | None = field(metadata={"doc": "When it was given, when known."})


def diplomas_of(practitioners: Sequence[Practitioner]) -> dict[UUID, list[Diploma]]:
    """The diplomas of each professional."""
    return {one.id: [_diploma(**diploma) for diploma in one.qualifications] for one in practitioners}


def licence_states(work: Work, practitioners: Sequence[Practitioner], day: date) -> dict[UUID, LicenceState]:
    """The state of each licence on the day of an event (PD-1)."""
    licences = licences_on(work, [one.id for one in practitioners], day)
    return {identifier: licence_state_on(licence, day) for identifier, licence in licences.items()}


def prescribers(work: Work, practitioners: Sequence[Practitioner], day: date) -> dict[UUID, bool]:
    """Whether each professional may prescribe on the day (PD-1, PD-7)."""
    licences = licences_on(work, [one.id for one in practitioners], day)
    return {
        one.id: one.id in licences and may_prescribe(one.category, licences[one.id], day)
        for one in practitioners
    }


def _diploma(code: str, issuer: str, awarded_on: str | None) -> Diploma:
    return Diploma(code, issuer, None if awarded_on is None else date.fromisoformat(awarded_on))

"""The GraphQL face of health professionals."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_registry.models.practitioner import Practitioner, PractitionerRole
from msingi_registry.plugin import EDIT_PRACTITIONERS, READ_PRACTITIONERS, plugin
from msingi_registry.rules.practitioners import LicenceState
from msingi_registry.services import practitioner_views as views
from msingi_registry.services import practitioners as registering
from msingi_registry.services.practitioner_views import Diploma
from msingi_registry.services.practitioners import (
    LicenceDecision,
    PractitionerChanges,
    PractitionerInput,
)

plugin.expose(
    Practitioner,
    *("id", "jurisdiction_id", "code", "family_name", "given_name", "category", "profession", "specialty"),
    *("licence_number", "licence_from", "licence_to", "version"),
    allow=READ_PRACTITIONERS,
)
plugin.expose(
    PractitionerRole,
    *("id", "practitioner_id", "facility_id", "facility", "role", "valid_from", "valid_to", "version"),
    allow=READ_PRACTITIONERS,
)


@plugin.connection(
    Practitioner,
    allow=READ_PRACTITIONERS,
    where=("code", "category", "profession"),
    order=("family_name", "given_name", "code"),
)
def practitioners(work: Work, search: str | None = None) -> Select[Practitioner]:  # noqa: ARG001
    """Health professionals; ``search`` takes beginnings of words of the names, or a code."""
    if search is None:
        return select(Practitioner)
    return registering.search_practitioners(search)


@plugin.query(allow=READ_PRACTITIONERS)
def practitioner(work: Work, id: UUID) -> Practitioner | None:  # noqa: A002 - the name that callers see
    """One health professional."""
    return work.find(Practitioner, id)


@plugin.mutation(allow=EDIT_PRACTITIONERS)
def register_practitioner(work: Work, input: PractitionerInput) -> Practitioner:  # noqa: A002
    """Add a professional, who gets one code for life and a licence that is applied for."""
    return registering.register_practitioner(work, input)


@plugin.mutation(allow=EDIT_PRACTITIONERS)
def update_practitioner(
    work: Work,
    id: UUID,  # noqa: A002 - the name that callers see
    input: PractitionerChanges,  # noqa: A002
    expected_version: int | None = None,
) -> Practitioner:
    """Correct the record of a professional; code, category and licence stay."""
    return registering.update_practitioner(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PRACTITIONERS)
def set_licence(
    work: Work,
    practitioner_id: UUID,
    input: LicenceDecision,  # noqa: A002
    expected_version: int | None = None,
) -> Practitioner:
    """Verify, activate, renew, suspend, reinstate or revoke a licence."""
    return registering.set_licence(work, practitioner_id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PRACTITIONERS)
def give_role(
    work: Work,
    practitioner_id: UUID,
    facility_id: UUID,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
) -> PractitionerRole:
    """Say what a professional does at a facility, in a period."""
    return registering.give_role(
        work, practitioner_id, facility_id, role=role, valid_from=valid_from, valid_to=valid_to
    )


@plugin.mutation(allow=EDIT_PRACTITIONERS)
def end_role(work: Work, role_id: UUID, on: date, expected_version: int | None = None) -> PractitionerRole:
    """Give a role its last day."""
    return registering.end_role(work, role_id, on=on, expected_version=expected_version)


@plugin.extend(Practitioner, allow=READ_PRACTITIONERS)
def roles(parents: Sequence[Practitioner], work: Work) -> dict[UUID, list[PractitionerRole]]:
    """What the professional does where, past and present."""
    return work.children(PractitionerRole.practitioner_id, parents, order_by=PractitionerRole.valid_from)


@plugin.extend(Practitioner, allow=READ_PRACTITIONERS)
def qualifications(parents: Sequence[Practitioner], work: Work) -> dict[UUID, list[Diploma]]:  # noqa: ARG001
    """Diplomas."""
    return views.diplomas_of(parents)


@plugin.extend(Practitioner, allow=READ_PRACTITIONERS)
def licence_state(
    parents: Sequence[Practitioner], work: Work, on: date | None = None
) -> dict[UUID, LicenceState]:
    """The state of the licence on a day, today when none is given; null before the application."""
    return views.licence_states(work, parents, on or work.today())


@plugin.extend(Practitioner, allow=READ_PRACTITIONERS)
def may_prescribe(parents: Sequence[Practitioner], work: Work, on: date | None = None) -> dict[UUID, bool]:
    """Whether a prescription of the day is lawful; a traditional practitioner never prescribes."""
    return views.prescribers(work, parents, on or work.today())

"""The GraphQL face of facilities: lists, single ones, their life, and what is odd about them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_registry.models.facility import Facility, FacilityIdentifier, FacilityService, QualityFinding
from msingi_registry.plugin import EDIT_FACILITIES, READ_FACILITIES, plugin
from msingi_registry.rules.facilities import FacilityStep
from msingi_registry.services import facilities as registering
from msingi_registry.services import facility_life as life
from msingi_registry.services import facility_views as views
from msingi_registry.services.facility_inputs import FacilityChanges, FacilityInput
from msingi_registry.services.facility_views import FacilityHours
from msingi_registry.services.findings import FindingCount, count_findings, finding_texts

plugin.expose(
    Facility,
    *("id", "jurisdiction_id", "code", "name", "type", "standard_type", "tier", "ownership", "legal_form"),
    *("care_type", "status", "latitude", "longitude", "coordinate_source", "beds", "opened_on", "closed_on"),
    *("verified_on", "replaced_by_id", "published", "version"),
    allow=READ_FACILITIES,
)
plugin.expose(FacilityIdentifier, "id", "system", "value", "occurrence", allow=READ_FACILITIES)
plugin.expose(FacilityService, "id", "service", "in_use_since", allow=READ_FACILITIES)
plugin.expose(
    QualityFinding,
    *("id", "source", "kind", "line", "source_id", "facility_id", "jurisdiction_id"),
    allow=READ_FACILITIES,
)


@plugin.connection(
    Facility,
    allow=READ_FACILITIES,
    where=(
        "code",
        "name",
        "type",
        "standard_type",
        "tier",
        "ownership",
        "care_type",
        "status",
        "replaced_by_id",
    ),
    order=("name", "code", "type", "status"),
)
def facilities(work: Work, search: str | None = None) -> Select[Facility]:  # noqa: ARG001
    """Facilities; ``search`` takes beginnings of words of the name, a code, or a number of another list."""
    if search is None:
        return select(Facility)
    return registering.search_facilities(search)


@plugin.query(allow=READ_FACILITIES)
def facility(work: Work, id: UUID) -> Facility | None:  # noqa: A002 - the name that callers see
    """One facility."""
    return work.find(Facility, id)


@plugin.mutation(allow=EDIT_FACILITIES)
def create_facility(work: Work, input: FacilityInput) -> Facility:  # noqa: A002
    """Add a proposed facility; it gets a code for life, and a point outside its unit is flagged."""
    return registering.create_facility(work, input)


@plugin.mutation(allow=EDIT_FACILITIES)
def update_facility(
    work: Work,
    id: UUID,  # noqa: A002
    input: FacilityChanges,  # noqa: A002
    expected_version: int | None = None,
) -> Facility:
    """Correct a facility; fields left out stay as they are."""
    return registering.update_facility(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_FACILITIES)
def set_facility_status(
    work: Work,
    id: UUID,  # noqa: A002
    step: FacilityStep,
    on: date | None = None,
    replaced_by_id: UUID | None = None,
    expected_version: int | None = None,
) -> Facility:
    """Verify, open, suspend, resume or close a facility; a closing may have a day and a successor."""
    return life.set_status(
        work, id, step, on=on, replaced_by_id=replaced_by_id, expected_version=expected_version
    )


@plugin.mutation(allow=EDIT_FACILITIES)
def confirm_facility(work: Work, id: UUID) -> Facility:  # noqa: A002
    """Say that the record of a facility is right today."""
    return life.confirm_facility(work, id)


@plugin.extend(Facility, allow=READ_FACILITIES)
def place(parents: Sequence[Facility], work: Work) -> dict[UUID, Jurisdiction]:
    """The administrative place in which the facility lies."""
    return views.places_above(work, parents)


@plugin.extend(Facility, allow=READ_FACILITIES)
def successor(parents: Sequence[Facility], work: Work) -> dict[UUID, Facility]:
    """The facility that took over in the end, however many replacements lie between."""
    return life.final_successors(work, [parent.id for parent in parents])


@plugin.extend(Facility, allow=READ_FACILITIES)
def services(parents: Sequence[Facility], work: Work) -> dict[UUID, list[FacilityService]]:
    """The services that it offers."""
    return work.children(FacilityService.facility_id, parents, order_by=FacilityService.service)


@plugin.extend(Facility, allow=READ_FACILITIES)
def identifiers(parents: Sequence[Facility], work: Work) -> dict[UUID, list[FacilityIdentifier]]:
    """Its numbers in other lists."""
    return work.children(FacilityIdentifier.facility_id, parents)


@plugin.extend(Facility, allow=READ_FACILITIES)
def findings(parents: Sequence[Facility], work: Work) -> dict[UUID, list[QualityFinding]]:
    """What is odd about its record."""
    return views.findings_of(work, parents)


@plugin.extend(Facility, allow=READ_FACILITIES)
def opening_hours(parents: Sequence[Facility], work: Work) -> dict[UUID, list[FacilityHours]]:  # noqa: ARG001
    """Its opening periods of a week in local time; null when they are not known."""
    return views.hours_of(parents)


@plugin.extend(Facility, allow=READ_FACILITIES)
def open_now(parents: Sequence[Facility], work: Work) -> dict[UUID, bool]:
    """Whether it is open now, in the country's time; null when its hours are not known."""
    return views.open_now(work, parents)


@plugin.extend(Facility, allow=READ_FACILITIES)
def stale(parents: Sequence[Facility], work: Work) -> dict[UUID, bool]:
    """Whether nobody has confirmed the record for 180 days."""
    return views.stale(work, parents)


@plugin.extend(Jurisdiction, allow=READ_FACILITIES)
def facility_count(parents: Sequence[Jurisdiction], work: Work) -> dict[UUID, int]:
    """Facilities at this place and below it that the reader may see."""
    return views.count_below(work, [parent.id for parent in parents])


@plugin.query(allow=READ_FACILITIES)
def country_quality(work: Work, source: str | None = None) -> list[FindingCount]:
    """How many findings of each kind there are in the reader's places, in all lists or in one."""
    return count_findings(work, source)


@plugin.connection(
    QualityFinding,
    allow=READ_FACILITIES,
    where=("source", "kind", "source_id", "facility_id"),
    order=("id", "line", "kind"),
)
def quality_findings(work: Work) -> Select[QualityFinding]:  # noqa: ARG001
    """What is odd about published lists and facilities; nothing of it was refused or changed."""
    return select(QualityFinding)


@plugin.extend(QualityFinding, allow=READ_FACILITIES)
def message(parents: Sequence[QualityFinding], work: Work) -> dict[UUID, str]:
    """The sentence in the reader's language."""
    return finding_texts(work, [parent.id for parent in parents])

"""The services of facilities, set for many at once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from msingi.work import Work
from msingi_registry.models.facility import FacilityService
from msingi_registry.services.facility_rows import chunks, insert_services


def replace_services(work: Work, wanted: Mapping[UUID, tuple[UUID, Sequence[str]]]) -> None:
    """Give each facility exactly these services; ``wanted`` holds its leaf and the codes."""
    kept: dict[UUID, set[str]] = {facility: set() for facility in wanted}
    for chunk in chunks(sorted(wanted)):
        statement = select(FacilityService).where(FacilityService.facility_id.in_(chunk))
        for row in work.session.scalars(statement):
            if row.service in wanted[row.facility_id][1]:
                kept[row.facility_id].add(row.service)
            else:
                work.session.delete(row)
    work.session.flush()
    insert_services(
        work,
        [
            (facility, leaf, code)
            for facility, (leaf, codes) in wanted.items()
            for code in dict.fromkeys(codes)
            if code not in kept[facility]
        ],
    )

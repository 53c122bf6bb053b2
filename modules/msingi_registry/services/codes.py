"""Codes of facilities and professionals that nobody had before (ID-5, CH-02)."""

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from msingi.work import Work
from msingi_registry.models.facility import Facility
from msingi_registry.models.practitioner import Practitioner
from msingi_registry.rules.blocks import MAX_BLOCK, draw_block
from msingi_registry.rules.identifiers import FACILITY_CODE, PRACTITIONER_CODE, CodeScheme


def draw_facility_codes(work: Work, count: int) -> list[str]:
    """Draw this many codes that no facility bears, in a country of any size."""
    return _draw(work, count, FACILITY_CODE, Facility.code)


def draw_practitioner_codes(work: Work, count: int) -> list[str]:
    """Draw this many codes that no professional bears."""
    return _draw(work, count, PRACTITIONER_CODE, Practitioner.code)


def _draw(work: Work, count: int, scheme: CodeScheme, column: InstrumentedAttribute[str]) -> list[str]:
    with work.everywhere():
        taken = set(work.session.scalars(select(column)))
    drawn: list[str] = []
    while len(drawn) < count:
        block = draw_block(min(count - len(drawn), MAX_BLOCK), taken, scheme=scheme)
        drawn.extend(block)
        taken.update(block)
    return drawn

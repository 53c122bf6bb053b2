"""The coverage lines of a version as a list that can be filtered and paged; they stand in its document (PRD-10)."""

from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.errors import NotFound
from msingi.work import Work
from msingi_insurance.rules.terms import (
    CeilingExclusion,
    CoverageLine,
    Limitation,
    LimitationType,
    PriceOrigin,
)
from msingi_insurance.services.products_terms import terms_of

MOST: Final = 200


class CoveredKind(StrEnum):
    """What a coverage line names."""

    ITEM = "item"
    SERVICE = "service"


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class LimitationView(_View):
    """How a line is paid for one visit type."""

    type: LimitationType = Field(description="C: a percentage paid by the insurer; F: a maximum per unit.")
    adult: Decimal | None = Field(description="For adults; empty for F is no limit.")
    child: Decimal | None = Field(description="For children; empty for F is no limit.")


class CoverageLineView(_View):
    """How a version pays for one item or service."""

    kind: CoveredKind = Field(description="Item or service.")
    code: str = Field(description="Code in the catalogue.")
    price_origin: PriceOrigin = Field(description="P price list, O claim, R relative.")
    other: LimitationView | None = Field(description="For other visits; empty is not covered.")
    emergency: LimitationView | None = Field(description="For emergencies; empty is not covered.")
    referral: LimitationView | None = Field(description="For referrals; empty is not covered.")
    max_quantity_adult: Decimal | None = Field(description="Most per adult and policy period.")
    max_quantity_child: Decimal | None = Field(description="Most per child and policy period.")
    waiting_period_adult: int | None = Field(description="Months before an adult is covered.")
    waiting_period_child: int | None = Field(description="Months before a child is covered.")
    ceiling_exclusion_adult: CeilingExclusion | None = Field(
        description="When it does not count towards an adult's ceiling."
    )
    ceiling_exclusion_child: CeilingExclusion | None = Field(
        description="When it does not count towards a child's ceiling."
    )


class CoveragePage(_View):
    """One page of coverage lines."""

    total_count: int = Field(description="Lines that pass the filters.")
    lines: list[CoverageLineView] = Field(description="The lines of the page, by code.")


def coverage_of(
    work: Work, version_id: UUID, *, kind: CoveredKind | None, code_begins: str, first: int, after: str | None
) -> CoveragePage:
    """The coverage lines of a version, by code, those after a code, at most 200.

    Raises:
        NotFound: there is no such version.

    """
    terms = terms_of(work, [version_id]).get(version_id)
    if terms is None:
        raise NotFound(type="ProductVersion")
    chosen = [
        line
        for line in terms.coverage
        if (kind is None or line.kind.value == kind.value) and line.code.startswith(code_begins)
    ]
    chosen.sort(key=lambda line: (line.code, line.kind))
    following = [line for line in chosen if after is None or line.code > after]
    return CoveragePage(
        total_count=len(chosen),
        lines=[_line(line) for line in following[: max(0, min(first, MOST))]],
    )


def _line(line: CoverageLine) -> CoverageLineView:
    return CoverageLineView(
        kind=CoveredKind(line.kind.value),
        code=line.code,
        price_origin=line.price_origin,
        other=_limitation(line.limitation.other),
        emergency=_limitation(line.limitation.emergency),
        referral=_limitation(line.limitation.referral),
        max_quantity_adult=line.max_quantity.adult,
        max_quantity_child=line.max_quantity.child,
        waiting_period_adult=line.waiting_period.adult,
        waiting_period_child=line.waiting_period.child,
        ceiling_exclusion_adult=line.ceiling_exclusion.adult,
        ceiling_exclusion_child=line.ceiling_exclusion.child,
    )


def _limitation(limitation: Limitation | None) -> LimitationView | None:
    if limitation is None:
        return None
    return LimitationView(
        type=limitation.type,
        adult=limitation.value(adult=True),
        child=limitation.value(adult=False),
    )

"""A product as people write it down: in a file, or in the file of a country; places and products by their codes."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from msingi_insurance.rules.terms import WrittenTerms

PlaceCode = Annotated[str, Field(min_length=1, max_length=64)]


class ProductFile(BaseModel):
    """A product with the terms of its newest version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(
        min_length=1, max_length=8, pattern=r"^[A-Z0-9_-]+$", description="Code, unique among live products"
    )
    name: str = Field(min_length=1, max_length=100, description="Name")
    place: PlaceCode = Field(description="Code of the country, region or district whose product it is")
    date_from: date = Field(description="First day on which it may be sold")
    date_to: date | None = Field(default=None, description="Last day on which it may be sold")
    conversion: str | None = Field(
        default=None, description="Code of the product that replaces it at renewal"
    )
    valid_from: date | None = Field(
        default=None, description="First day on which policies are sold under these terms"
    )
    reason: str = Field(default="", max_length=500, description="Why these terms are made")
    terms: WrittenTerms = Field(description="Everything that the product says (PRD-2 to PRD-13)")


class Wave(BaseModel):
    """Places that a product reaches together; without a first day they are only invited (TZA-07)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    places: tuple[PlaceCode, ...] = Field(min_length=1, description="Codes of the places")
    starts_on: date | None = Field(default=None, description="First day of enrolment there")


class CountryProduct(ProductFile):
    """A product of a country file; its waves are numbered from 1 in their order."""

    waves: tuple[Wave, ...] = Field(default=(), description="The waves in their order")

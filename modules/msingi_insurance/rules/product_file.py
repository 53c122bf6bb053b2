"""A product as people write it down: in a file, or in the file of a country; places and products by their codes."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from msingi_insurance.rules.terms import Terms

PlaceCode = Annotated[str, Field(min_length=1, max_length=64)]


class ProductFile(BaseModel):
    """A product with the terms of its newest version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(min_length=1, max_length=8, pattern=r"^[A-Z0-9_-]+$")
    name: str = Field(min_length=1, max_length=100)
    place: PlaceCode
    date_from: date
    date_to: date | None = None
    conversion: str | None = None
    valid_from: date | None = None
    reason: str = Field(default="", max_length=500)
    terms: Terms


class Wave(BaseModel):
    """Places that a product reaches together; without a first day they are only invited (TZA-07)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    places: tuple[PlaceCode, ...] = Field(min_length=1)
    starts_on: date | None = None


class CountryProduct(ProductFile):
    """A product of a country file; its waves are numbered from 1 in their order."""

    waves: tuple[Wave, ...] = ()

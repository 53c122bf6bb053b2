"""What callers send to add products and versions; the terms come as one JSON document, checked by its schema."""

import json
from datetime import date
from io import BytesIO
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema
from strawberry.scalars import JSON

from msingi.cases import WrongCase, read_case_file, told_apart
from msingi_insurance.errors import InvalidProductFile
from msingi_insurance.rules.product_file import ProductFile
from msingi_insurance.rules.terms import Terms, WrittenTerms


class _CheckedByTerms:
    """Tells pydantic to read a JSON document as terms, so that every problem bears its path."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(WrittenTerms)


TermsDocument = Annotated[JSON, _CheckedByTerms]
"""A JSON object on the wire, `Terms` when it was read."""


class _Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VersionDraft(_Draft):
    """A next version of a product."""

    valid_from: date = Field(description="First day on which policies are sold under it.")
    reason: str = Field(default="", max_length=500, description="Why it is made.")
    terms: TermsDocument = Field(description="The terms, as productTermsSchema says.")

    def read_terms(self) -> Terms:
        """The terms as a value."""
        return _terms(self.terms)


class ProductDraft(_Draft):
    """A new product with its first version."""

    code: str = Field(min_length=1, max_length=8, pattern=r"^[A-Z0-9_-]+$", description="Unique code.")
    name: str = Field(min_length=1, max_length=100, description="Name.")
    jurisdiction_id: UUID = Field(description="The whole country, a region or a district.")
    date_from: date = Field(description="First day on which it may be sold.")
    date_to: date | None = Field(default=None, description="Last day on which it may be sold.")
    conversion_product_id: UUID | None = Field(
        default=None, description="The product that replaces it at renewal."
    )
    reason: str = Field(default="", max_length=500, description="Why it is made.")
    terms: TermsDocument = Field(description="The terms, as productTermsSchema says.")

    def read_terms(self) -> Terms:
        """The terms as a value."""
        return _terms(self.terms)


class ProductChanges(_Draft):
    """Changes of a product outside its terms; what is left out stays."""

    name: str | None = Field(default=None, min_length=1, max_length=100, description="Name.")
    date_from: date | None = Field(default=None, description="First day on which it may be sold.")
    date_to: date | None = Field(default=None, description="Last day on which it may be sold.")
    conversion_product_id: UUID | None = Field(
        default=None, description="The product that replaces it at renewal."
    )


def read_product_file(content: bytes) -> ProductFile:
    """Read a product file.

    Raises:
        InvalidProductFile: it is not JSON, or fields are missing, unknown or not valid; each is named by its path.

    """
    try:
        return read_case_file(BytesIO(content), ProductFile)
    except WrongCase as error:
        raise InvalidProductFile(problems=told_apart(error.problems)) from error


def write_product_file(file: ProductFile) -> bytes:
    """The file of a product; reading it gives the same product (D-1)."""
    document = file.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _terms(value: Any) -> Terms:
    if not isinstance(value, Terms):
        raise TypeError("the draft was read without its schema")
    return value

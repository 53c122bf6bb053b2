"""What a facility writes down of a claim, whatever door it comes through."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.money import Money
from msingi_insurance import LineKind, VisitType

MOST_DIAGNOSES = 4


class _Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ContentDraft(_Draft):
    """What a package held."""

    kind: LineKind = Field(description="Item or service.")
    code: str = Field(min_length=1, max_length=50, description="Code in the catalogue.")
    quantity: Annotated[Decimal, Field(gt=0, le=99_999)] = Field(description="How many.")


class LineDraft(_Draft):
    """An item or a service that was given."""

    kind: LineKind = Field(description="Item or service.")
    code: str = Field(min_length=1, max_length=50, description="Code in the catalogue.")
    quantity: Annotated[Decimal, Field(gt=0, le=99_999, decimal_places=2)] = Field(description="How many.")
    price: Money = Field(description="Price of one that is asked.")
    explanation: str = Field(default="", max_length=500, description="What there is to add.")
    contents: list[ContentDraft] | None = Field(
        default=None,
        max_length=100,
        description="What it held, when it is a package; left out, it held what the register says.",
    )


class ClaimDraft(_Draft):
    """A claim as a facility writes it down; amounts are in the currency of the installation."""

    code: str = Field(min_length=1, max_length=50, description="Code, unique for ever.")
    facility_id: UUID = Field(description="The facility.")
    insuree_id: UUID | None = Field(default=None, description="The patient; or give the number.")
    insurance_number: str | None = Field(
        default=None, max_length=50, description="Insurance number of the patient."
    )
    diagnosis: str = Field(min_length=1, max_length=30, description="Code of the main diagnosis.")
    further_diagnoses: list[str] = Field(
        default=[], max_length=MOST_DIAGNOSES, description="Codes of at most four further diagnoses."
    )
    date_from: date | None = Field(default=None, description="First day of the care.")
    date_to: date | None = Field(default=None, description="Last day of the care.")
    date_claimed: date | None = Field(default=None, description="Day of the claim; today when left out.")
    visit_type: VisitType = Field(default=VisitType.OTHER, description="O other, E emergency, R referral.")
    guarantee_number: str = Field(default="", max_length=50, description="Number of the guarantee.")
    administrator: str | None = Field(
        default=None, max_length=20, description="Code of the claim administrator."
    )
    pre_authorisation: str | None = Field(
        default=None, max_length=20, description="Number of the consent given before the care."
    )
    explanation: str = Field(default="", max_length=1000, description="What the facility adds.")
    patient_condition: str = Field(default="", max_length=50, description="How the patient left.")
    refer_from_id: UUID | None = Field(default=None, description="The facility that referred the patient.")
    refer_to_id: UUID | None = Field(default=None, description="Where the patient was referred to.")
    referral_code: str = Field(default="", max_length=50, description="Number of the referral.")
    lines: list[LineDraft] = Field(max_length=1000, description="What was given, in order.")

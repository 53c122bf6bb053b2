"""What callers send to enrol families and insurees, and to correct them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi_insurance.rules.states import InsureeStatus, Relationship
from msingi_registry import PersonFields

MAX_MEMBERS = 30
"""Most members who are enrolled with a family at once."""

ListCode = Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z0-9_.-]*$")]


class Draft(BaseModel):
    """Values from a caller: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InsureeDraft(PersonFields):
    """A person to insure: registered already, or new with what is known of the person."""

    person_id: UUID | None = Field(
        default=None, description="A registered person; what else describes a person is left out then."
    )
    number: str | None = Field(
        default=None, max_length=50, description="Insurance number; left out where the scheme makes them."
    )
    relationship: Relationship | None = Field(
        default=None, description="What the insuree is to the head; left out for the head."
    )
    marital_status: ListCode = Field(default="", description="By the country's list.")
    profession: ListCode = Field(default="", description="By the country's list.")
    education: ListCode = Field(default="", description="By the country's list.")
    first_service_point_id: UUID | None = Field(default=None, description="The facility of choice.")


class FamilyDraft(Draft):
    """A family to enrol, with its head."""

    jurisdiction_id: UUID = Field(description="The village.")
    address: str = Field(default="", max_length=200, description="Where it lives, in words.")
    family_type: ListCode = Field(default="", description="Type, by the country's list.")
    poverty: bool = Field(default=False, description="Whether it is recognised as poor.")
    confirmation_type: ListCode = Field(default="", description="How that was confirmed.")
    confirmation_number: str = Field(default="", max_length=50, description="Number of the confirmation.")
    ethnicity: str = Field(default="", max_length=50, description="Only where the scheme needs it.")
    head: InsureeDraft = Field(description="The head.")
    members: list[InsureeDraft] = Field(
        default_factory=list, max_length=MAX_MEMBERS, description="Members who are enrolled with the head."
    )


class FamilyChanges(Draft):
    """Corrections of a family; what is left out stays."""

    family_type: ListCode | None = Field(default=None, description="Type, by the country's list.")
    poverty: bool | None = Field(default=None, description="Whether it is recognised as poor.")
    confirmation_type: ListCode | None = Field(default=None, description="How that was confirmed.")
    confirmation_number: str | None = Field(
        default=None, max_length=50, description="Number of the confirmation."
    )
    ethnicity: str | None = Field(default=None, max_length=50, description="Only where the scheme needs it.")


class InsureeChanges(Draft):
    """Corrections of an insuree; what is left out stays. Cover is never touched (POL-12, D-17)."""

    relationship: Relationship | None = Field(default=None, description="What the insuree is to the head.")
    marital_status: ListCode | None = Field(default=None, description="By the country's list.")
    profession: ListCode | None = Field(default=None, description="By the country's list.")
    education: ListCode | None = Field(default=None, description="By the country's list.")
    first_service_point_id: UUID | None = Field(default=None, description="The facility of choice.")
    card_issued: bool | None = Field(default=None, description="Whether a card was handed over.")


class StatusChange(Draft):
    """A new status of an insuree; inactive and dead end the cover after their day (INS-3)."""

    status: InsureeStatus = Field(description="AC, IN or DE.")
    on: date | None = Field(default=None, description="Last day of cover; needed for IN and DE.")
    reason: str = Field(default="", max_length=50, description="Why, by the country's list.")

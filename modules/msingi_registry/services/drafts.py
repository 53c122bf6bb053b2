"""What callers send to register and correct persons and households."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.clean_text import Verbatim
from msingi_registry.models.household import HouseholdRole
from msingi_registry.models.person import Sex
from msingi_registry.rules.characters import MAX_TYPED
from msingi_registry.rules.dates import MAX_AGE_YEARS
from msingi_registry.rules.names import MAX_NAME
from msingi_registry.rules.phones import MAX_PHONE

MAX_MEMBERS = 50
"""Most members of a household that are registered at once."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class Draft(BaseModel):
    """Values from a caller: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class IdentifierDraft(Draft):
    """An identifier beside the health ID."""

    type: str = Field(max_length=32, description="Code of the type, from the settings, such as national_id.")
    value: Verbatim = Field(min_length=1, max_length=MAX_TYPED, description="The value as typed or scanned.")
    location_id: UUID | None = Field(
        default=None, description="The facility that gave it, for types that need one."
    )
    assigner: str = Field(default="", max_length=200, description="Who gave it.")
    valid_from: date | None = Field(default=None, description="First day of validity.")
    valid_to: date | None = Field(default=None, description="Last day of validity.")


class PersonFields(Draft):
    """What is known of a new person."""

    given_name: str = Field(default="", max_length=MAX_NAME, description="Given names.")
    family_name: str = Field(default="", max_length=MAX_NAME, description="Family name.")
    other_names: str = Field(
        default="", max_length=MAX_NAME, description="Further names the person is known by."
    )
    sex: Sex | None = Field(default=None, description="Sex; left out when unknown.")
    birth_date: str | None = Field(
        default=None,
        max_length=20,
        description="Date of birth as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD.",
    )
    age_years: int | None = Field(
        default=None,
        ge=0,
        le=MAX_AGE_YEARS,
        description="Age in years when no date is known; makes an estimated date.",
    )
    phone: str | None = Field(default=None, max_length=MAX_PHONE, description="Telephone number.")
    other_phone: str | None = Field(
        default=None, max_length=MAX_PHONE, description="A second telephone number."
    )
    languages: list[Language] = Field(
        default_factory=list, max_length=10, description="Languages spoken, best first."
    )
    residence: str = Field(default="", max_length=200, description="Where the person lives, in words.")
    identifiers: list[IdentifierDraft] = Field(
        default_factory=list, max_length=10, description="Identifiers beside the health ID."
    )
    uhid: Verbatim | None = Field(
        default=None,
        max_length=MAX_TYPED,
        description="Health ID that a device gave out of its block (ID-2).",
    )
    mother_id: UUID | None = Field(
        default=None, description="The mother, for a child without a name of its own (ID-8)."
    )
    birth_order: int | None = Field(default=None, ge=1, le=9, description="Order in a multiple birth (ID-8).")
    acknowledged: list[UUID] = Field(
        default_factory=list,
        max_length=50,
        description="Registered persons who resemble this one and are somebody else (ID-17).",
    )


class PersonDraft(PersonFields):
    """A new person and the place of registration."""

    jurisdiction_id: UUID = Field(description="Place or facility of registration.")
    household_id: UUID | None = Field(
        default=None, description="A registered household that the person joins."
    )
    role: HouseholdRole | None = Field(
        default=None, description="What the person is in that household; it keeps its head."
    )


class MemberDraft(PersonFields):
    """A new member of a new household."""

    role: HouseholdRole = Field(description="What the member is in the household; exactly one is the head.")
    mother_member: int | None = Field(
        default=None, ge=0, description="Position of the mother among the members, from 0; she comes earlier."
    )


class HouseholdDraft(Draft):
    """A new household with its members."""

    jurisdiction_id: UUID = Field(description="Place or facility of registration.")
    address: str = Field(default="", max_length=200, description="Where it lives, in words.")
    members: list[MemberDraft] = Field(
        min_length=1, max_length=MAX_MEMBERS, description="The members, 1 to 50, one of them the head."
    )


class PersonChanges(Draft):
    """Corrections of a person; what is left out stays, an empty text or null empties the field."""

    given_name: str | None = Field(default=None, max_length=MAX_NAME, description="Given names.")
    family_name: str | None = Field(default=None, max_length=MAX_NAME, description="Family name.")
    other_names: str | None = Field(default=None, max_length=MAX_NAME, description="Further names.")
    sex: Sex | None = Field(default=None, description="Sex.")
    birth_date: str | None = Field(
        default=None, max_length=20, description="Date of birth: YYYY, YYYY-MM or YYYY-MM-DD."
    )
    age_years: int | None = Field(
        default=None, ge=0, le=MAX_AGE_YEARS, description="Age in years when no date is known."
    )
    phone: str | None = Field(default=None, max_length=MAX_PHONE, description="Telephone number.")
    other_phone: str | None = Field(
        default=None, max_length=MAX_PHONE, description="A second telephone number."
    )
    languages: list[Language] | None = Field(default=None, max_length=10, description="Languages spoken.")
    residence: str | None = Field(
        default=None, max_length=200, description="Where the person lives, in words."
    )
    birth_order: int | None = Field(default=None, ge=1, le=9, description="Order in a multiple birth (ID-8).")
    acknowledged: list[UUID] = Field(
        default_factory=list,
        max_length=50,
        description="Registered persons who resemble the corrected one and are somebody else (ID-17).",
    )

"""What callers say of facilities: validated values of the edge."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi_registry.country.description import Ownership
from msingi_registry.rules.facilities import CareType


class OpeningHours(BaseModel):
    """One opening period of a week in local time; closing not after opening means the next day (NS-2)."""

    model_config = ConfigDict(frozen=True)

    weekday: int = Field(ge=0, le=6, description="Weekday, 0 is Monday.")
    opens: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Opening time, HH:MM.")
    closes: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Closing time, HH:MM.")


class FacilityFields(BaseModel):
    """What may be said of a facility beside its name, type and place; a field left out stays as it is."""

    model_config = ConfigDict(frozen=True)

    standard_type: str | None = Field(default=None, max_length=100, description="Type that countries share.")
    tier: int | None = Field(default=None, ge=1, le=9, description="Level of care, 1 is the lowest.")
    ownership: Ownership | None = Field(default=None, description="Who owns it.")
    legal_form: str | None = Field(default=None, max_length=100, description="Legal form of the owner.")
    care_type: CareType | None = Field(default=None, description="Inpatient, outpatient or both.")
    latitude: Decimal | None = Field(default=None, description="Degrees north (WGS 84).")
    longitude: Decimal | None = Field(default=None, description="Degrees east (WGS 84).")
    coordinate_source: str | None = Field(default=None, max_length=100, description="How it was found.")
    beds: int | None = Field(default=None, ge=0, le=100_000, description="Beds.")
    opened_on: date | None = Field(default=None, description="First day.")
    opening_hours: list[OpeningHours] | None = Field(
        default=None, max_length=50, description="Hours of a week."
    )
    services: list[str] | None = Field(default=None, max_length=200, description="Codes of all its services.")


class FacilityInput(FacilityFields):
    """A new facility."""

    name: str = Field(min_length=1, max_length=200, description="Name.")
    place_id: UUID = Field(description="The administrative place in which it lies.")
    type: str = Field(min_length=1, max_length=100, description="Type in the words of the country.")


class FacilityChanges(FacilityFields):
    """Corrections of a facility; a field left out stays as it is, a null empties it."""

    name: str | None = Field(default=None, min_length=1, max_length=200, description="Name.")
    place_id: UUID | None = Field(default=None, description="The administrative place in which it lies.")
    type: str | None = Field(default=None, min_length=1, max_length=100, description="Type.")

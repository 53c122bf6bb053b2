"""What callers say of entries: validated values of the edge."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.money import Money
from msingi_catalogue.rules.kinds import (
    ItemType,
    PackageType,
    PriceListKind,
    ServiceCategory,
    ServiceLevel,
    ServiceType,
)
from msingi_registry import CareType

CODE_PATTERN = r"^[A-Z0-9][A-Z0-9 ._/:#+()-]*$"


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True)


class Names(_Input):
    """The names of an entry; the one that is missing is taken from the other."""

    name_fr: str | None = Field(default=None, max_length=250, description="Name in French.")
    name_en: str | None = Field(default=None, max_length=250, description="Name in English.")


class Terms(Names):
    """The terms that items and services share; a field left out stays as it is."""

    price: Money | None = Field(default=None, description="Catalogue price; 0 is free.")
    care_type: CareType | None = Field(default=None, description="In-patients, out-patients or both.")
    frequency_days: int | None = Field(
        default=None,
        ge=0,
        le=36_500,
        description="Days between two of them for one patient; null is no limit.",
    )
    patient_mask: int | None = Field(
        default=None, ge=0, le=15, description="Male 1, female 2, adult 4, child 8; 15 or 0 is everybody."
    )
    valid_from: date | None = Field(
        default=None,
        description="First day of the new terms, today when left out; a new entry may begin earlier.",
    )


class ItemChanges(Terms):
    """Corrections and new terms of an item; a field left out stays as it is."""

    type: ItemType | None = Field(default=None, description="Drug, or prosthesis and consumable.")
    package: str | None = Field(default=None, max_length=250, description="What one unit is.")
    max_quantity: Decimal | None = Field(
        default=None,
        gt=0,
        lt=10**9,
        decimal_places=2,
        description="Most units on one line; null is no limit.",
    )


class ItemInput(ItemChanges):
    """A new item."""

    code: str = Field(pattern=CODE_PATTERN, max_length=30, description="Code that nothing else bears.")


class ContentKind(StrEnum):
    """What stands in a package."""

    ITEM = "I"
    SERVICE = "S"


class ContentInput(_Input):
    """Something that a package contains."""

    kind: ContentKind = Field(description="Item or service.")
    code: str = Field(max_length=30, description="Its code.")
    quantity: Decimal = Field(gt=0, lt=10**9, decimal_places=2, description="How many.")
    price: Money = Field(description="Price of one inside the package.")


class ServiceChanges(Terms):
    """Corrections and new terms of a service; a field left out stays as it is."""

    type: ServiceType | None = Field(default=None, description="Preventive or curative.")
    package_type: PackageType | None = Field(default=None, description="Simple, fixed or priced package.")
    manual_price: bool | None = Field(
        default=None, description="Whether the facility states the price itself."
    )
    level: ServiceLevel | None = Field(default=None, description="Simple, visit, day of stay, hospital case.")
    category: ServiceCategory | None = Field(default=None, description="What it makes of a claim.")
    max_amount: Money | None = Field(default=None, description="Most that one may cost; null is no limit.")
    contents: list[ContentInput] | None = Field(
        default=None, max_length=200, description="All that the package contains from that day on."
    )


class ServiceInput(ServiceChanges):
    """A new service."""

    code: str = Field(pattern=CODE_PATTERN, max_length=30, description="Code that nothing else bears.")


class DiagnosisChanges(Names):
    """Corrections of a diagnosis; a field left out stays as it is."""

    classification: str | None = Field(default=None, max_length=30, description="Classification, as ICD-10.")
    classification_version: str | None = Field(default=None, max_length=30, description="Its edition.")
    valid_from: date | None = Field(default=None, description="First day of a new diagnosis.")


class DiagnosisInput(DiagnosisChanges):
    """A new diagnosis."""

    code: str = Field(pattern=CODE_PATTERN, max_length=30, description="Code that nothing else bears.")


class PriceListChanges(_Input):
    """Corrections of a price list; a field left out stays as it is."""

    name: str | None = Field(default=None, min_length=1, max_length=250, description="Name.")
    dated: date | None = Field(default=None, description="Day on which it was published.")
    valid_to: date | None = Field(default=None, description="Last day of the whole list; null without end.")


class PriceListInput(PriceListChanges):
    """A new price list; name and date are needed."""

    code: str = Field(pattern=CODE_PATTERN, max_length=30, description="Code that no other list bears.")
    kind: PriceListKind = Field(description="Whether it prices items, services or both.")
    place_id: UUID = Field(description="The place whose authorities decide on it.")
    valid_from: date | None = Field(default=None, description="First day of the list, today when left out.")


class PricedKind(StrEnum):
    """What a line of a price list prices."""

    ITEM = "item"
    SERVICE = "service"


class PriceLineInput(_Input):
    """A line of a price list."""

    kind: PricedKind = Field(description="Item or service.")
    code: str = Field(max_length=30, description="Code of the item or service.")
    price_override: Money | None = Field(
        default=None, description="Its own price, 0 is free; null takes the catalogue price."
    )


def kinds_priced(kind: PriceListKind) -> frozenset[PricedKind]:
    """What a list of this kind prices."""
    match kind:
        case PriceListKind.ITEMS:
            return frozenset({PricedKind.ITEM})
        case PriceListKind.SERVICES:
            return frozenset({PricedKind.SERVICE})
        case PriceListKind.BOTH:
            return frozenset(PricedKind)

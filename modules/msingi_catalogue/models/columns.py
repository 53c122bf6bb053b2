"""Columns that several registers share: what an entry is called, and how long it holds."""

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from msingi.types import Scaled
from msingi_registry import CareType

CODE_LENGTH = 30
NAME_LENGTH = 250
QUANTITY_PLACES = 2
"""Decimals of a quantity."""


class Interval:
    """The days on which a row holds, both included."""

    valid_from: Mapped[date] = mapped_column(sort_order=80, doc="First day on which it holds.")
    valid_to: Mapped[date | None] = mapped_column(
        sort_order=81, doc="Last day on which it holds; empty while no end is known."
    )


class Named:
    """A code that never changes, a name in both languages, and where the entry comes from."""

    code: Mapped[str] = mapped_column(
        String(CODE_LENGTH), unique=True, sort_order=-9, doc="Unique code; never given to anything else."
    )
    name_fr: Mapped[str] = mapped_column(String(NAME_LENGTH), sort_order=-8, doc="Name in French.")
    name_en: Mapped[str] = mapped_column(String(NAME_LENGTH), sort_order=-8, doc="Name in English.")
    search_text: Mapped[str] = mapped_column(
        String(4 * NAME_LENGTH), sort_order=-7, doc="Folded words of both names, each after a space."
    )
    source: Mapped[str] = mapped_column(
        String(100),
        default="",
        sort_order=70,
        doc="The list it was read from; demonstration for data that only serve a demonstration.",
    )


class CareTerms:
    """What decides whether and at what price an item or a service is paid; past terms stay reproducible."""

    currency: Mapped[str] = mapped_column(String(3), sort_order=20, doc="Currency of the amounts (ISO 4217).")
    price_minor: Mapped[int] = mapped_column(BigInteger, sort_order=21, doc="Catalogue price; 0 is free.")
    care_type: Mapped[CareType] = mapped_column(
        sort_order=22, doc="Given to in-patients, out-patients or both (check 10)."
    )
    frequency_days: Mapped[int | None] = mapped_column(
        sort_order=23, doc="Days that lie between two of them for one patient; empty without limit (check 5)."
    )
    patient_mask: Mapped[int] = mapped_column(
        default=15,
        sort_order=24,
        doc="Who gets it: male 1, female 2, adult 4, child 8; 15 or 0 is everybody.",
    )


class ItemTerms(CareTerms):
    """The terms of an item."""

    max_quantity: Mapped[Decimal | None] = mapped_column(
        Scaled(QUANTITY_PLACES), sort_order=25, doc="Most units on one claim line; empty without limit."
    )

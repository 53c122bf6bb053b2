"""Table of households."""

from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped, Versioned


class HouseholdRole(StrEnum):
    """What a member is in the household."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    RELATIVE = "relative"
    OTHER = "other"


class Household(Scoped, Versioned, Model):
    """People who live together under one head, who is the member marked so; insured families are households too."""

    __tablename__ = "registry_household"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "code"),)

    code: Mapped[str] = mapped_column(
        String(20), index=True, doc="Code of the household: H, ten digits, two check digits."
    )
    address: Mapped[str] = mapped_column(
        String(200), default="", doc="Where it lives, in words: quarter, village, landmark."
    )

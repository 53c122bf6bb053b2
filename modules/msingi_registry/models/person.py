"""Tables of persons: the record, the words they are found by, and the decisions about pairs."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.indexes import index_where_set
from msingi.types import Document, SealedText
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.rules.dates import BirthDate, DatePrecision
from msingi_registry.rules.names import MAX_NAME


class Sex(StrEnum):
    """Sex of a person; unknown is left empty."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class PersonStatus(StrEnum):
    """Whether a record carries on, or was merged into another one."""

    ACTIVE = "active"
    MERGED = "merged"


class Person(Scoped, Versioned, Model):
    """A person, registered once for all modules; the place is the one of registration and never changes."""

    __tablename__ = "registry_person"
    __table_args__ = (
        Index("ix_registry_person_household_id", "household_id"),
        index_where_set("registry_person", "mother_id"),
        Index("ix_registry_person_family_name_id", "family_name", "id"),
    )

    given_name: Mapped[str] = mapped_column(String(MAX_NAME), doc="Given names; empty when there is none.")
    family_name: Mapped[str] = mapped_column(String(MAX_NAME), doc="Family name; empty when there is none.")
    other_names: Mapped[str] = mapped_column(
        String(MAX_NAME), default="", doc="Further names the person is known by."
    )
    sex: Mapped[Sex | None] = mapped_column(doc="Sex, empty when unknown.")
    birth_date: Mapped[date | None] = mapped_column(
        doc="Date of birth; what its precision does not know stands as 1."
    )
    birth_precision: Mapped[DatePrecision | None] = mapped_column(
        doc="How exactly the date of birth is known."
    )
    death_date: Mapped[date | None] = mapped_column(doc="Date of death, empty for the living.")
    phone: Mapped[str | None] = mapped_column(SealedText, doc="Telephone number, international form.")
    other_phone: Mapped[str | None] = mapped_column(SealedText, doc="A second telephone number.")
    languages: Mapped[list[str]] = mapped_column(
        Document, default=list, doc="Languages spoken, ISO 639 codes, best first."
    )
    residence: Mapped[str] = mapped_column(
        String(200), default="", doc="Where the person lives, in words: quarter, village, landmark."
    )
    household_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registry_household.id"), doc="The household the person belongs to."
    )
    household_role: Mapped[HouseholdRole | None] = mapped_column(doc="What the person is in the household.")
    is_head: Mapped[bool] = mapped_column(default=False, doc="Whether the person heads the household.")
    mother_id: Mapped[UUID | None] = mapped_column(ForeignKey("registry_person.id"), doc="The mother (ID-8).")
    birth_order: Mapped[int | None] = mapped_column(doc="Order in a multiple birth, from 1 (ID-8).")
    synthetic: Mapped[bool] = mapped_column(default=False, doc="Whether the person is made up.")
    status: Mapped[PersonStatus] = mapped_column(
        default=PersonStatus.ACTIVE, doc="Whether the record carries on or was merged."
    )
    replaced_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registry_person.id"), doc="The record that carries on after a merge (ID-3)."
    )

    household: Mapped[Household | None] = relationship(lazy="raise")
    mother: Mapped["Person | None"] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[mother_id], remote_side="Person.id"
    )

    @property
    def birth(self) -> BirthDate | None:
        """The date of birth together with its precision."""
        return birth_of(self.birth_date, self.birth_precision)


def birth_of(value: date | None, precision: DatePrecision | None) -> BirthDate | None:
    """The stored date of birth as one value."""
    return None if value is None else BirthDate(value, precision or DatePrecision.DAY)


class IndexKind(StrEnum):
    """What the value of a search key is; one letter, because there are several per person."""

    WORD = "w"
    PHONE = "p"
    PAIR = "n"
    BIRTH = "d"


class PersonSearchKey(Model):
    """What a person is found by: words of the names, blind-indexed phones, and keys of likely duplicates.

    An index that can be rebuilt. Both of its B-trees hold whole rows: from a value to its persons, already
    with year and place, and from a person to its values. Scope is applied by the searching service.
    """

    __tablename__ = "registry_search_key"
    __audited__ = False
    __table_args__ = (
        Index("ix_registry_search_key_lookup", "kind", "value", "birth_year", "jurisdiction_id", "person_id"),
        ForeignKeyConstraint(["person_id"], ["registry_person.id"], name="fk_registry_search_key_person"),
    )

    id = None  # type: ignore[assignment]  # the key is the row
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[IndexKind] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(100), primary_key=True)
    birth_year: Mapped[int | None]
    jurisdiction_id: Mapped[UUID]


class NameWord(Model):
    """How each word that occurs in names sounds; small, because words repeat. An index that can be rebuilt."""

    __tablename__ = "registry_name_word"
    __audited__ = False
    __table_args__ = (
        Index("ix_registry_name_word_lookup", "kind", "value", "word"),
        Index("ix_registry_name_word_word", "word"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(100))
    word: Mapped[str] = mapped_column(String(100))


class DuplicateDecision(Scoped, Model):
    """A human said that two records which resemble each other are two persons (ID-17)."""

    __tablename__ = "registry_duplicate_decision"
    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "person_id", "other_id"),
        Index("ix_registry_duplicate_decision_other_id", "other_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("registry_person.id"), doc="The later record.")
    other_id: Mapped[UUID] = mapped_column(ForeignKey("registry_person.id"), doc="The earlier record.")
    grade: Mapped[str] = mapped_column(String(20), doc="How alike the records were, as a match grade.")
    points: Mapped[int] = mapped_column(doc="Points of the comparison.")
    reasons: Mapped[list[str]] = mapped_column(Document, doc="What spoke for and against one person.")
    decided_at: Mapped[datetime] = mapped_column(doc="When it was decided.")
    decided_by: Mapped[UUID | None] = mapped_column(doc="Who decided; empty for the system.")

"""A plugin with every kind of hidden field, for the tests of the audit trail."""

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi import DomainError, Model, Plugin, Scoped, Versioned
from msingi.db import Database
from msingi.types import SealedText

plugin = Plugin("trialaudit")
SEE = plugin.permission("see", "See trial persons", sensitive=True)
COUNT = plugin.permission("count", "Count trial persons")


class TrialPerson(Versioned, Scoped, Model):
    """A record with every kind of hidden field."""

    __tablename__ = "trialaudit_person"

    state: Mapped[str] = mapped_column(String(20), default="new", doc="How far it is.")
    visits: Mapped[int | None] = mapped_column(doc="How often it came.")
    phone: Mapped[str | None] = mapped_column(SealedText)
    name: Mapped[str | None] = mapped_column(String(100), info={"personal": True})
    pin: Mapped[str | None] = mapped_column(String(100), info={"secret": True})
    notes: Mapped[list["TrialNote"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class TrialNote(Model):
    """A part of a person, removed with it."""

    __tablename__ = "trialaudit_note"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("trialaudit_person.id"))
    text: Mapped[str]


class TrialLog(Model):
    """A table that is itself a log."""

    __tablename__ = "trialaudit_log"
    __audited__ = False

    text: Mapped[str]


class TooLate(DomainError):
    """A refusal of the trial."""

    code = "trialaudit.too_late"
    template = "Too late for {name}."


def create_tables(database: Database) -> None:
    tables = [model.__table__ for model in (TrialPerson, TrialNote, TrialLog)]
    Model.metadata.create_all(database.write, tables=tables)  # type: ignore[arg-type]

"""Garden: a small plugin that uses every part of the contract, for the tests of the core."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ForeignKey, Select, String, literal, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi import DomainError, Event, Model, Money, Plugin, PluginSettings, Scoped, Versioned, Work, hookspec
from msingi.reports import Rows, counted, money
from msingi.types import money_columns


class Settings(PluginSettings):
    """Settings of the garden."""

    tallest: int = Field(default=30, ge=1, le=100, description="Height of the tallest tree, in metres")


plugin = Plugin("garden", settings=Settings)

READ = plugin.permission("read", "See trees and their owners")
SECRET = plugin.permission("read_secret", "See where the treasure is", sensitive=True)
PLANT = plugin.permission("plant", "Plant and fell trees")


class Kind(StrEnum):
    """Kind of a tree."""

    MANGO = "mango"
    PALM = "palm"


class Owner(Model):
    """Somebody who owns trees."""

    __tablename__ = "garden_owner"

    name: Mapped[str] = mapped_column(String(50), unique=True, doc="Name of the owner.")


class Tree(Scoped, Versioned, Model):
    """A tree in a jurisdiction."""

    __tablename__ = "garden_tree"

    label: Mapped[str] = mapped_column(String(50), doc="Label on the trunk.")
    kind: Mapped[Kind] = mapped_column(doc="What grows on it.")
    planted: Mapped[date | None] = mapped_column(doc="Day of planting.")
    treasure: Mapped[str | None] = mapped_column(String(50), doc="What is buried below.")
    worth: Mapped[Money | None] = money_columns("worth", doc="What it would sell for.")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("garden_owner.id"), index=True, doc="The owner.")
    owner: Mapped[Owner | None] = relationship(lazy="raise")


class Note(Model):
    """What the garden wrote down when something happened."""

    __tablename__ = "garden_note"

    text: Mapped[str] = mapped_column(String(200), doc="The note.")


@plugin.event
class TreePlanted(Event):
    """A tree was planted."""

    tree_id: UUID
    label: str


class Overgrown(DomainError):
    """The label is already on another tree."""

    code = "garden.overgrown"
    template = "Another tree is called {label}."


class GardenHooks(Protocol):
    """What the garden asks."""

    @hookspec
    def greet_tree(self, label: str) -> str:
        """Say hello to a new tree."""


plugin.hooks(GardenHooks)


@plugin.answer
def greet_tree(label: str) -> str:
    """Greet politely."""
    return f"hello {label}"


plugin.expose(Owner, "id", "name", allow=READ)
plugin.expose(
    Tree,
    "id",
    "label",
    "kind",
    "planted",
    "treasure",
    "worth",
    "owner",
    "version",
    allow=READ,
    guarded={"treasure": SECRET},
)


class TreeInput(BaseModel):
    """What a new tree needs."""

    label: str = Field(min_length=2, max_length=50, description="Label, 2 to 50 characters.")
    kind: Kind = Field(description="Kind of tree.")
    jurisdiction_id: UUID = Field(description="Where it stands.")
    planted: date | None = Field(default=None, description="Day of planting.")
    owner_id: UUID | None = Field(default=None, description="Its owner.")
    worth: Money | None = Field(default=None, description="What it would sell for.")


@plugin.connection(Tree, allow=READ, where=("label", "kind", "planted"), order=("label", "kind", "id"))
def trees(work: Work, *, undated: bool = False) -> Select[Tree]:
    """Trees, or only those without a day of planting."""
    statement = select(Tree)
    return statement.where(Tree.planted.is_(None)) if undated else statement


@plugin.connection(Owner, allow=READ, order=("name",))
def owners(work: Work) -> Select[Owner]:
    """Owners of trees."""
    return select(Owner)


@plugin.report(
    "trees",
    title="Trees planted",
    allow=READ,
    by={"kind": "Kind of tree"},
    sums=[counted("trees", "Trees"), money("worth", "Worth")],
)
def trees_planted(work: Work) -> Rows:
    """One row per tree that has a day of planting."""
    return select(
        Tree.jurisdiction_id.label("place_id"),
        Tree.planted.label("day"),
        Tree.kind.label("kind"),
        literal(1).label("trees"),
        Tree.__table__.c.worth_minor.label("worth"),
    ).where(Tree.planted.is_not(None))


@plugin.query(allow=READ)
def tree(work: Work, id: UUID) -> Tree | None:  # noqa: A002 - the name that callers see
    """One tree."""
    return work.find(Tree, id)


@plugin.mutation(allow=PLANT)
def plant_tree(work: Work, input: TreeInput) -> Tree:  # noqa: A002 - the name that callers see
    """Plant a tree."""
    if work.session.scalar(select(Tree.id).where(Tree.label == input.label)):
        raise Overgrown(label=input.label)
    planted = work.add(Tree(**dict(input)))
    work.session.flush()
    work.emit(TreePlanted(tree_id=planted.id, label=planted.label))
    return planted


@plugin.mutation(allow=PLANT)
def welcome_owner(work: Work, name: str) -> Owner:
    """Write down somebody who owns trees."""
    if work.session.scalar(select(Owner.id).where(Owner.name == name)):
        raise Overgrown(label=name)
    return work.add(Owner(name=name))


@plugin.mutation(allow=PLANT)
def relabel_tree(work: Work, id: UUID, label: str, expected_version: int) -> Tree:  # noqa: A002
    """Change the label of a tree."""
    found = work.get(Tree, id, expected_version=expected_version)
    found.label = label
    return found


@plugin.extend(Owner, allow=READ)
def trees_owned(owners: Sequence[Owner], work: Work) -> dict[UUID, list[Tree]]:
    """Trees of this owner."""
    return work.children(Tree.owner_id, owners)


@plugin.extend(Tree, allow=READ)
def shade(trees: Sequence[Tree], work: Work, hour: int = 12) -> dict[UUID, int]:
    """Shade in metres at an hour of the day; a palm at midnight breaks it."""
    if hour == 0:
        raise ZeroDivisionError
    return {tree.id: hour * len(tree.label) for tree in trees}


@plugin.on(TreePlanted)
def note_tree(event: TreePlanted, work: Work) -> None:
    """Write the greeting down, in the same transaction."""
    for greeting in work.ask(GardenHooks.greet_tree)(label=event.label):
        work.add(Note(text=greeting))


@plugin.after(TreePlanted)
def water_tree(event: TreePlanted, work: Work) -> None:
    """Water the tree after the commit."""
    work.add(Note(text=f"watered {event.label}"))

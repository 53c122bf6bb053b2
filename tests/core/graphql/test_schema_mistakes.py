"""What an author gets wrong in a schema stops the start with its place and the way out, in French too."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import garden
import pytest
from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi import PUBLIC, Model, Money, Plugin, Work
from msingi.cli.speech import Speech
from msingi.errors import ConfigurationError
from msingi.graphql.schema import build_schema
from msingi.platform import Platform
from msingi.trial import small_profile
from msingi.types import Document, money_columns


class Orchard(Model):
    """A place of many trees."""

    __tablename__ = "mistake_orchard"

    size: Mapped[int | None] = mapped_column(doc="Its size.")
    bare: Mapped[int | None]
    map: Mapped[dict[str, Any] | None] = mapped_column(Document, doc="Where its trees stand.")
    rent: Mapped[Money | None] = money_columns("rent", doc="What it costs.")
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("garden_note.id"), doc="What was written of it.")
    note: Mapped[garden.Note | None] = relationship(lazy="raise")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("garden_owner.id"), doc="Its owner.")


def _no_answer(plugin: Plugin[Any]) -> None:
    @plugin.query(allow=PUBLIC)
    def fruit(work: Work):  # type: ignore[no-untyped-def]  # noqa: ANN202
        """Fruit."""


def _no_sentence(plugin: Plugin[Any]) -> None:
    @plugin.query(allow=PUBLIC)
    def fruit(work: Work) -> int:
        return 1


def _no_mapping(plugin: Plugin[Any]) -> None:
    @plugin.extend(garden.Tree, allow=garden.READ)  # type: ignore[type-var]
    def fruit(trees: Sequence[garden.Tree], work: Work) -> list[int]:
        """Fruit."""
        return []


def _of_what_is_not_exposed(plugin: Plugin[Any]) -> None:
    @plugin.extend(garden.Note, allow=garden.READ)
    def fruit(notes: Sequence[garden.Note], work: Work) -> dict[UUID, int]:
        """Fruit."""
        return {}


def _towards_what_is_not_exposed(plugin: Plugin[Any]) -> None:
    plugin.expose(Orchard, "id", "note", allow=garden.READ)


def _not_described(plugin: Plugin[Any]) -> None:
    plugin.expose(Orchard, "id", "bare", allow=garden.READ)


def _order_that_may_be_empty(plugin: Plugin[Any]) -> None:
    _listed(plugin, "size", order=("size",))


def _filter_of_two_columns(plugin: Plugin[Any]) -> None:
    _listed(plugin, "rent", where=("rent",))


def _filter_that_cannot_be(plugin: Plugin[Any]) -> None:
    _listed(plugin, "map", where=("map",))


def _listed(
    plugin: Plugin[Any], field: str, *, where: Sequence[str] = (), order: Sequence[str] = ("id",)
) -> None:
    plugin.expose(Orchard, "id", field, allow=garden.READ)

    @plugin.connection(Orchard, allow=garden.READ, where=where, order=order)
    def orchards(work: Work) -> Select[Orchard]:
        """Orchards."""
        return select(Orchard)


MISTAKES: Sequence[tuple[Callable[[Plugin[Any]], None], str, str]] = [
    (
        _no_answer,
        "farm.fruit: say what it returns; the answer's type is part of the schema.",
        "farm.fruit : dites ce qu'elle rend ; le type de la réponse fait partie du schéma.",
    ),
    (
        _no_sentence,
        "fruit: add a docstring; it is the description in the schema.",
        "fruit : ajoutez une docstring ; c'est la description dans le schéma.",
    ),
    (
        _no_mapping,
        "farm.fruit: an extension returns dict[UUID, value], keyed by the parent's id.",
        "farm.fruit : une extension rend dict[UUID, value], selon l'identifiant du parent.",
    ),
    (
        _of_what_is_not_exposed,
        "farm.fruit extends Note, which no enabled plugin exposes.",
        "farm.fruit étend Note, qu'aucun greffon activé n'expose.",
    ),
    (
        _towards_what_is_not_exposed,
        "Orchard.note: Note is not exposed; expose it with the fields that it shows.",
        "Orchard.note : Note n'est pas exposé ; exposez-le avec les champs qu'il montre.",
    ),
    (
        _not_described,
        "Orchard.bare is exposed but not described: add doc='...' to its column.",
        "Orchard.bare est exposé sans être décrit : ajoutez doc='...' à sa colonne.",
    ),
    (
        _order_that_may_be_empty,
        f"{__name__}.orchards: size may be empty and cannot be an order.",
        f"{__name__}.orchards : size peut être vide et ne peut pas servir de tri.",
    ),
    (
        _filter_of_two_columns,
        f"{__name__}.orchards: rent is not one column; callers cannot filter or sort by it.",
        f"{__name__}.orchards : rent n'est pas une seule colonne ; les appelants ne peuvent ni filtrer ni trier par lui.",
    ),
    (
        _filter_that_cannot_be,
        f"{__name__}.orchards: map holds values that cannot be filtered.",
        f"{__name__}.orchards : map contient des valeurs qui ne peuvent pas être filtrées.",
    ),
]


@pytest.mark.rule("X-01")
@pytest.mark.parametrize(
    ("mistake", "english", "french"), MISTAKES, ids=[mistake.__name__ for mistake, *_ in MISTAKES]
)
def test_a_mistake_is_told_with_its_place(
    mistake: Callable[[Plugin[Any]], None], english: str, french: str
) -> None:
    plugin = Plugin("farm", requires=["garden"])
    mistake(plugin)
    platform = Platform(small_profile(modules=["garden", "farm"]), plugins=[garden.plugin, plugin])

    with pytest.raises(ConfigurationError) as refused:
        build_schema(platform)

    assert str(refused.value) == english
    assert Speech("fr").refusal(refused.value) == french

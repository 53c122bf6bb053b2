"""A type that no schema can show stops the start with the place where it stands, not with a library's own words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import garden
import pytest

from msingi import PUBLIC, Plugin, Work
from msingi.errors import ConfigurationError
from msingi.graphql.schema import build_schema
from msingi.platform import Platform
from msingi.trial import small_profile


@dataclass(frozen=True)
class Stay:
    """How long somebody stayed."""

    length: timedelta


@dataclass(frozen=True)
class Visit:
    """That somebody came."""

    guest: str


def _platform(plugin: Plugin[Any]) -> Platform:
    return Platform(small_profile(modules=["garden", plugin.name]), plugins=[garden.plugin, plugin])


def _answering(hint: object) -> Plugin[Any]:
    plugin = Plugin("inn", requires=["garden"])
    plugin.query(allow=PUBLIC)(_typed({"return": hint}))
    return plugin


def _asking(hint: object) -> Plugin[Any]:
    plugin = Plugin("inn", requires=["garden"])
    plugin.query(allow=PUBLIC)(_typed({"wish": hint, "return": str}))
    return plugin


def _typed(hints: dict[str, object]) -> Callable[..., Any]:
    def stay(work: Work, wish: object = None) -> object:
        """Stay for the night."""
        return None

    def rest(work: Work) -> object:
        """Rest for the night."""
        return None

    function: Callable[..., Any] = stay if "wish" in hints else rest
    function.__annotations__ = {"work": Work, **hints}
    return function


def _refusal(plugin: Plugin[Any]) -> str:
    with pytest.raises(ConfigurationError) as refused:
        build_schema(_platform(plugin))
    return str(refused.value)


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        (timedelta, "timedelta"),
        (object, "object"),
        (set[int], "set[int]"),
        (list[timedelta], "timedelta"),
        (timedelta | None, "timedelta"),
        (Iterator[int], "collections.abc.Iterator[int]"),
        (Literal["bed"], "typing.Literal['bed']"),
    ],
)
def test_an_unknown_type_is_told_with_plugin_and_operation(hint: object, told: str) -> None:
    known = "What it can: str, int, float, bool,"

    assert _refusal(_answering(hint)).startswith(
        f"GraphQL: “inn.rest” has the type {told}, which no schema can show. {known}"
    )
    assert _refusal(_asking(hint)).startswith(
        f"GraphQL: “inn.stay(wish)” has the type {told}, which no schema can show. {known}"
    )


def test_an_unknown_type_within_an_answer_is_told_with_its_field() -> None:
    assert _refusal(_answering(Stay)).startswith("GraphQL: “inn.rest (Stay.length)” has the type timedelta,")


def test_a_dictionary_is_an_answer_and_no_argument() -> None:
    assert "rest: JSON" in build_schema(_platform(_answering(dict[str, int]))).as_str()
    assert _refusal(_asking(dict[str, int])).startswith(
        "GraphQL: “inn.stay(wish)” has the type dict[str, int],"
    )


def test_a_tuple_is_a_list_of_one_type() -> None:
    assert "rest: [Int!]!" in build_schema(_platform(_answering(tuple[int, ...]))).as_str()
    assert _refusal(_answering(tuple[int, str])).startswith(
        "GraphQL: “inn.rest” has the type tuple[int, str]; a tuple is a list of one type"
    )


def test_only_an_answer_may_be_one_of_several_objects() -> None:
    assert (
        "union VisitOwner = Visit | Owner"
        in build_schema(_platform(_answering(Visit | garden.Owner))).as_str()
    )
    assert _refusal(_answering(Visit | int | None)).startswith(
        "GraphQL: “inn.rest” may be of several types: Visit, int."
    )
    assert _refusal(_asking(Visit | Stay)).startswith(
        "GraphQL: “inn.stay(wish)” may be of several types: Visit, Stay."
    )


def test_a_type_that_the_file_does_not_import_is_named() -> None:
    assert _refusal(_answering("Pillow | None")).startswith(
        "GraphQL: “inn.rest” names the type Pillow, which its file does not import."
    )


def test_an_argument_without_a_type_is_named() -> None:
    plugin = Plugin("inn", requires=["garden"])
    stay = _typed({"wish": str, "return": str})
    del stay.__annotations__["wish"]
    plugin.query(allow=PUBLIC)(stay)

    assert _refusal(plugin) == (
        "GraphQL: “inn.stay(wish)” has no type; write it beside the name, as in text: str."
    )


def test_the_parents_of_an_extension_need_no_type() -> None:
    plugin = Plugin("inn", requires=["garden"])

    @plugin.extend(garden.Owner, allow=garden.READ)
    def nights(owners, work: Work, year: int = 2026) -> dict[UUID, int]:  # type: ignore[no-untyped-def]  # noqa: ANN001
        """Nights of this guest."""
        return {owner.id: year for owner in owners}

    assert "nights(year: Int! = 2026): Int" in build_schema(_platform(plugin)).as_str()


def test_an_extension_answers_with_a_known_type() -> None:
    plugin = Plugin("inn", requires=["garden"])

    @plugin.extend(garden.Owner, allow=garden.READ)
    def stays(owners: Sequence[garden.Owner], work: Work) -> dict[UUID, timedelta]:
        """How long this guest stayed."""
        return {}

    assert _refusal(plugin).startswith("GraphQL: “inn.stays” has the type timedelta,")

"""Random documents over random, often faulty, data: the same data and errors as the stock executor."""

import datetime as dt
import json
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any, NewType
from uuid import UUID

import pytest
import strawberry
from graphql import GraphQLError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from strawberry.extensions import DisableValidation, ParserCache
from strawberry.permission import BasePermission
from strawberry.scalars import JSON
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from tests.core.graphql.random_documents import ROOTS, document

from msingi.graphql.asked import asked_of
from msingi.graphql.batch import argument, batch_field
from msingi.graphql.executor import MsingiExecutionContext
from msingi.graphql.pages import RowPage

# The schema: each kind of field that the executor treats differently.


@strawberry.enum
class Mood(Enum):
    GLAD = "glad"
    SAD = "sad"


Odd = NewType("Odd", object)


def serialize_odd(value: Any) -> Any:
    if value == "refused":
        raise ValueError("odd value")
    return None if value == "nothing" else [value]


class IsAllowed(BasePermission):
    message = "not allowed"

    def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:  # noqa: ARG002
        return bool(getattr(source, "alive", False))


def answered(name: str) -> Callable[[Sequence[Any], strawberry.Info, dict[str, Any]], Mapping[Any, Any]]:
    def batch(parents: Sequence[Any], info: strawberry.Info, kwargs: dict[str, Any]) -> Mapping[Any, Any]:
        answers = info.context[name]
        if isinstance(answers, Exception):
            raise answers
        asked = asked_of(info._raw_info)
        mine = {parent.id: narrowed(answers[parent.id], asked) for parent in parents if parent.id in answers}
        if name == "buddy":
            return {key: one[0] if isinstance(one, RowPage) else one for key, one in mine.items()}
        return mine if name != "circle" else {key: some[: kwargs["n"]] for key, some in mine.items()}

    return batch


def narrowed(value: Any, asked: frozenset[str] | None) -> Any:
    """Rows with no more columns than are asked for."""
    if not isinstance(value, RowPage) or asked is None:
        return value
    kept = [name for name in value.columns if name in asked | {"id"}]
    places = [value.columns.index(name) for name in kept]
    return RowPage(kept, [tuple(row[place] for place in places) for row in value.rows])


@strawberry.type
class Stone:
    weight: int | None

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return getattr(value, "weight", None) is not None


@strawberry.type
class Person:
    id: UUID
    name: str
    nick: str | None
    key: strawberry.ID | None
    age: int | None
    height: float | None
    is_alive: bool = strawberry.field(name="alive")
    born_on: dt.date | None
    seen_at: dt.datetime | None
    net_worth: Decimal | None
    mood: Mood | None
    strict_mood: Mood
    odd: Odd | None
    blob: JSON | None
    tags: list[str] | None
    grades: list[list[int] | None]
    best: "Person | None"
    master: "Person"
    friends: "list[Person | None] | None"
    team: "list[Person]"
    stone: Stone | None
    thing: "Person | Stone | None"
    shielded: str | None = strawberry.field(permission_classes=[IsAllowed])

    @strawberry.field
    def loud(self, times: int = 1) -> str:
        return self.name.upper() * times

    @strawberry.field
    def chief(self) -> "Person | None":
        return self.best


EXTENSIONS = (
    batch_field(answered("score"), name="score", type_=int | None, reads=()),
    batch_field(answered("ranks"), name="ranks", type_=list[int] | None, reads=()),
    batch_field(answered("buddy"), name="buddy", type_=Person | None, reads=()),
    batch_field(
        answered("circle"),
        name="circle",
        type_=list[Person],
        arguments=[argument("n", int, default=9)],
        reads=(),
    ),
)


@strawberry.type
class Roll:
    nodes: list[Person]
    total_count: int | None


def root_field(name: str, type_: Any) -> Any:
    def resolve(root: Any) -> Any:
        return root[name]

    return strawberry.field(resolver=resolve, graphql_type=type_)


@strawberry.type
class Query:
    one = root_field("one", Person | None)
    people = root_field("people", list[Person | None] | None)
    crowd = root_field("crowd", list[Person] | None)
    page = root_field("page", list[Person] | None)
    roll = root_field("roll", Roll | None)
    numbers = root_field("numbers", list[int | None] | None)


class QuietSchema(strawberry.Schema):
    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        extensions = EXTENSIONS if type_definition.origin is Person else ()
        return [*super().get_fields(type_definition), *extensions]

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Faults are the subject here: they are compared, not logged."""


config = StrawberryConfig(
    scalar_map={Odd: strawberry.scalar(name="Odd", serialize=serialize_odd, parse_value=lambda value: value)}
)
validating = QuietSchema(Query, config=config)
fast = [DisableValidation, lambda: ParserCache(maxsize=4)]
stock = QuietSchema(Query, config=config, extensions=fast)
ours = QuietSchema(Query, config=config, extensions=fast, execution_context_class=MsingiExecutionContext)


# The world: people of several classes, whose attributes are sometimes wrong in every way we know.


class Plain:
    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


class Hiding(Plain):
    @property
    def nick(self) -> str:
        raise LookupError("nobody knows")

    @property
    def team(self) -> list[Any]:
        return list(vars(self)["friends"] or ())


class Dynamic(Plain):
    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no {name} here")


class Base(DeclarativeBase):
    pass


class Stored(Base):
    __tablename__ = "stored"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    nick: Mapped[str]
    age: Mapped[int]


# fmt: off
GOOD: Mapping[str, Sequence[Any]] = {
    "name": ["ada", "bo", "é"], "nick": ["x", None], "key": ["k", 7, UUID(int=3)], "age": [1, -5, None, 2**31 - 1],
    "height": [1.5, 2.25, None], "is_alive": [True, False], "born_on": [dt.date(1980, 2, 29), None],
    "seen_at": [dt.datetime(2020, 1, 1, tzinfo=dt.UTC), None], "net_worth": [Decimal("1.50"), None],
    "mood": [Mood.GLAD, Mood.SAD, None, "glad"], "strict_mood": [Mood.GLAD, Mood.SAD], "odd": ["fine", 3, None],
    "blob": [{"a": 1}, [1], "text", None], "tags": [["a", "b"], (), None], "grades": [[[1, 2], None], []],
    "shielded": ["armour"],
}
WRONG = (None, 2**31, -(2**40), "text", "refused", "nothing", float("nan"), float("inf"), 1.5, object, b"bytes", (), [None],
         [["x"], [2**31]], {"a": 1}, ValueError("as a value"), GraphQLError("with code", extensions={"code": "x"}), Mood, True,
         UUID(int=9), dt.date(2000, 1, 1), Decimal("NaN"))
# fmt: on
RELATIONS = ("best", "master", "stone", "thing")
LISTS = ("friends", "team")
ORM_NAMES = {"id", "name", "nick", "age"}


def make_world(chance: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    badness = chance.choice((0, 0, 0.03, 0.2))
    kinds = chance.choice(((Plain,), (Stored,), (Plain, Stored, Hiding, Dynamic)))
    size = chance.choice((1, 3, 5, 9, 9, 70 if chance.random() < 0.2 else 5))
    people = [make_person(chance, badness, chance.choice(kinds)) for _ in range(size)]
    for person in people:
        for name in (*RELATIONS, *LISTS):
            if not (isinstance(person, Hiding) and name == "team"):
                setattr(person, name, relation(chance, people, badness, many=name in LISTS))
    page_of = [person for person in people if type(person) is not Hiding]
    root = {
        "one": relation(chance, people, badness, many=False),
        "people": some_list(chance, people, badness),
        "crowd": people,
        "page": row_page(page_of),
        "roll": Plain(nodes=chance.choice((row_page(page_of), people)), total_count=len(people)),
        "numbers": [1, *([chance.choice(WRONG)] if chance.random() < badness else [])],
    }
    return root, make_answers(chance, people, badness)


def make_person(chance: random.Random, badness: float, kind: type) -> Any:
    values = {
        name: chance.choice(WRONG) if chance.random() < badness else chance.choice(good)
        for name, good in GOOD.items()
    }
    values["id"] = (
        chance.choice((None, [1], UUID(int=1)))
        if chance.random() < badness
        else UUID(int=chance.getrandbits(64))
    )
    if chance.random() < badness:
        del values[chance.choice(list(values))]
    if kind is Hiding:
        values.pop("nick", None)
    if kind is not Stored:
        return kind(**values)
    stored = Stored(**{name: value for name, value in values.items() if name in ORM_NAMES})
    for name in values.keys() - ORM_NAMES:
        setattr(stored, name, values[name])
    return stored


def relation(chance: random.Random, people: list[Any], badness: float, *, many: bool) -> Any:
    if chance.random() < badness:
        return chance.choice(WRONG)
    if not many:
        return chance.choice(people)
    return some_list(chance, people, badness)


def some_list(chance: random.Random, people: list[Any], badness: float) -> Any:
    chosen = [chance.choice(people) for _ in range(chance.choice((0, 1, 1, 3)))]
    if chance.random() < badness:
        chosen.insert(0, chance.choice((None, ValueError("an item"), 5)))
    return chance.choice((list, list, tuple, deque))(chosen)


def row_page(people: list[Any]) -> RowPage[Any]:
    names = {*GOOD, "id", *RELATIONS, *LISTS}
    columns = sorted(names.intersection(*(vars(person) for person in people)))
    return RowPage(columns, [tuple(getattr(person, name) for name in columns) for person in people])


def make_answers(chance: random.Random, people: list[Any], badness: float) -> dict[str, Any]:
    known = [person for person in people if isinstance(getattr(person, "id", None), UUID)]
    make: dict[str, Callable[[], Any]] = {
        "score": lambda: chance.choice((1, 2, None)),
        "ranks": lambda: chance.choice(([1], [], None)),
        "buddy": lambda: chance.choice((*people, row_page(people[:1]))),
        "circle": lambda: chance.choice((list(people[:2]), [], tuple(people[:2]), row_page(people[:2]))),
    }
    answers: dict[str, Any] = {}
    for name, one in make.items():
        kept = [person for person in known if chance.random() < 0.9]
        wrong = [value for value in WRONG if name != "circle" or isinstance(value, (list, tuple, str))]
        answers[name] = {p.id: chance.choice(wrong) if chance.random() < badness else one() for p in kept}
        if chance.random() < badness:
            answers[name] = RuntimeError(f"{name} is broken")
    return answers


def outcome(schema: strawberry.Schema, document: str, root: Any, answers: Any) -> tuple[str, list[Any]]:
    result = schema.execute_sync(document, root_value=root, context_value=answers)
    errors = [(error.message, error.path, error.locations, error.extensions) for error in result.errors or ()]
    return json.dumps(result.data, default=repr), errors


@pytest.mark.long
@settings(max_examples=2000, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**64))
def test_data_and_errors_equal_those_of_the_stock_executor(seed: int) -> None:
    """Two thousand documents, each by a seed of its own: drawing them piece by piece would cost as much as asking."""
    chance = random.Random(seed)
    text = document(chance)
    root, answers = make_world(chance)

    assert outcome(ours, text, root, answers) == outcome(stock, text, root, answers), text


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**64))
def test_the_random_documents_are_valid(seed: int) -> None:
    _, errors = outcome(validating, document(random.Random(seed)), dict.fromkeys(ROOTS), {})

    assert errors == []

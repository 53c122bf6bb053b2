"""Which Python types a schema knows; what it does not know stops the start with plugin, operation and type."""

from collections.abc import Callable, Sequence
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY

from msingi.errors import ConfigurationError
from msingi.graphql.scalars import SCALARS
from msingi.sayings import LISTED

_LEAVES: Final = frozenset({*DEFAULT_SCALAR_REGISTRY, *SCALARS})


def hints_of(thing: Callable[..., Any], place: str) -> dict[str, Any]:
    """The annotations of a function or class, by name; ``place`` names it in errors.

    Raises:
        ConfigurationError: one of them is written as text and its file does not know it.

    """
    try:
        return get_type_hints(thing, include_extras=True)
    except NameError as error:
        raise ConfigurationError(
            "GraphQL: “{place}” names the type {type}, which its file does not import. "
            "Import it there, outside of `if TYPE_CHECKING`.",
            place=place,
            type=error.name,
        ) from None


def known_leaf(hint: Any, place: str) -> Any:
    """The type of a plain value, as it is.

    Raises:
        ConfigurationError: no GraphQL type stands for it.

    """
    if hint in _LEAVES or hasattr(hint, "__strawberry_definition__"):
        return hint
    raise ConfigurationError(
        "GraphQL: “{place}” has the type {type}, which no schema can show. What it can: str, int, float, bool, UUID, "
        "Decimal, date, datetime, Money, enumerations, exposed models, pydantic models, dataclasses, "
        "and lists of them.",
        place=place,
        type=_name_of(hint),
    )


def member_of_list(hint: Any, place: str) -> Any:
    """What a list holds.

    Raises:
        ConfigurationError: its members are of several types.

    """
    members = get_args(hint)
    if get_origin(hint) is tuple and members[1:] != (...,):
        raise ConfigurationError(
            "GraphQL: “{place}” has the type {type}; a tuple is a list of one type there, such as tuple[int, ...]. "
            "Name its parts in a dataclass.",
            place=place,
            type=_name_of(hint),
        )
    return members[0]


def refuse_mixed(hint: Any, place: str, *, are_objects: Callable[[Sequence[Any]], bool]) -> None:
    """Refuse a value that may be of several types, unless ``are_objects`` says that all of them may be told apart."""
    members = [member for member in get_args(hint) if member is not NoneType]
    if len(members) > 1 and not are_objects(members):
        raise ConfigurationError(
            "GraphQL: “{place}” may be of several types: {types}. Only an answer may, and only of exposed models, "
            "pydantic models and dataclasses.",
            place=place,
            types=LISTED.join(map(_name_of, members)),
        )


def _name_of(hint: Any) -> str:
    return hint.__qualname__ if isinstance(hint, type) and not get_args(hint) else str(hint)

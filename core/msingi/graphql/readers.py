"""Reading: the attributes of many parents, one column per attribute, without raising."""

from collections.abc import Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any, Final

from sqlalchemy.orm.attributes import InstrumentedAttribute

from msingi.graphql.pages import RowPage

FEW: Final = 8
"""Below this number of parents, inspecting their class costs more than it saves."""


class Missing:
    """The type of `MISSING`: the place of a value that could not be read."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


def read_columns(parents: Sequence[Any], names: Sequence[str]) -> list[Sequence[Any]]:
    """Return the values of each attribute over all parents; a value whose reading raises is `MISSING`."""
    if isinstance(parents, RowPage):
        return _page_columns(parents, names)
    kinds = set(map(type, parents))
    if len(parents) < FEW or len(kinds) != 1 or not _is_transparent(kind := kinds.pop()):
        return [_read(parents, name) for name in names]
    stores = list(map(vars, parents))
    return [
        _stored(parents, stores, name) if _lives_in_store(kind, name) else _read(parents, name)
        for name in names
    ]


def _page_columns(page: RowPage[Any], names: Sequence[str]) -> list[Sequence[Any]]:
    try:
        columns = dict(zip(page.columns, zip(*page.rows, strict=True), strict=True))
    except ValueError:
        return [_read(page.views(), name) for name in names]
    absent = (MISSING,) * len(page)
    return [columns.get(name, absent) for name in names]


def _stored(parents: Sequence[Any], stores: Sequence[Mapping[str, Any]], name: str) -> Sequence[Any]:
    try:
        return list(map(itemgetter(name), stores))
    except KeyError:
        return _read(parents, name)


def _read(parents: Sequence[Any], name: str) -> Sequence[Any]:
    read = attrgetter(name)
    try:
        return list(map(read, parents))
    except Exception:  # noqa: BLE001 - a property may raise anything; the stock path reports it at its place
        return [_read_one(parent, name) for parent in parents]


def _read_one(parent: Any, name: str) -> Any:
    try:
        return getattr(parent, name)
    except Exception:  # noqa: BLE001 - see above
        return MISSING


def _is_transparent(kind: type) -> bool:
    """Tell whether instances keep a plain `__dict__` that the usual attribute lookup consults."""
    return (
        bool(kind.__dictoffset__)
        and _class_attribute(kind, "__getattribute__") is object.__getattribute__
        and type(_class_attribute(kind, "__dict__")).__name__ == "getset_descriptor"
    )


def _lives_in_store(kind: type, name: str) -> bool:
    """Tell whether a value in the instance's `__dict__` is what `getattr` would return."""
    attribute = _class_attribute(kind, name)
    if type(attribute) is InstrumentedAttribute:
        return bool(attribute.impl.supports_population) and attribute.key == name
    return not hasattr(type(attribute), "__set__") and not hasattr(type(attribute), "__delete__")


def _class_attribute(kind: type, name: str) -> Any:
    for ancestor in kind.__mro__:
        if name in ancestor.__dict__:
            return ancestor.__dict__[name]
    return None

"""Reading: the attributes of many parents, one column per attribute, without raising."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from types import MemberDescriptorType
from typing import Any, Final

from sqlalchemy.orm.attributes import InstrumentedAttribute

from msingi.graphql.pages import RowPage, RowView, paged

FEW: Final = 8
"""Below this number of parents, inspecting their class costs more than it saves."""


@dataclass(frozen=True, slots=True, eq=False)
class Unread:
    """The place of a value that could not be read, with the exception of the attribute, if it raised one."""

    error: Exception | None = None


MISSING: Final = Unread()
"""The place of a value that is not there."""


class Replay:
    """Stands for a parent of which one attribute has been read: whatever attribute is asked, this is it."""

    __slots__ = ("_msingi_value",)

    def __init__(self, value: Any) -> None:
        self._msingi_value = value

    def __getattr__(self, _name: str) -> Any:
        value = self._msingi_value
        if isinstance(value, Unread) and value.error is not None:
            raise value.error
        return value


def read_columns(parents: Sequence[Any], names: Sequence[str]) -> list[Sequence[Any]]:
    """Return the values of each attribute over all parents, reading each once; where reading raises, it is `Unread`."""
    if isinstance(parents, RowPage):
        return _page_columns(parents, names)
    kinds = set(map(type, parents))
    kind = kinds.pop() if len(kinds) == 1 else object
    if issubclass(kind, RowView):
        return _page_columns(paged(kind, parents), names)
    if len(parents) < FEW:
        return [_read(parents, name) for name in names]
    if not _is_transparent(kind):
        return [
            _slots(parents, name) if _lives_in_slot(kind, name) else _read(parents, name) for name in names
        ]
    stores = list(map(vars, parents))
    return [
        _stored(parents, stores, name) if _lives_in_store(kind, name) else _read(parents, name)
        for name in names
    ]


def _page_columns(page: RowPage[Any], names: Sequence[str]) -> list[Sequence[Any]]:
    if len(names) == 1 and names[0] not in page.made:
        return [_page_column(page, names[0])]
    try:
        columns = list(zip(*page.rows, strict=True)) or [()] * len(page.columns)
        named = dict(zip(page.columns, columns, strict=True))
    except ValueError:
        return [_read(page.views(), name) for name in names]
    return [
        _made(page, columns, name) if name in page.made else named.get(name, (MISSING,) * len(page))
        for name in names
    ]


def _page_column(page: RowPage[Any], name: str) -> Sequence[Any]:
    if name not in page.columns:
        return (MISSING,) * len(page)
    try:
        return list(map(itemgetter(page.columns.index(name)), page.rows))
    except IndexError:
        return _read(page.views(), name)


def _made(page: RowPage[Any], columns: Sequence[Sequence[Any]], name: str) -> Sequence[Any]:
    """What is made of several columns, for the whole page; view by view when making one of them fails."""
    make, places = page.made[name]
    try:
        return list(map(make, *(columns[place] for place in places)))
    except Exception:  # noqa: BLE001 - a value of a plugin may raise anything; reported at its place
        return _read(page.views(), name)


def _stored(parents: Sequence[Any], stores: Sequence[Mapping[str, Any]], name: str) -> Sequence[Any]:
    try:
        return list(map(itemgetter(name), stores))
    except KeyError:
        return _read(parents, name)


def _read(parents: Sequence[Any], name: str) -> Sequence[Any]:
    read = attrgetter(name)
    values: list[Any] = []
    for parent in parents:
        try:
            values.append(read(parent))
        except Exception as error:  # noqa: BLE001 - a property may raise anything; reported at its place
            values.append(Unread(error))
    return values


def _slots(parents: Sequence[Any], name: str) -> Sequence[Any]:
    try:
        return list(map(attrgetter(name), parents))
    except AttributeError:
        return _read(parents, name)


def _lives_in_slot(kind: type, name: str) -> bool:
    """Tell whether reading the attribute is reading a slot, which can be done twice."""
    return (
        isinstance(_class_attribute(kind, name), MemberDescriptorType)
        and _class_attribute(kind, "__getattribute__") is object.__getattribute__
    )


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

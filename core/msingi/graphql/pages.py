"""Row pages: what a list resolver returns instead of objects, ready to be zipped into the response."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar, overload

from sqlalchemy import Result

T_co = TypeVar("T_co", covariant=True)
Making = tuple[Callable[..., Any], tuple[int, ...]]
"""How a value is made of several columns, named by their places: an amount of money, for one."""


class RowView:
    """One row with attribute access, so that it can stand as a parent (`parent.id`)."""

    __slots__ = ("_msingi_row",)
    _msingi_page: ClassVar[tuple[tuple[str, ...], Mapping[str, Making]]]

    def __init__(self, row: Sequence[Any]) -> None:
        self._msingi_row = row


def paged(kind: type[RowView], views: Sequence[RowView]) -> "RowPage[Any]":
    """Views of one kind as a page again, so that their attributes can be read column by column."""
    columns, made = kind._msingi_page  # noqa: SLF001 - the other half of this class
    return RowPage(columns, [view._msingi_row for view in views], made)  # noqa: SLF001


class RowPage(Sequence[T_co], Generic[T_co]):
    """A list of `T` held as columns and rows; a row holds one value per column, in that order.

    Columns are named after the attributes of `T`. Iterating yields light views with attribute access,
    so any executor accepts a page; ours reads the rows themselves and never builds the views it does not need.
    What ``made`` names is made of columns, when it is asked for.
    """

    __slots__ = ("_views", "columns", "made", "rows")

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        made: Mapping[str, Making] = MappingProxyType({}),
    ) -> None:
        self.columns = tuple(columns)
        self.rows = rows
        self.made = made
        self._views: list[Any] | None = None

    @classmethod
    def of(cls, result: Result[*tuple[Any, ...]]) -> "RowPage[T_co]":
        """Read the whole result of a Core select; the labels of the select name the columns."""
        return cls(tuple(result.keys()), result.all())

    def views(self) -> list[T_co]:
        """The rows as parents with attribute access, made once."""
        if self._views is None:
            self._views = list(map(_view_type(self.columns, tuple(self.made.items())), self.rows))
        return self._views

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.views())

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T_co]: ...
    def __getitem__(self, index: int | slice) -> T_co | Sequence[T_co]:
        return self.views()[index]


@lru_cache(maxsize=512)
def _view_type(columns: tuple[str, ...], made: tuple[tuple[str, Making], ...]) -> type[RowView]:
    attributes: dict[str, object] = {name: _column(index) for index, name in enumerate(columns)}
    attributes |= {name: _made(*making) for name, making in made}
    page = {"_msingi_page": (columns, MappingProxyType(dict(made)))}
    return type("RowView", (RowView,), {**attributes, **page, "__slots__": ()})


def _column(index: int) -> property:
    read: Callable[[Any], Any] = lambda view: view._msingi_row[index]  # noqa: E731, SLF001
    return property(read)


def _made(make: Callable[..., Any], places: tuple[int, ...]) -> property:
    read: Callable[[Any], Any] = lambda view: make(*(view._msingi_row[place] for place in places))  # noqa: E731, SLF001
    return property(read)

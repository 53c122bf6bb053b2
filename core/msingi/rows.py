"""Rows of a model read without objects: its columns, and the values that are made of several of them."""

from collections.abc import Sequence
from typing import Any

from msingi.db import Model
from msingi.graphql.pages import RowPage


def columns_of(model: type[Model]) -> list[Any]:
    """Every column attribute of a model, in a fixed order."""
    return [getattr(model, attribute.key) for attribute in model.__mapper__.column_attrs]


def page_of(model: type[Model], rows: Sequence[Any]) -> RowPage[Any]:
    """Rows of ``columns_of(model)`` as a page; composite attributes (money) are added as further columns."""
    names = [attribute.key for attribute in model.__mapper__.column_attrs]
    made = [
        (composite.key, composite.composite_class, [names.index(part.key) for part in composite.props])
        for composite in model.__mapper__.composites
    ]
    if not made:
        return RowPage(names, rows)
    wide = [(*row, *(make(*(row[place] for place in places)) for _, make, places in made)) for row in rows]
    return RowPage([*names, *(name for name, _, _ in made)], wide)


def views_of(model: type[Model], rows: Sequence[Any]) -> Sequence[Any]:
    """The same rows as objects that bear every attribute of the model."""
    return page_of(model, rows) if model.__mapper__.composites else rows

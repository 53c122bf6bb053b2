"""Rows of a model read without objects: its columns, and the values that are made of several of them."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from msingi.db import Model
from msingi.graphql.pages import Making, RowPage


def columns_of(model: type[Model]) -> list[Any]:
    """Every column attribute of a model, in a fixed order."""
    return [getattr(model, attribute.key) for attribute in model.__mapper__.column_attrs]


def page_of(model: type[Model], rows: Sequence[Any]) -> RowPage[Any]:
    """Rows of ``columns_of(model)`` as a page; composite attributes (money) are made when they are asked for."""
    names, made = _shape_of(model)
    return RowPage(names, rows, made)


def views_of(model: type[Model], rows: Sequence[Any]) -> Sequence[Any]:
    """The same rows as objects that bear every attribute of the model."""
    return page_of(model, rows) if model.__mapper__.composites else rows


@cache
def _shape_of(model: type[Model]) -> tuple[tuple[str, ...], Mapping[str, Making]]:
    names = tuple(attribute.key for attribute in model.__mapper__.column_attrs)
    made: dict[str, Making] = {
        composite.key: (
            composite.composite_class,
            tuple(names.index(part.key) for part in composite.props),
        )
        for composite in model.__mapper__.composites
    }
    return names, MappingProxyType(made)

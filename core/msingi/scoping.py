"""Criteria of row scopes in SQL: what lies at or below some places of the jurisdiction tree (attacks 15, 16)."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Column, ColumnElement, bindparam, false, select

from msingi.actor import Scope

SCOPE_ROOTS: Final = "scope_roots"
"""The parameter of ``below_roots``: the places at or below which rows lie."""


def subtree_of(roots: Iterable[UUID]) -> Any:
    """A select of the ids of all jurisdictions at or below the roots, from the closure table."""
    from msingi.rbac.models import JurisdictionClosure

    table = JurisdictionClosure.__table__
    return select(table.c.descendant_id).where(table.c.ancestor_id.in_(sorted(roots)))


@cache
def places_below() -> Any:
    """A select of those of the ``places`` that lie at or below the ``roots``; made once."""
    from msingi.rbac.models import JurisdictionClosure

    table = JurisdictionClosure.__table__
    roots: BindParameter[UUID] = bindparam("roots", expanding=True)
    places: BindParameter[UUID] = bindparam("places", expanding=True)
    return select(table.c.descendant_id).where(
        table.c.ancestor_id.in_(roots), table.c.descendant_id.in_(places)
    )


def below_roots(column: Any) -> ColumnElement[bool]:
    """The criterion of a scope whose roots are given with the statement; no roots open no row."""
    from msingi.rbac.models import JurisdictionClosure

    table = JurisdictionClosure.__table__
    roots: BindParameter[UUID] = bindparam(SCOPE_ROOTS, expanding=True)
    criterion: ColumnElement[bool] = column.in_(
        select(table.c.descendant_id).where(table.c.ancestor_id.in_(roots))
    )
    return criterion


def scope_criterion(column: Column[UUID] | Any, scope: Scope) -> ColumnElement[bool] | None:
    """The same criterion for statements on bare tables; None when the scope is everywhere."""
    if scope.everywhere:
        return None
    if not scope.roots:
        return false()
    criterion: ColumnElement[bool] = column.in_(subtree_of(scope.roots))
    return criterion

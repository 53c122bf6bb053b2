"""Whether so much lies in the places of a list that its order should lead the way, not its places: asked on SQLite only."""

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import literal, select

from msingi.db import Model, Scoped
from msingi.scoping import subtree_of

if TYPE_CHECKING:
    from msingi.work import Work

_MANY: Final = 2_000
"""More rows than this are not sorted in a millisecond or two."""


def is_crowded(work: "Work", model: type[Model], within: UUID | None) -> bool:
    """Whether more than 2,000 rows lie in the scope of the work and, where one is named, within a place.

    SQLite knows how many rows an average place has. To find the first hundred of a list it reads either the whole
    country in the order of the list, which is slow for a facility that has few of its rows, or all rows of the places,
    which is slow for a region that has many. PostgreSQL knows the places by name. That a place has many rows is
    remembered; of one that has few, two thousand entries of an index are looked at.
    """
    scope = work.scope
    everywhere = scope.everywhere and within is None
    if everywhere or not work.platform.database.is_sqlite or not issubclass(model, Scoped):
        return True
    places = (scope.everywhere or scope.roots, within)

    def look(_missing: Any) -> dict[Any, bool]:
        statement = select(literal(1).label("crowd")).select_from(model).limit(1).offset(_MANY)
        if within is not None:
            statement = statement.where(model.jurisdiction_id.in_(subtree_of([within])))
        return {places: True} if work.session.rows(statement) else {}

    crowded = work.platform.kept(f"core.crowded.{model.__tablename__}", size=10_000)
    return places in crowded.get_many([places], look)

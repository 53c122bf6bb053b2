"""Long tables read page by page, so that memory stays flat however many rows there are."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from msingi.work import Work

AT_ONCE: Final = 2_000


def pages(
    work: Work, statement: Select[*tuple[Any, ...]], key: InstrumentedAttribute[Any]
) -> Iterator[Sequence[Any]]:
    """The rows of a statement by a unique column that it selects, from the smallest value that is there."""
    in_order = statement.order_by(key).limit(AT_ONCE)
    rows = work.session.execute(in_order).all()
    while rows:
        yield rows
        rows = work.session.execute(in_order.where(key > getattr(rows[-1], key.key))).all()

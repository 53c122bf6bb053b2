"""The book of the installation's currency, and the closing of its periods."""

from datetime import date

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_ledger.errors import PeriodNotOver
from msingi_ledger.models import Book


def open_book(work: Work) -> Book:
    """The book of the installation's currency, locked against closing until this work ends; made when first used."""
    book = work.session.scalar(_own_book(work).with_for_update(read=True, key_share=True))
    if book is None:
        book = work.add(Book(currency=work.platform.profile.currency))
        work.session.flush()
    return book


def close_period(work: Work, through: date) -> Book:
    """Close the books through a past day: nothing is posted on or before it any more (attack 88).

    Raises:
        PeriodNotOver: the day is not over, or not after the last closing.

    """
    open_book(work)
    book = work.session.scalars(_own_book(work).with_for_update()).one()
    if through >= work.today() or (book.closed_through is not None and through <= book.closed_through):
        raise PeriodNotOver(through=book.closed_through or "-")
    book.closed_through = through
    work.session.flush()
    return book


def _own_book(work: Work) -> Select[Book]:
    own = select(Book).where(Book.currency == work.platform.profile.currency)
    return own.execution_options(populate_existing=True)

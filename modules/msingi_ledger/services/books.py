"""The book of the installation's currency, and the closing of its periods."""

from datetime import date
from typing import Final

from sqlalchemy import bindparam, select

from msingi.ids import new_id
from msingi.work import Work
from msingi_ledger.errors import PeriodNotOver
from msingi_ledger.models import Book
from msingi_ledger.rules.records import BOOK
from msingi_ledger.services.records import changing, mac_of_row

_OWN: Final = (
    select(Book).where(Book.currency == bindparam("currency")).execution_options(populate_existing=True)
)
_SHARED: Final = _OWN.with_for_update(read=True, key_share=True)
_ALONE: Final = _OWN.with_for_update()


def open_book(work: Work) -> Book:
    """The book of the installation's currency, locked against closing until this work ends; made when first used."""
    book = work.session.scalar(_SHARED, {"currency": work.platform.profile.currency})
    if book is None:
        book = Book(id=new_id(), currency=work.platform.profile.currency)
        book.mac = mac_of_row(work, BOOK, book)
        work.add(book)
        work.session.flush()
    return book


def close_period(work: Work, through: date) -> Book:
    """Close the books through a past day: nothing is posted on or before it any more (attack 88).

    Raises:
        PeriodNotOver: the day is not over, or not after the last closing.

    """
    open_book(work)
    book = work.session.scalars(_ALONE, {"currency": work.platform.profile.currency}).one()
    if through >= work.today() or (book.closed_through is not None and through <= book.closed_through):
        raise PeriodNotOver(through=book.closed_through or "-")
    with changing(work, BOOK, book):
        book.closed_through = through
    work.session.flush()
    return book

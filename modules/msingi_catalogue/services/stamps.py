"""The stamps by which compiled registers and price lists are known, and the locks that make writers take turns."""

from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from msingi.ids import new_id
from msingi.work import Work
from msingi_catalogue.models import CatalogueRegister

_ONLY_ROW: Final = UUID(int=1)


def lock_register(work: Work) -> None:
    """Wait until nobody else changes the registers or price lists; what is read afterwards stays true."""
    statement = select(CatalogueRegister.id).where(CatalogueRegister.id == _ONLY_ROW).with_for_update()
    if work.session.scalar(statement) is None:
        work.insert_rows(CatalogueRegister, [{"id": _ONLY_ROW, "number": 1, "stamp": new_id()}])


def renew_register(work: Work) -> None:
    """Make every compiled register stale; the row stays locked until the transaction ends."""
    lock_register(work)
    fresh = {"number": CatalogueRegister.number + 1, "stamp": new_id()}
    statement = update(CatalogueRegister).where(CatalogueRegister.id == _ONLY_ROW).values(fresh)
    work.session.execute(statement, execution_options={"synchronize_session": False})

"""The one row that changes with every change of items and services."""

from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model


class CatalogueRegister(Model):
    """The state of the registers of items and services; compiled registers are cached by its stamp.

    ``stamp`` is new each time, also when the transaction that wrote it is undone and the number comes again.
    """

    __tablename__ = "catalogue_register"
    __audited__ = False

    number: Mapped[int] = mapped_column(BigInteger, doc="Rises by one with each change.")
    stamp: Mapped[UUID] = mapped_column(doc="Differs after every change.")

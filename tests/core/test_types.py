"""Column types that are the same on both engines: exact decimals and amounts that share a currency column."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import BigInteger, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from msingi.money import Money
from msingi.types import Scaled, shared_money


class Tables(DeclarativeBase):
    """Tables of this file only."""


class Line(Tables):
    """A line with two amounts in one currency."""

    __tablename__ = "line"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[Decimal | None] = mapped_column(Scaled(2))
    asked_minor: Mapped[int | None] = mapped_column(BigInteger)
    approved_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    asked: Mapped[Money | None] = shared_money("asked_minor")
    approved: Mapped[Money | None] = shared_money("approved_minor")


def test_amounts_share_the_currency_of_their_row() -> None:
    engine = create_engine("sqlite://")
    Tables.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Line(id=UUID(int=1), quantity=Decimal("2.50"), asked_minor=123456, currency="TZS"))
        session.commit()

        line = session.scalars(select(Line)).one()

        assert line.quantity == Decimal("2.5")
        assert line.asked == Money(Decimal("1234.56"), "TZS")
        assert line.approved is None


@pytest.mark.parametrize("value", [Decimal("0.001"), Decimal("1.005")])
def test_a_decimal_with_too_many_places_is_refused(value: Decimal) -> None:
    with pytest.raises(ValueError, match="more than 2 decimals"):
        Scaled(2).process_bind_param(value, create_engine("sqlite://").dialect)

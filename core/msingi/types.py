"""Column types that behave the same on SQLite and PostgreSQL: instants, sealed text, documents, money."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Composite, composite, mapped_column
from sqlalchemy.types import TypeDecorator

from msingi.keyring import Keyring
from msingi.money import Money

Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON document; JSONB on PostgreSQL. Without one the column is empty, and not the word null."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in and out, stored in UTC; a naive value is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Aware instants."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values and convert to UTC; SQLite stores the UTC wall time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SealedText(TypeDecorator[str]):
    """Personal text encrypted at rest with the installation's keyring (attack 99).

    Sealed columns cannot be searched; keep a blind index beside them where equality search is needed.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal the text."""
        return None if value is None else keyring_of(dialect).seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open the sealed text."""
        return None if value is None else keyring_of(dialect).open(value)


class Scaled(TypeDecorator[Decimal]):
    """An exact decimal that is not money (quantity, percentage, index), stored as an integer of its last place.

    SQLite has no exact decimal column. A value with more places is a programming error: rules round, columns do not.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def __repr__(self) -> str:
        """How a migration writes the type."""
        return f"Scaled(places={self.places})"

    @property
    def python_type(self) -> type[Decimal]:
        """Exact decimals."""
        return Decimal

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Store the number of last places; refuse what does not fit them."""
        if value is None:
            return None
        scaled = value.scaleb(self.places)
        whole = int(scaled)
        if whole != scaled:
            raise ValueError(f"more than {self.places} decimals")
        return whole

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Return the exact decimal."""
        return None if value is None else Decimal(value).scaleb(-self.places)


def attach_keyring(dialect: Dialect, keyring: Keyring) -> None:
    """Give an engine the keys of its installation: sealed columns read them from the dialect."""
    dialect.msingi_keyring = keyring  # type: ignore[attr-defined]


def keyring_of(dialect: Dialect) -> Keyring:
    """The keys attached to this engine."""
    keyring: Keyring = dialect.msingi_keyring  # type: ignore[attr-defined]
    return keyring


def money_columns(prefix: str, *, doc: str) -> Composite[Any]:
    """A ``Money`` attribute over two columns, both empty when there is no amount.

    The columns are ``<prefix>_minor`` (integer minor units) and ``<prefix>_currency`` (ISO 4217).
    """
    return composite(
        _money_or_none,
        mapped_column(f"{prefix}_minor", BigInteger, nullable=True, doc=doc),
        mapped_column(f"{prefix}_currency", String(3), nullable=True),
    )


def shared_money(minor: str, currency: str = "currency") -> Composite[Any]:
    """A ``Money`` attribute over an integer column and the currency column that the whole row shares.

    Reads give ``Money``; write the minor column, because setting the attribute to None would clear the currency.
    """
    return composite(_money_or_none, minor, currency)


def _money_or_none(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money.from_minor(minor, currency)

"""Whether the keys of the settings are those that the database was filled with: others would ruin it unseen (attack 98)."""

from typing import TYPE_CHECKING, Final

from sqlalchemy import LargeBinary, inspect, select, type_coerce

from msingi.errors import ConfigurationError
from msingi.kernel.models import Installation
from msingi.keyring import Keyring, KeyringError

if TYPE_CHECKING:
    from msingi.platform import Platform

_WORD: Final = "msingi"
_PURPOSE: Final = "core.installation"


def prove_keys(row: Installation, keyring: Keyring) -> None:
    """Leave in the row what only the keys of now can have made; a row that has it keeps it."""
    if row.index_proof is None:
        row.key_proof, row.index_proof = _WORD, keyring.blind_index(_PURPOSE, _WORD)


def refuse_other_keys(platform: "Platform") -> None:
    """Stop before values are sealed, searched or chained with keys that the database does not know.

    A key that was added in front is welcome as long as the former one stands beside it.

    Raises:
        ConfigurationError: the index key is another one, or no key opens what the database holds.

    """
    proofs = _proofs(platform)
    if proofs is None:
        return
    sealed, index = proofs
    keyring = platform.keyring
    if index != keyring.blind_index(_PURPOSE, _WORD):
        raise ConfigurationError(
            "security.index_key: this is not the key that this database was filled with. Put the former one back; "
            "it never changes."
        )
    try:
        keyring.open(sealed)
    except KeyringError:
        raise ConfigurationError(
            "security.keys: none of these keys opens what this database holds. Put the former key back; a new one "
            "stands before it."
        ) from None


def _proofs(platform: "Platform") -> tuple[bytes, str] | None:
    """The sealed word and its index; None in a database that has no proof yet."""
    table = Installation.__tablename__
    with platform.database.read.connect() as connection:
        looked = inspect(connection)
        if not looked.has_table(table):
            return None
        if "key_proof" not in {column["name"] for column in looked.get_columns(table)}:
            return None
        raw = type_coerce(Installation.key_proof, LargeBinary)
        row = connection.execute(select(raw, Installation.index_proof)).one_or_none()
    return None if row is None or row[1] is None else (row[0], row[1])

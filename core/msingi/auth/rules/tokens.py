"""Opaque tokens: 256 random bits behind a prefix; only their SHA-256 is stored (attacks 39, 43, 51)."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

_RANDOM_BYTES = 32
_MOST_ADDRESSES = 20


class TokenKind(StrEnum):
    """What a token opens, told by its prefix so that leaked ones can be found by scanners."""

    SESSION = "msi_"
    API = "mst_"


class TokenFlaw(StrEnum):
    """Why an API token is not created."""

    NO_PERMISSION = "no_permission"
    FOREIGN_PERMISSION = "foreign_permission"
    WRONG_EXPIRY = "wrong_expiry"
    WRONG_ADDRESS = "wrong_address"


_FORM = re.compile(r"(ms[it]_)[A-Za-z0-9_-]{43}")
_ONE_TIME_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_ONE_TIME_LENGTH = 16


def new_token(kind: TokenKind) -> str:
    """A fresh token, shown once."""
    return kind + secrets.token_urlsafe(_RANDOM_BYTES)


def kind_of(token: str) -> TokenKind | None:
    """The kind of a well-formed token, None for anything else."""
    form = _FORM.fullmatch(token)
    return TokenKind(form.group(1)) if form else None


def token_hash(token: str) -> str:
    """What is stored: 64 hexadecimal digits. A plain hash suffices for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def one_time_password() -> str:
    """A password to be read out once: 16 signs that cannot be mistaken for each other, 78 bits."""
    return "".join(secrets.choice(_ONE_TIME_SIGNS) for _ in range(_ONE_TIME_LENGTH))


def api_token_flaw(
    *,
    permissions: frozenset[str],
    held: frozenset[str],
    addresses: Sequence[str],
    life: tuple[datetime, datetime],
    longest: timedelta,
) -> TokenFlaw | None:
    """The first rule that a wished API token breaks; ``life`` is from now until its expiry (attack 43)."""
    if not permissions:
        return TokenFlaw.NO_PERMISSION
    if not permissions <= held:
        return TokenFlaw.FOREIGN_PERMISSION
    now, expires = life
    if not now < expires <= now + longest:
        return TokenFlaw.WRONG_EXPIRY
    if len(addresses) > _MOST_ADDRESSES or not all(map(_is_network, addresses)):
        return TokenFlaw.WRONG_ADDRESS
    return None


def is_allowed_from(networks: Sequence[str], address: str) -> bool:
    """Whether an address lies in one of the networks; no network means everywhere."""
    if not networks:
        return True
    try:
        wanted = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(wanted, "ipv4_mapped", None) or wanted
    return any(mapped in ip_network(network) for network in networks)


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True

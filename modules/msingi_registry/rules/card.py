"""The consultation card: a signed payload of at most 120 bytes that any phone verifies offline (ID-6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from msingi_registry.rules.base45 import decode_base45, encode_base45
from msingi_registry.rules.identifiers import is_uhid
from msingi_registry.rules.refusals import CardInvalid

CARD_PREFIX: Final = "MSC1:"
"""The text on a card begins with this; another version of the payload gets another number."""

MAX_CARD_BYTES: Final = 120
"""Signed payload, signature included, in bytes."""

_MAX_TEXT: Final = len(CARD_PREFIX) + 3 * MAX_CARD_BYTES // 2
_SIGNED_CONTEXT: Final = b"msingi card 1\x00"
_SIGNATURE_BYTES: Final = 64
_DAY_ZERO: Final = date(2000, 1, 1)
_INITIALS: Final = re.compile(r"[A-Z]{0,4}")
_KEY_ID: Final = re.compile(r"[A-Z0-9]{1,8}")
_MAX_SERIAL: Final = 65_535

_UHID, _INITIALS_FIELD, _BIRTH_YEAR, _SEX, _ISSUED, _KEY, _SERIAL = range(1, 8)


class CardSex(IntEnum):
    """Sex on a card, numbered as in ISO 5218."""

    UNKNOWN = 0
    MALE = 1
    FEMALE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPayload:
    """What a card says: it locates a person and gives no right by itself (ID-6).

    `birth_year` is None when unknown; `serial` counts the cards of this person, so that a lost card
    can be revoked and the next one, with the same UHID, accepted.
    """

    uhid: str
    initials: str
    birth_year: int | None
    sex: CardSex
    issued: date
    key_id: str
    serial: int = 1

    def __post_init__(self) -> None:
        """Refuse a payload that would not fit the card or could not be read back."""
        plausible = (
            is_uhid(self.uhid)
            and _INITIALS.fullmatch(self.initials) is not None
            and (self.birth_year is None or date.min.year <= self.birth_year <= date.max.year)
            and self.issued >= _DAY_ZERO
            and _KEY_ID.fullmatch(self.key_id) is not None
            and 1 <= self.serial <= _MAX_SERIAL
        )
        if not plausible:
            raise CardInvalid("registry.card_payload_invalid")


def sign_card(payload: CardPayload, key: Ed25519PrivateKey) -> str:
    """Return the text of the QR code: prefix, then base45 of the CBOR payload and its signature."""
    body = _encode(payload)
    return CARD_PREFIX + encode_base45(body + key.sign(_SIGNED_CONTEXT + body))


def verify_card(
    text: str,
    public_keys: Mapping[str, Ed25519PublicKey],
    *,
    revoked_keys: frozenset[str] = frozenset(),
    revoked_cards: frozenset[tuple[str, int]] = frozenset(),
) -> CardPayload:
    """Return what a scanned card says when it is genuine; needs no network.

    `public_keys` are the ministry's keys by key id; `revoked_cards` are pairs of UHID and serial.
    Raises CardInvalid with one of `registry.card_unreadable`, `registry.card_oversized`,
    `registry.card_key_unknown`, `registry.card_key_revoked`, `registry.card_signature_invalid`,
    `registry.card_payload_invalid`, `registry.card_revoked`.
    """
    data = _bytes_of(text)
    body, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
    fields = _read_map(body)
    _check_signature(body, signature, _public_key(fields.get(_KEY), public_keys, revoked_keys))
    payload = _payload_of(fields)
    if _encode(payload) != body:
        raise CardInvalid("registry.card_payload_invalid")
    if (payload.uhid, payload.serial) in revoked_cards:
        raise CardInvalid("registry.card_revoked")
    return payload


def _encode(payload: CardPayload) -> bytes:
    return cbor2.dumps(
        {
            _UHID: int(payload.uhid),
            _INITIALS_FIELD: payload.initials,
            _BIRTH_YEAR: payload.birth_year,
            _SEX: int(payload.sex),
            _ISSUED: (payload.issued - _DAY_ZERO).days,
            _KEY: payload.key_id,
            _SERIAL: payload.serial,
        },
        canonical=True,
    )


def _bytes_of(text: str) -> bytes:
    if len(text) > _MAX_TEXT:
        raise CardInvalid("registry.card_oversized", max=MAX_CARD_BYTES)
    if not text.startswith(CARD_PREFIX):
        raise CardInvalid("registry.card_unreadable")
    try:
        data = decode_base45(text.removeprefix(CARD_PREFIX))
    except ValueError as error:
        raise CardInvalid("registry.card_unreadable") from error
    if len(data) <= _SIGNATURE_BYTES:
        raise CardInvalid("registry.card_unreadable")
    return data


def _read_map(body: bytes) -> dict[object, object]:
    try:
        fields = cbor2.loads(body, max_depth=2, allow_indefinite=False, allow_duplicate_keys=False)
    except (cbor2.CBORError, ValueError) as error:
        raise CardInvalid("registry.card_unreadable") from error
    if not isinstance(fields, dict):
        raise CardInvalid("registry.card_unreadable")
    return fields


def _public_key(
    key_id: object, public_keys: Mapping[str, Ed25519PublicKey], revoked_keys: frozenset[str]
) -> Ed25519PublicKey:
    if not isinstance(key_id, str):
        raise CardInvalid("registry.card_unreadable")
    if key_id in revoked_keys:
        raise CardInvalid("registry.card_key_revoked")
    key = public_keys.get(key_id)
    if key is None:
        raise CardInvalid("registry.card_key_unknown")
    return key


def _check_signature(body: bytes, signature: bytes, key: Ed25519PublicKey) -> None:
    try:
        key.verify(signature, _SIGNED_CONTEXT + body)
    except InvalidSignature as error:
        raise CardInvalid("registry.card_signature_invalid") from error


def _payload_of(fields: Mapping[object, object]) -> CardPayload:
    values = [fields.get(number) for number in range(_UHID, _SERIAL + 1)]
    if any(isinstance(value, bool) for value in values):
        raise CardInvalid("registry.card_payload_invalid")
    match values:
        case [
            int(uhid),
            str(initials),
            int() | None as birth_year,
            int(sex),
            int(issued),
            str(key_id),
            int(serial),
        ]:
            return _built(uhid, initials, birth_year, sex, issued, key_id, serial)
        case _:
            raise CardInvalid("registry.card_payload_invalid")


def _built(
    uhid: int, initials: str, birth_year: int | None, sex: int, issued: int, key_id: str, serial: int
) -> CardPayload:
    try:
        return CardPayload(
            uhid=str(uhid),
            initials=initials,
            birth_year=birth_year,
            sex=CardSex(sex),
            issued=_DAY_ZERO + timedelta(days=issued),
            key_id=key_id,
            serial=serial,
        )
    except (ValueError, OverflowError) as error:
        raise CardInvalid("registry.card_payload_invalid") from error

"""What a device takes along for card checks without a network, sealed so that only this device can read it (CLM-F7)."""

import base64
import binascii
import gzip
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlalchemy import select

from msingi.audit.trail import READ_IDS_LIMIT
from msingi.errors import NotFound
from msingi.rbac.models import Jurisdiction
from msingi.scoping import subtree_of
from msingi.work import Work
from msingi_catalogue import Diagnosis, MedicalItem, MedicalService
from msingi_claims.errors import UnusableKey
from msingi_claims.models.facility_side import ClaimAdministrator
from msingi_claims.plugin import EXTRACT_CARDS
from msingi_insurance import AmountLeft, Card, CardCover, InsuranceSettings, Insuree, cards_below
from msingi_registry import Facility

FORMAT: Final = 1
"""Rises when the form of the document changes."""
INFO: Final = b"msingi card extract 1"
"""Binds the sealed content to its purpose; a device names it to open the extract."""
CARDS_AT_ONCE: Final = 5_000
PHOTOS_AT_ONCE: Final = 100
"""Cards of one part, without and with pictures."""
_PRIME: Final = 2**255 - 19
"""Of Curve25519: a device writes its key as a number below it, and opens nothing that was sealed for another form."""
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_REGISTERS: Final = {"items": MedicalItem, "services": MedicalService, "diagnoses": Diagnosis}


@dataclass(frozen=True, slots=True)
class ExtractOrder:
    """Which part of which place, for which device."""

    place_id: UUID
    key: str
    """The device's public key: X25519, base64url."""
    after: UUID | None = None
    """Where the part before ended; the first part when it is left out."""
    with_photos: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """A sealed part: HPKE (RFC 9180, base mode, X25519, HKDF-SHA256, AES-256-GCM) over JSON in gzip."""

    place_code: str
    content: bytes
    cards: int


def make_extract(work: Work, order: ExtractOrder, *, most: int | None = None) -> Extract:
    """One part of the extract of a place; the first one holds the registers too, each one says where the next begins.

    Raises:
        NotFound: the place is not visible.
        UnusableKey: the key is no public key of X25519, or one whose secret everybody knows; nothing was read.

    """
    key = _public_key(order.key)
    with work.everywhere():
        place = work.find(Jurisdiction, order.place_id)
    if place is None or not work.covers(work.scope, place.id):
        raise NotFound(type="Jurisdiction")
    size = most or (PHOTOS_AT_ONCE if order.with_photos else CARDS_AT_ONCE)
    page = cards_below(
        work, place.id, on=work.today(), most=size, after=order.after, with_photos=order.with_photos
    )
    document: dict[str, Any] = {
        "format": FORMAT,
        "place": place.code,
        "madeOn": work.today(),
        "currency": work.platform.profile.currency,
        "cards": [_card(card) for card in page.cards],
        "next": page.after,
    }
    if order.after is None:
        document |= _registers(work, place.id)
    sealed = _SUITE.encrypt(gzip.compress(orjson.dumps(document, default=str)), key, INFO)
    _tell(work, place.id, order, page.cards, device=key)
    return Extract(place.code, sealed, len(page.cards))


def _public_key(text: str) -> X25519PublicKey:
    """The key, of which an exchange was tried: those of low order yield the same secret to everybody."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        key = X25519PublicKey.from_public_bytes(raw)
        X25519PrivateKey.generate().exchange(key)
    except (ValueError, binascii.Error):
        raise UnusableKey from None
    if int.from_bytes(raw, "little") >= _PRIME:
        raise UnusableKey
    return key


def _tell(
    work: Work, place_id: UUID, order: ExtractOrder, cards: Sequence[Card], *, device: X25519PublicKey
) -> None:
    """Write down which device took the cards of a place along, and every insuree whom it can show now."""
    fingerprint = hashlib.sha256(device.public_bytes_raw()).hexdigest()
    work.audit(
        "extract",
        entity=Jurisdiction.__tablename__,
        entity_id=place_id,
        jurisdiction_id=place_id,
        details={"cards": len(cards), "photos": order.with_photos, "key": fingerprint},
    )
    for start in range(0, len(cards), READ_IDS_LIMIT):
        ids = [card.insuree_id for card in cards[start : start + READ_IDS_LIMIT]]
        work.platform.trail.record_read(
            work, EXTRACT_CARDS, Insuree.__tablename__, ids, jurisdiction_id=place_id
        )


def _card(card: Card) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "number": card.number,
        "name": " ".join(name for name in (card.given_name, card.family_name) if name),
        "birthDate": card.birth_date,
        "covers": [_cover(cover) for cover in card.covers],
    }
    if card.photo is not None:
        shown["photo"] = base64.b64encode(card.photo).decode()
    return shown


def _cover(cover: CardCover) -> dict[str, Any]:
    return {
        "product": cover.product_code,
        "name": cover.product_name,
        "status": cover.status.value,
        "reason": cover.reason.value,
        "expiry": cover.expiry,
        "deductible": _left(cover.deductible),
        "ceiling": _left(cover.ceiling),
    }


def _left(left: AmountLeft | None) -> dict[str, Any] | None:
    """What is left, as texts; an amount that is not there is unlimited (INS-A3)."""
    if left is None:
        return None
    parts = {"general": left.general, "hospital": left.hospital, "other": left.other}
    return {"basis": left.basis.value, **{name: _text(part) for name, part in parts.items()}}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _registers(work: Work, place_id: UUID) -> Mapping[str, Any]:
    """What does not belong to a person: registers of today, field controls, who answers for claims."""
    controls = work.settings(InsuranceSettings).insuree_fields
    return {
        **{name: list(_entries(work, model)) for name, model in _REGISTERS.items()},
        "controls": [{"field": name, "use": use.value} for name, use in sorted(controls.items())],
        "administrators": list(_administrators(work, place_id)),
    }


def _entries(work: Work, model: Any) -> Iterable[dict[str, str]]:
    today = work.today()
    statement = select(model.code, model.name_fr, model.name_en).where(
        model.valid_from <= today, model.valid_to.is_(None) | (model.valid_to >= today)
    )
    for row in work.session.execute(statement.order_by(model.code)):
        yield {"code": row.code, "fr": row.name_fr, "en": row.name_en}


def _administrators(work: Work, place_id: UUID) -> Iterable[dict[str, str]]:
    statement = (
        select(ClaimAdministrator.code, ClaimAdministrator.name, Facility.code.label("facility"))
        .join(Facility, Facility.id == ClaimAdministrator.facility_id)
        .where(
            ClaimAdministrator.jurisdiction_id.in_(subtree_of([place_id])),
            ClaimAdministrator.valid_to.is_(None) | (ClaimAdministrator.valid_to >= work.today()),
        )
        .order_by(ClaimAdministrator.code)
    )
    for row in work.session.execute(statement):
        yield {"code": row.code, "name": row.name, "facility": row.facility}

"""Consultation cards: issued, revoked, verified, and what of them lies in the ministry's hands (ID-6)."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import func, select

from msingi.clean_text import clean_text
from msingi.work import Work
from msingi_registry.errors import CardAlreadyRevoked, CardKeyMissing, NoUhid
from msingi_registry.events import CardIssued, CardRevoked
from msingi_registry.models.identifier import MAX_REASON, Card, CardState
from msingi_registry.models.person import Person, Sex
from msingi_registry.refusal_texts import rules_said
from msingi_registry.rules.card import CARD_PREFIX, CardPayload, CardSex, sign_card, verify_card
from msingi_registry.rules.masking import initials_of
from msingi_registry.services.uhids import uhids_of
from msingi_registry.settings import RegistrySettings

_SEX_ON_CARD = {Sex.MALE: CardSex.MALE, Sex.FEMALE: CardSex.FEMALE}
_KEY_ID_LETTERS = 8


@dataclass(frozen=True, slots=True)
class CardKey:
    """A public key that cards are verified with, offline."""

    key_id: str
    public_key: str
    revoked: bool


def issue_card(work: Work, person_id: UUID) -> Card:
    """Issue the next card of a person; the one before is revoked, the health ID stays.

    Raises:
        NotFound: the person is not visible.
        NoUhid: there is no health ID to print.
        CardKeyMissing: no key signs cards.

    """
    person = work.get(Person, person_id)
    _wait_for_turn(work, person)
    uhid = uhids_of(work, [person.id]).get(person.id)
    if uhid is None:
        raise NoUhid
    for card in _valid_cards(work, person.id):
        _revoke(work, card, "replaced")
    key = _signing_key(work)
    serial = 1 + int(
        work.session.scalar(select(func.max(Card.serial)).where(Card.person_id == person.id)) or 0
    )
    with rules_said():
        payload = _payload(person, uhid, serial, issued=work.today(), key_id=key_id_of(key.public_key()))
        code = sign_card(payload, key)
    card = work.add(
        Card(
            jurisdiction_id=person.jurisdiction_id,
            person_id=person.id,
            uhid=uhid,
            serial=serial,
            issued_on=payload.issued,
            key_id=payload.key_id,
            code=code,
        )
    )
    work.session.flush()
    work.emit(CardIssued(person_id=person.id, serial=serial))
    return card


def revoke_card(work: Work, card_id: UUID, *, reason: str) -> Card:
    """Revoke a lost, stolen or wrong card; the health ID stays (ID-6).

    Raises:
        NotFound: the card is not visible.
        CardAlreadyRevoked: it was revoked before.

    """
    card = work.get(Card, card_id)
    if card.state is CardState.REVOKED:
        raise CardAlreadyRevoked
    _revoke(work, card, reason)
    return card


def check_card(work: Work, text: str) -> CardPayload:
    """What a scanned card says when it is genuine and not revoked.

    Raises:
        DomainError: it is forged, damaged, of an unknown or withdrawn key, or revoked.

    """
    keys = public_keys(work)
    with rules_said():
        known = {key.key_id: _public(key.public_key) for key in keys}
        withdrawn = frozenset(key.key_id for key in keys if key.revoked)
        scanned = _scanned(text)
        payload = verify_card(scanned, known, revoked_keys=withdrawn)
        return verify_card(scanned, known, revoked_keys=withdrawn, revoked_cards=_revoked(work, payload))


def current_card(work: Work, person_id: UUID) -> Card | None:
    """The valid card of a person in the caller's places."""
    return next(iter(_valid_cards(work, person_id)), None)


def uhid_on_card(work: Work, text: str) -> str | None:
    """The health ID of a scanned card; None when the text is not that of a card.

    Raises:
        DomainError: it is a card, but not a valid one.

    """
    return check_card(work, text).uhid if _scanned(text).startswith(CARD_PREFIX) else None


def _scanned(text: str) -> str:
    """The text without what a scanner adds; spaces belong to the alphabet of the code, also the last one."""
    return text.lstrip().rstrip("\r\n\t")


def public_keys(work: Work) -> list[CardKey]:
    """Every key that cards were or are signed with, the present one first."""
    settings = work.settings(RegistrySettings)
    texts = [*_present_key(work), *settings.former_card_keys]
    keys = [(key_id_of(_public(text)), text) for text in texts]
    return [CardKey(key_id, text, key_id in settings.revoked_card_keys) for key_id, text in keys]


def cards_of(work: Work, persons: Sequence[Person]) -> dict[UUID, list[Any]]:
    """The cards by person, in one statement."""
    return work.children(Card.person_id, persons, order_by=Card.serial)


def key_id_of(key: Ed25519PublicKey) -> str:
    """The id of a key: eight letters and digits of its hash, so that it cannot be chosen."""
    digest = hashlib.sha256(key.public_bytes_raw()).digest()
    return base64.b32encode(digest).decode()[:_KEY_ID_LETTERS]


def _wait_for_turn(work: Work, person: Person) -> None:
    """Two who issue a card of one person follow each other: one card is valid, and each has its number."""
    work.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())


def _payload(person: Person, uhid: str, serial: int, *, issued: date, key_id: str) -> CardPayload:
    return CardPayload(
        uhid=uhid,
        initials=initials_of(person.given_name or person.other_names, person.family_name),
        birth_year=person.birth_date.year if person.birth_date else None,
        sex=_SEX_ON_CARD.get(person.sex, CardSex.UNKNOWN) if person.sex else CardSex.UNKNOWN,
        issued=issued,
        key_id=key_id,
        serial=serial,
    )


def _signing_key(work: Work) -> Ed25519PrivateKey:
    """The key of the settings; a demonstration derives one from its index key, so that no secret is shipped."""
    given = work.settings(RegistrySettings).card_key.get_secret_value()
    if given:
        return Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(given))
    if not work.platform.profile.demo:
        raise CardKeyMissing
    return Ed25519PrivateKey.from_private_bytes(work.keyring.sign("registry.card_key", b"demonstration"))


def _present_key(work: Work) -> list[str]:
    try:
        key = _signing_key(work).public_key()
    except CardKeyMissing:
        return []
    return [base64.urlsafe_b64encode(key.public_bytes_raw()).decode()]


def _public(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(text))


def _valid_cards(work: Work, person_id: UUID) -> list[Card]:
    statement = select(Card).where(Card.person_id == person_id, Card.state == CardState.VALID)
    return list(work.session.scalars(statement))


def _revoked(work: Work, payload: CardPayload) -> frozenset[tuple[str, int]]:
    statement = select(Card.uhid, Card.serial).where(
        Card.uhid == payload.uhid, Card.serial == payload.serial, Card.state == CardState.REVOKED
    )
    with work.everywhere():
        return frozenset((row.uhid, row.serial) for row in work.session.execute(statement))


def _revoke(work: Work, card: Card, reason: str) -> None:
    card.state, card.revoked_at, card.revoked_reason = (
        CardState.REVOKED,
        work.now(),
        clean_text(reason, most=MAX_REASON),
    )
    work.emit(CardRevoked(person_id=card.person_id, serial=card.serial))

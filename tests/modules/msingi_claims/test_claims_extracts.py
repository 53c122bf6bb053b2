"""Cards for checks without a network: what is left of policies, sealed for one device, part after part (CLM-F7)."""

import base64
import gzip
import hashlib
import json
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlalchemy import select
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL, Scheme, scheme_of

from msingi.audit.models import AuditEntry
from msingi.errors import DomainError
from msingi.http.rest import FileReply, RestRequest
from msingi.testing import AsUser, MakePlatform
from msingi_claims.plugin import EXTRACT_CARDS
from msingi_claims.routes import download_extract
from msingi_claims.services import consents
from msingi_claims.services.extracts import INFO, ExtractOrder, make_extract
from msingi_insurance import Insuree
from msingi_insurance.services.photos import add_photo

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PICTURE = b"\xff\xd8\xff picture"


def _public(device: X25519PrivateKey) -> str:
    return base64.urlsafe_b64encode(device.public_key().public_bytes_raw()).decode().rstrip("=")


def _opened(content: bytes, device: X25519PrivateKey) -> Any:
    return json.loads(gzip.decompress(_SUITE.decrypt(content, device, INFO)))


def _part(scheme: Scheme, device: X25519PrivateKey, place: str = "D1", **others: Any) -> Any:
    order = ExtractOrder(scheme.places[place], _public(device), others.pop("after", None))
    made = scheme.act(lambda work: make_extract(work, order, **others))
    return _opened(made.content, device)


def _number(scheme: Scheme, insuree_id: UUID) -> str:
    number: str = scheme.act(lambda work: work.get(Insuree, insuree_id).number)
    return number


def _ask(scheme: Scheme, actor: Any, place: UUID, **query: str) -> FileReply:
    request = RestRequest(path={"place_id": str(place)}, query=query)
    with scheme.platform.work(actor, writes=False) as work, work.allowed(EXTRACT_CARDS):
        return download_extract(work, request)


@pytest.mark.rule("CLM-F7", "POL-10", "D-28")
def test_an_extract_says_what_is_left_for_each_member_of_a_family(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    limits = {
        "ceiling": {"basis": "policy", "general": "5000"},
        "deductible": {"basis": "insuree", "general": "30"},
    }
    scheme = scheme_of(make_platform, as_user, {**COVERS_ALL, **limits})
    mother, child = scheme.family(2)
    scheme.insure([mother, child])
    (uninsured,) = scheme.family(given_name="Moussa")
    scheme.submitted(mother, ("SV1", 2))
    draft = consents.AdministratorDraft(code="A1", name="Awa", facility_id=scheme.hospital)
    scheme.act(lambda work: consents.name_administrator(work, draft))
    device = X25519PrivateKey.generate()

    document = _part(scheme, device)

    numbers = [_number(scheme, one) for one in (mother, child, uninsured)]
    cards = {card["number"]: card for card in document["cards"]}
    assert list(cards) == numbers
    assert cards[numbers[0]]["name"] == "Aïssatou Hamadou"
    assert cards[numbers[0]]["birthDate"] == "1990-05-12"
    (covered,) = cards[numbers[0]]["covers"]
    assert (covered["product"], covered["status"], covered["reason"]) == ("P1", "active", "covered")
    assert covered["expiry"] == "2026-12-31"
    left = [cards[number]["covers"][0] for number in numbers[:2]]
    assert [one["deductible"]["general"] for one in left] == ["0", "30"]
    assert [one["ceiling"]["general"] for one in left] == ["4830", "4830"]
    assert (cards[numbers[2]]["covers"], document["next"]) == ([], None)
    facility = document["administrators"][0].pop("facility")
    assert document["administrators"] == [{"code": "A1", "name": "Awa"}]
    assert facility
    assert {"SV1", "CONS"} <= {one["code"] for one in document["services"]}
    assert {"A00"} <= {one["code"] for one in document["diagnoses"]}
    assert {"IT1"} <= {one["code"] for one in document["items"]}


@pytest.mark.rule("CLM-F7")
def test_only_the_device_opens_its_extract(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.patient()
    device, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()

    reply = _ask(scheme, scheme.officer, scheme.places["D1"], key=_public(device))

    told = select(AuditEntry.entity_id).where(AuditEntry.action == "extract")
    assert scheme.act(lambda work: work.session.scalars(told).all()) == [scheme.places["D1"]]
    assert b"Hamadou" not in reply.content
    assert len(_opened(reply.content, device)["cards"]) == 1
    for key, content in (
        (other, reply.content),
        (device, reply.content[:-1] + bytes([reply.content[-1] ^ 1])),
    ):
        with pytest.raises(InvalidTag):
            _opened(content, key)
    for wrong in ("", "x", _public(device)[:-2], "?" * 43):
        with pytest.raises(DomainError) as refusal:
            _ask(scheme, scheme.officer, scheme.places["D1"], key=wrong)
        assert refusal.value.code == "claims.unusable_key"


@pytest.mark.rule("CLM-F7", "attack 32")
def test_the_trail_says_whose_cards_a_device_took_along(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    for _ in range(2):
        scheme.family(members=101)
    device = X25519PrivateKey.generate()

    _ask(scheme, scheme.officer, scheme.places["D1"], key=_public(device))

    (taken,) = _told(scheme, "extract")
    reads = [one for one in _told(scheme, "read") if one.entity == Insuree.__tablename__]
    known = [one for read in reads for one in read.changes.get("ids", [str(read.entity_id)])]
    insurees = scheme.act(lambda work: [str(one) for one in work.session.scalars(select(Insuree.id))])
    assert sorted(known) == sorted(insurees)
    assert [read.changes["count"] for read in reads] == [200, 2]
    assert {(read.actor_id, read.request_id) for read in reads} == {(taken.actor_id, taken.request_id)}
    key = hashlib.sha256(device.public_key().public_bytes_raw()).hexdigest()
    assert taken.changes == {"cards": 202, "photos": False, "key": key}


@pytest.mark.rule("CLM-F7")
def test_a_key_that_protects_nothing_is_refused_before_anything_is_read(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.patient()
    prime = 2**255 - 19
    low_order, not_reduced = (0, 1, prime - 1), (prime, prime + 9, 2**255 + 9)

    for number in (*low_order, *not_reduced):
        weak = base64.urlsafe_b64encode(number.to_bytes(32, "little")).decode().rstrip("=")
        order = ExtractOrder(scheme.places["D1"], weak)
        with scheme.statements() as seen, pytest.raises(DomainError) as refusal:
            scheme.act(partial(make_extract, order=order))
        assert refusal.value.code == "claims.unusable_key"
        assert [one for one in seen if "insurance_" in one or "jurisdiction " in one] == []
        with pytest.raises(DomainError):
            _ask(scheme, scheme.officer, scheme.places["D1"], key=weak)

    assert (_told(scheme, "extract"), _told(scheme, "read")) == ([], [])


def _told(scheme: Scheme, action: str) -> list[AuditEntry]:
    entries = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    found: list[AuditEntry] = scheme.act(lambda work: list(work.session.scalars(entries)))
    return found


@pytest.mark.rule("CLM-F7", "D-22", "attack 22")
def test_an_extract_is_of_a_place_of_the_caller_and_pictures_need_their_right(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    today = scheme.platform.today()
    scheme.act(lambda work: add_photo(work, insuree, _PICTURE, taken_on=today))
    device = X25519PrivateKey.generate()
    key, elsewhere = _public(device), as_user(EXTRACT_CARDS, at=scheme.places["D2"])
    plain = as_user(EXTRACT_CARDS, at=scheme.places["D1"])

    codes = []
    for actor, place, query in (
        (elsewhere, "D1", {}),
        (plain, "CM", {}),
        (plain, "D1", {"photos": "1"}),
        (as_user("claims.read", at=scheme.places["D1"]), "D1", {}),
    ):
        with pytest.raises(DomainError) as refusal:
            _ask(scheme, actor, scheme.places[place], key=key, **query)
        codes.append(refusal.value.code)
    with_picture = _ask(scheme, scheme.officer, scheme.places["D1"], key=key, photos="1")
    without = _ask(scheme, plain, scheme.places["D1"], key=key)
    empty = _ask(scheme, elsewhere, scheme.places["D2"], key=key)

    assert codes == ["core.not_found", "core.not_found", "core.forbidden", "core.forbidden"]
    (card,) = _opened(with_picture.content, device)["cards"]
    assert base64.b64decode(card["photo"]) == _PICTURE
    assert "photo" not in _opened(without.content, device)["cards"][0]
    assert _opened(empty.content, device)["cards"] == []


@pytest.mark.rule("CLM-F7")
def test_parts_follow_each_other_and_a_longer_one_takes_as_many_statements(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    for _ in range(7):
        scheme.submitted(scheme.patient())
    device = X25519PrivateKey.generate()
    _part(scheme, device, most=1)

    with scheme.statements() as few:
        first = _part(scheme, device, most=2)
    with scheme.statements() as many:
        whole = _part(scheme, device, most=7)
    second = _part(scheme, device, most=5, after=UUID(first["next"]))

    assert [len(one["cards"]) for one in (first, second, whole)] == [2, 5, 7]
    assert first["cards"] + second["cards"] == whole["cards"]
    assert (second["next"], whole["next"]) == (None, None)
    assert "services" in first
    assert "services" not in second
    assert len(few) == len(many)

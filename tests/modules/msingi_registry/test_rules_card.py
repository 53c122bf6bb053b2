"""A card verifies offline, and any change, unknown or revoked key, or damaged text is refused."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.base45 import decode_base45, encode_base45
from msingi_registry.rules.card import (
    CARD_PREFIX,
    MAX_CARD_BYTES,
    CardPayload,
    CardSex,
    sign_card,
    verify_card,
)
from msingi_registry.rules.identifiers import UHID, code_of
from msingi_registry.rules.refusals import CardInvalid

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC_KEYS = {"CM26A": KEY.public_key(), "CM26B": OTHER_KEY.public_key()}
PAYLOAD = CardPayload(
    uhid="100000000093",
    initials="JN",
    birth_year=1990,
    sex=CardSex.MALE,
    issued=date(2026, 3, 1),
    key_id="CM26A",
)
payloads = st.builds(
    CardPayload,
    uhid=st.integers(0, UHID.capacity - 1).map(lambda ordinal: code_of(UHID, ordinal)),
    initials=st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", max_size=4),
    birth_year=st.none() | st.integers(1, 9999),
    sex=st.sampled_from(CardSex),
    issued=st.dates(min_value=date(2000, 1, 1)),
    key_id=st.just("CM26A"),
    serial=st.integers(1, 65_535),
)


def signed(fields: object, key: Ed25519PrivateKey = KEY) -> str:
    body = cbor2.dumps(fields, canonical=True)
    return CARD_PREFIX + encode_base45(body + key.sign(b"msingi card 1\x00" + body))


def refusal_of(text: str) -> str:
    with pytest.raises(CardInvalid) as refused:
        verify_card(text, PUBLIC_KEYS)
    return refused.value.code


@pytest.mark.rule("ID-6")
@pytest.mark.parametrize(
    ("text", "encoded"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"", "")]
)
def test_base45_writes_the_published_examples(text: bytes, encoded: str) -> None:
    assert encode_base45(text) == encoded
    assert decode_base45(encoded) == text


@pytest.mark.rule("ID-6")
@given(data=st.binary(max_size=200))
def test_base45_reads_what_it_writes(data: bytes) -> None:
    assert decode_base45(encode_base45(data)) == data


@pytest.mark.rule("ID-6")
@pytest.mark.parametrize("text", ["A", "BB8A", ":::", "GGW", "bb8", "::", "BBé", "BB8\n"])
def test_base45_refuses_what_it_cannot_have_written(text: str) -> None:
    with pytest.raises(ValueError, match="base45"):
        decode_base45(text)


@pytest.mark.rule("ID-6", "CH-04")
@given(payload=payloads)
def test_a_signed_card_reads_back_and_fits_120_bytes(payload: CardPayload) -> None:
    text = sign_card(payload, KEY)

    assert verify_card(text, PUBLIC_KEYS) == payload
    assert len(decode_base45(text.removeprefix(CARD_PREFIX))) <= MAX_CARD_BYTES


@pytest.mark.rule("ID-6")
def test_the_largest_card_has_a_known_size_and_fits_the_alphanumeric_mode() -> None:
    largest = replace(PAYLOAD, uhid="999999999951", initials="ABCD", key_id="ABCDEFGH", serial=65_535)

    text = sign_card(replace(largest, issued=date.max), KEY)

    assert len(decode_base45(text.removeprefix(CARD_PREFIX))) == 107
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.rule("ID-6")
@given(payload=payloads, data=st.data())
def test_any_changed_bit_is_refused(payload: CardPayload, data: st.DataObject) -> None:
    raw = bytearray(decode_base45(sign_card(payload, KEY).removeprefix(CARD_PREFIX)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(CardInvalid):
        verify_card(CARD_PREFIX + encode_base45(bytes(raw)), PUBLIC_KEYS)


@pytest.mark.rule("ID-6")
@given(payload=payloads, data=st.data())
def test_any_truncated_card_is_refused(payload: CardPayload, data: st.DataObject) -> None:
    text = sign_card(payload, KEY)

    with pytest.raises(CardInvalid):
        verify_card(text[: data.draw(st.integers(0, len(text) - 1))], PUBLIC_KEYS)


@pytest.mark.rule("ID-6")
@given(text=st.text(max_size=300), prefix=st.sampled_from(["", CARD_PREFIX]))
def test_any_other_text_is_refused_as_a_card(text: str, prefix: str) -> None:
    with pytest.raises(CardInvalid):
        verify_card(prefix + text, PUBLIC_KEYS)


@pytest.mark.rule("ID-6")
@given(data=st.binary(min_size=65, max_size=120))
def test_random_bytes_never_break_the_reader(data: bytes) -> None:
    with pytest.raises(CardInvalid):
        verify_card(CARD_PREFIX + encode_base45(data), PUBLIC_KEYS)


@pytest.mark.rule("ID-6")
def test_a_card_signed_by_another_key_is_refused() -> None:
    assert refusal_of(sign_card(PAYLOAD, OTHER_KEY)) == "registry.card_signature_invalid"


@pytest.mark.rule("ID-6")
def test_unknown_and_revoked_keys_and_revoked_cards_are_refused() -> None:
    text = sign_card(PAYLOAD, KEY)

    with pytest.raises(CardInvalid) as key_revoked:
        verify_card(text, PUBLIC_KEYS, revoked_keys=frozenset({"CM26A"}))
    with pytest.raises(CardInvalid) as card_revoked:
        verify_card(text, PUBLIC_KEYS, revoked_cards=frozenset({("100000000093", 1)}))

    assert refusal_of(sign_card(replace(PAYLOAD, key_id="CM25"), KEY)) == "registry.card_key_unknown"
    assert key_revoked.value.code == "registry.card_key_revoked"
    assert card_revoked.value.code == "registry.card_revoked"


@pytest.mark.rule("ID-6", "CH-04")
def test_the_card_after_a_lost_one_keeps_the_uhid_and_passes() -> None:
    second = replace(PAYLOAD, serial=2)

    read = verify_card(sign_card(second, KEY), PUBLIC_KEYS, revoked_cards=frozenset({(PAYLOAD.uhid, 1)}))

    assert read == second
    assert read.uhid == PAYLOAD.uhid


@pytest.mark.rule("ID-6")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "registry.card_unreadable"),
        ("HC1:ABC", "registry.card_unreadable"),
        (CARD_PREFIX, "registry.card_unreadable"),
        (CARD_PREFIX + "A" * 181, "registry.card_oversized"),
        (CARD_PREFIX + "0" * 10_000_000, "registry.card_oversized"),
        (signed([1, 2, 3]), "registry.card_unreadable"),
        (signed({6: 12}), "registry.card_unreadable"),
        (signed({6: "CM26A"}), "registry.card_payload_invalid"),
        (signed({1: 1, 2: "JN", 3: 1990, 4: 1, 5: 1, 6: "CM26A", 7: 1}), "registry.card_payload_invalid"),
        (
            signed({1: 100000000093, 2: "JN", 3: 1990, 4: 7, 5: 1, 6: "CM26A", 7: 1}),
            "registry.card_payload_invalid",
        ),
        (
            signed({1: 100000000093, 2: "JN", 3: 1990, 4: 1, 5: 2**40, 6: "CM26A", 7: 1}),
            "registry.card_payload_invalid",
        ),
        (
            signed({1: 100000000093, 2: "JN", 3: 1990, 4: 1, 5: 1, 6: "CM26A", 7: 1, 8: 0}),
            "registry.card_payload_invalid",
        ),
        (
            signed({1: 100000000093, 2: "JN", 3: True, 4: 1, 5: 1, 6: "CM26A", 7: 1}),
            "registry.card_payload_invalid",
        ),
    ],
)
def test_each_kind_of_wrong_card_has_its_own_code(text: str, code: str) -> None:
    assert refusal_of(text) == code


@pytest.mark.rule("ID-6", "attack 59")
@pytest.mark.parametrize(
    "change",
    [
        {"uhid": "100000000094"},
        {"initials": "Jean"},
        {"initials": "ABCDE"},
        {"birth_year": 0},
        {"issued": date(1999, 12, 31)},
        {"key_id": "cm-26"},
        {"serial": 0},
        {"serial": 65_536},
    ],
)
def test_a_payload_that_cannot_be_printed_is_refused(change: dict[str, object]) -> None:
    fields: dict[str, object] = {
        name: getattr(PAYLOAD, name)
        for name in ("uhid", "initials", "birth_year", "sex", "issued", "key_id", "serial")
    }

    with pytest.raises(CardInvalid) as refused:
        CardPayload(**(fields | change))  # type: ignore[arg-type]

    assert refused.value.code == "registry.card_payload_invalid"


@pytest.mark.rule("ID-6")
@given(payload=payloads, other=payloads)
def test_the_signature_of_one_card_does_not_serve_another(payload: CardPayload, other: CardPayload) -> None:
    body = decode_base45(sign_card(payload, KEY).removeprefix(CARD_PREFIX))[:-64]
    signature = decode_base45(sign_card(other, KEY).removeprefix(CARD_PREFIX))[-64:]

    with suppress(CardInvalid):
        assert verify_card(CARD_PREFIX + encode_base45(body + signature), PUBLIC_KEYS) == other

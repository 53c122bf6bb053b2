"""Sealed values: unreadable without the key, rotated without a pause, found by blind index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.keyring import Keyring, KeyringError, generate_key

OLD, NEW, INDEX = generate_key(), generate_key(), generate_key()


@given(st.text(max_size=200))
def test_what_is_sealed_opens_again_and_never_looks_the_same(text: str) -> None:
    ring = Keyring.from_text([OLD], INDEX)

    first, second = ring.seal(text), ring.seal(text)

    assert ring.open(first) == ring.open(second) == text
    assert first != second


@pytest.mark.rule("attack 98")
def test_a_new_key_seals_while_the_old_one_still_opens() -> None:
    sealed = Keyring.from_text([OLD], INDEX).seal("+237 6 70 00 00 00")

    rotated = Keyring.from_text([NEW, OLD], INDEX)

    assert rotated.open(sealed) == "+237 6 70 00 00 00"
    with pytest.raises(KeyringError, match=r"not in security\.keys"):
        Keyring.from_text([NEW], INDEX).open(sealed)
    assert Keyring.from_text([NEW], INDEX).open(rotated.seal("x")) == "x"


def test_an_altered_value_is_refused() -> None:
    ring = Keyring.from_text([OLD], INDEX)
    sealed = bytearray(ring.seal("secret"))
    sealed[-1] ^= 1

    with pytest.raises(KeyringError, match="altered"):
        ring.open(bytes(sealed))


@pytest.mark.rule("attack 99")
def test_the_blind_index_is_equal_for_equal_values_of_one_purpose_only() -> None:
    ring = Keyring.from_text([OLD], INDEX)

    assert ring.blind_index("phone", "+237670000000") == ring.blind_index("phone", "+237670000000")
    assert ring.blind_index("phone", "1") != ring.blind_index("national_id", "1")
    assert ring.blind_index("phone", "1") != Keyring.from_text([OLD], NEW).blind_index("phone", "1")
    assert "670000000" not in ring.blind_index("phone", "+237670000000")


@pytest.mark.rule("attack 98")
@pytest.mark.parametrize(
    ("keys", "index"),
    [([], INDEX), (["short"], INDEX), ([OLD], ""), (["é"], INDEX)],
    ids=["no key", "short key", "no index key", "not base64"],
)
def test_missing_or_malformed_keys_are_refused(keys: list[str], index: str) -> None:
    with pytest.raises(KeyringError):
        Keyring.from_text(keys, index)

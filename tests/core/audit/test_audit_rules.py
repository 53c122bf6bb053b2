"""Pure rules of the trail: values, canonical text, Merkle trees, faults of a block."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.audit.rules.checking import EXPLANATIONS, Fault, Link, SealedEntry, check_leaves, check_link
from msingi.audit.rules.fields import pair
from msingi.audit.rules.hashing import NO_HASH, block_hash, canonical, entry_text, leaf_hash
from msingi.audit.rules.merkle import EMPTY_ROOT, ProofStep, inclusion_proof, merkle_root
from msingi.audit.rules.values import clean, plain

KEY = b"k" * 32
LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.decimals(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Colour(StrEnum):
    RED = "red"


def sign(value: bytes) -> bytes:
    import hmac

    return hmac.digest(KEY, value, "sha256")


def root_from_proof(leaf: bytes, proof: Sequence[ProofStep]) -> bytes:
    """What somebody outside does with a line and its proof."""
    digest = leaf
    for step in proof:
        pair = step.digest + digest if step.on_left else digest + step.digest
        digest = hashlib.sha256(b"\x01" + pair).digest()
    return digest


@given(LEAVES, st.data())
def test_a_proof_leads_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))

    assert root_from_proof(leaves[index], inclusion_proof(leaves, index)) == merkle_root(leaves)


@given(LEAVES, st.data())
def test_a_proof_does_not_fit_another_leaf(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.binary(min_size=32, max_size=32).filter(lambda leaf: leaf != leaves[index]))

    assert root_from_proof(other, inclusion_proof(leaves, index)) != merkle_root(leaves)


@given(LEAVES, st.randoms())
def test_the_root_knows_order_and_number(leaves: list[bytes], random: Any) -> None:
    shuffled = random.sample(leaves, len(leaves))

    assert (merkle_root(shuffled) == merkle_root(leaves)) == (shuffled == leaves)
    assert merkle_root([*leaves, leaves[-1]]) != merkle_root(leaves)


def test_a_tree_without_leaves_has_a_root_and_no_proof() -> None:
    assert merkle_root([]) == EMPTY_ROOT
    with pytest.raises(IndexError):
        inclusion_proof([], 0)


@pytest.mark.rule("X-09")
@given(VALUES)
def test_plain_values_have_one_canonical_text(value: Any) -> None:
    """The verifier without orjson must hash the same bytes, and a database round trip must not change them."""
    text = canonical({"value": plain(value)})

    again = json.loads(text)
    assert json.dumps(again, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == text
    assert canonical(again) == text
    assert b"\\u0000" not in text


@given(VALUES)
def test_plain_values_are_short(value: Any) -> None:
    assert len(orjson.dumps(plain(value))) <= 6 * 500 + 2


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (True, True),
        (7, 7),
        (2**60, str(2**60)),
        (1.5, "1.5"),
        (Decimal("10.50"), "10.50"),
        (date(2026, 3, 2), "2026-03-02"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.RED, "red"),
        (b"\x01\xff", "01ff"),
        ({"b": 1.0, "a": [None, "x"]}, {"b": "1.0", "a": [None, "x"]}),
        (["x" * 400] * 10, None),
    ],
)
def test_what_is_kept_of_a_value(value: object, kept: object) -> None:
    assert plain(value) == kept


def test_text_is_cut_and_cleaned() -> None:
    assert clean("abcdef", 4) == "abc…"
    assert clean("a\nb", 10) == "a\nb"
    assert clean("\x00\ud800", 10) == "\ufffd?"


def test_a_pair_without_the_old_value_holds_the_new_one_only() -> None:
    assert pair((), (5,)) == [5]
    assert pair((None,), (5,)) == [None, 5]


def entry(number: int, **changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(
        ("actor_id", "on_behalf_of", "entity_id", "jurisdiction_id", "request_id")
    )
    values |= {
        "id": UUID(int=number),
        "at": datetime(2026, 3, 2, 9, number, tzinfo=UTC),
        "actor_kind": "user",
    }
    values |= {"action": "noted", "entity": "claim", "changes": {}, "door": "rest", "basis": "", **changed}
    return values | {"mac": sign(entry_text(values))}


def sealed(entries: list[dict[str, Any]]) -> list[SealedEntry]:
    return [
        SealedEntry(position, row["id"], leaf_hash(entry_text(row), row["mac"]), row)
        for position, row in enumerate(entries)
    ]


def block_of(leaves: list[SealedEntry], number: int = 0, previous: bytes = NO_HASH) -> dict[str, Any]:
    instant = datetime(2026, 3, 2, 10, tzinfo=UTC)
    block: dict[str, Any] = {
        "number": number,
        "first_entry": leaves[0].entry_id,
        "last_entry": leaves[-1].entry_id,
        "count": len(leaves),
        "merkle_root": merkle_root([leaf.digest for leaf in leaves]),
        "previous_hash": previous,
        "sealed_through": instant,
        "sealed_at": instant,
    }
    block["hash"] = block_hash(block)
    return block | {"mac": sign(block["hash"])}


def faults_of(block: dict[str, Any], leaves: list[SealedEntry]) -> list[tuple[Fault, int | None]]:
    return [(link.fault, link.position) for link in check_leaves(block, leaves, sign)]


@pytest.mark.rule("attack 94")
def test_a_sound_block_has_no_fault() -> None:
    leaves = sealed([entry(1), entry(2), entry(3)])
    block = block_of(leaves)

    assert faults_of(block, leaves) == []
    assert list(check_link(block, Link(), sign)) == []


@pytest.mark.rule("attack 94")
def test_each_kind_of_tampering_has_its_fault() -> None:
    leaves = sealed([entry(1), entry(2), entry(3)])
    block = block_of(leaves)
    edited = {**entry(2), "action": "other"}
    resealed = sealed([edited])[0].digest

    def second(**changes: Any) -> list[SealedEntry]:
        return [leaves[0], replace(leaves[1], **changes), leaves[2]]

    assert faults_of(block, second(entry=edited)) == [(Fault.ENTRY_ALTERED, 1)]
    assert faults_of(block, second(entry=edited, digest=resealed)) == [(Fault.ENTRY_FORGED, 1)]
    assert faults_of(block, second(entry=None)) == [(Fault.ENTRY_MISSING, 1)]
    assert faults_of(block, second(digest=NO_HASH)) == [(Fault.LEAF_ALTERED, 1)]
    assert faults_of(block, [leaves[0], leaves[2]]) == [(Fault.LEAF_MISSING, 2)]
    assert faults_of(block, leaves[:2]) == [(Fault.LEAF_MISSING, None)]


@pytest.mark.rule("attack 94")
def test_lines_in_another_order_are_found() -> None:
    leaves = sealed([entry(1), entry(2), entry(3)])
    swapped = sealed([entry(1), entry(3), entry(2)])

    assert faults_of(block_of(leaves), swapped) == [(Fault.OUT_OF_ORDER, 2)]
    assert faults_of(block_of(swapped), swapped) == [(Fault.OUT_OF_ORDER, 2)]


@pytest.mark.rule("attack 94")
def test_a_changed_or_replaced_block_is_found() -> None:
    leaves = sealed([entry(1)])
    block = block_of(leaves, number=4, previous=b"p" * 32)
    before = Link(3, b"p" * 32)
    rewritten = {**block, "count": 2}
    rewritten["hash"] = block_hash(rewritten)

    def faults(candidate: dict[str, Any], previous: Link = before) -> list[Fault]:
        return [link.fault for link in check_link(candidate, previous, sign)]

    assert faults(block) == []
    assert faults({**block, "count": 2}) == [Fault.BLOCK_ALTERED]
    assert faults(rewritten) == [Fault.BLOCK_ALTERED]
    assert faults(block, Link(3, b"q" * 32)) == [Fault.CHAIN_BROKEN]
    assert faults(block, Link(2, b"p" * 32)) == [Fault.BLOCK_MISSING]


def test_every_fault_is_explained() -> None:
    assert set(EXPLANATIONS) == set(Fault)

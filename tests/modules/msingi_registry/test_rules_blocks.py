"""Blocks of UHIDs are cut at random, never twice the same number, and end when the space is full."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.blocks import BLOCK_SIZE, draw_block, refill_size
from msingi_registry.rules.identifiers import CodeScheme, code_of, is_uhid
from msingi_registry.rules.refusals import Refusal

SMALL = CodeScheme(name="small", prefix="", digits=4)


@pytest.mark.rule("ID-2")
@pytest.mark.parametrize(("unused", "leased"), [(0, 500), (249, 500), (250, 0), (500, 0), (740, 0)])
def test_a_device_gets_a_new_block_below_half(unused: int, leased: int) -> None:
    assert refill_size(unused) == leased


@pytest.mark.rule("ID-2")
@pytest.mark.parametrize(
    ("unused", "size", "below"), [(-1, 500, 250), (0, 0, 0), (0, 100, 101), (0, 10_001, 5)]
)
def test_senseless_block_settings_are_refused(unused: int, size: int, below: int) -> None:
    with pytest.raises(Refusal) as refused:
        refill_size(unused, block_size=size, refill_below=below)

    assert refused.value.code == "registry.block_size_invalid"


@pytest.mark.rule("ID-1", "ID-2", "CH-01")
def test_five_hundred_devices_never_share_a_number() -> None:
    generator = random.Random(500)
    taken: set[str] = set()

    for _ in range(500):
        block = draw_block(BLOCK_SIZE, taken, random_below=generator.randrange)
        assert taken.isdisjoint(block)
        taken.update(block)

    assert len(taken) == 250_000
    assert all(is_uhid(uhid) for uhid in taken)


@pytest.mark.rule("ID-2")
@given(seed=st.integers(), size=st.integers(1, 200), used=st.integers(0, 4_500))
def test_a_block_has_its_size_and_nothing_that_was_taken(seed: int, size: int, used: int) -> None:
    taken = {code_of(SMALL, ordinal) for ordinal in range(used)}

    block = draw_block(size, taken, scheme=SMALL, random_below=random.Random(seed).randrange)

    assert len(set(block)) == size
    assert taken.isdisjoint(block)


@pytest.mark.rule("ID-2")
def test_an_exhausted_space_is_refused_instead_of_searched_for_ever() -> None:
    taken = {code_of(SMALL, ordinal) for ordinal in range(SMALL.capacity)}

    with pytest.raises(Refusal) as refused:
        draw_block(5, taken, scheme=SMALL)

    assert refused.value.code == "registry.identifier_space_exhausted"


@pytest.mark.rule("ID-2")
@pytest.mark.parametrize("size", [0, -1, 10_001])
def test_a_block_without_size_or_beyond_the_cap_is_refused(size: int) -> None:
    with pytest.raises(Refusal):
        draw_block(size, frozenset())

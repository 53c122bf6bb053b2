"""While a process starts, no time goes into looking for cycles among what stays for ever."""

import gc

import pytest

from msingi.cli.assembly import assembling


def test_the_collector_rests_during_the_start_and_works_afterwards() -> None:
    before = gc.get_freeze_count()

    with assembling():
        resting = not gc.isenabled()
        kept = [object() for _ in range(10)]
        kept.append(kept)
    frozen = gc.get_freeze_count() - before
    gc.unfreeze()

    assert resting
    assert gc.isenabled()
    assert frozen > 0


def test_the_collector_works_again_after_a_start_that_failed() -> None:
    with pytest.raises(ValueError, match="wrong"), assembling():
        raise ValueError("wrong")
    gc.unfreeze()

    assert gc.isenabled()

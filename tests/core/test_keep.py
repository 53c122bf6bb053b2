"""What is kept per process: loaded once, bounded, and never a wrong value."""

from collections.abc import Collection

from msingi.keep import Keep


def test_only_what_is_missing_is_loaded() -> None:
    asked: list[list[str]] = []

    def load(keys: Collection[str]) -> dict[str, int]:
        asked.append(list(keys))
        return {key: len(key) for key in keys if key != "nobody"}

    keep: Keep[str, int] = Keep(10)

    assert keep.get_many(["a", "bb", "a", "nobody"], load) == {"a": 1, "bb": 2}
    assert keep.get_many(["bb", "ccc", "nobody"], load) == {"bb": 2, "ccc": 3}
    assert asked == [["a", "bb", "nobody"], ["ccc", "nobody"]]


def test_the_longest_unused_value_falls_out() -> None:
    loads = 0

    def load(keys: Collection[int]) -> dict[int, int]:
        nonlocal loads
        loads += 1
        return {key: key * key for key in keys}

    keep: Keep[int, int] = Keep(2)
    for key in (1, 2, 1, 3, 1):
        assert keep.get_many([key], load) == {key: key * key}
    assert loads == 3

    keep.get_many([2], load)

    assert loads == 4

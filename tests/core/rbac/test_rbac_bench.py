"""The benchmarks of access measure what they say, on both engines."""

from msingi.bench.permissions import permission_check, scope_overhead


def test_a_set_test_is_compared_with_the_policy_engine() -> None:
    figures = permission_check(quick=True)

    assert list(figures) == ["set_vs_enforce"]
    assert figures["set_vs_enforce"] > 0


def test_the_row_scope_is_compared_with_a_where_by_hand(database_url: str) -> None:
    figures = scope_overhead(quick=True, database_url=database_url)

    assert list(figures) == ["scoped_vs_plain"]
    assert figures["scoped_vs_plain"] > 0

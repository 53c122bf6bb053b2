"""The benchmarks of the executor run, do the same work on every side, and name their ratios."""

from msingi.bench.graphql import graphql_extension, graphql_page


def test_the_page_benchmark_names_its_four_ratios() -> None:
    ratios = graphql_page(quick=True)

    assert set(ratios) == {"orm_vs_stock", "orm_vs_floor", "rows_vs_stock", "rows_vs_floor"}
    assert all(ratio > 0 for ratio in ratios.values())


def test_the_extension_benchmark_names_its_ratio() -> None:
    ratios = graphql_extension(quick=True)

    assert set(ratios) == {"batched_vs_dataloader"}
    assert ratios["batched_vs_dataloader"] > 0

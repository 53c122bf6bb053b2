"""Pools of relative prices change where a period of each of them begins."""

from datetime import date

import pytest

from msingi_insurance.rules.pool_changes import first_day_of_change
from msingi_insurance.rules.terms import POOL_PARTS, Pool

TODAY = date(2026, 3, 2)


def _pools(**periods: str) -> list[Pool]:
    return [
        Pool.model_validate({"care": care, "period": period, "percentages": ["10"] * POOL_PARTS[period]})
        for care, period in periods.items()
    ]


@pytest.mark.rule("BAT-2", "BAT-3")
@pytest.mark.parametrize(
    ("before", "after", "asked", "possible"),
    [
        ({"B": "month"}, {"B": "quarter"}, date(2026, 4, 1), date(2026, 4, 1)),
        ({"B": "month"}, {"B": "quarter"}, date(2026, 5, 1), date(2026, 7, 1)),
        ({"B": "quarter"}, {"B": "month"}, date(2026, 3, 2), date(2026, 4, 1)),
        ({"B": "quarter"}, {"B": "month"}, date(2026, 1, 1), date(2026, 4, 1)),
        ({"B": "year"}, {"B": "month"}, date(2026, 12, 31), date(2027, 1, 1)),
        ({"B": "month"}, {"I": "month", "O": "year"}, date(2026, 11, 1), date(2027, 1, 1)),
        ({"B": "month"}, {"I": "month", "O": "month"}, date(2026, 11, 2), date(2026, 12, 1)),
        ({"B": "month"}, {"I": "month", "O": "month"}, date(2026, 12, 2), date(2027, 1, 1)),
        ({"B": "quarter"}, {}, date(2026, 9, 30), date(2026, 10, 1)),
        ({}, {"B": "year"}, date(2026, 3, 5), date(2026, 3, 5)),
        ({"I": "month", "O": "year"}, {"O": "year", "I": "month"}, date(2026, 1, 15), date(2026, 1, 15)),
    ],
)
def test_a_period_is_never_cut(
    before: dict[str, str], after: dict[str, str], asked: date, possible: date
) -> None:
    found = first_day_of_change(_pools(**before), _pools(**after), asked=asked, today=TODAY)

    assert found == possible


@pytest.mark.rule("BAT-2")
def test_another_percentage_holds_at_once() -> None:
    changed = [pool.model_copy(update={"percentages": (None,)}) for pool in _pools(B="year")]

    assert first_day_of_change(_pools(B="year"), changed, asked=TODAY, today=TODAY) == TODAY


@pytest.mark.rule("BAT-2")
def test_today_may_be_the_first_day_of_a_period() -> None:
    first = date(2026, 4, 1)

    assert first_day_of_change(_pools(B="month"), _pools(B="quarter"), asked=first, today=first) == first

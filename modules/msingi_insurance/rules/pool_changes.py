"""When pools of relative prices may change: what is shared out by the quarter is not shared by the month too (BAT-2)."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from msingi_insurance.rules.terms import POOL_PARTS, Pool

_MONTHS_OF_YEAR: Final = 12


def first_day_of_change(before: Iterable[Pool], after: Iterable[Pool], *, asked: date, today: date) -> date:
    """The day asked for, or the next one on which a period of every pool begins and that is not past.

    Only cares and periods count; another percentage holds for what the next run shares out. What there was no pool for
    was never shared out.
    """
    old, new = ({(pool.care, pool.period) for pool in pools} for pools in (before, after))
    if old == new or not old:
        return asked
    months = max(_MONTHS_OF_YEAR // POOL_PARTS[period.value] for _, period in old | new)
    day = max(asked, today)
    begins = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    if begins == day:
        return day
    year, month = divmod(begins.year * _MONTHS_OF_YEAR + begins.month - 1 + months, _MONTHS_OF_YEAR)
    return date(year, month + 1, 1)

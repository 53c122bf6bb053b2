"""Counts the person searches of a user in the database: for all processes together, whatever becomes of the operation."""

from datetime import timedelta
from math import ceil

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from msingi.actor import SYSTEM
from msingi.work import Work
from msingi_registry.errors import SearchTooOften
from msingi_registry.models.search_count import SearchCount
from msingi_registry.rules.search_allowance import Allowance
from msingi_registry.settings import RegistrySettings

_SPENT = "registry.searches_spent"


def spend_search(work: Work, *, amount: int = 1) -> None:
    """Count searches of the user; when fewer are left, all of them go.

    They are counted at once. Where the operation has begun a transaction, which a second one might wait for, they
    are counted as soon as it is over.

    Raises:
        SearchTooOften: none is left; they come back evenly over the minute (ID-23).

    """
    wait = _spend_later(work, amount) if work.session.in_transaction() else _spend_now(work, amount)
    if wait:
        raise SearchTooOften(seconds=ceil(wait.total_seconds()))


def _spend_now(work: Work, amount: int) -> timedelta:
    per_minute, now = _per_minute(work), work.now()
    with work.platform.work(SYSTEM, origin=work.origin) as own:
        row = _row(own, _who(work))
        left = Allowance(row.full_at)
        wait = left.wait(per_minute=per_minute, now=now)
        if not wait:
            row.full_at = left.spend(amount, per_minute=per_minute, now=now).full_at
    return wait


def _spend_later(work: Work, amount: int) -> timedelta:
    """What the operation spent before counts already, though it is not written yet."""
    spent: list[int] = work.session.info.setdefault(_SPENT, [])
    per_minute, now = _per_minute(work), work.now()
    stored = work.session.scalar(select(SearchCount.full_at).where(SearchCount.who == _who(work)))
    left = Allowance(stored or now).spend(sum(spent), per_minute=per_minute, now=now)
    wait = left.wait(per_minute=per_minute, now=now)
    if not wait:
        if not spent:
            work.when_over(lambda: _spend_now(work, sum(spent)))
        spent.append(amount)
    return wait


def _row(own: Work, who: str) -> SearchCount:
    """The locked row of a user, made when there is none."""
    wanted = select(SearchCount).where(SearchCount.who == who).with_for_update()
    row = own.session.scalar(wanted)
    if row is not None:
        return row
    try:
        with own.session.begin_nested():
            own.add(SearchCount(who=who, full_at=own.now()))
    except IntegrityError:  # another request of the same user was faster
        pass
    return own.session.scalars(wanted).one()


def _who(work: Work) -> str:
    return str(work.actor.id or work.actor.kind)


def _per_minute(work: Work) -> int:
    return work.settings(RegistrySettings).searches_per_minute

"""A process that posts hundreds of bills at once and waits to be killed before or after it commits."""

import time
from typing import Any

from tests.modules.msingi_ledger.ledger_fixtures import Desk, purse

from msingi.platform import Platform
from msingi.trial import small_profile
from msingi_ledger import post_many
from msingi_ledger.plugin import plugin as ledger

BILLS = 500


def open_ledger(database_url: str, security: Any, **overrides: Any) -> Platform:
    """The platform of the tests in another process, on the same database."""
    names = [ledger.name, purse.name]
    profile = small_profile(
        database={"url": database_url, "pool_size": 5, "synchronous": "NORMAL"},
        modules=names,
        security=security,
        **overrides,
    )
    return Platform(profile, plugins=[ledger, purse])


def post_and_wait(database_url: str, security: Any, desk: Desk, told: Any, *, commits: bool) -> None:
    """Post the bills, tell that it is done, and stay."""
    platform = open_ledger(database_url, security)
    with platform.work() as work:
        post_many(work, [desk.bill(f"bill-{number}", 1) for number in range(BILLS)])
        if not commits:
            told.put("posted")
            time.sleep(60)
    told.put("committed")
    time.sleep(60)

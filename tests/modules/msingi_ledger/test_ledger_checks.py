"""The nightly check keeps what it found, where administrators see it (IN-8)."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs
from tests.modules.msingi_ledger.ledger_fixtures import Desk
from typer.testing import CliRunner

from msingi.platform import Platform
from msingi.testing import AsUser, FrozenClock
from msingi_ledger import Transaction
from msingi_ledger.commands import app
from msingi_ledger.models import Check
from msingi_ledger.plugin import READ
from msingi_ledger.services.checking import check_ledger, checks
from msingi_ledger.services.sealing import seal

LIST = """{ ledgerChecks(orderBy: [CHECKED_AT_DESC], first: 5) { nodes {
  balanced transactions entries sealed root faults rule table row explanation } } }"""


def run(platform: Platform) -> Check:
    with platform.work() as work:
        return check_ledger(work)


def alter(platform: Platform) -> None:
    """Change a line as somebody could who takes the trigger away."""
    on = "" if platform.database.is_sqlite else " ON ledger_transaction"
    with platform.database.write.begin() as connection:
        connection.execute(text(f"DROP TRIGGER tr_ledger_transaction_update{on}"))
        connection.execute(text("UPDATE ledger_transaction SET description = 'x' WHERE key = 'start'"))


@pytest.mark.rule("IN-8", "IN-9")
def test_a_night_keeps_its_result_and_the_root(
    platform: Platform, desk: Desk, as_user: AsUser, ledger_options: list[str]
) -> None:
    empty = CliRunner().invoke(app, ["checks", *ledger_options])
    with platform.work() as work:
        seal(work)
    with capture_logs() as logs:
        check = run(platform)
    shown = platform.graphql.run(LIST, {}, actor=as_user(READ, at=desk.place))["data"]
    told = CliRunner().invoke(app, ["checks", "--json", *ledger_options])

    assert (empty.exit_code, told.exit_code) == (2, 0)
    assert (check.balanced, check.root[:2], [line for line in logs if line["log_level"] == "error"]) == (
        True,
        "1:",
        [],
    )
    (node,) = shown["ledgerChecks"]["nodes"]
    assert node == {
        "balanced": True,
        "transactions": 1,
        "entries": 2,
        "sealed": 1,
        "root": check.root,
        "faults": 0,
        "rule": "",
        "table": "",
        "row": None,
        "explanation": "",
    }
    assert [row["root"] for row in json.loads(told.output)] == [check.root]


@pytest.mark.rule("IN-8", "IN-9")
def test_a_wrong_row_is_named_and_logged(
    platform: Platform, desk: Desk, as_user: AsUser, ledger_options: list[str], frozen_clock: FrozenClock
) -> None:
    run(platform)
    alter(platform)
    frozen_clock.move(days=1)
    with capture_logs() as logs:
        run(platform)
    nodes = platform.graphql.run(LIST, {}, actor=as_user(READ, at=desk.place))["data"]["ledgerChecks"][
        "nodes"
    ]
    told = CliRunner().invoke(app, ["checks", *ledger_options])

    with platform.work(writes=False) as work:
        altered = work.session.scalar(select(Transaction.id).where(Transaction.key == "start"))
    errors = [line for line in logs if line["log_level"] == "error"]
    assert [(line["event"], line["rule"], line["row"]) for line in errors] == [
        ("ledger.broken", "IN-9", str(altered))
    ]
    assert [node["balanced"] for node in nodes] == [False, True]
    assert (nodes[0]["rule"], nodes[0]["table"], nodes[0]["row"]) == (
        "IN-9",
        "ledger_transaction",
        str(altered),
    )
    assert nodes[0]["explanation"] != ""
    assert told.exit_code == 1


@pytest.mark.rule("IN-9")
@pytest.mark.usefixtures("desk")
def test_a_chain_that_lost_links_is_found_by_the_root_of_the_night_before(
    platform: Platform, frozen_clock: FrozenClock
) -> None:
    with platform.work() as work:
        seal(work)
    run(platform)
    on = "" if platform.database.is_sqlite else " ON ledger_link"
    with platform.database.write.begin() as connection:
        connection.execute(text(f"DROP TRIGGER tr_ledger_link_delete{on}"))
        connection.execute(text("DELETE FROM ledger_link"))
    frozen_clock.instant += timedelta(days=1)

    assert (run(platform).rule, run(platform).balanced) == ("IN-9", True)


@pytest.mark.rule("IN-8")
def test_a_check_is_never_changed(platform: Platform) -> None:
    run(platform)

    with pytest.raises(Exception, match="never changed"), platform.work() as work:
        work.session.scalars(checks()).one().balanced = False

"""The nightly check keeps what it found, where administrators see it (IN-8)."""

import json
from typing import Any, Final, cast

import pytest
from sqlalchemy import Table, delete, insert, select, text
from structlog.testing import capture_logs
from tests.modules.msingi_ledger.ledger_fixtures import Desk
from typer.testing import CliRunner

from msingi.platform import Platform
from msingi.testing import AsUser, FrozenClock
from msingi_ledger import Transaction, post_many
from msingi_ledger.commands import app
from msingi_ledger.models import Check, Link
from msingi_ledger.plugin import READ
from msingi_ledger.services.checking import check_ledger, checks
from msingi_ledger.services.sealing import seal

LINKS: Final = cast("Table", Link.__table__)
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
def test_a_cut_chain_is_told_each_night_until_it_is_whole_again(
    platform: Platform, desk: Desk, frozen_clock: FrozenClock
) -> None:
    with platform.work() as work:
        post_many(work, [desk.bill("b0", 10)])
    with platform.work() as work:
        seal(work)
    nights = [run(platform)]
    lost = _cut(platform)
    for _ in range(3):
        frozen_clock.move(days=1)
        nights.append(run(platform))
    _restore(platform, lost)
    frozen_clock.move(days=1)
    nights.append(run(platform))

    assert [(night.balanced, night.rule, night.root[:2]) for night in nights] == [
        (True, "", "2:"),
        (False, "IN-9", "1:"),
        (False, "IN-9", "1:"),
        (False, "IN-9", "1:"),
        (True, "", "2:"),
    ]
    assert nights[0].root == nights[-1].root


def _cut(platform: Platform) -> dict[str, Any]:
    """Take the newest link away as somebody could who takes the trigger away; what it held."""
    on = "" if platform.database.is_sqlite else " ON ledger_link"
    with platform.database.write.begin() as connection:
        link = connection.execute(select(LINKS).order_by(LINKS.c.number.desc()).limit(1)).mappings().one()
        connection.execute(text(f"DROP TRIGGER tr_ledger_link_delete{on}"))
        connection.execute(delete(LINKS).where(LINKS.c.id == link["id"]))
    return dict(link)


def _restore(platform: Platform, link: dict[str, Any]) -> None:
    with platform.database.write.begin() as connection:
        connection.execute(insert(LINKS).values(link))


@pytest.mark.rule("IN-8")
def test_a_check_is_never_changed(platform: Platform) -> None:
    run(platform)

    with pytest.raises(Exception, match="never changed"), platform.work() as work:
        work.session.scalars(checks()).one().balanced = False

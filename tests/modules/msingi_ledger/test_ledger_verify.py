"""Whatever is altered behind the ledger's back is found and named."""

import json
from collections.abc import Sequence

import pytest
from sqlalchemy import Uuid, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError
from tests.modules.msingi_ledger.ledger_fixtures import Desk, alter, report_of
from typer.testing import CliRunner

import msingi_ledger.demo  # noqa: F401 - the closing lines of a demonstration
from msingi.demo.run import totals
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.testing import FrozenClock
from msingi_ledger import Transaction, post_many, verify
from msingi_ledger.commands import app
from msingi_ledger.models import Link
from msingi_ledger.services.sealing import seal

TABLES = ("ledger_entry", "ledger_transaction", "ledger_link")


def _seal(platform: Platform, *, everything: bool = False) -> int:
    with platform.work() as work:
        return seal(work, everything=everything)


@pytest.fixture
def sealed(platform: Platform, desk: Desk) -> Desk:
    """Five more bills; six transactions in the chain, two behind it."""
    with platform.work() as work:
        post_many(work, [desk.bill(f"b{number}", 10 + number) for number in range(5)])
    _seal(platform)
    with platform.work() as work:
        post_many(work, [desk.bill("c0", 1), desk.bill("c1", 2)])
    return desk


@pytest.mark.rule("IN-4", "IN-8", "IN-9")
@pytest.mark.usefixtures("sealed")
def test_an_honest_ledger_is_balanced(platform: Platform) -> None:
    report = report_of(platform)

    assert (report.balanced, report.transactions, report.entries, report.sealed) == (True, 8, 16, 6)
    assert report.root.startswith("6:")


@pytest.mark.rule("IN-1", "IN-2", "IN-4", "IN-8", "IN-9")
@pytest.mark.parametrize(
    ("statements", "rules"),
    [
        (["UPDATE ledger_entry SET credit_minor = 999 WHERE credit_minor = 12"], {"IN-1", "IN-8", "IN-9"}),
        (["DELETE FROM ledger_entry WHERE credit_minor = 12"], {"IN-1", "IN-8", "IN-9"}),
        (["UPDATE ledger_account SET posted_minor = posted_minor + 1 WHERE code = '2400'"], {"IN-4", "IN-8"}),
        (
            ["UPDATE ledger_account SET posted_minor = -5 WHERE code = '2000' AND owner = 'patient-2'"],
            {"IN-2", "IN-4", "IN-8"},
        ),
        (["UPDATE ledger_account SET held_minor = 5 WHERE code = '2400'"], {"IN-12"}),
        (["UPDATE ledger_transaction SET description = 'gift' WHERE key = 'b2'"], {"IN-9"}),
        (["UPDATE ledger_transaction SET occurred_on = '2025-01-01' WHERE key = 'c1'"], {"IN-9"}),
        (["DELETE FROM ledger_link WHERE number = 3"], {"IN-9"}),
        (
            [
                "UPDATE ledger_link SET hash = (SELECT hash FROM ledger_link WHERE number = 5) WHERE number = 2"
            ],
            {"IN-9"},
        ),
        (
            [
                "DELETE FROM ledger_entry WHERE debit_minor = 12 OR credit_minor = 12",
                "DELETE FROM ledger_link WHERE number = 4",
                "DELETE FROM ledger_transaction WHERE key = 'b2'",
                "UPDATE ledger_account SET posted_minor = posted_minor - 12 WHERE code = '2400'",
                "UPDATE ledger_account SET posted_minor = posted_minor + 12 WHERE owner = 'patient-1'",
            ],
            {"IN-9"},
        ),
    ],
)
@pytest.mark.usefixtures("sealed")
def test_every_alteration_is_found(platform: Platform, statements: Sequence[str], rules: set[str]) -> None:
    alter(platform, *statements)

    assert {fault.rule for fault in report_of(platform).faults} == rules


_REPLACED = """INSERT OR REPLACE INTO {table} SELECT * FROM {table}"""
_REPEATED = """INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = excluded.id"""


@pytest.mark.rule("IN-1")
@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("table", TABLES)
def test_an_insert_does_not_replace_what_was_posted(platform: Platform, table: str) -> None:
    statement = _REPLACED if platform.database.is_sqlite else _REPEATED

    with pytest.raises(DBAPIError, match="never changed"), platform.database.write.begin() as connection:
        connection.execute(text(statement.format(table=table)))

    assert report_of(platform).balanced


@pytest.mark.rule("IN-1", "IN-8")
@pytest.mark.usefixtures("sealed")
def test_a_line_slipped_into_a_posted_transaction_is_found(platform: Platform) -> None:
    """The database takes it: each line is a debit or a credit by itself, and their sum is known at the end only."""
    columns = "jurisdiction_id, transaction_id, account_id, currency"
    line = f"""INSERT INTO ledger_entry (id, position, debit_minor, credit_minor, {columns})
      SELECT :id, 9, 500, 0, {columns} FROM ledger_entry WHERE debit_minor = 12"""
    slipped = new_id()
    with platform.database.write.begin() as connection:
        connection.execute(text(line).bindparams(bindparam("id", slipped, Uuid())))

    assert {fault.rule for fault in report_of(platform).faults} == {"IN-1", "IN-8", "IN-9"}


@pytest.mark.rule("IN-9")
@pytest.mark.usefixtures("sealed")
def test_a_noted_link_shows_that_the_chain_was_rewritten(platform: Platform) -> None:
    noted = report_of(platform).root
    assert report_of(platform, noted).balanced

    alter(platform, "DELETE FROM ledger_link WHERE number > 4")

    assert report_of(platform).balanced
    assert [fault.rule for fault in report_of(platform, noted).faults] == ["IN-9"]


@pytest.mark.rule("IN-9")
def test_the_chain_takes_every_transaction_once_also_late_ones(
    platform: Platform, desk: Desk, frozen_clock: FrozenClock
) -> None:
    frozen_clock.move(hours=3)
    with platform.work() as work:
        post_many(work, [desk.bill("now", 1)])
    assert (_seal(platform), _seal(platform)) == (2, 0)
    frozen_clock.move(hours=-2)
    with platform.work() as work:
        post_many(work, [desk.bill("saved long after it was posted", 1)])

    assert (_seal(platform), _seal(platform, everything=True)) == (0, 1)
    with platform.work(writes=False) as work:
        numbers = work.session.execute(select(func.count(), func.max(Link.number)).select_from(Link)).one()
        assert tuple(numbers) == (3, 3)
        assert verify(work).balanced


@pytest.mark.usefixtures("sealed")
def test_the_command_names_the_first_wrong_row(platform: Platform, ledger_options: list[str]) -> None:
    good = CliRunner().invoke(app, ["verify", *ledger_options])
    alter(platform, "UPDATE ledger_transaction SET description = 'gift' WHERE key = 'b2'")
    bad = CliRunner().invoke(app, ["verify", *ledger_options])
    detailed = CliRunner().invoke(app, ["verify", "--json", *ledger_options])

    assert (good.exit_code, bad.exit_code, detailed.exit_code) == (0, 1, 1)
    assert "8 transactions, 16 lines, 6 in the chain" in good.output
    with platform.work(writes=False) as work:
        altered = work.session.scalar(select(Transaction.id).where(Transaction.key == "b2"))
    assert f"BROKEN IN-9: ledger_transaction {altered}" in bad.output
    report = json.loads(detailed.output)
    assert (report["balanced"], report["faults"][0]["row"]) == (False, str(altered))


@pytest.mark.rule("IN-9")
@pytest.mark.usefixtures("sealed")
def test_the_end_of_a_demonstration_seals_the_whole_ledger(platform: Platform) -> None:
    lines = totals(platform)

    report = report_of(platform)
    assert "ledger: balanced" in lines
    assert (report.sealed, report.transactions) == (8, 8)
    assert report.root.startswith("8:")

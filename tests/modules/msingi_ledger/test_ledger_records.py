"""What accounts, books and holds are is bound by keyed hashes: who alters them beside the platform is found out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.modules.msingi_ledger.ledger_fixtures import DAY, Desk, alter, report_of
from typer.testing import CliRunner

from msingi.migrate import scripts_of
from msingi.platform import Platform
from msingi.testing import FrozenClock
from msingi_ledger import HoldRequest, capture, close_period, hold, release
from msingi_ledger.commands import app
from msingi_ledger.plugin import plugin
from msingi_ledger.rules.records import NO_HOLDS, changed_sum
from msingi_ledger.services.holding import expire_holds

_WALLET = "code = '2000' AND owner = 'patient-1'"


@pytest.fixture
def holding(platform: Platform, desk: Desk, frozen_clock: FrozenClock) -> Desk:
    """One hold of each state on the first wallet (100 open, 200 captured by 150, 50 released, 25 expired); a closed day."""
    with platform.work() as work:
        ends = work.now() + timedelta(days=7)
        made = {
            key: hold(work, HoldRequest(desk.wallet, minor, key, until)).id
            for key, minor, until in (
                ("open", 100, ends),
                ("captured", 200, ends),
                ("released", 50, ends),
                ("expired", 25, work.now() + timedelta(days=1)),
            )
        }
    with platform.work() as work:
        capture(work, made["captured"], desk.bill("bill", 150))
        release(work, made["released"])
    frozen_clock.move(days=2)
    with platform.work() as work:
        assert expire_holds(work) == 1
        close_period(work, DAY)
    return desk


def _rules(platform: Platform) -> set[str]:
    return {fault.rule for fault in report_of(platform).faults}


@pytest.mark.rule("IN-9", "IN-12")
@pytest.mark.usefixtures("holding")
def test_an_honest_ledger_with_holds_and_a_closed_day_is_balanced(platform: Platform) -> None:
    assert report_of(platform).faults == ()


@pytest.mark.rule("IN-2", "IN-9")
@pytest.mark.parametrize(
    ("statements", "rules"),
    [
        (
            [
                "UPDATE ledger_account SET owner = 'x' WHERE owner = 'patient-1'",
                "UPDATE ledger_account SET owner = 'patient-1' WHERE owner = 'patient-2'",
                "UPDATE ledger_account SET owner = 'patient-2' WHERE owner = 'x'",
            ],
            {"IN-9"},
        ),
        (["UPDATE ledger_account SET bounded = false"], {"IN-2", "IN-9"}),
        ([f"UPDATE ledger_account SET code = '2001' WHERE {_WALLET}"], {"IN-9"}),
        ([f"UPDATE ledger_account SET account_class = 'income' WHERE {_WALLET}"], {"IN-2", "IN-9"}),
        ([f"UPDATE ledger_account SET account_class = 'equity' WHERE {_WALLET}"], {"IN-2", "IN-9"}),
        (["UPDATE ledger_account SET currency = 'TZS' WHERE code = '9000'"], {"IN-1", "IN-9"}),
        (["UPDATE ledger_account SET mac = NULL WHERE code = '9000'"], {"IN-9"}),
        (["UPDATE ledger_book SET currency = 'TZS'"], {"IN-1", "IN-9"}),
        (["UPDATE ledger_book SET closed_through = NULL"], {"IN-9"}),
        (["UPDATE ledger_book SET closed_through = '2026-03-03'"], {"IN-9"}),
    ],
)
@pytest.mark.usefixtures("holding")
def test_an_altered_account_or_book_is_found(
    platform: Platform, statements: Sequence[str], rules: set[str]
) -> None:
    alter(platform, *statements)

    assert _rules(platform) == rules


@pytest.mark.rule("IN-9", "IN-12")
@pytest.mark.parametrize(
    ("statements", "rules"),
    [
        (
            [
                "UPDATE ledger_hold SET amount_minor = 60 WHERE key = 'open'",
                f"UPDATE ledger_account SET held_minor = 60 WHERE {_WALLET}",
            ],
            {"IN-9"},
        ),
        (
            [
                "DELETE FROM ledger_hold WHERE key = 'open'",
                f"UPDATE ledger_account SET held_minor = 0 WHERE {_WALLET}",
            ],
            {"IN-12"},
        ),
        (["DELETE FROM ledger_hold WHERE key = 'released'"], {"IN-12"}),
        (["DELETE FROM ledger_hold", "UPDATE ledger_account SET held_minor = 0"], {"IN-12"}),
        (["UPDATE ledger_hold SET captured_minor = 1 WHERE key = 'captured'"], {"IN-9"}),
        (["UPDATE ledger_hold SET expires_at = '2026-12-31' WHERE key = 'released'"], {"IN-9"}),
        (["UPDATE ledger_hold SET state = 'released' WHERE key = 'expired'"], {"IN-9"}),
        (["UPDATE ledger_hold SET transaction_id = NULL WHERE key = 'captured'"], {"IN-9"}),
        (["UPDATE ledger_hold SET mac = NULL WHERE key = 'released'"], {"IN-9", "IN-12"}),
        ([f"UPDATE ledger_account SET holds_mac = NULL WHERE {_WALLET}"], {"IN-12"}),
        ([f"UPDATE ledger_account SET holds_sum = mac WHERE {_WALLET}"], {"IN-12"}),
    ],
)
@pytest.mark.usefixtures("holding")
def test_an_altered_hold_is_found(platform: Platform, statements: Sequence[str], rules: set[str]) -> None:
    statements = [_written_as(platform, each) for each in statements]

    alter(platform, *statements)

    assert _rules(platform) == rules


def _written_as(platform: Platform, statement: str) -> str:
    """SQLite keeps instants with their fractions."""
    sqlite = platform.database.is_sqlite
    return statement.replace("'2026-12-31'", "'2026-12-31 00:00:00.000000'") if sqlite else statement


@pytest.mark.rule("IN-12")
def test_the_earlier_state_of_a_hold_with_its_hash_is_found(platform: Platform, holding: Desk) -> None:
    """Both rows were right once: what gives them away is the sum of the account."""
    open_again = "state, captured_minor, transaction_id, mac"
    with platform.work() as work:
        made = hold(work, HoldRequest(holding.wallet, 10, "again", work.now() + timedelta(days=1)))
        made_id = made.id
    with platform.database.write.begin() as connection:
        connection.execute(
            text(f"CREATE TABLE kept AS SELECT {open_again} FROM ledger_hold WHERE key = 'again'")
        )
    with platform.work() as work:
        release(work, made_id)
    values = ", ".join(f"{name} = (SELECT {name} FROM kept)" for name in open_again.split(", "))

    alter(
        platform,
        f"UPDATE ledger_hold SET {values} WHERE key = 'again'",
        f"UPDATE ledger_account SET held_minor = held_minor + 10 WHERE {_WALLET}",
        "DROP TABLE kept",
    )

    assert _rules(platform) == {"IN-12"}


@pytest.mark.rule("IN-9", "IN-12")
def test_what_was_altered_stays_told_whatever_happens_after(
    platform: Platform, holding: Desk, frozen_clock: FrozenClock
) -> None:
    alter(
        platform,
        "UPDATE ledger_hold SET amount_minor = 60 WHERE key = 'open'",
        f"UPDATE ledger_account SET held_minor = 60, holds_sum = mac WHERE {_WALLET}",
        "UPDATE ledger_book SET closed_through = NULL",
    )
    frozen_clock.move(days=10)
    with platform.work() as work:
        assert expire_holds(work) == 1
        hold(work, HoldRequest(holding.wallet, 10, "new", work.now() + timedelta(days=1)))
        close_period(work, DAY + timedelta(days=1))

    found = {(fault.rule, fault.table) for fault in report_of(platform).faults}
    assert found == {("IN-9", "ledger_hold"), ("IN-12", "ledger_account"), ("IN-9", "ledger_book")}


@pytest.mark.rule("IN-9")
@pytest.mark.usefixtures("holding")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_account SET owner = 'x' WHERE owner = 'patient-1'",
        "UPDATE ledger_account SET bounded = false",
        "DELETE FROM ledger_account WHERE code = '9000'",
        "UPDATE ledger_book SET currency = 'TZS'",
        "DELETE FROM ledger_book",
        "UPDATE ledger_hold SET amount_minor = 300 WHERE key = 'open'",
        "UPDATE ledger_hold SET expires_at = '2027-01-01'",
        "DELETE FROM ledger_hold WHERE key = 'released'",
    ],
)
def test_the_database_refuses_to_change_what_never_changes(platform: Platform, statement: str) -> None:
    with pytest.raises(DBAPIError, match="never changes"), platform.database.write.begin() as connection:
        connection.execute(text(statement))

    assert report_of(platform).balanced


_KEPT = "SELECT id, code, owner, posted_minor, held_minor FROM ledger_account ORDER BY id"


@pytest.mark.rule("IN-9")
@pytest.mark.usefixtures("holding")
def test_the_ledger_of_an_older_release_is_kept_and_adopted_once(
    platform: Platform, ledger_options: list[str]
) -> None:
    revision: Any = scripts_of(plugin).get_revision("0003")
    with platform.database.write.begin() as connection:
        before = connection.execute(text(_KEPT)).all()
        with Operations.context(MigrationContext.configure(connection)):
            revision.module.downgrade()
            revision.module.upgrade()
        assert connection.execute(text(_KEPT)).all() == before
    told = CliRunner().invoke(app, ["verify", *ledger_options])
    first, again = (CliRunner().invoke(app, ["adopt", *ledger_options]) for _ in range(2))

    assert (told.exit_code, first.exit_code, again.exit_code) == (1, 0, 0)
    assert "“ledger adopt” is still to be run" in told.output
    assert ("11 rows were adopted." in first.output, "0 rows" in again.output) == (True, True)
    assert report_of(platform).balanced


@pytest.mark.rule("IN-9")
@pytest.mark.usefixtures("holding")
def test_adopting_gives_no_hash_to_what_has_a_wrong_one(
    platform: Platform, ledger_options: list[str]
) -> None:
    alter(platform, "UPDATE ledger_account SET owner = 'x' WHERE owner = 'patient-1'")

    adopted = CliRunner().invoke(app, ["adopt", *ledger_options])

    assert (adopted.exit_code, _rules(platform)) == (0, {"IN-9"})


@pytest.mark.rule("IN-12")
def test_the_sum_of_hashes_does_not_depend_on_their_order() -> None:
    one, two = b"\xff" * 32, b"\x01" + bytes(31)

    assert changed_sum(NO_HOLDS, come=[one, two]) == changed_sum(NO_HOLDS, come=[two, one])
    assert changed_sum(changed_sum(NO_HOLDS, come=[one, two]), gone=[two, one]) == NO_HOLDS

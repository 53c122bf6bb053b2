"""No row is left out of verification: not one that names what is gone, and not one that stands before the first."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.modules.msingi_ledger.ledger_fixtures import Desk, alter, alter_apart, report_of

from msingi.platform import Platform
from msingi_ledger import HoldRequest, balance_of, capture, hold, post, reverse
from msingi_ledger.services.sealing import seal

_NOBODY = "0199aaaabbbb7000800000000000dead"
_FIRST = "0" * 32
_LINE = """INSERT INTO ledger_entry
    (id, jurisdiction_id, transaction_id, position, account_id, currency, debit_minor, credit_minor)
  SELECT '{id}', jurisdiction_id, '{transaction}', {position}, id, currency, {debit}, {credit}
  FROM ledger_account WHERE owner = '{owner}'"""
_FIELDS = """jurisdiction_id, book_id, template, input_hash, provider, event_id, occurred_on, recorded_at,
  description, posted_by, reverses_id, mac"""
_TRANSACTION = f"""INSERT INTO ledger_transaction (id, key, {_FIELDS})
  SELECT '{{id}}', 'forged', {_FIELDS} FROM ledger_transaction WHERE key = 'start'"""
_LINK = """INSERT INTO ledger_link (id, book_id, number, hash)
  SELECT '{id}', book_id, {number}, hash FROM ledger_link WHERE number = 1"""


@pytest.fixture
def spent(platform: Platform, desk: Desk) -> Desk:
    """Everything that the first wallet was given is spent: 400 of it were held before; a payment was taken back."""
    with platform.work() as work:
        made = hold(work, HoldRequest(desk.wallet, 400, "h", work.now() + timedelta(days=1)))
        capture(work, made.id, desk.bill("b", 400))
        post(work, desk.bill("c", 600))
        paid = post(work, desk.posting("purse.equity", "e", (desk.bank, desk.operator, 5)))
        reverse(work, paid.transaction_id, reason="twice")
        seal(work, everything=True)
    return desk


def _faults(platform: Platform) -> set[tuple[str, str]]:
    return {(fault.rule, fault.table) for fault in report_of(platform).faults}


@pytest.mark.rule("IN-9")
@pytest.mark.parametrize(
    ("lost", "tables"),
    [
        (["ledger_hold", "ledger_account WHERE owner = 'patient-1'"], {"ledger_entry"}),
        (["ledger_account WHERE owner = 'patient-1'"], {"ledger_entry", "ledger_hold"}),
        (["ledger_hold", "ledger_account"], {"ledger_entry"}),
        (["ledger_book"], {"ledger_account", "ledger_transaction", "ledger_link"}),
        (["ledger_transaction"], {"ledger_entry", "ledger_hold", "ledger_link"}),
        (
            ["ledger_entry", "ledger_link", "ledger_transaction WHERE reverses_id IS NULL"],
            {"ledger_hold", "ledger_transaction"},
        ),
    ],
)
@pytest.mark.usefixtures("spent")
def test_a_row_whose_account_transaction_or_book_is_gone_is_found(
    platform: Platform, lost: Sequence[str], tables: set[str]
) -> None:
    alter_apart(platform, *(f"DELETE FROM {each}" for each in lost))

    assert {("IN-9", table) for table in tables} <= _faults(platform)


def _moved(transaction: str) -> list[str]:
    """500 of the first wallet stand on the second: two lines, and both balances."""
    return [
        _LINE.format(
            id=f"{_NOBODY[:-1]}{position}",
            transaction=transaction,
            position=position,
            owner=owner,
            debit=debit,
            credit=500 - debit,
        )
        for position, owner, debit in ((0, "patient-1", 500), (1, "patient-2", 0))
    ] + [
        "UPDATE ledger_account SET posted_minor = 0 WHERE owner = 'patient-1'",
        "UPDATE ledger_account SET posted_minor = 500 WHERE owner = 'patient-2'",
    ]


@pytest.mark.rule("IN-9")
def test_lines_of_no_transaction_move_no_money_unseen(platform: Platform, spent: Desk) -> None:
    with platform.work() as work:
        post(work, spent.gift("again", 500))

    alter_apart(platform, *_moved(_NOBODY))

    with platform.work(writes=False) as work:
        assert (balance_of(work, spent.wallet).minor, balance_of(work, spent.other).minor) == (0, 500)
    assert _faults(platform) == {("IN-9", "ledger_entry")}


@pytest.mark.rule("IN-9")
@pytest.mark.parametrize(
    ("transaction", "link"),
    [(_FIRST, None), (_NOBODY, 0), (_NOBODY, -(2**63)), (_NOBODY, 99)],
    ids=["the least id", "a link before the first", "the least link", "a link after the last"],
)
def test_a_transaction_that_no_key_signed_is_found_wherever_it_stands(
    platform: Platform, spent: Desk, transaction: str, link: int | None
) -> None:
    with platform.work() as work:
        post(work, spent.gift("again", 500))
    linked = [] if link is None else [_LINK.format(id=transaction, number=link)]

    alter(platform, _TRANSACTION.format(id=transaction), *_moved(transaction), *linked)

    assert _faults(platform) == {("IN-9", "ledger_transaction")}


@pytest.mark.rule("IN-9")
def test_a_hold_of_the_least_id_is_found(platform: Platform, spent: Desk) -> None:
    with platform.work() as work:
        post(work, spent.gift("again", 500))
    copied = "jurisdiction_id, input_hash, currency, amount_minor, captured_minor, state, expires_at, version"
    alter(
        platform,
        f"""INSERT INTO ledger_hold (id, key, account_id, {copied}) SELECT '{_FIRST}', 'x', account_id, {copied}
          FROM ledger_hold""",
        "UPDATE ledger_hold SET state = 'open', captured_minor = 0 WHERE key = 'x'",
        "UPDATE ledger_account SET held_minor = 400 WHERE owner = 'patient-1'",
    )

    assert _faults(platform) == {("IN-9", "ledger_hold")}


@pytest.mark.rule("IN-9")
@pytest.mark.usefixtures("spent")
def test_a_line_at_another_place_than_its_transaction_is_found(platform: Platform) -> None:
    alter(platform, f"UPDATE ledger_entry SET jurisdiction_id = '{_NOBODY}' WHERE credit_minor = 600")

    assert _faults(platform) == {("IN-9", "ledger_entry")}

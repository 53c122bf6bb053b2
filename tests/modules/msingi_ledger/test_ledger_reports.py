"""What accountants and auditors read: balanced, in their places only, and nothing to others."""

import csv
import io
import json
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.modules.msingi_ledger.ledger_fixtures import DAY, Desk
from typer.testing import CliRunner

from msingi.platform import Platform
from msingi.testing import AsUser
from msingi_ledger import ExternalEvent, journal, post, post_many, trial_balance
from msingi_ledger.commands import app
from msingi_ledger.demo import ledger_total
from msingi_ledger.plugin import CLOSE, READ
from msingi_ledger.services.reports import JOURNAL_HEADER

LISTS = """query {
  ledgerAccounts(first: 10, where: {code: {eq: "2000"}}, orderBy: [CODE_ASC]) { nodes { owner posted held } }
  ledgerTransactions(first: 10) { nodes { template occurredOn } }
  ledgerEntries(first: 10) { nodes { debit credit account { code } transaction { template } } }
  holds(first: 10) { nodes { state } }
  trialBalance { code debit credit balance }
  ledgerStatus { currency sealed root closedThrough } }"""


@pytest.fixture
def books(platform: Platform, desk: Desk) -> Desk:
    """A gift of yesterday with its fee, and a bill of today."""
    with platform.work() as work:
        fee = ((desk.bank, desk.other, 500), (desk.fees, desk.bank, 15))
        post(work, desk.posting("purse.gift", "g", *fee, occurred_on=DAY - timedelta(days=1)))
        post_many(work, [desk.bill("b", 400)])
    return desk


@pytest.mark.rule("IN-4", "TZA-31")
@pytest.mark.usefixtures("books")
def test_the_trial_balance_and_the_journal_are_balanced(platform: Platform) -> None:
    with platform.work(writes=False) as work:
        lines = {line.code: line.balance.minor for line in trial_balance(work)}
        earlier = {
            line.code: line.balance.minor for line in trial_balance(work, through=DAY - timedelta(days=1))
        }
        rows = list(journal(work, since=DAY - timedelta(days=1), until=DAY))
        today = list(journal(work, since=DAY))

    assert lines == {"1000": 1485, "2000": 1100, "2400": 400, "5000": 15}
    assert earlier == {"1000": 485, "2000": 500, "5000": 15}
    assert (len(rows), len(today)) == (8, 4)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row[1]] += row[9] - row[10]
    assert set(sums.values()) == {Decimal(0)}


@pytest.mark.usefixtures("books")
def test_the_commands_print_and_export(platform: Platform, ledger_options: list[str], tmp_path: Path) -> None:
    file = tmp_path / "journal.csv"
    exported = CliRunner().invoke(app, ["export", str(file), "--since", "2026-03-02", *ledger_options])
    balance = CliRunner().invoke(app, ["balance", "--json", *ledger_options])

    assert (exported.exit_code, balance.exit_code) == (0, 0)
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [(row["account"], row["debit"], row["credit"], row["currency"]) for row in rows[-2:]] == [
        ("2000", "400", "0", "XAF"),
        ("2400", "0", "400", "XAF"),
    ]
    assert {row["code"]: row["balance"] for row in json.loads(balance.output)}["2400"] == "400 XAF"
    with platform.work(writes=False) as work:
        assert ledger_total(work) == {"ledger": "balanced"}


@pytest.mark.rule("TZA-31")
def test_each_line_of_the_journal_leads_to_its_record_and_back(
    platform: Platform, desk: Desk, as_user: AsUser, run: Any
) -> None:
    with platform.work() as work:
        posted = post(work, desk.gift("gift:77", 5, event=ExternalEvent("momo", "T-1")))
    with platform.work(writes=False) as work:
        rows = [dict(zip(JOURNAL_HEADER, row, strict=True)) for row in journal(work)]
    found = run(
        '{ ledgerTransactions(where: {key: {eq: "gift:77"}}) { nodes { id key provider eventId } } }',
        actor=as_user(READ, at=desk.place),
    )["data"]["ledgerTransactions"]["nodes"]

    traces = [(row["module"], row["key"], row["provider"], row["event"]) for row in rows]
    assert traces == [("purse", "start", "", "")] * 2 + [("purse", "gift:77", "momo", "T-1")] * 2
    assert {row["transaction"] for row in rows if row["key"] == "gift:77"} == {str(posted.transaction_id)}
    assert found == [
        {"id": str(posted.transaction_id), "key": "gift:77", "provider": "momo", "eventId": "T-1"}
    ]


@pytest.mark.rule("attack 15")
def test_readers_see_their_places_and_others_nothing(books: Desk, as_user: AsUser, run: Any) -> None:
    data = run(LISTS, actor=as_user(READ, at=books.place))["data"]

    assert {node["owner"]: node["posted"] for node in data["ledgerAccounts"]["nodes"]} == {
        "patient-1": "600 XAF",
        "patient-2": "500 XAF",
    }
    assert [node["template"] for node in data["ledgerTransactions"]["nodes"]] == [
        "purse.gift",
        "purse.gift",
        "purse.bill",
    ]
    assert len(data["ledgerEntries"]["nodes"]) == 8
    assert data["trialBalance"][0] == {
        "code": "1000",
        "debit": "1500 XAF",
        "credit": "15 XAF",
        "balance": "1485 XAF",
    }
    assert data["ledgerStatus"] == {"currency": "XAF", "sealed": 0, "root": "", "closedThrough": None}

    elsewhere = run(LISTS, actor=as_user(READ, at=books.wallet))["data"]
    assert elsewhere["ledgerAccounts"]["nodes"] == elsewhere["trialBalance"] == []
    assert "errors" in run(LISTS, actor=as_user("ledger.reverse", at=books.place))


@pytest.mark.rule("attack 88")
def test_the_books_are_closed_by_who_may(books: Desk, as_user: AsUser, run: Any) -> None:
    close = 'mutation { closeBooks(through: "2026-03-01") { closedThrough } }'

    assert "errors" in run(close, actor=as_user(READ, at=books.place))
    answer = run(close, actor=as_user(CLOSE, READ, national=True))

    assert answer["data"]["closeBooks"] == {"closedThrough": "2026-03-01"}

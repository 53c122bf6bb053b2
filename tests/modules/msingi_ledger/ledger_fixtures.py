"""A platform with the ledger and a small module that moves money: wallets, bills and a bank."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from msingi import Plugin
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import KEYS, MakePlatform
from msingi.work import Work
from msingi_ledger import (
    AccountClass,
    AccountKind,
    ExternalEvent,
    ForbiddenRoute,
    LedgerReport,
    Movement,
    Posting,
    PostingTemplate,
    open_account,
    post,
    verify,
)
from msingi_ledger.plugin import plugin as ledger

BANK = AccountKind("1000", AccountClass.ASSET, "Bank of the trust")
WALLET = AccountKind("2000", AccountClass.LIABILITY, "Wallet of a patient")
PAYABLE = AccountKind("2400", AccountClass.LIABILITY, "Owed to a facility")
FEES = AccountKind("5000", AccountClass.EXPENSE, "Fees of providers", bounded=False)
OPERATOR = AccountKind("9000", AccountClass.EQUITY, "Operator", bounded=False)
TEMPLATES = (
    PostingTemplate(
        "purse.gift", ((BANK, WALLET), (FEES, BANK)), "A gift reaches a wallet, less a fee", only_record=True
    ),
    PostingTemplate("purse.bill", ((WALLET, PAYABLE),), "A wallet pays a bill"),
    PostingTemplate("purse.payout", ((PAYABLE, BANK),), "A facility is paid"),
    PostingTemplate("purse.transfer", ((WALLET, WALLET),), "One wallet helps another"),
    PostingTemplate("purse.equity", ((BANK, OPERATOR),), "The operator pays in"),
)
DAY = date(2026, 3, 2)
"""The day on which the frozen clock stands."""

PROFILE = """
name = "trial"
demo = true
languages = ["en", "fr"]
currency = "XAF"
timezone = "Africa/Douala"
modules = ["ledger"]
levels = [{{ code = "country", names = {{ fr = "Pays" }} }}]
country = {{ iso2 = "CM", iso3 = "CMR", names = {{ fr = "Cameroun" }} }}
branding = {{ application = {{ fr = "Essai" }}, abbreviation = "T", organisation = {{ fr = "M" }} }}
security = {{ keys = ["{key}"], index_key = "{index_key}" }}
"""

_TRIGGERS = {
    True: "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger%'",
    False: """SELECT tgname, tgrelid::regclass::text FROM pg_trigger
      WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'ledger%'""",
}
"""Of SQLite, and of PostgreSQL."""
_FOREIGN_KEYS = """SELECT conname, conrelid::regclass::text FROM pg_constraint
  WHERE contype = 'f' AND conrelid::regclass::text LIKE 'ledger%'"""

purse = Plugin("purse_desk", requires=["ledger"])


@purse.answer
def posting_templates() -> Sequence[PostingTemplate]:
    """The events of this file."""
    return TEMPLATES


@purse.answer
def forbidden_routes() -> Sequence[ForbiddenRoute]:
    """Wallets are never cashed out."""
    return [ForbiddenRoute(WALLET, BANK, (PAYABLE,))]


@dataclass(frozen=True, slots=True)
class Desk:
    """A place with a bank, two wallets and a facility to pay."""

    place: UUID
    bank: UUID
    wallet: UUID
    other: UUID
    payable: UUID
    fees: UUID
    operator: UUID

    def posting(
        self, template: str, key: str, *movements: tuple[UUID, UUID, int], **others: object
    ) -> Posting:
        """A posting of today at this place."""
        values = {"occurred_on": DAY, "movements": tuple(Movement(*each) for each in movements), **others}
        return Posting(template, key, self.place, **values)  # type: ignore[arg-type]

    def gift(self, key: str, minor: int, *, event: ExternalEvent | None = None) -> Posting:
        """A gift to the first wallet."""
        return self.posting("purse.gift", key, (self.bank, self.wallet, minor), event=event)

    def bill(self, key: str, minor: int) -> Posting:
        """A bill paid by the first wallet."""
        return self.posting("purse.bill", key, (self.wallet, self.payable, minor))


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    """The ledger and the module of this file."""
    return make_platform(ledger, purse)


@pytest.fixture
def desk(platform: Platform) -> Desk:
    """Accounts at one place; the first wallet holds 1,000."""
    with platform.work() as work:
        made = open_desk(work)
        post(work, made.gift("start", 1000))
    return made


def open_desk(work: Work) -> Desk:
    """Open the accounts of a new country."""
    place = add_places(work, [NewPlace("CM", "Country")])["CM"]

    def account(kind: AccountKind, owner: str = "") -> UUID:
        return open_account(work, kind, jurisdiction_id=place, owner=owner)

    return Desk(
        place,
        bank=account(BANK),
        wallet=account(WALLET, "patient-1"),
        other=account(WALLET, "patient-2"),
        payable=account(PAYABLE, "hospital"),
        fees=account(FEES),
        operator=account(OPERATOR),
    )


@pytest.fixture
def ledger_options(tmp_path: Path, database_url: str) -> list[str]:
    """The options of a command on the database of this test, with its keys."""
    path = tmp_path / "trial.toml"
    path.write_text(PROFILE.format(key=KEYS["keys"][0], index_key=KEYS["index_key"]), encoding="utf-8")
    return ["--profile", str(path), "--database", database_url]


def report_of(platform: Platform, anchor: str | None = None) -> LedgerReport:
    """What verification finds."""
    with platform.work(writes=False) as work:
        return verify(work, anchor=anchor)


def alter(platform: Platform, *statements: str) -> None:
    """Change rows as an administrator of the database could who takes the triggers and constraints away."""
    with platform.database.write.begin() as connection:
        sqlite = platform.database.is_sqlite
        for name, table in connection.execute(text(_TRIGGERS[sqlite])).all():
            connection.execute(text(f"DROP TRIGGER {name}{'' if sqlite else f' ON {table}'}"))
        if sqlite:
            connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        else:
            connection.execute(text("ALTER TABLE ledger_account DROP CONSTRAINT ck_ledger_account_bound"))
        for statement in statements:
            connection.execute(text(statement))


def alter_apart(platform: Platform, *statements: str) -> None:
    """The same where rows may name what is not there: a foreign connection to SQLite does not look."""
    alter(platform)
    if platform.database.is_sqlite:
        with closing(sqlite3.connect(str(platform.database.url.database))) as foreign, foreign:
            for statement in statements:
                foreign.execute(statement)
        return
    with platform.database.write.begin() as connection:
        for name, table in connection.execute(text(_FOREIGN_KEYS)).all():
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        for statement in statements:
            connection.execute(text(statement))

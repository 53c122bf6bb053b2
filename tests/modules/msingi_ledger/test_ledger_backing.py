"""What is owed to others is covered by what lies there, and modules prove their own money beside the ledger (IN-5, TZA-31)."""

import json
from collections.abc import Sequence
from random import Random
from typing import Final

import pytest
from sqlalchemy import case, select
from structlog.testing import capture_logs
from tests.modules.msingi_ledger.ledger_fixtures import BANK as TRUST
from tests.modules.msingi_ledger.ledger_fixtures import PAYABLE as OWED
from tests.modules.msingi_ledger.ledger_fixtures import WALLET as PURSE
from tests.modules.msingi_ledger.ledger_fixtures import Desk, open_desk, purse, report_of
from tests.modules.msingi_ledger.test_rules_ledger_chart import (
    BANK,
    CLEARING,
    DISPUTE,
    KINDS,
    LIABILITY,
    TIPS,
)
from typer.testing import CliRunner

from msingi import Plugin
from msingi.errors import ConfigurationError
from msingi.platform import Platform
from msingi.testing import FrozenClock, MakePlatform
from msingi_ledger import AccountClass, AccountKind, Backing, MoneyCheck, Transaction, post, unlike_ledger
from msingi_ledger.commands import app
from msingi_ledger.plugin import plugin as ledger
from msingi_ledger.rules.chart import compile_chart
from msingi_ledger.services.checking import check_ledger
from msingi_ledger.services.money_checks import OTHER_AMOUNT
from msingi_ledger.services.sealing import seal

BROKEN: Final = "what the purses are owed is more than the bank holds"
trust = Plugin("trust_desk", requires=["ledger"])
said: Final[dict[str, int]] = {}
"""What a record of the trust says of the transactions with these keys."""


@trust.answer
def backings() -> Sequence[Backing]:
    """Every franc of the purses lies in the bank."""
    return [Backing(owed=(PURSE, OWED), assets=(TRUST,), broken=BROKEN)]


@trust.answer
def money_checks() -> Sequence[MoneyCheck]:
    """The records of the trust say what went into the purses."""
    records = [
        select(Transaction.id, Transaction.id, case((Transaction.key == key, minor), else_=0)).where(
            Transaction.key == key
        )
        for key, minor in said.items()
    ]
    return [unlike_ledger("trust_record", each, [PURSE]) for each in records]


@pytest.fixture(autouse=True)
def nothing_said() -> None:
    """The trust has no records yet."""
    said.clear()


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    """The ledger, the module that moves money, and one that keeps it in trust."""
    return make_platform(ledger, purse, trust)


@pytest.fixture
def desk(platform: Platform) -> Desk:
    """Accounts of which the first wallet holds 1,000."""
    with platform.work() as work:
        made = open_desk(work)
        post(work, made.gift("start", 1000))
    return made


def _charged(platform: Platform, desk: Desk, key: str, minor: int) -> None:
    """The provider takes a fee out of what it brought."""
    with platform.work() as work:
        post(work, desk.posting("purse.gift", key, (desk.fees, desk.bank, minor)))


def _funded(platform: Platform, desk: Desk, key: str, minor: int) -> None:
    with platform.work() as work:
        post(work, desk.posting("purse.equity", key, (desk.bank, desk.operator, minor)))


@pytest.mark.rule("IN-5")
def test_a_fee_that_nobody_paid_for_leaves_wallets_uncovered_until_the_operator_pays_in(
    platform: Platform, desk: Desk, ledger_options: list[str]
) -> None:
    assert report_of(platform).balanced
    _charged(platform, desk, "fee", 50)

    report = report_of(platform)
    assert [(fault.rule, fault.table, fault.explanation) for fault in report.faults] == [
        ("IN-5", "ledger_book", BROKEN)
    ]

    _funded(platform, desk, "too little", 49)
    assert not report_of(platform).balanced
    _funded(platform, desk, "the rest", 1)
    assert report_of(platform).balanced


@pytest.mark.rule("IN-5", "IN-8")
def test_the_night_raises_the_alarm_and_ends_it_when_the_money_is_there(
    platform: Platform, desk: Desk, ledger_options: list[str], frozen_clock: FrozenClock
) -> None:
    _charged(platform, desk, "fee", 50)
    with platform.work() as work:
        seal(work)
    with capture_logs() as logs, platform.work() as work:
        check_ledger(work)
    told = CliRunner().invoke(app, ["checks", "--json", *ledger_options])
    (row,) = json.loads(told.output)
    assert (told.exit_code, row["balanced"], row["first"].split()[0]) == (1, False, "IN-5")
    assert [line["rule"] for line in logs if line["log_level"] == "error"] == ["IN-5"]

    _funded(platform, desk, "equity", 50)
    frozen_clock.move(days=1)
    with platform.work() as work:
        assert check_ledger(work).balanced
    assert CliRunner().invoke(app, ["checks", "--json", *ledger_options]).exit_code == 0


@pytest.mark.rule("IN-5")
def test_verification_tells_shortage_as_a_dictionary_does(platform: Platform, desk: Desk) -> None:
    """Random gifts, fees, bills, payouts and fundings: backed is what plain sums say."""
    random, bank, owed, seen = Random(5), 1000, 1000, set()
    for number in range(40):
        kind, minor = random.choice(["gift", "fee", "fund", "payout"]), random.randint(1, 60)
        key = f"step-{number}"
        if kind == "gift":
            with platform.work() as work:
                post(work, desk.gift(key, minor))
            bank, owed = bank + minor, owed + minor
        elif kind == "fee":
            _charged(platform, desk, key, minor)
            bank -= minor
        elif kind == "fund":
            _funded(platform, desk, key, minor)
            bank += minor
        else:
            with platform.work() as work:
                post(work, desk.bill(f"{key}-bill", minor))
                post(work, desk.posting("purse.payout", key, (desk.payable, desk.bank, minor)))
            bank, owed = bank - minor, owed - minor
        assert report_of(platform).balanced is (bank >= owed), (kind, bank, owed)
        seen.add(bank >= owed)
    assert seen == {True, False}


@pytest.mark.rule("IN-5")
@pytest.mark.parametrize(
    ("owed", "assets"), [((BANK,), (CLEARING,)), ((TIPS,), (BANK,)), ((), (BANK, TIPS)), ((), (KINDS[3],))]
)
def test_only_assets_back_and_only_liabilities_are_backed(
    owed: tuple[AccountKind, ...], assets: tuple[AccountKind, ...]
) -> None:
    with pytest.raises(ConfigurationError, match="wrong side"):
        compile_chart([], backings=[Backing(owed, assets, "short")])


@pytest.mark.rule("IN-5")
def test_all_wallets_of_health_credits_are_backed_by_bank_clearing_and_disputes() -> None:
    wallets = tuple(kind for kind in KINDS if kind.account_class is LIABILITY)
    chart = compile_chart([], backings=[Backing(wallets, (BANK, CLEARING, DISPUTE), "short")])

    assert {kind.code[0] for kind in chart.backings[0].owed} == {"2"}
    assert {kind.account_class for kind in chart.backings[0].assets} == {AccountClass.ASSET}


@pytest.mark.rule("TZA-31")
def test_a_record_that_says_another_amount_than_its_transaction_is_named(
    platform: Platform, desk: Desk
) -> None:
    said["start"] = 1000
    assert report_of(platform).balanced
    for wrong in (999, 1001, -1000, 0):
        said["start"] = wrong
        (fault,) = report_of(platform).faults
        assert (fault.rule, fault.table, fault.explanation) == ("TZA-31", "trust_record", OTHER_AMOUNT)

"""The chart of the health credits, pair by pair: money moves only as a template says."""

from itertools import product
from typing import Final

import pytest

from msingi.errors import ConfigurationError
from msingi_ledger import AccountClass, AccountKind, ForbiddenRoute, PostingTemplate
from msingi_ledger.rules.chart import Chart, compile_chart, reachable

ASSET, LIABILITY = AccountClass.ASSET, AccountClass.LIABILITY
BANK = AccountKind("1000", ASSET, "Trust bank")
CLEARING = AccountKind("1100", ASSET, "Clearing of a provider")
DISPUTE = AccountKind("1200", ASSET, "Chargebacks in progress")
WALLET_A = AccountKind("2000", LIABILITY, "Public wallet")
WALLET_B = AccountKind("2010", LIABILITY, "Private wallet")
CAMPAIGN = AccountKind("2100", LIABILITY, "Escrow of a need")
PROJECT = AccountKind("2200", LIABILITY, "Facility project")
EMERGENCY = AccountKind("2300", LIABILITY, "Emergency pool")
SOLIDARITY = AccountKind("2310", LIABILITY, "Solidarity pool")
PAYABLE = AccountKind("2400", LIABILITY, "Owed to a facility")
SUPPLIER = AccountKind("2410", LIABILITY, "Owed to a supplier")
REFUND = AccountKind("2600", LIABILITY, "Refund due")
TIPS = AccountKind("4000", AccountClass.INCOME, "Tips", bounded=False)
FEES = AccountKind("5000", AccountClass.EXPENSE, "Fees", bounded=False)
LOSS = AccountKind("5100", AccountClass.EXPENSE, "Losses", bounded=False)
OPERATOR = AccountKind("9000", AccountClass.EQUITY, "Operator", bounded=False)
KINDS: Final = (
    *(BANK, CLEARING, DISPUTE, WALLET_A, WALLET_B, CAMPAIGN, PROJECT, EMERGENCY, SOLIDARITY),
    *(PAYABLE, SUPPLIER, REFUND, TIPS, FEES, LOSS, OPERATOR),
)
EVENTS: Final = {
    "donation": [(CLEARING, CAMPAIGN), (CLEARING, TIPS), (FEES, CLEARING)],
    "settlement": [(BANK, CLEARING)],
    "release": [(CAMPAIGN, WALLET_A)],
    "prefund": [(BANK, OPERATOR)],
    "top_up": [(CLEARING, WALLET_B)],
    "advance": [(EMERGENCY, WALLET_A), (SOLIDARITY, WALLET_A)],
    "repayment": [(CAMPAIGN, EMERGENCY)],
    "project": [(CLEARING, PROJECT)],
    "capture": [(WALLET_A, PAYABLE), (WALLET_B, PAYABLE)],
    "payout": [(PAYABLE, BANK)],
    "purchase": [(PROJECT, SUPPLIER), (SUPPLIER, BANK)],
    "transfer_a": [(WALLET_A, WALLET_A)],
    "transfer_b": [(WALLET_B, WALLET_B)],
    "surplus": [(CAMPAIGN, SOLIDARITY)],
    "refund": [(CAMPAIGN, REFUND), (WALLET_A, REFUND), (REFUND, CLEARING), (REFUND, BANK)],
    "dispute": [(DISPUTE, CLEARING), (CAMPAIGN, DISPUTE), (LOSS, DISPUTE)],
}
FORBIDDEN: Final = (
    ForbiddenRoute(WALLET_A, BANK, (PAYABLE, REFUND)),
    ForbiddenRoute(WALLET_B, BANK, (PAYABLE, REFUND)),
    ForbiddenRoute(WALLET_A, WALLET_B, (CLEARING, BANK)),
    ForbiddenRoute(WALLET_A, PROJECT, (CLEARING, BANK)),
)


def _templates(**others: list[tuple[AccountKind, AccountKind]]) -> list[PostingTemplate]:
    events = {**EVENTS, **others}
    return [PostingTemplate(name, tuple(pairs), name) for name, pairs in events.items()]


@pytest.fixture(scope="module")
def chart() -> Chart:
    """The chart of the health credits."""
    return compile_chart(_templates(), FORBIDDEN)


@pytest.mark.rule("IN-6")
def test_of_all_pairs_a_template_allows_only_its_own(chart: Chart) -> None:
    allowed = {
        (name, debit.code, credit.code)
        for name, debit, credit in product(EVENTS, KINDS, KINDS)
        if chart.allows(name, debit.code, credit.code)
    }

    assert allowed == {
        (name, debit.code, credit.code) for name, pairs in EVENTS.items() for debit, credit in pairs
    }
    assert not any(chart.allows("theft", debit.code, credit.code) for debit, credit in product(KINDS, KINDS))


@pytest.mark.rule("IN-6", "IN-7")
@pytest.mark.parametrize("wallet", [WALLET_A, WALLET_B])
def test_a_wallet_reaches_the_bank_only_through_bills_and_refunds(chart: Chart, wallet: AccountKind) -> None:
    assert BANK.code in reachable(chart, wallet.code)
    assert BANK.code not in reachable(chart, wallet.code, {PAYABLE.code, REFUND.code})


@pytest.mark.rule("IN-6", "IN-7")
@pytest.mark.parametrize(
    "leak",
    [
        [(WALLET_A, BANK)],
        [(WALLET_B, SUPPLIER)],
        [(WALLET_A, WALLET_B)],
        [(WALLET_A, CAMPAIGN), (CAMPAIGN, PROJECT)],
    ],
)
def test_templates_that_together_open_a_forbidden_route_stop_the_start(
    leak: list[tuple[AccountKind, AccountKind]],
) -> None:
    with pytest.raises(ConfigurationError, match="let money go from"):
        compile_chart(_templates(leak=leak), FORBIDDEN)


def test_a_name_or_code_means_one_thing() -> None:
    twice = [*_templates(), PostingTemplate("payout", ((PAYABLE, BANK),), "again")]
    with pytest.raises(ConfigurationError, match="'payout'"):
        compile_chart(twice)
    other = AccountKind("1000", ASSET, "Another bank")
    with pytest.raises(ConfigurationError, match="'1000'"):
        compile_chart(_templates(other=[(other, OPERATOR)]))

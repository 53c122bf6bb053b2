"""Calculation rules: what each ships with, how a country replaces one, and how contracts use them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from msingi.contracts.exports import shipped_plugins
from msingi.errors import ConfigurationError
from msingi.platform import Platform
from msingi.plugin import Plugin
from msingi.trial import small_profile
from msingi_insurance.hooks import calendar_of, rule_book
from msingi_insurance.rules.amounts import Rounding
from msingi_insurance.rules.calculation.book import (
    NOT_APPLICABLE,
    AnyRule,
    Calculation,
    CalculationRule,
    Parameters,
    RuleBook,
)
from msingi_insurance.rules.calculation.shipped import SHIPPED
from msingi_insurance.rules.calculation.subjects import (
    CapitationSubject,
    CommissionSubject,
    ContributionSubject,
    FeeSubject,
    RemunerationSubject,
    TransferSubject,
)
from msingi_insurance.rules.contract import (
    CONTRACT_CODES,
    CONTRACT_STEPS,
    ContractState,
    ContractStep,
    PlanLine,
    contributions,
    next_contract_state,
    periods_of,
)
from msingi_insurance.rules.periods import CIVIL, CivilCalendar
from msingi_insurance.rules.refusals import (
    CalculationParametersInvalid,
    ContractStepRefused,
    UnknownCalculationRule,
)
from msingi_insurance.rules.trace import Trace

DAY = date(2021, 6, 1)
BOOK = RuleBook(SHIPPED)
HUNDRED = Decimal(100)


@pytest.mark.rule("PRM-7", "D-35")
@pytest.mark.parametrize(
    ("rule", "subject", "parameters", "amount"),
    [
        ("contribution_from_product", ContributionSubject(HUNDRED), {}, "100"),
        (
            "contribution_from_income",
            ContributionSubject(HUNDRED, Decimal(999)),
            {"percent": "3.3"},
            "32.967",
        ),
        ("contribution_from_income", ContributionSubject(HUNDRED, Decimal(0)), {"percent": 5}, "0"),
        ("contribution_from_income", ContributionSubject(HUNDRED), {"percent": 5}, None),
        ("fee", FeeSubject(Decimal(2000)), {"fixed": 50, "percent": "1.5"}, "80"),
        ("fee", FeeSubject(Decimal(2000)), {}, "0"),
        ("fee_for_service", RemunerationSubject(Decimal(1000)), {"percent": 90}, "900"),
        ("fee_for_service", RemunerationSubject(Decimal(1000)), {}, "1000"),
        ("capitation", CapitationSubject(Decimal(9000), Decimal(2), Decimal(6)), {}, "3000"),
        ("capitation", CapitationSubject(Decimal(9000), Decimal(0), Decimal(0)), {}, None),
        ("commission", CommissionSubject(Decimal(5000)), {"percent": 5, "renewal_percent": 2}, "250"),
        (
            "commission",
            CommissionSubject(Decimal(5000), is_renewal=True),
            {"percent": 5, "renewal_percent": 0},
            "0",
        ),
        ("commission", CommissionSubject(Decimal(5000), is_renewal=True), {"percent": 5}, "250"),
        (
            "unconditional_cash_transfer",
            TransferSubject(7, is_poor=True),
            {"per_member": 10, "most_members": 5},
            "50",
        ),
        ("unconditional_cash_transfer", TransferSubject(7, is_poor=False), {"per_member": 10}, None),
        ("unconditional_cash_transfer", FeeSubject(HUNDRED), {"per_member": 10}, None),
    ],
)
def test_a_shipped_rule_answers_with_an_exact_amount_or_not_at_all(
    rule: str, subject: object, parameters: dict[str, object], amount: str | None
) -> None:
    answer = BOOK.calculate(rule, subject, parameters, as_of=DAY)

    assert answer.amount == (NOT_APPLICABLE if amount is None else Decimal(amount))
    assert answer.rule == rule
    assert answer.steps


@pytest.mark.rule("PRM-7")
def test_zero_and_not_applicable_are_told_apart() -> None:
    parameters = BOOK.get("contribution_from_income").read_parameters({"percent": 0})
    rule = BOOK.get("contribution_from_income")

    assert rule.applies_to(ContributionSubject(HUNDRED, HUNDRED), parameters)
    assert not rule.applies_to(ContributionSubject(HUNDRED), parameters)
    assert rule.calculate(ContributionSubject(HUNDRED, HUNDRED), parameters, DAY).amount == 0
    assert rule.calculate(ContributionSubject(HUNDRED), parameters, DAY).amount is NOT_APPLICABLE


def test_every_shipped_rule_describes_itself() -> None:
    assert [rule.id for rule in BOOK if not {"fr", "en"} <= rule.labels.keys()] == []
    fields = [field for rule in BOOK for field in rule.parameters.model_fields.values()]
    assert fields
    assert [field for field in fields if not field.description] == []


def test_wrong_parameters_and_unknown_rules_are_refused() -> None:
    with pytest.raises(CalculationParametersInvalid) as refused:
        BOOK.calculate("commission", CommissionSubject(HUNDRED), {"percent": 101, "x": 1}, as_of=DAY)
    assert refused.value.params == {"rule": "commission", "fields": "percent, x"}
    with pytest.raises(UnknownCalculationRule):
        BOOK.get("astrology")


class FlatParameters(Parameters):
    """One amount for everybody."""

    amount: Decimal = Field(description="The amount")


def flat(_: ContributionSubject, given: FlatParameters, as_of: date) -> tuple[Decimal, Trace]:
    return given.amount * (2 if as_of.year > 2021 else 1), ()


FLAT = CalculationRule(
    id="contribution_from_product",
    labels={"fr": "Cotisation unique", "en": "Flat contribution"},
    parameters=FlatParameters,
    subject=ContributionSubject,
    formula=flat,
)


class Harvest(CivilCalendar):
    """A calendar of its own."""


def country_plugin(name: str) -> Plugin[Any]:
    plugin = Plugin(name, requires=["insurance"])

    @plugin.answer
    def calculation_rules() -> Sequence[AnyRule]:
        return [FLAT]

    @plugin.answer
    def scheme_calendar() -> CivilCalendar:
        return Harvest()

    return plugin


def assembled(folder: Path, *more: Plugin[Any]) -> Platform:
    names = ["registry", "catalogue", "ledger", "insurance", *(plugin.name for plugin in more)]
    plugins = [*(plugin for plugin in shipped_plugins() if plugin.name in names), *more]
    profile = small_profile(modules=names, database={"url": f"sqlite:///{folder}/empty.db"})
    return Platform(profile, plugins=plugins)


@pytest.mark.rule("PRM-7", "POL-3")
def test_a_country_replaces_a_rule_and_the_calendar_by_a_plugin(tmp_path: Path) -> None:
    plain, ours = assembled(tmp_path), assembled(tmp_path, country_plugin("country"))
    subject = ContributionSubject(HUNDRED)

    with plain.work(writes=False) as work:
        shipped = rule_book(work).calculate(FLAT.id, subject, {}, as_of=DAY)
        assert (shipped.amount, calendar_of(work)) == (HUNDRED, CIVIL)
    with ours.work(writes=False) as work:
        replaced = rule_book(work).calculate(FLAT.id, subject, {"amount": 7}, as_of=date(2022, 1, 1))
        assert replaced.amount == Decimal(14)
        assert isinstance(calendar_of(work), Harvest)
        assert rule_book(work).get("commission") is BOOK.get("commission")


def test_two_plugins_with_the_same_rule_stop_the_start() -> None:
    with pytest.raises(ConfigurationError, match="contribution_from_product"):
        RuleBook(SHIPPED, [[FLAT], [FLAT]])


CONTRACT = {
    **{
        ("submit", state): "negotiable"
        for state in ("information_request", "draft", "offer", "addendum", "counter")
    },
    **{("terminate", state.value): "terminated" for state in ContractState if state != "terminated"},
    ("approve", "negotiable"): "executable",
    ("counter", "negotiable"): "counter",
    ("create_invoice", "executable"): "executable",
    ("pay", "executable"): "effective",
    ("amend", "executable"): "addendum",
    ("expire", "effective"): "executed",
    ("renew", "effective"): "draft",
    ("renew", "executed"): "draft",
}


@pytest.mark.parametrize(("taken", "state"), list(product(ContractStep, ContractState)))
def test_a_contract_takes_only_the_steps_of_its_table(taken: ContractStep, state: ContractState) -> None:
    target = CONTRACT.get((taken.value, state.value))

    if target is not None:
        assert next_contract_state(state, taken) == target
        return
    with pytest.raises(ContractStepRefused):
        next_contract_state(state, taken)


def test_contract_states_keep_the_numbers_of_trained_staff() -> None:
    assert CONTRACT_CODES[ContractState.INFORMATION_REQUEST] == 1
    assert CONTRACT_CODES[ContractState.EFFECTIVE] == 7
    assert CONTRACT_CODES[ContractState.COUNTER] == len(ContractState) == 11
    assert {state for state, _ in CONTRACT_STEPS} == {*ContractState} - {ContractState.TERMINATED}


@pytest.mark.rule("PRM-7", "D-35")
def test_lines_of_a_contract_are_rounded_each_and_zero_is_a_value() -> None:
    lines = [
        PlanLine("a", "plan", Calculation(Decimal("10.125"), "r", ()), 4),
        PlanLine("b", "plan", Calculation(Decimal(0), "r", ()), 4),
        PlanLine("c", "plan", Calculation(NOT_APPLICABLE, "r", ()), 4),
    ]

    made = contributions(lines, Rounding("XAF"))

    assert [line.amount for line in made] == [Decimal(40), Decimal(0), None]
    assert (periods_of(12, 3), periods_of(13, 3), periods_of(1, 12)) == (4, 5, 1)

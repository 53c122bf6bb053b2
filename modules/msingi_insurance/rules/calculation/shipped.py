"""The calculation rules that every installation has; a plugin replaces one by bringing the same id."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from msingi_insurance.rules.amounts import EXACT, ZERO, percent_of
from msingi_insurance.rules.calculation.book import AnyRule, CalculationRule, Parameters
from msingi_insurance.rules.calculation.subjects import (
    CapitationSubject,
    CommissionSubject,
    ContributionSubject,
    FeeSubject,
    RemunerationSubject,
    TransferSubject,
)
from msingi_insurance.rules.terms import Amount, Percent
from msingi_insurance.rules.trace import Trace, step

_RULE: Final = "PRM-7"


class NoParameters(Parameters):
    """A rule that needs nothing but its object."""


class IncomeParameters(Parameters):
    """A share of the income, within bounds."""

    percent: Percent = Field(description="Percentage of the income")
    at_least: Amount | None = Field(default=None, description="Smallest contribution; empty: none")
    at_most: Amount | None = Field(default=None, description="Largest contribution; empty: none")


class FeeParameters(Parameters):
    """A fixed fee, a percentage, or both."""

    fixed: Amount = Field(default=ZERO, description="Fee that is always taken")
    percent: Percent = Field(default=ZERO, description="Percentage of the amount concerned")


class ShareParameters(Parameters):
    """A percentage of what was accepted."""

    percent: Percent = Field(
        default=Decimal(100), description="Percentage of the accepted amount that is paid"
    )


class CommissionParameters(Parameters):
    """What officers keep of what they collect."""

    percent: Percent = Field(description="Percentage of new contributions")
    renewal_percent: Percent | None = Field(
        default=None, description="Percentage of renewals; empty: the same"
    )


class TransferParameters(Parameters):
    """An amount for each member."""

    per_member: Amount = Field(description="Amount for each member of the family")
    most_members: Annotated[int, Field(ge=0)] = Field(default=100, description="Members that count at most")
    poor_only: bool = Field(default=True, description="Whether only families recognised as poor receive it")


def _from_product(subject: ContributionSubject, _: NoParameters, __: date) -> tuple[Decimal, Trace]:
    amount = subject.product_value
    return amount, (step(_RULE, "from_product", amount=amount),)


def _from_income(subject: ContributionSubject, given: IncomeParameters, _: date) -> tuple[Decimal, Trace]:
    income = subject.income or ZERO
    amount = percent_of(given.percent, income)
    steps = [step(_RULE, "income_share", percent=given.percent, income=income, amount=amount)]
    if given.at_least is not None and amount < given.at_least:
        amount = given.at_least
        steps.append(step(_RULE, "income_floor", amount=amount))
    if given.at_most is not None and amount > given.at_most:
        amount = given.at_most
        steps.append(step(_RULE, "income_ceiling", amount=amount))
    return amount, tuple(steps)


def _has_income(subject: ContributionSubject, _: IncomeParameters) -> bool:
    return subject.income is not None


def _fee(subject: FeeSubject, given: FeeParameters, _: date) -> tuple[Decimal, Trace]:
    share = percent_of(given.percent, subject.base)
    fixed = step(_RULE, "fee_fixed", amount=given.fixed)
    variable = step(_RULE, "fee_percent", percent=given.percent, base=subject.base, amount=share)
    return given.fixed + share, (fixed, variable)


def _fee_for_service(subject: RemunerationSubject, given: ShareParameters, _: date) -> tuple[Decimal, Trace]:
    amount = percent_of(given.percent, subject.accepted)
    said = step("BAT-6", "fee_for_service", percent=given.percent, base=subject.accepted, amount=amount)
    return amount, (said,)


def _capitation(subject: CapitationSubject, _: NoParameters, __: date) -> tuple[Decimal, Trace]:
    amount = EXACT.divide(EXACT.multiply(subject.pool, subject.count), subject.total)
    values = {"count": subject.count, "shares": subject.total, "pool": subject.pool, "amount": amount}
    return amount, (step("BAT-7", "capitation_share", **values),)


def _has_shares(subject: CapitationSubject, _: NoParameters) -> bool:
    return subject.total > 0


def _commission(subject: CommissionSubject, given: CommissionParameters, _: date) -> tuple[Decimal, Trace]:
    renewal = given.percent if given.renewal_percent is None else given.renewal_percent
    percent = renewal if subject.is_renewal else given.percent
    amount = percent_of(percent, subject.collected)
    return amount, (step(_RULE, "commission", percent=percent, base=subject.collected, amount=amount),)


def _transfer(subject: TransferSubject, given: TransferParameters, _: date) -> tuple[Decimal, Trace]:
    total = min(subject.members, given.most_members) * given.per_member
    members = {"members": subject.members, "most": given.most_members}
    return total, (step(_RULE, "transfer", amount=given.per_member, total=total, **members),)


def _may_receive(subject: TransferSubject, given: TransferParameters) -> bool:
    return subject.is_poor or not given.poor_only


SHIPPED: Final[tuple[AnyRule, ...]] = (
    CalculationRule(
        id="contribution_from_product",
        labels={"fr": "Cotisation selon le produit", "en": "Contribution from the product"},
        parameters=NoParameters,
        subject=ContributionSubject,
        formula=_from_product,
    ),
    CalculationRule(
        id="contribution_from_income",
        labels={"fr": "Cotisation en pourcentage du revenu", "en": "Contribution as a percentage of income"},
        parameters=IncomeParameters,
        subject=ContributionSubject,
        formula=_from_income,
        condition=_has_income,
    ),
    CalculationRule(
        id="fee",
        labels={"fr": "Frais", "en": "Fee"},
        parameters=FeeParameters,
        subject=FeeSubject,
        formula=_fee,
    ),
    CalculationRule(
        id="fee_for_service",
        labels={"fr": "Paiement à l'acte", "en": "Fee for service"},
        parameters=ShareParameters,
        subject=RemunerationSubject,
        formula=_fee_for_service,
    ),
    CalculationRule(
        id="capitation",
        labels={"fr": "Capitation", "en": "Capitation"},
        parameters=NoParameters,
        subject=CapitationSubject,
        formula=_capitation,
        condition=_has_shares,
    ),
    CalculationRule(
        id="commission",
        labels={"fr": "Commission en pourcentage", "en": "Commission as a percentage"},
        parameters=CommissionParameters,
        subject=CommissionSubject,
        formula=_commission,
    ),
    CalculationRule(
        id="unconditional_cash_transfer",
        labels={"fr": "Transfert monétaire inconditionnel", "en": "Unconditional cash transfer"},
        parameters=TransferParameters,
        subject=TransferSubject,
        formula=_transfer,
        condition=_may_receive,
    ),
)
"""In the order in which they are offered."""

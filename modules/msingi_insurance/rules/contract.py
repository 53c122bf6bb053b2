"""Contracts of policy holders: their states, the operations between them, and what each person costs (PRM-7, D-35)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msingi_insurance.rules.amounts import Rounding
from msingi_insurance.rules.calculation.book import NOT_APPLICABLE, Calculation
from msingi_insurance.rules.periods import ONE_DAY, Calendar
from msingi_insurance.rules.refusals import ContractStepRefused


class ContractState(StrEnum):
    """Where a contract stands."""

    INFORMATION_REQUEST = "information_request"
    DRAFT = "draft"
    OFFER = "offer"
    NEGOTIABLE = "negotiable"
    EXECUTABLE = "executable"
    ADDENDUM = "addendum"
    EFFECTIVE = "effective"
    EXECUTED = "executed"
    DISPUTED = "disputed"
    """Of imported contracts only: no step leads here."""
    TERMINATED = "terminated"
    COUNTER = "counter"


CONTRACT_CODES: Final[Mapping[ContractState, int]] = MappingProxyType(
    {state: number for number, state in enumerate(ContractState, start=1)}
)
"""The numbers 1 to 11 that trained staff know."""


class ContractStep(StrEnum):
    """What is done to a contract."""

    SUBMIT = "submit"
    APPROVE = "approve"
    COUNTER = "counter"
    AMEND = "amend"
    RENEW = "renew"
    CREATE_INVOICE = "create_invoice"
    PAY = "pay"
    EXPIRE = "expire"
    TERMINATE = "terminate"


_C: Final = ContractState
_OPEN: Final = (_C.INFORMATION_REQUEST, _C.DRAFT, _C.OFFER, _C.ADDENDUM, _C.COUNTER)
CONTRACT_STEPS: Final[Mapping[tuple[ContractState, ContractStep], ContractState]] = MappingProxyType(
    {
        **{(state, ContractStep.SUBMIT): _C.NEGOTIABLE for state in _OPEN},
        **{(state, ContractStep.TERMINATE): _C.TERMINATED for state in _C if state is not _C.TERMINATED},
        (_C.NEGOTIABLE, ContractStep.APPROVE): _C.EXECUTABLE,
        (_C.NEGOTIABLE, ContractStep.COUNTER): _C.COUNTER,
        (_C.EXECUTABLE, ContractStep.CREATE_INVOICE): _C.EXECUTABLE,
        (_C.EXECUTABLE, ContractStep.PAY): _C.EFFECTIVE,
        (_C.EXECUTABLE, ContractStep.AMEND): _C.ADDENDUM,
        (_C.EFFECTIVE, ContractStep.EXPIRE): _C.EXECUTED,
        (_C.EFFECTIVE, ContractStep.RENEW): _C.DRAFT,
        (_C.EXECUTED, ContractStep.RENEW): _C.DRAFT,
    }
)
"""From each state, where a step leads. Amending and renewing open a next contract in that state; the old one stays."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One person under one plan: what the plan's rule answered for a period of its periodicity, and how many of them."""

    person: str
    plan: str
    calculated: Calculation
    periods: int
    later: Calculation | None = None
    """What the rule answered for each period after the first; None when it is the same."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one person costs under one plan over the contract; None when the plan's rule does not apply."""

    person: str
    plan: str
    amount: Decimal | None
    rule: str


def next_contract_state(state: ContractState, taken: ContractStep) -> ContractState:
    """The state after a step; refuses what the table does not have."""
    target = CONTRACT_STEPS.get((state, taken))
    if target is None:
        raise ContractStepRefused(state=state.value, step=taken.value)
    return target


def contributions(lines: Iterable[PlanLine], rounding: Rounding) -> tuple[Contribution, ...]:
    """The contribution of each line, rounded once (INS-A1); zero is a value, "not applicable" is none (PRM-7)."""
    return tuple(_contribution(line, rounding) for line in lines)


def periods_of(months: int, periodicity: int) -> int:
    """How often a plan of this periodicity is paid in so many months; a begun period counts."""
    return -(-months // periodicity)


def following_period(first: date, last: date, calendar: Calendar) -> tuple[date, date]:
    """The first and last day of a renewed contract: as many months, and days beyond them, as the one before."""
    start = last + ONE_DAY
    whole = next(
        months
        for months in range((start - first).days // 28, -1, -1)
        if calendar.add_months(first, months) <= start
    )
    rest = start - calendar.add_months(first, whole)
    return start, calendar.add_months(start, whole) + rest - ONE_DAY


def _contribution(line: PlanLine, rounding: Rounding) -> Contribution:
    first = line.calculated.amount
    later = first if line.later is None else line.later.amount
    if first is NOT_APPLICABLE or later is NOT_APPLICABLE:
        return Contribution(line.person, line.plan, None, line.calculated.rule)
    amount = rounding.once(first + later * (line.periods - 1))
    return Contribution(line.person, line.plan, amount, line.calculated.rule)

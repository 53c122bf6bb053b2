"""What the parts of a quote case say against each other: the family, the policy before, the plan (INS-1, PRM-7)."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from msingi.cases import Day, Problem, part_of
from msingi_insurance.case.model import CaseMember, CasePayment, CasePlan, CasePolicy, CaseScheme
from msingi_insurance.rules.amounts import EXACT, Rounding
from msingi_insurance.rules.calculation.book import RuleBook
from msingi_insurance.rules.calculation.shipped import SHIPPED
from msingi_insurance.rules.calculation.subjects import ContributionSubject
from msingi_insurance.rules.periods import CIVIL, ONE_DAY
from msingi_insurance.rules.refusals import (
    CalculationParametersInvalid,
    RuleSetsNoContribution,
    UnknownCalculationRule,
)
from msingi_insurance.rules.terms import Terms

SECOND_HEAD: Final = "a family has one head; say what this member is to the head"
SAME_ID: Final = "two members bear the same id"
BORN_LATER: Final = "this member is born after the day of enrolment"
BEGINS_LATER: Final = "the policy before this one begins after the day of enrolment"

PAID_FINER: Final = "{currency} has no coin for this: give a multiple of {unit}"
PAID_EARLIER: Final = "this payment is earlier than the one before it"
TOLD_EARLIER: Final = "this day is earlier than a payment or the confirmation"
NO_AMOUNT: Final = "give an amount: general, or ip and op"
_AMOUNTS: Final = ("general", "ip", "op")


def inconsistencies(document: object) -> Iterator[Problem]:
    """A problem for each place that another one contradicts; parts of a wrong form are left to their own problems."""
    policy: CasePolicy | None = part_of(document, "policy", CasePolicy)
    terms: Terms | None = part_of(document, "product", Terms)
    family: Sequence[CaseMember] = part_of(document, "family", tuple[CaseMember, ...]) or ()
    if terms is not None:
        yield from _in_terms(terms)
    yield from _in_family(family)
    if policy is not None:
        born_later = (at for at, member in enumerate(family) if member.born > policy.enrolled)
        yield from (Problem(f"$.family[{at}].born", BORN_LATER) for at in born_later)
        yield from _in_policy(policy, terms)
    payments: Sequence[CasePayment] = part_of(document, "payments", tuple[CasePayment, ...]) or ()
    scheme: CaseScheme = part_of(document, "scheme", CaseScheme) or CaseScheme()
    yield from _in_payments(payments, Rounding(scheme.currency))
    as_of: date | None = part_of(document, "as_of", Day)
    days = [payment.day for payment in payments]
    days += [policy.confirmed] if policy is not None and policy.confirmed else []
    if as_of is not None and any(day > as_of for day in days):
        yield Problem("$.as_of", TOLD_EARLIER)
    plan: CasePlan | None = part_of(document, "plan", CasePlan)
    if plan is not None:
        yield from _in_plan(plan)


def _in_terms(terms: Terms) -> Iterator[Problem]:
    """A limit whose amounts are all left out was forgotten; one that is null on purpose has no limit (INS-A3)."""
    for name, limits in (("deductible", terms.deductible), ("ceiling", terms.ceiling)):
        if limits is not None and limits.model_fields_set.isdisjoint(_AMOUNTS):
            yield Problem(f"$.product.{name}", NO_AMOUNT)


def _in_family(family: Sequence[CaseMember]) -> Iterator[Problem]:
    heads = [at for at, member in enumerate(family) if member.relationship == "head"]
    yield from (Problem(f"$.family[{at}].relationship", SECOND_HEAD) for at in heads[1:])
    seen: set[str] = set()
    for at, member in enumerate(family):
        if member.id in seen:
            yield Problem(f"$.family[{at}].id", SAME_ID)
        seen.add(member.id)


def _in_policy(policy: CasePolicy, terms: Terms | None) -> Iterator[Problem]:
    if policy.previous_expiry is None or terms is None:
        return
    began = CIVIL.add_months(policy.previous_expiry + ONE_DAY, -terms.insurance_period)
    if began > policy.enrolled:
        yield Problem("$.policy.previous_expiry", BEGINS_LATER)


def _in_payments(payments: Sequence[CasePayment], money: Rounding) -> Iterator[Problem]:
    for at, payment in enumerate(payments):
        if EXACT.remainder(payment.amount, money.unit):
            coin = {"currency": money.currency, "unit": str(money.unit)}
            yield Problem(f"$.payments[{at}].amount", PAID_FINER, coin)
    for at, (before, payment) in enumerate(pairwise(payments), start=1):
        if payment.day < before.day:
            yield Problem(f"$.payments[{at}].day", PAID_EARLIER)


def _in_plan(plan: CasePlan) -> Iterator[Problem]:
    try:
        rule = RuleBook(SHIPPED).get(plan.rule)
        rule.read_parameters(plan.parameters)
    except UnknownCalculationRule as refusal:
        yield Problem("$.plan.rule", refusal.template, refusal.params)
        return
    except CalculationParametersInvalid as refusal:
        yield Problem("$.plan.parameters", refusal.template, refusal.params)
        return
    if not rule.speaks_about(ContributionSubject):
        yield Problem("$.plan.rule", RuleSetsNoContribution.template, {"rule": plan.rule})

"""Quoting a case, and comparing the quote with what the case expects."""

from collections.abc import Iterator
from dataclasses import dataclass

from msingi_insurance.case.living import PolicyLife
from msingi_insurance.case.model import CasePlan, Expected, ExpectedParts, QuoteCase
from msingi_insurance.rules.calculation.book import RuleBook
from msingi_insurance.rules.calculation.shipped import SHIPPED
from msingi_insurance.rules.calculation.subjects import ContributionSubject
from msingi_insurance.rules.plans import quote_under_plan
from msingi_insurance.rules.premium import Quote, quote


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the expected one; ``place`` is its path in the case."""

    place: str
    expected: object
    found: object


def quote_case(case: QuoteCase) -> Quote:
    """The quote of a case that was read, under the shipped calculation rules."""
    plan = case.plan
    if plan is None:
        return quote(case.product, case.request(), case.scheme.rules())
    return _under_plan(case, plan)


def _under_plan(case: QuoteCase, plan: CasePlan) -> Quote:
    request, book = case.request(), RuleBook(SHIPPED)
    quoted, _ = quote_under_plan(
        case.product,
        request,
        case.scheme.rules(),
        lambda value: book.calculate(
            plan.rule, ContributionSubject(value, plan.income), plan.parameters, as_of=request.enrolled
        ),
    )
    return quoted


def compare(expected: Expected, quoted: Quote, life: PolicyLife) -> list[Difference]:
    """Every expected value that did not come out; what the case leaves out is not compared."""
    found = {
        "value": quoted.value,
        "from_plan": quoted.from_plan,
        "start": quoted.period.start,
        "expiry": quoted.period.expiry,
        "last_payment": quoted.period.last_payment,
        "covered": quoted.covered,
        "dropped": quoted.dropped,
        "warnings": quoted.warnings,
        "status": life.status,
        "effective": life.effective,
        "missing": life.missing,
        "excess": life.excess,
    }
    parts = {name: getattr(quoted.parts, name) for name in ExpectedParts.model_fields}
    return [
        *_differences("$.expect.", expected, found),
        *(_differences("$.expect.parts.", expected.parts, parts) if expected.parts else ()),
    ]


def _differences(
    place: str, expected: Expected | ExpectedParts, found: dict[str, object]
) -> Iterator[Difference]:
    for name, value in found.items():
        wanted = getattr(expected, name)
        if wanted is not None and wanted != value:
            yield Difference(f"{place}{name}", wanted, value)

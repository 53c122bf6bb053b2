"""What is left of a policy: deductible, ceiling, categories, and when an item or a service may be given again (POL-10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from msingi_insurance.rules.amounts import ZERO
from msingi_insurance.rules.consumption import Consumed, LineKey, Used
from msingi_insurance.rules.periods import CIVIL, Calendar
from msingi_insurance.rules.states import Stage
from msingi_insurance.rules.terms import (
    Basis,
    Category,
    Ceiling,
    Coverage,
    Deductible,
    Limits,
    LineKind,
    Terms,
)


@dataclass(frozen=True, slots=True)
class AmountLeft:
    """What is left of a deductible or a ceiling: in general, or for hospital and other care apart; None is unlimited."""

    basis: Basis
    general: Decimal | None = None
    hospital: Decimal | None = None
    other: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CategoryLeft:
    """What is left of a category over the policy period; None is unlimited, 0 is none (PRD-8, D-39)."""

    category: Category
    claims: int | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class LineLeft:
    """Whether and when an item or a service is covered, and how much of it is left."""

    kind: LineKind
    code: str
    covered: bool
    next_allowed: date | None
    quantity: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an insuree stands under a policy."""

    terms: Terms
    stage: Stage
    cover_from: date
    policy_effective: date | None
    members: int
    adult: bool
    consumed: Consumed
    calendar: Calendar = CIVIL


def deductible_left(deductible: Deductible | None, used: Used) -> AmountLeft | None:
    """What the insured still pay themselves; None without a deductible."""
    return None if deductible is None else _left(deductible.basis, deductible, used)


def ceiling_left(terms: Terms, used: Used, *, members: int) -> AmountLeft | None:
    """What the scheme still pays, with what the family's size adds (PRD-7); None without a ceiling."""
    if terms.ceiling is None:
        return None
    return _left(terms.ceiling.basis, _grown(terms, terms.ceiling, members), used)


def categories_left(terms: Terms, consumed: Consumed) -> tuple[CategoryLeft, ...]:
    """The categories that the product limits, with what is left of them."""
    numbers: Mapping[str, int | None] = terms.max_number.model_dump()
    amounts: Mapping[str, Decimal | None] = terms.max_amount.model_dump()
    left: list[CategoryLeft] = []
    for category in Category:
        most, amount = numbers.get(category.value), amounts.get(category.value)
        if most is None and amount is None:
            continue
        claims = None if most is None else max(0, most - consumed.category_claims.get(category, 0))
        spent = consumed.category_amounts.get(category, ZERO)
        left.append(CategoryLeft(category, claims, None if amount is None else max(ZERO, amount - spent)))
    return tuple(left)


def not_covered(key: LineKey) -> LineLeft:
    """What is said of an item or a service that no line of a product covers, or that the catalogue does not hold."""
    return LineLeft(*key, covered=False, next_allowed=None, quantity=None)


def line_left(standing: Standing, key: LineKey, *, on: date, frequency_days: int | None) -> LineLeft:
    """Whether the product covers an item or a service, from which day, and how much is left (PRD-10, check 5, check 17)."""
    coverage = coverage_for(standing.terms, key)
    if coverage is None:
        return not_covered(key)
    most = coverage.max_quantity.of(adult=standing.adult)
    used = standing.consumed.quantities.get(key, ZERO)
    given = standing.consumed.given.get(key, ())
    allowed = max(on, _after_waiting(standing, coverage), _after_frequency(given, on, frequency_days))
    return LineLeft(
        *key, covered=True, next_allowed=allowed, quantity=None if most is None else max(ZERO, most - used)
    )


def coverage_for(terms: Terms, key: LineKey) -> Coverage | None:
    """How a version pays for an item or a service: by its own line, or as all others; None when it does not."""
    for line in terms.coverage:
        if (line.kind, line.code) == key:
            return line
    return terms.other_items if key[0] is LineKind.ITEM else terms.other_services


def _left(basis: Basis, limits: Limits, used: Used) -> AmountLeft:
    if not limits.split:
        return AmountLeft(basis, general=_minus(limits.general, used.on(basis, hospital=None)))
    return AmountLeft(
        basis,
        hospital=_minus(limits.ip, used.on(basis, hospital=True)),
        other=_minus(limits.op, used.on(basis, hospital=False)),
    )


def _grown(terms: Terms, ceiling: Ceiling, members: int) -> Limits:
    above = terms.members_above(members)
    if not ceiling.split:
        return Limits(general=ceiling.grown(hospital=False, above=above))
    return Limits(ip=ceiling.grown(hospital=True, above=above), op=ceiling.grown(hospital=False, above=above))


def _after_waiting(standing: Standing, coverage: Coverage) -> date:
    """The first day after the waiting period of a new policy, or of a member who was added later (check 17)."""
    months = coverage.waiting_period.of(adult=standing.adult)
    effective = standing.policy_effective
    was_added = effective is not None and standing.cover_from > effective
    if not months or not (standing.stage is Stage.NEW or was_added):
        return standing.cover_from
    return standing.calendar.add_months(standing.cover_from, months)


def _after_frequency(given: Iterable[date], on: date, days: int | None) -> date:
    """The first day from ``on`` at which the same may be given again (check 5)."""
    day = on
    for past in sorted(given):
        if days and abs((day - past).days) < days:
            day = past + timedelta(days=days)
    return day


def _minus(limit: Decimal | None, used: Decimal) -> Decimal | None:
    return None if limit is None else max(ZERO, limit - used)

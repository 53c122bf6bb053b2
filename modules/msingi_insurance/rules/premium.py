"""What a policy costs, and whom it covers for that (PRM-1..PRM-8, TZA-18)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msingi_insurance.rules.amounts import ZERO, Rounding, percent_of
from msingi_insurance.rules.headcount import CountedMember, Headcount, count_members
from msingi_insurance.rules.people import Member
from msingi_insurance.rules.periods import CIVIL, Calendar, PolicyPeriod, discount_until, policy_period
from msingi_insurance.rules.states import Stage
from msingi_insurance.rules.terms import Terms
from msingi_insurance.rules.trace import Step, Trace, step
from msingi_insurance.rules.variations import vary


class DiscountBase(StrEnum):
    """What a discount is a percentage of (PRM-6)."""

    TOTAL = "total"
    CONTRIBUTION = "contribution"


class QuoteWarning(StrEnum):
    """What a clerk should know about a quote that is valid nevertheless."""

    ABOVE_MAX_MEMBERS = "above_max_members"
    """More members than the product covers (PRM-8)."""
    COVERED_ALREADY = "covered_already"
    """Members have a policy of the same product on days of this one; a case by hand knows no other policies."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """What the whole scheme decides once: money, age of majority (D-19), discount base, calendar."""

    rounding: Rounding
    age_of_majority: int = 18
    discount_base: DiscountBase = DiscountBase.TOTAL
    calendar: Calendar = CIVIL


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRequest:
    """Who wants to be insured, from when, as what.

    ``members``: those attached to the policy, else the whole family, the head first. ``places``: codes from the
    country down to the family's village. ``plan_value``: what a contribution plan asks, zero included (PRM-7);
    ``plan_steps``: how it came to that, or why it asks nothing of its own.
    """

    stage: Stage
    enrolled: date
    members: tuple[Member, ...]
    places: tuple[str, ...] = ()
    previous_expiry: date | None = None
    plan_value: Decimal | None = None
    plan_steps: Trace = ()


@dataclass(frozen=True, slots=True)
class PremiumParts:
    """The exact parts of a value, before it is rounded."""

    contribution: Decimal
    general_assembly: Decimal
    registration: Decimal
    discount: Decimal

    @property
    def total(self) -> Decimal:
        """Contribution, general assembly and registration, less the discount (PRM-6)."""
        return self.contribution + self.general_assembly + self.registration - self.discount


@dataclass(frozen=True, slots=True)
class Quote:
    """What a policy costs and covers, and why."""

    value: Decimal
    parts: PremiumParts
    from_plan: bool
    """Whether a contribution plan replaced what the parts add up to (PRM-7)."""
    members: tuple[CountedMember, ...]
    period: PolicyPeriod
    warnings: tuple[QuoteWarning, ...]
    steps: Trace

    @property
    def covered(self) -> tuple[str, ...]:
        """The members who are covered."""
        return tuple(member.id for member in self.members if member.covered)

    @property
    def dropped(self) -> tuple[str, ...]:
        """The members above the maximum, who are not covered (PRM-8)."""
        return tuple(member.id for member in self.members if not member.covered)


def quote(terms: Terms, request: QuoteRequest, scheme: Scheme) -> Quote:
    """Value, dates and covered members of a policy; the amount is rounded once, at the end (INS-A1)."""
    varied, said = vary(terms, places=request.places, on=request.enrolled)
    period = policy_period(
        varied,
        request.stage,
        enrolled=request.enrolled,
        previous_expiry=request.previous_expiry,
        calendar=scheme.calendar,
    )
    count = count_members(
        varied, request.members, on=request.enrolled, age_of_majority=scheme.age_of_majority
    )
    steps: list[Step] = [*said, *period.steps, *count.steps]
    parts = _parts(varied, request, count, period, scheme, steps)
    exact = parts.total if request.plan_value is None else request.plan_value
    return Quote(
        value=_settled(exact, request, scheme, steps),
        parts=parts,
        from_plan=request.plan_value is not None,
        members=count.members,
        period=period,
        warnings=(QuoteWarning.ABOVE_MAX_MEMBERS,) if count.dropped else (),
        steps=tuple(steps),
    )


def _parts(
    terms: Terms,
    request: QuoteRequest,
    count: Headcount,
    period: PolicyPeriod,
    scheme: Scheme,
    steps: list[Step],
) -> PremiumParts:
    contribution = _contribution(terms, count, steps)
    assembly = _assembly(terms, count, steps)
    registration = _registration(terms, request, count, scheme, steps)
    whole = contribution + assembly + registration
    base = whole if scheme.discount_base is DiscountBase.TOTAL else contribution
    return PremiumParts(
        contribution, assembly, registration, _discount(terms, request, period, scheme, base, steps)
    )


def _contribution(terms: Terms, count: Headcount, steps: list[Step]) -> Decimal:
    """The lump sum with those above its threshold, or a rate for each; other relatives always pay theirs (PRM-4)."""
    adult_rate, child_rate = terms.premium_adult or ZERO, terms.premium_child or ZERO
    lump_sum = terms.lump_sum or ZERO
    amount = lump_sum + count.paying_adults * adult_rate + count.paying_children * child_rate
    rates = {"adult_rate": adult_rate, "child_rate": child_rate, "amount": amount}
    if not lump_sum:
        steps.append(
            step("PRM-4", "per_member", adults=count.paying_adults, children=count.paying_children, **rates)
        )
    elif terms.threshold is None:
        steps.append(step("PRM-4", "lump_sum_for_all", lump_sum=lump_sum, amount=amount))
    else:
        extra = {"extra_adults": count.paying_adults, "extra_children": count.paying_children}
        steps.append(step("PRM-3", "threshold", threshold=terms.threshold, **extra))
        steps.append(step("PRM-4", "lump_sum", lump_sum=lump_sum, **extra, **rates))
    return amount + _others(count, adult_rate, child_rate, steps)


def _others(count: Headcount, adult_rate: Decimal, child_rate: Decimal, steps: list[Step]) -> Decimal:
    amount = count.other_adults * adult_rate + count.other_children * child_rate
    if count.other_adults or count.other_children:
        numbers = {"other_adults": count.other_adults, "other_children": count.other_children}
        rates = {"adult_rate": adult_rate, "child_rate": child_rate, "amount": amount}
        steps.append(step("PRM-1", "other_relatives", **numbers, **rates))
    return amount


def _assembly(terms: Terms, count: Headcount, steps: list[Step]) -> Decimal:
    return _once_or_each(
        "assembly", terms.general_assembly_lump_sum, terms.general_assembly_fee, count.total, steps
    )


def _registration(
    terms: Terms, request: QuoteRequest, count: Headcount, scheme: Scheme, steps: list[Step]
) -> Decimal:
    """New policies only; a renewal long after the last cover counts as new here (PRM-5, PRD-2)."""
    if request.stage is Stage.RENEWAL and not _recurs(terms, request, scheme.calendar, steps):
        steps.append(step("PRM-5", "no_registration"))
        return ZERO
    return _once_or_each(
        "registration", terms.registration_lump_sum, terms.registration_fee, count.total, steps
    )


def _recurs(terms: Terms, request: QuoteRequest, calendar: Calendar, steps: list[Step]) -> bool:
    months, expiry = terms.recurrence, request.previous_expiry
    if months is None or expiry is None or request.enrolled <= calendar.add_months(expiry, months):
        return False
    steps.append(step("PRD-2", "registration_recurs", expiry=expiry, months=months))
    return True


def _once_or_each(
    name: str, lump_sum: Decimal | None, fee: Decimal | None, members: int, steps: list[Step]
) -> Decimal:
    """The lump sum if it is set, zero included; else the fee of each counted member (PRM-5, INS-A3)."""
    if lump_sum is not None:
        steps.append(step("PRM-5", f"{name}_lump_sum", amount=lump_sum))
        return lump_sum
    if fee is None:
        return ZERO
    steps.append(step("PRM-5", f"{name}_fee", members=members, fee=fee, amount=members * fee))
    return members * fee


def _discount(
    terms: Terms,
    request: QuoteRequest,
    period: PolicyPeriod,
    scheme: Scheme,
    base: Decimal,
    steps: list[Step],
) -> Decimal:
    saying, percent, limit = _offer(terms, request, period, scheme.calendar)
    if not percent or limit is None or request.enrolled > limit:
        return ZERO
    amount = percent_of(percent, base)
    steps.append(step("PRM-6", saying, limit=limit, percent=percent, base=base, amount=amount))
    return amount


def _offer(
    terms: Terms, request: QuoteRequest, period: PolicyPeriod, calendar: Calendar
) -> tuple[str, Decimal | None, date | None]:
    """The discount of the stage and the last day on which it is given; None when it never is (PRM-6)."""
    if request.stage is Stage.NEW:
        by_cycle = calendar.add_months(period.start, -terms.enrolment_discount_period)
        return "enrolment_discount", terms.enrolment_discount, by_cycle if terms.start_cycles else None
    if request.previous_expiry is None:
        return "renewal_discount", terms.renewal_discount, None
    limit = discount_until(terms, previous_expiry=request.previous_expiry, calendar=calendar)
    return "renewal_discount", terms.renewal_discount, limit


def _settled(exact: Decimal, request: QuoteRequest, scheme: Scheme, steps: list[Step]) -> Decimal:
    steps.extend(request.plan_steps)
    if request.plan_value is not None:
        steps.append(step("PRM-7", "plan_value", amount=exact))
    value = scheme.rounding.once(exact)
    if value != exact:
        steps.append(step("INS-A1", "rounded", exact=exact, value=value))
    steps.append(step("PRM-6", "value", value=value))
    return value

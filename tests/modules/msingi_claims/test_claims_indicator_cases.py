"""Each of P1 to P12 on its edges: the days of February 2026, and what became of policies since; values by hand."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL
from tests.modules.msingi_claims.payment_fixtures import Counter, counter_of

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_claims.rules.batch import Period
from msingi_claims.rules.capitation import Component
from msingi_claims.services.capitation_counts import counts_of
from msingi_claims.services.catchments import ServedPlace, set_catchments
from msingi_claims.services.entry import delete_claim
from msingi_claims.services.indicators import Window, indicators
from msingi_claims.services.rejection import reject_claims
from msingi_claims.services.units import Units
from msingi_insurance import InsureePolicy, PayType, Policy, ProductVersion
from msingi_insurance.services.policies_daily import expire_chunk
from msingi_insurance.services.policies_life import reinstate_policy, suspend_policy

JANUARY, FEBRUARY, MARCH = (
    (date(2026, 1, 1), date(2026, 1, 31)),
    (date(2026, 2, 1), date(2026, 2, 28)),
    (date(2026, 3, 1), date(2026, 3, 31)),
)
OLD, LATE = date(2025, 6, 1), date(2026, 12, 31)


@pytest.fixture
def counter(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Counter:
    """A scheme in which every case has a product of its own."""
    counter = counter_of(make_platform, as_user, frozen_clock, COVERS_ALL)
    counter.at(2026, 2, 10, 9)
    return counter


@pytest.mark.rule("P1", "P3", "P4", "P6", "POL-5")
def test_a_policy_counts_as_it_was_on_the_last_day_whatever_became_of_it_since(counter: Counter) -> None:
    later, over, ended, twice = (_case(counter, code) for code in ("LATER", "OVER", "ENDED", "TWICE"))
    policies = {product: _insure(counter, product, OLD, LATE) for product in (later, over, twice)}
    policies[ended] = _insure(counter, ended, OLD, date(2026, 3, 20))

    _suspend(counter, policies[over], policies[ended], policies[twice])
    counter.at(2026, 2, 20, 9)
    _reinstate(counter, policies[twice])
    _suspend(counter, policies[twice])
    counter.at(2026, 2, 21, 9)
    _reinstate(counter, policies[twice])
    counter.at(2026, 3, 3, 9)
    _suspend(counter, policies[later], policies[twice])
    counter.at(2026, 3, 5, 9)
    _reinstate(counter, policies[over])
    counter.at(2026, 3, 31, 9)
    counter.scheme.act(expire_chunk)

    wanted = ("P1", "P3", "P4", "P6")
    assert _found(counter, later, FEBRUARY, *wanted) == (1, 0, 0, 1)
    assert _found(counter, later, MARCH, *wanted) == (0, 1, 0, 0)
    assert _found(counter, over, JANUARY, *wanted) == (1, 0, 0, 1)
    assert _found(counter, over, FEBRUARY, *wanted) == (0, 1, 0, 0)
    assert _found(counter, over, MARCH, *wanted) == (1, 0, 0, 1)
    assert _found(counter, ended, FEBRUARY, *wanted) == (0, 1, 0, 0)
    assert _found(counter, ended, MARCH, *wanted) == (0, 0, 1, 0)
    assert _found(counter, twice, FEBRUARY, *wanted) == (1, 1, 0, 1)
    assert _found(counter, twice, MARCH, *wanted) == (0, 1, 0, 0)


@pytest.mark.rule("BAT-7")
def test_capitation_counts_who_was_covered_on_the_last_day_of_its_month(counter: Counter) -> None:
    scheme = counter.scheme
    product = _case(counter, "HEADS")
    policies = [scheme.insure(scheme.family(size), **_days(OLD, LATE)) for size in (2, 3)]
    served = [ServedPlace(facility_id=scheme.hospital, place_id=scheme.places["V1"], percent=Decimal(50))]
    scheme.act(lambda work: set_catchments(work, served))

    _suspend(counter, policies[0])
    counter.at(2026, 3, 1, 9)
    _suspend(counter, policies[1])
    found = scheme.act(partial(_heads, product=product, facility=scheme.hospital))

    # On 28 February the family of three was covered, the one of two was not; half of the place is served.
    assert found == (Fraction(3, 2), Fraction(1, 2))


def _heads(work: Work, *, product: UUID, facility: UUID) -> tuple[Fraction, Fraction]:
    counts = counts_of(work, product, [facility], Period(FEBRUARY[0], MARCH[0]), Units.of("XAF"))[facility]
    return counts[Component.INSURED_POPULATION], counts[Component.INSURED_FAMILIES]


@pytest.mark.rule("P1", "P2", "P4", "P5", "P6", "P7")
def test_both_ends_of_a_period_belong_to_it(counter: Counter) -> None:
    cases = {
        # first day, last day: P1, P2, P4, P6, P7
        (date(2026, 2, 28), LATE): (1, 1, 0, 1, 1),
        (date(2026, 3, 1), LATE): (0, 0, 0, 0, 0),
        (date(2026, 2, 1), LATE): (1, 1, 0, 1, 1),
        (date(2026, 1, 31), LATE): (1, 0, 0, 1, 0),
        (OLD, date(2026, 2, 28)): (1, 0, 1, 1, 0),
        (OLD, date(2026, 2, 27)): (0, 0, 1, 0, 0),
        (OLD, date(2026, 2, 1)): (0, 0, 1, 0, 0),
        (OLD, date(2026, 1, 31)): (0, 0, 0, 0, 0),
    }
    for number, (days, expected) in enumerate(cases.items()):
        product = _case(counter, f"DAY{number}")
        _insure(counter, product, *days)
        assert _found(counter, product, FEBRUARY, "P1", "P2", "P4", "P6", "P7") == expected, days


@pytest.mark.rule("P2", "P5", "P6", "P7")
def test_new_renewed_and_removed_are_told_apart(counter: Counter) -> None:
    product = _case(counter, "RENEWED")
    (renewed,), (lapsed,), (left, stayed) = (counter.scheme.family(size) for size in (1, 1, 2))
    version = counter.scheme.product_version
    days = partial(_days, date(2026, 2, 15), LATE)
    before = counter.scheme.insure([renewed], version, **_days(OLD, date(2026, 2, 14)))
    counter.scheme.insure([renewed], version, **days(), previous_policy_id=before)
    counter.scheme.insure([lapsed], version, **_days(OLD, date(2025, 12, 31)))
    counter.scheme.insure([lapsed], version, **days())
    counter.scheme.insure([left, stayed], version, **days())
    _remove(counter, left, on=date(2026, 2, 28))

    # New: the family of two. Renewed: the one that was linked, and the one that lapsed.
    assert _found(counter, product, FEBRUARY, "P2", "P5") == (1, 2)
    # Covered on the 28th: all but the member who left that day. First cover of all: the two of the family.
    assert _found(counter, product, FEBRUARY, "P6", "P7") == (3, 2)
    # Who has two covers is one person.
    _case(counter, "SECOND")
    counter.scheme.insure([stayed], **days())
    assert _found(counter, None, FEBRUARY, "P6", "P7") == (3, 2)


@pytest.mark.rule("P8", "P9")
def test_contributions_are_received_by_day_and_allocated_by_days_of_cover(counter: Counter) -> None:
    product = _case(counter, "MONEY")
    policy = _insure(counter, product, date(2026, 2, 15), date(2026, 3, 14))
    for amount, day in ((100, 31), (200, 32), (400, 59), (-50, 59), (800, 60)):
        counter.contribute(policy, amount, on=date.fromordinal(date(2025, 12, 31).toordinal() + day))

    # Received from 1 to 28 February: 200 + 400 - 50. Allocated: 1450 over 28 days, of which 14 lie in February.
    assert _found(counter, product, FEBRUARY, "P8", "P9") == (550, 725)
    # What a family's credit pays was received before; a fee for photos is received and buys no cover.
    counter.contribute(policy, 140, on=FEBRUARY[0], pay_type=PayType.CREDIT)
    counter.contribute(policy, 28, on=FEBRUARY[0], is_photo_fee=True)
    assert _found(counter, product, FEBRUARY, "P8", "P9") == (578, 795)


@pytest.mark.rule("P9", "BAT-2")
def test_a_contribution_belongs_to_its_first_and_last_day_of_cover_too(counter: Counter) -> None:
    cases = {
        (date(2026, 2, 28), date(2026, 3, 27)): 100,
        (date(2026, 3, 1), date(2026, 3, 28)): 0,
        (date(2026, 1, 5), date(2026, 2, 1)): 100,
        (date(2026, 1, 4), date(2026, 1, 31)): 0,
    }
    for number, (days, expected) in enumerate(cases.items()):
        product = _case(counter, f"PART{number}")
        counter.contribute(_insure(counter, product, *days), 2800)
        assert _found(counter, product, FEBRUARY, "P9") == (expected,), days


@pytest.mark.rule("P10", "P11", "P12", "D7")
def test_the_claims_of_a_period_are_those_whose_care_began_in_it(counter: Counter) -> None:
    product = _case(counter, "CARE")
    scheme = counter.scheme
    (insuree,) = scheme.family()
    scheme.insure([insuree], scheme.product_version, **_days(OLD, LATE))
    counter.at(2026, 3, 9, 9)
    begun = (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1))
    for code, day in zip(("SV1", "DELI", "HOSP", "IT1"), begun, strict=True):
        counter.processed(insuree, (code, 2), date_from=day, date_to=date(2026, 3, 2))
    scheme.submitted(insuree, ("SV2", 1), date_from=date(2026, 2, 10))
    rejected = scheme.submitted(insuree, ("CONS", 1), date_from=date(2026, 2, 12))
    scheme.act(lambda work: reject_claims(work, [rejected], reason="no"))
    void = scheme.enter(insuree, ("SURG", 1), date_from=date(2026, 2, 14))
    scheme.act(lambda work: delete_claim(work, void, reason="twice", expected_version=1))

    # Two are valuated at 200 each, one is checked, one is rejected; the deleted one counts nowhere.
    assert _found(counter, None, FEBRUARY, "P10", "P11", "P12", "D7") == (4, 400, 1, 100)
    # A rejected claim was charged to no product.
    assert _found(counter, product, FEBRUARY, "P10", "P11", "P12") == (3, 400, 0)


def _case(counter: Counter, code: str) -> UUID:
    """A product of its own, under which the next policies are sold."""
    version = counter.scheme.sell(COVERS_ALL, code=code)
    product: UUID = counter.scheme.act(lambda work: work.get(ProductVersion, version).product_id)
    return product


def _insure(counter: Counter, product: UUID, first: date, last: date) -> UUID:
    """A policy of a new family of one under a product."""
    version = select(ProductVersion.id).where(ProductVersion.product_id == product)
    return counter.scheme.insure(
        counter.scheme.family(),
        counter.scheme.act(lambda work: work.session.scalar(version)),
        **_days(first, last),
    )


def _days(first: date, last: date) -> Mapping[str, Any]:
    return {"enrol_date": first, "start_date": first, "effective_date": first, "expiry_date": last}


def _suspend(counter: Counter, *policies: UUID) -> None:
    for policy_id in policies:
        counter.scheme.act(partial(_step, policy_id=policy_id, step=suspend_policy))


def _reinstate(counter: Counter, *policies: UUID) -> None:
    for policy_id in policies:
        counter.scheme.act(partial(_step, policy_id=policy_id, step=reinstate_policy))


def _step(work: Work, *, policy_id: UUID, step: Any) -> None:
    step(work, policy_id, reason="paid or not", expected_version=work.get(Policy, policy_id).version)


def _remove(counter: Counter, insuree: UUID, *, on: date) -> None:
    """End the cover of a person who was removed from the family."""
    cover = update(InsureePolicy).where(InsureePolicy.insuree_id == insuree)
    counter.scheme.act(lambda work: work.session.execute(cover.values(valid_to=on)) and None)


def _found(counter: Counter, product: UUID | None, period: tuple[date, date], *codes: str) -> tuple[Any, ...]:
    found = counter.scheme.act(lambda work: indicators(work, Window(*period, product_id=product)))
    values = {one.code: one.value for one in found}
    return tuple(values[code] for code in codes)

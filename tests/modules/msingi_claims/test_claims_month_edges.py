"""The edges of a month: contributions by their days of cover, care by the instant at which it was processed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL
from tests.modules.msingi_claims.payment_fixtures import Counter, counter_of

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_claims.models.payment import CapitationShare
from msingi_claims.rules.batch import Period
from msingi_claims.rules.capitation import Component
from msingi_claims.services.capitation_counts import counts_of
from msingi_claims.services.catchments import FiguresOfPlace, ServedPlace, set_catchments, set_place_figures
from msingi_claims.services.funds import allocated_funds
from msingi_claims.services.units import Units
from msingi_insurance import ProductVersion
from msingi_registry import Facility

FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))
XAF = Units.of("XAF")
_WHOLE_YEARS = 73_000
"""A contribution of which a day takes 100."""


@pytest.mark.rule("BAT-2", "PAY-6")
@pytest.mark.parametrize(
    ("first", "last", "share"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), 2800),
        (date(2026, 2, 28), date(2026, 3, 27), 100),
        (date(2026, 3, 1), date(2026, 3, 28), 0),
        (date(2026, 1, 5), date(2026, 2, 1), 100),
        (date(2026, 1, 4), date(2026, 1, 31), 0),
    ],
)
def test_a_month_has_its_share_of_contributions_by_days_and_none_of_fees_for_photos(
    make_platform: MakePlatform,
    as_user: AsUser,
    frozen_clock: FrozenClock,
    first: date,
    last: date,
    share: int,
) -> None:
    counter = counter_of(make_platform, as_user, frozen_clock, COVERS_ALL)
    days: dict[str, Any] = {
        "enrol_date": first,
        "start_date": first,
        "effective_date": first,
        "expiry_date": last,
    }
    policy = counter.scheme.insure(counter.scheme.family(), **days)
    counter.contribute(policy, 2800)
    counter.contribute(policy, 560, is_photo_fee=True)
    product = _product(counter)

    found = counter.scheme.act(lambda work: allocated_funds(work, product, FEBRUARY, XAF))

    assert found == share


@pytest.mark.rule("BAT-7", "D-14")
def test_capitation_counts_what_was_not_refused_of_the_care_processed_in_its_month(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    at_most_four = {"max_quantity": {"adult": "4"}}
    counter = counter_of(make_platform, as_user, frozen_clock, {**COVERS_ALL, "other_services": at_most_four})
    product = _product(counter)
    for instant, quantity in (
        ((2026, 1, 31, 22, 59), 1),  # 23:59 of the last day of January in Douala
        ((2026, 1, 31, 23, 0), 2),
        ((2026, 2, 28, 22, 59), 6),  # four of them are covered
        ((2026, 2, 28, 23, 0), 3),
    ):
        counter.at(*instant)
        counter.processed(counter.patient(), ("SV1", quantity), date_from=date(2026, 1, 31))
    counter.scheme.sell(COVERS_ALL, code="OTHER")
    counter.at(2026, 2, 20, 9)
    counter.processed(counter.patient(), ("SV1", 1))
    hospital = counter.scheme.hospital

    found = counter.scheme.act(lambda work: counts_of(work, product, [hospital], FEBRUARY, XAF))[hospital]

    assert found[Component.INSURED_VISITS] == 2
    assert found[Component.ADJUSTED_AMOUNT] == Fraction(200 + 400)


def _product(counter: Counter) -> UUID:
    """The product of the next policies."""
    version = counter.scheme.product_version
    product: UUID = counter.scheme.act(lambda work: work.get(ProductVersion, version).product_id)
    return product


@pytest.mark.rule("BAT-7", "D-14")
@pytest.mark.parametrize(
    ("opened", "closed", "receivers"),
    [
        (date(2026, 2, 28), None, 2),
        (date(2026, 3, 1), None, 1),
        (None, date(2026, 2, 2), 2),
        (None, date(2026, 2, 1), 1),
    ],
)
def test_a_facility_receives_capitation_for_months_in_which_it_was_open(
    make_platform: MakePlatform,
    as_user: AsUser,
    frozen_clock: FrozenClock,
    opened: date | None,
    closed: date | None,
    receivers: int,
) -> None:
    everywhere = [{"level": "Hospital"}, {"level": "CSI"}]
    capitation = {"levels": everywhere, "share": "50", "weights": {"population": 100}}
    counter = counter_of(make_platform, as_user, frozen_clock, {**COVERS_ALL, "capitation": capitation})
    scheme = counter.scheme
    counter.contribute(scheme.insure(scheme.family()), _WHOLE_YEARS)
    village = scheme.places["V1"]
    served = [
        ServedPlace(facility_id=one, place_id=village, percent=Decimal(50))
        for one in (scheme.hospital, scheme.centre)
    ]
    figures = [FiguresOfPlace(place_id=village, population=1000, families=0)]

    def prepare(work: Work) -> None:
        set_catchments(work, served)
        set_place_figures(work, figures)
        centre = work.get(Facility, scheme.centre)
        centre.opened_on, centre.closed_on = opened, closed

    scheme.act(prepare)
    counter.at(2026, 3, 2, 9)

    counter.batch()

    shares = counter.rows(CapitationShare, "component", "amount_minor")
    paid = [amount for component, amount in shares if component == "population" and amount]
    assert (len(paid), sum(paid)) == (receivers, 1400)

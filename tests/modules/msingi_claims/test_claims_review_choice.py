"""Which policy pays what a reviewer passes: the best-ranked that accepts it, as at the submission (ADJ-1, CLM-5, D-10)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of

from msingi.testing import AsUser, MakePlatform
from msingi_claims.models.decision import ClaimDecision
from msingi_claims.models.states import Purpose, ReviewVerdict
from msingi_claims.rules.codes import StepKind
from msingi_claims.services.documents import read_lines
from msingi_claims.services.reviews import LineVerdict
from msingi_claims.services.selection import select_claims

_HALF = {"limitation": {name: {"type": "C", "adult": 50} for name in ("other", "emergency", "referral")}}
_ONE_VISIT: dict[str, Any] = {"other_services": {}, "max_number": {"visit": 1}}


@pytest.fixture
def scheme(make_platform: MakePlatform, as_user: AsUser) -> Scheme:
    """A product that pays a visit whole, once; another pays half of each."""
    return scheme_of(make_platform, as_user, _ONE_VISIT)


def _patient(scheme: Scheme) -> UUID:
    (insuree,) = scheme.family()
    scheme.insure([insuree])
    scheme.insure([insuree], scheme.sell({"other_services": _HALF}, code="P2"))
    return insuree


def _pass_first_line(scheme: Scheme, claim_id: UUID) -> None:
    scheme.act(lambda work: select_claims(work, [claim_id], Purpose.REVIEW))
    first = scheme.lines(claim_id)[0]
    scheme.run_review(claim_id, LineVerdict(line_id=first.id, verdict=ReviewVerdict.PASS))


def _paid(scheme: Scheme, claim_id: UUID) -> list[int | None]:
    return [line.remunerated_minor for line in scheme.lines(claim_id)]


@pytest.mark.rule("ADJ-1", "CLM-2", "CLM-5", "D-10")
def test_a_passed_line_goes_to_a_policy_whose_number_of_visits_is_not_reached(scheme: Scheme) -> None:
    insuree = _patient(scheme)
    scheme.submitted(insuree, ("SV2", 1), date_from=date(2026, 1, 5))
    second = scheme.submitted(insuree, ("MALE", 1), ("SV1", 1))
    assert _paid(scheme, second) == [0, 50]

    _pass_first_line(scheme, second)
    assert _paid(scheme, second) == [50, 50]
    scheme.process(second)

    assert _paid(scheme, second) == [50, 50]


@pytest.mark.rule("CLM-2", "CLM-5")
def test_the_claim_itself_is_none_of_the_visits_that_count(scheme: Scheme) -> None:
    only = scheme.submitted(_patient(scheme), ("MALE", 1), ("SV1", 1))

    _pass_first_line(scheme, only)

    assert _paid(scheme, only) == [100, 100]


@pytest.mark.rule("CLM-2", "CLM-5", "D-20")
def test_claims_processed_together_count_each_other(scheme: Scheme) -> None:
    insuree = _patient(scheme)
    first = scheme.submitted(insuree, ("MALE", 1), ("SV1", 1), date_from=date(2026, 1, 5))
    second = scheme.submitted(insuree, ("MALE", 1), ("SV2", 1))
    for claim_id in (first, second):
        _pass_first_line(scheme, claim_id)

    scheme.process(first, second)

    assert [_paid(scheme, claim_id) for claim_id in (first, second)] == [[50, 100], [50, 50]]


@pytest.mark.rule("CLM-2", "CLM-6", "ADJ-9")
def test_a_line_that_stays_refused_for_a_number_tells_the_same_count_in_every_decision(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    only_first = {"coverage": [{"kind": "service", "code": "SV1"}], "max_number": {"visit": 1}}
    scheme = scheme_of(make_platform, as_user, only_first)
    (insuree,) = scheme.family()
    scheme.insure([insuree])
    scheme.insure([insuree], scheme.sell({"coverage": [{"kind": "service", "code": "SV2"}]}, code="P2"))
    scheme.submitted(insuree, ("SV1", 1), date_from=date(2026, 1, 5))
    second = scheme.submitted(insuree, ("SV1", 1), ("SV2", 2))
    scheme.act(lambda work: select_claims(work, [second], Purpose.REVIEW))
    scheme.run_review(second, LineVerdict(line_id=scheme.lines(second)[1].id, quantity=Decimal(1)))
    scheme.process(second)

    kept = (
        select(ClaimDecision.document)
        .where(ClaimDecision.claim_id == second)
        .order_by(ClaimDecision.sequence)
    )
    documents = scheme.act(lambda work: work.session.scalars(kept).all())
    counted = [
        [step.used for step in read_lines(document)[0].steps if step.kind is StepKind.NUMBER_LIMIT]
        for document in documents
    ]
    assert counted == [[Decimal(1)]] * 3

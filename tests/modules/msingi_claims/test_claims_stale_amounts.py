"""Lines say what the last decision on their claim says, so that a consent is never used twice (CLM-11, ADJ-10)."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL, Scheme, scheme_of
from tests.modules.msingi_claims.test_claims_consents import _granted as granted

from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision
from msingi_claims.models.states import Purpose
from msingi_claims.services import rejection, selection
from msingi_claims.services.documents import read_lines
from msingi_claims.services.restoring import restore_claim
from msingi_claims.services.reviews import LineVerdict
from msingi_claims.services.units import Units

_PARTS = (
    *("refused_minor", "deductible_minor", "patient_share_minor", "excess_minor", "excess_category_minor"),
    "remunerated_minor",
)


def _check_lines(scheme: Scheme) -> None:
    """Every line of every decided claim against the last decision on it."""
    units = Units.of("XAF")
    claims = scheme.act(lambda work: list(work.session.scalars(select(Claim).where(Claim.decisions > 0))))
    for claim in claims:
        last = select(ClaimDecision.document).where(
            ClaimDecision.claim_id == claim.id, ClaimDecision.sequence == claim.decisions
        )
        decided = read_lines(scheme.act(partial(_scalar, last)))
        lines = scheme.lines(claim.id)
        assert [_stored(line) for line in lines] == [_said(line, units) for line in decided]
        assert claim.approved_minor == sum(line.remunerated_minor or 0 for line in lines)
        for line in lines:
            assert line.gross_minor == sum(getattr(line, part) for part in _PARTS)


def _scalar(statement: Any, work: Work) -> Any:
    return work.session.scalar(statement)


def _stored(line: Any) -> tuple[Any, ...]:
    return (
        *(line.status, line.reason, line.policy_id, line.hospital, line.accepted_quantity),
        *(line.limitation, line.limitation_value, line.price_origin),
        *(line.price_adjusted_minor, line.gross_minor, line.nominal_minor, line.valuated_minor),
        *(getattr(line, part) for part in _PARTS),
    )


def _said(line: Any, units: Units) -> tuple[Any, ...]:
    limit = line.limit
    policy = None if line.policy is None else UUID(str(line.policy))
    amounts = (
        *(line.price, line.valued, line.nominal, line.valuated, line.refused, line.deductible),
        *(line.patient_share, line.excess_ceiling, line.excess_category, line.remunerated),
    )
    return (
        *(line.status, int(line.reason), policy, line.hospital, line.quantity),
        *((None, None) if limit is None else (limit.type, limit.value)),
        line.origin,
        *(units.minor(amount) for amount in amounts),
    )


def _agreed(scheme: Scheme, *claim_ids: UUID) -> list[int]:
    """What of the consent's care passed in each claim, before anything is shared."""
    return [
        sum(
            (line.gross_minor or 0) - (line.refused_minor or 0)
            for line in scheme.lines(claim_id)
            if line.code == "SV1"
        )
        for claim_id in claim_ids
    ]


@pytest.mark.rule("CLM-11", "ADJ-9", "ADJ-10")
def test_a_ceiling_hides_no_change_of_what_a_consent_agrees_to(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    ceiling = {"basis": "treatment", "general": "100"}
    scheme = scheme_of(make_platform, as_user, {**COVERS_ALL, "ceiling": ceiling})
    insuree = scheme.patient()
    number = granted(scheme, insuree, 99, 350)

    def submitted(day: int, quantity: int) -> UUID:
        line = ("SV1", quantity)
        return scheme.submitted(insuree, line, date_from=date(2026, 1, day), pre_authorisation=number)

    first, second = submitted(3, 2), submitted(5, 2)
    before = _agreed(scheme, first, second)
    scheme.act(lambda work: rejection.reject_claims(work, [first], reason="x"))
    scheme.process(second)
    third, fourth = submitted(9, 1), submitted(12, 2)

    assert before == [200, 150]
    assert _agreed(scheme, second, third, fourth) == [200, 100, 50]
    assert [scheme.claim(one).remunerated_minor for one in (second, third, fourth)] == [100, 100, 50]
    _check_lines(scheme)


@pytest.mark.rule("CLM-11", "ADJ-5", "ADJ-10")
def test_the_last_of_four_claims_takes_the_rest_of_a_consent_although_nothing_is_paid(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    limits = {
        "ceiling": {"basis": "policy", "general": "500"},
        "deductible": {"basis": "insuree", "general": "30"},
    }
    scheme = scheme_of(make_platform, as_user, {**COVERS_ALL, **limits})
    insuree = scheme.patient()
    number = granted(scheme, insuree, 9, 450)
    ids = [
        scheme.enter(insuree, ("SV1", 2), ("IT1", 1), date_from=date(2026, 1, day), pre_authorisation=number)
        for day in (3, 8, 13, 18)
    ]
    scheme.submit(*ids)
    before = _agreed(scheme, *ids)

    scheme.act(lambda work: rejection.reject_claims(work, [ids[0]], reason="x"))
    scheme.process(*ids[1:])

    assert (before, _agreed(scheme, *ids)) == ([200, 200, 50, 0], [0, 200, 200, 50])
    _check_lines(scheme)


@pytest.mark.rule("CLM-5", "CLM-11", "ADJ-9", "ADJ-10")
def test_lines_follow_every_decision_through_review_rejection_restoration_and_processing(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    terms = {**COVERS_ALL, "ceiling": {"basis": "treatment", "general": "40"}}
    scheme = scheme_of(make_platform, as_user, terms)
    insuree = scheme.patient()
    number = granted(scheme, insuree, 9, 350)
    first, second, third = (
        scheme.submitted(insuree, ("SV1", 2), date_from=date(2026, 1, day), pre_authorisation=number)
        for day in (3, 8, 13)
    )
    seen = [_agreed(scheme, first, second, third)]
    _check_lines(scheme)

    scheme.add_officer()
    scheme.act(lambda work: selection.select_claims(work, [first], Purpose.REVIEW))
    (line,) = scheme.lines(first)
    scheme.run_review(first, LineVerdict(line_id=line.id, quantity=Decimal(1), justification="one"))
    _check_lines(scheme)
    scheme.process(second)
    seen.append(_agreed(scheme, first, second, third))
    _check_lines(scheme)

    scheme.act(lambda work: rejection.reject_claims(work, [first], reason="x"))
    _check_lines(scheme)
    restored = scheme.act(lambda work: restore_claim(work, first, code="AGAIN"))
    scheme.submit(restored)
    seen.append(_agreed(scheme, first, second, restored, third))
    _check_lines(scheme)

    scheme.act(lambda work: rejection.reject_claims(work, [third], reason="x"))
    scheme.process(restored)
    scheme.act(lambda work: rejection.undo_rejections(work, [third]))
    scheme.process(third)
    seen.append(_agreed(scheme, first, second, restored, third))
    _check_lines(scheme)

    assert seen == [[200, 150, 0], [100, 200, 0], [0, 200, 150, 0], [0, 200, 150, 0]]

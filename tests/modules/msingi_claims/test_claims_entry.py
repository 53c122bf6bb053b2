"""What a claim must be to be entered, at each limit and one beyond it (CLM-12)."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import update
from tests.modules.msingi_claims.claims_fixtures import VISIT, Scheme, scheme_of

from msingi.money import Money
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_catalogue import MedicalService, renew_register
from msingi_claims.models.states import Channel
from msingi_claims.services.drafts import LineDraft
from msingi_claims.services.entry import enter_claims
from msingi_insurance import LineKind


def _refusals(scheme: Scheme, *lines: Any, **fields: Any) -> list[tuple[str, dict[str, object]]]:
    draft = scheme.draft(scheme.patient(), *lines, **fields)
    found = scheme.act(lambda work: enter_claims(work, [draft], channel=Channel.WEB)).refusals.get(0, ())
    return [(refusal.code, refusal.params) for refusal in found]


@pytest.mark.rule("CLM-12")
def test_each_limit_of_entry_is_inclusive(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user, code_length=6)
    tomorrow = {"date_from": VISIT.replace(year=2099)}

    assert _refusals(scheme, code="SIX-16") == []
    assert _refusals(scheme, code="SEVEN-7") == [("claims.code_too_long", {"most": 6})]
    assert _refusals(scheme, code="SIX-16") == [("claims.code_taken", {"code": "SIX-16"})]
    assert _refusals(scheme, ("IT10", 10), code="C1") == []
    over = {"position": 2, "most": "10", "code": "IT10"}
    assert _refusals(scheme, ("SV1", 11), ("IT10", Decimal("10.01")), code="C2") == [
        ("claims.quantity_too_large", over)
    ]
    assert _refusals(scheme, code="C3", lines=[]) == [("claims.nothing_claimed", {})]
    assert _refusals(scheme, code="C4", **tomorrow) == [("claims.future_date", {})]


@pytest.mark.rule("CLM-12")
def test_a_claim_names_at_most_four_further_diagnoses(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)

    assert _refusals(scheme, further_diagnoses=["B00"] * 4) == []
    with pytest.raises(ValidationError):
        _refusals(scheme, further_diagnoses=["B00"] * 5)


@pytest.mark.rule("CLM-12")
def test_a_service_given_more_than_once_needs_an_explanation_where_the_setting_says_so(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, explain_quantities=True)
    twice = LineDraft(
        kind=LineKind.SERVICE,
        code="SV1",
        quantity=Decimal(2),
        price=Money.from_minor(100, "XAF"),
        explanation="twins",
    )

    assert _refusals(scheme, ("SV1", 1), ("IT1", 5)) == []
    assert _refusals(scheme, ("SV1", 2)) == [("claims.explanation_needed", {"position": 1, "code": "SV1"})]
    assert _refusals(scheme, ("SV1", 2), explanation="twins") == []
    assert _refusals(scheme, lines=[twice]) == []


@pytest.mark.rule("CLM-12", "CAT-13")
def test_a_service_is_asked_at_most_at_its_greatest_amount(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, {"other_services": {"price_origin": "O"}})

    def bound(work: Work) -> None:
        service = update(MedicalService).where(MedicalService.code == "SV1")
        work.session.execute(service.values(max_amount_minor=150, manual_price=True))
        renew_register(work)

    scheme.act(bound)

    dear = {"position": 2, "code": "SV1", "most": "150 XAF"}
    assert _refusals(scheme, ("SV2", 1, 9000), ("SV1", 1, 151)) == [("claims.price_too_high", dear)]
    claim_id = scheme.submitted(scheme.patient(), ("SV1", 2, 150))
    assert scheme.claim(claim_id).approved_minor == 300

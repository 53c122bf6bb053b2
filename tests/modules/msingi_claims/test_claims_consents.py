"""What the scheme agreed to before the care holds for all claims that name it, one after the other or at once (CLM-11)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of

from msingi.errors import DomainError
from msingi.money import Money
from msingi.testing import AsUser, MakePlatform
from msingi.transact import transact
from msingi_claims.models.facility_side import PreAuthorisation
from msingi_claims.rules.codes import Reason
from msingi_claims.services import consents, rejection
from msingi_claims.services.explaining import explain_claim
from msingi_claims.services.submission import submit_claims
from msingi_insurance import LineKind

_FIRST, _SECOND = date(2026, 1, 10), date(2026, 2, 10)


def _asked(scheme: Scheme, insuree: UUID, quantity: int) -> PreAuthorisation:
    request = consents.ConsentRequest(
        insuree_id=insuree,
        facility_id=scheme.hospital,
        kind=LineKind.SERVICE,
        code="SV1",
        quantity=Decimal(quantity),
        reason="physiotherapy",
    )
    asked: PreAuthorisation = scheme.act(lambda work: consents.request_consent(work, request))
    return asked


def _granted(scheme: Scheme, insuree: UUID, quantity: int, amount: int | None) -> str:
    """The number of a consent."""
    asked = _asked(scheme, insuree, quantity)
    yes = consents.ConsentDecision(
        granted=True,
        valid_from=date(2026, 1, 1),
        amount=None if amount is None else Money.from_minor(amount, "XAF"),
    )
    scheme.act(lambda work: consents.decide_consent(work, asked.id, yes, expected_version=1))
    return asked.number


def _entered(scheme: Scheme, insuree: UUID, number: str) -> list[UUID]:
    """Two claims of 2 at 100 that name the consent, a month apart."""
    return [
        scheme.enter(insuree, ("SV1", 2), date_from=day, pre_authorisation=number)
        for day in (_FIRST, _SECOND)
    ]


def _paid(scheme: Scheme, *claim_ids: UUID) -> list[int | None]:
    return [scheme.claim(one).approved_minor for one in claim_ids]


@pytest.mark.rule("CLM-11", "D-20", "ADJ-9")
@pytest.mark.parametrize("how", ["together", "one by one"])
def test_claims_share_what_was_agreed_and_say_so(
    make_platform: MakePlatform, as_user: AsUser, how: str
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    number = _granted(scheme, insuree, 3, 250)
    first, second = _entered(scheme, insuree, number)

    for some in [(first, second)] if how == "together" else [(first,), (second,)]:
        scheme.submit(*some)

    (line,) = scheme.lines(second)
    assert _paid(scheme, first, second) == [200, 50]
    assert (line.quantity, line.accepted_quantity, line.refused_minor) == (Decimal(2), Decimal(1), 150)
    told = {
        language: scheme.act(partial(explain_claim, claim_id=second, language=language)).lines[0].steps
        for language in ("en", "fr")
    }
    quantity = f"The consent {number} is for 3, 2 given before: 1 of 2 accepted. (CLM-11)"
    assert quantity in told["en"]
    assert (
        f"L'accord préalable {number} porte sur 3 ; déjà donné : 2 ; accepté : 1 sur 2. (CLM-11)"
        in told["fr"]
    )
    assert sum("(CLM-11)" in sentence for sentence in told["fr"]) == 2


@pytest.mark.rule("CLM-11", "CLM-6", "D-7")
def test_processing_counts_each_claim_once_and_a_used_up_consent_pays_no_more(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    number = _granted(scheme, insuree, 3, None)
    first, second = _entered(scheme, insuree, number)
    scheme.submit(first, second)
    before = _paid(scheme, first, second)

    scheme.process(first, second)
    processed = _paid(scheme, first, second)
    third = scheme.submitted(insuree, ("SV1", 1), date_from=date(2026, 2, 25), pre_authorisation=number)

    assert before == processed == [200, 100]
    assert scheme.lines(third)[0].reason == int(Reason.QUANTITY_LIMIT)
    assert scheme.claim(third).approved_minor == 0


@pytest.mark.rule("CLM-11", "ADJ-5")
def test_the_rest_of_a_consent_comes_back_when_a_claim_is_rejected(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    number = _granted(scheme, insuree, 3, 250)
    first, second = _entered(scheme, insuree, number)
    scheme.submit(first, second)

    scheme.act(lambda work: rejection.reject_claims(work, [first], reason="x"))
    scheme.process(second)

    assert _paid(scheme, first, second) == [0, 200]


@pytest.mark.rule("CLM-11", "ADJ-11", "attack 86")
def test_attack_86_claims_submitted_at_once_never_use_the_same_rest_of_a_consent(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    both = _entered(scheme, insuree, _granted(scheme, insuree, 3, 250))
    together = Barrier(2)

    def submit(claim_id: UUID) -> None:
        together.wait(timeout=30)
        transact(lambda: scheme.act(lambda work: submit_claims(work, [claim_id])), attempts=20)

    with ThreadPoolExecutor(2) as runners:
        list(runners.map(submit, both))

    assert sorted(amount or 0 for amount in _paid(scheme, *both)) == [50, 200]


def test_an_amount_is_agreed_to_in_the_currency_of_the_scheme(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    asked = _asked(scheme, scheme.patient(), 1)
    dollars = consents.ConsentDecision(granted=True, amount=Money.from_minor(100, "USD"))

    with pytest.raises(DomainError) as refusal:
        scheme.act(lambda work: consents.decide_consent(work, asked.id, dollars, expected_version=1))

    assert refusal.value.code == "money.mixed_currencies"
    assert scheme.act(lambda work: work.get(PreAuthorisation, asked.id)).amount_minor is None

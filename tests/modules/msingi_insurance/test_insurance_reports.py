"""What reports of insurance count: families, photos, renewals, payments, control numbers and the money of payers."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.modules.msingi_insurance.money_fixtures import TODAY, Till, francs, till_of

from msingi.actor import Actor
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_insurance.models.family import Family, Insuree, InsureePhoto
from msingi_insurance.models.payments import Payment, PaymentReference
from msingi_insurance.models.renewals import PolicyRenewal
from msingi_insurance.plugin import READ_REPORTS
from msingi_insurance.rules.payments import PaymentState
from msingi_insurance.rules.references import ReferenceState
from msingi_insurance.rules.states import PayerType, PayType
from msingi_insurance.services.fundings import FundingDraft, record_funding
from msingi_insurance.services.payers import PayerDraft, create_payer

RUN = """query($name: Text!, $by: [Text!]) {
  report(name: $name, by: $by, since: "2020-01-01", until: "2030-12-31") { rows { cells } } }"""


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


def _report(till: Till, name: str, *by: str, actor: Actor | None = None) -> Any:
    asked = {"name": f"insurance.{name}", "by": list(by)}
    answer = till.scheme.run(RUN, asked, actor=actor or till.user(READ_REPORTS))
    return [row["cells"] for row in answer["report"]["rows"]]


def _photo(till: Till, insuree: Insuree, rejected: str = "") -> None:
    till.act(
        lambda work: work.add(
            InsureePhoto(
                insuree_id=insuree.id,
                jurisdiction_id=insuree.jurisdiction_id,
                taken_on=TODAY,
                media_type="image/png",
                digest="0" * 64,
                content="",
                rejected=rejected,
            )
        )
    )


@pytest.mark.rule("TZA-06")
def test_families_count_with_their_head_within_the_readers_places(till: Till) -> None:
    poor = till.scheme.enrol(till.scheme.child(), till.scheme.child(given_name="Awa")).family
    till.scheme.enrol(village="V3")

    def confirm(work: Work) -> None:
        work.get(Family, poor.id).poverty = True

    till.act(confirm)
    of_guider = till.user(READ_REPORTS, at="D2")

    assert _report(till, "families", "poverty") == [["other", "1", "1"], ["poor", "1", "3"]]
    assert _report(till, "families", "poverty", actor=of_guider) == [["other", "1", "1"]]


@pytest.mark.rule("TZA-06", "INS-4")
def test_a_rejected_photo_counts_until_a_good_one_comes(till: Till) -> None:
    enrolled = till.scheme.enrol(*(till.scheme.child(given_name=name) for name in ("Awa", "Bouba")))
    good, bad, _ = enrolled.insurees
    _photo(till, good, "blurred")
    _photo(till, good)
    _photo(till, bad, "another person")

    assert _report(till, "photos", "photo") == [["missing", "1"], ["present", "1"], ["rejected", "1"]]


@pytest.mark.rule("TZA-06", "POL-8")
def test_renewals_tell_what_became_of_them(till: Till) -> None:
    outcomes: list[dict[str, Any]] = [{}, {"told_days": 7}, {"told_days": 7, "response": -3}, {"response": 0}]
    policies = [till.policy() for _ in outcomes]
    outcomes[3]["renewed_policy_id"] = policies[0].id

    def list_them(work: Work) -> None:
        for policy, values in zip(policies, outcomes, strict=True):
            renewal = PolicyRenewal(
                jurisdiction_id=policy.jurisdiction_id,
                policy_id=policy.id,
                product_id=policy.product_id,
                prompt_date=TODAY,
                renewal_date=date(2027, 3, 2),
                warnings=0,
                **values,
            )
            work.add(renewal)

    till.act(list_them)

    assert _report(till, "renewals", "product", "outcome") == [
        ["CHF", "answered", "1", "1"],
        ["CHF", "open", "2", "1"],
        ["CHF", "renewed", "1", "0"],
    ]


@pytest.mark.rule("TZA-06", "PAY-7", "PAY-9")
def test_payments_and_control_numbers_stand_by_gateway_and_state(till: Till) -> None:
    place = till.scheme.places["CM"]

    def receive(work: Work) -> None:
        shared: dict[str, Any] = {"jurisdiction_id": place, "gateway": "momo", "currency": "XAF"}
        for number, state in enumerate((ReferenceState.ISSUED, ReferenceState.PAID)):
            work.add(
                PaymentReference(
                    **shared,
                    number=f"N{number}",
                    state=state,
                    product_id=till.product.id if number else None,
                    requested_at=datetime(2026, 3, 2, tzinfo=UTC),
                    expires_on=TODAY,
                )
            )
        came: list[tuple[int | None, PaymentState]] = [
            (300, PaymentState.MATCHED),
            (50, PaymentState.UNMATCHED),
            (None, PaymentState.REFERENCE_ASSIGNED),
        ]
        for amount, step in came:
            work.add(
                Payment(
                    **shared,
                    state=step,
                    received_minor=amount,
                    pay_date=TODAY if amount else None,
                    pay_type=PayType.MOBILE,
                )
            )

    till.act(receive)

    assert sorted(_report(till, "payments", "gateway", "state")) == [
        ["momo", "matched", "1", "300 XAF"],
        ["momo", "unmatched", "1", "50 XAF"],
    ]
    assert sorted(_report(till, "control_numbers", "product")) == [["", "1"], ["CHF", "1"]]


@pytest.mark.rule("TZA-06", "PAY-1")
def test_the_money_of_payers_stands_by_payer_and_product(till: Till) -> None:
    def fund(amount: int, receipt: str) -> Callable[[Work], object]:
        def step(work: Work) -> object:
            draft = PayerDraft(
                type=PayerType.DONOR, name=f"Fund {receipt}", jurisdiction_id=till.scheme.places["CM"]
            )
            payer = create_payer(work, draft)
            work.session.flush()
            return record_funding(
                work,
                FundingDraft(
                    product_id=till.product.id,
                    payer_id=payer.id,
                    pay_date=TODAY,
                    amount=francs(amount),
                    receipt=receipt,
                ),
            )

        return step

    till.act(fund(700, "A"))
    till.act(fund(40, "B"))

    assert _report(till, "fundings", "payer", "product") == [
        ["Fund A", "CHF", "1", "700 XAF"],
        ["Fund B", "CHF", "1", "40 XAF"],
    ]

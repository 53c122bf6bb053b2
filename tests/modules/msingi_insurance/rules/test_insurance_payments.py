"""Contributions and payments: exact shares, codes of trained staff, states, receipts, and signs of fraud."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from msingi_insurance.rules.amounts import Rounding, share_out
from msingi_insurance.rules.fraud import (
    ContributionFacts,
    EnrolmentFacts,
    FraudLimits,
    FraudSign,
    look_at_contributions,
    look_at_enrolments,
)
from msingi_insurance.rules.payments import (
    PAYMENT_CODES,
    IntentFacts,
    MatchFacts,
    Owed,
    PaymentState,
    PaymentStep,
    ReceivingResult,
    automatic_receipt,
    check_instalment,
    check_payer,
    check_payment_step,
    check_refund,
    distribute,
    judge_intent,
    judge_match,
)
from msingi_insurance.rules.refusals import (
    AmountInvalid,
    NothingToPay,
    PayerNotAllowedHere,
    PaymentStepRefused,
    RefundRefused,
    TooManyInstalments,
)

DAY = date(2021, 6, 1)
FRANC = Rounding("XAF").unit
ONE_POLICY = Owed("p", Decimal(1000), Decimal(400))


@pytest.mark.rule("PAY-2")
def test_a_product_is_paid_in_so_many_instalments() -> None:
    check_instalment(Decimal(1), premiums_before=2, most=3)
    check_instalment(Decimal(1), premiums_before=200, most=None)
    with pytest.raises(TooManyInstalments):
        check_instalment(Decimal(1), premiums_before=3, most=3)
    with pytest.raises(AmountInvalid):
        check_instalment(Decimal(0), premiums_before=0, most=3)


@pytest.mark.rule("PAY-1")
def test_a_payer_pays_at_home_and_below_it() -> None:
    path = ("CM", "CM-AD", "CM-AD-01")

    for place in (None, "CM", "CM-AD", "CM-AD-01"):
        check_payer(place, path)
    for place in ("CM-AD-01-7", "CM-LT"):
        with pytest.raises(PayerNotAllowedHere):
            check_payer(place, path)


@pytest.mark.rule("PAY-5")
def test_a_payment_that_covers_everything_pays_what_is_left_and_the_rest_is_credit() -> None:
    owed = [ONE_POLICY, Owed("q", Decimal(500), Decimal(700)), Owed("r", Decimal(300), Decimal(0))]

    paid = distribute(Decimal(1000), owed, unit=FRANC)

    assert (paid.shares, paid.excess) == ((Decimal(600), Decimal(0), Decimal(300)), Decimal(100))


@pytest.mark.rule("PAY-5")
def test_a_smaller_payment_is_shared_with_the_largest_remainders_first() -> None:
    owed = [Owed(name, Decimal(100), Decimal(0)) for name in "abc"]

    paid = distribute(Decimal(200), owed, unit=FRANC)

    assert (paid.shares, paid.excess) == ((Decimal(67), Decimal(67), Decimal(66)), Decimal(0))


@pytest.mark.rule("PAY-5")
def test_nothing_is_shared_by_what_is_paid_already() -> None:
    with pytest.raises(NothingToPay):
        distribute(Decimal(10), [Owed("p", Decimal(10), Decimal(10))], unit=FRANC)
    with pytest.raises(AmountInvalid):
        distribute(Decimal(0), [ONE_POLICY], unit=FRANC)


amounts = st.integers(0, 10**9)


@pytest.mark.rule("PAY-5", "attack 90", "D-35")
@given(
    st.integers(1, 10**9),
    st.lists(st.tuples(amounts, amounts), min_size=1, max_size=12),
    st.sampled_from(["XAF", "TZS", "TND"]),
)
def test_shares_and_excess_add_up_to_the_payment(
    units: int, policies: list[tuple[int, int]], currency: str
) -> None:
    unit = Rounding(currency).unit
    owed = [Owed(str(index), value * unit, paid * unit) for index, (value, paid) in enumerate(policies)]
    assume(any(each.remaining for each in owed))

    paid = distribute(units * unit, owed, unit=unit)

    assert sum(paid.shares, paid.excess) == units * unit
    assert all(
        0 <= share <= each.remaining and not share % unit
        for share, each in zip(paid.shares, owed, strict=True)
    )
    assert paid.excess == max(Decimal(0), units * unit - sum((each.remaining for each in owed), Decimal(0)))


def test_weights_of_nothing_and_broken_units_are_refused() -> None:
    for amount, weights in ((Decimal(1), [Decimal(0)]), (Decimal("0.5"), [Decimal(1)])):
        with pytest.raises(ValueError, match=r"weights|whole"):
            share_out(amount, weights, unit=FRANC)


@pytest.mark.rule("POL-7")
def test_a_premium_without_a_receipt_gets_one() -> None:
    assert automatic_receipt("CHF", DAY, 12) == "RE-CHF-20210601-12"


@pytest.mark.rule("PAY-6")
def test_a_refund_never_exceeds_what_is_left() -> None:
    check_refund(Decimal(10), left=Decimal(10))
    for amount in (Decimal(11), Decimal(0), Decimal(-1)):
        with pytest.raises(RefundRefused):
            check_refund(amount, left=Decimal(10))


INTENT = IntentFacts(
    number="123456782",
    number_valid=True,
    insuree_known=True,
    product_known=True,
    product_on_sale=True,
    officer_working=True,
    officer_serves_place=True,
    renewal=False,
    enrolled=True,
    has_policy_to_renew=False,
)


@pytest.mark.rule("PAY-3")
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (INTENT, 0),
        (replace(INTENT, number_valid=False), 1),
        (replace(INTENT, insuree_known=False), 2),
        (replace(INTENT, product_known=False), 2),
        (replace(INTENT, officer_working=False), 3),
        (replace(INTENT, officer_serves_place=False), 4),
        (replace(INTENT, product_on_sale=False), 4),
        (replace(INTENT, renewal=True), 5),
        (replace(INTENT, renewal=True, has_policy_to_renew=True), 0),
        (replace(INTENT, number=" ", number_valid=False), 6),
        (replace(INTENT, enrolled=False), 7),
        (replace(INTENT, reference_assigned=True, number=""), 8),
    ],
)
def test_an_intent_to_pay_is_answered_with_a_code(facts: IntentFacts, code: int) -> None:
    assert judge_intent(facts) == code


MATCH = MatchFacts(
    number="123456782",
    product="CHF",
    insuree_known=True,
    has_policy=True,
    product_allowed_here=True,
    product_valid=True,
)


@pytest.mark.rule("PAY-4", "D-32")
@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (MATCH, []),
        (replace(MATCH, number="", insuree_known=False, has_policy=False), [101]),
        (replace(MATCH, product=""), [102]),
        (replace(MATCH, insuree_known=False, has_policy=False), [103]),
        (replace(MATCH, has_policy=False, has_premium=False), [104]),
        (replace(MATCH, product_allowed_here=False, product_valid=False), [105, 106]),
        (replace(MATCH, officer_known=False, officer_serves_place=False), [107]),
        (replace(MATCH, officer_serves_place=False), [108]),
        (replace(MATCH, officer_serves_place=True), []),
        (replace(MATCH, has_premium=False), [109]),
    ],
)
def test_d_32_a_detail_matches_or_says_every_reason_that_does_not_follow_from_another(
    facts: MatchFacts, codes: list[int]
) -> None:
    assert list(judge_match(facts)) == codes


@pytest.mark.rule("PAY-7")
def test_payments_keep_the_numbers_of_trained_staff() -> None:
    assert sorted(PAYMENT_CODES.values()) == [-3, -2, -1, 1, 2, 3, 4, 5]
    assert [result.value for result in ReceivingResult] == list(range(10))


STEPS = {
    (PaymentStep.POST, "not_confirmed", "posted"),
    (PaymentStep.ASSIGN_REFERENCE, "posted", "reference_assigned"),
    (PaymentStep.MATCH, "unmatched", "matched"),
    *(
        (PaymentStep.RECEIVE, state, "unmatched")
        for state in ("not_confirmed", "posted", "reference_assigned")
    ),
    *(
        (PaymentStep.REJECT, state, target)
        for state in ("not_confirmed", "posted", "reference_assigned")
        for target in ("wrong_format", "unknown_reference", "wrong_amount")
    ),
}


@pytest.mark.rule("PAY-7")
@pytest.mark.parametrize(("taken", "state"), list(product(PaymentStep, PaymentState)))
def test_a_payment_takes_only_the_steps_of_its_table(taken: PaymentStep, state: PaymentState) -> None:
    for target in PaymentState:
        if (taken, state, target) in STEPS:
            assert check_payment_step(state, taken, target) is target
            continue
        with pytest.raises(PaymentStepRefused):
            check_payment_step(state, taken, target)


def contribution(name: str, receipt: str, *, paid: date = DAY, officer: str = "o1") -> ContributionFacts:
    return ContributionFacts(name, officer, "CHF", receipt, paid, DAY)


@pytest.mark.rule("attack 89")
def test_a_receipt_sold_twice_and_a_date_moved_back_are_findings() -> None:
    books = [
        contribution("1", "AB-0012"),
        contribution("2", "ab 0012", officer="o2"),
        contribution("3", "AB-0013"),
        contribution("4", "AB-0014", paid=DAY - timedelta(days=15)),
        contribution("5", "AB-0015", paid=DAY - timedelta(days=14)),
        replace(contribution("6", "AB-0012"), product="OTHER"),
    ]

    repeated, late = look_at_contributions(books, FraudLimits())

    assert (repeated.sign, repeated.officers, repeated.records) == (
        FraudSign.RECEIPT_REPEATED,
        ("o1", "o2"),
        ("1", "2"),
    )
    assert (late.sign, late.records) == (FraudSign.BACK_DATED, ("4",))


@pytest.mark.rule("attack 89")
def test_one_photo_or_telephone_on_many_people_is_a_finding() -> None:
    photos = [EnrolmentFacts(str(n), f"f{n}", "o1", photo="same" if n < 2 else f"p{n}") for n in range(4)]
    phones = [EnrolmentFacts(f"t{n}", f"g{n}", "o2", phone="237") for n in range(4)]
    relatives = [EnrolmentFacts(f"r{n}", "one family", "o2", phone="999") for n in range(9)]
    unknown = [EnrolmentFacts(f"u{n}", f"h{n}", "o3") for n in range(9)]

    shared, crowded = look_at_enrolments([*photos, *phones, *relatives, *unknown], FraudLimits())

    assert (shared.sign, shared.records) == (FraudSign.PHOTO_SHARED, ("0", "1"))
    assert (crowded.sign, crowded.records) == (FraudSign.PHONE_SHARED, ("t0", "t1", "t2", "t3"))
    assert look_at_enrolments(phones[:3], FraudLimits()) == []

"""What banks answer to payments: every state is posted, wrong lines are named, days and amounts make sense (TZA-16)."""

from datetime import date

import pytest
from tests.modules.msingi_claims.payment_fixtures import TODAY, Counter, billed_of

from msingi.errors import DomainError
from msingi.money import Money
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_claims.models.claim import Claim
from msingi_claims.models.payment import Bill, FacilityPayment, PaymentOrder
from msingi_claims.rules.bills import BankOutcome, BillState, FacilityPaymentState, PaymentOrderState
from msingi_claims.services.answer_checks import BankAnswer
from msingi_claims.services.bank_answers import read_answers
from msingi_ledger import Transaction, verify

PAID, RETURNED = BankOutcome.PAID, BankOutcome.RETURNED


@pytest.fixture
def billed(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Counter:
    """Two facilities of two districts with a bill each."""
    return billed_of(make_platform, as_user, frozen_clock)


@pytest.mark.rule("F36", "F29", "I4", "BAT-6")
def test_an_order_paid_and_returned_in_one_file_is_posted_twice_and_paid_again_once(billed: Counter) -> None:
    sent = billed.sent()
    before = billed.balances()
    first, second = billed.orders(sent)
    unknown = BankAnswer(first.reference, BankOutcome.UNKNOWN, TODAY)
    answers = [BankAnswer(first.reference, outcome, TODAY) for outcome in (PAID, RETURNED)]

    settled = billed.answer(
        sent, unknown, *answers, BankAnswer(second.reference, PAID, TODAY), actor=billed.approver
    )

    assert settled.state is FacilityPaymentState.SETTLED
    back, kept = billed.orders(sent)
    assert (back.state, kept.state) == (PaymentOrderState.RETURNED, PaymentOrderState.PAID)
    assert (back.transaction_id is None, back.return_id is None) == (False, False)
    assert billed.balances() == {
        **before,
        "1420": 10_000 - second.amount_minor,
        "2410": first.amount_minor,
    }
    again = billed.sent()
    billed.answer(again, outcome=PAID)
    assert billed.balances() == {"1420": 9_650, "4220": 10_000, "5220": 350}
    assert billed.rows(Bill, "amount_minor", "state") == [(100, BillState.PAID), (250, BillState.PAID)]
    assert {row[0] for row in billed.rows(Claim, "paid_at")} == {billed.clock.instant}
    keys = [row[0] for row in billed.rows(Transaction, "template") if row[0].startswith("claims.")]
    assert keys == ["claims.bill_issued"] * 2 + ["claims.bill_paid"] * 3 + ["claims.payment_returned"]
    assert billed.scheme.act(lambda work: verify(work).balanced)
    assert len(billed.rows(PaymentOrder, "reference")) == 3


@pytest.mark.rule("F36", "I4")
def test_a_return_of_another_amount_than_the_order_is_refused(billed: Counter) -> None:
    sent = billed.sent()
    first = billed.orders(sent)[0]
    billed.answer(sent, BankAnswer(first.reference, PAID, TODAY, first.amount))
    before = billed.picture()

    for minor in (10, first.amount_minor + 1):
        part = BankAnswer(first.reference, RETURNED, TODAY, Money.from_minor(minor, "XAF"))
        assert _wrong(billed, sent, part) == [
            f"Ligne 1 : l'ordre {first.reference} est de {first.amount}, non de {minor} XAF."
        ]
    assert billed.picture() == before

    billed.answer(sent, BankAnswer(first.reference, RETURNED, TODAY, first.amount), actor=billed.approver)
    assert billed.orders(sent)[0].state is PaymentOrderState.RETURNED


@pytest.mark.rule("TZA-16", "attack 74")
def test_a_wrong_line_is_named_by_its_number_in_the_file(billed: Counter) -> None:
    sent = billed.sent()
    first, second = billed.orders(sent)
    billed.answer(sent, BankAnswer(second.reference, PAID, TODAY))
    content = (
        "\nreference,outcome,day,amount,reason\n"
        f"{first.reference},paid,2026-03-02,,\n\n,,,,\nXX,paid,2026-03-02,,\n"
        f"{second.reference},failed,2026-03-02,,\n"
    )

    answers = billed.scheme.act(lambda work: read_answers(work, content.encode()))

    assert _wrong(billed, sent, *answers) == [
        "Ligne 6 : le paiement n'a pas d'ordre XX.",
        f"Ligne 7 : l'ordre {second.reference} est déjà au stade « payé ».",
    ]


@pytest.mark.rule("TZA-16", "attack 74")
def test_all_that_is_wrong_with_every_line_is_told_at_once(billed: Counter) -> None:
    sent = billed.sent()
    first, second = billed.orders(sent)
    content = (
        "reference,outcome,day,amount\n"
        f"{first.reference},perhaps,2026-03-03,7\n"
        f"{first.reference},returned,2026-03-02,7\n"
        f"{second.reference},paid,2026-03-01,7\n"
        f"{second.reference},failed,soon,\n"
        "XX,paid,2026-03-03,much\n"
        ",paid,2026-03-03,\n"
    )
    before = billed.picture()

    answers = billed.scheme.act(lambda work: read_answers(work, content.encode()))
    with pytest.raises(DomainError) as refusal:
        billed.answer(sent, *answers)

    assert (refusal.value.code, refusal.value.params["count"]) == ("claims.answers_refused", 6)
    one, two = first.reference, second.reference
    assert str(refusal.value.params["lines"]).replace(" Ligne ", "\nLigne ").split("\n") == [
        "Ligne 2 : outcome : Choisissez parmi : paid, failed, unknown, returned.",
        f"Ligne 2 : la réponse à l'ordre {one} est datée du futur.",
        f"Ligne 3 : l'ordre {one} est de {first.amount}, non de 7 XAF.",
        f"Ligne 4 : l'ordre {two} est de {second.amount}, non de 7 XAF.",
        f"Ligne 4 : la réponse à l'ordre {two} est datée d'avant le 2026-03-02, jour de l'envoi du paiement.",
        "Ligne 5 : day : Écrivez la date sous la forme AAAA-MM-JJ ou JJ/MM/AAAA.",
        f"Ligne 5 : l'ordre {two} est déjà au stade « payé ».",
        "Ligne 6 : amount : Ce n'est pas un nombre.",
        "Ligne 6 : le paiement n'a pas d'ordre XX.",
        "Ligne 6 : la réponse à l'ordre XX est datée du futur.",
        "Ligne 7 : reference : Une valeur est obligatoire.",
        (
            "Ligne 7 : la réponse à l'ordre (illisible) est datée du futur. "
            "Vous avez préparé ceci vous-même : une autre personne doit l'approuver."
        ),
    ]
    assert billed.picture() == before


@pytest.mark.rule("BAT-6", "F36")
def test_the_bank_answers_on_days_since_the_payment_was_sent_and_returns_what_it_has_paid(
    billed: Counter,
) -> None:
    sent = billed.sent()
    first, second = (one.reference for one in billed.orders(sent))
    billed.at(2026, 3, 20, 9)
    days = {day: date(2026, 3, day) for day in (1, 10, 11, 21)}
    before = billed.picture()

    assert _wrong(
        billed,
        sent,
        BankAnswer(first, PAID, date(1900, 1, 1)),
        BankAnswer(first, BankOutcome.UNKNOWN, days[1]),
        BankAnswer(first, PAID, days[11]),
        BankAnswer(first, RETURNED, days[10]),
        BankAnswer(second, BankOutcome.FAILED, days[21]),
    ) == [
        f"Ligne 1 : la réponse à l'ordre {first} est datée d'avant le 2026-03-02, jour de l'envoi du paiement.",
        f"Ligne 2 : la réponse à l'ordre {first} est datée d'avant le 2026-03-02, jour de l'envoi du paiement.",
        f"Ligne 2 : l'ordre {first} est déjà au stade « payé ».",
        f"Ligne 4 : l'ordre {first} a été payé le 2026-03-11 ; il n'a pas pu revenir avant.",
        f"Ligne 5 : la réponse à l'ordre {second} est datée du futur.",
    ]
    assert billed.picture() == before

    billed.answer(sent, BankAnswer(first, PAID, days[11]), BankAnswer(second, PAID, TODAY))
    assert _wrong(billed, sent, BankAnswer(first, RETURNED, days[10])) == [
        f"Ligne 1 : l'ordre {first} a été payé le 2026-03-11 ; il n'a pas pu revenir avant."
    ]
    back = (BankAnswer(first, RETURNED, days[11]), BankAnswer(second, RETURNED, TODAY))
    billed.answer(sent, *back, actor=billed.approver)
    posted = billed.rows(Transaction, "template", "occurred_on")
    assert [one for one in posted if one[0] in {"claims.bill_paid", "claims.payment_returned"}] == [
        (template, day)
        for template in ("claims.bill_paid", "claims.payment_returned")
        for day in (TODAY, days[11])
    ]


@pytest.mark.rule("BAT-6", "INS-A2")
def test_the_day_of_sending_is_that_of_the_country(billed: Counter) -> None:
    approved = billed.approved()
    billed.at(2026, 3, 2, 23, 30)
    sent = billed.send(approved)
    first = billed.orders(sent)[0].reference

    assert _wrong(billed, sent, BankAnswer(first, PAID, TODAY)) == [
        f"Ligne 1 : la réponse à l'ordre {first} est datée d'avant le 2026-03-03, jour de l'envoi du paiement."
    ]
    billed.answer(sent, BankAnswer(first, PAID, date(2026, 3, 3)))
    assert billed.orders(sent)[0].answered_on == date(2026, 3, 3)


def _wrong(billed: Counter, payment: FacilityPayment, *answers: BankAnswer) -> list[str]:
    """The lines that the bank's answers are refused for."""
    with pytest.raises(DomainError) as refusal:
        billed.answer(payment, *answers, actor=billed.approver)
    assert refusal.value.code == "claims.answers_refused"
    told = str(refusal.value.params["lines"]).replace(" Ligne ", "\nLigne ").split("\n")
    assert refusal.value.params["count"] == len({one.split(" : ")[0] for one in told})
    return told

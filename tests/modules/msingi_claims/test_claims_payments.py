"""Payments of facilities: four eyes, files for the bank, its answers, money that comes back (BAT-6, TZA-16)."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from sqlalchemy import select
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL
from tests.modules.msingi_claims.payment_fixtures import TODAY, Counter, billed_of, counter_of

from msingi.errors import DomainError
from msingi.money import Money
from msingi.tabular import write_csv
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.payment import Bill, FacilityAccount, FacilityPayment, PaymentOrder
from msingi_claims.plugin import APPROVE_PAYMENTS, PREPARE_PAYMENTS, READ_PAYMENTS
from msingi_claims.rules.bank_files import NAMESPACE
from msingi_claims.rules.bills import BankOutcome, BillState, FacilityPaymentState, PaymentOrderState
from msingi_claims.services import payments
from msingi_claims.services.answer_checks import BankAnswer
from msingi_claims.services.bank_answers import read_answers
from msingi_claims.services.facility_accounts import approve_account, propose_account
from msingi_claims.services.payment_files import payment_file
from msingi_claims.services.settling import take_answers
from msingi_ledger import Transaction, close_period, verify

PAIN = {"p": NAMESPACE}


@pytest.fixture
def billed(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Counter:
    """Two facilities of two districts with a bill each."""
    return billed_of(make_platform, as_user, frozen_clock)


@pytest.mark.rule("attack 24", "D-22", "BAT-6")
def test_who_makes_a_payment_does_not_approve_it(billed: Counter) -> None:
    payment = billed.prepared()
    before = billed.picture()

    for actor in (billed.maker, None):
        with pytest.raises(DomainError) as refusal:
            _approve(billed, payment, actor)
        assert refusal.value.code == "rbac.same_person"
    with pytest.raises(DomainError) as other:
        billed.scheme.act(lambda work: _own_account(work, billed))
    assert other.value.code == "rbac.same_person"

    assert billed.picture() == before
    _approve(billed, payment, billed.approver)
    assert billed.rows(FacilityPayment, "state", "amount_minor", "orders") == [
        (FacilityPaymentState.APPROVED, 350, 2)
    ]


@pytest.mark.rule("attack 91", "F29")
def test_steps_are_neither_skipped_nor_repeated(billed: Counter) -> None:
    draft = billed.prepared()
    reference = billed.orders(draft)[0].reference
    answer = [BankAnswer(reference, BankOutcome.PAID, TODAY)]
    steps: dict[str, Callable[[Work, FacilityPayment], Any]] = {
        "approve": lambda work, one: payments.approve_payment(work, one.id, expected_version=one.version),
        "cancel": lambda work, one: payments.cancel_payment(work, one.id, expected_version=one.version),
        "send": lambda work, one: payments.send_payment(work, one.id, expected_version=one.version),
        "answer": lambda work, one: take_answers(work, one.id, answer),
        "file": lambda work, one: payment_file(work, one.id, "xml"),
    }

    _refused(billed, draft, steps, "send", "answer", "file")
    approved = _approve(billed, draft, billed.approver)
    _refused(billed, approved, steps, "approve", "cancel", "answer")
    sent = billed.send(approved)
    _refused(billed, sent, steps, "approve", "cancel", "send")
    settled = billed.answer(sent, outcome=BankOutcome.PAID)
    assert settled.state is FacilityPaymentState.SETTLED
    _refused(billed, settled, steps, "approve", "cancel", "send")


@pytest.mark.rule("BAT-6", "TZA-16", "TZA-31")
def test_paid_orders_pay_bills_claims_and_the_ledger(billed: Counter) -> None:
    sent = billed.sent()
    assert billed.balances() == {"1420": 10_000, "2410": 350, "4220": 10_000, "5220": 350}

    settled = billed.answer(sent, outcome=BankOutcome.PAID)

    assert (settled.state, settled.settled_at) == (FacilityPaymentState.SETTLED, billed.clock.instant)
    assert billed.balances() == {"1420": 9_650, "4220": 10_000, "5220": 350}
    assert billed.rows(Bill, "amount_minor", "state") == [(100, BillState.PAID), (250, BillState.PAID)]
    assert {row[0] for row in billed.rows(Claim, "paid_at")} == {billed.clock.instant}
    orders = billed.orders(sent)
    assert all(one.transaction_id is not None and one.return_id is None for one in orders)
    assert billed.scheme.act(lambda work: verify(work).balanced)


@pytest.mark.rule("F29")
def test_the_same_answer_twice_and_an_unknown_outcome_pay_nothing_twice(billed: Counter) -> None:
    sent = billed.sent()
    first, second = billed.orders(sent)

    billed.answer(sent, outcome=BankOutcome.UNKNOWN)
    with pytest.raises(DomainError) as nothing:
        billed.prepared()
    assert nothing.value.code == "claims.nothing_to_pay"
    billed.answer(sent, BankAnswer(first.reference, BankOutcome.PAID, TODAY))
    before = billed.picture()
    billed.answer(sent, BankAnswer(first.reference, BankOutcome.PAID, TODAY))

    assert billed.picture() == before
    assert billed.balances()["1420"] == 10_000 - first.amount_minor
    with pytest.raises(DomainError) as contradicted:
        billed.answer(sent, BankAnswer(first.reference, BankOutcome.FAILED, TODAY))
    assert contradicted.value.code == "claims.answers_refused"
    settled = billed.answer(sent, BankAnswer(second.reference, BankOutcome.PAID, TODAY))
    assert settled.state is FacilityPaymentState.SETTLED


@pytest.mark.rule("TZA-16")
def test_answers_are_taken_whole_or_not_and_every_wrong_line_is_named(billed: Counter) -> None:
    sent = billed.sent()
    first, second = billed.orders(sent)
    before = billed.picture()
    tomorrow = TODAY + timedelta(days=1)
    lines = (
        BankAnswer(first.reference, BankOutcome.PAID, TODAY),
        BankAnswer("P-NEVER-MADE", BankOutcome.PAID, TODAY),
        BankAnswer(second.reference, BankOutcome.PAID, TODAY, Money(Decimal(1), "XAF")),
        BankAnswer(second.reference, BankOutcome.PAID, tomorrow),
        BankAnswer(first.reference, BankOutcome.FAILED, TODAY),
    )

    with pytest.raises(DomainError) as refusal:
        billed.answer(sent, *lines)

    assert (refusal.value.code, refusal.value.params["count"]) == ("claims.answers_refused", 4)
    for text in ("Ligne 2", "P-NEVER-MADE", "Ligne 3", f"{second.amount}", "Ligne 4", f"{first.reference} "):
        assert text in str(refusal.value.params["lines"]), text
    assert billed.picture() == before


@pytest.mark.rule("F29", "BAT-6")
def test_failed_orders_give_their_bills_to_the_next_payment(billed: Counter) -> None:
    sent = billed.sent()
    first, second = billed.orders(sent)

    settled = billed.answer(
        sent,
        BankAnswer(first.reference, BankOutcome.PAID, TODAY),
        BankAnswer(second.reference, BankOutcome.FAILED, TODAY, reason="account closed"),
    )

    assert settled.state is FacilityPaymentState.SETTLED
    again = billed.prepared()
    assert (again.orders, again.amount_minor) == (1, second.amount_minor)
    assert billed.rows(PaymentOrder, "state", "failure") == [
        (PaymentOrderState.FAILED, "account closed"),
        (PaymentOrderState.PAID, ""),
        (PaymentOrderState.PENDING, ""),
    ]


@pytest.mark.rule("BAT-6", "PG-3")
def test_what_the_bank_did_on_a_closed_day_is_booked_on_the_first_open_one(billed: Counter) -> None:
    sent = billed.sent()
    billed.at(2026, 3, 3, 9)
    billed.scheme.act(lambda work: close_period(work, TODAY))

    settled = billed.answer(sent, outcome=BankOutcome.PAID)

    assert settled.state is FacilityPaymentState.SETTLED
    assert billed.rows(PaymentOrder, "answered_on") == [(TODAY,)] * 2
    booked = [one for one in billed.rows(Transaction, "description", "occurred_on") if one[0]]
    assert booked == [(f"booked_late:{TODAY}", TODAY + timedelta(days=1))] * 2


@pytest.mark.rule("F36", "attack 24", "attack 88")
def test_a_mass_error_is_taken_back_by_reversing_entries_and_by_another_person(billed: Counter) -> None:
    sent = billed.sent()
    before = billed.balances()
    billed.answer(sent, outcome=BankOutcome.PAID)
    with pytest.raises(DomainError) as own:
        billed.answer(sent, outcome=BankOutcome.RETURNED)
    assert own.value.code == "rbac.same_person"

    billed.answer(sent, outcome=BankOutcome.RETURNED, actor=billed.approver)
    billed.answer(sent, outcome=BankOutcome.RETURNED, actor=billed.approver)

    assert billed.balances() == before
    assert billed.rows(Bill, "state", "order_id") == [(BillState.ISSUED, None)] * 2
    assert billed.rows(Claim, "paid_at") == [(None,)] * 2
    assert all(one.transaction_id and one.return_id for one in billed.orders(sent))
    assert billed.prepared().amount_minor == 350
    with pytest.raises(DomainError) as late:
        billed.answer(sent, outcome=BankOutcome.PAID)
    assert late.value.code == "claims.answers_refused"


@pytest.mark.rule("BAT-6", "TZA-16")
def test_the_file_for_the_bank_says_what_was_ordered(billed: Counter) -> None:
    payment = billed.approved()
    orders = {one.reference: one for one in billed.orders(payment)}

    document = fromstring(billed.scheme.act(lambda work: payment_file(work, payment.id, "xml")))

    (message,) = document.findall("p:CstmrCdtTrfInitn", PAIN)
    for part in ("p:GrpHdr", "p:PmtInf"):
        assert message.findtext(f"{part}/p:NbOfTxs", namespaces=PAIN) == "2"
        assert message.findtext(f"{part}/p:CtrlSum", namespaces=PAIN) == "350"
    assert message.findtext("p:GrpHdr/p:MsgId", namespaces=PAIN) == payment.code
    assert message.findtext("p:PmtInf/p:ReqdExctnDt/p:Dt", namespaces=PAIN) == "2026-03-02"
    transfers = message.findall("p:PmtInf/p:CdtTrfTxInf", PAIN)
    assert {
        one.findtext("p:PmtId/p:EndToEndId", namespaces=PAIN): one.findtext(
            "p:Amt/p:InstdAmt", namespaces=PAIN
        )
        for one in transfers
    } == {reference: str(order.amount_minor) for reference, order in orders.items()}
    assert {one.findtext("p:Cdtr/p:Nm", namespaces=PAIN) for one in transfers} == {"Economat"}
    ibans = [one.findtext("p:CdtrAcct/p:Id/p:IBAN", namespaces=PAIN) for one in transfers]
    others = [one.findtext("p:CdtrAcct/p:Id/p:Othr/p:Id", namespaces=PAIN) for one in transfers]
    assert set(ibans) == {"FR7630006000011234567890189", None}
    assert set(others) == {"00012345", None}
    csv = billed.scheme.act(lambda work: payment_file(work, payment.id, "csv")).decode("utf-8-sig")
    assert sum(int(line.split(",")[5]) for line in csv.splitlines()[1:]) == 350


@pytest.mark.rule("BAT-6")
def test_what_is_sent_late_is_due_on_the_day_of_sending(billed: Counter) -> None:
    payment = billed.approved()
    billed.at(2026, 3, 20, 9)

    early = _due(billed, payment)
    billed.send(payment)
    billed.at(2026, 3, 25, 9)

    assert (early, _due(billed, payment)) == ("2026-03-20", "2026-03-20")
    assert billed.rows(FacilityPayment, "due_on") == [(date(2026, 3, 20),)]


@pytest.mark.rule("BAT-6", "TZA-16")
def test_an_account_that_banks_could_not_read_is_not_proposed(billed: Counter) -> None:
    propose = """mutation($f:UUID!,$h:Text!,$b:Text!,$n:Text!){
        proposeFacilityAccount(facilityId:$f,holder:$h,bank:$b,number:$n){holder bank}}"""
    run = partial(billed.scheme.platform.graphql.run, propose, actor=billed.maker)
    wanted = {"f": str(billed.scheme.hospital), "h": " Économat ", "b": " ", "n": "001"}
    before = billed.counts(FacilityAccount)

    for unreadable in ({"h": "   "}, {"h": "💰💰"}, {"h": "//"}, {"n": " - "}):
        (error,) = run(wanted | unreadable)["errors"]
        assert error["extensions"]["code"] == "claims.account_unreadable", unreadable
        assert error["message"] == (
            "Un compte a besoin d'un titulaire et d'un numéro en caractères que les banques lisent."
        )
    assert billed.counts(FacilityAccount) == before

    assert run(wanted)["data"] == {"proposeFacilityAccount": {"holder": "Économat", "bank": ""}}


@pytest.mark.rule("BAT-6")
def test_answers_come_as_a_table_and_unreadable_lines_are_named(billed: Counter) -> None:
    sent = billed.sent()
    references = [one.reference for one in billed.orders(sent)]
    good = _table(*([reference, "paid", "2026-03-02", None, None] for reference in references))
    bad = _table(
        [references[0], "perhaps", "2026-03-02", None, None], [references[1], "paid", "soon", "1.5", None]
    )

    unread = billed.scheme.act(lambda work: read_answers(work, bad))
    with pytest.raises(DomainError) as refusal:
        billed.answer(sent, *unread)
    assert refusal.value.params == {
        "count": 2,
        "lines": "Ligne 2 : outcome : Choisissez parmi : paid, failed, unknown, returned. "
        "Ligne 3 : day : Écrivez la date sous la forme AAAA-MM-JJ ou JJ/MM/AAAA. "
        "Ligne 3 : amount : Au plus 0 décimales sont admises.",
    }

    answers = billed.scheme.act(lambda work: read_answers(work, good))
    assert billed.answer(sent, *answers).state is FacilityPaymentState.SETTLED


@pytest.mark.rule("BAT-6")
def test_a_facility_without_an_approved_account_waits_and_is_named(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    counter = counter_of(make_platform, as_user, frozen_clock, COVERS_ALL)
    scheme = counter.scheme
    counter.processed(counter.patient(), ("SV1", 1))
    counter.batch(month=3)
    prepare = """mutation($p:UUID!){prepareFacilityPayment(placeId:$p,dueOn:"2026-03-02"){
        payment{amount} withoutAccount}}"""
    place = {"p": str(scheme.places["CM"])}
    code = scheme.act(lambda work: work.session.scalar(select(Bill.code))).removeprefix("P1-")[:-8]

    answer = scheme.platform.graphql.run(prepare, place, actor=counter.maker)
    assert answer["errors"][0]["extensions"] == {
        "code": "claims.no_account_approved",
        "params": {"facilities": code},
    }

    counter.account(scheme.hospital)
    made = scheme.run(prepare, place, actor=counter.maker)["prepareFacilityPayment"]
    assert made == {"payment": {"amount": "100 XAF"}, "withoutAccount": []}
    (nothing,) = scheme.platform.graphql.run(prepare, place, actor=counter.maker)["errors"]
    assert nothing["message"] == "Aucune facture n'attend d'être payée ici."


@pytest.mark.rule("BAT-6", "IN-2")
def test_nothing_is_sent_that_the_bank_account_does_not_hold(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    counter = counter_of(make_platform, as_user, frozen_clock, COVERS_ALL)
    counter.processed(counter.patient(), ("SV1", 4))
    counter.batch(month=3)
    counter.account(counter.scheme.hospital)
    counter.fund(399)
    approved = counter.approved()

    with pytest.raises(DomainError) as refusal:
        counter.send(approved)
    assert refusal.value.params == {"held": "399 XAF", "needed": "400 XAF"}
    counter.fund(1)
    assert counter.send(approved).state is FacilityPaymentState.SENT


@pytest.mark.rule("TZA-13", "TZA-16", "attack 23")
def test_a_region_pays_its_own_facilities_only(billed: Counter, as_user: AsUser) -> None:
    scheme = billed.scheme
    district = as_user(PREPARE_PAYMENTS, READ_PAYMENTS, APPROVE_PAYMENTS, at=scheme.places["D2"])
    bills = "{bills(first:10){nodes{amount facilityId}}}"

    assert scheme.run(bills, actor=district) == {
        "bills": {"nodes": [{"amount": "100 XAF", "facilityId": str(scheme.centre)}]}
    }
    for place in ("CM", "D1"):
        with pytest.raises(DomainError) as refusal:
            billed.prepared(place, actor=district)
        assert refusal.value.code == "core.not_found"
    own = billed.prepared("D2", actor=district)
    rest = billed.prepared("CM")
    assert (own.amount_minor, rest.amount_minor) == (100, 250)
    with pytest.raises(DomainError) as foreign:
        _approve(billed, rest, district)
    assert foreign.value.code == "core.not_found"


def _approve(counter: Counter, payment: FacilityPayment, actor: Any) -> FacilityPayment:
    def approve(work: Work) -> FacilityPayment:
        return payments.approve_payment(work, payment.id, expected_version=payment.version)

    approved: FacilityPayment = (
        counter.scheme.act(approve)
        if actor is None
        else counter.scheme.as_actor(actor, APPROVE_PAYMENTS, approve)
    )
    return approved


def _due(counter: Counter, payment: FacilityPayment) -> str | None:
    document = fromstring(counter.scheme.act(lambda work: payment_file(work, payment.id, "xml")))
    return document.findtext(".//p:ReqdExctnDt/p:Dt", namespaces=PAIN)


def _refused(counter: Counter, payment: FacilityPayment, steps: Any, *names: str) -> None:
    before = counter.picture()
    for name in names:
        with pytest.raises(DomainError) as refusal:
            counter.scheme.as_actor(counter.approver, PREPARE_PAYMENTS, partial(steps[name], one=payment))
        assert refusal.value.code == "claims.wrong_payment_state", name
    assert counter.picture() == before


def _own_account(work: Work, counter: Counter) -> None:
    account = propose_account(work, counter.scheme.centre, holder="X", bank="Y", number="1")
    work.session.flush()
    approve_account(work, account.id, expected_version=1)


def _table(*rows: Any) -> bytes:
    target = io.BytesIO()
    write_csv(target, ["reference", "outcome", "day", "amount", "reason"], rows)
    return target.getvalue()

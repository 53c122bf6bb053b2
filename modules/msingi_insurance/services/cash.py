"""The cash of enrolment officers: expected from contributions, counted, handed over, confirmed by somebody else (TZA-14)."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, select

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.money import MixedCurrencies, Money
from msingi.sayings import Saying
from msingi.work import Work
from msingi_insurance import posting_templates as chart
from msingi_insurance.models.cash import CashCount, CashCountPremium, CashState
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.policy import Premium
from msingi_insurance.payment_errors import (
    AlreadyDecided,
    CashAlreadyOpen,
    DifferenceUnexplained,
    DutiesConflict,
    NoCash,
)
from msingi_insurance.payment_events import CashConfirmed
from msingi_insurance.rules.refusals import AmountInvalid
from msingi_insurance.rules.states import PayType
from msingi_insurance.services.confirmed_money import paid_by_credit_of
from msingi_insurance.services.policies_payment import activate_if_confirmed
from msingi_insurance.services.premium_posting import scheme_place
from msingi_insurance.services.premiums import lock_policies
from msingi_ledger import Movement, Posting, open_account, post


class CountedCash(BaseModel):
    """What was counted and where it went."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    counted: Money = Field(description="What was counted.")
    handed_to: str = Field(default="", max_length=100, description="Bank or person that received it.")
    slip: str = Field(default="", max_length=50, description="Number of the bank slip.")
    note: str = Field(default="", max_length=500, description="Why it differs from what is expected.")


def open_cash(work: Work, officer_id: UUID, *, until: date | None = None) -> CashCount:
    """Open a count of the cash that an officer collected up to a day and that no other count holds.

    Raises:
        NotFound: the officer is not visible.
        CashAlreadyOpen: the officer has a count that is not confirmed.
        NoCash: there is nothing to count.

    """
    officer = work.session.get(Officer, officer_id, with_for_update=True)
    if officer is None:
        raise NotFound(type="Officer")
    _refuse_open(work, officer)
    day = until or work.today()
    with work.everywhere():
        premiums = work.session.execute(_uncounted(officer.id, day)).all()
        if not premiums:
            raise NoCash
        count = work.add(
            CashCount(
                officer_id=officer.id,
                jurisdiction_id=officer.jurisdiction_id,
                until=day,
                state=CashState.OPEN,
                currency=work.platform.profile.currency,
                expected_minor=sum(row.amount_minor for row in premiums),
                opened_at=work.now(),
            )
        )
        work.session.flush()
        rows = [
            {"count_id": count.id, "premium_id": row.id, "jurisdiction_id": row.jurisdiction_id}
            for row in premiums
        ]
        work.insert_rows(CashCountPremium, rows)
    return count


def count_cash(
    work: Work, count_id: UUID, given: CountedCash, *, expected_version: int | None = None
) -> CashCount:
    """Write down what was counted; it can be counted again until it is confirmed.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        AlreadyDecided: it was confirmed.
        DifferenceUnexplained: it differs and the note is empty.

    """
    count = work.get(CashCount, count_id, expected_version=expected_version)
    if count.state is CashState.CONFIRMED:
        raise AlreadyDecided
    if given.counted.currency != count.currency:
        raise MixedCurrencies(left=count.currency, right=given.counted.currency)
    if given.counted.minor < 0:
        raise AmountInvalid
    difference = given.counted.minor - count.expected_minor
    if difference and not given.note.strip():
        raise DifferenceUnexplained(difference=str(Money.from_minor(difference, count.currency)))
    count.state, count.counted_minor, count.difference_minor = (
        CashState.COUNTED,
        given.counted.minor,
        difference,
    )
    count.handed_to, count.slip = clean_text(given.handed_to), clean_text(given.slip)
    count.note = clean_text(given.note)
    count.counted_by, count.counted_at = work.actor.id, work.now()
    work.session.flush()
    return count


def confirm_cash(work: Work, count_id: UUID) -> CashCount:
    """Confirm a count of somebody else and post it: the cash goes to the bank, a difference to its own account.

    Policies that waited for this money at the bank become active (POL-4).

    Raises:
        NotFound: it is not visible.
        AlreadyDecided: it is not counted yet, or was confirmed before.
        DutiesConflict: the actor counted it, or is the officer.

    """
    count = work.session.get(CashCount, count_id, with_for_update=True, populate_existing=True)
    if count is None:
        raise NotFound(type="CashCount")
    if count.state is not CashState.COUNTED or count.counted_minor is None:
        raise AlreadyDecided
    _refuse_same_person(work, count)
    count.transaction_id = _post(work, count, count.counted_minor)
    count.state, count.confirmed_by, count.confirmed_at = CashState.CONFIRMED, work.actor.id, work.now()
    work.session.flush()
    with work.everywhere():
        _activate(work, count)
    work.emit(CashConfirmed(count_id=count.id, officer_id=count.officer_id))
    return count


def _refuse_open(work: Work, officer: Officer) -> None:
    unfinished = select(CashCount.id).where(
        CashCount.officer_id == officer.id, CashCount.state != CashState.CONFIRMED
    )
    if work.session.scalar(unfinished.limit(1)) is not None:
        raise CashAlreadyOpen


def _uncounted(officer_id: UUID, day: date) -> Select[UUID, int, UUID]:
    counted = select(CashCountPremium.id).where(CashCountPremium.premium_id == Premium.id)
    return select(Premium.id, Premium.amount_minor, Premium.jurisdiction_id).where(
        Premium.officer_id == officer_id,
        Premium.pay_type == PayType.CASH,
        Premium.pay_date <= day,
        ~counted.exists(),
    )


def _refuse_same_person(work: Work, count: CashCount) -> None:
    actor = work.actor.id
    if actor is None:
        return
    if count.counted_by == actor:
        raise DutiesConflict(did=Saying("counted the cash"))
    with work.everywhere():
        officer = work.get(Officer, count.officer_id)
    if officer.user_id == actor:
        raise DutiesConflict(did=Saying("collected the cash"))


def _activate(work: Work, count: CashCount) -> None:
    counted = (
        select(Premium.policy_id)
        .join(CashCountPremium, CashCountPremium.premium_id == Premium.id)
        .where(CashCountPremium.count_id == count.id, Premium.is_photo_fee.is_(False))
        .distinct()
    )
    confirmed = set(work.session.scalars(counted))
    credited = work.session.scalars(paid_by_credit_of(confirmed))
    activate_if_confirmed(work, lock_policies(work, confirmed.union(credited)))


def _post(work: Work, count: CashCount, counted: int) -> UUID | None:
    """Counted money goes to the bank; what is missing is a loss, what is too much a gain."""
    place, missing = count.jurisdiction_id, count.expected_minor - counted
    cash = open_account(work, chart.CASH, jurisdiction_id=place, owner=str(count.officer_id))
    bank = open_account(work, chart.BANK, jurisdiction_id=scheme_place(work))
    movements = []
    moved = min(counted, count.expected_minor)
    if moved > 0:
        movements.append(Movement(bank, cash, moved))
    if missing > 0:
        lost = open_account(work, chart.CASH_SHORTAGE, jurisdiction_id=place, owner=str(count.officer_id))
        movements.append(Movement(lost, cash, missing))
    if missing < 0:
        gained = open_account(work, chart.CASH_SURPLUS, jurisdiction_id=place, owner=str(count.officer_id))
        movements.append(Movement(bank, gained, -missing))
    if not movements:
        return None
    posting = Posting(
        template=chart.DEPOSITED.name,
        key=f"insurance.cash:{count.id}",
        jurisdiction_id=place,
        occurred_on=work.today(),
        movements=tuple(movements),
    )
    return post(work, posting).transaction_id

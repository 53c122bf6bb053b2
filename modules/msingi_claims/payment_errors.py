"""Refusals of batch runs, bills and payments."""

from msingi.errors import DomainError


class AlreadyRun(DomainError):
    """The batch of this place, year and month has run (result 2 of BAT-1)."""

    code = "claims.batch_already_run"
    template = "The batch of {month}/{year} has already run for this place."


class NoProductHere(DomainError):
    """A batch is run for a place that no product belongs to (BAT-1)."""

    code = "claims.no_product_here"
    template = "No product belongs to {place}: there is nothing to bill there. {hint}"


class PeriodNotOver(DomainError):
    """The period of a batch has not ended."""

    code = "claims.period_not_over"
    template = "The batch of {month}/{year} can run from {day} on."


class NoPercentage(DomainError):
    """Relative prices wait for a share of the contributions that nobody has set (BAT-3)."""

    code = "claims.no_percentage"
    template = (
        "Product {product} has no percentage of contributions for {care} care in {period} {part}/{year}."
    )


class NothingAllocated(DomainError):
    """Relative prices would be worth nothing: the run needs to be confirmed (BAT-3)."""

    code = "claims.nothing_allocated"
    template = (
        "No contributions are allocated to {period} {part}/{year} of product {product}: its relative prices "
        "would be worth nothing. Confirm this to go on."
    )


class NothingToPay(DomainError):
    """No bill of a facility below the place waits for payment."""

    code = "claims.nothing_to_pay"
    template = "No bill waits for payment here."


class NoAccountApproved(DomainError):
    """Bills wait for payment, and none of their facilities has an account that somebody approved."""

    code = "claims.no_account_approved"
    template = (
        "Bills wait for payment here, but no account is approved of their facilities: {facilities}. "
        "Propose one with proposeFacilityAccount; somebody else approves it."
    )


class UnreadableAnswer(DomainError):
    """A cell in a file of the bank's answers cannot be read."""

    code = "claims.unreadable_answer"
    template = "Line {line}: {reason}"


class UnknownReference(DomainError):
    """The bank names an order that is not part of the payment."""

    code = "claims.unknown_reference"
    template = "Line {line}: the payment has no order {reference}."


class WrongAmountPaid(DomainError):
    """The bank paid, or gave back, another amount than ordered."""

    code = "claims.wrong_amount_paid"
    template = "Line {line}: order {reference} is over {expected}, not {found}."


class AnswersRefused(DomainError):
    """Answers of the bank contain errors: nothing was taken over, all that is wrong with every line is listed."""

    code = "claims.answers_refused"
    template = "Nothing was saved. Wrong lines ({count}): {lines}"


class AccountNotUsable(DomainError):
    """An account to approve is already approved, or was replaced."""

    code = "claims.account_not_usable"
    template = "This account was already approved."


class AccountUnreadable(DomainError):
    """The holder or the number of an account is blank, or has no character that banks read."""

    code = "claims.account_unreadable"
    template = "An account needs a holder and a number in characters that banks read."


class DueInThePast(DomainError):
    """A payment would be due before today."""

    code = "claims.due_in_the_past"
    template = "The payment would be due in the past."


class WrongAnswerDay(DomainError):
    """The bank answers on a day that has not come."""

    code = "claims.wrong_answer_day"
    template = "Line {line}: the answer to order {reference} lies in the future."


class AnswerBeforeSending(DomainError):
    """The bank answers to an order before it had it."""

    code = "claims.answer_before_sending"
    template = (
        "Line {line}: the answer to order {reference} is dated before {day}, when the payment was sent."
    )


class ReturnBeforePayment(DomainError):
    """Money of an order came back before the bank paid it."""

    code = "claims.return_before_payment"
    template = "Line {line}: order {reference} was paid on {day} and cannot have come back before."


class NotEnoughMoney(DomainError):
    """The scheme's bank account does not hold what a payment and those at the bank add up to (IN-2)."""

    code = "claims.not_enough_money"
    template = "The bank account holds {held}; {needed} are needed for this payment and those that are with the bank."


class UnknownPlaces(DomainError):
    """Figures or catchments name places or facilities that do not exist or are out of reach."""

    code = "claims.unknown_places"
    template = "Some places or facilities do not exist or are not yours: {count}."

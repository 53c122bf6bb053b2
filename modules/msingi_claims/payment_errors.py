"""Refusals of batch runs, bills and payments."""

from msingi.errors import DomainError


class AlreadyRun(DomainError):
    """The batch of this place, year and month has run (result 2 of BAT-1)."""

    code = "claims.batch_already_run"
    template = "The batch of {month}/{year} has already run for this place."


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
    """No bill below the place waits for payment by a facility whose account is known."""

    code = "claims.nothing_to_pay"
    template = "No bill waits for payment here. Facilities without an approved account: {without_account}."


class UnknownReference(DomainError):
    """The bank names an order that is not part of the payment."""

    code = "claims.unknown_reference"
    template = "Line {line}: the payment has no order {reference}."


class WrongAmountPaid(DomainError):
    """The bank paid another amount than ordered."""

    code = "claims.wrong_amount_paid"
    template = "Line {line}: order {reference} is over {expected}, not {found}."


class AnswersRefused(DomainError):
    """Answers of the bank contain errors: nothing was taken over, every wrong line is listed."""

    code = "claims.answers_refused"
    template = "Nothing was saved. {count} lines are wrong: {lines}"


class AccountNotUsable(DomainError):
    """An account to approve is already approved, or was replaced."""

    code = "claims.account_not_usable"
    template = "This account was already approved."

"""Refusals of the ledger; they name codes of accounts, never owners."""

from msingi.errors import DomainError


class UnknownTemplate(DomainError):
    """No enabled module declares this posting template (IN-6)."""

    code = "ledger.unknown_template"
    template = "There is no posting template {template}."


class PairNotAllowed(DomainError):
    """The template does not move money between these kinds of accounts (IN-6)."""

    code = "ledger.pair_not_allowed"
    template = "{template} does not move money from account {debit} to account {credit}."


class UnknownKind(DomainError):
    """No posting template uses this kind of account, or it is defined otherwise."""

    code = "ledger.unknown_kind"
    template = "There is no account {account} in the chart of accounts."


class EmptyPosting(DomainError):
    """A posting moves nothing (IN-1)."""

    code = "ledger.empty_posting"
    template = "A posting needs at least one amount."


class WrongAmount(DomainError):
    """An amount is not a whole number of minor units above zero (IN-1, attack 54)."""

    code = "ledger.wrong_amount"
    template = "An amount must be greater than zero and not too large."


class SameAccount(DomainError):
    """An amount would go from an account to itself (attack 87)."""

    code = "ledger.same_account"
    template = "An amount cannot go from an account to itself."


class InsufficientFunds(DomainError):
    """A bounded account would fall below zero, or below what is held of it (IN-2, attack 86)."""

    code = "ledger.insufficient_funds"
    template = "There is not enough on account {account}."


class TooMuchOnAccount(DomainError):
    """A balance would be so large that sums over accounts no longer fit 64 bits of minor units."""

    code = "ledger.too_much"
    template = "Account {account} cannot hold such an amount."


class KeyUsedOtherwise(DomainError):
    """The idempotency key was used with another content (IN-3)."""

    code = "ledger.key_used_otherwise"
    template = "This key was used before for something else. Nothing was posted."


class EventAlreadyPosted(DomainError):
    """An event of a provider was posted before under another key (IN-3)."""

    code = "ledger.event_already_posted"
    template = "This event of {provider} was posted before."


class PeriodClosed(DomainError):
    """The day lies in a closed period (attack 88)."""

    code = "ledger.period_closed"
    template = "The books are closed through {through}. Choose a later day."


class PeriodNotOver(DomainError):
    """A period is closed when it is over, and only forwards."""

    code = "ledger.period_not_over"
    template = "Choose a day before today and after {through}."


class FutureDay(DomainError):
    """A posting is dated in the future."""

    code = "ledger.future_day"
    template = "A posting cannot be dated in the future."


class ReversalOfReversal(DomainError):
    """A reversing transaction cannot be reversed; post anew instead (attack 88)."""

    code = "ledger.reversal_of_reversal"
    template = "A reversal cannot be reversed. Post the amount anew."


class AlreadyReversed(DomainError):
    """A transaction is reversed once (attack 88)."""

    code = "ledger.already_reversed"
    template = "This transaction was reversed before."


class ReversedWhereMade(DomainError):
    """A module keeps a record of this transaction, which a reversal in the ledger alone would contradict (PAY-6)."""

    code = "ledger.reversed_where_made"
    template = "A posting of {template} is not reversed here. Reverse it where it was made."


class HoldNotOpen(DomainError):
    """A hold is captured or released once, and before it expires."""

    code = "ledger.hold_not_open"
    template = "This reservation is no longer open."


class CaptureExceedsHold(DomainError):
    """A capture takes the held account's money, at most as much as is held (attack 88)."""

    code = "ledger.capture_exceeds_hold"
    template = "More would be taken than was reserved."


class HoldTooLong(DomainError):
    """The lifetime of a hold is not positive or exceeds the limit of the installation (IN-12)."""

    code = "ledger.hold_too_long"
    template = "A reservation lasts at most {days} days."


class NotBounded(DomainError):
    """Money can be held only on accounts that never go below zero."""

    code = "ledger.not_bounded"
    template = "Nothing can be reserved on account {account}."

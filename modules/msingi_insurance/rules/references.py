"""The life of a payment reference (control number) as a table, and what each answer of a gateway means (PAY-9, PG-6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Final
from uuid import UUID

from msingi.clean_text import clean_text


class ReferenceState(StrEnum):
    """Where a reference stands."""

    REQUESTED = "requested"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ISSUED = "issued"
    PAID = "paid"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class ReferenceStep(StrEnum):
    """What happens to a reference."""

    SEND = "send"
    ACKNOWLEDGE = "acknowledge"
    ISSUE = "issue"
    PAY = "pay"
    REJECT = "reject"
    EXPIRE = "expire"
    CANCEL = "cancel"
    LOSE = "lose"
    """The gateway says that it never received the request: it may be sent again."""


_LIFE: Final[Mapping[ReferenceState, Mapping[ReferenceStep, ReferenceState]]] = {
    ReferenceState.REQUESTED: {
        ReferenceStep.SEND: ReferenceState.SENT,
        ReferenceStep.CANCEL: ReferenceState.CANCELLED,
        ReferenceStep.EXPIRE: ReferenceState.EXPIRED,
    },
    ReferenceState.SENT: {
        ReferenceStep.ACKNOWLEDGE: ReferenceState.ACKNOWLEDGED,
        ReferenceStep.ISSUE: ReferenceState.ISSUED,
        ReferenceStep.REJECT: ReferenceState.REJECTED,
        ReferenceStep.LOSE: ReferenceState.REQUESTED,
        ReferenceStep.EXPIRE: ReferenceState.EXPIRED,
        ReferenceStep.PAY: ReferenceState.PAID,
    },
    ReferenceState.ACKNOWLEDGED: {
        ReferenceStep.ISSUE: ReferenceState.ISSUED,
        ReferenceStep.REJECT: ReferenceState.REJECTED,
        ReferenceStep.EXPIRE: ReferenceState.EXPIRED,
        ReferenceStep.PAY: ReferenceState.PAID,
    },
    ReferenceState.ISSUED: {
        ReferenceStep.PAY: ReferenceState.PAID,
        ReferenceStep.EXPIRE: ReferenceState.EXPIRED,
        ReferenceStep.CANCEL: ReferenceState.CANCELLED,
    },
    ReferenceState.EXPIRED: {ReferenceStep.PAY: ReferenceState.PAID},
    ReferenceState.PAID: {},
    ReferenceState.REJECTED: {},
    ReferenceState.CANCELLED: {},
}
OPEN_STATES: Final = frozenset({ReferenceState.REQUESTED, ReferenceState.SENT, ReferenceState.ACKNOWLEDGED})
"""States in which a number is still awaited."""
UNANSWERED: Final = frozenset({ReferenceState.SENT, ReferenceState.ACKNOWLEDGED})
"""States whose outcome is unknown: the gateway is asked, the request is never sent again (F29)."""


class Answer(StrEnum):
    """What a gateway said about a request; ``UNKNOWN`` is said for it when it says nothing."""

    ACKNOWLEDGED = "acknowledged"
    ISSUED = "issued"
    REJECTED = "rejected"
    NEVER_RECEIVED = "never_received"
    UNKNOWN = "unknown"


STEP_OF: Final[Mapping[Answer, ReferenceStep | None]] = {
    Answer.ACKNOWLEDGED: ReferenceStep.ACKNOWLEDGE,
    Answer.ISSUED: ReferenceStep.ISSUE,
    Answer.REJECTED: ReferenceStep.REJECT,
    Answer.NEVER_RECEIVED: ReferenceStep.LOSE,
    Answer.UNKNOWN: None,
}


class PoolCode(IntEnum):
    """What a request for a number from a pool is answered with (PAY-9)."""

    GIVEN = 4001
    NONE_AVAILABLE = 4002
    BELOW_THRESHOLD = 4003
    FAILED = 4999


class AssignmentCode(IntEnum):
    """What the assignment of a number is answered with (PAY-9)."""

    DONE = 0
    CANNOT_ASSIGN = 1
    DUPLICATE = 2


@dataclass(frozen=True, slots=True)
class Bill:
    """What a gateway is asked to give a number for; ``id`` never changes, so that a repeat is recognised (PG-2)."""

    id: UUID
    gateway: str
    currency: str
    amount: Decimal | None
    """None: the payer decides, as for the numbers of a pool."""
    description: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """What a gateway answered about a bill."""

    answer: Answer
    number: str = ""
    code: str = ""
    """The gateway's own code, kept for its operators."""


@dataclass(frozen=True, slots=True)
class MoneyNotice:
    """A payment that a gateway reports, after its signature was verified (PG-1)."""

    gateway: str
    transaction: str
    """The gateway's transaction id: the same one is the same money (PAY-8)."""
    number: str
    amount: Decimal
    currency: str
    paid_on: date
    paid_at: datetime | None = None
    channel: str = "M"
    """B bank, C cash, M mobile."""
    is_listed: bool = False
    """Whether a statement lists it: transaction and amount are what two reports of one payment share (PAY-8)."""


def clean_id(written: str) -> str:
    """The id of a transaction or a number to pay under, as all its spellings share it: what nobody sees counts for nothing.

    Blanks of any kind around it and invisible characters are dropped; capitals and small letters stay apart.
    Raises ``InvalidCharacter``, ``TooManyMarks`` or ``TextTooLong`` for what no gateway writes.
    """
    return clean_text(written.strip())


def next_state(state: ReferenceState, step: ReferenceStep) -> ReferenceState | None:
    """The state after a step, or None when the step is not possible there."""
    return _LIFE[state].get(step)


def pool_code(available: int, threshold: int) -> PoolCode:
    """What a pool answers that had so many numbers before one was taken."""
    if available <= 0:
        return PoolCode.NONE_AVAILABLE
    return PoolCode.BELOW_THRESHOLD if available - 1 < threshold else PoolCode.GIVEN

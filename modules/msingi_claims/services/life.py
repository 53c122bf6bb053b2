"""The life of a claim as one table: which action is possible in which status, and what it needs (attack 91)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from msingi.sayings import LISTED
from msingi_claims.errors import ReasonRequired, WrongStatus
from msingi_claims.rules.codes import ClaimStatus

_E, _C, _R = ClaimStatus.ENTERED, ClaimStatus.CHECKED, ClaimStatus.REJECTED
_P, _V = ClaimStatus.PROCESSED, ClaimStatus.VALUATED


class Action(StrEnum):
    """What somebody does to a claim."""

    EDIT = "edit"
    DELETE = "delete"
    SUBMIT = "submit"
    SELECT = "select"
    REVIEW = "review"
    QUERY = "query"
    FEEDBACK = "feedback"
    PROCESS = "process"
    REJECT = "reject"
    UNDO_REJECTION = "undo_rejection"
    RELEASE = "release"
    VALUE = "value"
    PAY = "pay"
    RESTORE = "restore"
    ATTACH = "attach"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which statuses an action leads to which others."""

    sources: tuple[ClaimStatus, ...]
    targets: tuple[ClaimStatus, ...]


TRANSITIONS: Final[Mapping[Action, Transition]] = MappingProxyType(
    {
        Action.EDIT: Transition((_E,), (_E,)),
        Action.ATTACH: Transition((_E, _C), (_E, _C)),
        Action.DELETE: Transition((_E,), (ClaimStatus.VOID,)),
        Action.SUBMIT: Transition((_E,), (_C, _R)),
        Action.SELECT: Transition((_C,), (_C,)),
        Action.REVIEW: Transition((_C,), (_C, _R)),
        Action.QUERY: Transition((_C,), (_C,)),
        Action.FEEDBACK: Transition((_C, _P, _V), (_C, _P, _V)),
        Action.PROCESS: Transition((_C,), (_P, _V, _R)),
        Action.REJECT: Transition((_C,), (_R,)),
        Action.UNDO_REJECTION: Transition((_R,), (_C, _R)),
        Action.RELEASE: Transition((_R,), (_C, _R)),
        Action.VALUE: Transition((_P,), (_V,)),
        Action.PAY: Transition((_V,), (_V,)),
        Action.RESTORE: Transition((_R,), (_R,)),
    }
)
"""Every transition; what is not here does not exist. Restoring leaves the rejected claim and enters a new one."""


def require_status(action: Action, claims: Sequence[Any]) -> None:
    """Refuse the action unless the statuses of all these claims allow it.

    Raises:
        WrongStatus: names every status that does not, and of several claims those that stand there.

    """
    allowed = TRANSITIONS[action].sources
    wrong = [claim for claim in claims if claim.status not in allowed]
    if wrong:
        raise WrongStatus.of(
            claims,
            wrong,
            status=LISTED.join(dict.fromkeys(claim.status.value for claim in wrong)),
            allowed=LISTED.join(one.value for one in allowed),
        )


def require_reason(reason: str) -> None:
    """Refuse a step without a reason.

    Raises:
        ReasonRequired: it is empty or blank.

    """
    if not reason.strip():
        raise ReasonRequired

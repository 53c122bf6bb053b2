"""The life of an account as a table, and what opens it: status before role (P6, attack 23)."""

from datetime import date

from msingi.auth.models import UserStatus

STEPS: dict[UserStatus, frozenset[UserStatus]] = {
    UserStatus.INVITED: frozenset({UserStatus.SUSPENDED, UserStatus.EXPIRED, UserStatus.TRANSFERRED}),
    UserStatus.ACTIVE: frozenset({UserStatus.SUSPENDED, UserStatus.EXPIRED, UserStatus.TRANSFERRED}),
    UserStatus.SUSPENDED: frozenset({UserStatus.ACTIVE, UserStatus.EXPIRED, UserStatus.TRANSFERRED}),
    UserStatus.EXPIRED: frozenset({UserStatus.ACTIVE, UserStatus.SUSPENDED, UserStatus.TRANSFERRED}),
    UserStatus.TRANSFERRED: frozenset({UserStatus.ACTIVE, UserStatus.SUSPENDED, UserStatus.EXPIRED}),
}
"""What an administrator may do; an invited account becomes active only when its person chooses a password."""


def may_become(before: UserStatus, after: UserStatus) -> bool:
    """Whether an administrator may take this step."""
    return after in STEPS[before]


def is_open(status: UserStatus, valid_to: date | None, today: date) -> bool:
    """Whether an account has rights today."""
    return status is UserStatus.ACTIVE and _is_valid(valid_to, today)


def may_prove_itself(status: UserStatus, valid_to: date | None, today: date) -> bool:
    """Whether a right password leads further: open, or invited and about to choose a password."""
    return status in {UserStatus.ACTIVE, UserStatus.INVITED} and _is_valid(valid_to, today)


def _is_valid(valid_to: date | None, today: date) -> bool:
    return valid_to is None or today <= valid_to

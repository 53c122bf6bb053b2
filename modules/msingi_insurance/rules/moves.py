"""What goes with a family that moves to another village, and what its clerk should know (INS-8)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from msingi_insurance.rules.renewal import are_for_others
from msingi_insurance.rules.states import PolicyStatus


class MoveDirection(StrEnum):
    """Which side of a move a village is."""

    LEFT = "left"
    """The family left it."""
    CAME = "came"
    """The family came to it."""


class MoveWarning(StrEnum):
    """What a clerk should know about a family that moves; it refuses nothing."""

    FACILITY_OUTSIDE = "facility_outside"
    """The facility of choice of a member lies outside the place above the new village (INS-6)."""
    PRODUCT_NOT_SOLD_THERE = "product_not_sold_there"
    """The policy holds to its end and is not renewed: its product is not for the new village, or has not started there."""
    OFFICER_NOT_THERE = "officer_not_there"
    """Who sold the policy does not work in the new village: somebody else asks for its renewal."""
    NUMBER_OF_OFFICER = "number_of_officer"
    """An officer who does not work there asked for a control number: money under it is matched by hand (108)."""


@dataclass(frozen=True, slots=True)
class HeldPolicy:
    """A policy of a family, as far as a move looks at it."""

    id: str
    product: str
    status: PolicyStatus
    expiry: date
    previous: str | None
    named: Collection[str] | None = None
    """The members for whom alone it was taken out."""


def policies_that_go(policies: Sequence[HeldPolicy]) -> tuple[str, ...]:
    """Those that are not expired, and those from which a renewal can begin because nothing follows them; in their order."""
    renewed = {one.previous for one in policies}
    return tuple(
        one.id
        for one in policies
        if one.status is not PolicyStatus.EXPIRED
        or (one.id not in renewed and not _is_followed(one, policies))
    )


def is_for_place(
    product_place: str,
    waves: Collection[tuple[str, date | None]],
    *,
    chain: Collection[str],
    on: date,
) -> bool:
    """Whether a product is for a place, given with those above it, and has started there on a day (PRD-1, TZA-07)."""
    started = not waves or any(place in chain and day is not None and day <= on for place, day in waves)
    return product_place in chain and started


def _is_followed(policy: HeldPolicy, policies: Sequence[HeldPolicy]) -> bool:
    return any(
        one.product == policy.product
        and one.expiry > policy.expiry
        and not are_for_others(policy.named, one.named)
        for one in policies
    )

"""What goes with a family that moves: pure decisions."""

from datetime import date

import pytest

from msingi_insurance.rules.moves import HeldPolicy, is_for_place, policies_that_go
from msingi_insurance.rules.states import PolicyStatus

DAY = date(2026, 3, 2)


def held(
    name: str, status: PolicyStatus, expiry: date, *, product: str = "A", previous: str | None = None
) -> HeldPolicy:
    return HeldPolicy(name, product, status, expiry, previous)


@pytest.mark.rule("INS-8")
def test_what_is_not_expired_goes_and_an_expired_policy_goes_while_nothing_follows_it() -> None:
    old, active = PolicyStatus.EXPIRED, PolicyStatus.ACTIVE
    policies = [
        held("renewed", old, date(2025, 1, 1)),
        held("renewal", old, date(2026, 1, 1), previous="renewed"),
        held("later", active, date(2027, 1, 1)),
        held("converted", old, date(2026, 1, 1), product="B"),
        held("conversion", PolicyStatus.SUSPENDED, date(2027, 1, 1), product="C", previous="converted"),
        held("last", old, date(2024, 1, 1), product="D"),
        held("idle", PolicyStatus.IDLE, date(2025, 6, 1)),
    ]

    assert policies_that_go(policies) == ("later", "conversion", "last", "idle")


@pytest.mark.rule("INS-8", "POL-8")
def test_a_later_policy_for_other_members_follows_nobody() -> None:
    expired = HeldPolicy("one", "A", PolicyStatus.EXPIRED, date(2026, 1, 1), None, ["mother"])
    later = HeldPolicy("two", "A", PolicyStatus.ACTIVE, date(2027, 1, 1), None, ["child"])
    for_both = HeldPolicy("two", "A", PolicyStatus.ACTIVE, date(2027, 1, 1), None, ["child", "mother"])

    assert policies_that_go([expired, later]) == ("one", "two")
    assert policies_that_go([expired, for_both]) == ("two",)


@pytest.mark.rule("INS-8", "PRD-1", "TZA-07")
@pytest.mark.parametrize(
    ("place", "waves", "expected"),
    [
        ("country", [], True),
        ("other", [], False),
        ("country", [("region", DAY)], True),
        ("country", [("region", date(2026, 3, 3))], False),
        ("country", [("region", None)], False),
        ("country", [("other", DAY)], False),
        ("country", [("other", DAY), ("village", DAY)], True),
    ],
)
def test_a_product_is_for_the_places_below_its_own_once_a_wave_has_reached_them(
    place: str, waves: list[tuple[str, date | None]], *, expected: bool
) -> None:
    chain = ("village", "region", "country")

    assert is_for_place(place, waves, chain=chain, on=DAY) is expected

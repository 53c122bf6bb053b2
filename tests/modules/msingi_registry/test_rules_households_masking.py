"""A person lives in one household with one head, and a search shows initials and year only."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.dates import BirthDate, DatePrecision
from msingi_registry.rules.households import Membership, check_one_household, head_of
from msingi_registry.rules.masking import MaskedPerson, cap_results, initials_of, mask_person
from msingi_registry.rules.refusals import Refusal

DAY = date(2026, 3, 1)


def member(
    person: str, household: str, start: date, end: date | None = None, *, head: bool = False
) -> Membership:
    return Membership(household=household, person=person, start=start, end=end, head=head)


def test_a_person_may_move_but_not_live_twice() -> None:
    moved = [member("p", "a", date(2020, 1, 1), date(2024, 12, 31)), member("p", "b", date(2025, 1, 1))]

    check_one_household([*moved, member("q", "a", date(2020, 1, 1))])
    with pytest.raises(Refusal) as refused:
        check_one_household([*moved, member("p", "c", date(2024, 12, 31), date(2024, 12, 31))])
    assert refused.value.code == "registry.membership_overlaps"


def test_a_household_has_exactly_one_head_on_a_day() -> None:
    first = member("p", "a", date(2020, 1, 1), date(2024, 12, 31), head=True)
    second = member("q", "a", date(2025, 1, 1), head=True)
    other = member("r", "b", date(2020, 1, 1), head=True)

    assert head_of([first, second, other], "a", date(2024, 12, 31)) == "p"
    assert head_of([first, second, other], "a", DAY) == "q"
    for rows, code in (
        ([first, other], "registry.household_without_head"),
        ([second, member("s", "a", date(2026, 1, 1), head=True)], "registry.household_with_two_heads"),
    ):
        with pytest.raises(Refusal) as refused:
            head_of(rows, "a", DAY)
        assert refused.value.code == code


def test_a_membership_does_not_end_before_it_begins() -> None:
    with pytest.raises(Refusal) as refused:
        member("p", "a", DAY, date(2026, 2, 28))

    assert refused.value.code == "registry.membership_period_invalid"


@pytest.mark.rule("ID-23")
@pytest.mark.parametrize(
    ("given_name", "family", "initials"),
    [
        ("Jean", "Ngono", "JN"),
        ("Marie-Claire", "N'Djamena", "MCN"),
        ("Ahmed", "Ould Daddah", "AD"),
        ("محمد", "علي", "MA"),
        ("Élodie", None, "E"),
        (None, None, ""),
        ("2", "Ngono", "N"),
        ("A B C D E", "F", "BCEF"),
    ],
)
def test_initials_are_plain_capitals(given_name: str | None, family: str | None, initials: str) -> None:
    assert initials_of(given_name, family) == initials


@pytest.mark.rule("ID-23")
def test_a_masked_person_shows_initials_and_year() -> None:
    born = BirthDate(date(1990, 5, 17), DatePrecision.DAY)

    assert mask_person("Jean", "Ngono", born) == MaskedPerson("J. N.", 1990)
    assert mask_person(None, None, None) == MaskedPerson("", None)


@pytest.mark.rule("ID-23")
@given(given_name=st.text(max_size=40), family=st.text(max_size=40))
def test_the_mask_never_shows_more_than_four_letters(given_name: str, family: str) -> None:
    masked = mask_person(given_name, family, None)

    assert len(masked.initials.replace(". ", "").replace(".", "")) <= 4


@pytest.mark.rule("ID-23")
@given(found=st.lists(st.integers(), max_size=60))
def test_a_search_shows_at_most_twenty(found: list[int]) -> None:
    shown, more = cap_results(found)

    assert list(shown) == found[:20]
    assert more is (len(found) > 20)

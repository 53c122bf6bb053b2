"""Birth dates keep their precision, implausible lives are refused, and agreement is graded."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.dates import (
    BirthAgreement,
    BirthDate,
    DatePrecision,
    age_in_years,
    are_births_too_close,
    birth_from_age,
    check_life,
    compare_births,
    read_birth_date,
)
from msingi_registry.rules.refusals import Refusal

TODAY = date(2026, 3, 1)
births = st.builds(BirthDate, st.dates(), st.sampled_from(DatePrecision))


@pytest.mark.rule("ID-10", "attack 56", "attack 60")
@pytest.mark.parametrize(
    ("typed", "value", "precision"),
    [
        ("1990-05-17", date(1990, 5, 17), DatePrecision.DAY),
        ("2024-02-29", date(2024, 2, 29), DatePrecision.DAY),
        (" 1990-05 ", date(1990, 5, 1), DatePrecision.MONTH),
        ("1990", date(1990, 1, 1), DatePrecision.YEAR),
        ("\u0661\u0669\u0669\u0660-\u0660\u0665-\u0661\u0667", date(1990, 5, 17), DatePrecision.DAY),
    ],
)
def test_a_date_is_read_with_the_precision_written(typed: str, value: date, precision: DatePrecision) -> None:
    assert read_birth_date(typed) == BirthDate(value, precision)


@pytest.mark.rule("attack 56")
@pytest.mark.parametrize(
    "typed",
    [
        "",
        "17/05/1990",
        "2026-04-31",
        "2025-02-29",
        "1990-13",
        "0000",
        "90",
        "1990-5-1",
        "19900517",
        "9" * 1000,
        "१९९०",
    ],
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_birth_date(typed)

    assert (refused.value.code, refused.value.params) == ("registry.birth_date_invalid", {})


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(
    ("precision", "stored", "earliest", "latest"),
    [
        (DatePrecision.DAY, date(2024, 2, 17), date(2024, 2, 17), date(2024, 2, 17)),
        (DatePrecision.MONTH, date(2024, 2, 1), date(2024, 2, 1), date(2024, 2, 29)),
        (DatePrecision.YEAR, date(2024, 1, 1), date(2024, 1, 1), date(2024, 12, 31)),
        (DatePrecision.ESTIMATED, date(2024, 1, 1), date(2021, 1, 1), date(2027, 12, 31)),
    ],
)
def test_precision_bounds_the_days_of_birth(
    precision: DatePrecision, stored: date, earliest: date, latest: date
) -> None:
    birth = BirthDate(date(2024, 2, 17), precision)

    assert (birth.value, birth.earliest, birth.latest) == (stored, earliest, latest)


@pytest.mark.rule("attack 56")
@pytest.mark.parametrize(
    ("born", "precision", "death", "code"),
    [
        (date(2026, 3, 2), DatePrecision.DAY, None, "registry.birth_in_future"),
        (date(9999, 12, 31), DatePrecision.ESTIMATED, None, "registry.birth_in_future"),
        (date(2027, 1, 1), DatePrecision.ESTIMATED, None, "registry.birth_in_future"),
        (date(1900, 3, 1), DatePrecision.DAY, None, "registry.birth_too_long_ago"),
        (date(1, 1, 1), DatePrecision.YEAR, None, "registry.birth_too_long_ago"),
        (date(1800, 1, 1), DatePrecision.DAY, date(1926, 1, 1), "registry.birth_too_long_ago"),
        (date(1990, 5, 17), DatePrecision.DAY, date(1990, 5, 16), "registry.death_before_birth"),
        (date(1990, 5, 17), DatePrecision.YEAR, date(1989, 12, 31), "registry.death_before_birth"),
        (date(1990, 5, 17), DatePrecision.DAY, date(2026, 3, 2), "registry.death_in_future"),
    ],
)
def test_an_implausible_life_is_refused(
    born: date, precision: DatePrecision, death: date | None, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        check_life(BirthDate(born, precision), TODAY, death=death)

    assert refused.value.code == code


@pytest.mark.rule("attack 56")
@pytest.mark.parametrize(
    ("born", "precision", "death"),
    [
        (date(2026, 3, 1), DatePrecision.DAY, date(2026, 3, 1)),
        (date(2026, 12, 1), DatePrecision.YEAR, None),
        (date(1900, 3, 2), DatePrecision.DAY, None),
        (date(1900, 1, 1), DatePrecision.YEAR, None),
        (date(1990, 5, 17), DatePrecision.YEAR, date(1990, 1, 2)),
        (date(1990, 1, 1), DatePrecision.ESTIMATED, date(1988, 6, 1)),
    ],
)
def test_a_life_that_can_be_true_is_accepted(
    born: date, precision: DatePrecision, death: date | None
) -> None:
    check_life(BirthDate(born, precision), TODAY, death=death)


@pytest.mark.rule("attack 56")
def test_an_unknown_birth_leaves_only_the_death_to_check() -> None:
    check_life(None, TODAY, death=TODAY)
    with pytest.raises(Refusal):
        check_life(None, TODAY, death=date(2026, 3, 2))


@pytest.mark.rule("ID-10")
def test_an_age_gives_an_estimated_year() -> None:
    assert birth_from_age(30, TODAY) == BirthDate(date(1996, 1, 1), DatePrecision.ESTIMATED)
    for years in (-1, 126):
        with pytest.raises(Refusal) as refused:
            birth_from_age(years, TODAY)
        assert (refused.value.code, refused.value.params) == ("registry.age_invalid", {"max": 125})


@pytest.mark.rule("attack 56")
@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (date(2008, 3, 1), date(2026, 2, 28), 17),
        (date(2008, 3, 1), date(2026, 3, 1), 18),
    ],
)
def test_age_counts_completed_years(born: date, on: date, age: int) -> None:
    assert age_in_years(born, on) == age


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(
    ("first", "second", "agreement"),
    [
        ("1990-05-17", "1990-05-17", BirthAgreement.SAME),
        ("1990", "1990", BirthAgreement.COMPATIBLE),
        ("1990-05-17", "1990", BirthAgreement.COMPATIBLE),
        ("1990-05-17", "1990-06", BirthAgreement.NEAR),
        ("1990-05-17", "1993-12-31", BirthAgreement.NEAR),
        ("1990-05-17", "1994-01-01", BirthAgreement.FAR),
    ],
)
def test_agreement_weighs_the_precision(first: str, second: str, agreement: BirthAgreement) -> None:
    assert compare_births(read_birth_date(first), read_birth_date(second)) is agreement


@pytest.mark.rule("ID-10")
def test_an_estimated_date_agrees_within_three_years_and_an_unknown_one_says_nothing() -> None:
    exact = read_birth_date("1990-05-17")

    assert compare_births(exact, birth_from_age(33, TODAY)) is BirthAgreement.COMPATIBLE
    assert compare_births(exact, birth_from_age(32, TODAY)) is BirthAgreement.FAR
    assert compare_births(exact, None) is BirthAgreement.UNKNOWN


@pytest.mark.rule("ID-10")
@given(first=births, second=births)
def test_agreement_is_symmetric_and_a_birth_lies_in_its_own_bounds(
    first: BirthDate, second: BirthDate
) -> None:
    assert first.earliest <= first.value <= first.latest
    assert compare_births(first, second) is compare_births(second, first)


@pytest.mark.rule("ID-8")
def test_two_deliveries_within_nine_months_are_flagged_but_not_those_of_twins() -> None:
    first = date(2026, 1, 1)

    assert are_births_too_close(first, date(2026, 6, 1))
    assert are_births_too_close(date(2026, 6, 1), first)
    assert not are_births_too_close(first, date(2026, 1, 3))
    assert not are_births_too_close(first, date(2026, 9, 28))

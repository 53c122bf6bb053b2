"""Families and insurance numbers: places, joining, states, fields, check digits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.errors import ConfigurationError
from msingi_insurance.rules.family import (
    CoverRow,
    FieldUse,
    JoinResult,
    OpenPolicy,
    check_fields,
    check_place,
    check_status,
    closed_from,
    effective_of_member,
    join_policy,
)
from msingi_insurance.rules.numbers import ANY_NUMBER, NumberCode, NumberScheme, load_validator
from msingi_insurance.rules.refusals import (
    FamilyPlaceInvalid,
    FieldHidden,
    FieldRequired,
    StatusDateInvalid,
    StatusReasonInvalid,
)
from msingi_insurance.rules.states import InsureeStatus, PolicyStatus

START, END, DAY = date(2021, 1, 1), date(2021, 12, 31), date(2021, 6, 1)
OPEN = OpenPolicy(
    status=PolicyStatus.ACTIVE, start=START, expiry=END, effective=START, covered_members=5, max_members=6
)
TANZANIA = NumberScheme(length=9, modulus=7)
NIGER = NumberScheme(length=10, modulus=7)


@pytest.mark.rule("INS-1")
def test_a_family_lives_in_a_village() -> None:
    check_place(level=4, village_level=4)
    with pytest.raises(FamilyPlaceInvalid):
        check_place(level=3, village_level=4)


@pytest.mark.rule("INS-1")
@pytest.mark.parametrize(
    ("policy", "result", "effective"),
    [
        (OPEN, JoinResult.COVERED, DAY),
        (replace(OPEN, effective=date(2021, 7, 1)), JoinResult.COVERED, date(2021, 7, 1)),
        (replace(OPEN, effective=None, status=PolicyStatus.IDLE), JoinResult.COVERED, None),
        (replace(OPEN, covered_members=6), JoinResult.FULL, None),
        (replace(OPEN, max_members=0, covered_members=0), JoinResult.FULL, None),
        (replace(OPEN, max_members=None, covered_members=40), JoinResult.COVERED, DAY),
        (replace(OPEN, status=PolicyStatus.EXPIRED), JoinResult.OVER, None),
        (replace(OPEN, expiry=date(2021, 5, 31)), JoinResult.OVER, None),
    ],
)
def test_an_added_member_is_covered_from_the_day_of_addition(
    policy: OpenPolicy, result: JoinResult, effective: date | None
) -> None:
    joined = join_policy(policy, added=DAY)

    assert joined.result is result
    if result is JoinResult.COVERED:
        assert joined.cover == CoverRow(DAY, START, effective, END)
    else:
        assert joined.cover is None


@pytest.mark.rule("POL-4", "INS-1")
def test_members_of_the_first_day_share_the_date_of_the_policy() -> None:
    enrolled, effective = date(2020, 12, 1), date(2021, 1, 1)

    assert effective_of_member(enrolled=enrolled, policy_enrolled=enrolled, policy_effective=effective) == (
        effective
    )
    assert effective_of_member(enrolled=DAY, policy_enrolled=enrolled, policy_effective=effective) == DAY


@pytest.mark.rule("INS-3")
def test_the_day_of_a_status_is_the_last_covered_one() -> None:
    assert closed_from(InsureeStatus.DEAD, DAY) == DAY + timedelta(days=1)
    assert closed_from(InsureeStatus.ACTIVE, DAY) is None


@pytest.mark.rule("INS-3")
def test_inactive_and_dead_need_a_reason_of_their_kind_and_a_day() -> None:
    born, dead = date(1990, 1, 1), InsureeStatus.DEAD
    check_status(dead, reason_status=dead, status_date=DAY, born=born, today=DAY)
    check_status(InsureeStatus.ACTIVE, reason_status=None, status_date=None, born=born, today=DAY)

    for reason in (None, InsureeStatus.INACTIVE):
        with pytest.raises(StatusReasonInvalid):
            check_status(dead, reason_status=reason, status_date=DAY, born=born, today=DAY)
    for day in (None, DAY + timedelta(days=1), born - timedelta(days=1)):
        with pytest.raises(StatusDateInvalid):
            check_status(dead, reason_status=dead, status_date=day, born=born, today=DAY)


@pytest.mark.rule("INS-6", "INS-4")
def test_a_scheme_says_which_fields_it_needs_and_which_it_never_takes() -> None:
    controls = {
        "first_service_point": FieldUse.MANDATORY,
        "photo": FieldUse.MANDATORY,
        "ethnicity": FieldUse.HIDDEN,
        "phone": FieldUse.OPTIONAL,
    }

    check_fields(["first_service_point", "photo"], controls)
    with pytest.raises(FieldRequired) as refused:
        check_fields(["phone"], controls)
    assert refused.value.params == {"fields": "first_service_point, photo"}
    with pytest.raises(FieldHidden):
        check_fields(["first_service_point", "photo", "ethnicity"], controls)


@pytest.mark.rule("INS-2")
@pytest.mark.parametrize(
    ("scheme", "number", "code"),
    [
        (TANZANIA, "123456782", 0),
        (TANZANIA, "123456783", 4),
        (TANZANIA, "12345678", 3),
        (TANZANIA, "1234567822", 3),
        (TANZANIA, "  ", 2),
        (TANZANIA, "1234567a2", 4),
        (TANZANIA, "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0662", 4),
        (NIGER, "1234567891", 0),
        (NIGER, "1234567890", 4),
        (ANY_NUMBER, "BEPHA/07-1", 0),
        (ANY_NUMBER, "", 2),
        (ANY_NUMBER, "9" * 51, 3),
        (NumberScheme(modulus=97, check_digits=2), "10003", 0),
    ],
)
def test_numbers_follow_the_scheme_of_the_country(scheme: NumberScheme, number: str, code: int) -> None:
    assert scheme.check(number) == code


@pytest.mark.rule("INS-2")
def test_numbers_that_are_taken_or_excluded_have_the_same_code() -> None:
    assert TANZANIA.check("123456782", taken=True) is NumberCode.TAKEN
    assert replace(TANZANIA, excluded=frozenset({"123456782"})).check("123456782") is NumberCode.TAKEN


@pytest.mark.rule("INS-2")
@given(st.integers(0, 10**8 - 1))
def test_a_completed_number_is_valid_and_every_other_last_digit_is_not(stem: int) -> None:
    number = TANZANIA.complete(f"{stem:08d}")

    valid = [digit for digit in "0123456789" if TANZANIA.check(number[:-1] + digit) is NumberCode.VALID]
    assert valid == [number[-1]]


def refuse_odd(number: str) -> int:
    return int(int(number) % 2 == 1) * 4


def always_fails(number: str) -> int:
    raise RuntimeError(number)


@pytest.mark.rule("INS-2")
def test_a_country_brings_its_own_validator() -> None:
    scheme = NumberScheme(validator=refuse_odd)

    assert (scheme.check("12"), scheme.check("13"), scheme.check("x")) == (0, 4, 5)


@pytest.mark.rule("INS-2")
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("no_such_module:check", "code 6"),
        ("math:no_such_function", "code 7"),
        ("math:pi", "code 7"),
        ("math:sqrt", "code 7"),
    ],
)
def test_a_validator_that_does_not_work_stops_the_start(path: str, code: str) -> None:
    with pytest.raises(ConfigurationError, match=code):
        load_validator(path)


@pytest.mark.rule("INS-2")
@pytest.mark.parametrize(
    ("length", "modulus", "digits"), [(0, None, 1), (51, None, 1), (9, 11, 1), (1, 7, 1), (9, 1, 1)]
)
def test_a_scheme_that_contradicts_itself_stops_the_start(
    length: int, modulus: int | None, digits: int
) -> None:
    with pytest.raises(ConfigurationError):
        NumberScheme(length=length, modulus=modulus, check_digits=digits)

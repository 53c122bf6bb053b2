"""Money is exact, in one currency, and refuses what is not an amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.errors import DomainError
from msingi.money import (
    MAX_MINOR,
    InvalidMoney,
    MixedCurrencies,
    Money,
    TooMuchMoney,
    TooPrecise,
    UnknownCurrency,
    total,
)
from msingi.platform import Platform

MINOR = st.integers(min_value=-(10**15), max_value=10**15)
CURRENCY = st.sampled_from(["XAF", "XOF", "BIF", "TZS", "DZD", "TND"])


@pytest.mark.parametrize(
    ("text", "minor", "written"),
    [
        ("1500 XAF", 1500, "1500 XAF"),
        ("0 XAF", 0, "0 XAF"),
        ("12.5 TZS", 1250, "12.50 TZS"),
        ("12 DZD", 1200, "12.00 DZD"),
        ("0.001 TND", 1, "0.001 TND"),
        ("-7 BIF", -7, "-7 BIF"),
        ("9223372036854775807 XAF", MAX_MINOR, "9223372036854775807 XAF"),
    ],
)
@pytest.mark.rule("attack 54")
def test_an_amount_is_read_and_written_in_one_form(text: str, minor: int, written: str) -> None:
    money = Money.parse(text)

    assert money.minor == minor
    assert str(money) == written


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("NaN XAF", InvalidMoney),
        ("Infinity XAF", InvalidMoney),
        ("-0 XAF", InvalidMoney),
        ("-0.00 TZS", InvalidMoney),
        ("1E+400 XAF", InvalidMoney),
        ("1E+1000000 XAF", InvalidMoney),
        ("1e3 XAF", InvalidMoney),
        ("1,5 TZS", InvalidMoney),
        ("1 500 XAF", InvalidMoney),
        ("1_500 XAF", InvalidMoney),
        ("٣٤ XAF", InvalidMoney),
        ("१२ XAF", InvalidMoney),
        ("0x10 XAF", InvalidMoney),
        ("01 XAF", InvalidMoney),
        ("+1 XAF", InvalidMoney),
        (".5 TZS", InvalidMoney),
        ("5. TZS", InvalidMoney),
        (" 5 XAF", InvalidMoney),
        ("5 XAF\n", InvalidMoney),
        ("5 xaf", InvalidMoney),
        ("5XAF", InvalidMoney),
        ("5", InvalidMoney),
        ("0." + "1" * 40 + " TZS", InvalidMoney),
        ("99999999999999999999 XAF", InvalidMoney),
        ("0.001 TZS", TooPrecise),
        ("1500.0 XAF", TooPrecise),
        ("1.5 BIF", TooPrecise),
        ("9223372036854775808 XAF", TooMuchMoney),
        ("92233720368547758.08 TZS", TooMuchMoney),
        ("1 QQQ", UnknownCurrency),
    ],
)
@pytest.mark.rule("attack 54")
def test_what_is_not_an_amount_is_refused(text: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        Money.parse(text)


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
@pytest.mark.rule("attack 54")
def test_no_special_decimal_becomes_money(amount: str) -> None:
    with pytest.raises(InvalidMoney):
        Money(Decimal(amount), "TZS")
    with pytest.raises(InvalidMoney):
        Money.rounded(Decimal(amount), "TZS")


@pytest.mark.parametrize("amount", ["1E+400", "1E+1000000", "-1E+999999"])
@pytest.mark.rule("attack 54")
def test_a_huge_decimal_is_refused_at_once(amount: str) -> None:
    with pytest.raises(TooMuchMoney):
        Money(Decimal(amount), "XAF")
    with pytest.raises(TooMuchMoney):
        Money.rounded(Decimal(amount), "XAF")


@pytest.mark.parametrize("amount", [1.5, True, 3, "3"])
@pytest.mark.rule("attack 54")
def test_money_is_made_from_decimals_only(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "TZS")  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [1.5, True])
def test_minor_units_and_factors_are_never_floats(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money.from_minor(wrong, "TZS")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money.zero("TZS").times(wrong)  # type: ignore[arg-type]


def test_minus_zero_becomes_zero() -> None:
    assert str(Money(Decimal("-0.00"), "TZS")) == "0.00 TZS"
    assert str(-Money.zero("TZS")) == "0.00 TZS"


def test_two_currencies_never_meet() -> None:
    francs, shillings = Money.parse("1 XAF"), Money.parse("1 TZS")

    for combine in (
        lambda: francs + shillings,
        lambda: francs - shillings,
        lambda: francs < shillings,
        lambda: francs <= shillings,
        lambda: total([francs, shillings], "XAF"),
    ):
        with pytest.raises(MixedCurrencies):
            combine()
    assert francs != shillings


@pytest.mark.parametrize(
    ("amount", "factor", "product"),
    [
        ("0.25 TZS", "0.1", "0.02 TZS"),
        ("0.35 TZS", "0.1", "0.04 TZS"),
        ("5 XAF", "0.5", "2 XAF"),
        ("7 XAF", "0.5", "4 XAF"),
        ("1000 XAF", "0.8", "800 XAF"),
        ("-5 XAF", "0.5", "-2 XAF"),
    ],
)
@pytest.mark.rule("attack 90")
def test_a_product_is_rounded_half_to_even_once(amount: str, factor: str, product: str) -> None:
    assert str(Money.parse(amount).times(Decimal(factor))) == product


@pytest.mark.rule("attack 55")
def test_price_times_quantity_overflow_is_refused() -> None:
    with pytest.raises(TooMuchMoney):
        Money.from_minor(MAX_MINOR, "XAF").times(2)


@pytest.mark.rule("attack 55")
def test_ten_thousand_lines_add_up_exactly() -> None:
    lines = [Money.parse("0.01 TZS").times(Decimal(number)) for number in range(10_000)]

    assert str(total(lines, "TZS")) == "499950.00 TZS"


@given(MINOR, CURRENCY)
def test_minor_units_and_text_round_trip(minor: int, currency: str) -> None:
    money = Money.from_minor(minor, currency)

    assert money.minor == minor
    assert Money.parse(str(money)) == money
    assert money.__composite_values__() == (minor, currency)


@given(MINOR, MINOR, CURRENCY)
def test_addition_and_order_agree_with_integers(left: int, right: int, currency: str) -> None:
    first, second = Money.from_minor(left, currency), Money.from_minor(right, currency)

    assert (first + second).minor == left + right
    assert (first - second).minor == left - right
    assert (first < second, first <= second, first > second, first >= second) == (
        left < right,
        left <= right,
        left > right,
        left >= right,
    )
    assert abs(first).minor == abs(left)
    assert bool(first) is bool(left)


@given(MINOR, st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any), CURRENCY)
@pytest.mark.rule("attack 90")
def test_parts_add_up_to_the_whole(minor: int, weights: list[int], currency: str) -> None:
    whole = Money.from_minor(minor, currency)

    parts = whole.split(weights)

    assert total(parts, currency) == whole
    assert all(
        abs(part.minor * sum(weights) - minor * weight) < sum(weights)
        for part, weight in zip(parts, weights, strict=True)
    )


def test_weights_must_make_sense() -> None:
    for weights in ([0, 0], [-1, 2]):
        with pytest.raises(ValueError, match="weights"):
            Money.parse("10 XAF").split(weights)


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("0.5 XAF", "An amount in XAF has no decimals.", "Un montant en XAF s'écrit sans décimales."),
        (
            "0.001 TZS",
            "An amount in TZS has at most 2 decimals.",
            "Un montant en TZS s'écrit avec au plus 2 décimales.",
        ),
    ],
)
def test_too_many_decimals_are_told_by_their_number(
    platform: Platform, text: str, english: str, french: str
) -> None:
    with pytest.raises(TooPrecise) as refused:
        Money.parse(text)

    assert str(refused.value) == english
    assert platform.texts.refusal(refused.value, "fr") == french

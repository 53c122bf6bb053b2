"""The universal health ID and the codes of facilities and professionals catch every usual mistake."""

import random
from contextlib import suppress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.checkdigits import CheckScheme, passes_check
from msingi_registry.rules.identifiers import (
    FACILITY_CODE,
    PRACTITIONER_CODE,
    UHID,
    CodeScheme,
    code_of,
    is_code,
    is_uhid,
    make_code,
    make_uhid,
    normalise_code,
    normalise_uhid,
    print_code,
    print_uhid,
)
from msingi_registry.rules.refusals import Refusal

DIGITS = "0123456789"
uhids = st.integers(0, UHID.capacity - 1).map(lambda ordinal: code_of(UHID, ordinal))
schemes = st.sampled_from([UHID, FACILITY_CODE, PRACTITIONER_CODE])


def substitutions(code: str) -> set[str]:
    return {
        code[:at] + other + code[at + 1 :]
        for at in range(len(code))
        for other in DIGITS
        if code[at].isdigit() and other != code[at]
    }


def swaps(code: str, distance: int) -> set[str]:
    swapped = set()
    for at in range(len(code) - distance):
        letters = list(code)
        letters[at], letters[at + distance] = letters[at + distance], letters[at]
        swapped.add("".join(letters))
    return swapped - {code}


@pytest.mark.rule("ID-1")
def test_the_first_and_the_last_uhid_are_known_values() -> None:
    assert code_of(UHID, 0) == "100000000093"
    assert code_of(UHID, UHID.capacity - 1) == "999999999951"
    assert UHID.capacity == 9_000_000_000


@pytest.mark.rule("ID-1")
def test_a_uhid_has_twelve_digits_and_is_printed_in_fours() -> None:
    generator = random.Random(1)

    drawn = [make_uhid(generator.randrange) for _ in range(2_000)]

    assert all(len(uhid) == 12 and uhid.isdigit() and uhid[0] != "0" for uhid in drawn)
    assert all(int(uhid) % 97 == 1 for uhid in drawn)
    assert {uhid[0] for uhid in drawn} == set("123456789")
    assert print_uhid("100000000093") == "1000 0000 0093"


@pytest.mark.rule("ID-1", "CH-01", "attack 59")
@pytest.mark.parametrize("scheme", [UHID, FACILITY_CODE, PRACTITIONER_CODE])
def test_every_substitution_and_swap_at_every_position_is_caught(scheme: CodeScheme) -> None:
    generator = random.Random(97)

    for _ in range(300):
        code = make_code(scheme, generator.randrange)
        mistakes = substitutions(code) | swaps(code, 1) | swaps(code, 2)
        assert not [wrong for wrong in mistakes if is_code(scheme, wrong)]


@pytest.mark.rule("ID-1")
@given(uhid=uhids, data=st.data())
def test_any_two_different_digits_that_change_place_are_caught(uhid: str, data: st.DataObject) -> None:
    left, right = data.draw(st.sampled_from(list(combinations(range(12), 2))))
    digits = list(uhid)
    digits[left], digits[right] = digits[right], digits[left]

    assert is_uhid("".join(digits)) is (uhid[left] == uhid[right])


@pytest.mark.rule("ID-1")
def test_only_one_pair_of_check_digits_fits_a_number() -> None:
    payload = "1234567890"

    fitting = [payload + f"{check:02d}" for check in range(100) if is_uhid(payload + f"{check:02d}")]

    assert len(fitting) == 1
    assert int(fitting[0]) % 97 == 1


@pytest.mark.rule("ID-1", "attack 59")
@given(
    uhid=uhids,
    before=st.sampled_from(["", " ", "]C1", "*", "\x02", "\ufeff", "00", "\u200f", "]Q3 "]),
    between=st.sampled_from(["", " ", "-", "\u00a0", "\u202f", ".", "\u200b", "\u2011"]),
    after=st.sampled_from(["", "\r\n", "\t", "*", "\x03", "\u200e"]),
    zero=st.sampled_from([ord("0"), 0x660, 0x6F0, 0xFF10]),
)
def test_scanner_noise_never_changes_the_number(
    uhid: str, before: str, between: str, after: str, zero: int
) -> None:
    digits = [chr(zero + int(digit)) for digit in uhid]

    typed = before + between.join(["".join(digits[at : at + 4]) for at in (0, 4, 8)]) + after

    assert normalise_uhid(typed) == uhid


@pytest.mark.rule("ID-1", "attack 59")
@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "1000 0000 0039",
        "10000000000",
        "1000000000930",
        "1O0000000093",
        "l00000000093",
        "F100000000093",
        "100000000093; DROP TABLE",
        "1\u0966\u09660000000093",
        "100000000093.0",
        "1.00000000093E11",
        "-",
        "0" * 12,
        "0" * 70 + "100000000093",
        "9" * 100_000,
        "\ud800",
    ],
)
def test_what_is_not_a_uhid_is_refused_and_never_guessed(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        normalise_uhid(typed)

    assert (refused.value.code, refused.value.params) == ("registry.identifier_invalid", {"type": "uhid"})


@pytest.mark.rule("ID-1", "attack 59")
@given(scheme=schemes, text=st.text(max_size=80))
def test_normalising_gives_a_valid_code_or_refuses(scheme: CodeScheme, text: str) -> None:
    with suppress(Refusal):
        value = normalise_code(scheme, text)
        assert is_code(scheme, value)
        assert normalise_code(scheme, value) == value


@pytest.mark.rule("ID-1")
@given(uhid=uhids)
def test_the_printed_form_reads_back(uhid: str) -> None:
    assert normalise_uhid(print_uhid(uhid)) == uhid


@pytest.mark.rule("ID-5", "CH-02")
@given(number=st.integers(0, FACILITY_CODE.capacity - 1))
def test_a_facility_code_is_never_a_valid_code_of_another_prefix(number: int) -> None:
    other = CodeScheme(name="depot", prefix="D", digits=6)
    code = code_of(FACILITY_CODE, number)

    assert is_code(FACILITY_CODE, code)
    assert code.startswith("F")
    assert not is_code(other, "D" + code[1:])
    assert not is_code(PRACTITIONER_CODE, "P" + code[1:])


@pytest.mark.rule("ID-5", "attack 59", "attack 60")
def test_a_prefix_is_read_in_either_case_but_not_from_a_foreign_letter() -> None:
    scheme = CodeScheme(name="insurer", prefix="I", digits=6)
    code = code_of(scheme, 234)

    assert normalise_code(scheme, code.lower()) == code
    with pytest.raises(Refusal):
        normalise_code(scheme, "\u0131" + code[1:])
    assert print_code(scheme, code) == code


@pytest.mark.rule("ID-5")
@pytest.mark.parametrize(
    ("prefix", "digits"), [("f", 6), ("F1", 6), ("ABCD", 6), ("É", 6), ("F", 3), ("F", 19)]
)
def test_a_scheme_with_a_bad_prefix_or_length_is_refused(prefix: str, digits: int) -> None:
    with pytest.raises(Refusal):
        CodeScheme(name="x", prefix=prefix, digits=digits)


@pytest.mark.rule("ID-1")
@pytest.mark.parametrize("ordinal", [-1, UHID.capacity])
def test_a_position_outside_the_scheme_is_refused(ordinal: int) -> None:
    with pytest.raises(Refusal) as refused:
        code_of(UHID, ordinal)

    assert refused.value.code == "registry.code_ordinal_invalid"


@pytest.mark.rule("ID-4")
@pytest.mark.parametrize(
    ("scheme", "right"),
    [
        (CheckScheme.MOD_97_10, "79444"),
        (CheckScheme.MOD_97_10, "3214282912345698765432161182"),
        (CheckScheme.MOD_11_10, "07945"),
        (CheckScheme.LUHN, "79927398713"),
        (CheckScheme.LUHN, "4111111111111111"),
        (CheckScheme.KEY_97, "184127645108946"),
    ],
)
def test_published_examples_of_the_check_schemes_pass_and_their_neighbours_fail(
    scheme: CheckScheme, right: str
) -> None:
    assert passes_check(scheme, right)
    assert not [wrong for wrong in substitutions(right) if passes_check(scheme, wrong)]


@pytest.mark.rule("ID-4")
@pytest.mark.parametrize("scheme", [scheme for scheme in CheckScheme if scheme is not CheckScheme.NONE])
@pytest.mark.parametrize("value", ["", "1", "é1", "\uff11\uff12", "12 3", "-5"])
def test_fragments_and_foreign_characters_fail_every_check(scheme: CheckScheme, value: str) -> None:
    assert not passes_check(scheme, value)


def test_a_refusal_is_frozen() -> None:
    refusal = Refusal("registry.x", type="uhid")

    with pytest.raises(AttributeError):
        refusal.code = "registry.y"
    assert refusal.code == "registry.x"

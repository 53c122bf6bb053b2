"""Identifier types are data: format, check digits, uniqueness and place come from the profile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.platform import Platform
from msingi.profiles import load_profile
from msingi_registry.rules.checkdigits import CheckScheme
from msingi_registry.rules.identifier_types import (
    IdentifierType,
    LocationUse,
    NormalForm,
    Uniqueness,
    normalise_identifier,
    uniqueness_key,
)
from msingi_registry.rules.refusals import Refusal
from msingi_registry.settings import RegistrySettings

NATIONAL_ID = IdentifierType(code="national_id", system="urn:x:nid", pattern=r"\d{9}|\d{17}")
CARD = IdentifierType(code="card", system="urn:x:card", pattern=r"\d{11}", check=CheckScheme.LUHN)
FILE = IdentifierType(
    code="file",
    system="urn:x:file",
    pattern="[A-Z]{1,3}-?[0-9]{1,6}/?[0-9]{0,2}",
    uniqueness=Uniqueness.PER_LOCATION,
    location=LocationUse.REQUIRED,
)
NICKNAME = IdentifierType(
    code="register_line",
    system="urn:x:line",
    uniqueness=Uniqueness.NONE,
    location=LocationUse.OPTIONAL,
    form=NormalForm.TEXT,
)


@pytest.mark.rule("ID-4", "attack 59")
@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (NATIONAL_ID, " 001 234 567\r\n", "001234567"),
        (NATIONAL_ID, "٠٠١٢٣٤٥٦٧", "001234567"),
        (CARD, "7992-7398-713", "79927398713"),
        (FILE, "ab 123", "AB123"),
        (FILE, "a123/24", "A123/24"),
        (NICKNAME, "  Registre  4,  ligne 12 ", "Registre 4, ligne 12"),
    ],
)
def test_a_typed_value_gets_the_normal_form_of_its_type(
    kind: IdentifierType, typed: str, stored: str
) -> None:
    assert normalise_identifier(kind, typed) == stored


@pytest.mark.rule("ID-4", "attack 59")
@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (NATIONAL_ID, "01234567"),
        (NATIONAL_ID, "00123456O"),
        (NATIONAL_ID, ""),
        (CARD, "79927398710"),
        (FILE, "1234"),
        (NICKNAME, " \u00a0 "),
        (NICKNAME, "line\x00 1"),
        (NICKNAME, "x" * 65),
    ],
)
def test_a_value_outside_its_type_is_refused_without_repeating_it(kind: IdentifierType, typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        normalise_identifier(kind, typed)

    assert (refused.value.code, refused.value.params) == ("registry.identifier_invalid", {"type": kind.code})


@pytest.mark.rule("ID-4")
@given(text=st.text(max_size=70))
def test_a_normal_form_is_stable(text: str) -> None:
    try:
        stored = normalise_identifier(NICKNAME, text)
    except Refusal:
        return
    assert normalise_identifier(NICKNAME, stored) == stored


@pytest.mark.rule("ID-4")
def test_a_file_number_is_unique_in_its_facility_only() -> None:
    here = uniqueness_key(FILE, "A1", location="F1")
    there = uniqueness_key(FILE, "A1", location="F2")

    assert (here, there) == ("urn:x:file|F1|A1", "urn:x:file|F2|A1")
    assert uniqueness_key(NATIONAL_ID, "001234567") == "urn:x:nid|001234567"
    assert uniqueness_key(NICKNAME, "ligne 12", location="F1") is None


@pytest.mark.rule("ID-4")
def test_the_place_is_demanded_or_refused_as_the_type_says() -> None:
    with pytest.raises(Refusal) as missing:
        uniqueness_key(FILE, "A1")
    with pytest.raises(Refusal) as unwanted:
        uniqueness_key(NATIONAL_ID, "001234567", location="F1")

    assert missing.value.code == "registry.identifier_location_required"
    assert unwanted.value.code == "registry.identifier_location_refused"


@pytest.mark.rule("ID-4")
def test_a_type_unique_per_place_must_require_the_place() -> None:
    with pytest.raises(Refusal) as refused:
        IdentifierType(code="f", system="urn:x", uniqueness=Uniqueness.PER_LOCATION)

    assert refused.value.code == "registry.identifier_type_needs_location"


@pytest.mark.rule("ID-4", "attack 61")
@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "[0-9]*",
        ".+",
        r"(\d)\1",
        "(?=a)a",
        r"\w{3}",
        "a{9",
        "[Z-A]",
        "{3}",
        "1" * 121,
        r"\d{1,9}" * 4,
        "1?" * 5,
    ],
)
def test_a_format_that_could_backtrack_or_does_not_compile_is_refused(pattern: str) -> None:
    with pytest.raises(Refusal) as refused:
        IdentifierType(code="odd", system="urn:x", pattern=pattern)

    assert refused.value.code == "registry.identifier_format_unsupported"


@pytest.mark.rule("ID-4")
@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("tanzania", "19850101-12345-00001-23", "19850101123450000123"),
        ("algeria", "10 985 0101 01234 56 78", "109850101012345678"),
    ],
)
def test_the_number_of_a_national_card_has_the_form_of_its_country(
    country: str, typed: str, kept: str
) -> None:
    platform = Platform(load_profile(country, environment={}))
    types = {kind.code: kind.rule() for kind in platform.settings(RegistrySettings).identifier_types}

    assert normalise_identifier(types["national_id"], typed) == kept
    with pytest.raises(Refusal) as refused:
        normalise_identifier(types["national_id"], typed[:-1])
    assert refused.value.code == "registry.identifier_invalid"

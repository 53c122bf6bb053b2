"""The quality report flags every oddity of the shipped data and changes none of it."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from shapely import Point

import msingi_registry
from msingi.i18n import Texts
from msingi_registry.country import (
    FacilityRecord,
    Finding,
    FindingKind,
    describe_country,
    read_facilities,
    read_place_shapes,
    read_place_tree,
    report_quality,
)
from msingi_registry.country.findings import TEXTS
from msingi_registry.country.quality import check_facilities

GOOD = read_facilities("CMR")[2]


def kinds_of(*records: FacilityRecord) -> Counter[str]:
    return Counter(finding.kind.value for finding in check_facilities(records, describe_country("CMR")))


@pytest.mark.rule("FR-4", "FR-6")
@pytest.mark.parametrize(
    ("iso3", "facilities", "expected"),
    [
        (
            "BDI",
            665,
            {
                "mixed_language": 616,
                "outside_admin1": 7,
                "outside_country": 1,
                "repeated_name": 16,
                "second_tree": 1,
            },
        ),
        (
            "CAF",
            555,
            {
                "missing_coordinates": 10,
                "missing_ownership": 2,
                "outside_admin1": 6,
                "outside_country": 2,
                "repeated_name": 2,
            },
        ),
        (
            "CMR",
            3061,
            {
                "doubtful_ownership": 196,
                "missing_coordinates": 42,
                "mixed_language": 365,
                "outside_admin1": 11,
                "outside_country": 17,
                "repeated_name": 95,
            },
        ),
        ("DZA", 1083, {"generic_name": 376, "renamed_place": 15, "repeated_name": 348, "repeated_place": 15}),
        (
            "TZA",
            6449,
            {
                "doubtful_ownership": 1,
                "missing_standard_type": 28,
                "missing_tier": 142,
                "outside_admin1": 100,
                "outside_country": 18,
                "place_without_units": 5,
                "repeated_name": 164,
            },
        ),
    ],
)
def test_counts_the_findings_of_each_country(iso3: str, facilities: int, expected: dict[str, int]) -> None:
    report = report_quality(iso3)

    assert report.facilities == facilities
    assert {kind.value: count for kind, count in report.counts.items()} == expected


@pytest.mark.rule("FR-4")
def test_flags_a_point_in_another_region_and_says_which() -> None:
    report = report_quality("CMR")

    found = {finding.source_id: finding for finding in report.findings if finding.kind == "outside_admin1"}
    assert found["CMR-00093"] == Finding(
        FindingKind.OUTSIDE_ADMIN1, 94, "CMR-00093", {"declared": "CM-AD", "inside": "CM-NO"}
    )


@pytest.mark.rule("FR-4")
def test_flags_a_point_outside_the_country() -> None:
    assert kinds_of(replace(GOOD, latitude=48.85, longitude=2.35)) == {"outside_country": 1}


@pytest.mark.rule("FR-4")
@pytest.mark.parametrize(("degrees", "flagged"), [(0.005, 0), (0.03, 1)])
def test_tolerates_the_simplification_of_the_shapes(degrees: float, flagged: int) -> None:
    shape = read_place_shapes(describe_country("CMR"))["CM-SW"]
    edge: list[tuple[float, float]] = list(shape.buffer(degrees).boundary.coords)
    longitude, latitude = edge[0]

    record = replace(GOOD, place_code="CM-SW", latitude=latitude, longitude=longitude)

    assert not shape.contains(Point(longitude, latitude))
    assert sum(kinds_of(record).values()) == flagged


def test_a_good_line_has_no_finding() -> None:
    assert kinds_of(GOOD) == {}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"latitude": None, "longitude": None}, "invalid_coordinates"),
        ({"place_code": None, "admin1": "Nowhere"}, "unknown_admin1"),
        ({"ownership": None, "ownership_published": "Coop"}, "unknown_ownership"),
        ({"ownership": None, "ownership_published": ""}, "missing_ownership"),
        ({"name": "Mission de Bandja"}, "doubtful_ownership"),
        ({"type": "Igloo"}, "unknown_type"),
        ({"type": "Clinic"}, "mixed_language"),
        ({"standard_type": None}, "missing_standard_type"),
        ({"tier": None}, "missing_tier"),
        ({"name": "Hôpital de district"}, "generic_name"),
    ],
)
def test_flags_each_gap(changes: dict[str, object], kind: str) -> None:
    assert kinds_of(replace(GOOD, **changes)) == {kind: 1}  # type: ignore[arg-type]


def test_tells_an_empty_point_from_an_unreadable_one() -> None:
    published = {**GOOD.published, "latitude": "", "longitude": ""}

    assert kinds_of(replace(GOOD, latitude=None, longitude=None, published=published)) == {
        "missing_coordinates": 1
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" Bandja", "outer_space"),
        ("Ban  dja", "double_space"),
        ("Sant\ufffd", "replacement_character"),
        ("Ban\u0007dja", "control_character"),
        ("Ban\u200bdja", "invisible_character"),
        ("Sant\u00c3\u00a9", "double_encoding"),
        ("L&eacute;o", "markup"),
    ],
)
def test_flags_suspicious_text(text: str, reason: str) -> None:
    record = replace(GOOD, published={**GOOD.published, "name": text})

    [finding] = check_facilities([record], describe_country("CMR"))

    assert finding == Finding(
        FindingKind.SUSPICIOUS_TEXT, GOOD.line, GOOD.source_id, {"column": "name", "reason": reason}
    )


@pytest.mark.rule("FR-3")
def test_flags_names_repeated_inside_one_region_only() -> None:
    twin = replace(GOOD, line=900, source_id="CMR-x", name=GOOD.name.upper(), latitude=7.0)
    elsewhere = replace(twin, source_id="CMR-y", admin1="North", place_code=None)

    findings = check_facilities([GOOD, twin, elsewhere], describe_country("CMR"))

    repeated = [finding for finding in findings if finding.kind is FindingKind.REPEATED_NAME]
    assert [finding.source_id for finding in repeated] == [GOOD.source_id, "CMR-x"]
    assert repeated[1].params == {"times": 2, "first_line": GOOD.line}


def test_flags_shared_points_and_ids() -> None:
    assert kinds_of(GOOD, replace(GOOD, name="Other")) == {"duplicate_id": 2, "shared_point": 2}


@pytest.mark.parametrize("iso3", ["CMR", "CAF", "BDI", "TZA", "DZA"])
def test_every_region_has_a_shape(iso3: str) -> None:
    regions = {place.code for place in read_place_tree(iso3).places if place.level == 1}

    assert set(read_place_shapes(describe_country(iso3))) == regions


def test_zanzibar_has_regions_without_districts() -> None:
    findings = report_quality("TZA").findings

    childless = {finding.source_id for finding in findings if finding.kind == "place_without_units"}
    assert childless == {"TZ-06", "TZ-07", "TZ-10", "TZ-11", "TZ-15"}


def test_the_second_tree_of_burundi_is_told() -> None:
    assert report_quality("BDI").findings[-1] == Finding(
        FindingKind.SECOND_TREE, 0, "reform_2025", {"places": 3542}
    )


@pytest.mark.parametrize("iso3", ["CMR", "CAF", "BDI", "TZA", "DZA"])
def test_every_finding_says_what_it_is(iso3: str) -> None:
    messages = [finding.message for finding in report_quality(iso3).findings]

    assert all(message.endswith(".") and "{" not in message for message in messages)


def test_an_empty_word_can_be_told() -> None:
    record = replace(GOOD, admin1="", place_code=None, type="")

    messages = [finding.message for finding in check_facilities([record], describe_country("CMR"))]

    assert messages == ["The type “” is not in the country's list.", "The region “” is not known."]


@pytest.mark.parametrize("kind", FindingKind)
def test_each_kind_speaks_french_with_the_same_details(kind: FindingKind) -> None:
    french = Texts([Path(msingi_registry.__file__).parent / "locale"], ["fr", "en"]).get(TEXTS[kind], "fr")

    assert french != TEXTS[kind]
    assert set(re.findall(r"{\w+}", french)) == set(re.findall(r"{\w+}", TEXTS[kind]))

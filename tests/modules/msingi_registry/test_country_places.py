"""The trees of places of five countries, read from the shipped files."""

from collections import Counter

import pytest
from pydantic import ValidationError

from msingi_registry.country import describe_country, list_countries, read_place_tree, read_places, read_towns
from msingi_registry.country.places import PlaceNote, PlaceNoteKind

COUNTRIES = ("BDI", "CAF", "CMR", "DZA", "TZA")


def test_ships_five_countries() -> None:
    assert list_countries() == COUNTRIES


@pytest.mark.rule("FR-5")
@pytest.mark.parametrize(
    ("iso3", "per_level"),
    [
        ("CMR", [1, 10]),
        ("CAF", [1, 7, 17]),
        ("BDI", [1, 17]),
        ("TZA", [1, 31, 158, 3964]),
        ("DZA", [1, 48, 544, 1535]),
    ],
)
def test_counts_places_per_level(iso3: str, per_level: list[int]) -> None:
    counts = Counter(place.level for place in read_places(iso3))

    assert [counts[level] for level in sorted(counts)] == per_level
    assert len(describe_country(iso3).levels) >= len(per_level)


@pytest.mark.rule("FR-5")
@pytest.mark.parametrize(
    ("iso3", "codes"),
    [
        ("CMR", ["country", "region"]),
        ("CAF", ["country", "region", "prefecture"]),
        ("BDI", ["country", "province"]),
        ("TZA", ["country", "region", "district", "ward"]),
        ("DZA", ["country", "wilaya", "daira", "commune"]),
    ],
)
def test_names_the_level_of_each_place(iso3: str, codes: list[str]) -> None:
    assert list(dict.fromkeys(place.level_code for place in read_places(iso3))) == codes


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_every_place_hangs_under_one_that_came_before(iso3: str) -> None:
    seen: dict[str, int] = {}
    for place in read_places(iso3, trees=("operational", "reform_2025"), with_on_demand=True):
        assert place.code not in seen
        if place.parent_code is None:
            assert (place.level, place.code) == (0, describe_country(iso3).code)
        else:
            assert seen[place.parent_code] == place.level - 1
        assert place.name == next(iter(place.names.values())) != ""
        seen[place.code] = place.level


@pytest.mark.rule("FR-2")
def test_the_reform_of_burundi_is_a_second_tree_with_its_date() -> None:
    places = read_places("BDI", trees=("reform_2025",), with_on_demand=True)

    assert Counter(place.level for place in places) == {0: 1, 1: 5, 2: 42, 3: 451, 4: 3044}
    assert {str(place.valid_from) for place in places[1:]} == {"2025-01-01"}
    assert {place.tree for place in read_places("BDI")} == {"operational"}


def test_large_files_come_on_demand() -> None:
    assert Counter(place.level for place in read_places("BDI", trees=("reform_2025",)))[4] == 0


def test_names_carry_their_languages() -> None:
    names = {place.code: place.names for iso3 in ("CMR", "DZA", "TZA") for place in read_places(iso3)}

    assert names["CM-EN"] == {"fr": "Extrême-Nord", "en": "Extreme North"}
    assert names["DZ-16"] == {"fr": "Alger", "ar": "الجزائر", "ber": "ⴷⵣⴰⵢⴻⵔ"}
    assert names["TZ-07"] == {"en": "Zanzibar North", "sw": "Kaskazini-Unguja"}
    assert names["TZ-02-14"] == {"en": "Kinondoni"}


@pytest.mark.parametrize(
    ("iso3", "published", "code"),
    [
        ("CMR", "Extreme North", "CM-EN"),
        ("CAF", "Haut Oubangui", "CF-HAUT-OUBANGUI"),
        ("BDI", "Karusi", "BI-KR"),
        ("TZA", "Daressalaam", "TZ-02"),
        ("TZA", "Dar-es-salaam", "TZ-02"),
        ("TZA", "Songwe", "TZ-31"),
        ("TZA", "Zanzibar Central/South", "TZ-11"),
        ("DZA", "Tamanghasset", "DZ-11"),
        ("DZA", "Atlantis", None),
    ],
)
def test_finds_the_first_level_by_its_published_names(iso3: str, published: str, code: str | None) -> None:
    assert read_place_tree(iso3).find_first_level(published) == code


def test_notes_the_units_that_algeria_lists_twice() -> None:
    notes = read_place_tree("DZA").notes

    assert Counter(note.kind for note in notes) == {PlaceNoteKind.RENAMED: 15, PlaceNoteKind.REPEATED: 15}
    assert notes[0] == PlaceNote(PlaceNoteKind.RENAMED, "wilaya_daira_commune.csv.gz", 360, "DZ-11-1104")


def test_a_misspelt_description_is_refused() -> None:
    described = describe_country("CMR").model_dump()

    with pytest.raises(ValidationError, match="livels"):
        type(describe_country("CMR")).model_validate({**described, "livels": ()})


def test_a_country_without_files_is_not_invented() -> None:
    with pytest.raises(FileNotFoundError):
        read_places("XXX")


def test_reads_towns_largest_first() -> None:
    counts = {iso3: len(read_towns(iso3)) for iso3 in COUNTRIES}
    first = read_towns("BDI")[0]

    assert counts == {"BDI": 33, "CAF": 51, "CMR": 145, "DZA": 351, "TZA": 320}
    assert (first.name, first.population, first.latitude) == ("Bujumbura", 769_317, -3.38193)
    populations = [town.population for town in read_towns("CMR")]
    assert populations == sorted(populations, reverse=True)

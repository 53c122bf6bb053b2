"""Country data is loaded whole, again without change, and only where the publisher changed it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update

from msingi.audit.models import ENTRIES
from msingi.db import Model
from msingi.errors import ConfigurationError
from msingi.kernel.installation import mark
from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction
from msingi.testing import AsUser, MakePlatform
from msingi_registry.country import list_countries, read_facilities
from msingi_registry.models.facility import Facility, FacilityIdentifier, FacilityService, QualityFinding
from msingi_registry.plugin import READ_FACILITIES, plugin
from msingi_registry.rules.identifiers import FACILITY_CODE, is_code
from msingi_registry.services import country_load
from msingi_registry.services.country_load import load_country
from msingi_registry.services.drafts import PersonDraft
from msingi_registry.services.registration import register_made_up
from msingi_registry.services.synthetic_load import load_synthetic_persons

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(plugin)


def _count(platform: Platform, model: type[Model]) -> int:
    with platform.work(writes=False) as work:
        return work.session.scalar(select(func.count(model.id))) or 0


@pytest.mark.rule("TZA-17", "FR-6", "FR-8", "CH-02")
def test_tanzania_loads_with_more_than_six_thousand_facilities(platform: Platform) -> None:
    loaded = load_country(platform, "TZA")

    assert (loaded.lines, loaded.created, loaded.updated, loaded.unchanged) == (6449, 6449, 0, 0)
    assert (loaded.places_created, loaded.suspicious, loaded.findings) == (4154, 415, 458)
    assert _count(platform, Facility) == _count(platform, FacilityIdentifier) == 6449
    with platform.work(writes=False) as work:
        codes = set(work.session.scalars(select(Facility.code)))
        lines = work.session.scalar(
            select(func.count()).select_from(ENTRIES).where(ENTRIES.c.entity == "registry_facility")
        )
    assert len(codes) == 6449
    assert all(is_code(FACILITY_CODE, code) for code in codes)
    assert lines == 6450


@pytest.mark.rule("FR-6")
@pytest.mark.parametrize("iso3", [code for code in list_countries() if code != "TZA"])
def test_no_line_of_any_country_is_lost_and_a_second_load_changes_nothing(
    platform: Platform, iso3: str
) -> None:
    first = load_country(platform, iso3)
    before = _count(platform, Jurisdiction)
    second = load_country(platform, iso3)

    assert first.created == first.lines == len(read_facilities(iso3)) == _count(platform, Facility)
    assert (second.created, second.updated, second.unchanged) == (0, 0, first.lines)
    assert (second.places_created, second.places_updated) == (0, 0)
    assert (_count(platform, Jurisdiction), _count(platform, QualityFinding)) == (before, first.findings)


@pytest.mark.rule("FR-6")
def test_a_local_correction_stays_until_the_publisher_changes_the_line(platform: Platform) -> None:
    load_country(platform, "CAF")
    with platform.work() as work:
        corrected, changed = work.session.scalars(select(Facility).order_by(Facility.code).limit(2)).all()
        name = changed.name
        corrected.name = "Corrected here"
        changed.name = "Corrected, but published anew"
        changed.published = {**changed.published, "name": "Old published name"}

    loaded = load_country(platform, "CAF")

    with platform.work() as work:
        assert loaded.updated == 1
        assert work.get(Facility, corrected.id).name == "Corrected here"
        again = work.get(Facility, changed.id)
        assert (again.name, again.version) == (name, changed.version + 1)
        assert work.get(Jurisdiction, again.jurisdiction_id).name == name


@pytest.mark.rule("FR-6")
def test_lines_that_share_a_number_stay_different_facilities(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = read_facilities("CAF")
    twins = (*records[:2], records[1])
    monkeypatch.setattr(country_load, "read_facilities", lambda _iso3: twins)

    loaded = [load_country(platform, "CAF") for _ in range(2)]

    assert [(one.created, one.unchanged) for one in loaded] == [(3, 0), (0, 3)]
    with platform.work() as work:
        numbers = work.session.execute(
            select(FacilityIdentifier.value, FacilityIdentifier.occurrence).order_by(
                FacilityIdentifier.value, FacilityIdentifier.occurrence
            )
        ).all()
    assert [tuple(number) for number in numbers] == [("CAF-00001", 1), ("CAF-00002", 1), ("CAF-00002", 2)]


@pytest.mark.rule("FR-6", "attack 74")
def test_a_load_that_fails_leaves_nothing(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_others: object) -> None:
        raise RuntimeError("no paper left")

    monkeypatch.setattr(country_load, "replace_findings", fail)
    with pytest.raises(RuntimeError):
        load_country(platform, "CAF")

    assert (_count(platform, Facility), _count(platform, Jurisdiction)) == (0, 0)


@pytest.mark.rule("FR-4", "FR-7", "attack 19")
def test_findings_are_counted_within_the_readers_places(
    platform: Platform, run: Run, as_user: AsUser
) -> None:
    load_country(platform, "CAF")
    with platform.work() as work:
        rows = work.session.execute(select(Jurisdiction.code, Jurisdiction.id).where(Jurisdiction.level < 2))
        places = dict(rows.all())
    query = '{ countryQuality(source: "CAF-facilities") { kind count } qualityFindings { totalCount } }'

    country, region = (
        run(query, actor=as_user(READ_FACILITIES, at=places[code]))["data"] for code in ("CF", "CF-BANGUI")
    )

    kinds = {found["kind"]: found["count"] for found in country["countryQuality"]}
    assert kinds == {
        "missing_coordinates": 10,
        "outside_admin1": 6,
        "missing_ownership": 2,
        "outside_country": 2,
        "repeated_name": 2,
    }
    assert country["qualityFindings"]["totalCount"] == 22
    assert region["qualityFindings"]["totalCount"] < 22


@pytest.mark.rule("NS-2")
def test_published_services_and_hours_are_taken_over(platform: Platform) -> None:
    load_country(platform, "DZA")
    with platform.work() as work:
        emergency = work.session.scalar(
            select(func.count(FacilityService.id)).where(FacilityService.service == "emergency")
        )
        hours = [found for found in work.session.scalars(select(Facility.opening_hours)) if found]

    assert emergency == 185
    assert sum(found == [[day, "00:00", "00:00"] for day in range(7)] for found in hours) == 33
    assert [[6, "08:00", "16:00"], *([day, "08:00", "16:00"] for day in range(4))] in hours


@pytest.mark.rule("FR-1", "FR-6")
def test_a_closed_facility_stays_closed_when_the_list_comes_again(platform: Platform) -> None:
    load_country(platform, "CAF")
    with platform.work() as work:
        work.session.execute(update(Facility).values(status="closed", published={}))

    loaded = load_country(platform, "CAF")

    with platform.work() as work:
        states = set(work.session.scalars(select(Facility.status)))
    assert loaded.updated == loaded.lines
    assert states == {"closed"}


def test_made_up_persons_are_registered_in_loaded_places(platform: Platform) -> None:
    load_country(platform, "CAF")

    assert load_synthetic_persons(platform, "CAF", 1_200) == 1_200


@pytest.mark.rule("ID-12")
def test_whoever_escapes_the_comparison_is_marked_as_made_up(platform: Platform) -> None:
    load_country(platform, "CAF")

    with platform.work() as work:
        place = work.session.scalars(select(Jurisdiction.id).where(Jurisdiction.level == 1)).all()[0]
        draft = PersonDraft(given_name="Awa", family_name="Kotto", jurisdiction_id=place)
        made_up = register_made_up(work, [draft, draft])

    assert [person.synthetic for person in made_up] == [True, True]


@pytest.mark.rule("attack 105")
def test_made_up_persons_never_enter_real_data(make_platform: MakePlatform) -> None:
    real = make_platform(plugin, demo=False)
    mark(real)

    with pytest.raises(ConfigurationError, match="holds real data"):
        load_synthetic_persons(real, "CAF", 1)

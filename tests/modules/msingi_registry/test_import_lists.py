"""Lists are imported whole, in part or not at all, always with a report, and repeated without harm."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_registry.facility_fixtures import Places, add_country, add_facilities
from tests.modules.msingi_registry.import_fixtures import (
    HEADER,
    counts,
    import_list,
    queue_list,
    report_on,
    said,
)

from msingi.db import Model
from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction
from msingi.tabular import Mode
from msingi.testing import MakePlatform
from msingi_registry.imports.report import import_report
from msingi_registry.models.facility import Facility, FacilityService
from msingi_registry.models.imports import ImportPart
from msingi_registry.models.person import Person
from msingi_registry.plugin import plugin
from msingi_registry.rules.facilities import FacilityStep
from msingi_registry.services.facility_life import set_status

SKIP = Mode.SKIP_AND_REPORT
MIXED = HEADER + (
    "Hôpital Neuf,AD-1,Hospital,6.7502,11.8015,lab;xray,N1\n"
    "Sans lieu,XX,Hospital,,,,N2\n"
    "Demi-point,AD-1,Hospital,6.7,,,N3\n"
    "Paris,AD-1,Hospital,48.85,2.35,,N4\n"
    "Encore,AD-1,Hospital,,,,N1\n"
    "Vague,AD-1,Hospital,91,11,,N6\n"
)
SAID = [
    (3, "place", "registry.import_unknown_place"),
    (4, "latitude", "registry.import_half_point"),
    (5, "latitude", "registry.import_point_elsewhere"),
    (6, "", "registry.import_repeated"),
    (7, "latitude", "tabular.too_large"),
]


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(plugin, jobs={"backend": "embedded"})


@pytest.fixture
def places(platform: Platform) -> Places:
    return add_country(platform)


def _count(platform: Platform, model: type[Model]) -> int:
    with platform.work(writes=False) as work:
        return work.session.scalar(select(func.count(model.id))) or 0


@pytest.mark.rule("FR-6", "FR-4", "attack 74")
def test_bad_lines_are_left_out_and_named(platform: Platform, places: Places) -> None:
    report = import_list(platform, "facilities", MIXED, mode=SKIP)

    assert counts(report) == (2, 0, 0, 1, 4)
    assert said(report) == SAID
    assert [message.refuses for message in report.messages] == [True, True, False, True, True]
    assert report.messages[3].message == "Line 2 has the same code, number or name and place."
    assert (_count(platform, Facility), _count(platform, FacilityService)) == (2, 2)
    assert _count(platform, ImportPart) == 0


@pytest.mark.rule("FR-6", "attack 60")
def test_coordinates_of_a_french_spreadsheet_are_read(platform: Platform, places: Places) -> None:
    listed = HEADER.replace(",", ";") + "Hôpital Neuf;AD-1;Hospital;6,7502;11,801;;N1\n"

    report = import_list(platform, "facilities", listed)

    with platform.work(writes=False) as work, work.everywhere():
        point = work.session.execute(select(Facility.latitude, Facility.longitude)).one()
    assert counts(report) == (1, 0, 0, 0, 0)
    assert point == (Decimal("6.7502"), Decimal("11.801"))


@pytest.mark.rule("attack 74")
def test_one_bad_line_is_enough_for_nothing(platform: Platform, places: Places) -> None:
    before = _count(platform, Jurisdiction)

    report = import_list(platform, "facilities", MIXED)

    assert counts(report) == (0, 0, 0, 0, 4)
    assert said(report) == SAID
    assert (_count(platform, Facility), _count(platform, Jurisdiction)) == (0, before)


@pytest.mark.rule("FR-6", "attack 74")
@pytest.mark.parametrize("mode", list(Mode))
def test_a_dry_run_reports_like_the_real_one_and_changes_nothing(
    platform: Platform, places: Places, mode: Mode
) -> None:
    dry = import_list(platform, "facilities", MIXED, mode=mode, dry_run=True)
    nothing = _count(platform, Facility)
    real = import_list(platform, "facilities", MIXED, mode=SKIP)

    assert counts(dry) == counts(real) == (2, 0, 0, 1, 4)
    assert said(dry) == said(real)
    assert nothing == 0


@pytest.mark.rule("FR-6")
def test_a_list_that_comes_again_changes_what_it_changed(platform: Platform, places: Places) -> None:
    lines = "A,AD-1,Hospital,6.7502,11.8015,lab,N1\nB,AD-1,Clinic,,,,N2\nC,AD-1,Clinic,,,,\n"
    changed = lines.replace("B,AD-1,Clinic", "B bis,AD-1,Dispensary").replace(",lab,", ",xray;lab,")

    reports = [
        import_list(platform, "facilities", HEADER + text) for text in (lines, lines, changed, changed)
    ]

    assert [counts(report)[:3] for report in reports] == [(3, 0, 0), (0, 0, 3), (0, 2, 1), (0, 0, 3)]
    with platform.work() as work:
        names = sorted(work.session.scalars(select(Facility.name)))
        leaves = select(Jurisdiction.name).where(Jurisdiction.kind == "facility")
        assert names == sorted(work.session.scalars(leaves)) == ["A", "B bis", "C"]
        assert sorted(work.session.scalars(select(FacilityService.service))) == ["lab", "xray"]


@pytest.mark.rule("FR-6")
def test_an_empty_cell_empties_and_an_absent_column_leaves(platform: Platform, places: Places) -> None:
    import_list(platform, "facilities", "number,name,place,type,beds,tier\nN1,A,AD-1,Clinic,5,2\n")

    report = import_list(platform, "facilities", "number,name,place,type,beds\nN1,A,AD-1,Clinic,\n")

    assert counts(report)[:3] == (0, 1, 0)
    with platform.work() as work:
        facility = work.session.scalars(select(Facility)).one()
    assert (facility.beds, facility.tier) == (None, 2)


@pytest.mark.rule("FR-1", "FR-6", "PD-4")
def test_a_list_neither_moves_nor_reopens_a_facility(platform: Platform, places: Places) -> None:
    (identifier,) = add_facilities(platform, ("A", "AD-1"))
    with platform.work() as work:
        set_status(work, identifier, FacilityStep.CLOSE)
        code = work.get(Facility, identifier).code

    text = f"code,name,place,type,status\n{code},A,ES-1,Hospital,operational\n"
    report = import_list(platform, "facilities", text)

    assert said(report) == [
        (2, "place", "registry.import_place_differs"),
        (2, "status", "registry.import_status_differs"),
    ]
    assert report.messages[1].message == "The registry has the status closed; it was not changed."
    with platform.work() as work:
        kept = work.get(Facility, identifier)
        assert (kept.status, kept.code) == ("closed", code)
        assert work.get(Jurisdiction, kept.jurisdiction_id).parent_id == places["AD-1"]


@pytest.mark.rule("FR-3")
def test_what_resembles_a_known_facility_is_added_and_shown_to_a_person(
    platform: Platform, places: Places
) -> None:
    (known,) = add_facilities(platform, ("Hôpital Saint Joseph", "AD-1"))
    report = import_list(
        platform, "facilities", "name,place,type\nHopital St Joseph,AD-1,Hospital\nAutre,AD-1,Clinic\n"
    )

    with platform.work() as work:
        code = work.get(Facility, known).code
    assert counts(report) == (2, 0, 0, 1, 0)
    assert [message.message for message in report.messages] == [
        f"This resembles {code}, which is in the registry."
    ]


@pytest.mark.rule("FR-6", "FR-5")
def test_places_are_added_below_each_other_in_any_order(platform: Platform, places: Places) -> None:
    text = (
        "code,nom,parent,name_en\n"
        "V-1,Village,A-1,\n"
        "A-1,Aire,AD-1,Area\n"
        "X-1,Perdu,NIRGENDS,\n"
        "X-2,Sous perdu,X-1,\n"
        "AD-1,District neuf,CM-AD,New district\n"
        "ES-1,District de l'Est,CM-AD,\n"
    )
    report = import_list(platform, "jurisdictions", text, mode=SKIP)
    again = import_list(platform, "jurisdictions", text, mode=SKIP)

    assert counts(report) == (2, 2, 0, 1, 2)
    assert counts(again) == (0, 0, 4, 1, 2)
    assert said(report) == [
        (4, "parent", "registry.import_unknown_place"),
        (5, "parent", "registry.import_unknown_place"),
        (7, "parent", "registry.import_place_differs"),
    ]
    with platform.work() as work:
        found = {place.code: place for place in work.session.scalars(select(Jurisdiction))}
    assert found["V-1"].parent_id == found["A-1"].id
    assert found["V-1"].level == 4
    assert found["AD-1"].names == {"fr": "District neuf", "en": "New district"}
    assert "X-1" not in found


@pytest.mark.rule("ID-12", "FR-6")
def test_persons_pass_the_checks_of_a_registration(platform: Platform, places: Places) -> None:
    text = (
        "place,prenom,nom,sexe,birth_date,identifier_type,identifier\n"
        "AD-1,Awa,Ndi,F,1990-01-02,national_id,AB12345\n"
        "AD-1,Jean,Kamga,M,1980,,\n"
        "AD-1,,,M,1980,,\n"
        "AD-1,Luc,Biya Essomba,M,2030-01-01,,\n"
        "XX,Paul,Owona,M,1970,,\n"
    )
    first = import_list(platform, "persons", text, mode=SKIP)
    second = import_list(platform, "persons", text.splitlines(keepends=True)[0] + text.splitlines()[1])

    assert counts(first) == (2, 0, 0, 0, 3)
    assert said(first) == [
        (4, "family_name", "registry.import_name_missing"),
        (5, "birth_date", "registry.birth_in_future"),
        (6, "place", "registry.import_unknown_place"),
    ]
    assert counts(second) == (0, 0, 1, 0, 0)
    assert _count(platform, Person) == 2


@pytest.mark.rule("ID-12", "FR-6", "attack 56")
def test_birth_dates_of_a_list_are_written_like_in_every_other(platform: Platform, places: Places) -> None:
    born = (
        *("31/01/1990", "1.2.1991", "1992-02-29 00:00:00", "1993-01-31T00:00:00.000", "1994-05", "1995"),
        *("1990-01-31T13:05:00", "29/02/2025", "31-01-1990", "32904", "03/03/2026"),
    )
    rows = "".join(f"AD-1,Awa{'a' * place},Ndi,{date}\n" for place, date in enumerate(born))

    report = import_list(platform, "persons", f"place,prenom,nom,date_naissance\n{rows}", mode=SKIP)

    assert said(report) == [
        *((line, "date_naissance", "registry.birth_date_invalid") for line in (8, 9, 10, 11)),
        (12, "date_naissance", "registry.birth_in_future"),
    ]
    with platform.work() as work:
        born_on = select(Person.birth_date, Person.birth_precision).order_by(Person.birth_date)
        assert [(str(day), str(precision)) for day, precision in work.session.execute(born_on)] == [
            ("1990-01-31", "day"),
            ("1991-02-01", "day"),
            ("1992-02-29", "day"),
            ("1993-01-31", "day"),
            ("1994-05-01", "month"),
            ("1995-01-01", "year"),
        ]


@pytest.mark.rule("ID-12", "FR-6")
def test_a_refused_cell_of_a_person_names_its_column(platform: Platform, places: Places) -> None:
    text = (
        "place,prenom,nom,telephone,identifier_type,identifiant\n"
        "AD-1,Awa,12,,,\n"
        "AD-1,Jean,Kamga,123,,\n"
        "AD-1,Luc,Biya,,no_such_type,A1\n"
        "AD-1,Odon,Nana,,national_id,-\n"
    )

    report = import_list(platform, "persons", text, mode=SKIP)

    assert said(report) == [
        (2, "nom", "registry.name_invalid"),
        (3, "telephone", "registry.phone_invalid"),
        (4, "identifier_type", "registry.identifier_type_unknown"),
        (5, "identifier", "registry.identifier_invalid"),
    ]


@pytest.mark.rule("ID-23")
def test_a_list_of_guessed_identifiers_shows_nobody(platform: Platform, places: Places) -> None:
    head = "place,prenom,nom,sexe,birth_date,identifier_type,identifier\n"
    import_list(platform, "persons", head + "AD-1,Awa,Ndi,F,1990-01-02,national_id,AB12345\n")

    guesses = "AD-1,Jean,Biya Essomba,M,1950,national_id,AB12345\nAD-1,Awa,Ndi,F,1990-01-02,,\n"
    report = import_list(platform, "persons", head + guesses, mode=SKIP)

    assert said(report) == [
        (2, "identifier", "registry.import_identifier_taken"),
        (3, "", "registry.import_resembles_person"),
    ]
    assert [message.message for message in report.messages] == [
        "An identifier of this line belongs to another person: register by hand.",
        "Registered persons resemble this one: register by hand.",
    ]


@pytest.mark.rule("FR-6", "attack 57", "attack 74")
def test_a_wrong_cell_costs_its_line_and_never_the_list(platform: Platform, places: Places) -> None:
    long_phone = "6 7 7 1 2 3 4 5 6 " * 2
    text = (
        "place;prénom;nom;sexe;téléphone;adresse\n"
        f"AD-1;Awa;Ndi;Femme;{long_phone};\n"
        "AD-1;Jean;Kamga;Homme;;Bloc\x07 4\n"
        "AD-1;Odon;Nana;h;+237677123456;\n"
        "AD-1;Odon;Nana;h;+237677123456;\n"
    )

    report = import_list(platform, "persons", text.encode("cp1252"), mode=SKIP)

    assert (counts(report), said(report)) == (
        (1, 0, 0, 0, 3),
        [
            (2, "téléphone", "tabular.too_long"),
            (3, "adresse", "text.invalid_character"),
            (5, "", "registry.import_same_person"),
        ],
    )


@pytest.mark.rule("attack 74", "FR-6")
@pytest.mark.parametrize(
    "broken", ['name,place,type\nA,AD-1,Hospital\n"B,AD-1,Hospital\n', "name,place\nA,AD-1\n"]
)
def test_a_file_that_breaks_midway_is_refused_as_a_whole(
    platform: Platform, places: Places, broken: str
) -> None:
    report = import_list(platform, "facilities", broken, mode=SKIP)

    assert report.failure is not None
    assert counts(report) == (0, 0, 0, 0, 0)
    assert _count(platform, Facility) == 0


def test_columns_may_bear_any_name(platform: Platform, places: Places) -> None:
    mapping = {"Formation sanitaire": "name", "District": "place", "Catégorie": "type"}
    text = "Formation sanitaire;District;Catégorie;Remarque\nHôpital Neuf;AD-1;Hospital;x\n"

    report = import_list(platform, "facilities", text, mapping=mapping)

    assert counts(report) == (1, 0, 0, 0, 0)


def test_the_report_speaks_french(platform: Platform, places: Places) -> None:
    job_id = queue_list(platform, "facilities", MIXED, mode=SKIP)
    platform.jobs.run_one(job_id)
    with platform.work(writes=False, language="fr") as work:
        french = [message.message for message in import_report(work, job_id).messages]
    english = [message.message for message in report_on(platform, job_id).messages]

    assert french[3] == "La ligne 2 a le même code, le même numéro ou le même nom et lieu."
    assert not set(french) & set(english)


@pytest.mark.rule("attack 74")
def test_a_long_list_with_one_bad_line_in_its_last_step_leaves_nothing(
    platform: Platform, places: Places
) -> None:
    lines = [f"Poste {number},AD-1,Post,,,,N{number}\n" for number in range(1_200)]
    text = HEADER + "".join(lines) + "Mauvais,XX,Post,,,,N9999\n"

    report = import_list(platform, "facilities", text)

    assert (report.refused, _count(platform, Facility)) == (1, 0)
    assert (report.progress, report.total) == (1_201, 1_201)


@pytest.mark.rule("FR-6", "attack 74")
@pytest.mark.parametrize(
    ("kind", "header"), [("facilities", HEADER), ("persons", "place,prenom,nom\n\n,,\n")]
)
@pytest.mark.parametrize("mode", list(Mode))
def test_a_list_without_lines_is_told_as_such(
    platform: Platform, places: Places, kind: str, header: str, mode: Mode
) -> None:
    report = import_list(platform, kind, header, mode=mode)

    assert counts(report) == (0, 0, 0, 0, 0)
    assert report.failure == "The list names its columns and has no line below them: nothing was read."

"""Mistakes of lists: every one of a line is told, and none of them changes anything."""

import io

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from tests.modules.msingi_catalogue.catalogue_fixtures import (
    ITEMS,
    SERVICES,
    TODAY,
    counts,
    fill,
    load,
    said,
    start_catalogue,
)
from tests.modules.msingi_registry.facility_fixtures import Places

from msingi.platform import Platform
from msingi.tabular import Mode
from msingi.testing import MakePlatform
from msingi_catalogue import MedicalItem, MedicalService, PriceListKind
from msingi_catalogue.imports.strategy import Strategy
from msingi_catalogue.services.inputs import PriceListInput
from msingi_catalogue.services.price_lists import create_price_list

HEADER = "code,name_fr,type,price\n"


@pytest.fixture
def started(make_platform: MakePlatform) -> tuple[Platform, Places]:
    return start_catalogue(make_platform)


@pytest.fixture
def platform(started: tuple[Platform, Places]) -> Platform:
    return started[0]


@pytest.fixture
def places(started: tuple[Platform, Places]) -> Places:
    return started[1]


def _codes(platform: Platform) -> set[str]:
    with platform.work(writes=False) as work:
        return set(work.session.scalars(select(MedicalItem.code).where(MedicalItem.valid_to.is_(None))))


@pytest.mark.rule("CAT-11", "attack 74")
def test_a_bad_line_is_named_and_ends_nothing(platform: Platform) -> None:
    load(platform, "items", ITEMS)
    bad = (
        "code,name_fr,type,price,patient_mask,max_quantity\n"
        "PARA,Paracétamol,X,50,,\n"
        "F@R,Fer,D,1.5,16,\n"
        "NEW,Nouveau,,,,\n"
        "FER,Fer,D,20,,\n"
        "FER,Fer,D,20,,\n"
        "MUET,---,D,20,,\n"
        "ZINC,Zinc,D,10,,0\n"
    )

    whole = load(platform, "items", bad, strategy=Strategy.REPLACE)
    skipped = load(platform, "items", bad, strategy=Strategy.REPLACE, mode=Mode.SKIP_AND_REPORT)

    assert counts(whole) == (0, 0, 0, 0, 6)
    assert (counts(skipped), skipped.suspicious) == ((0, 1, 0, 0, 6), 0)
    assert (0, "", "registry.import_nothing_ended") not in said(whole)
    assert sorted(said(skipped)) == [
        (0, "", "registry.import_nothing_ended"),
        (2, "type", "tabular.unknown_choice"),
        (3, "code", "catalogue.code_invalid"),
        (3, "patient_mask", "tabular.too_large"),
        (3, "price", "tabular.too_many_decimals"),
        (4, "code", "catalogue.field_missing"),
        (6, "", "registry.import_repeated"),
        (7, "code", "catalogue.name_missing"),
        (8, "max_quantity", "tabular.too_small"),
    ]
    assert [message.message for message in skipped.messages if message.line == 4] == [
        "A new entry needs: type, price."
    ]
    assert _codes(platform) == {"PARA", "FER", "GANT"}


@pytest.mark.rule("CAT-11", "D-24")
def test_every_mistake_of_a_line_is_told(platform: Platform) -> None:
    load(platform, "items", ITEMS + "IODE,Iode,,D,,5,,,,,\n")
    load(platform, "items", "code,name_fr,type,price,valid_from\nIODE,Iode,D,6,2026-06-01\n")
    load(platform, "services", SERVICES)
    items = (
        "code,name_fr,type,price,patient_mask,valid_from\n"
        "NEW,,,x,,\n"
        "ZINC,---,Y,,16,\n"
        "IODE,Iode,D,7,,\n"
        "PARA,,D,x,,\n"
        "F@R,,D,x,,\n"
        "GEL,,D,,,\n"
        "IODE2,Iode,D,x,,,cell\n"
    )
    services = (
        "code,name_fr,type,package_type,level,category,price,contents\n"
        "DUO,,C,F,H,D,x,I:RIEN*1@1;S:PACK*1@1;I:NADA*1@1\n"
        "TRIO,,C,F,H,D,1,I:RIEN*1@1\n"
        "CONS,,C,S,V,C,x,I:PARA*1@1\n"
    )

    report = load(platform, "items", items, mode=Mode.SKIP_AND_REPORT)
    packages = load(platform, "services", services, mode=Mode.SKIP_AND_REPORT)
    known = load(platform, "items", HEADER + "FER,Fer,D,x\n", strategy=Strategy.INSERT)
    unknown = load(platform, "items", HEADER + "OR,Or,D,x\n", strategy=Strategy.UPDATE)

    assert sorted(said(report)) == [
        (2, "code", "catalogue.field_missing"),
        (2, "code", "catalogue.name_missing"),
        (2, "price", "tabular.not_a_number"),
        (3, "code", "catalogue.field_missing"),
        (3, "code", "catalogue.name_missing"),
        (3, "patient_mask", "tabular.too_large"),
        (3, "type", "tabular.unknown_choice"),
        (4, "code", "catalogue.later_terms_known"),
        (5, "price", "tabular.not_a_number"),
        (6, "code", "catalogue.code_invalid"),
        (6, "price", "tabular.not_a_number"),
        (7, "code", "catalogue.field_missing"),
        (7, "code", "catalogue.name_missing"),
        (8, "", "tabular.too_many_cells"),
        (8, "price", "tabular.not_a_number"),
    ]
    missing = {m.line: m.message for m in report.messages if m.code == "catalogue.field_missing"}
    assert missing == {
        2: "A new entry needs: type.",
        3: "A new entry needs: price.",
        7: "A new entry needs: price.",
    }
    assert counts(report) == (0, 0, 0, 0, 7)
    assert sorted(said(packages)) == [
        (2, "code", "catalogue.name_missing"),
        (2, "code", "catalogue.package_in_package"),
        *[(2, "code", "catalogue.unknown_content")] * 2,
        (2, "price", "tabular.not_a_number"),
        (3, "code", "catalogue.name_missing"),
        (3, "code", "catalogue.unknown_content"),
        (4, "code", "catalogue.contents_of_simple_service"),
        (4, "price", "tabular.not_a_number"),
    ]
    assert sorted(said(known)) == [(2, "code", "catalogue.code_taken"), (2, "price", "tabular.not_a_number")]
    assert sorted(said(unknown)) == [
        (2, "code", "catalogue.unknown_code"),
        (2, "price", "tabular.not_a_number"),
    ]


@pytest.mark.rule("CAT-11", "CAT-7")
def test_a_package_with_wrong_contents_is_not_taken_over(platform: Platform) -> None:
    load(platform, "items", ITEMS)
    load(platform, "services", SERVICES)
    text = (
        "code,name_fr,type,package_type,level,category,price,contents\n"
        "BAD,Faux,C,F,H,D,1,I:RIEN*1@1\n"
        "ACC,Accouchement,C,F,H,D,16000,S:NOM*1@1\n"
        "GOOD,Bon,C,F,H,D,1,S:VUE*1@1;I:PARA*1@1\n"
        "WORSE,Pire,C,F,H,D,1,S:NIL*1@1\n"
        "VUE,Vue,C,S,V,C,1,\n"
        "NIL,,C,S,V,C,1,\n"
    )

    report = load(platform, "services", text, mode=Mode.SKIP_AND_REPORT)

    assert counts(report) == (2, 0, 0, 0, 4)
    assert sorted(said(report)) == [
        (2, "code", "catalogue.unknown_content"),
        (3, "code", "catalogue.unknown_content"),
        (5, "code", "catalogue.unknown_content"),
        (7, "code", "catalogue.name_missing"),
    ]
    with platform.work(writes=False) as work:
        prices = work.session.execute(select(MedicalService.code, MedicalService.price_minor)).all()
    assert sorted(map(tuple, prices)) == [
        ("ACC", 15000),
        ("CONS", 1000),
        ("GOOD", 1),
        ("PACK", 0),
        ("VUE", 1),
    ]


@pytest.mark.rule("CAT-11", "CAT-8", "D-24")
def test_every_mistake_of_a_price_is_told(platform: Platform, places: Places) -> None:
    fill(platform, places)
    with platform.work() as work:
        given = PriceListInput(
            code="DRUGS", name="D", kind=PriceListKind.ITEMS, dated=TODAY, place_id=places["CM"]
        )
        create_price_list(work, given)
    text = (
        "list,kind,code,price\n"
        "NO,item,RIEN,x\n"
        "NO,item,RIEN,1\n"
        "DRUGS,service,NADA,1\n"
        "DRUGS,service,CONS,x\n"
        "NO,thing,RIEN,1\n"
        "NAT,item,PARA,60\n"
    )

    report = load(platform, "price-list", text, mode=Mode.SKIP_AND_REPORT)

    assert sorted(said(report)) == [
        (2, "code", "catalogue.unknown_code"),
        (2, "list", "catalogue.unknown_price_list"),
        (2, "price", "tabular.not_a_number"),
        (3, "code", "catalogue.unknown_code"),
        (3, "list", "catalogue.unknown_price_list"),
        (4, "code", "catalogue.list_kind_differs"),
        (4, "code", "catalogue.unknown_code"),
        (5, "code", "catalogue.list_kind_differs"),
        (5, "price", "tabular.not_a_number"),
        (6, "kind", "tabular.unknown_choice"),
        (6, "list", "catalogue.unknown_price_list"),
    ]
    assert counts(report) == (0, 1, 0, 0, 5)


@pytest.mark.rule("CAT-11", "attack 74")
@pytest.mark.parametrize(
    ("price", "code"), [("=5*12", "tabular.no_result"), ("#REF!", "tabular.error_value")]
)
def test_a_price_that_nobody_computed_refuses_its_line(platform: Platform, price: str, code: str) -> None:
    load(platform, "items", HEADER + "PARA,Paracétamol,D,50\n")
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(HEADER.strip().split(","))
    page.append(["PARA", "Paracétamol 500 mg", "D", price])
    page.append(["ZINC", "Zinc", "D", 10])
    content = io.BytesIO()
    book.save(content)

    report = load(platform, "items", content.getvalue(), mode=Mode.SKIP_AND_REPORT)

    assert (counts(report), said(report)) == ((1, 0, 0, 0, 1), [(2, "price", code)])
    with platform.work(writes=False) as work:
        stored = select(MedicalItem.name_fr, MedicalItem.price_minor).where(MedicalItem.code == "PARA")
        assert work.session.execute(stored).all() == [("Paracétamol", 50)]

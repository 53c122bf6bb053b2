"""Price lists: which holds where and when, what a line says, and what a look-up costs."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.modules.msingi_catalogue.catalogue_fixtures import (
    DIAGNOSES,
    ITEMS,
    SERVICES,
    Statements,
    add_hospital,
    counts,
    load,
    start_catalogue,
)
from tests.modules.msingi_registry.facility_fixtures import Places

from msingi.errors import DomainError
from msingi.platform import Platform
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_catalogue import (
    CatalogueItem,
    PriceListKind,
    diagnoses_by_code,
    items_by_code,
    open_catalogue,
    prices_at,
    services_by_code,
)
from msingi_catalogue.imports.strategy import Strategy
from msingi_catalogue.plugin import EDIT_CATALOGUE, EDIT_PRICES, READ_CATALOGUE
from msingi_catalogue.services.inputs import PriceListInput
from msingi_catalogue.services.price_lists import assign_price_list, create_price_list, end_assignment
from msingi_catalogue.services.registers import ITEMS as REGISTER
from msingi_catalogue.services.writing import EntryDraft, write_entries

TODAY = date(2026, 3, 2)
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def started(make_platform: MakePlatform) -> tuple[Platform, Places]:
    platform, places = start_catalogue(make_platform)
    for kind, text in (("items", ITEMS), ("services", SERVICES), ("diagnoses", DIAGNOSES)):
        assert load(platform, kind, text).refused == 0
    return platform, places


@pytest.fixture
def platform(started: tuple[Platform, Places]) -> Platform:
    return started[0]


@pytest.fixture
def places(started: tuple[Platform, Places]) -> Places:
    return started[1]


def _list(platform: Platform, code: str, place: Any, *, kind: PriceListKind = PriceListKind.BOTH) -> Any:
    with platform.work() as work:
        given = PriceListInput(
            code=code, name=code, kind=kind, dated=TODAY, place_id=place, valid_from=date(2026, 1, 1)
        )
        return create_price_list(work, given).id


def _assign(platform: Platform, list_id: Any, place: Any, **period: date) -> Any:
    with platform.work() as work:
        return assign_price_list(work, list_id, place, **{"valid_from": date(2026, 1, 1), **period}).id


def _price(platform: Platform, facility: Any, code: str, on: date = TODAY) -> Decimal | None:
    with platform.work(writes=False) as work:
        catalogue = open_catalogue(work, [facility])
        entry = catalogue.items.by_code(code, on) or catalogue.services.by_code(code, on)
        assert entry is not None
        return catalogue.prices(facility, on).price_of(entry)


@pytest.mark.rule("CAT-6", "CAT-8", "D-3", "PRD-11")
def test_the_nearest_list_prices_a_facility(platform: Platform, places: Places) -> None:
    here, there = add_hospital(platform, "A", "AD-1"), add_hospital(platform, "B", "ES-1")
    national, regional = _list(platform, "NAT", places["CM"]), _list(platform, "REG", places["CM-AD"])
    _assign(platform, national, places["CM"])
    later = _assign(platform, regional, places["CM-AD"], valid_from=TODAY)
    text = "list,kind,code,price,valid_from\nNAT,item,PARA,,2026-01-01\nNAT,service,CONS,1200,2026-01-01\n"
    text += "REG,item,PARA,0,2026-01-01\nREG,service,CONS,900,2026-01-01\n"

    assert counts(load(platform, "price-list", text)) == (4, 0, 0, 0, 0)

    assert [_price(platform, there, code) for code in ("PARA", "CONS", "GANT")] == [50, 1200, None]
    assert [_price(platform, here, code) for code in ("PARA", "CONS", "GANT")] == [0, 900, None]
    with platform.work(writes=False) as work:
        tables = prices_at(work, [here, there], date(2026, 2, 1))
        item = open_catalogue(work).items.by_code("PARA", TODAY)
        assert isinstance(item, CatalogueItem)
        assert [tables[facility].price_of(item) for facility in (here, there)] == [50, 50]
    with platform.work() as work:
        end_assignment(work, later, TODAY)
    assert _price(platform, here, "CONS", TODAY + timedelta(1)) == 1200


@pytest.mark.rule("CAT-6")
def test_a_facility_without_a_list_has_no_prices(platform: Platform, places: Places) -> None:
    facility = add_hospital(platform, "A", "AD-1")
    items = _list(platform, "ITEMS", places["CM"], kind=PriceListKind.ITEMS)
    _assign(platform, items, places["CM"])

    report = load(
        platform,
        "price-list",
        "list,kind,code,price\nITEMS,service,CONS,5\nNONE,item,PARA,5\nITEMS,item,XX,5\n",
    )

    assert [(message.line, message.code) for message in report.messages] == [
        (2, "catalogue.list_kind_differs"),
        (3, "catalogue.unknown_price_list"),
        (4, "catalogue.unknown_code"),
    ]
    assert [_price(platform, facility, code) for code in ("PARA", "CONS")] == [None, None]


@pytest.mark.rule("CAT-1", "CAT-2")
def test_a_past_day_keeps_its_prices_and_terms(
    platform: Platform, places: Places, frozen_clock: FrozenClock
) -> None:
    facility = add_hospital(platform, "A", "AD-1")
    _assign(platform, _list(platform, "NAT", places["CM"]), places["CM"])
    load(platform, "price-list", "list,kind,code,price\nNAT,item,PARA,60\nNAT,item,FER,\n")

    frozen_clock.move(days=10)
    load(platform, "items", "code,price,patient_mask\nFER,25,2\n")
    assert counts(
        load(platform, "price-list", "list,kind,code,price\nNAT,item,PARA,75\nNAT,item,FER,\n")
    ) == (0, 1, 0, 1, 0)
    frozen_clock.move(days=10)
    gone = load(platform, "price-list", "list,kind,code,price\nNAT,item,FER,\n", strategy=Strategy.REPLACE)

    days = [TODAY, TODAY + timedelta(9), TODAY + timedelta(10), TODAY + timedelta(19), TODAY + timedelta(20)]
    assert counts(gone) == (0, 0, 1, 1, 0)
    assert [_price(platform, facility, "PARA", day) for day in days] == [60, 60, 75, 75, None]
    assert [_price(platform, facility, "FER", day) for day in days] == [20, 20, 25, 25, 25]
    with platform.work(writes=False) as work:
        masks = [items_by_code(work, ["FER"], day)["FER"].patient_mask for day in days]
        assert items_by_code(work, ["FER", "PARA"], TODAY - timedelta(1)) == {}
        assert services_by_code(work, ["ACC", "XX"], TODAY).keys() == {"ACC"}
    assert masks == [6, 6, 2, 2, 2]


@pytest.mark.rule("CAT-2")
def test_an_ended_diagnosis_holds_in_its_days_only(platform: Platform, frozen_clock: FrozenClock) -> None:
    frozen_clock.move(days=5)
    load(
        platform,
        "diagnoses",
        DIAGNOSES.splitlines()[0] + "\nI10,,Hypertension,ICD-10,2018\n",
        strategy=Strategy.REPLACE,
    )
    frozen_clock.move(days=5)
    load(platform, "diagnoses", DIAGNOSES)

    with platform.work(writes=False) as work:
        found = diagnoses_by_code(work, ["B54", "I10", "Z99"])

    days = [TODAY - timedelta(1), TODAY, TODAY + timedelta(4), TODAY + timedelta(5), TODAY + timedelta(10)]
    assert [found["B54"].holds_on(day) for day in days] == [False, True, True, False, True]
    assert found.keys() == {"B54", "I10"}


@pytest.mark.rule("CAT-9")
def test_a_warm_look_up_of_a_batch_is_one_statement(platform: Platform, places: Places) -> None:
    facilities = [add_hospital(platform, f"H{number}", "AD-1") for number in range(5)]
    _assign(platform, _list(platform, "NAT", places["CM"]), places["CM"])
    load(platform, "price-list", "list,kind,code,price\nNAT,item,PARA,60\n")

    def look_up() -> int:
        with platform.work(writes=False) as work, Statements(platform) as statements:
            catalogue = open_catalogue(work, facilities)
            tables = [
                catalogue.prices(one, TODAY + timedelta(day)) for one in facilities for day in range(50)
            ]
            item = catalogue.items.by_code("PARA", TODAY)
            assert item is not None
            assert {table.price_of(item) for table in tables} == {Decimal(60)}
            return len(statements.sent)

    cold, warm = look_up(), look_up()
    load(platform, "price-list", "list,kind,code,price\nNAT,item,GANT,5\n")

    assert (cold, warm, look_up()) == (7, 1, 2)


@pytest.mark.rule("CAT-9")
def test_an_undone_change_leaves_nothing_in_memory(platform: Platform) -> None:
    with platform.work() as work:
        write_entries(work, REGISTER, [EntryDraft("PARA", {"price_minor": 1})])
        assert items_by_code(work, ["PARA"], TODAY)["PARA"].price == 1
        work.session.undo()

    with platform.work(writes=False) as work:
        assert items_by_code(work, ["PARA"], TODAY)["PARA"].price == 50


LINES = """mutation($id: UUID!, $lines: [PriceLineInput!]!) {
  setPriceListLines(id: $id, lines: $lines) { revision version } }"""


@pytest.mark.rule("CAT-8", "attack 15", "attack 19", "CAT-10")
def test_a_list_is_changed_from_its_own_place_only(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    national, regional = _list(platform, "NAT", places["CM"]), _list(platform, "REG", places["CM-AD"])
    _assign(platform, national, places["CM"])
    clerk = as_user(EDIT_PRICES, READ_CATALOGUE, EDIT_CATALOGUE, at=places["CM-AD"])
    lines = [{"kind": "ITEM", "code": "PARA", "priceOverride": "0 XAF"}, {"kind": "SERVICE", "code": "CONS"}]

    refused = run(LINES, {"id": str(national), "lines": lines}, actor=clerk)
    done = run(LINES, {"id": str(regional), "lines": lines}, actor=clerk)
    foreign = run(
        "mutation($id: UUID!, $at: UUID!) { assignPriceList(id: $id, jurisdictionId: $at) { id } }",
        {"id": str(regional), "at": str(places["ES-1"])},
        actor=clerk,
    )
    register = run(
        'mutation { createDiagnosis(input: {code: "A00", nameFr: "Choléra", classification: "ICD-10",'
        ' classificationVersion: "2018"}) { id } }',
        actor=clerk,
    )
    shown = run(
        "{ priceLists { nodes { code kind place: placeId } } priceListLines(orderBy: [VALID_FROM_ASC])"
        " { nodes { priceOverride item { code price } service { code } } } }",
        actor=as_user(READ_CATALOGUE, at=places["ES-1"]),
    )["data"]

    assert refused["errors"][0]["extensions"]["code"] == "core.not_found"
    assert foreign["errors"][0]["extensions"]["code"] == "core.not_found"
    assert register["errors"][0]["extensions"]["code"] == "catalogue.country_only"
    assert done["data"]["setPriceListLines"] == {"revision": 2, "version": 2}
    assert {one["code"] for one in shown["priceLists"]["nodes"]} == {"NAT", "REG"}
    assert shown["priceListLines"]["nodes"] == [
        {"priceOverride": "0 XAF", "item": {"code": "PARA", "price": "50 XAF"}, "service": None},
        {"priceOverride": None, "item": None, "service": {"code": "CONS"}},
    ]


@pytest.mark.rule("CAT-8")
def test_two_lists_never_price_the_same_place_twice(platform: Platform, places: Places) -> None:
    first, second = (_list(platform, code, places["CM"]) for code in ("L1", "L2"))
    items = _list(platform, "L3", places["CM"], kind=PriceListKind.ITEMS)
    _assign(platform, first, places["CM"], valid_to=date(2026, 1, 31))

    with pytest.raises(DomainError) as refusal:
        _assign(platform, items, places["CM"], valid_from=date(2026, 1, 31))

    assert refusal.value.code == "catalogue.assignment_overlaps"
    _assign(platform, second, places["CM"], valid_from=date(2026, 2, 1))
    _assign(platform, items, places["CM-AD"])

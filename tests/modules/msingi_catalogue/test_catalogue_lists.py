"""Lists in and out: strategies, reports, formats, packages, and what they cost."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from tests.modules.msingi_catalogue.catalogue_fixtures import (
    ITEMS,
    SERVICES,
    TODAY,
    Statements,
    counts,
    fill,
    load,
    said,
    start_catalogue,
)
from tests.modules.msingi_registry.facility_fixtures import Places

from msingi.errors import DomainError
from msingi.http.rest import RestRequest
from msingi.platform import Platform
from msingi.tabular import Mode
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_catalogue import MedicalItem, items_by_code, services_by_code
from msingi_catalogue.imports.doors import download_catalogue_list, upload_catalogue_list
from msingi_catalogue.imports.exports import WRITERS, export_list
from msingi_catalogue.imports.strategy import ListKind, Strategy
from msingi_catalogue.plugin import IMPORT_CATALOGUE, READ_CATALOGUE

HEADER = "code,name_fr,type,price\n"
Run = Callable[..., dict[str, Any]]


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
        live = select(MedicalItem.code).where(MedicalItem.valid_to.is_(None))
        return set(work.session.scalars(live))


@pytest.mark.rule("CAT-11", "CLM-F6")
def test_each_strategy_does_what_its_name_says(platform: Platform, frozen_clock: FrozenClock) -> None:
    load(platform, "items", ITEMS)
    frozen_clock.move(days=1)
    text = HEADER + "PARA,Paracétamol 500 mg,D,55\nZINC,Zinc,D,10\n"

    inserted = load(platform, "items", text, strategy=Strategy.INSERT, mode=Mode.SKIP_AND_REPORT)
    assert (counts(inserted), said(inserted)) == ((1, 0, 0, 0, 1), [(2, "code", "catalogue.code_taken")])
    updated = load(
        platform, "items", text + "IODE,Iode,D,5\n", strategy=Strategy.UPDATE, mode=Mode.SKIP_AND_REPORT
    )
    assert (counts(updated), said(updated)) == ((0, 1, 0, 1, 1), [(4, "code", "catalogue.unknown_code")])
    assert counts(load(platform, "items", text, dry_run=True, strategy=Strategy.REPLACE)) == (0, 0, 2, 2, 0)
    assert _codes(platform) == {"PARA", "FER", "GANT", "ZINC"}
    assert counts(load(platform, "items", text, strategy=Strategy.REPLACE)) == (0, 0, 2, 2, 0)
    assert _codes(platform) == {"PARA", "ZINC"}
    assert counts(load(platform, "items", text, strategy=Strategy.REPLACE)) == (0, 0, 0, 2, 0)
    empty = load(platform, "items", HEADER, strategy=Strategy.REPLACE)
    assert counts(empty) == (0, 0, 0, 0, 0)
    assert empty.failure == "The list names its columns and has no line below them: nothing was read."
    assert counts(load(platform, "items", ITEMS, strategy=Strategy.UPSERT)) == (0, 3, 0, 0, 0)
    assert _codes(platform) == {"PARA", "ZINC", "FER", "GANT"}


@pytest.mark.rule("CAT-11", "CLM-F6")
def test_a_list_that_replaces_names_what_ends_and_a_dry_run_what_would(
    platform: Platform, places: Places
) -> None:
    fill(platform, places)
    lists = {
        "items": HEADER + "PARA,Paracétamol 500 mg,D,55\n",
        "price-list": "list,kind,code,price\nNAT,item,PARA,0\n",
    }

    told = {}
    for dry_run in (True, False):
        for kind, text in lists.items():
            report = load(platform, kind, text, strategy=Strategy.REPLACE, dry_run=dry_run)
            told[kind, dry_run] = report.ended, [message.message for message in report.messages]

    items, prices = ["EGAL", "FER", "GANT"], ["NAT item FER", "NAT service ACC"]
    would, was = "Not in the list: {} would be ended.", "Not in the list: {} was ended."
    assert told == {
        ("items", True): (3, [would.format(code) for code in items]),
        ("price-list", True): (2, [would.format(line) for line in prices]),
        ("items", False): (3, [was.format(code) for code in items]),
        ("price-list", False): (2, [was.format(line) for line in prices]),
    }


@pytest.mark.rule("CAT-11", "CAT-1", "CAT-2")
def test_what_began_today_and_is_not_named_any_more_holds_no_day(
    platform: Platform, places: Places, frozen_clock: FrozenClock
) -> None:
    fill(platform, places)
    load(platform, "items", HEADER + "ZINC,Zinc,D,10\n")
    load(platform, "items", "code,name_fr,type,price,valid_from\nIODE,Iode,D,10,2026-06-01\n")
    replaced = {
        "items": ITEMS + "EGAL,=1+1 gant,,M,,0,,,,,\n",
        "price-list": "list,kind,code,price\nNAT,item,PARA,0\nNAT,item,FER,\n",
        "services": SERVICES.replace("S:CONS*1@1000;", ""),
    }

    for kind, text in replaced.items():
        assert load(platform, kind, text, strategy=Strategy.REPLACE).refused == 0

    with platform.work(writes=False) as work:
        exported = [export_list(work, kind, "csv") for kind in replaced]
        held = items_by_code(work, ["ZINC"], TODAY)
        contents = services_by_code(work, ["ACC"], TODAY)["ACC"].contents_on(TODAY)
        later = items_by_code(work, ["IODE"], date(2026, 6, 1))
    assert not held
    assert not later
    assert [part.is_item for part in contents] == [True]
    assert not [text for text in exported if b"ZINC" in text or b"NAT,service" in text or b"CONS*1" in text]
    assert counts(load(platform, "items", HEADER + "ZINC,Zinc,D,10\n")) == (0, 1, 0, 0, 0)
    frozen_clock.move(days=1)
    load(platform, "items", ITEMS, strategy=Strategy.REPLACE)
    with platform.work(writes=False) as work:
        assert items_by_code(work, ["ZINC"], TODAY)


@pytest.mark.rule("CAT-11", "attack 63")
def test_what_is_exported_reads_back_as_it_was(
    platform: Platform, places: Places, frozen_clock: FrozenClock
) -> None:
    fill(platform, places)
    frozen_clock.move(days=3)
    lengths = {"items": 4, "services": 3, "diagnoses": 2, "price-list": 3}

    for kind in ListKind:
        for form in WRITERS:
            with platform.work(writes=False) as work:
                content = export_list(work, kind, form)
            assert counts(load(platform, kind, content, strategy=Strategy.REPLACE)) == (
                0,
                0,
                0,
                lengths[kind],
                0,
            )
    with platform.work(writes=False) as work:
        sheet = load_workbook(io.BytesIO(export_list(work, "items", "xlsx"))).active
        assert b",'=1+1 gant," in export_list(work, "items", "csv")
    assert sheet is not None
    assert sheet.cell(2, 2).value == "'=1+1 gant"


@pytest.mark.rule("CAT-7", "CAT-1")
def test_contents_of_packages_change_from_a_day_on(platform: Platform, frozen_clock: FrozenClock) -> None:
    load(platform, "items", ITEMS)
    load(platform, "services", SERVICES)
    frozen_clock.move(days=2)

    report = load(
        platform,
        "services",
        "code,contents\nACC,S:CONS*2@1000\nPACK,I:PARA*10@40\nCONS,I:PARA*1@1\n",
        mode=Mode.SKIP_AND_REPORT,
    )
    other = load(
        platform,
        "services",
        "code,contents\nPACK,S:ACC*1@1\nACC,I:RIEN*1@1\nCONS,PARA\n",
        mode=Mode.SKIP_AND_REPORT,
    )

    assert (counts(report), said(report)) == (
        (0, 1, 0, 1, 1),
        [(4, "code", "catalogue.contents_of_simple_service")],
    )
    assert said(other) == [
        (2, "code", "catalogue.package_in_package"),
        (3, "code", "catalogue.unknown_content"),
        (4, "contents", "catalogue.contents_unreadable"),
    ]
    with platform.work(writes=False) as work:
        before, after = (services_by_code(work, ["ACC"], day)["ACC"] for day in (TODAY, TODAY + timedelta(2)))
    assert sorted((part.is_item, part.quantity, part.price) for part in before.contents_on(TODAY)) == [
        (False, Decimal(1), Decimal(1000)),
        (True, Decimal("2.5"), Decimal(300)),
    ]
    assert [(part.quantity, part.price) for part in after.contents_on(TODAY + timedelta(2))] == [
        (Decimal(2), Decimal(1000))
    ]


@pytest.mark.rule("CAT-12")
def test_five_thousand_lines_cost_as_many_statements_as_fifty(platform: Platform) -> None:
    def sent(lines: int, prefix: str) -> int:
        text = HEADER + "".join(f"{prefix}{number},Article {number},D,{number}\n" for number in range(lines))
        with Statements(platform) as statements:
            assert load(platform, "items", text).created == lines
        with Statements(platform) as changing:
            assert load(platform, "items", text.replace(",D,", ",M,1")).updated == lines
        return len(statements.sent) + len(changing.sent)

    assert sent(5_000, "B") <= sent(50, "A") + 40

    with platform.work(writes=False) as work:
        assert work.session.scalar(select(func.count()).select_from(MedicalItem)) == 5_050


START = """mutation($file: UUID!) { startCatalogueImport(input: {fileId: $file, strategy: REPLACE, dryRun: false}) { jobId } }"""
REPORT = """query($job: UUID!) { catalogueImportReport(jobId: $job) {
  kind state created updated ended unchanged refused messages { line code } } }"""


@pytest.mark.rule("CAT-10", "CAT-11", "attack 15")
def test_the_doors_of_lists_open_to_their_rights_only(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    owner = as_user(IMPORT_CATALOGUE, at=places["CM"], national=True)
    other = as_user(IMPORT_CATALOGUE, at=places["CM"], national=True)
    reader = as_user(READ_CATALOGUE, at=places["AD-1"])
    request = RestRequest({"kind": "items"}, {}, ITEMS.encode())

    with platform.work(owner) as work, work.allowed(IMPORT_CATALOGUE):
        kept = upload_catalogue_list(work, request)
    with pytest.raises(DomainError) as denied, platform.work(reader) as work, work.allowed(IMPORT_CATALOGUE):
        upload_catalogue_list(work, request)
    regional = as_user(IMPORT_CATALOGUE, at=places["CM-AD"])
    with pytest.raises(DomainError) as local, platform.work(regional) as work, work.allowed(IMPORT_CATALOGUE):
        upload_catalogue_list(work, request)
    spied = run(START, {"file": str(kept["fileId"])}, actor=other)["errors"][0]["extensions"]["code"]
    job = run(START, {"file": str(kept["fileId"])}, actor=owner)["data"]["startCatalogueImport"]["jobId"]
    load(platform, "items", ITEMS)
    waiting = run(REPORT, {"job": job}, actor=owner)["data"]["catalogueImportReport"]
    with platform.work(reader) as work, work.allowed(READ_CATALOGUE):
        reply = download_catalogue_list(work, RestRequest({"kind": "items", "form": "json"}, {}, b""))
        for kind, form, code in (("x", "csv", "unknown_register"), ("items", "pdf", "unknown_format")):
            with pytest.raises(DomainError) as refused:
                export_list(work, kind, form)
            assert refused.value.code == f"catalogue.{code}"

    assert local.value.code == "catalogue.country_only"
    assert (denied.value.code, spied) == ("core.forbidden", "registry.unknown_import_file")
    assert (waiting["kind"], waiting["state"], waiting["created"]) == ("items", "QUEUED", 0)
    assert b"Parac\xc3\xa9tamol" in reply.content

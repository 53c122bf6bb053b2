"""The faces of the catalogue: GraphQL, the demonstration and the command line."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.modules.msingi_catalogue.catalogue_fixtures import (
    DIAGNOSES,
    ITEMS,
    SERVICES,
    Statements,
    add_hospital,
    load,
    start_catalogue,
)
from tests.modules.msingi_registry.facility_fixtures import Places
from typer.testing import CliRunner

from msingi.platform import Platform
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_catalogue import load_demonstration, open_catalogue
from msingi_catalogue.commands import app
from msingi_catalogue.plugin import EDIT_CATALOGUE, EDIT_PRICES, READ_CATALOGUE

TODAY = date(2026, 3, 2)
Run = Callable[..., dict[str, Any]]
CREATE = "mutation($input: ItemInput!) { createItem(input: $input) { id version nameEn price validFrom } }"
UPDATE = """mutation($id: UUID!, $input: ItemChanges!, $version: Int) {
  updateItem(id: $id, input: $input, expectedVersion: $version) { version price validFrom nameFr } }"""
LIST = """{ services(first: 100, orderBy: [CODE_ASC]) { totalCount nodes {
  code price maxAmount contents { quantity price item { code } service { nameFr } } } } }"""


@pytest.fixture
def started(make_platform: MakePlatform) -> tuple[Platform, Places]:
    return start_catalogue(make_platform)


@pytest.fixture
def platform(started: tuple[Platform, Places]) -> Platform:
    return started[0]


@pytest.fixture
def places(started: tuple[Platform, Places]) -> Places:
    return started[1]


def _code(answer: dict[str, Any]) -> str:
    code: str = answer["errors"][0]["extensions"]["code"]
    return code


@pytest.mark.rule("CAT-1", "CAT-10")
def test_an_item_lives_through_its_mutations(
    platform: Platform, places: Places, run: Run, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    editor = as_user(EDIT_CATALOGUE, READ_CATALOGUE, at=places["CM"], national=True)
    draft = {"code": "PARA", "nameFr": "Paracétamol", "type": "DRUG", "price": "50 XAF"}

    made = run(CREATE, {"input": draft}, actor=editor)["data"]["createItem"]
    taken = run(CREATE, {"input": draft}, actor=editor)
    bare = run(CREATE, {"input": {"code": "X", "nameEn": "X"}}, actor=editor)
    foreign = run(CREATE, {"input": {**draft, "code": "Y", "price": "50 TZS"}}, actor=editor)
    denied = run(CREATE, {"input": {**draft, "code": "Z"}}, actor=as_user(READ_CATALOGUE, at=places["CM"]))
    frozen_clock.move(days=30)
    raised = run(UPDATE, {"id": made["id"], "input": {"price": "60 XAF"}, "version": 1}, actor=editor)
    stale = run(UPDATE, {"id": made["id"], "input": {"nameFr": "P"}, "version": 1}, actor=editor)
    planned = {"price": "70 XAF", "validFrom": "2026-05-01"}
    later = run(UPDATE, {"id": made["id"], "input": planned}, actor=editor)
    before = run(UPDATE, {"id": made["id"], "input": {"price": "65 XAF"}}, actor=editor)
    end = "mutation($id: UUID!, $on: LocalDate) { endItem(id: $id, lastDay: $on) { validTo } }"
    past = run(end, {"id": made["id"], "on": "2026-03-31"}, actor=editor)
    ended = run(end, {"id": made["id"], "on": "2026-06-30"}, actor=editor)

    assert made == {
        "id": made["id"],
        "version": 1,
        "nameEn": "Paracétamol",
        "price": "50 XAF",
        "validFrom": "2026-03-02",
    }
    assert [_code(one) for one in (taken, bare, foreign, denied, stale, before, past)] == [
        "catalogue.code_taken",
        "catalogue.field_missing",
        "money.mixed_currencies",
        "core.forbidden",
        "core.stale_version",
        "catalogue.later_terms_known",
        "catalogue.period_invalid",
    ]
    assert raised["data"]["updateItem"]["validFrom"] == "2026-04-01"
    assert later["data"]["updateItem"]["price"] == "70 XAF"
    assert ended["data"]["endItem"] == {"validTo": "2026-06-30"}
    days = [date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 1), date(2026, 7, 1)]
    with platform.work(writes=False) as work:
        items = open_catalogue(work).items
    found = [items.by_code("PARA", day) for day in days]
    assert [entry and entry.price for entry in found] == [50, 60, 70, None]
    assert [items.by_code(code, TODAY) for code in ("X", "Y", "Z")] == [None, None, None]


@pytest.mark.rule("CAT-7")
def test_a_package_is_made_and_listed_without_a_query_per_row(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    load(platform, "items", ITEMS)
    load(platform, "services", SERVICES)
    editor = as_user(EDIT_CATALOGUE, READ_CATALOGUE, at=places["CM"], national=True)
    create = "mutation($input: ServiceInput!) { createService(input: $input) { id contents { quantity } } }"
    kind = {"type": "CURATIVE", "packageType": "FIXED", "level": "HOSPITAL_CASE", "category": "SURGERY"}
    parts = [{"kind": "ITEM", "code": "GANT", "quantity": "2.5", "price": "300 XAF"}]
    draft = {"code": "CESA", "nameFr": "Césarienne", "price": "60000 XAF", **kind}

    made = run(create, {"input": {**draft, "contents": parts}}, actor=editor)["data"]["createService"]
    simple = run(
        create, {"input": {**draft, "code": "S", "packageType": "SIMPLE", "contents": parts}}, actor=editor
    )
    with Statements(platform) as statements:
        listed = run(LIST, actor=editor)["data"]["services"]

    assert made["contents"] == [{"quantity": "2.5"}]
    assert _code(simple) == "catalogue.contents_of_simple_service"
    assert [node["code"] for node in listed["nodes"]] == ["ACC", "CESA", "CONS", "PACK"]
    assert listed["nodes"][3]["contents"] == [
        {"quantity": "10", "price": "40 XAF", "item": {"code": "PARA"}, "service": None}
    ]
    assert len(statements.sent) <= 6


@pytest.mark.rule("CAT-2")
def test_entries_are_found_by_code_and_by_words_in_both_languages(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    load(platform, "items", ITEMS)
    load(platform, "diagnoses", DIAGNOSES)
    reader = as_user(READ_CATALOGUE, at=places["AD-1"])

    def search(name: str, text: str) -> list[str]:
        query = (
            f"query($text: String) {{ {name}(search: $text, orderBy: [CODE_ASC]) {{ nodes {{ code }} }} }}"
        )
        return [node["code"] for node in run(query, {"text": text}, actor=reader)["data"][name]["nodes"]]

    assert search("items", "paracetam") == search("items", "par") == ["PARA"]
    assert search("items", "STERILE gloves") == ["GANT"]
    assert (
        search("diagnoses", "malaria") == search("diagnoses", "palud") == search("diagnoses", "b5") == ["B54"]
    )
    assert search("items", "%") == []
    assert (
        _code(run("{ items { nodes { code } } }", actor=as_user(EDIT_PRICES, at=places["CM"])))
        == "core.forbidden"
    )


@pytest.mark.rule("CAT-7", "CAT-8")
def test_the_demonstration_prices_every_facility(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    facility = add_hospital(platform, "A", "AD-1")

    with platform.work() as work:
        first, again = load_demonstration(work), load_demonstration(work)
    with platform.work(writes=False) as work:
        catalogue = open_catalogue(work, [facility])
    shown = run(
        "{ facilities { nodes { name priceLists { code source } } } }",
        actor=as_user(READ_CATALOGUE, "registry.read_facilities", at=places["CM-AD"]),
    )["data"]["facilities"]["nodes"]

    assert shown == [{"name": "A", "priceLists": [{"code": "DEMO", "source": "demonstration"}]}]
    assert first == again
    assert (first.items, first.services, first.diagnoses) == (293, 85, 428)
    assert (len(catalogue.items), len(catalogue.services)) == (293, 85)
    malaria = catalogue.services.by_code("SCAR01", TODAY)
    assert malaria is not None
    assert catalogue.prices(facility, TODAY).price_of(malaria) == Decimal(2600)
    assert sum(part.quantity * part.price for part in malaria.contents_on(TODAY)) == Decimal(2600)


def test_the_command_line_loads_and_exports(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("msingi.cli.platforms.platform_for", lambda *_: platform)
    file, out = tmp_path / "items.csv", tmp_path / "out.json"
    file.write_text(ITEMS, encoding="utf-8")
    runner = CliRunner()

    dry = runner.invoke(app, ["load", str(file), "--kind", "items", "--dry-run", "--json"])
    done = runner.invoke(app, ["load", str(file), "--kind", "items", "--json"])
    wrong = runner.invoke(app, ["load", str(file), "--kind", "diagnoses"])
    unknown = runner.invoke(app, ["load", str(file), "--kind", "items", "--strategy", "merge"])
    written = runner.invoke(app, ["export", "--kind", "items", "--format", "json", "--to", str(out)])

    assert [one.exit_code for one in (dry, done, wrong, unknown, written)] == [0, 0, 1, 2, 0]
    assert [json.loads(one.stdout)["created"] for one in (dry, done)] == [3, 3]
    assert [entry["code"] for entry in json.loads(out.read_text(encoding="utf-8"))] == ["FER", "GANT", "PARA"]

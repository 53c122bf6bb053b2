"""Reports: grouped in the database, inside the reader's scope, as a table, CSV, XLSX and PDF."""

import io
from datetime import date
from decimal import Decimal
from uuid import UUID

import garden
import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from msingi.actor import Actor
from msingi.http import create_app
from msingi.money import Money
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.reports import Question
from msingi.reports.engine import run_report
from msingi.reports.errors import PeriodTurned, UnknownGrouping, UnknownReport
from msingi.reports.files import as_file
from msingi.testing import AsUser, MakePlatform

REPORT = """query($by: [Text!], $place: UUID) {
  report(name: "garden.trees", by: $by, since: "2026-01-01", until: "2026-12-31", placeId: $place) {
    title columns { name label kind } rows { cells } total { cells } } }"""


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin)


@pytest.fixture
def places(platform: Platform) -> dict[str, UUID]:
    with platform.work() as work:
        ids = add_places(
            work,
            [
                NewPlace("CM", "Cameroun"),
                NewPlace("N", "Nord", "CM"),
                NewPlace("S", "Sud", "CM"),
                NewPlace("N1", "Garoua", "N"),
            ],
        )
        for at, kind, day, worth in [
            ("N1", garden.Kind.MANGO, date(2026, 1, 1), 500),
            ("N", garden.Kind.MANGO, date(2026, 2, 3), 700),
            ("S", garden.Kind.PALM, date(2026, 12, 31), 11),
            ("S", garden.Kind.PALM, date(2027, 1, 1), 13),
            ("S", garden.Kind.PALM, None, 17),
        ]:
            worth_of = Money(Decimal(worth), "XAF")
            work.add(
                garden.Tree(
                    jurisdiction_id=ids[at], label=f"t{worth}", kind=kind, planted=day, worth=worth_of
                )
            )
    return ids


def ask(
    platform: Platform, actor: Actor, *by: str, place: UUID | None = None
) -> tuple[list[list[str]], list[str]]:
    variables = {"by": list(by), "place": None if place is None else str(place)}
    answer = platform.graphql.run(REPORT, variables, actor=actor)
    table = answer["data"]["report"]
    return [row["cells"] for row in table["rows"]], table["total"]["cells"]


@pytest.mark.rule("TZA-06")
def test_a_report_is_grouped_by_place_time_and_what_the_module_names(
    platform: Platform, places: dict[str, UUID], as_user: AsUser
) -> None:
    reader = as_user(garden.READ, at=places["CM"])

    assert ask(platform, reader) == ([["3", "1211 XAF"]], ["3", "1211 XAF"])
    assert ask(platform, reader, "region") == (
        [["Nord", "2", "1200 XAF"], ["Sud", "1", "11 XAF"]],
        ["", "3", "1211 XAF"],
    )
    assert ask(platform, reader, "month", "kind")[0] == [
        ["2026-01", "mango", "1", "500 XAF"],
        ["2026-02", "mango", "1", "700 XAF"],
        ["2026-12", "palm", "1", "11 XAF"],
    ]
    assert ask(platform, reader, "year", place=places["N"])[0] == [["2026", "2", "1200 XAF"]]


@pytest.mark.rule("X-02")
def test_sums_hold_only_rows_that_the_reader_may_see(
    platform: Platform, places: dict[str, UUID], as_user: AsUser
) -> None:
    of_the_south = as_user(garden.READ, at=places["S"])

    assert ask(platform, of_the_south, "kind") == ([["palm", "1", "11 XAF"]], ["", "1", "11 XAF"])
    assert ask(platform, of_the_south, place=places["N"]) == ([], ["0", "0 XAF"])


def test_nobody_runs_a_report_without_its_right(
    platform: Platform, places: dict[str, UUID], as_user: AsUser
) -> None:
    stranger = as_user(garden.PLANT, at=places["CM"])

    answer = platform.graphql.run(REPORT, {"by": []}, actor=stranger)
    listed = platform.graphql.run("{ reports { name } }", {}, actor=stranger)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["core.forbidden"]
    assert listed["data"] == {"reports": []}


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        (Question("garden.stones", (), date(2026, 1, 1), date(2026, 1, 2)), UnknownReport),
        (Question("garden.trees", ("smell",), date(2026, 1, 1), date(2026, 1, 2)), UnknownGrouping),
        (Question("garden.trees", (), date(2026, 1, 2), date(2026, 1, 1)), PeriodTurned),
    ],
)
def test_a_wrong_question_is_refused(
    platform: Platform, places: dict[str, UUID], question: Question, refusal: type[Exception]
) -> None:
    with platform.work(writes=False) as work, pytest.raises(refusal):
        run_report(work, question)


def test_a_report_becomes_a_file_in_the_reader_s_language(
    platform: Platform, places: dict[str, UUID]
) -> None:
    with platform.work(writes=False, language="fr") as work:
        table = run_report(work, Question("garden.trees", ("region",), date(2026, 1, 1), date(2026, 12, 31)))
        csv, xlsx, pdf = (as_file(work, table, form) for form in ("csv", "xlsx", "pdf"))

    assert csv.decode("utf-8-sig").splitlines() == ["Région,Trees,Worth", "Nord,2,1200", "Sud,1,11"]
    sheet = load_workbook(io.BytesIO(xlsx))["Data"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["Nord", 2, 1200],
        ["Sud", 1, 11],
    ]
    assert pdf.startswith(b"%PDF")


def test_the_rest_door_needs_a_session(platform: Platform, places: dict[str, UUID]) -> None:
    client = TestClient(create_app(platform), base_url="http://localhost")

    answer = client.get("/api/core/reports/garden.trees.csv?since=2026-01-01&until=2026-12-31")

    assert answer.status_code == 401

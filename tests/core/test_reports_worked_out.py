"""Reports whose sums no statement gives: worked out inside the scope, and added up alike on every engine."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import garden
import pytest
from sqlalchemy import literal, select

from msingi import Money, Plugin, Work
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.reports import Lines, Question, Rows, WorkedOut, counted, engine, money
from msingi.reports.engine import run_report
from msingi.reports.errors import TooManyLines
from msingi.reports.table import ReportTable
from msingi.testing import AsUser, MakePlatform

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def _orchard(seen: list[Any]) -> Plugin:
    """A plugin that grants one franc for each kind of tree in a label, however many places share it."""
    orchard: Plugin = Plugin("orchard", requires=["garden"])

    def bounty(work: Work, question: Question, lines: Lines) -> list[list[int]]:
        seen.append([(line.kind.value, line.label, int(line.worth)) for line in lines])
        known: set[tuple[str, str]] = set()
        granted = []
        for line in lines:
            granted.append([int((line.kind, line.label) not in known)])
            known.add((line.kind, line.label))
        return granted

    @orchard.report(
        "bounties",
        title="Bounties",
        allow=garden.READ,
        by={"kind": "Kind of tree"},
        sums=[counted("trees", "Trees"), money("worth", "Worth")],
        worked_out=WorkedOut(("kind", "label"), (money("bounty", "Bounty"),), bounty),
    )
    def bounties(work: Work) -> Rows:
        return select(
            garden.Tree.jurisdiction_id.label("place_id"),
            garden.Tree.planted.label("day"),
            garden.Tree.kind.label("kind"),
            garden.Tree.label.label("label"),
            literal(1).label("trees"),
            garden.Tree.__table__.c.worth_minor.label("worth"),
        )

    return orchard


@pytest.fixture
def seen() -> list[Any]:
    """What was handed to the function that works the bounties out."""
    return []


@pytest.fixture
def platform(make_platform: MakePlatform, seen: list[Any]) -> Platform:
    return make_platform(garden.plugin, _orchard(seen))


@pytest.fixture
def places(platform: Platform) -> dict[str, UUID]:
    """Two mangos of one label in two regions, one of another in the third, and a palm of the year before."""
    with platform.work() as work:
        regions = [NewPlace(code, name, "CM") for code, name in (("Z", "Zoa"), ("b", "bamu"), ("E", "Édéa"))]
        ids = add_places(work, [NewPlace("CM", "Cameroun"), *regions])
        for at, kind, label, day in (
            ("Z", garden.Kind.MANGO, "m1", FIRST),
            ("b", garden.Kind.MANGO, "m1", LAST),
            ("E", garden.Kind.MANGO, "m2", LAST),
            ("E", garden.Kind.PALM, "p1", date(2025, 12, 31)),
        ):
            worth = Money(Decimal(100), "XAF")
            work.add(garden.Tree(jurisdiction_id=ids[at], label=label, kind=kind, planted=day, worth=worth))
    return ids


def _run(platform: Platform, *by: str, actor: Any = None, **asked: Any) -> ReportTable:
    question = Question("orchard.bounties", by, **({"since": FIRST, "until": LAST} | asked))
    with platform.work(actor, writes=False) if actor else platform.work(writes=False) as work:
        return run_report(work, question)


def _cells(table: ReportTable) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in (*table.rows, table.total)]


def test_what_is_worked_out_is_added_up_to_what_is_asked(
    platform: Platform, places: dict[str, UUID], seen: list[Any]
) -> None:
    table = _run(platform, "kind")

    assert [column.name for column in table.columns] == ["kind", "trees", "worth", "bounty"]
    assert _cells(table) == [["mango", "3", "300 XAF", "2 XAF"], ["None", "3", "300 XAF", "2 XAF"]]
    assert seen == [[("mango", "m1", 200), ("mango", "m2", 100)]]


def test_lines_stand_in_the_order_of_their_letters_on_every_engine(
    platform: Platform, places: dict[str, UUID]
) -> None:
    """The first of two places that share a label gets its bounty."""
    assert _cells(_run(platform, "region"))[:-1] == [
        ["Zoa", "1", "100 XAF", "1 XAF"],
        ["bamu", "1", "100 XAF", "0 XAF"],
        ["Édéa", "1", "100 XAF", "1 XAF"],
    ]


@pytest.mark.rule("X-02")
def test_only_rows_of_the_readers_places_are_worked_out(
    platform: Platform, places: dict[str, UUID], seen: list[Any], as_user: AsUser
) -> None:
    table = _run(platform, actor=as_user(garden.READ, at=places["b"]))
    outside = _run(platform, actor=as_user(garden.READ, at=places["b"]), place_id=places["E"])

    assert _cells(table) == [["1", "100 XAF", "1 XAF"]] * 2
    assert _cells(outside) == [["0", "0 XAF", "0 XAF"]]
    assert seen == [[("mango", "m1", 100)], []]


def test_more_lines_than_memory_should_hold_are_refused(
    platform: Platform, places: dict[str, UUID], seen: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST_WORKED_OUT", 1)

    with pytest.raises(TooManyLines) as refused:
        _run(platform)

    assert refused.value.params == {"most": 1}
    assert seen == []


def test_more_lines_than_anybody_reads_are_refused_once_they_are_added_up(
    platform: Platform, places: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST_LINES", 2)

    assert len(_run(platform, "kind").rows) == 1
    with pytest.raises(TooManyLines):
        _run(platform, "region")

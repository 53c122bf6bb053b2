"""`msingi check` tells the author of a plugin what stops no start and would meet somebody later."""

from typing import Any

import garden
import pytest
from sqlalchemy import literal, select

from msingi import Plugin, Work
from msingi.checks import remarks_on
from msingi.cli.speech import Speech
from msingi.contracts.exports import shipped_plugins
from msingi.platform import Platform
from msingi.plugin_remarks import remarks_on_plugins
from msingi.reports import Rows, WorkedOut, counted
from msingi.sayings import Saying
from msingi.testing import MakePlatform
from msingi_welcome_sms.plugin import plugin as welcome_sms

NO_BUCKET = Saying("There is no bucket in the {place}.", {"place": "shed"})
NO_SPADES = Saying("One spade is lost.", {}, "{number} spades are lost.", 2)


def _remarks(platform: Platform) -> list[str]:
    with platform.work(writes=False) as work:
        return [str(remark) for remark in remarks_on_plugins(work)]


def _look_up(event: garden.TreePlanted, work: Work) -> None:
    raise AssertionError(event)


def _yard(*requires: str) -> Plugin[Any]:
    return Plugin("yard", requires=requires)


def test_what_is_shipped_leaves_nothing_to_remark(make_platform: MakePlatform) -> None:
    assert _remarks(make_platform(*shipped_plugins())) == []


def test_an_example_plugin_leaves_nothing_to_remark(make_platform: MakePlatform) -> None:
    assert _remarks(make_platform(welcome_sms)) == []


@pytest.mark.parametrize("way", ["on", "after"])
def test_a_reaction_to_a_plugin_that_is_not_required_is_remarked(
    make_platform: MakePlatform, way: str
) -> None:
    lonely, proper = _yard(), _yard("garden")
    for plugin in (lonely, proper):
        getattr(plugin, way)(garden.TreePlanted)(_look_up)

    told = [_remarks(make_platform(garden.plugin, plugin, languages=["en"])) for plugin in (lonely, proper)]

    assert told == [
        ["“yard” reacts to TreePlanted of “garden” without requiring it. Name “garden” in its requires."],
        [],
    ]


def test_what_is_required_by_what_is_required_is_at_hand(make_platform: MakePlatform) -> None:
    shed = Plugin("shed", requires=["garden"])
    yard = _yard("shed")
    yard.on(garden.TreePlanted)(_look_up)

    assert _remarks(make_platform(garden.plugin, shed, yard, languages=["en"])) == []


def test_a_report_whose_rows_lack_a_column_is_remarked(make_platform: MakePlatform) -> None:
    yard = _yard()
    read = yard.permission("read", "See what lies around")

    @yard.report(
        "leaves", title="Leaves", allow=read, by={"colour": "Colour"}, sums=[counted("leaves", "Leaves")]
    )
    def leaves(work: Work) -> Rows:
        return select(literal(1).label("leaves"), literal(2).label("place_id"))

    assert _remarks(make_platform(yard, languages=["en"])) == [
        "The report yard.leaves cannot be opened: its rows lack the columns day, colour."
    ]


def test_a_report_whose_rows_lack_what_is_worked_out_by_is_remarked(make_platform: MakePlatform) -> None:
    """The four texts are that of the yard, its permission, the title and the sum that is worked out."""
    yard = _yard()
    read = yard.permission("read", "See what lies around")
    worth = WorkedOut(
        ("kind",), (counted("worth", "Worth"),), lambda _work, _question, lines: [[1] for _ in lines]
    )

    @yard.report("leaves", title="Leaves", allow=read, by={}, sums=[], worked_out=worth)
    def leaves(work: Work) -> Rows:
        return select(literal(1).label("at"), literal(2).label("place_id"))

    assert _remarks(make_platform(yard)) == [
        "The report yard.leaves cannot be opened: its rows lack the columns kind.",
        "“yard”: 4 texts are not in “fr”, the first of them: “Leaves”.",
    ]


def test_a_report_that_fails_is_remarked(make_platform: MakePlatform) -> None:
    yard = _yard()
    read = yard.permission("read", "See what lies around")

    @yard.report("leaves", title="Leaves", allow=read, by={}, sums=[])
    def leaves(work: Work) -> Rows:
        raise LookupError

    assert _remarks(make_platform(yard, languages=["en"])) == [
        "The report yard.leaves cannot be opened: asking for its rows ends in LookupError."
    ]


@pytest.mark.rule("X-01")
def test_texts_of_a_plugin_from_elsewhere_that_lack_their_french_are_counted(
    make_platform: MakePlatform,
) -> None:
    """The garden has three permissions, a setting, a refusal, and a report of a title, a grouping and two sums."""
    (remark,) = _remarks(make_platform(garden.plugin))

    assert (
        remark == "“garden”: 9 texts are not in “fr”, the first of them: “Another tree is called {label}.”."
    )
    assert _remarks(make_platform(garden.plugin, languages=["en"])) == []


@pytest.mark.rule("X-01")
def test_the_sentences_of_a_plugin_of_one_file_are_read(make_platform: MakePlatform) -> None:
    assert _remarks(make_platform(_yard())) == [
        "“yard”: one text is not in “fr”: “There is no bucket in the {place}.”."
    ]


@pytest.mark.rule("X-01")
def test_the_remarks_are_told_in_french(make_platform: MakePlatform) -> None:
    platform = make_platform(_yard())

    told = [Speech("fr").tell(remark) for remark in remarks_on(platform)]

    assert "« yard » : un texte n'est pas en « fr » : « There is no bucket in the {place}. »." in told

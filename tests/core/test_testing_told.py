"""What a developer's test is told: why an operation ended in a defect, and the statements that it sent."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import garden
import pytest
from starlette.testclient import TestClient

from msingi import PUBLIC, Plugin, RestRequest, Work
from msingi.actor import Actor
from msingi.defects import watched_defects
from msingi.http import create_app
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform, SentStatements

SHADE_AT_MIDNIGHT = "{ trees { nodes { shade(hour: 0) } } }"
TREES = "{ trees { nodes { label owner { name } shade } } }"
ROOT = Path(__file__).parents[2]
Run = Callable[..., dict[str, Any]]

FAILING = """
import garden
import pytest
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places

@pytest.fixture
def platform(make_platform):
    return make_platform(garden.plugin)

@pytest.fixture
def midnight(platform, run, as_user):
    with platform.work() as work:
        place = add_places(work, [NewPlace("C", "Country")])["C"]
        work.add(garden.Tree(label="baobab", kind=garden.Kind.MANGO, jurisdiction_id=place))
    return run("{ trees { nodes { shade(hour: 0) } } }", actor=as_user(garden.READ, at=place))

def test_that_fails(midnight):
    assert "errors" not in midnight

def test_that_passes(midnight):
    assert midnight["errors"][0]["extensions"]["code"] == "core.internal"
"""


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin)


@pytest.fixture
def gardener(platform: Platform, as_user: AsUser) -> Actor:
    with platform.work() as work:
        place = add_places(work, [NewPlace("C", "Country")])["C"]
        work.add(garden.Tree(label="baobab", kind=garden.Kind.MANGO, jurisdiction_id=place))
    return as_user(garden.READ, garden.PLANT, at=place)


@pytest.mark.rule("attack 97")
def test_a_failing_test_reports_the_defect_that_clients_do_not_see(tmp_path: Path) -> None:
    (tmp_path / "test_midnight.py").write_text(FAILING, encoding="utf-8")

    told = _pytest(tmp_path)

    assert "1 failed, 1 passed" in told
    assert told.count("--- Defect ") == 1
    assert "in shade\n    raise ZeroDivisionError" in told


def test_a_defect_is_watched_with_the_number_that_the_client_sees(run: Run, gardener: Actor) -> None:
    with watched_defects() as defects:
        answer = run(SHADE_AT_MIDNIGHT, actor=gardener)

    (defect,) = defects
    assert defect.reference == answer["errors"][0]["extensions"]["params"]["reference"]
    assert defect.story.endswith("raise ZeroDivisionError\nZeroDivisionError\n")


def test_a_defect_behind_a_rest_door_is_watched(make_platform: MakePlatform) -> None:
    attic = Plugin("attic")
    attic.route("GET", "/boxes", allow=PUBLIC)(_fall_down)

    with (
        TestClient(create_app(make_platform(attic)), base_url="http://localhost") as client,
        watched_defects() as defects,
    ):
        answer = client.get("/api/attic/boxes")

    assert answer.status_code == 500
    assert "the ladder broke" not in answer.text
    assert [defect.story.endswith("OSError: the ladder broke\n") for defect in defects] == [True]
    assert defects[0].reference in answer.text


def _fall_down(work: Work, request: RestRequest) -> dict[str, str]:
    raise OSError("the ladder broke")


def test_a_refusal_is_no_defect(run: Run, as_user: AsUser) -> None:
    with watched_defects() as defects:
        answer = run(SHADE_AT_MIDNIGHT, actor=as_user(garden.PLANT))

    assert answer["errors"][0]["extensions"]["code"] == "core.forbidden"
    assert defects == []


def test_a_defect_of_a_job_is_watched(platform: Platform) -> None:
    with platform.work() as work:
        work.enqueue("after.garden.water_tree", event={"tree_id": "not an id", "label": "baobab"})

    with watched_defects() as defects:
        platform.jobs.run_pending()

    assert [defect.story.count("tree_id") > 0 for defect in defects] == [True]


def test_statements_are_told_in_their_order(
    run: Run, gardener: Actor, sent_statements: SentStatements
) -> None:
    with sent_statements() as sent:
        run("{ trees { nodes { label } } }", actor=gardener)
    run("{ trees { nodes { label } } }", actor=gardener)

    assert {text.partition(" ")[0] for text in sent} == {"SELECT"}
    assert "garden_tree.label" in sent[-1]


def test_a_longer_list_needs_no_more_statements(
    platform: Platform, run: Run, gardener: Actor, sent_statements: SentStatements
) -> None:
    with sent_statements() as few:
        run(TREES, actor=gardener)
    (place,) = gardener.scope(garden.PLANT.name).roots
    with platform.work() as work:
        for number in range(20):
            work.add(garden.Tree(label=f"tree {number}", kind=garden.Kind.MANGO, jurisdiction_id=place))

    with sent_statements() as many:
        answer = run(TREES, actor=gardener)

    assert len(answer["data"]["trees"]["nodes"]) == 21
    assert len(many) == len(few)


def _pytest(folder: Path) -> str:
    samples = ROOT / "tests" / "samples"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-o", f"pythonpath={samples}"]
    done = subprocess.run(
        command,
        cwd=folder,
        env={"MSINGI_TEST_ENGINES": "sqlite"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr

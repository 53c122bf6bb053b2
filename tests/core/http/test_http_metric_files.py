"""Processes that count together go on serving and counting when their files fail."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from tests.core.http import counting_process

from msingi.cli.counting import counting_together

ONE = 'msingi_requests_total{route="graphql",status="200"} 1.0'
TWO = ONE.replace("1.0", "2.0")
QUEUED = 'msingi_jobs{state="queued"} 3.0'
ALONE = "metrics.counted_alone"


def _run(folder: Path, what: str) -> Any:
    command = [sys.executable, str(counting_process.__file__), what]
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.rule("attack 109")
def test_the_space_of_every_file_is_taken_before_it_is_written(tmp_path: Path) -> None:
    assert _run(tmp_path, "reserve_all") == {"answer": [True] * 3, "logs": []}


@pytest.mark.rule("attack 109")
@pytest.mark.parametrize("what", ["lack_space", "lose_the_folder"])
def test_a_process_without_space_or_folder_counts_alone_and_says_so_once(tmp_path: Path, what: str) -> None:
    told = _run(tmp_path, what)

    assert told == {"answer": [[ONE, QUEUED], [TWO, QUEUED], []], "logs": [ALONE]}


@pytest.mark.rule("attack 109")
def test_a_folder_that_goes_while_requests_are_served_fails_none(tmp_path: Path) -> None:
    told = _run(tmp_path, "lose_the_folder_later")

    assert told == {"answer": [[QUEUED], [ONE, QUEUED], []], "logs": [ALONE]}


@pytest.mark.rule("attack 109")
def test_a_file_that_is_empty_or_torn_is_left_out(tmp_path: Path) -> None:
    assert _run(tmp_path, "meet_torn_files") == {"answer": [ONE], "logs": []}


def test_without_a_place_for_the_folder_each_process_counts_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))

    with counting_together(2):
        assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ

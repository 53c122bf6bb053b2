"""A demonstration that cannot listen builds nothing; one that Ctrl-C ends says so."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import typer
from sqlalchemy import create_engine, event
from tests.core.cli_fixtures import call, installed, told

from msingi.cli.interruption import OF_A_DEMONSTRATION, quietly
from msingi.cli.serving import bind
from msingi.cli.speech import Speech

__all__ = ["installed"]
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_a_port_that_is_taken_is_told_before_anything_is_built(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(bind("127.0.0.1", 0)) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        said = {}
        for language in ("en_GB.UTF-8", "fr_FR.UTF-8"):
            monkeypatch.setenv("LC_ALL", language)
            said[language] = told(call("demo --port", str(port)))

    assert said == {
        "en_GB.UTF-8": (
            2,
            f"msingi: Another program listens on 127.0.0.1 port {port} already. Choose another port with --port.\n",
        ),
        "fr_FR.UTF-8": (
            2,
            f"msingi: Un autre programme écoute déjà sur 127.0.0.1, port {port}. Choisissez un autre port avec --port.\n",
        ),
    }
    assert not (installed / ".msingi").exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "interrompu ; la démonstration est incomplète\n"),
        ("en", "interrupted; the demonstration is incomplete\n"),
    ],
)
def test_an_interruption_inside_a_statement_is_no_busy_server(
    language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = create_engine("sqlite://")

    @event.listens_for(engine, "connect")
    def interrupt(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(lambda: signal.raise_signal(signal.SIGINT), 1000)

    with (
        pytest.raises(typer.Exit) as ended,
        quietly(Speech(language), OF_A_DEMONSTRATION),
        engine.connect() as connection,
    ):
        connection.exec_driver_sql(ENDLESS)
    engine.dispose()

    assert (ended.value.exit_code, capsys.readouterr().err) == (130, said)

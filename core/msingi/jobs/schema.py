"""Procrastinate's own tables: installed and upgraded inside the platform's migration run."""

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from msingi.jobs.durable import backend_of

if TYPE_CHECKING:
    from msingi.platform import Platform

_INSTALLED = text(
    "SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class') "
    "WHERE to_regclass('procrastinate_jobs') IS NOT NULL"
)


def ensure_schema(platform: "Platform", connection: Connection) -> None:
    """Bring procrastinate's tables to the release that is installed; nothing to do with another backend.

    The table's comment remembers the last script that ran, so that the next release runs only newer ones.
    """
    if backend_of(platform.profile, is_sqlite=platform.database.is_sqlite) != "procrastinate":
        return
    scripts = dict(_scripts())
    row = connection.execute(_INSTALLED).one_or_none()
    if row is None:
        _execute(connection, (files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8"))
    else:
        for name in sorted(scripts):
            if name > str(row[0]):
                _execute(connection, scripts[name])
    _execute(connection, f"COMMENT ON TABLE procrastinate_jobs IS '{max(scripts)}'")


def _scripts() -> Iterator[tuple[str, str]]:
    for file in (files("procrastinate.sql") / "migrations").iterdir():
        if file.name.endswith(".sql"):
            yield file.name, file.read_text(encoding="utf-8")


def _execute(connection: Connection, script: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - a connection in use has its driver
    with driver.cursor() as cursor:
        cursor.execute(script)

"""Benchmark of the import of facilities: the whole way of a list against a plain insert of the rows it leaves."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select

from msingi.ids import new_id
from msingi.migrate import upgrade
from msingi.platform import Platform
from msingi.rbac.models import FACILITY, Jurisdiction, JurisdictionClosure
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.tabular import Mode
from msingi.trial import small_profile
from msingi_registry.imports.files import keep_upload, start_run
from msingi_registry.imports.report import import_report
from msingi_registry.models.facility import Facility, FacilityIdentifier, FacilityService, QualityFinding
from msingi_registry.models.imports import ImportKind
from msingi_registry.plugin import plugin

REGIONS: Final = 30
_WRITTEN: Final = (Jurisdiction, JurisdictionClosure, Facility, FacilityIdentifier, FacilityService)


@plugin.benchmark("import_facilities")
def import_facilities(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Rows per second of an import, and its time divided by that of a plain bulk insert of the same rows.

    Ours parses and checks each line, looks for the facility and its likes, checks points, makes leaves in the tree,
    and leaves a line per row in the audit trail; the plain insert does nothing of that.
    """
    lines = 200 if quick else 6_000
    with _country(database_url) as (platform, prefix):
        ours = _import(platform, _list(prefix, lines))
        rows = _read_rows(platform, prefix)
        plain = _insert_again(platform, rows)
    return {"rows_per_s": lines / ours, "vs_bulk_insert": ours / plain}


@contextmanager
def _country(database_url: str | None) -> Iterator[tuple[Platform, str]]:
    with tempfile.TemporaryDirectory() as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'bench.db'}"
        profile = small_profile(database={"url": url}, jobs={"backend": "embedded"}, modules=["registry"])
        platform = Platform(profile, plugins=[plugin])
        upgrade(platform)
        prefix = new_id().hex[-12:]
        places = [NewPlace(prefix, "Bench")]
        places += [NewPlace(f"{prefix}-{number}", f"Region {number}", prefix) for number in range(REGIONS)]
        with platform.work() as work:
            add_places(work, places)
        yield platform, prefix
        platform.close()


def _list(prefix: str, lines: int) -> bytes:
    random = Random(prefix)  # noqa: S311 - sample data
    rows = ["name,place,type,latitude,longitude,services,number,ownership,tier"]
    for number in range(lines):
        point = f"{random.uniform(-10, 10):.6f},{random.uniform(10, 30):.6f}"
        place = f"{prefix}-{number % REGIONS}"
        rows.append(f"Centre {number:06},{place},Health Centre,{point},lab;dots,{prefix}-N{number},public,2")
    return "\n".join(rows).encode()


def _import(platform: Platform, content: bytes) -> float:
    with platform.work() as work:
        run = keep_upload(work, ImportKind.FACILITIES, content)
        _, job = start_run(work, run.id, mode=Mode.SKIP_AND_REPORT, dry_run=False, mapping={})
    begin = perf_counter()
    platform.jobs.run_one(job)
    seconds = perf_counter() - begin
    with platform.work(writes=False) as work:
        report = import_report(work, job)
    if report.refused or report.created != content.count(b"\n"):
        raise AssertionError("the import left lines out")
    return seconds


_Rows = Mapping[Table, Sequence[Mapping[str, Any]]]


def _read_rows(platform: Platform, prefix: str) -> _Rows:
    closure = JurisdictionClosure.__table__
    country = select(Jurisdiction.id).where(Jurisdiction.code == prefix).scalar_subquery()
    below = select(closure.c.descendant_id).where(closure.c.ancestor_id == country)
    leaves = select(Jurisdiction.id).where(Jurisdiction.kind == FACILITY, Jurisdiction.id.in_(below))
    found: dict[Table, Sequence[Mapping[str, Any]]] = {}
    with platform.database.read.connect() as connection:
        for model in _WRITTEN:
            table = Facility.metadata.tables[model.__tablename__]
            statement = select(table).where(_place_column(table).in_(leaves))
            found[table] = [dict(row) for row in connection.execute(statement).mappings()]
    return found


def _place_column(table: Table) -> Any:
    for name in ("jurisdiction_id", "descendant_id"):
        if name in table.c:
            return table.c[name]
    return table.c.id


def _insert_again(platform: Platform, rows: _Rows) -> float:
    with platform.database.write.begin() as connection:
        _delete(connection, rows)
    begin = perf_counter()
    with platform.database.write.begin() as connection:
        for table, values in rows.items():
            connection.execute(insert(table), list(values))
    return perf_counter() - begin


def _delete(connection: Connection, rows: _Rows) -> None:
    connection.execute(delete(QualityFinding))
    for table, values in reversed(list(rows.items())):
        for start in range(0, len(values), 1_000):
            ids = [row["id"] for row in values[start : start + 1_000]]
            connection.execute(delete(table).where(table.c.id.in_(ids)))

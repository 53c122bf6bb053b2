"""Tampering below the application, by raw connections: verification names the first broken place."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from msingi.audit.models import BLOCKS, ENTRIES, LEAVES
from msingi.audit.rules.checking import BrokenLink, Fault
from msingi.audit.rules.hashing import block_hash, entry_text, leaf_hash
from msingi.audit.services import VERIFIER, ExportReport, VerifyReport, export, seal, verify
from msingi.ids import new_id
from msingi.migrate import prepare
from msingi.platform import Platform
from msingi.testing import FrozenClock

Tamper = Callable[[Connection, list[UUID]], Any]


@pytest.fixture
def ids(platform: Platform, frozen_clock: FrozenClock) -> list[UUID]:
    """Twelve lines a minute apart, sealed in blocks of five."""
    with platform.database.write.begin() as connection:
        connection.execute(ENTRIES.delete())
    written = []
    with platform.work() as work:
        for number in range(12):
            line = platform.trail.line(work, "noted", "claim", new_id(), {"amount": [number, 1]}, None)
            platform.trail.write(work, [line])
            written.append(line["id"])
            frozen_clock.move(minutes=1)
    with platform.work() as work:
        seal(work, block_size=5)
    return written


def tampered(platform: Platform, ids: list[UUID], tamper: Tamper) -> VerifyReport:
    with platform.database.write.begin() as connection:
        tamper(connection, ids)
    with platform.work(writes=False) as work:
        return verify(work)


def test_an_untouched_trail_is_intact(platform: Platform, ids: list[UUID]) -> None:
    with platform.work() as work:
        platform.trail.note(
            work, action="new", entity="x", entity_id=None, jurisdiction_id=None, details={"a": 1}
        )

    with platform.work(writes=False) as work:
        report = verify(work)

    assert (report.intact, report.faults, report.first_broken) == (True, 0, None)
    assert (report.blocks, report.entries, report.unsealed) == (4, 12, 1)


def edit(connection: Connection, ids: list[UUID]) -> None:
    connection.execute(update(ENTRIES).where(ENTRIES.c.id == ids[6]).values(changes={"amount": [6, 9]}))


def edit_place(connection: Connection, ids: list[UUID]) -> None:
    connection.execute(update(ENTRIES).where(ENTRIES.c.id == ids[6]).values(jurisdiction_id=ids[0]))


def remove(connection: Connection, ids: list[UUID]) -> None:
    connection.execute(delete(ENTRIES).where(ENTRIES.c.id == ids[6]))


def remove_with_leaf(connection: Connection, ids: list[UUID]) -> None:
    remove(connection, ids)
    connection.execute(delete(LEAVES).where(LEAVES.c.id == ids[6]))


def reorder(connection: Connection, ids: list[UUID]) -> None:
    for entry_id, position in ((ids[6], 99), (ids[7], 1), (ids[6], 2)):
        connection.execute(update(LEAVES).where(LEAVES.c.id == entry_id).values(position=position))


def reseal_edited(connection: Connection, ids: list[UUID]) -> None:
    """An attacker who recomputes every plain hash, but does not hold the key."""
    edit(connection, ids)
    row = connection.execute(select(ENTRIES).where(ENTRIES.c.id == ids[6])).mappings().one()
    digest = leaf_hash(entry_text(row), row["mac"])
    connection.execute(update(LEAVES).where(LEAVES.c.id == ids[6]).values(digest=digest))


def edit_block(connection: Connection, _ids: list[UUID]) -> None:
    connection.execute(update(BLOCKS).where(BLOCKS.c.number == 2).values(count=4))


def rehash_block(connection: Connection, ids: list[UUID]) -> None:
    edit_block(connection, ids)
    row = connection.execute(select(BLOCKS).where(BLOCKS.c.number == 2)).mappings().one()
    connection.execute(update(BLOCKS).where(BLOCKS.c.number == 2).values(hash=block_hash(row)))


def remove_block(connection: Connection, _ids: list[UUID]) -> None:
    connection.execute(delete(BLOCKS).where(BLOCKS.c.number == 2))


def remove_block_and_leaves(connection: Connection, ids: list[UUID]) -> None:
    remove_block(connection, ids)
    connection.execute(delete(LEAVES).where(LEAVES.c.block == 2))


def remove_last_block(connection: Connection, _ids: list[UUID]) -> None:
    connection.execute(delete(BLOCKS).where(BLOCKS.c.number == 3))


@pytest.mark.rule("attack 94", "F12")
@pytest.mark.parametrize(
    ("tamper", "fault", "block", "line"),
    [
        (edit, Fault.ENTRY_ALTERED, 2, 6),
        (edit_place, Fault.ENTRY_ALTERED, 2, 6),
        (remove, Fault.ENTRY_MISSING, 2, 6),
        (remove_with_leaf, Fault.LEAF_MISSING, 2, 7),
        (reorder, Fault.OUT_OF_ORDER, 2, 6),
        (reseal_edited, Fault.ENTRY_FORGED, 2, 6),
        (edit_block, Fault.BLOCK_ALTERED, 2, None),
        (rehash_block, Fault.BLOCK_ALTERED, 2, None),
        (remove_block, Fault.BLOCK_MISSING, 3, None),
        (remove_block_and_leaves, Fault.BLOCK_MISSING, 3, None),
        (remove_last_block, Fault.LEAF_WITHOUT_BLOCK, 3, 10),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_tampering_is_named(
    platform: Platform, ids: list[UUID], tamper: Tamper, fault: Fault, block: int, line: int | None
) -> None:
    report = tampered(platform, ids, tamper)

    first = report.first_broken
    assert not report.intact
    assert first is not None
    assert (first.fault, first.block) == (fault, block)
    assert first.entry_id == (None if line is None else ids[line])


@pytest.mark.rule("attack 94")
def test_a_trail_without_a_line_is_no_trail(platform: Platform) -> None:
    prepare(platform)
    with platform.work(writes=False) as work:
        before = verify(work)

    with platform.database.write.begin() as connection:
        for table in (LEAVES, BLOCKS, ENTRIES):
            connection.execute(delete(table))
    with platform.work(writes=False) as work:
        after = verify(work)

    assert (before.intact, before.unsealed > 0) == (True, True)
    assert after.first_broken == BrokenLink(Fault.TRAIL_EMPTIED)


@pytest.mark.rule("attack 94")
def test_every_column_of_a_line_is_sealed(platform: Platform, ids: list[UUID]) -> None:
    with platform.work(writes=False) as work:
        before = (
            work.session.connection().execute(select(ENTRIES).where(ENTRIES.c.id == ids[6])).mappings().one()
        )
    other = {
        "at": before["at"] + timedelta(seconds=1),
        "actor_id": new_id(),
        "actor_kind": "token",
        "on_behalf_of": new_id(),
        "action": "x",
        "entity": "x",
        "entity_id": new_id(),
        "changes": {},
        "jurisdiction_id": new_id(),
        "request_id": new_id(),
        "door": "x",
        "basis": "x",
        "mac": bytes(32),
    }
    assert set(other) == set(ENTRIES.c.keys()) - {"id"}

    for name, value in other.items():
        report = tampered(platform, ids, lambda c, i, n=name, v=value: set_line(c, i[6], **{n: v}))  # type: ignore[misc]
        assert report.first_broken is not None, name
        assert report.first_broken.entry_id == ids[6]
        assert tampered(platform, ids, lambda c, i, n=name: set_line(c, i[6], **{n: before[n]})).intact  # type: ignore[misc]


def set_line(connection: Connection, entry_id: UUID, **values: Any) -> None:
    connection.execute(update(ENTRIES).where(ENTRIES.c.id == entry_id).values(**values))


@pytest.mark.rule("attack 94")
def test_a_forged_line_in_the_past_is_named(platform: Platform, ids: list[UUID]) -> None:
    forged = new_id()

    def forge(connection: Connection, ids: list[UUID]) -> None:
        row = dict(connection.execute(select(ENTRIES).where(ENTRIES.c.id == ids[3])).mappings().one())
        connection.execute(insert(ENTRIES), {**row, "id": forged, "at": row["at"] + timedelta(seconds=30)})

    report = tampered(platform, ids, forge)

    assert report.first_broken is not None
    assert (report.first_broken.fault, report.first_broken.entry_id) == (Fault.ENTRY_FORGED, forged)


@pytest.mark.rule("attack 94")
def test_a_genuine_line_far_behind_the_sealed_ones_is_named(
    platform: Platform, ids: list[UUID], frozen_clock: FrozenClock
) -> None:
    frozen_clock.move(days=-3)
    with platform.work() as work:
        line = platform.trail.line(work, "noted", "claim", None, {}, None)
    frozen_clock.move(days=3)

    report = tampered(platform, ids, lambda connection, _ids: connection.execute(insert(ENTRIES), line))

    assert report.first_broken is not None
    assert (report.first_broken.fault, report.first_broken.entry_id) == (Fault.ENTRY_OVERDUE, line["id"])


@pytest.mark.rule("attack 94")
def test_a_cut_tail_is_found_by_the_anchor_noted_before(platform: Platform, ids: list[UUID]) -> None:
    with platform.work(writes=False) as work:
        anchor = verify(work).anchor

    def cut(connection: Connection, ids: list[UUID]) -> None:
        remove_last_block(connection, ids)
        connection.execute(delete(LEAVES).where(LEAVES.c.block == 3))
        connection.execute(delete(ENTRIES).where(ENTRIES.c.id.in_(ids[10:])))

    report = tampered(platform, ids, cut)
    with platform.work(writes=False) as work:
        anchored = verify(work, anchor=anchor)
        garbled = verify(work, anchor="no anchor")

    assert report.intact
    assert anchored.first_broken is not None
    assert (anchored.first_broken.fault, anchored.first_broken.block) == (Fault.ANCHOR_LOST, 3)
    assert garbled.first_broken is not None
    assert (garbled.first_broken.fault, garbled.first_broken.block) == (Fault.ANCHOR_LOST, None)


@pytest.mark.rule("F11", "F12")
@pytest.mark.parametrize("column", ["at", "changes", "actor_id"])
def test_a_value_that_cannot_be_read_is_named(platform: Platform, ids: list[UUID], column: str) -> None:
    if not platform.database.is_sqlite:
        pytest.skip("PostgreSQL refuses values of another type")

    def garble(connection: Connection, ids: list[UUID]) -> None:
        statement = text(f"UPDATE audit_entry SET {column} = '{{garbled' WHERE id = :id")
        connection.execute(statement, {"id": ids[6].hex})

    report = tampered(platform, ids, garble)

    assert report.first_broken is not None
    assert (report.first_broken.fault, report.first_broken.block) == (Fault.ENTRY_UNREADABLE, 2)
    assert report.first_broken.entry_id == ids[6]


@pytest.fixture
def exported(platform: Platform, ids: list[UUID], tmp_path: Path) -> Path:
    with platform.work() as work:
        work.audit("naïve\n\x1b", entity="claim", details={"é": "😀", "n": 1.5})
    return export_to(platform, tmp_path / "trail.ndjson")


def export_to(platform: Platform, path: Path) -> Path:
    with platform.work(writes=False) as work, path.open("wb") as stream:
        export(work, stream)
    return path


def run_verifier(path: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-I", str(VERIFIER), str(path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip()


@pytest.mark.rule("X-09")
def test_an_export_is_verified_by_the_program_inside_it(exported: Path, tmp_path: Path) -> None:
    header = json.loads(exported.read_text(encoding="utf-8").split("\n", 1)[0])
    program = tmp_path / "verify.py"
    program.write_text(header["verifier"], encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-I", program, exported], capture_output=True, text=True, check=False
    )

    assert done.stdout == "INTACT: 4 blocks, 12 sealed lines, 1 not sealed yet\n"
    assert done.returncode == 0
    assert "msingi." not in header["verifier"]


@pytest.mark.rule("X-09")
def test_an_export_is_one_record_per_line_with_counts(platform: Platform, ids: list[UUID]) -> None:
    stream = io.BytesIO()
    with platform.work(writes=False) as work:
        report = export(work, stream)

    records = [json.loads(line) for line in stream.getvalue().decode().splitlines()]
    assert report == ExportReport(blocks=4, entries=12, unsealed=0)
    assert [record["kind"] for record in records][:4] == ["header", "block", "block", "entry"]
    assert records[-1] == {"kind": "end", "blocks": 4, "entries": 12, "unsealed": 0}
    assert [record["entry"]["id"] for record in records if record["kind"] == "entry"] == [str(i) for i in ids]


@pytest.mark.rule("X-09", "attack 94")
@pytest.mark.parametrize(
    ("tamper", "outcome"),
    [
        (edit, "BROKEN: line 1 of block 2 was changed: "),
        (remove, "BROKEN: line 1 of block 2 was deleted"),
        (remove_with_leaf, "BROKEN: line 2 of block 2 is out of place"),
        (reorder, "BROKEN: line 2 of block 2 is out of order: "),
        (edit_block, "BROKEN: block 2 was changed"),
        (rehash_block, "BROKEN: block 2 seals 4 lines, 5 are there"),
        (remove_block, "BROKEN: block 2 is missing"),
        (reseal_edited, "BROKEN: the lines of block 2 are not those that were sealed"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_export_of_a_tampered_trail_is_refused(
    platform: Platform, ids: list[UUID], tmp_path: Path, tamper: Tamper, outcome: str
) -> None:
    tampered(platform, ids, tamper)

    code, said = run_verifier(export_to(platform, tmp_path / "trail.ndjson"))

    assert code == 1
    assert said.startswith(outcome)


@pytest.mark.rule("X-09", "F12")
def test_a_damaged_export_is_refused(exported: Path) -> None:
    whole = exported.read_bytes()
    lines = whole.splitlines(keepends=True)

    outcomes = []
    for damaged in (
        b"".join(lines[:-1]),
        b"".join(lines[:-2] + lines[-1:]),
        whole[: len(whole) // 2],
        b"{}\n",
    ):
        exported.write_bytes(damaged)
        outcomes.append(run_verifier(exported)[0])

    assert outcomes == [1, 1, 2, 2]


@pytest.mark.rule("X-09")
def test_the_program_compares_a_noted_anchor(exported: Path, platform: Platform) -> None:
    with platform.work(writes=False) as work:
        anchor = str(verify(work).anchor)

    assert run_verifier(exported, "--anchor", anchor)[0] == 0
    assert run_verifier(exported, "--anchor", "3:" + "0" * 64)[0] == 1

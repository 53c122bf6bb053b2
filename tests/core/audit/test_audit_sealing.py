"""Sealing: which lines enter which block, once each, also with late commits and two sealers."""

import threading
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from msingi.audit.models import BLOCKS, ENTRIES, LEAVES
from msingi.audit.services import SealReport, seal, status, verify
from msingi.audit.services.chain import anchor_of, head_block
from msingi.platform import Platform
from msingi.testing import FrozenClock


@pytest.fixture(autouse=True)
def _empty_trail(platform: Platform) -> None:
    with platform.database.write.begin() as connection:
        connection.execute(ENTRIES.delete())


def write_lines(platform: Platform, number: int) -> list[UUID]:
    with platform.work() as work:
        lines = [
            platform.trail.line(work, "noted", "claim", None, {"number": i}, None) for i in range(number)
        ]
        platform.trail.write(work, lines)
    return [line["id"] for line in lines]


def seal_now(platform: Platform, **options: Any) -> SealReport:
    with platform.work() as work:
        return seal(work, **options)


def rows_of(platform: Platform, statement: Any) -> list[Any]:
    with platform.database.read.begin() as connection:
        return list(connection.execute(statement).all())


def test_recent_lines_wait_for_the_next_run(platform: Platform, frozen_clock: FrozenClock) -> None:
    write_lines(platform, 3)

    too_early = seal_now(platform)
    frozen_clock.move(seconds=11)

    assert too_early == SealReport(blocks=0, entries=0)
    assert seal_now(platform) == SealReport(blocks=1, entries=3)
    assert seal_now(platform) == SealReport(blocks=0, entries=0)


@pytest.mark.rule("I5")
def test_blocks_hold_every_line_once_in_order(platform: Platform, frozen_clock: FrozenClock) -> None:
    ids = write_lines(platform, 25)
    frozen_clock.move(minutes=1)

    report = seal_now(platform, block_size=10)

    leaves = rows_of(platform, select(LEAVES).order_by(LEAVES.c.block, LEAVES.c.position))
    blocks = rows_of(platform, select(BLOCKS).order_by(BLOCKS.c.number))
    assert report == SealReport(blocks=3, entries=25)
    assert [leaf.id for leaf in leaves] == ids
    assert [(block.number, block.count) for block in blocks] == [(0, 0), (1, 10), (2, 10), (3, 5)]
    assert (blocks[1].first_entry, blocks[3].last_entry) == (ids[0], ids[-1])
    assert [block.previous_hash for block in blocks[1:]] == [block.hash for block in blocks[:-1]]


def test_a_run_seals_so_many_blocks_and_the_next_goes_on(
    platform: Platform, frozen_clock: FrozenClock
) -> None:
    write_lines(platform, 25)
    frozen_clock.move(minutes=1)

    reports = [seal_now(platform, block_size=5, most_blocks=2) for _ in range(4)]

    assert [(report.blocks, report.entries) for report in reports] == [(2, 10), (2, 10), (1, 5), (0, 0)]


@pytest.mark.rule("I5")
def test_a_line_that_commits_late_is_sealed_after_younger_ones(
    platform: Platform, frozen_clock: FrozenClock
) -> None:
    with platform.work() as work:
        late = platform.trail.line(work, "noted", "claim", None, {}, None)
    frozen_clock.move(minutes=30)
    young = write_lines(platform, 2)
    frozen_clock.move(minutes=1)
    seal_now(platform)

    with platform.database.write.begin() as connection:
        connection.execute(insert(ENTRIES), late)
    report = seal_now(platform)

    leaves = rows_of(platform, select(LEAVES.c.id).order_by(LEAVES.c.block, LEAVES.c.position))
    assert report == SealReport(blocks=1, entries=1)
    assert [leaf.id for leaf in leaves] == [*young, late["id"]]
    with platform.work() as work:
        assert verify(work).intact


@pytest.mark.rule("I5")
def test_the_sweep_seals_what_came_hours_late(platform: Platform, frozen_clock: FrozenClock) -> None:
    with platform.work() as work:
        late = platform.trail.line(work, "noted", "claim", None, {}, None)
    frozen_clock.move(hours=3)
    write_lines(platform, 1)
    frozen_clock.move(minutes=1)
    seal_now(platform)
    with platform.database.write.begin() as connection:
        connection.execute(insert(ENTRIES), late)

    assert seal_now(platform).entries == 0
    assert seal_now(platform, everything=True).entries == 1


@pytest.mark.rule("F24")
def test_sealing_goes_on_after_the_clock_was_a_year_ahead(
    platform: Platform, frozen_clock: FrozenClock
) -> None:
    frozen_clock.move(days=365)
    write_lines(platform, 1)
    frozen_clock.move(minutes=1)
    seal_now(platform)
    frozen_clock.move(days=-365)
    write_lines(platform, 2)
    frozen_clock.move(minutes=1)

    assert seal_now(platform) == SealReport(blocks=1, entries=2)


@pytest.mark.rule("I5")
def test_two_sealers_at_once_do_not_fork_the_chain(platform: Platform, frozen_clock: FrozenClock) -> None:
    write_lines(platform, 40)
    frozen_clock.move(minutes=1)
    start = threading.Barrier(2, timeout=60)
    failures: list[BaseException] = []

    def run() -> None:
        start.wait()
        try:
            seal_now(platform, block_size=10)
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)

    sealers = [threading.Thread(target=run) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join(60)

    assert failures == []
    blocks = rows_of(platform, select(BLOCKS.c.number, BLOCKS.c.count).order_by(BLOCKS.c.number))
    assert [tuple(block) for block in blocks] == [(0, 0), (1, 10), (2, 10), (3, 10), (4, 10)]
    with platform.work() as work:
        assert verify(work).intact


@pytest.mark.rule("I5")
def test_the_database_refuses_a_second_block_of_one_number(
    platform: Platform, frozen_clock: FrozenClock
) -> None:
    write_lines(platform, 1)
    frozen_clock.move(minutes=1)
    seal_now(platform)
    with platform.work() as work:
        head = dict(head_block(work.session.connection()) or {})
    head["id"] = head["first_entry"]

    with pytest.raises(IntegrityError), platform.database.write.begin() as connection:
        connection.execute(insert(BLOCKS), head)


def test_the_state_counts_blocks_and_lines(platform: Platform, frozen_clock: FrozenClock) -> None:
    with platform.work() as work:
        before = status(work)
    write_lines(platform, 4)
    frozen_clock.move(minutes=1)
    seal_now(platform)
    write_lines(platform, 2)

    with platform.work() as work:
        after = status(work)
        head = head_block(work.session.connection())

    assert (before.blocks, before.sealed, before.unsealed, before.anchor) == (0, 0, 0, None)
    assert (after.blocks, after.sealed, after.unsealed) == (2, 4, 2)
    assert after.sealed_at == frozen_clock.instant
    assert head is not None
    assert after.anchor == anchor_of(head)


def test_entries_are_never_updated_by_sealing(platform: Platform, frozen_clock: FrozenClock) -> None:
    write_lines(platform, 3)
    before = rows_of(platform, select(ENTRIES).order_by(ENTRIES.c.id))
    frozen_clock.move(minutes=1)

    seal_now(platform)

    assert rows_of(platform, select(ENTRIES).order_by(ENTRIES.c.id)) == before


def test_tampering_with_the_unsealed_is_kept_as_evidence(
    platform: Platform, frozen_clock: FrozenClock
) -> None:
    (line,) = write_lines(platform, 1)
    with platform.database.write.begin() as connection:
        connection.execute(update(ENTRIES).values(action="other"))
    frozen_clock.move(minutes=1)

    seal_now(platform)

    with platform.work() as work:
        report = verify(work)
    assert report.first_broken is not None
    assert (report.first_broken.fault, report.first_broken.entry_id) == ("entry_forged", line)

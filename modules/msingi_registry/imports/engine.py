"""Reads a list step by step: one transaction for all or nothing, saved steps for skip and report (attack 74).

A dry run and a refused list write everything inside a savepoint and undo it: the report is that of a real run.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO, Final, Protocol
from uuid import UUID

from msingi import tabular
from msingi.errors import DomainError
from msingi.tabular import (
    LineError,
    Mode,
    NoLines,
    Numbered,
    RefusedLine,
    TabularError,
    parse_lines,
    read_table,
)
from msingi.work import Work
from msingi_registry.facility_errors import UnknownImportFile
from msingi_registry.imports.files import delete_upload, open_upload
from msingi_registry.imports.kinds import OWN_READING, renamed
from msingi_registry.imports.outcome import (
    ClosingImporter,
    JudgingImporter,
    ListImporter,
    Outcome,
    Reading,
    Said,
    said_of,
)
from msingi_registry.models.imports import ImportMessage, ImportRun

MOST_MESSAGES: Final = 10_000
"""Messages that are kept of one list; all lines are counted."""

_HELD_LINES: Final = 20_000
"""Lines of a list that are held in memory; a longer one is parsed twice."""

_COUNTS: Final = ("created", "updated", "ended", "unchanged", "suspicious", "refused")


class Steps(Protocol):
    """What a long import tells of itself; the progress of a job is one."""

    @property
    def state(self) -> Mapping[str, Any]:
        """What the last saved step left."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Report lines done."""

    def checkpoint(
        self, state: Mapping[str, Any], *, done: int | None = None, total: int | None = None
    ) -> None:
        """Commit the step."""

    def result(self, report: Mapping[str, Any]) -> None:
        """Leave the counts."""


_Line = Numbered[Any] | tuple[LineError, ...]


@dataclass(frozen=True, slots=True)
class _List:
    """A list that was read through once: it breaks nowhere, and its repeated lines are known."""

    source: BinaryIO
    importer: ListImporter[Any]
    columns: tabular.Mapping[Any]
    lines: int
    repeated: Mapping[int, int]
    keys: Collection[str]
    held: Sequence[_Line]

    def batches(self, skip: int) -> Iterator[Sequence[_Line]]:
        """The lines after those that are done, in batches."""
        whole = len(self.held) == self.lines
        rest = islice(self.held if whole else parse_lines(read_table(self.source), self.columns), skip, None)
        while batch := tuple(islice(rest, self.importer.batch_size)):
            yield batch


@dataclass(slots=True)
class _Tally:
    """Counts and messages since the beginning; messages that are not stored yet wait."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    position: int = 0
    waiting: list[Said] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        for name in _COUNTS:
            self.counts[name] += getattr(outcome, name)
        room = MOST_MESSAGES - self.position - len(self.waiting)
        self.waiting.extend(sorted(outcome.said, key=lambda said: said.line)[:room])


def run_import(work: Work, run_id: UUID, progress: Steps, reading: Reading = OWN_READING) -> None:
    """Read an uploaded list in its mode and leave its report; the list itself is deleted at the end."""
    run = work.session.get(ImportRun, run_id)
    if run is None:
        raise UnknownImportFile
    try:
        listed = _survey(work, run, reading)
    except (TabularError, UnknownImportFile) as refusal:
        _refuse_file(run, refusal)
    else:
        _read(work, run, listed, progress)
    run = work.get(ImportRun, run_id)
    counts = _end(work, run, reading)
    progress.result({"kind": str(run.kind), "dry_run": run.dry_run, **counts})


def end_given_up(work: Work, run_id: UUID, reading: Reading) -> None:
    """Delete a list that is not read to its end, and note what its saved steps have written (I13)."""
    _end(work, work.get(ImportRun, run_id), reading, given_up=True)


def _end(work: Work, run: ImportRun, reading: Reading, **how: bool) -> dict[str, int]:
    """Delete the list and note its counts, which stay when the list and its lines are gone."""
    run.finished_at = work.now()
    delete_upload(work, run.id)
    counts = {name: getattr(run, name) for name in _COUNTS}
    details = {"kind": run.kind, **how, **counts}
    work.audit(reading.audited, entity="registry_import", entity_id=run.id, details=details)
    return counts


def _survey(work: Work, run: ImportRun, reading: Reading) -> _List:
    """Read the whole list once, so that a file that breaks midway, or has no line, is refused before anything is written."""
    source = open_upload(work, run)
    importer = reading.importer(work, run)
    columns = renamed(importer.mapping(), run.mapping)
    first: dict[str, int] = {}
    repeated: dict[int, int] = {}
    held: list[_Line] = []
    lines = 0
    for parsed in parse_lines(read_table(source), columns):
        lines += 1
        if lines <= _HELD_LINES:
            held.append(parsed)
        if not isinstance(parsed, Numbered):
            continue
        for key in importer.keys(parsed.record):
            earlier = first.setdefault(key, parsed.line)
            if earlier != parsed.line:
                repeated[parsed.line] = earlier
    if not lines:
        raise NoLines
    return _List(source, importer, columns, lines, repeated, first.keys(), held)


def _read(work: Work, run: ImportRun, listed: _List, progress: Steps) -> None:
    if run.mode is Mode.SKIP_AND_REPORT and not run.dry_run:
        _read_in_steps(work, run, listed, progress)
        return
    tally = _Tally()
    savepoint = work.session.begin_nested()
    done = 0
    for batch in listed.batches(0):
        tally.add(_write(work, listed, batch))
        done += len(batch)
        progress(done, listed.lines)
    tally.add(_close(work, run, listed, tally))
    work.session.flush()
    refused = run.mode is Mode.ALL_OR_NOTHING and tally.counts["refused"] > 0
    if run.dry_run or refused:
        savepoint.rollback()
    else:
        savepoint.commit()
    if refused and not run.dry_run:
        tally.counts |= dict.fromkeys(_COUNTS, 0) | {"refused": tally.counts["refused"]}
    _save(work, run, tally)


def _read_in_steps(work: Work, run: ImportRun, listed: _List, progress: Steps) -> None:
    done = int(progress.state.get("lines", 0))
    tally = _Tally({name: getattr(run, name) for name in _COUNTS}, int(progress.state.get("messages", 0)))
    for batch in listed.batches(done):
        tally.add(_write(work, listed, batch))
        done += len(batch)
        _save(work, run, tally)
        progress.checkpoint({"lines": done, "messages": tally.position}, done=done, total=listed.lines)
    tally.add(_close(work, run, listed, tally))
    _save(work, run, tally)


def _close(work: Work, run: ImportRun, listed: _List, tally: _Tally) -> Outcome:
    """What is to be done after the last line; a refused line might be about a record that would be closed."""
    outcome = Outcome()
    if not isinstance(listed.importer, ClosingImporter):
        return outcome
    if not tally.counts["refused"]:
        return listed.importer.close(work, listed.keys)
    if listed.importer.ends and run.mode is Mode.SKIP_AND_REPORT:
        outcome.flag(0, "", "registry.import_nothing_ended")
    return outcome


def _write(work: Work, listed: _List, batch: Sequence[_Line]) -> Outcome:
    refused: list[Said] = []
    unread: list[RefusedLine] = []
    ready: list[Numbered[Any]] = []
    for parsed in batch:
        if not isinstance(parsed, Numbered):
            refused.extend(said_of(parsed))
            unread.extend([parsed] if isinstance(parsed, RefusedLine) else [])
        elif parsed.line in listed.repeated:
            first = {"first_line": listed.repeated[parsed.line]}
            refused.append(Said(parsed.line, "", "registry.import_repeated", first))
        else:
            ready.append(parsed)
    outcome = listed.importer.write(work, ready) if ready else Outcome()
    if unread and isinstance(listed.importer, JudgingImporter):
        refused.extend(listed.importer.judge(work, unread))
    outcome.said.extend(refused)
    return outcome


def _save(work: Work, run: ImportRun, tally: _Tally) -> None:
    for name, count in tally.counts.items():
        setattr(run, name, count)
    work.session.flush()
    work.insert_rows(
        ImportMessage,
        [
            {
                "import_id": run.id,
                "position": position,
                "line": said.line,
                "column": said.column[:200],
                "code": said.code,
                "params": dict(said.params),
                "refuses": said.refuses,
            }
            for position, said in enumerate(tally.waiting, start=tally.position + 1)
        ],
    )
    tally.position += len(tally.waiting)
    tally.waiting.clear()


def _refuse_file(run: ImportRun, refusal: DomainError) -> None:
    params = {name: value for name, value in refusal.params.items() if isinstance(value, str | int)}
    run.failure = {"code": refusal.code, "params": params}

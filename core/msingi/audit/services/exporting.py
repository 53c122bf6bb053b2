"""Export the whole trail as lines of JSON that carry the program which verifies them (X-09)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from msingi.audit.rules.checking import SealedEntry
from msingi.audit.rules.hashing import BLOCK_FIELDS, Values, canonical, entry_text
from msingi.audit.services.chain import STREAM, block_pages, unsealed, with_entries
from msingi.work import Work

FORMAT = "msingi-audit/1"
VERIFIER = Path(__file__).parents[1] / "verifier.py"
"""The stand-alone program, standard library only."""


@dataclass(slots=True)
class ExportReport:
    """What an export holds."""

    blocks: int = 0
    entries: int = 0
    unsealed: int = 0


def export(work: Work, stream: BinaryIO) -> ExportReport:
    """Write header, blocks each followed by its lines, lines not sealed yet, and an end with the counts.

    Covers the whole country: callers hold the right to see all of it.
    """
    report = ExportReport()
    stream.writelines(line + b"\n" for line in _lines(work, report))
    return report


def _lines(work: Work, report: ExportReport) -> Iterator[bytes]:
    connection = work.session.connection()
    header = {"kind": "header", "format": FORMAT, "exported_at": work.now()}
    yield canonical({**header, "verifier": VERIFIER.read_text(encoding="utf-8")})
    for blocks in block_pages(connection):
        for block, leaves in with_entries(connection, blocks):
            report.blocks += 1
            yield _block_line(block)
            yield from _leaf_lines(block["number"], leaves, report)
    for entry in connection.execute(unsealed(), execution_options=STREAM).mappings():
        report.unsealed += 1
        yield _entry_line({"block": None, "position": None, "digest": None}, entry)
    yield canonical({"kind": "end", **asdict(report)})


def _block_line(block: Values) -> bytes:
    values = {name: block[name] for name in (*BLOCK_FIELDS, "hash", "mac")}
    return canonical({"kind": "block", **values})


def _leaf_lines(number: int, leaves: Iterable[SealedEntry], report: ExportReport) -> Iterator[bytes]:
    for leaf in leaves:
        report.entries += 1
        place = {"block": number, "position": leaf.position, "digest": leaf.digest}
        yield _entry_line(place, leaf.entry)


def _entry_line(place: dict[str, Any], entry: Values | None) -> bytes:
    start = canonical({"kind": "entry", **place, "mac": None if entry is None else entry["mac"]})
    text = b"null" if entry is None else entry_text(entry)
    return start[:-1] + b',"entry":' + text + b"}"

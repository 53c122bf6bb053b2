"""Verify an exported audit trail: ``python verifier.py trail.ndjson [--anchor NUMBER:HASH]``; needs only Python.

Each line of the file is a JSON object. A sealed line of the trail is hashed as SHA-256 of the byte 00, its canonical
text (JSON, sorted keys, no spaces, UTF-8) and its keyed hash. The hashes of a block form a tree whose nodes are
SHA-256 of the byte 01, left and right; an odd one out rises unchanged. A block is hashed as SHA-256 of the byte 02
and its canonical values, among them the root of its tree and the hash of the block before. Exit code 0: intact;
1: broken, the first broken place is named; 2: the file cannot be read as an export.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BLOCK_FIELDS = (
    "number",
    "first_entry",
    "last_entry",
    "count",
    "merkle_root",
    "previous_hash",
    "sealed_through",
    "sealed_at",
)


class BrokenTrail(Exception):
    """The first place where the trail does not hold."""


@dataclass
class Progress:
    """What was read so far, and the block whose lines are being read."""

    blocks: int = 0
    entries: int = 0
    unsealed: int = 0
    ended: bool = False
    head: str = "00" * 32
    current: dict[str, Any] | None = None
    digests: list[bytes] = field(default_factory=list)
    last_order: tuple[str, str] = ("", "")
    anchors: set[str] = field(default_factory=set)


def main() -> int:
    """Read the arguments, verify, print the outcome."""
    parser = argparse.ArgumentParser(description="Verify an exported audit trail.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--anchor", help="NUMBER:HASH of a block that was noted earlier elsewhere")
    arguments = parser.parse_args()
    try:
        with arguments.file.open(encoding="utf-8") as lines:
            progress = verify(lines, anchor=arguments.anchor)
    except BrokenTrail as broken:
        sys.stdout.write(f"BROKEN: {broken}\n")
        return 1
    except (ValueError, KeyError, TypeError, OSError) as error:
        sys.stdout.write(f"UNREADABLE: {type(error).__name__}: {error}\n")
        return 2
    sys.stdout.write(
        f"INTACT: {progress.blocks} blocks, {progress.entries} sealed lines, {progress.unsealed} not sealed yet\n"
    )
    return 0


def verify(lines: Iterable[str], *, anchor: str | None = None) -> Progress:
    """Check every line in order; raise BrokenTrail at the first that does not hold."""
    progress = Progress()
    for record in _records(lines):
        _STEPS[record["kind"]](record, progress)
    if not progress.ended:
        raise BrokenTrail("the file ends early")
    if anchor is not None and anchor not in progress.anchors:
        raise BrokenTrail(f"the noted block {anchor} is not in the chain")
    return progress


def _records(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield json.loads(line)


def _read_header(record: dict[str, Any], _progress: Progress) -> None:
    if record["format"] != "msingi-audit/1":
        raise ValueError(f"unknown format {record['format']}")


def _read_block(record: dict[str, Any], progress: Progress) -> None:
    _close_block(progress)
    number = record["number"]
    if number != progress.blocks:
        raise BrokenTrail(f"block {progress.blocks} is missing")
    if record["previous_hash"] != progress.head:
        raise BrokenTrail(f"block {number} does not follow the block before it")
    values = {name: record[name] for name in BLOCK_FIELDS}
    if _sha256(b"\x02", _canonical(values)).hex() != record["hash"]:
        raise BrokenTrail(f"block {number} was changed")
    progress.current, progress.digests, progress.last_order = record, [], ("", "")
    progress.head = record["hash"]
    progress.anchors.add(f"{number}:{record['hash']}")
    progress.blocks += 1


def _read_entry(record: dict[str, Any], progress: Progress) -> None:
    if record["block"] is None:
        _close_block(progress)
        progress.unsealed += 1
        return
    place = f"line {record['position']} of block {record['block']}"
    entry, current = record["entry"], progress.current
    if current is None or record["block"] != current["number"] or record["position"] != len(progress.digests):
        raise BrokenTrail(f"{place} is out of place")
    if entry is None:
        raise BrokenTrail(f"{place} was deleted")
    digest = _sha256(b"\x00", _canonical(entry), bytes.fromhex(record["mac"]))
    if digest.hex() != record["digest"]:
        raise BrokenTrail(f"{place} was changed: {entry['id']}")
    order = (entry["at"], entry["id"])
    if _instant(order) <= _instant(progress.last_order):
        raise BrokenTrail(f"{place} is out of order: {entry['id']}")
    progress.last_order = order
    progress.digests.append(digest)
    progress.entries += 1


def _read_end(record: dict[str, Any], progress: Progress) -> None:
    _close_block(progress)
    counts = {"blocks": progress.blocks, "entries": progress.entries, "unsealed": progress.unsealed}
    if {name: record[name] for name in counts} != counts:
        raise BrokenTrail("the counts at the end differ from the lines of the file")
    progress.ended = True


def _close_block(progress: Progress) -> None:
    block, progress.current = progress.current, None
    if block is None:
        return
    if block["count"] != len(progress.digests):
        raise BrokenTrail(
            f"block {block['number']} seals {block['count']} lines, {len(progress.digests)} are there"
        )
    if _root(progress.digests).hex() != block["merkle_root"]:
        raise BrokenTrail(f"the lines of block {block['number']} are not those that were sealed")


def _root(digests: list[bytes]) -> bytes:
    level = digests or [hashlib.sha256(b"").digest()]
    while len(level) > 1:
        pairs = [_sha256(b"\x01", *level[i : i + 2]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def _instant(order: tuple[str, str]) -> tuple[str, str]:
    seconds, _, fraction = order[0].partition("+")[0].partition(".")
    return f"{seconds}.{fraction:0<6}", order[1]


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


_STEPS = {"header": _read_header, "block": _read_block, "entry": _read_entry, "end": _read_end}

if __name__ == "__main__":
    sys.exit(main())

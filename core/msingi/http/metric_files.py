"""The files in which processes that serve together count: reserved before they are written, skipped when torn."""

import os
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from prometheus_client import Metric
from prometheus_client.multiprocess import MultiProcessCollector

KINDS: Final = ("counter", "histogram", "gauge_mostrecent")
"""How the library begins the names of its files, for each kind of counter that is used."""
RESERVED: Final = 1 << 17
"""Bytes of each file: several times what every route with every status takes, so that it never grows."""
_TORN: Final = (OSError, ValueError, RuntimeError, struct.error)


def reserve() -> None:
    """Take the space of this process's files now: a mapped page without space would kill the process later.

    The blocks are written: a promise of them is not to be had on every system.

    Raises:
        OSError: the space lacks or the folder is gone; no file is left behind.

    """
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    files = [folder / f"{kind}_{os.getpid()}.db" for kind in KINDS]
    try:
        for file in files:
            with file.open("ab") as stream:
                stream.write(bytes(RESERVED))
    except OSError:
        for file in files:
            file.unlink(missing_ok=True)
        raise


class WholeFiles(MultiProcessCollector):
    """The sums over the files that can be read; one that is empty or torn is left out."""

    def collect(self) -> Iterable[Metric]:
        """What all processes counted."""
        files = [str(file) for kind in KINDS for file in Path(self._path).glob(f"{kind}_*.db")]
        return _merged([file for file in files if _is_whole(file)])


def _is_whole(file: str) -> bool:
    try:
        _merged([file])
    except _TORN:
        return False
    return True


def _merged(files: Sequence[str]) -> Iterable[Metric]:
    merged: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
    return merged

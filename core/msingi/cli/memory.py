"""How long-lived processes use memory: garbage is looked for seldom, and what is free goes back to the system."""

import ctypes
import gc
import os
import sys
from pathlib import Path
from typing import Any, Final

_YOUNG: Final = 20_000
_OLDER: Final = 20
_ARENA_MAX: Final = -8
_MMAP_THRESHOLD: Final = -3
_TRIM_THRESHOLD: Final = -1
"""Numbers of options in glibc's malloc.h."""
_LARGE: Final = 1024 * 1024
_STATM: Final = Path("/proc/self/statm")
_MUCH_MB: Final = 8.0
"""So much more than at its leanest a process holds before it is tidied."""
_WORTH_MB: Final = 4.0
_SOON: Final = 10
_LATE: Final = 320
"""Ticks between two looks: doubled each time that tidying was not worth its few hundredths of a second."""


def settle_memory() -> None:
    """Set aside what lives as long as the process, and look through the rest after 20,000 new objects, not 700.

    Schema, mappers and modules are a million objects: to look through them again and again, because a page or a
    batch makes many rows, costs a quarter of the processor time of a batch of claims and finds nothing. Call it
    before any thread starts.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
    _give_back_large_blocks()


class Tidying:
    """Gives back what a process no longer needs, some seconds after it has grown.

    A batch of a thousand claims leaves tens of megabytes that are free and that neither Python nor glibc gives back of
    itself: lists of spare objects, circles, holes below the top of the heap.
    """

    def __init__(self) -> None:
        self._leanest = resident_mb()
        self._pause = self._left = _SOON

    def tick(self) -> None:
        """Look, now and then, whether the process has grown; call it about once a second."""
        self._left -= 1
        if self._left > 0:
            return
        self._left = self._pause
        held = resident_mb()
        if held is None or self._leanest is None:
            self._leanest = held
        elif held > self._leanest + _MUCH_MB:
            self._tidy(held)
        else:
            self._leanest = min(self._leanest, held)

    def _tidy(self, held: float) -> None:
        give_back()
        left = resident_mb()
        is_worth = left is not None and held - left >= _WORTH_MB
        self._left = self._pause = _SOON if is_worth else min(2 * self._pause, _LATE)


def give_back() -> None:
    """Return what is free to the system, wherever it lies."""
    gc.collect()
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def resident_mb() -> float | None:
    """Memory of this process in megabytes, what it shares included; None when the system does not tell.

    It may keep silent for a while: a process that has every file open that it may have cannot look.
    """
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / _LARGE


def _give_back_large_blocks() -> None:
    """Let threads share one heap, and return blocks of a megabyte and more as soon as they are free.

    Left to itself glibc keeps a heap for each thread, and after the first password, whose hash takes 19 MB, keeps
    blocks of that size too: 20 MB and more in each process, for nothing. Other C libraries have no such options.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)


def _of_glibc(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None

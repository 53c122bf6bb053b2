"""How long-lived processes use memory: garbage is looked for seldom, and large blocks go back to the system."""

import ctypes
import gc
import sys
from typing import Final

_YOUNG: Final = 20_000
_OLDER: Final = 20
_ARENA_MAX: Final = -8
_MMAP_THRESHOLD: Final = -3
_TRIM_THRESHOLD: Final = -1
"""Numbers of options in glibc's malloc.h."""
_LARGE: Final = 1024 * 1024


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


def _give_back_large_blocks() -> None:
    """Let threads share one heap, and return blocks of a megabyte and more as soon as they are free.

    Left to itself glibc keeps a heap for each thread, and after the first password, whose hash takes 19 MB, keeps
    blocks of that size too: 20 MB and more in each process, for nothing. Other C libraries have no such options.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)

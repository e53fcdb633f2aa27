"""Freed memory is kept for the next piece of sound instead of being given back and asked for again.

Networks for speech take and free large blocks all the time. The C library of Linux gives each back
to the system at once, and every page of the next one costs a fault: a fifth of the time of
recognition. Elsewhere nothing changes.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Final

TRIM_THRESHOLD, TOP_PAD, MMAP_MAX, ARENA_MAX = -1, -2, -4, -8
"""Options of mallopt(3)."""
AT_ONCE: Final = 1 << 28
"""Bytes by which memory grows."""


@cache
def keep_memory() -> None:
    """Keep freed memory, in one place for all threads; to be called before the threads begin."""
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # another C library, as in Alpine
        return
    for option, value in (
        (ARENA_MAX, 1), (MMAP_MAX, 0), (TRIM_THRESHOLD, 2**31 - 1), (TOP_PAD, AT_ONCE),
    ):  # fmt: skip
        mallopt(option, value)

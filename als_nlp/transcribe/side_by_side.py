"""Parts of long work done side by side, a processor each.

Networks as small as these gain little when processors share a part, and much when each has a part
of its own. What a part gives is the same however many processors there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

MOST: Final = 2
"""Parts at once: a third would take 0.8 GB more with the model base."""


def processors() -> int:
    """How many parts are worked on at once: one for each processor that we may use, up to two."""
    if hasattr(os, "sched_getaffinity"):
        return min(MOST, len(os.sched_getaffinity(0)))
    return min(MOST, os.cpu_count() or 1)


def side_by_side(work: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
    """What each part gives, in order. After an error, parts that have not begun are left."""
    pool = ThreadPoolExecutor(processors())
    try:
        yield from pool.map(work, parts)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)

"""Times of cues in files that hardly tell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, zip_longest

from als_nlp.captions.cues import Cue, fill_ends

PACE = 2.5
"""Words a second in conversation, for a last stretch whose end is not known."""

ON_THE_WALL = 4 * 3600.0
"""Seconds; a session whose times begin later tells the time of day."""

_HALF_A_DAY = 12 * 3600.0


def from_the_beginning(cues: Sequence[Cue]) -> list[Cue]:
    """Times of day as seconds from the first; clocks that pass noon or midnight go on."""
    passed = first = last = 0.0
    moved: list[Cue] = []
    for cue in cues:
        if cue.start is None:
            moved.append(cue)
            continue
        if not moved:
            first = last = cue.start
        back = last - (cue.start + passed)
        if back > _HALF_A_DAY - 3600:
            passed += _HALF_A_DAY * round(back / _HALF_A_DAY)
        last = cue.start + passed
        moved.append(replace(cue, start=round(max(0.0, last - first), 3)))
    return moved


def spread(cues: Sequence[Cue], end: float | None = None) -> list[Cue]:
    """Cues that all bear the time at which a stretch of talk begins get times within it.

    They share the stretch by their words; ``end`` is that of the last one, in seconds.
    """
    stretches = [(start, list(some)) for start, some in groupby(cues, key=lambda cue: cue.start)]
    placed: list[Cue] = []
    for (start, some), after in zip_longest(stretches, stretches[1:]):
        if start is None:
            placed += some
            continue
        until = after[0] if after else end
        total = sum(len(cue.text.split()) for cue in some) or 1
        length = until - start if until is not None and until > start else total / PACE
        before = 0
        for cue in some:
            placed.append(replace(cue, start=round(start + length * before / total, 3)))
            before += len(cue.text.split())
    return fill_ends(placed)

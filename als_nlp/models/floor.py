"""Who holds the floor around each turn: the presenter, mostly."""

from __future__ import annotations

from collections.abc import Sequence

from als_nlp.transcript import Turn

WINDOW = 12
"""Turns on either side that are looked at."""


class Floor:
    """Who holds the floor around each turn: a speaker's share of the words in a window."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._lengths = [len(turn.words) for turn in turns]
        self._speakers = [turn.speaker for turn in turns]

    def share(self, index: int) -> float:
        """Share (0–1) of the words near turn ``index`` that its speaker says."""
        lo, hi = max(0, index - WINDOW), index + WINDOW + 1
        speaker = self._speakers[index]
        total = sum(self._lengths[lo:hi])
        own = sum(
            length
            for length, who in zip(self._lengths[lo:hi], self._speakers[lo:hi], strict=True)
            if who == speaker
        )
        return own / total if total else 0.0

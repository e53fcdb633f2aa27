"""The scores that the documentation quotes: agreement of tags with gold, on unseen sessions."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from als_nlp.transcript import Segment, Transcript

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of one class, and how often it stands in the gold."""

    precision: float
    recall: float
    f1: float
    support: int


def score(gold: Sequence[T], guess: Sequence[T], wanted: T) -> Score:
    """Score of one class; figures are 0 where nothing was found."""
    hits = sum(g == wanted == p for g, p in zip(gold, guess, strict=True))
    said, there = sum(p == wanted for p in guess), sum(g == wanted for g in gold)
    precision, recall = hits / said if said else 0.0, hits / there if there else 0.0
    f1 = 2 * hits / (said + there) if said + there else 0.0
    return Score(precision, recall, f1, there)


def accuracy(gold: Sequence[T], guess: Sequence[T]) -> float:
    """Share of equal pairs; NaN for none."""
    return float(np.mean([g == p for g, p in zip(gold, guess, strict=True)])) if gold else np.nan


def macro_f1(gold: Sequence[T], guess: Sequence[T]) -> float:
    """Mean F1 over the classes that stand in the gold."""
    return float(np.mean([score(gold, guess, c).f1 for c in sorted(set(gold), key=str)]))


def projected(gold: Transcript, tagged: Transcript) -> list[Segment]:
    """For each gold segment the tagged one that shares most of its words.

    Both hold the same words in the same order; only the cuts differ.
    """
    owners: list[Segment] = [s for s in tagged.segments for _ in s.words]
    out, position = [], 0
    for piece in gold.segments:
        inside = owners[position : position + len(piece.words)]
        ids = [id(s) for s in inside]
        out.append(max(inside, key=lambda s: ids.count(id(s))))
        position += len(piece.words)
    return out


def boundary_f1(gold: Transcript, tagged: Transcript) -> float:
    """F1 of the cuts inside turns."""
    a, b = _cuts(gold), _cuts(tagged)
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def _cuts(transcript: Transcript) -> set[int]:
    cuts, position = set(), 0
    for turn in transcript.turns:
        for piece in turn.segments[:-1]:
            position += len(piece.words)
            cuts.add(position)
        position += len(turn.segments[-1].words)
    return cuts


def interval(values: Sequence[float], *, seed: int = 1, draws: int = 1000) -> tuple[float, float]:
    """90 % bootstrap interval of a mean."""
    random = np.random.default_rng(seed)
    sample = np.asarray(values)
    means = sample[random.integers(0, len(sample), (draws, len(sample)))].mean(axis=1)
    low, high = np.percentile(means, [5, 95])
    return float(low), float(high)

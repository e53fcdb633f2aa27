"""Phases and cycles of a tagged session: what each turn looks like, then the best course through.

The encoder says of each turn how much it looks like each phase, and like the beginning of one. A
search over whole courses then finds the one that fits best: check-in, one or more cycles of
present, inquiry, reflect-and-decide, then check-out, each of a length that such phases have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.transcript import CYCLE_PHASES, PHASES, Phase, Transcript

MOST_CYCLES: Final = 4
MOST_BORDERS: Final = 240
"""Turns that are considered as the beginning of a phase, the likeliest first."""

State = tuple[Phase, int]
Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Habits:
    """What courses are like: numbers learned or chosen on annotated sessions.

    ``lengths``: for each phase, mean and deviation of the log of its share of the words, for a
    session of two cycles. ``cycles``: log-probability of one, two, … cycles. ``missing``: of a
    phase that is left out. ``turns`` and ``begins`` weigh the two kinds of evidence. ``poorest``:
    mean log-odds of beginnings below which there are no phases.
    """

    lengths: Mapping[str, tuple[float, float]]
    cycles: Sequence[float]
    missing: float
    turns: float
    begins: float
    poorest: float


def with_phases(transcript: Transcript, looks: Rows, begins: Rows, habits: Habits) -> Transcript:
    """The transcript with a phase and cycle on every turn, or none where this is no set.

    Where the phases of the best course do not begin as phases do (an ordinary meeting, say), the
    session is left without phases rather than given wrong ones.

    Args:
        transcript: any.
        looks: (turns, phases) log-probabilities that a turn belongs to a phase.
        begins: (turns, phases + 1) log-probabilities that a turn begins a phase; last: begins none.
        habits: what courses are like.
    """
    if not transcript.turns:
        return transcript
    words = np.array([len(turn.words) for turn in transcript.turns], dtype=float)
    course, fit = best_course(looks, begins, words, habits)
    if fit < habits.poorest:
        return transcript
    return transcript.with_turns(
        replace(turn, phase=phase, cycle=cycle)
        for turn, (phase, cycle) in zip(transcript.turns, course, strict=True)
    )


def course_of(cycles: int) -> list[State]:
    """The phases of a session with so many cycles, in order."""
    middle: list[State] = [
        (phase, cycle)
        for cycle in range(1, cycles + 1)
        for phase in ("present", "inquiry", "reflect_decide")
    ]
    return [("check_in", 0), *middle, ("check_out", 0)]


def best_course(
    looks: Rows, begins: Rows, words: Rows, habits: Habits
) -> tuple[list[State], float]:
    """The best phase and cycle for each turn, and how well its phases begin.

    The latter is the mean log-odds that their first turns begin such a phase rather than none
    (minus infinity if none begins inside).

    Args:
        looks: (turns, phases) log-probabilities that a turn belongs to a phase.
        begins: (turns, phases + 1) log-probabilities that a turn begins a phase; last: begins none.
        words: (turns,) number of words.
        habits: what courses are like.
    """
    # long turns tell more than short ones, but not in proportion
    weight = np.clip(words, 1, 80) ** 0.5
    weight *= habits.turns / weight.mean()
    evidence = np.vstack([np.zeros(looks.shape[1]), np.cumsum(looks * weight[:, None], axis=0)])
    said = np.concatenate([[0.0], np.cumsum(words)]) / max(1.0, words.sum())
    borders = _borders(begins)
    found = [
        _best_borders(course_of(cycles), evidence, begins, said, borders, habits)
        for cycles in range(1, MOST_CYCLES + 1)
    ]
    scores = [score + prior for (score, _), prior in zip(found, habits.cycles, strict=True)]
    cycles = int(np.argmax(scores)) + 1
    cuts = [*found[cycles - 1][1], len(looks)]
    course = [
        state
        for state, begin, end in zip(course_of(cycles), cuts, cuts[1:], strict=False)
        for _ in range(end - begin)
    ]
    inner = [i for i in range(1, len(course)) if course[i] != course[i - 1]]
    odds = [begins[i, PHASES.index(course[i][0])] - begins[i, -1] for i in inner]
    return course, float(np.mean(odds)) if odds else -np.inf


def _borders(begins: Rows) -> NDArray[np.intp]:
    """Turns that may begin a phase: the first, and the likeliest."""
    likely = np.argsort(begins[:, -1], kind="stable")[:MOST_BORDERS]
    return np.unique(np.concatenate([[0], likely, [len(begins)]]))


def _best_borders(
    course: list[State],
    evidence: Rows,
    begins: Rows,
    said: Rows,
    borders: NDArray[np.intp],
    habits: Habits,
) -> tuple[float, list[int]]:
    """Where each phase of a course begins, and the score of that (a segmental Viterbi search)."""
    count = len(borders)
    order = np.subtract.outer(np.arange(count), np.arange(count)).T  # later border minus earlier
    shares = np.maximum(said[borders][None, :] - said[borders][:, None], 1e-4)
    cycles = (len(course) - 2) // 3
    best = np.full(count, -np.inf)
    best[0] = 0.0
    back: list[NDArray[np.intp]] = []
    for phase, _ in course:
        column = PHASES.index(phase)
        mean, deviation = habits.lengths[phase]
        if phase in CYCLE_PHASES:
            mean += np.log(2 / cycles)
        length = -0.5 * ((np.log(shares) - mean) / deviation) ** 2
        start = np.zeros(count)
        inner = (borders > 0) & (borders < len(begins))
        start[inner] = begins[borders[inner], column] - begins[borders[inner], -1]
        spans = evidence[borders, column]
        scores = (
            best[:, None]
            + (spans[None, :] - spans[:, None])
            + length
            + habits.begins * start[:, None]
        )
        scores[order < 0] = -np.inf
        scores[order == 0] = best + habits.missing
        back.append(scores.argmax(axis=0))
        best = scores.max(axis=0)
    cuts, at = [], count - 1
    for step in reversed(back):
        at = int(step[at])
        cuts.append(int(borders[at]))
    return float(best[-1]), cuts[::-1]

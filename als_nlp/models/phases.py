"""Phases and cycles of a tagged session: what each turn looks like, then the best course through.

Every turn is scored for the five phases by a linear model that sees its words, its codes and those
around it. A Viterbi search then finds the course that the method allows: check-in, then cycles of
present, inquiry, reflect-and-decide, then check-out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.models.features import Floor, grams, names_in, tokens
from als_nlp.models.linear import LinearModel
from als_nlp.transcript import KINDS, PHASES, Phase, Segment, Transcript, Turn

MOST_CYCLES: Final = 4
REACH: Final = 5
LONGEST: Final = 50

State = tuple[Phase, int]
COURSE: tuple[State, ...] = (
    ("check_in", 0),
    *(
        (phase, cycle)
        for cycle in range(1, MOST_CYCLES + 1)
        for phase in ("present", "inquiry", "reflect_decide")
    ),
    ("check_out", 0),
)


@dataclass(frozen=True)
class Costs:
    """Log-probabilities of moving on: ``step`` to the next phase, ``skip`` for leaving one out."""

    step: float
    skip: float


def turn_features(transcript: Transcript) -> list[list[str]]:
    """Named features of every turn of a tagged session."""
    names = names_in(transcript)
    floor = Floor(transcript.turns)
    facilitator = transcript.facilitator
    turns = transcript.turns
    return [
        [
            *_own(turn, names, turn.speaker == facilitator and facilitator is not None),
            f"when {20 * i // len(turns)}",
            f"holds {int(4 * floor.share(i))}",
            *_around(turns, i, facilitator),
        ]
        for i, turn in enumerate(turns)
    ]


def _own(turn: Turn, names: frozenset[str], facilitates: bool) -> list[str]:
    words = tokens(Segment(turn.words[:LONGEST]), names)
    own = [f for f in grams(words) if f[0] in "12p"]
    role = "F" if facilitates else "M"
    kinds = dict.fromkeys(str(s.kind) for s in turn.segments)
    return [
        *own,
        *(f"{role} {f}" for f in own if facilitates),
        *(f"k {role} {kind}" for kind in kinds),
        f"long {role} {min(len(turn.words) // 25, 6)}",
    ]


def _around(turns: tuple[Turn, ...], here: int, facilitator: str | None) -> list[str]:
    """How often each kind is heard nearby, before and after, and by how many voices."""
    out: list[str] = []
    for side, window in (
        ("b", turns[max(0, here - REACH) : here]),
        ("a", turns[here : here + REACH]),
        ("w", turns[max(0, here - 3 * REACH) : here + 3 * REACH]),
    ):
        kinds = Counter(s.kind for t in window for s in t.segments)
        total = sum(kinds.values()) or 1
        out.extend(f"{side} {kind} {int(8 * kinds[kind] / total)}" for kind in KINDS)
        voices = Counter({t.speaker: 0 for t in window})
        for t in window:
            voices[t.speaker] += len(t.words)
        share = max(voices.values(), default=0) / (sum(voices.values()) or 1)
        out.append(f"{side} top {int(5 * share)}")
        out.append(f"{side} voices {len(voices)}")
    return out


def find_phases(transcript: Transcript, model: LinearModel) -> Transcript:
    """The transcript with a phase and cycle on every turn, or none where this is no set.

    A session whose turns fit the course of a set badly (an ordinary meeting, say) is left without
    phases rather than given wrong ones.
    """
    if not transcript.turns:
        return transcript
    chances = model.probabilities("phase", model.encode(turn_features(transcript)))
    logs = np.log(chances + 1e-3)
    course, fit = best_course(logs, Costs(model.card["step"], model.card["skip"]))
    if fit < model.card["poorest_fit"]:
        return transcript
    return transcript.with_turns(
        replace(turn, phase=COURSE[state][0], cycle=COURSE[state][1])
        for turn, state in zip(transcript.turns, course, strict=True)
    )


def best_course(logs: NDArray[np.float64], costs: Costs) -> tuple[list[int], float]:
    """The best path through ``COURSE``, and its mean log-probability a turn.

    Args:
        logs: (turns, phases) log-probabilities in the order of ``PHASES``.
        costs: of moving on and of leaving phases out.
    """
    emission = logs[:, [PHASES.index(phase) for phase, _ in COURSE]]
    moves = _moves(costs)
    score = emission[0] + moves[0]  # a recording may begin late: entering later costs like a skip
    back = np.zeros((len(logs), len(COURSE)), dtype=int)
    for turn in range(1, len(logs)):
        options = score[:, None] + moves
        back[turn] = options.argmax(axis=0)
        score = options.max(axis=0) + emission[turn]
    path = [int(score.argmax())]
    for turn in range(len(logs) - 1, 0, -1):
        path.append(int(back[turn, path[-1]]))
    return path[::-1], float(score.max() / len(logs))


def _moves(costs: Costs) -> NDArray[np.float64]:
    """Log-probability of going from state to state: stay, next, or skip ahead within a cycle's
    length; from any end of a cycle to check-out is one step."""
    count = len(COURSE)
    moves = np.full((count, count), -np.inf)
    for a, (phase, _) in enumerate(COURSE):
        moves[a, a] = 0.0
        for b in range(a + 1, count):
            missing = b - a - 1
            if COURSE[b][0] == "check_out":
                missing = {"reflect_decide": 0, "inquiry": 1, "present": 2, "check_in": 3}[phase]
            if missing <= 3:
                moves[a, b] = costs.step + missing * costs.skip
    return moves

"""Whether time was kept: phases with their lengths against the plan, and who presented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from als_nlp.transcript import CYCLE_PHASES, Phase, Transcript, Turn

SESSION_MINUTES = 90.0
PLAN: Mapping[Phase, float] = {
    "check_in": 10 / 90,
    "present": 16 / 90,
    "inquiry": 40 / 90,
    "reflect_decide": 16 / 90,
    "check_out": 8 / 90,
}
"""Shares of a session; those of the three phases of a cycle are divided among the cycles."""


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """One phase: when it began and ended, how long it took and was planned to take (seconds).

    Times are ``None`` where nothing is timed.
    """

    phase: Phase
    cycle: int
    start: float | None
    end: float | None
    seconds: float | None
    planned: float
    words: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The course of a session. ``phases`` is empty where no phases of a set could be found."""

    planned: float
    duration: float | None
    phases: tuple[PhaseTime, ...]
    presenters: tuple[tuple[int, str | None], ...]
    """Per cycle: (cycle, id of who presented)."""


def flow(transcript: Transcript, *, minutes: float = SESSION_MINUTES) -> Flow:
    """Phases and presenters of a transcript whose turns carry phases.

    Args:
        transcript: turns with ``phase`` and ``cycle``.
        minutes: the planned length of the whole session.
    """
    cycles = sorted({t.cycle for t in transcript.turns if t.phase in CYCLE_PHASES})
    blocks = [
        (key, list(turns))
        for key, turns in groupby(transcript.turns, key=lambda t: (t.phase, t.cycle))
    ]
    phases = []
    for index, ((phase, cycle), turns) in enumerate(blocks):
        if phase is None:
            continue
        start = turns[0].start
        following = blocks[index + 1][1][0].start if index + 1 < len(blocks) else None
        ends = [t.end for t in turns if t.end is not None]
        end = following if following is not None else max(ends, default=None)
        share = PLAN[phase] / (len(cycles) if phase in CYCLE_PHASES else 1)
        phases.append(
            PhaseTime(
                phase=phase,
                cycle=cycle,
                start=start,
                end=end,
                seconds=None if start is None or end is None else round(max(0.0, end - start), 2),
                planned=round(share * minutes * 60, 1),
                words=sum(len(t.words) for t in turns),
            )
        )
    starts = [t.start for t in transcript.turns if t.start is not None]
    duration = transcript.source.duration
    return Flow(
        planned=minutes * 60,
        duration=None if duration is None or not starts else round(duration - min(starts), 2),
        phases=tuple(phases),
        presenters=tuple((cycle, presenter(transcript.turns, cycle)) for cycle in cycles),
    )


def presenter(turns: tuple[Turn, ...], cycle: int) -> str | None:
    """Who says most of the words while a cycle's challenge is presented."""
    words: Counter[str] = Counter()
    for turn in turns:
        if turn.phase == "present" and turn.cycle == cycle and turn.speaker is not None:
            words[turn.speaker] += len(turn.words)
    return max(words, key=lambda who: words[who]) if words else None

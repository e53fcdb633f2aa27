"""Who had the air: seconds, words, turns and share of each person, and how evenly it was shared.

Evenness is that of the participants: the facilitator stands apart, and a presenter's presenting is
left out, since that long turn is the method's design. Silent people on the roster count as zeros.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from als_nlp.captions.turns import is_backchannel
from als_nlp.measures.flow import Flow
from als_nlp.transcript import Role, Transcript, Turn

BREATH = 0.3
"""Seconds between two words that still count as speaking."""


@dataclass(frozen=True, slots=True)
class SpeakerAirtime:
    """One person's air. ``seconds`` is ``None`` where nothing is timed; then words give ``share``.

    ``turns`` counts turns that take the floor; shares of all speakers sum to 1.
    """

    id: str
    name: str | None
    role: Role | None
    seconds: float | None
    share: float
    words: int
    turns: int


@dataclass(frozen=True, slots=True)
class Evenness:
    """How evenly the participants shared the air (facilitator and presenting left out).

    ``gini`` is rescaled by n/(n−1): 0 all equal, 1 one person has it all. ``entropy`` is
    normalised: 1 all equal. Both are ``None`` for fewer than two participants.
    """

    participants: int
    gini: float | None
    entropy: float | None
    heard_in_inquiry: tuple[tuple[int, int, int], ...]
    """Per cycle: (cycle, participants who spoke in its inquiry, participants who could have)."""
    not_heard: tuple[str, ...]
    """Ids of people on the roster who never took the floor."""
    longest_hold: float | None
    """Seconds of the longest turn outside presenting."""
    longest_holder: str | None


def airtime(transcript: Transcript) -> tuple[SpeakerAirtime, ...]:
    """Air per speaker in the transcript's order of speakers. Overlaps count for each speaker."""
    seconds = {s.id: _spoken(_of(transcript.turns, s.id)) for s in transcript.speakers}
    words = {
        s.id: sum(len(t.words) for t in _of(transcript.turns, s.id)) for s in transcript.speakers
    }
    amounts: dict[str, float] = (
        seconds if transcript.timed and sum(seconds.values()) > 0 else dict(words)
    )
    total = sum(amounts.values())
    return tuple(
        SpeakerAirtime(
            id=s.id,
            name=s.name,
            role=s.role,
            seconds=round(seconds[s.id], 2) if transcript.timed else None,
            share=amounts[s.id] / total if total else 0.0,
            words=words[s.id],
            turns=sum(not is_backchannel(t.text) for t in _of(transcript.turns, s.id)),
        )
        for s in transcript.speakers
    )


def evenness(transcript: Transcript, flow: Flow) -> Evenness:
    """How evenly the participants shared the air; see ``Evenness`` for what is left out."""
    amounts = shared_air(transcript, flow)
    people = list(amounts)
    taking = [t for t in transcript.turns if t.speaker and not is_backchannel(t.text)]
    heard = []
    for cycle, presenter in flow.presenters:
        could = [p for p in people if p != presenter]
        spoke = {t.speaker for t in taking if t.phase == "inquiry" and t.cycle == cycle}
        heard.append((cycle, sum(p in spoke for p in could), len(could)))
    holds = [
        (t.end - t.start, t.speaker)
        for t in _shared(transcript, flow)
        if t.speaker and t.start is not None and t.end is not None
    ]
    longest, holder = max(holds, default=(None, None), key=lambda hold: hold[0] or 0.0)
    speaking = {t.speaker for t in taking}
    return Evenness(
        participants=len(people),
        gini=gini(list(amounts.values())),
        entropy=entropy(list(amounts.values())),
        heard_in_inquiry=tuple(heard),
        not_heard=tuple(s.id for s in transcript.speakers if s.id not in speaking),
        longest_hold=None if longest is None else round(longest, 2),
        longest_holder=holder,
    )


def shared_air(transcript: Transcript, flow: Flow) -> dict[str, float]:
    """Seconds (words where nothing is timed) of each participant, presenting left out, by id."""
    shared = _shared(transcript, flow)
    return {
        s.id: _amount(_of(shared, s.id), transcript.timed)
        for s in transcript.speakers
        if s.role != "facilitator"
    }


def gini(amounts: Sequence[float]) -> float | None:
    """Gini coefficient times n/(n−1), so that 1 means one person has everything at any n."""
    n, total = len(amounts), sum(amounts)
    if n < 2 or total <= 0:
        return None
    ranked = sorted(amounts)
    weighted = sum((2 * i - n - 1) * x for i, x in enumerate(ranked, start=1))
    return weighted / (n * total) * n / (n - 1)


def entropy(amounts: Sequence[float]) -> float | None:
    """Shannon entropy of the shares over its maximum log(n)."""
    n, total = len(amounts), sum(amounts)
    if n < 2 or total <= 0:
        return None
    return -sum(x / total * math.log(x / total) for x in amounts if x > 0) / math.log(n)


def _shared(transcript: Transcript, flow: Flow) -> list[Turn]:
    """All turns but those of presenters who present."""
    presenters = dict(flow.presenters)
    return [
        t
        for t in transcript.turns
        if not (t.phase == "present" and t.speaker == presenters.get(t.cycle))
    ]


def _of(turns: Iterable[Turn], speaker: str) -> list[Turn]:
    return [turn for turn in turns if turn.speaker == speaker]


def _amount(turns: list[Turn], timed: bool) -> float:
    return _spoken(turns) if timed else float(sum(len(turn.words) for turn in turns))


def _spoken(turns: Iterable[Turn]) -> float:
    """Seconds covered by the words of one speaker's turns, each moment once."""
    spans = sorted(
        (word.start, word.end)
        for turn in turns
        for word in turn.words
        if word.start is not None and word.end is not None
    )
    total, reach = 0.0, -math.inf
    for start, end in spans:
        begin = reach if reach >= start - BREATH else start
        total += max(0.0, end - begin)
        reach = max(reach, end)
    return total

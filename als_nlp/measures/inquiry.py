"""How the set asked and advised: counts with intervals, and the moments they rest on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from als_nlp.measures.uncertainty import (
    GROUPS,
    CountModel,
    Counts,
    Estimate,
    counts,
    summary,
)
from als_nlp.transcript import PURPOSES, Kind, Phase, Purpose, Segment, Transcript


@dataclass(frozen=True, slots=True)
class Moment:
    """A segment that a figure rests on, where it can be found and put right.

    ``turn`` and ``segment`` are indices into the session's turns and that turn's segments;
    ``start`` is in seconds, ``None`` where nothing is timed.
    """

    turn: int
    segment: int
    speaker: str | None
    start: float | None
    phase: Phase | None
    cycle: int
    text: str
    kind: Kind
    purpose: Purpose | None
    probability: float


@dataclass(frozen=True, slots=True)
class PhaseInquiry:
    """Questions and advice of one phase, with intervals."""

    phase: Phase
    cycle: int
    questions: Estimate
    advice: Estimate


@dataclass(frozen=True, slots=True)
class PersonInquiry:
    """How often one person asked and advised, as tagged."""

    speaker: str
    questions: int
    advice: int


@dataclass(frozen=True, slots=True)
class Thinking:
    """Seconds of quiet between a question that ends a turn and the next voice."""

    questions: int
    median: float
    longest: float


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Asking and telling in one session.

    ``balance`` = (questions + reflections) / (questions + reflections + advice), ``None`` where
    there is none of them; ``open_share`` is the share of open questions; ``disguised_share`` that
    of disguised advice in all advice. ``question_seconds`` and ``advice_seconds`` are as tagged,
    ``None`` without times.
    """

    segments: int
    questions: Estimate
    advice: Estimate
    disguised: Estimate
    reflections: Estimate
    balance: Estimate | None
    open_share: Estimate | None
    disguised_share: Estimate | None
    question_seconds: float | None
    advice_seconds: float | None
    purposes: dict[Purpose, int]
    phases: tuple[PhaseInquiry, ...]
    people: tuple[PersonInquiry, ...]
    question_moments: tuple[Moment, ...]
    advice_moments: tuple[Moment, ...]
    stacked: int
    """Turns that put two or more questions one after another."""
    double_barrelled: int
    """Questions that ask two things at once."""
    thinking: Thinking | None


def inquiry(transcript: Transcript, model: CountModel) -> Inquiry:
    """Measure a tagged transcript.

    Args:
        transcript: every segment has a kind.
        model: the measured confusion of the tagger that tagged it.
    """
    moments = all_moments(transcript)
    questions = tuple(m for m in moments if m.kind in ("open", "closed"))
    advice = tuple(m for m in moments if m.kind in ("direct", "disguised", "experience"))
    kinds = [m.kind for m in moments]
    # the tagger's errors were measured on sets: elsewhere its counts stand uncorrected
    like_a_set = any(turn.phase is not None for turn in transcript.turns)
    session = _Counted(kinds, model, corrected=like_a_set)
    purposes = Counter(m.purpose for m in questions)
    return Inquiry(
        segments=len(moments),
        questions=session.figure(_questions),
        advice=session.figure(_advice),
        disguised=session.figure(_group("disguised")),
        reflections=session.figure(_group("reflection")),
        balance=session.ratio(_inquiring, lambda c: _inquiring(c) + _advice(c)),
        open_share=session.ratio(_group("open"), _questions),
        disguised_share=session.ratio(_group("disguised"), _advice),
        question_seconds=_seconds(transcript, "question"),
        advice_seconds=_seconds(transcript, "advice"),
        purposes={purpose: purposes[purpose] for purpose in PURPOSES},
        phases=_by_phase(moments, model),
        people=tuple(
            PersonInquiry(
                s.id,
                sum(m.speaker == s.id for m in questions),
                sum(m.speaker == s.id for m in advice),
            )
            for s in transcript.speakers
        ),
        question_moments=questions,
        advice_moments=advice,
        stacked=sum(_stacks(turn.segments) for turn in transcript.turns),
        double_barrelled=sum(is_double_barrelled(m.text) for m in questions),
        thinking=thinking_time(transcript),
    )


def all_moments(transcript: Transcript) -> list[Moment]:
    """Every tagged segment as a moment, in order."""
    return [
        Moment(
            turn=t,
            segment=s,
            speaker=turn.speaker,
            start=segment.start,
            phase=turn.phase,
            cycle=turn.cycle,
            text=segment.text,
            kind=segment.kind,
            purpose=segment.purpose,
            probability=segment.probability or 0.0,
        )
        for t, turn in enumerate(transcript.turns)
        for s, segment in enumerate(turn.segments)
        if segment.kind is not None
    ]


_SECOND_QUESTION = re.compile(
    r"\b(?:and|or)\s+(?:so\s+)?(?:what|how|who|where|when|why|which|"
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|would|will)\s+"
    r"(?:you|he|she|it|they|we|there|that|this|your|the|anyone|anybody))\b",
    re.I,
)


def is_double_barrelled(text: str) -> bool:
    """Whether one question asks two things ("what did he say and how did you take it")."""
    match = _SECOND_QUESTION.search(text)
    return match is not None and len(text[: match.start()].split()) >= 3


def thinking_time(transcript: Transcript) -> Thinking | None:
    """Quiet after questions, where times are exact; ``None`` if they are not or none was asked.

    A question counts if it ends a turn and somebody else speaks next without overlap.
    """
    if transcript.source.timing != "exact":
        return None
    gaps = []
    for turn, following in pairwise(transcript.turns):
        last = turn.segments[-1]
        if last.label != "question" or following.speaker == turn.speaker:
            continue
        if last.end is not None and following.start is not None and following.start >= last.end:
            gaps.append(following.start - last.end)
    if not gaps:
        return None
    return Thinking(len(gaps), round(median(gaps), 2), round(max(gaps), 2))


Figure = Callable[[Counts], Counts]


class _Counted:
    """The tagged counts of some segments, and draws of the true ones."""

    def __init__(self, kinds: Sequence[Kind], model: CountModel, *, corrected: bool = True) -> None:
        tagged = counts(kinds)
        self.tagged = np.asarray(tagged, dtype=float)
        self.adjusted = model.adjusted(tagged) if corrected else self.tagged
        self.draws = model.draws(tagged)

    def figure(self, of: Figure) -> Estimate:
        return summary(of(self.draws), float(of(self.adjusted)), float(of(self.tagged)))

    def ratio(self, part: Figure, whole: Figure) -> Estimate | None:
        if float(whole(self.tagged)) == 0:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            draws = part(self.draws) / whole(self.draws)
        value = float(part(self.adjusted)) / float(whole(self.adjusted))
        return summary(draws, value, float(part(self.tagged)) / float(whole(self.tagged)))


def _group(*names: str) -> Figure:
    columns = [GROUPS.index(name) for name in names]
    return lambda c: c[..., columns].sum(axis=-1)


_questions = _group("open", "closed")
_advice = _group("direct", "disguised", "experience")
_inquiring = _group("open", "closed", "reflection")


def _by_phase(moments: Sequence[Moment], model: CountModel) -> tuple[PhaseInquiry, ...]:
    blocks: dict[tuple[Phase, int], list[Kind]] = {}
    for moment in moments:
        if moment.phase is not None:
            blocks.setdefault((moment.phase, moment.cycle), []).append(moment.kind)
    found = []
    for (phase, cycle), kinds in blocks.items():
        counted = _Counted(kinds, model)
        found.append(
            PhaseInquiry(phase, cycle, counted.figure(_questions), counted.figure(_advice))
        )
    return tuple(found)


def _stacks(segments: Sequence[Segment]) -> bool:
    labels = [s.label for s in segments]
    return any(a == b == "question" for a, b in pairwise(labels))


def _seconds(transcript: Transcript, label: str) -> float | None:
    if not transcript.timed:
        return None
    return round(
        sum(
            s.end - s.start
            for s in transcript.segments
            if s.label == label and s.start is not None and s.end is not None
        ),
        2,
    )

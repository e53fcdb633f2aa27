"""The questions of a session that did most, and why, in the field's own words.

What makes a question strong in action learning: it is open, asks one thing in few words, goes to
assumptions, possibilities or feelings, takes up the presenter's own words, and gives pause (Revans'
questioning insight; Marquardt, Leading with Questions).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from als_nlp.measures.inquiry import Moment, is_double_barrelled
from als_nlp.transcript import Purpose, Transcript, Turn

_WHY_PURPOSE: Mapping[Purpose, str] = {
    "clarifying": "gets the facts clear",
    "evidence": "asks what the story rests on",
    "assumption": "tests what is taken for granted",
    "possibility": "opens what could be",
    "feeling": "makes room for what it is like",
}
_PURPOSE_WEIGHT: Mapping[Purpose, float] = {
    "assumption": 2.0, "feeling": 1.6, "possibility": 1.5, "evidence": 1.3, "clarifying": 0.4,
}  # fmt: skip
_LANDED = re.compile(
    r"\b(?:good question|that's a (?:good|hard|tough)|never thought|hadn't thought|i suppose"
    r"|oh(?: gosh| god)?|hm+|\w*huh|d'you know|you know what|maybe it's|i think it's|ouch|wow"
    r"|nobody's asked|let me think)\b",
    re.I,
)
_COMMON = frozenset(
    (
        "about after again always another around because before being could doing every first "
        "going gonna happens having maybe might never people other place really right should "
        "since something somebody still thing things think thought through their there these "
        "those three times today tomorrow under until wanted where which while whole would "
        "yourself actually anything anybody everything everybody nothing nobody little better "
        "meant saying people said asked ourselves themselves herself himself morning night"
    ).split()
)
_REPLY = 14
"""Words of an answer that show whether the question landed, and that are quoted."""


@dataclass(frozen=True, slots=True)
class Strong:
    """A question that did much, the reasons, and how the answer to it began (empty for none)."""

    moment: Moment
    reasons: tuple[str, ...]
    answer: str


def strongest(transcript: Transcript, questions: Sequence[Moment], most: int = 4) -> list[Strong]:
    """The questions that did most, in the order they were asked.

    Strong is: open, one thing at a time, in few words, towards assumptions, possibilities or
    feelings, and answered at length, after a pause, or with "I hadn't thought of that". Questions
    of the inquiry come before those that only close a cycle.
    """
    candidates = [
        _strength(transcript, m)
        for m in questions
        if m.kind == "open"
        and m.phase in ("inquiry", "reflect_decide", None)
        and 4 <= len(m.text.split()) <= 30
    ]
    chosen: list[Strong] = []
    for _, strong in sorted(candidates, key=lambda pair: -pair[0]):
        if len(chosen) < most and all(strong.moment.turn != c.moment.turn for c in chosen):
            chosen.append(strong)
    return sorted(chosen, key=lambda strong: strong.moment.turn)


def _strength(transcript: Transcript, moment: Moment) -> tuple[float, Strong]:
    turns = transcript.turns
    own = turns[moment.turn]
    score = 2.0 * moment.probability - (1.5 if moment.phase == "reflect_decide" else 0.0)
    reasons = []
    if moment.purpose is not None:
        score += _PURPOSE_WEIGHT[moment.purpose]
        reasons.append(_WHY_PURPOSE[moment.purpose])
    if is_double_barrelled(moment.text):
        score -= 1.0
    elif len(moment.text.split()) <= 12:
        score += 0.5
        reasons.append("asks one thing in few words")
    if word := _taken_up(turns[: moment.turn], moment):
        score += 0.7
        reasons.append(f"takes up the presenter’s own word “{word}”")
    reply = next((t for t in turns[moment.turn + 1 :] if t.speaker != own.speaker), None)
    if reply is None or moment.segment != len(own.segments) - 1:
        return score, Strong(moment, tuple(reasons), "")
    score += 0.5 + min(len(reply.words), 120) / 60
    answer = " ".join(word.text for word in reply.words[:_REPLY])
    quiet = _gap(own.end, reply.start)
    if _LANDED.search(answer):
        score += 1.2
        reasons.append("gave pause")
    elif quiet is not None and quiet >= 4 and transcript.source.timing == "exact":
        score += 0.8
        reasons.append(f"was given {round(quiet)} seconds of quiet")
    elif len(reply.words) >= 50:
        reasons.append("was answered at length")
    if len(reply.words) > _REPLY:
        answer += " …"
    return score, Strong(moment, tuple(reasons), answer)


def _taken_up(before: Sequence[Turn], moment: Moment) -> str:
    """A telling word of the last longer turn of somebody else that the question takes up."""
    heard = next(
        (t for t in reversed(before) if t.speaker != moment.speaker and len(t.words) >= 8), None
    )
    if heard is None:
        return ""
    said = {w.text.lower().strip(".,!?;:…“”\"'") for w in heard.words}
    asked = [w.lower().strip(".,!?;:…“”\"'") for w in moment.text.split()]
    telling = [w for w in asked if w in said and len(w) >= 5 and w.isalpha() and w not in _COMMON]
    return max(telling, key=len, default="")


def _gap(end: float | None, start: float | None) -> float | None:
    return None if end is None or start is None else start - end

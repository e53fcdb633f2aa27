"""The challenge of each cycle, in the presenter's own words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from als_nlp.measures.flow import presenter
from als_nlp.transcript import Segment, Transcript

SENTENCES = 3
SHORTEST, LONGEST = 6, 45
"""Words of a sentence that can stand for a challenge."""

_CORE = re.compile(
    r"\b(?:problem|challenge|issue|struggl\w+|stuck|thing\s+is|the\s+trouble|worr\w+|difficult"
    r"|hard|don'?t\s+know|not\s+sure|how\s+(?:do|can|to)|what\s+(?:do|am)\s+i|i\s+want|i'?d\s+like"
    r"|i\s+need|can'?t|keeps?|nobody|no\s+one|every\s+time|torn|between|help\s+with|outcome)\b",
    re.I,
)
_WORD = re.compile(r"[a-z']{4,}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a presenter brought: two or three of their own sentences, in the order said.

    The text is not anonymised here.
    """

    cycle: int
    presenter: str | None
    text: str


def challenges(transcript: Transcript) -> tuple[Challenge, ...]:
    """One challenge per cycle that has a presenting phase with enough said in it."""
    found = []
    for cycle in sorted({t.cycle for t in transcript.turns if t.phase == "present"}):
        who = presenter(transcript.turns, cycle)
        told = [
            segment
            for turn in transcript.turns
            if turn.phase == "present" and turn.cycle == cycle and turn.speaker == who
            for segment in turn.segments
            if segment.kind == "account" and SHORTEST <= len(segment.words) <= LONGEST
        ]
        if told:
            text = " ".join(segment.text for segment in _central(told))
            found.append(Challenge(cycle, who, text))
    return tuple(found)


def _central(told: list[Segment]) -> list[Segment]:
    """The sentences that share most with the rest of the story and name what is hard."""
    bags = [set(_WORD.findall(segment.text.lower())) for segment in told]
    shared = Counter(word for bag in bags for word in bag)

    def weight(index: int) -> float:
        bag = bags[index]
        centrality = sum(shared[word] - 1 for word in bag) / (len(bag) + 2)
        return centrality + 1.5 * len(_CORE.findall(told[index].text))

    best = sorted(range(len(told)), key=weight, reverse=True)[:SENTENCES]
    return [told[index] for index in sorted(best)]

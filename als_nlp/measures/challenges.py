"""The challenge of each cycle, in the presenter's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from als_nlp.measures.flow import presenter
from als_nlp.transcript import Phase, Segment, Transcript

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
    return tuple(
        Challenge(cycle, who, " ".join(tidy(s.text) for s in said))
        for cycle, who, said in in_own_words(transcript)
    )


def in_own_words(transcript: Transcript) -> Iterator[tuple[int, str | None, list[Segment]]]:
    """Per cycle: its number, who presented, and the sentences that stand for the challenge.

    What the group's questions brought out may take the place of one sentence: something that the
    presenter names as hard, or wants, later in the same cycle.
    """
    for cycle in sorted({t.cycle for t in transcript.turns if t.phase == "present"}):
        who = presenter(transcript.turns, cycle)
        told = _sentences(transcript, cycle, who, "present")
        brought_out = [s for s in _sentences(transcript, cycle, who, "inquiry") if _is_core(s)]
        if told:
            chosen = _central(told)
            if brought_out and len(chosen) == SENTENCES:
                later = _central([*told, *brought_out], among=brought_out)[:1]
                chosen = [*chosen[: SENTENCES - 1], *later]
            yield cycle, who, chosen


def told(transcript: Transcript, cycle: int) -> str:
    """All that the presenter of a cycle told before the questions."""
    who = presenter(transcript.turns, cycle)
    return " ".join(
        s.text
        for t in transcript.turns
        if (t.phase, t.cycle, t.speaker) == ("present", cycle, who)
        for s in t.segments
        if s.label == "other" and s.kind != "process"
    )


_LEADING: Final = re.compile(
    r"^(?:(?:and|but|so|okay|ok|well|right|anyway|er|um|erm|like|'cause|because|now)\b[,.]?\s+)+",
    re.I,
)


def tidy(sentence: str) -> str:
    """A sentence without the words that only tie it to the one before."""
    cut = _LEADING.sub("", sentence)
    return cut[:1].upper() + cut[1:] if sentence[:1].isupper() else cut


def _sentences(transcript: Transcript, cycle: int, who: str | None, phase: Phase) -> list[Segment]:
    return [
        segment
        for turn in transcript.turns
        if turn.phase == phase and turn.cycle == cycle and turn.speaker == who
        for segment in turn.segments
        if segment.kind in ("account", "reflection") and SHORTEST <= len(segment.words) <= LONGEST
    ]


def _is_core(segment: Segment) -> bool:
    """Whether the presenter names what is hard, or wanted, and plainly so."""
    return len(set(_CORE.findall(segment.text.lower()))) > 1


def _central(told: list[Segment], among: list[Segment] | None = None) -> list[Segment]:
    """The sentences that share most with the rest of the story and name what is hard."""
    bags = [set(_WORD.findall(segment.text.lower())) for segment in told]
    shared = Counter(word for bag in bags for word in bag)

    def weight(index: int) -> float:
        bag = bags[index]
        centrality = sum(shared[word] - 1 for word in bag) / (len(bag) + 2)
        return centrality + 1.5 * len(_CORE.findall(told[index].text))

    wanted = [i for i, s in enumerate(told) if among is None or any(s is a for a in among)]
    best = sorted(wanted, key=weight, reverse=True)[:SENTENCES]
    return [told[index] for index in sorted(best)]


_SWAPS: Final = {
    "i": "they", "i'm": "they're", "i've": "they've", "i'd": "they'd", "i'll": "they'll",
    "me": "them", "my": "their", "mine": "theirs", "myself": "themselves",
}  # fmt: skip
_UNSAFE: Final = re.compile(
    r"\b(?:they\w*|them|their\w*|he|she|him|her|hers|we\w*|us|our\w*|you\w*|says?|said|goes|went"
    r"|tell\w*|told|ask\w*|like, )\b|[\"“”]|\bi (?:am|was)n['’]?t\b|\bam i\b|\bwas i\b",
    re.I,
)


def in_third_person(text: str) -> str:
    """A challenge with *they* for *I*, where no other *they*, no *we* and no speech is in the way.

    *They* takes the same forms of verbs as *I* but for *am* and *was*, so nothing else changes.
    Otherwise the text stays as it is.
    """
    plain = text.replace("’", "'")
    if _UNSAFE.search(plain):
        return text
    plain = re.sub(r"\bI am\b", "they are", plain, flags=re.I)
    plain = re.sub(r"\bI was\b", "they were", plain, flags=re.I)
    swapped = re.sub(
        r"\b(?:I'm|I've|I'd|I'll|I|me|my|mine|myself)(?![\w'])",
        lambda m: _SWAPS[m[0].lower()],
        plain,
        flags=re.I,
    )
    return re.sub(r"(^|[.!?] )([a-z])", lambda m: m[1] + m[2].upper(), swapped)

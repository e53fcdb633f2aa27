"""What was found in a transcript, and how its words are looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.transcript import Turn

Rows = NDArray[np.float64]

STRIP: Final = re.compile(r"^[^\w@+£$€#]+|[^\w]+$")
_POSSESSIVE: Final = re.compile(r"['’]s?$|['’]s(?=\W*$)", re.I)
POSSIBLE: Final = 0.05
"""Probability below which the encoder rules out what others suspect."""


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data: which words of which turn (``end`` excluded), its type, how it was found.

    ``key`` tells who or what is meant: the same key gets the same stand-in.
    """

    turn: int
    begin: int
    end: int
    type: str
    key: str
    by: str
    sure: float


def bare(word: str) -> str:
    """A word without punctuation around it and without a possessive."""
    return _POSSESSIVE.sub("", STRIP.sub("", word))


def sentence_starts(turn: Turn) -> list[bool]:
    """Which words of a turn begin a sentence or a quotation."""
    return [
        n == 0
        or turn.words[n].text.startswith(('"', "“", "‘", "'"))
        or turn.words[n - 1].text.rstrip("\"'”’)").endswith((".", "?", "!", "…", ":"))
        for n in range(len(turn.words))
    ]


def is_capital(word: str) -> bool:
    """A capital and small letters, in any alphabet; "Anne-Marie" has two such parts."""
    return word[:1].isupper() and all(
        len(part) > 1 and part.isalpha() and part[1:].islower() for part in _PARTS.split(word)
    )


_PARTS: Final = re.compile(r"[-'’]")


def words_of(turn: Turn, begin: int, end: int) -> tuple[int, int]:
    """Which words stand between two characters of a turn's text."""
    at, inside = 0, []
    for n, word in enumerate(turn.words):
        if at < end and at + len(word.text) > begin:
            inside.append(n)
        at += len(word.text) + 1
    return (inside[0], inside[-1] + 1) if inside else (0, 0)

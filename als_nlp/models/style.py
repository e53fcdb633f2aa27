"""How a transcript is written: with sentences marked, or raw as speech recognition leaves it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from als_nlp.transcript import Transcript, Word

Style = Literal["punctuated", "raw"]
RAW_BELOW = 0.02
"""Sentence marks a word below which a transcript counts as raw."""
EDGES: Final = ".,!?;:…-–—\"'“”()[]"
_CLOSING = "\"'”’)]»"


def style(transcript: Transcript) -> Style:
    """Which of the two ways this transcript is written in."""
    words = [word.text for turn in transcript.turns for word in turn.words]
    marks = sum(word.rstrip(_CLOSING)[-1:] in (".", "?", "!") for word in words)
    return "raw" if marks < RAW_BELOW * len(words) else "punctuated"


def as_raw(transcript: Transcript) -> Transcript:
    """The transcript as speech recognition would write it: no letter case, no punctuation."""
    turns = []
    for turn in transcript.turns:
        segments = []
        for piece in turn.segments:
            words = tuple(
                Word(bare, word.start, word.end)
                for word in piece.words
                if (bare := plain(word.text))
            )
            if words:
                segments.append(replace(piece, words=words))
        if segments:
            turns.append(replace(turn, segments=tuple(segments)))
    return transcript.with_turns(turns)


def plain(word: str) -> str:
    """A word in lower case without punctuation around it; empty if nothing is left."""
    return word.lower().replace("’", "'").strip(EDGES)

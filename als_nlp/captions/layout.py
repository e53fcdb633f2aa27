"""Captions that can be read on a screen: short lines, one voice a cue, enough time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from als_nlp.transcript import Transcript, Word

LINE = 42
LINES = 2
LONGEST = 7.0
"""Characters of a line, lines of a cue, seconds of a cue: what broadcasters' guidelines ask for."""


@dataclass(frozen=True, slots=True)
class LaidOutCue:
    """One caption to be written: times in seconds, up to two lines."""

    speaker: str | None
    start: float
    end: float
    lines: tuple[str, ...]


def laid_out(transcript: Transcript) -> Iterator[LaidOutCue]:
    """The transcript as cues, in the order they begin (a backchannel falls inside a long turn).

    A word longer than a line stands alone on it.
    """
    yield from sorted(_cues(transcript), key=lambda cue: cue.start)


def _cues(transcript: Transcript) -> Iterator[LaidOutCue]:
    for turn in transcript.turns:
        cue: list[Word] = []
        for word in turn.words:
            if cue and not _fits(cue, word):
                yield _cue(turn.speaker, cue)
                cue = []
            cue.append(word)
        if cue:
            yield _cue(turn.speaker, cue)


def _fits(cue: list[Word], word: Word) -> bool:
    if word.end is not None and cue[0].start is not None and word.end - cue[0].start > LONGEST:
        return False
    return len(_wrap([w.text for w in (*cue, word)])) <= LINES


def _cue(speaker: str | None, words: list[Word]) -> LaidOutCue:
    start, end = words[0].start or 0.0, words[-1].end or 0.0
    return LaidOutCue(speaker, start, max(start, end), tuple(_wrap([w.text for w in words])))


def _wrap(words: list[str]) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines

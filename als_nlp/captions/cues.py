"""What every caption reader gives: cues, cleaned of markup, with what went wrong said in notes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from als_nlp.transcript import Timing, Word

SLOW_SPEECH = 1.8
"""Words a second below which a person pauses rather than speaks."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: who (as written, ``None`` if not said), when (seconds), what.

    ``words`` is given only by formats that time each word; otherwise words share the cue's time.
    """

    speaker: str | None
    start: float | None
    end: float | None
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Captions:
    """All cues of one file in the order they stand there, and how far their times can be trusted."""

    format: str
    cues: tuple[Cue, ...]
    timing: Timing = "exact"
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Notes:
    """Counts what a reader had to skip or mend, and says each kind of thing once."""

    _seen: dict[str, list[int]] = field(default_factory=dict)

    def add(self, what: str, line: int) -> None:
        """Note that ``what`` (a plural noun phrase with its verb) happened at a line."""
        self._seen.setdefault(what, []).append(line)

    def sentences(self) -> tuple[str, ...]:
        """One sentence a kind: how often, and the first line."""
        return tuple(
            f"{what}: {len(lines)} (first at line {lines[0]})."
            for what, lines in self._seen.items()
        )


_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d\d:[\d:.]+>")
_ASS = re.compile(r"\{\\[^{}]*\}")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


def clean(text: str) -> str:
    """Text as a person would read it: no styling tags, entities resolved, single spaces.

    Tags go first and entities after, so that ``&lt;script&gt;`` stays the words it was.
    """
    text = html.unescape(_ASS.sub("", _TAG.sub("", text)))
    return _SPACE.sub(" ", _CONTROL.sub("", text)).strip()


_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:;](\d{1,6}))?")


def seconds(stamp: str) -> float | None:
    """Seconds of ``1:02:03.450``, ``02:03,45`` or ``2:03``; ``None`` if it is no such time."""
    match = _CLOCK.fullmatch(stamp.strip())
    if match is None:
        return None
    hours, minutes, whole, fraction = match.groups()
    return (
        int(hours or 0) * 3600.0 + int(minutes) * 60 + int(whole) + float(f"0.{fraction or 0}")
    )


def fill_ends(cues: Sequence[Cue]) -> list[Cue]:
    """Give an end to cues that only say when they begin: the next start, or sooner if the words

    would not last that long at a slow pace. Such times are estimates; the caller says so.
    """
    filled = []
    for index, cue in enumerate(cues):
        if cue.start is None or cue.end is not None:
            filled.append(cue)
            continue
        spoken = cue.start + max(1, len(cue.text.split())) / SLOW_SPEECH
        later = (c.start for c in cues[index + 1 :] if c.start is not None and c.start > cue.start)
        filled.append(replace(cue, end=min(spoken, next(later, spoken))))
    return filled


def without_rolling(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Live captions often repeat the last line on top of the new one: keep each word once.

    A cue that begins with the whole text of the one before (same speaker, close in time) loses
    that beginning; a cue that is wholly contained in it goes.
    """
    previous: Cue | None = None
    shown = ""
    for cue in cues:
        text = cue.text
        if previous is not None and previous.speaker == cue.speaker and _close(previous, cue):
            if text == shown and len(text.split()) > 2:
                continue
            if len(shown.split()) > 2 and text.startswith(shown + " "):
                rest = text[len(shown) :].strip()
                shown = text
                previous = replace(cue, text=rest, words=cue.words[len(cue.words) - len(rest.split()) :])  # fmt: skip
                yield previous
                continue
        shown = text
        previous = cue
        yield cue


def _close(previous: Cue, cue: Cue) -> bool:
    if previous.end is None or cue.start is None:
        return False
    return cue.start - previous.end < 1.0

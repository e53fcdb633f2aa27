"""What every caption reader gives: cues, cleaned of markup, with what went wrong said in notes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from als_nlp.transcript import Timing, Word

SLOW_SPEECH = 1.8
"""Words a second below which a person pauses rather than speaks."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: who (as written, ``None`` if not said), when (seconds), what.

    ``words`` is given only by formats that time each word; otherwise words share the cue's time.
    ``new_voice`` says that the source marks a change of speaker here without naming anybody.
    """

    speaker: str | None
    start: float | None
    end: float | None
    text: str
    words: tuple[Word, ...] = ()
    new_voice: bool = False


@dataclass(frozen=True, slots=True)
class Captions:
    """All cues of a file in the order they stand there, and how far to trust their times."""

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


_BREAK = re.compile(r"<br\s*/?>", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d+:[\d:.]+>")
_ASS = re.compile(r"\{\\[^{}]*\}")
_SPACE = re.compile(r"\s+")
# Everything that is not seen and could hide or reorder text. Zero-width joiners stay: words and
# emoji of several scripts are spelt with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    "\ufeff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Text as a person would read it: no styling tags, entities resolved, single spaces.

    Tags go first and entities after, so that ``&lt;script&gt;`` stays the words it was.
    """
    return visible(untagged(text))


def untagged(text: str) -> str:
    """Text without styling tags, entities resolved; spaces and line ends as they were."""
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    if "{\\" in text:
        text = _ASS.sub("", text)
    return html.unescape(text) if "&" in text else text


def visible(text: str) -> str:
    """Text without characters that nobody sees, with single spaces."""
    return _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()


_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:;](\d{1,9}))?")


def seconds(stamp: str) -> float | None:
    """Seconds of ``1:02:03.450``, ``02:03,45`` or ``2:03``; ``None`` if it is no such time."""
    match = _CLOCK.fullmatch(stamp.strip())
    if match is None:
        return None
    hours, minutes, whole, fraction = match.groups()
    full = int(hours or 0) * 3600 + int(minutes) * 60 + int(whole)
    return round(full + float(f"0.{fraction or 0}"), 6)


def shared(tokens: Sequence[str], start: float, end: float) -> tuple[Word, ...]:
    """Words that share a stretch of time by their length."""
    total = sum(len(token) + 1 for token in tokens)
    span = max(0.0, end - start)
    words, said, before = [], 0, round(start, 3)
    for token in tokens:
        said += len(token) + 1
        after = round(start + span * said / total, 3)
        words.append(Word(token, before, after))
        before = after
    return tuple(words)


def fill_ends(cues: Iterable[Cue]) -> list[Cue]:
    """Give an end to cues that only say when they begin.

    It is the next start, or sooner if the words would not last that long at a slow pace. Such times
    are estimates; the caller says so.
    """
    filled = list(cues)
    later: list[float] = []  # starts that follow, the nearest last, each earlier than the one below
    for index in range(len(filled) - 1, -1, -1):
        cue = filled[index]
        if cue.start is None:
            continue
        while later and later[-1] <= cue.start:
            later.pop()
        if cue.end is None:
            spoken = cue.start + max(1, len(cue.text.split())) / SLOW_SPEECH
            filled[index] = replace(cue, end=min(spoken, later[-1]) if later else spoken)
        later.append(cue.start)
    return filled


ROLLING = 0.2
FEWEST = 3
LONGEST_REPEAT = 60
"""Share and number of cues that must repeat words before a file counts as rolling; most words."""


def without_rolling(cues: Iterable[Cue]) -> tuple[list[Cue], int]:
    """Live captions repeat what is still on the screen before the new words: read each word once.

    That is decided over the whole file, because people do say things twice. Gives the cues that
    say something new, and how many repeated something.
    """
    given = list(cues)
    pairs = [(a, b) for a, b in pairwise(given) if _follows(a, b)]
    repeats = sum(_repeated(a.text.split(), b.text.split()) > 1 for a, b in pairs)
    if repeats < FEWEST or repeats < ROLLING * len(pairs):
        return given, 0
    kept, mended = [], 0
    previous: Cue | None = None
    for cue in given:
        words = cue.text.split()
        again = 0
        if previous is not None and _follows(previous, cue):
            again = _repeated(previous.text.split(), words)
        previous = cue
        if not again:
            kept.append(cue)
            continue
        mended += 1
        if again < len(words):
            timed = cue.words[again:] if len(cue.words) == len(words) else ()
            kept.append(replace(cue, text=" ".join(words[again:]), words=timed))
    return kept, mended


def _follows(before: Cue, cue: Cue) -> bool:
    """Whether a cue is of the same speaker and right after the one before, or overlaps it."""
    if before.speaker != cue.speaker or None in (before.start, before.end, cue.start):
        return False
    return (before.start or 0.0) <= (cue.start or 0.0) < (before.end or 0.0) + 1.0


def _repeated(shown: Sequence[str], words: Sequence[str]) -> int:
    """How many words at the beginning are those at the end of what was shown."""
    if shown == words:
        return len(words)
    for count in range(min(len(shown), len(words), LONGEST_REPEAT), 0, -1):
        if shown[-count:] == words[:count]:
            return count
    return 0

"""Microsoft Teams' transcript as text: ``Name   0:03``, or in older ones both times and a name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from als_nlp.captions.cues import Captions, Cue, Notes, fill_ends, seconds, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.documents import lines_of
from als_nlp.captions.headed import CLOCK, LOOK, Head, below, cues_below, is_headed

EXAMPLE = """\
Team leads set-20261105_100000-Meeting Recording
November 5, 2026, 10:00AM
32m 5s

Helen Okafor started transcription

Helen Okafor   0:03
Shall we begin?

Dev Patel   0:07
I'm ready.
"""

_HEAD = re.compile(rf"(\S.{{0,98}}?)(?:\s{{3,}}|\t\s*)({CLOCK})\s*")
_MACHINERY = re.compile(r".{1,98} (?:started|stopped) transcription", re.I)
_TIME = r"(\d{1,2}):(\d{1,2}):(\d{1,2})\.(\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}\s*")


def fits(lines: Sequence[str]) -> bool:
    """Heads of a name, three spaces and a time; or the older kind."""
    return is_older(lines) or is_headed(lines, _head)


def is_older(lines: Sequence[str]) -> bool:
    """Blocks of two times, a name and words, from the first line on."""
    first = next((line for line in lines if line.strip()), "")
    blocks = below(lines[:LOOK], _times) if _times(first) else []
    return bool(blocks) and all(len(words) > 1 for _, _, words in blocks[:-1] or blocks)


def read(content: Content) -> Captions:
    """Read turns; the older kind has both times, the newer one says only when each begins."""
    lines = lines_of(content)
    notes = Notes()
    if is_older(lines):
        return Captions("teams", tuple(_older(lines)))
    cues = fill_ends(cues_below(lines, _head, notes, machinery=_MACHINERY))
    return Captions("teams", tuple(cues), "estimated", notes.sentences())


def _head(line: str) -> Head | None:
    match = _HEAD.fullmatch(line)
    start = seconds(match[2]) if match else None
    return None if match is None or start is None else Head(visible(match[1]), start)


def _older(lines: Sequence[str]) -> list[Cue]:
    cues = []
    for _, (start, end), words in below(lines, _times):
        name, *said = words if len(words) > 1 else [None, *words]
        cues.append(Cue(name, start, max(start, end), visible(" ".join(map(str, said)))))
    return cues


def _times(line: str) -> tuple[float, float] | None:
    """Both times; what stands behind the point counts thousandths (6.90 is before 6.500)."""
    match = _TIMES.fullmatch(line)
    if match is None:
        return None
    h, m, s, ms, *end = map(int, match.groups())
    return _seconds(h, m, s, ms), _seconds(*end)


def _seconds(hours: int, minutes: int, whole: int, thousandths: int) -> float:
    return hours * 3600 + minutes * 60 + whole + thousandths / 1000

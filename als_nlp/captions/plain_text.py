"""Plain text with a name and a colon before what each person says, with or without times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from als_nlp.captions import prefixes
from als_nlp.captions.cues import Captions, Cue, Notes, seconds, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.documents import lines_of
from als_nlp.captions.estimates import ON_THE_WALL, from_the_beginning, spread
from als_nlp.captions.headed import CLOCK, LOOK

EXAMPLE = """\
Helen: Shall we begin?
Dev: I'm ready.
Helen: What is on your mind today?
Dev: The rota, to be honest.
"""

FEWEST = 0.2
"""Share of lines that begin with somebody's name, in a text whose long lines were broken."""

HASTE = 8.0
"""Words a second that nobody speaks: then ``10:02`` means hours and minutes."""

_BEFORE = re.compile(rf"[\[(]?({CLOCK})(?:[.,]\d+)?[\])]?\s*[-–—]?\s+(\S.*)")
_BEHIND = re.compile(rf"(\S[^:\[\]()]{{0,78}}?)\s*[\[(]({CLOCK})(?:[.,]\d+)?[\])]\s*:?\s*(.*)")
_BARE = re.compile(r"\d{1,2}:\d{2}:\d{2}\s")
_MARKS = re.compile(r"^\s*(?:#{1,6}|[-*•])\s+|\*\*")


class Line(NamedTuple):
    """A line that is not blank: its number from 1, the time it bears, its other words, and all."""

    number: int
    start: float | None
    text: str
    whole: str


def stamped(lines: Sequence[str]) -> Iterator[Line]:
    """The lines with their times apart: ``[00:01:02] Helen: …`` or ``Helen (01:02): …``."""
    for number, raw in enumerate(lines, start=1):
        line = visible(_MARKS.sub("", raw))
        before, behind = _BEFORE.fullmatch(line), _BEHIND.fullmatch(line)
        if before:
            yield Line(number, seconds(before[1]), before[2], line)
        elif behind:
            yield Line(number, seconds(behind[2]), f"{behind[1]}: {behind[3]}", line)
        elif line:
            yield Line(number, None, line, line)


def fits(lines: Sequence[str]) -> bool:
    """At least two names that recur at the beginning of lines; anything less is prose."""
    texts = [line.text for line in stamped(lines[:LOOK])]
    names = prefixes.speakers_in(texts)
    said = Counter(name for name in (prefixes.split(text, names)[0] for text in texts) if name)
    recurring = sum(count > 1 for count in said.values())
    return recurring > 1 and sum(said.values()) >= FEWEST * len(texts)


def tells_time_of_day(lines: Sequence[str]) -> bool:
    """Whether lines begin with a time of day and a name (``10:02:13 Helen Okafor: …``)."""
    first = next((line for line in lines if line.strip()), "")
    return (
        _BARE.match(first) is not None
        and (next(stamped([first])).start or 0.0) >= ON_THE_WALL
        and fits(lines)
    )


def read(content: Content) -> Captions:
    """Read turns; times are used if every turn has one, otherwise words must stand in for them."""
    notes = Notes()
    found = list(stamped(lines_of(content)))
    names = prefixes.speakers_in([line.text for line in found])
    cues: list[Cue] = []
    for line in found:
        speaker, said = prefixes.split(line.text, names)
        if speaker is not None:
            cues.append(Cue(speaker, line.start, None, said))
        elif cues:
            cues[-1] = replace(cues[-1], text=f"{cues[-1].text} {line.whole}".strip())
        else:
            notes.add("Lines before the first name were left out", line.number)
    cues = [cue for cue in cues if cue.text.strip()]
    timed = sum(cue.start is not None for cue in cues)
    if 0 < timed == len(cues):
        return Captions("plain", tuple(_placed(cues)), "estimated", notes.sentences())
    untimed = tuple(replace(cue, start=None) for cue in cues)
    said_so = (
        (f"Turns without a time: {len(cues) - timed}; so no times are used.",) if timed else ()
    )
    return Captions("plain", untimed, "none", (*notes.sentences(), *said_so))


def _placed(cues: list[Cue]) -> list[Cue]:
    starts = [cue.start or 0.0 for cue in cues]
    words = sum(len(cue.text.split()) for cue in cues[:-1])
    if words > HASTE * (max(starts) - min(starts)) > 0 and max(starts) < 24 * 60:
        cues = [replace(cue, start=60 * start) for cue, start in zip(cues, starts, strict=True)]
    wall = (cues[0].start or 0.0) >= ON_THE_WALL
    return spread(from_the_beginning(cues) if wall else cues)

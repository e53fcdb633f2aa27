"""Otter's transcript as text: ``Name  0:03`` (two spaces), a line of its own at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from als_nlp.captions.cues import Captions, Notes, fill_ends, seconds, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.documents import lines_of
from als_nlp.captions.headed import CLOCK, LOOK, Head, cues_below, is_headed

EXAMPLE = """\
Helen Okafor  0:03  
Shall we begin?

Dev Patel  0:07  
I'm ready.

Transcribed by https://otter.ai
"""  # noqa: W291 (Otter ends these lines with two spaces)

_HEAD = re.compile(rf"(?:(\S(?:.{{0,97}}?\S)?)[^\S\t]{{2}})?({CLOCK})\s*")
_MACHINERY = re.compile(r"transcribed by https?://otter\.ai/?", re.I)


def fits(lines: Sequence[str]) -> bool:
    """Heads of a name, two spaces and a time; without names only where Otter signs."""
    signed = any(_MACHINERY.fullmatch(line.strip()) for line in lines[-12:])
    named = any(head.speaker for head in map(_head, lines[:LOOK]) if head)
    return (signed or named) and is_headed(lines, _head)


def read(content: Content) -> Captions:
    """Read turns; only their starts are in the file."""
    notes = Notes()
    cues = fill_ends(cues_below(lines_of(content), _head, notes, machinery=_MACHINERY))
    return Captions("otter", tuple(cues), "estimated", notes.sentences())


def _head(line: str) -> Head | None:
    match = _HEAD.fullmatch(line)
    start = seconds(match[2]) if match else None
    if match is None or start is None:
        return None
    return Head(visible(match[1]) if match[1] else None, start)

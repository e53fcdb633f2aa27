"""What Transcribe in Microsoft Word puts into a document: ``00:00:03 Speaker 1``, words below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from als_nlp.captions.cues import Captions, Notes, fill_ends, seconds, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.documents import lines_of
from als_nlp.captions.headed import Head, cues_below, is_headed

EXAMPLE = """\
Audio file
session.m4a

Transcript
00:00:03 Speaker 1
Shall we begin?

00:00:07 Speaker 2
I'm ready.
"""

_HEAD = re.compile(r"(\d{2}:\d{2}:\d{2})\s+(\S[^:.?!]{0,78}[^\s:.?!,;])\s*")


def fits(lines: Sequence[str]) -> bool:
    """Heads of a time and a short name without a colon behind it, words below."""
    return is_headed(lines, _head)


def read(content: Content) -> Captions:
    """Read turns; only their starts are in the file."""
    notes = Notes()
    cues = fill_ends(cues_below(lines_of(content), _head, notes))
    return Captions("word", tuple(cues), "estimated", notes.sentences())


def _head(line: str) -> Head | None:
    match = _HEAD.fullmatch(line.strip())
    start = seconds(match[1]) if match else None
    if match is None or start is None or len(match[2].split()) > 6:
        return None
    return Head(visible(match[2]), start)

"""Google Meet's transcript as text: ``Name: …``, and the time on a line of its own now and then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from als_nlp.captions import prefixes
from als_nlp.captions.cues import Captions, Cue, seconds, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.documents import lines_of
from als_nlp.captions.estimates import spread
from als_nlp.captions.headed import LOOK

EXAMPLE = """\
Team leads set - 2026/11/05 10:00 GMT - Transcript
Attendees
Dev Patel, Helen Okafor
Transcript
Helen Okafor: Shall we begin?
Dev Patel: I'm ready.
00:05:00
Helen Okafor: What is on your mind today?
Dev Patel: The rota, to be honest.
Meeting ended after 00:06:10 👋
"""

_MARKS = re.compile(r"^\s*(?:#{1,6}|[-*•])\s+|\*\*|^\*|\*$")
_HEADING = re.compile(r"(?:📖\s*)?Transcript")
_STAMP = re.compile(r"\(?(\d{1,2}:\d{2}:\d{2})\)?")
_ENDED = re.compile(r"[^:.?!]{5,60}\s(\d{1,2}:\d{2}:\d{2})\s*(?:👋)?")
_SIGNED = re.compile(r"This editable transcript was computer generated.*", re.I)


class _Document(NamedTuple):
    """The lines between head and end, the names in the head, the end in seconds."""

    lines: list[str]
    listed: frozenset[str]
    end: float | None
    signed: bool


def fits(lines: Sequence[str]) -> bool:
    """``Name: …`` throughout, and times on lines of their own or Google's words at the end."""
    document = _document(lines if len(lines) < LOOK else [*lines[:LOOK], *lines[-12:]])
    said = [line for line in document.lines if not _STAMP.fullmatch(line)]
    names = _names(document)
    named = sum(prefixes.split(line, names)[0] is not None for line in said)
    stamps = len(document.lines) - len(said)
    return 2 * named >= len(said) > 0 and (stamps > 0 or document.signed)


def read(content: Content) -> Captions:
    """Read turns; between two times in the file they share the time by their words."""
    document = _document(lines_of(content))
    names = _names(document)
    cues: list[Cue] = []
    clock: float | None = None if document.end is None else 0.0
    for line in document.lines:
        stamp = _STAMP.fullmatch(line)
        speaker, said = prefixes.split(line, names)
        if stamp:
            if clock is None:
                cues = [replace(cue, start=0.0) for cue in cues]
            clock = max(clock or 0.0, seconds(stamp[1]) or 0.0)
        elif speaker is not None or cues:  # what stands before the first name is a title
            cues.append(Cue(speaker or cues[-1].speaker, clock, None, said))
    cues = [cue for cue in cues if cue.text]
    if clock is None:
        return Captions("meet", tuple(cues), "none")
    return Captions("meet", tuple(spread(cues, document.end)), "estimated")


def _names(document: _Document) -> frozenset[str]:
    return document.listed | prefixes.speakers_in(document.lines)


def _document(raw: Sequence[str]) -> _Document:
    lines = [text for line in raw if (text := visible(_MARKS.sub("", line)))]
    begin = 1 + max((i for i, line in enumerate(lines) if _HEADING.fullmatch(line)), default=-1)
    head, body = lines[:begin], lines[begin:]
    end = None
    for line in body[-6:]:
        match = _ENDED.fullmatch(line)
        if match:
            end, body = seconds(match[1]), body[: len(body) - 1 - body[::-1].index(line)]
            break
    return _Document(
        [line for line in body if not _SIGNED.fullmatch(line)],
        frozenset(name for line in head for name in line.split(", ")),
        end,
        end is not None or any(map(_SIGNED.fullmatch, lines)),
    )

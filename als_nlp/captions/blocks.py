"""Blocks of a timing line and text, which WebVTT and SRT share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from als_nlp.captions.cues import Notes, seconds

_TIMING = re.compile(r"^\s*([\d:.,]+)\s*-{1,2}>\s*([\d:.,]+)(?:\s.*)?$")
_GUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(/[\d-]+)?$", re.I)
_SKIPPED = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class Block:
    """One cue as it stands in the file; ``line`` is that of its timing, counted from 1."""

    line: int
    id: str
    start: float
    end: float
    text: str


def blocks(lines: Sequence[str], notes: Notes) -> Iterator[Block]:
    """Every block whose timing can be read; the rest is noted.

    Blank lines between blocks may be missing: a timing line always begins a new one, and a number
    or GUID right before it is its id and no text.
    """
    index, before = 0, ""
    while index < len(lines):
        line = lines[index].strip()
        if line.split(" ")[0] in _SKIPPED and not before:
            index = _after_blank(lines, index)
            continue
        if "-->" not in line and not _TIMING.match(line):
            before = line
            index += 1
            continue
        here, times = index + 1, _times(line)
        text, index = _payload(lines, index + 1)
        if times is None:
            notes.add("Captions with times that cannot be read were left out", here)
        elif times[1] < times[0]:
            notes.add("Captions that end before they begin were given no length", here)
            yield Block(here, before, times[0], times[0], text)
        else:
            yield Block(here, before, *times, text)
        before = lines[index - 1].strip() if index < len(lines) and _is_id(lines[index - 1]) else ""


def is_timing(line: str) -> bool:
    """Whether a line is a cue's timing."""
    return _TIMING.match(line) is not None


def is_guid(text: str) -> bool:
    """Whether a cue id is of the kind that Teams writes."""
    return _GUID.match(text) is not None


def _times(line: str) -> tuple[float, float] | None:
    match = _TIMING.match(line)
    if match is None:
        return None
    start, end = seconds(match[1]), seconds(match[2])
    return None if start is None or end is None else (start, end)


def _payload(lines: Sequence[str], index: int) -> tuple[str, int]:
    """The text from ``index`` on, and the index after it."""
    text: list[str] = []
    while index < len(lines) and lines[index].strip():
        if is_timing(lines[index]):
            if text and _is_id(text[-1]):
                text.pop()
            break
        text.append(lines[index])
        index += 1
    return "\n".join(text), index


def _is_id(line: str) -> bool:
    return line.strip().isdigit() or is_guid(line.strip())


def _after_blank(lines: Sequence[str], index: int) -> int:
    while index < len(lines) and lines[index].strip():
        index += 1
    return index

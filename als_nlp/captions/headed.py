"""Transcripts with a line for who speaks and from when, and what they say on the lines below."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from als_nlp.captions.cues import Cue, Notes, visible

CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}"
"""A time such as ``0:03`` or ``1:02:03``."""

LOOK = 4000
"""Lines that decide whether a file is laid out like this."""

H = TypeVar("H")


class Head(NamedTuple):
    """Who speaks (``None`` if not said) from when, in seconds."""

    speaker: str | None
    start: float


def below(lines: Iterable[str], head: Callable[[str], H | None]) -> list[tuple[int, H, list[str]]]:
    """Each head with its line, counted from 1, and the lines below it that are not blank.

    What stands before the first head (title, date, who was there) is nobody's words.
    """
    found: list[tuple[int, H, list[str]]] = []
    for number, line in enumerate(lines, start=1):
        here = head(line)
        if here is not None:
            found.append((number, here, []))
        elif found and line.strip():
            found[-1][2].append(line.strip())
    return found


def is_headed(lines: Sequence[str], head: Callable[[str], Head | None]) -> bool:
    """Whether there are heads and most have words below (those of an agenda have none)."""
    found = below(lines[:LOOK], head)
    return 2 * sum(bool(words) for _, _, words in found) >= len(found) > 0


def cues_below(
    lines: Iterable[str],
    head: Callable[[str], Head | None],
    notes: Notes,
    *,
    machinery: re.Pattern[str] | None = None,
) -> list[Cue]:
    """What stands below each head, less what the software itself wrote; cues have no ends."""
    cues = []
    for number, (speaker, start), words in below(lines, head):
        said = [line for line in words if machinery is None or not machinery.fullmatch(line)]
        text = visible(" ".join(said))
        if text:
            cues.append(Cue(speaker, start, None, text))
        else:
            notes.add("Names without words below them were left out", number)
    return cues

"""Zoom's saved captions as text: ``[Name] 10:02:13``, the words below; its chat is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence

from als_nlp.captions import plain_text
from als_nlp.captions.cues import Captions, Notes, fill_ends, seconds, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.documents import lines_of
from als_nlp.captions.estimates import from_the_beginning
from als_nlp.captions.headed import Head, cues_below, is_headed
from als_nlp.errors import CaptionError

EXAMPLE = """\
[Helen Okafor] 10:02:13
Shall we begin?

[Dev Patel] 10:02:17
I'm ready.
"""

_CLOCK = r"(\d{1,2}:\d{2}:\d{2})(?:\s*([AaPp])\.?[Mm]\.?)?"
_HEAD = re.compile(rf"\s*\[(\S[^\[\]]{{0,99}})\]\s+{_CLOCK}\s*")
_CHAT = re.compile(
    r"(?:\d{4}-\d\d-\d\d\s+)?\d{1,2}:\d{2}:\d{2}"
    r"(?:\s+From\s+\S.{0,200}?(?:\s+to\s+.{1,200}?)?\s*:(?:\s.*)?|\t[^\t:]{1,99}:\t.*)"
)
_NOON = 12 * 3600


def fits(lines: Sequence[str]) -> bool:
    """Heads of a name in brackets and a time of day, or lines that begin with both; or a chat."""
    return is_headed(lines, _head) or _is_chat(lines) or plain_text.tells_time_of_day(lines)


def read(content: Content) -> Captions:
    """Read turns; times of day count from the first of them.

    Raises:
        CaptionError: if this is the meeting's chat.
    """
    lines = lines_of(content)
    if _is_chat(lines):
        raise CaptionError(
            f"{content.name} is the chat of a Zoom meeting, typed messages only: "
            "save the transcript instead."
        )
    notes = Notes()
    if not is_headed(lines, _head):
        return plain_text.read(content)
    cues = fill_ends(from_the_beginning(cues_below(lines, _head, notes)))
    return Captions("zoom", tuple(cues), "estimated", notes.sentences())


def _head(line: str) -> Head | None:
    match = _HEAD.fullmatch(line)
    start = seconds(match[2]) if match else None
    if match is None or start is None:
        return None
    if match[3]:
        start = start % _NOON + (_NOON if match[3] in "Pp" else 0)
    return Head(visible(match[1]), start)


def _is_chat(lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip()), "")
    return _CHAT.fullmatch(first) is not None

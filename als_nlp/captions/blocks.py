"""Blocks of a time line and text, which WebVTT, SubRip and SubViewer share."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from als_nlp.captions import prefixes
from als_nlp.captions.cues import (
    SLOW_SPEECH,
    Cue,
    Notes,
    clean,
    fill_ends,
    seconds,
    shared,
    untagged,
    visible,
)
from als_nlp.captions.prefixes import Voice

OVERLONG = 120.0
"""Seconds from which a caption is doubted that holds less than a fifth of the words it could."""

_ARROW = re.compile(r"(-?\d[^\s>-]*)?\s*-{1,2}>\s*(-?[^\s>-]*)(?:\s.*)?")
_COMMA = re.compile(r"(\d+:\d\d?:\d\d?\.\d+),(\d+:\d\d?:\d\d?\.\d+)")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:[/-][\d/-]+)?", re.I)
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s.*)?")
_CUT_OFF = re.compile(r"[\d:.,]+(?:\s*-{1,2}>?)?|(?=.*[\d-])[0-9a-f]{2,8}[0-9a-f/-]*", re.I)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>")
_VOICE_END = re.compile(r"</v\s*>")
_HALF_TAG = re.compile(r"<(?:v[. \t][^<>]*|/?[a-z]?)\Z")
_SILENCE = re.compile(r"<(\d+:[\d:.]+)>\s*(?:</v>\s*)?\Z")

Times = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Block:
    """One caption as it stands in the file; ``line`` is that of its times, counted from 1.

    ``end`` is ``None`` where what the file says makes no sense.
    """

    line: int
    id: str
    start: float
    end: float | None
    text: str


def arrow_times(line: str) -> Times | None:
    """The times of ``00:01.000 --> 00:02.000``, each ``None`` if unreadable; else ``None``."""
    return _times(_ARROW.fullmatch(line.strip())) if "->" in line else None


def comma_times(line: str) -> Times | None:
    """The times of ``0:00:01.000,0:00:02.000``; ``None`` for any other line."""
    return _times(_COMMA.fullmatch(line.strip())) if "," in line else None


def is_guid(text: str) -> bool:
    """Whether a cue id is of the kind that Teams writes."""
    return _GUID.fullmatch(text) is not None


def blocks(
    lines: Sequence[str], notes: Notes, times: Callable[[str], Times | None] = arrow_times
) -> list[Block]:
    """Every block that has words, with times that make sense.

    Blank lines may be missing or too many: a time line always begins a new block, and the line
    before it is an id if it stands alone, or is a number or GUID where blocks have ids.
    """
    found = []
    for line, identifier, (start, end), text in _raw(lines, notes, times):
        if not clean(text):
            notes.add("Captions without words were left out", line)
            continue
        if start is None:
            notes.add("Captions whose times cannot be read follow the one before", line)
        found.append((line, identifier, start, end, text))
    return _on_clock(found, notes)


def cues_of(found: Sequence[Block]) -> tuple[Cue, ...]:
    """Who says what in the blocks: by voice tags if there are any, else by marks in the text.

    Several voices of one block become several cues that share its time by their words.
    """
    said: Sequence[Sequence[Voice]]
    if any("<v" in block.text and _VOICE.search(block.text) for block in found):
        said = [_tagged(block.text) for block in found]
    else:
        said = prefixes.voices([untagged(block.text) for block in found])
    whole = fill_ends(
        Cue(None, block.start, block.end, " ".join(voice.text for voice in voices))
        for block, voices in zip(found, said, strict=True)
    )
    return tuple(
        cue for one, voices in zip(whole, said, strict=True) for cue in _share(one, voices)
    )


def _times(match: re.Match[str] | None) -> Times | None:
    if match is None:
        return None
    start, end = _signed(match[1] or ""), _signed(match[2])
    return None if start is None and end is None else (start, end)


def _signed(stamp: str) -> float | None:
    value = seconds(stamp.lstrip("-"))
    return -value if value is not None and stamp.startswith("-") else value


def _raw(
    lines: Sequence[str], notes: Notes, times: Callable[[str], Times | None]
) -> Iterator[tuple[int, str, Times, str]]:
    """Line, id, times and text of each block; what stands before the first is no block."""
    current: tuple[int, str, Times] | None = None
    text: list[str] = []
    paragraph = 0  # where in the text the lines since the last blank line begin
    blank, aside, ids = True, False, False
    for number, line in enumerate(lines, start=1):
        here = times(line)
        if here is not None:
            identifier = ""
            alone = not blank and paragraph == len(text) - 1
            if text and (alone or (_is_id(text[-1]) and (ids or current is None))):
                identifier = text.pop().strip()
                ids = ids or _is_id(identifier)
            if current is not None:
                yield *current, "\n".join(text)
            current, text, paragraph = (number, identifier, here), [], -1
            blank = aside = False
        elif not line.strip():
            blank, aside = True, False
        else:
            if blank:
                paragraph, aside = len(text), _ASIDE.fullmatch(line) is not None
            if not aside:
                text.append(line)
            blank = False
    if current is not None:
        rest = text[paragraph:] if paragraph > 0 else []
        if rest and all(_is_id(line) or _CUT_OFF.fullmatch(line.strip()) for line in rest):
            notes.add("Captions cut off at the end of the file were left out", len(lines))
            del text[paragraph:]
        yield *current, _HALF_TAG.sub("", "\n".join(text))


def _is_id(line: str) -> bool:
    return line.strip().isdigit() or is_guid(line.strip())


def _on_clock(
    found: Sequence[tuple[int, str, float | None, float | None, str]], notes: Notes
) -> list[Block]:
    """Blocks with usable times: none before zero, no length that makes no sense."""
    first = next((start for _, _, start, _, _ in found if start is not None), 0.0)
    offset = max(0.0, -first)  # Teams may begin to transcribe before its clock starts
    placed = []
    latest = 0.0
    for line, identifier, start, end, text in found:
        if start is not None and start < 0:
            notes.add("Captions begin before zero, so times were moved", line)
        begin = latest if start is None else max(0.0, start + offset)
        until = None if end is None else end + offset
        silence = _SILENCE.search(text)
        spoken = seconds(silence[1]) if silence else None
        if until is not None and spoken is not None and begin <= spoken + offset <= until:
            until = max(spoken + offset, round(begin + 0.001, 6))
        if until is None or until <= begin:
            notes.add("Captions without a length got one by their words", line)
            until = None
        elif until - begin > max(OVERLONG, 5 * len(text.split()) / SLOW_SPEECH):
            notes.add("Captions far too long for their words were cut", line)
            until = None
        placed.append(Block(line, identifier, begin, until, text))
        latest = begin if until is None else until
    return placed


def _tagged(text: str) -> list[Voice]:
    """The voices of one block; words outside every tag belong to the voice next to them."""
    before, *pieces = _VOICE.split(_VOICE_END.sub(" ", text))
    if not pieces:
        return [Voice(None, clean(text))]
    pieces[1] = f"{before} {pieces[1]}"
    names = [visible(html.unescape(name or "")) or None for name in pieces[::2]]
    said = zip(names, map(clean, pieces[1::2]), strict=True)
    return [
        Voice(who, " ".join(words for _, words in some))
        for who, some in groupby(((who, words) for who, words in said if words), key=itemgetter(0))
    ]


def _share(whole: Cue, voices: Sequence[Voice]) -> Iterator[Cue]:
    if len(voices) == 1:
        who, text, new = voices[0]
        yield Cue(who, whole.start, whole.end, text, new_voice=new)
        return
    words = shared(whole.text.split(), whole.start or 0.0, whole.end or 0.0)
    position = 0
    for who, text, new in voices:
        mine = words[position : position + len(text.split())]
        position += len(mine)
        yield Cue(who, mine[0].start, mine[-1].end, text, new_voice=new)

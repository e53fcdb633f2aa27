"""SubRip (.srt), with or without names."""

from __future__ import annotations

import html
import re

from als_nlp.captions import prefixes
from als_nlp.captions.blocks import arrow_times, blocks, cues_of, is_guid
from als_nlp.captions.cues import Captions, Notes, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format
from als_nlp.captions.layout import LaidOutCue, laid_out
from als_nlp.captions.webvtt import stamp
from als_nlp.transcript import Transcript

_PADDED = re.compile(r"(?:\d+:)?\d\d:\d\d[.,]\d{3}|[\d:]+,")
_MARKUP = re.compile(r"<(?=[\w/]|\Z)|\{(?=\\)")


def guess(content: Content) -> bool:
    """Blocks with ``-->`` from the first line on, numbered or not, and no WebVTT head.

    Times like ``0:0:3.21`` without numbers are those of a Teams text, not of SubRip.
    """
    head = [*content.beginning, "", ""]
    if head[0].isdigit() or is_guid(head[0]):
        return arrow_times(head[1]) is not None
    return arrow_times(head[0]) is not None and _PADDED.match(head[0]) is not None


def read(content: Content) -> Captions:
    """Read blocks; names before a colon count if they are used as such throughout."""
    notes = Notes()
    cues = cues_of(blocks(content.lines, notes))
    return Captions("srt", cues, notes=notes.sentences())


def write(transcript: Transcript) -> str:
    """SubRip with ``Name:`` on every cue, laid out to be read on a screen."""
    names: dict[str | None, str] = {
        s.id: visible(s.name or "") or s.id for s in transcript.speakers
    }
    anybody = any(turn.speaker is not None for turn in transcript.turns)
    labels: dict[str | None, str] = names | {None: prefixes.UNKNOWN} if anybody else {}
    plain = laid_out(transcript, lambda who: f"{labels[who]}: " if labels else "")
    text = _written(plain, labels, sure="")
    read_back = [(cue.speaker, cue.text) for cue in cues_of(blocks(text.split("\n"), Notes()))]
    if read_back == [(labels.get(cue.speaker), cue.text) for cue in plain]:
        return text
    return _written(plain, labels, sure=prefixes.SURE)


def _written(cues: list[LaidOutCue], labels: dict[str | None, str], *, sure: str) -> str:
    parts = []
    for number, cue in enumerate(cues, start=1):
        first, *rest = cue.lines
        first = f"{labels[cue.speaker]}{sure}: {first}" if labels else sure + first
        text = _escaped("\n".join([first, *(sure + line for line in rest)]))
        times = f"{stamp(cue.start, ',')} --> {stamp(cue.end, ',')}"
        parts.append(f"{number}\n{times}\n{text}\n")
    return "\n".join(parts)


def _escaped(text: str) -> str:
    """Only what a player would take for markup or times: most show entities as they stand."""
    if html.unescape(text) != text:
        text = text.replace("&", "&amp;")
    text = _MARKUP.sub(lambda match: "&lt;" if match[0] == "<" else "&#123;", text)
    if "-->" in text or any(arrow_times(line) for line in text.split("\n")):
        text = text.replace("->", "-&gt;")
    return text


FORMATS = (
    Format(
        "srt",
        "SubRip subtitles, with or without names (.srt)",
        "1\n00:00:03,120 --> 00:00:06,480\nHelen: Shall we begin?\n\n"
        "2\n00:00:06,900 --> 00:00:08,000\nDev: I'm ready.\n",
        guess,
        read,
        write,
    ),
)

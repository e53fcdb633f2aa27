"""SubRip (.srt), with or without names."""

from __future__ import annotations

from als_nlp.captions import prefixes
from als_nlp.captions.blocks import blocks, is_timing
from als_nlp.captions.cues import Captions, Cue, Notes, clean
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format
from als_nlp.captions.layout import laid_out
from als_nlp.captions.webvtt import stamp
from als_nlp.errors import CaptionError
from als_nlp.transcript import Transcript


def guess(content: Content) -> bool:
    """Numbered blocks with ``-->`` and no WebVTT head."""
    head = [line.strip() for line in content.lines[:40] if line.strip()]
    return (
        len(head) >= 2
        and not head[0].startswith("WEBVTT")
        and (is_timing(head[0]) or (head[0].isdigit() and is_timing(head[1])))
    )


def read(content: Content) -> Captions:
    """Read blocks; names before a colon count if they are used as such throughout.

    Raises:
        CaptionError: if no caption can be read.
    """
    notes = Notes()
    found = list(blocks(content.lines, notes))
    if not found:
        raise CaptionError(f"{content.name} is SubRip but holds no captions that can be read.")
    texts = [clean(block.text) for block in found]
    names = prefixes.speakers_in(texts)
    cues, last = [], None
    for block, text in zip(found, texts, strict=True):
        speaker, said = prefixes.split(text, names)
        last = speaker or last
        cues.append(Cue(last, block.start, block.end, said))
    return Captions("srt", tuple(cues), notes=notes.sentences())


def write(transcript: Transcript) -> str:
    """SubRip with ``Name:`` on every cue."""
    names = {s.id: s.name or s.id for s in transcript.speakers}
    parts = []
    for number, cue in enumerate(laid_out(transcript), start=1):
        voice = f"{names[cue.speaker]}: " if cue.speaker else ""
        text = "\n".join(line.replace("-->", "->") for line in cue.lines)
        times = f"{stamp(cue.start, ',')} --> {stamp(cue.end, ',')}"
        parts.append(f"{number}\n{times}\n{voice}{text}\n")
    return "\n".join(parts)


FORMATS = (
    Format(
        "srt",
        "SubRip subtitles (.srt)",
        "1\n00:00:03,120 --> 00:00:06,480\nHelen: Shall we begin?\n",
        guess,
        read,
        write,
    ),
)

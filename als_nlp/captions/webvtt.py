"""WebVTT: as Teams saves it (voices), as Zoom does (``Name: text``), and every other kind."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from als_nlp.captions import prefixes
from als_nlp.captions.blocks import Block, blocks, is_guid
from als_nlp.captions.cues import Captions, Cue, Notes, clean
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format
from als_nlp.captions.layout import laid_out
from als_nlp.errors import CaptionError
from als_nlp.transcript import Transcript

_HEAD = re.compile(r"\ufeff?WEBVTT(?:[ \t].*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>(.*?)(?=</v>|<v[ .\t]|\Z)", re.S)
_LOOK = 400
"""Lines that decide which kind of WebVTT a file is."""


def guess_teams(content: Content) -> bool:
    """WebVTT with the GUID cue ids that Teams writes, or with voices."""
    return _is_webvtt(content) and _has_teams_marks(content)


def guess_zoom(content: Content) -> bool:
    """WebVTT with numbered cues that name their speakers."""
    return _is_webvtt(content) and not _has_teams_marks(content) and _has_zoom_marks(content)


def guess_plain(content: Content) -> bool:
    """Every other WebVTT."""
    return _is_webvtt(content) and not _has_teams_marks(content) and not _has_zoom_marks(content)


def read_teams(content: Content) -> Captions:
    """Read voices; several voices of one cue share its time by their words."""
    notes = Notes()
    cues = tuple(cue for block in _blocks(content, notes) for cue in _voices(block))
    return Captions("teams-vtt", cues, notes=notes.sentences())


def read_zoom(content: Content) -> Captions:
    """Read ``Name: text``; a cue without a name goes on with the last one."""
    return _named(content, "zoom-vtt")


def read_plain(content: Content) -> Captions:
    """Read any WebVTT; names before a colon count if they are used as such throughout."""
    return _named(content, "webvtt")


def write(transcript: Transcript) -> str:
    """WebVTT with a voice on every cue, laid out to be read on a screen."""
    names = {s.id: s.name or s.id for s in transcript.speakers}
    parts = ["WEBVTT\n"]
    for cue in laid_out(transcript):
        voice = f"<v {_safe(names[cue.speaker])}>" if cue.speaker else ""
        text = "\n".join(_safe(line) for line in cue.lines)
        parts.append(f"\n{stamp(cue.start)} --> {stamp(cue.end)}\n{voice}{text}\n")
    return "".join(parts)


def stamp(seconds: float, point: str = ".") -> str:
    """``01:02:03.450``."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    hours, rest = divmod(whole, 3600)
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02}{point}{thousandths:03}"


def _safe(text: str) -> str:
    """Text that cannot end a line, a cue or a tag."""
    return html.escape(" ".join(text.split()), quote=False)


def _is_webvtt(content: Content) -> bool:
    return bool(_HEAD.match(content.lines[0].strip())) if content.lines else False


def _has_teams_marks(content: Content) -> bool:
    lines = content.lines[:_LOOK]
    return any(is_guid(line.strip()) or _VOICE.search(line) for line in lines)


def _has_zoom_marks(content: Content) -> bool:
    found = list(blocks(content.lines[:_LOOK], Notes()))
    numbered = bool(found) and all(block.id.isdigit() for block in found)
    return numbered and bool(prefixes.speakers_in([block.text for block in found]))


def _blocks(content: Content, notes: Notes) -> Iterator[Block]:
    seen = False
    for block in blocks(content.lines, notes):
        seen = True
        yield block
    if not seen:
        raise CaptionError(f"{content.name} is WebVTT but holds no captions.")


def _voices(block: Block) -> list[Cue]:
    found = _VOICE.findall(block.text)
    if not found:
        return [Cue(None, block.start, block.end, clean(block.text))]
    said = [(clean(name), clean(text)) for name, text in found]
    total = sum(len(text.split()) for _, text in said) or 1
    cues, clock = [], block.start
    for name, text in said:
        begin = clock
        clock += (block.end - block.start) * len(text.split()) / total
        cues.append(Cue(name, round(begin, 3), round(clock, 3), text))
    return cues


def _named(content: Content, form: str) -> Captions:
    notes = Notes()
    found = list(_blocks(content, notes))
    texts = [clean(block.text) for block in found]
    names = prefixes.speakers_in(texts)
    cues, last = [], None
    for block, text in zip(found, texts, strict=True):
        speaker, said = prefixes.split(text, names)
        last = speaker or last
        cues.append(Cue(last, block.start, block.end, said))
    return Captions(form, tuple(cues), notes=notes.sentences())


FORMATS = (
    Format(
        "teams-vtt",
        "Microsoft Teams captions (.vtt)",
        "WEBVTT\n\n3f2a7c1e-9b04-4d5e-8c11-0a6b7d2e4f10/12-0\n00:00:03.120 --> 00:00:06.480\n"
        "<v Okafor, Helen>Shall we begin?</v>\n",
        guess_teams,
        read_teams,
    ),
    Format(
        "zoom-vtt",
        "Zoom captions (.vtt)",
        "WEBVTT\n\n1\n00:00:03.120 --> 00:00:06.480\nHelen Okafor: Shall we begin?\n\n"
        "2\n00:00:06.480 --> 00:00:07.900\nHelen Okafor: Good.\n",
        guess_zoom,
        read_zoom,
    ),
    Format(
        "webvtt",
        "WebVTT of any other kind (.vtt)",
        "WEBVTT\n\n00:03.120 --> 00:06.480\nShall we begin?\n",
        guess_plain,
        read_plain,
        write,
    ),
)

"""WebVTT: as Teams saves it (GUID ids, voices), as Zoom does (``Name: text``), every other kind."""

from __future__ import annotations

import html
import json
from dataclasses import replace

from als_nlp.captions import prefixes
from als_nlp.captions.blocks import Block, blocks, cues_of, is_guid
from als_nlp.captions.cues import Captions, Notes, untagged, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format
from als_nlp.captions.layout import LaidOutCue, laid_out
from als_nlp.transcript import Transcript

_LOOK = 600
"""Lines that decide which kind of WebVTT a file is."""


def guess_teams(content: Content) -> bool:
    """WebVTT with Teams' marks: GUID cue ids, or cues that are JSON with ``spokenText``."""
    return _is_webvtt(content) and _has_teams_marks(_head(content))


def guess_zoom(content: Content) -> bool:
    """WebVTT with numbered cues that name their speakers in the text."""
    head = _head(content) if _is_webvtt(content) else []
    return _has_zoom_marks(head) and not _has_teams_marks(head)


def guess_plain(content: Content) -> bool:
    """Every other WebVTT."""
    head = _head(content)
    return _is_webvtt(content) and not _has_teams_marks(head) and not _has_zoom_marks(head)


def read_teams(content: Content) -> Captions:
    """Read voices; several voices of one cue share its time by their words."""
    return _read(content, "teams-vtt")


def read_zoom(content: Content) -> Captions:
    """Read ``Name: text``; a cue without a name goes on with the last one."""
    return _read(content, "zoom-vtt")


def read_plain(content: Content) -> Captions:
    """Read any WebVTT: voices if there are any, else names that are used throughout."""
    return _read(content, "webvtt")


def write(transcript: Transcript) -> str:
    """WebVTT with a voice on every cue, laid out to be read on a screen.

    A cue stays a little longer where a silence follows fast words; a time tag at its end says
    when the voice stopped, so that reading the file gives the times of the voice.
    """
    labels = {s.id: visible(s.name or "") or s.id for s in transcript.speakers}
    cues = laid_out(transcript)
    text = _written(cues, labels, sure="")
    read_back = [(cue.speaker, cue.text) for cue in cues_of(blocks(text.split("\n"), Notes()))]
    if read_back == [(labels.get(cue.speaker or ""), cue.text) for cue in cues]:
        return text
    return _written(cues, labels, sure=prefixes.SURE)


def stamp(seconds: float, point: str = ".") -> str:
    """``01:02:03.450``."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    hours, rest = divmod(whole, 3600)
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02}{point}{thousandths:03}"


def _written(cues: list[LaidOutCue], labels: dict[str, str], *, sure: str) -> str:
    parts = ["WEBVTT\n"]
    for cue in cues:
        text = "\n".join(sure + _escaped(line) for line in cue.lines)
        if cue.shown_until > cue.end:
            text += f"<{stamp(cue.end)}>"
        if cue.speaker is not None:
            text = f"<v {_escaped(labels[cue.speaker])}>{text}</v>"
        parts.append(f"\n{stamp(cue.start)} --> {stamp(cue.shown_until)}\n{text}\n")
    return "".join(parts)


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("{\\", "&#123;\\")


def _is_webvtt(content: Content) -> bool:
    return bool(content.beginning) and content.beginning[0].split()[0] == "WEBVTT"


def _head(content: Content) -> list[Block]:
    return blocks(content.lines[:_LOOK], Notes())


def _has_teams_marks(head: list[Block]) -> bool:
    return any(is_guid(block.id) or _is_record(block.text) for block in head)


def _has_zoom_marks(head: list[Block]) -> bool:
    return (
        bool(head)
        and all(block.id.isdigit() for block in head)
        and not any("<v" in block.text for block in head)
        and bool(prefixes.speakers_in([untagged(block.text) for block in head]))
    )


def _is_record(text: str) -> bool:
    return text.lstrip().startswith("{") and '"spokenText"' in text


def _read(content: Content, form: str) -> Captions:
    notes = Notes()
    found = blocks(content.lines, notes)
    if form == "teams-vtt":
        found = [_from_record(block, notes) if _is_record(block.text) else block for block in found]
    return Captions(form, cues_of(found), notes=notes.sentences())


def _from_record(block: Block, notes: Notes) -> Block:
    """Microsoft Graph gives each cue as JSON; this is the same cue with a voice."""
    try:
        record = json.loads(block.text)
        said, name = str(record["spokenText"]), str(record.get("speakerName") or "")
    except (ValueError, KeyError):
        notes.add("Captions whose JSON is broken were read as they stand", block.line)
        return block
    return replace(block, text=f"<v {html.escape(name)}>{html.escape(said)}</v>")


FORMATS = (
    Format(
        "teams-vtt",
        "Microsoft Teams transcript (.vtt)",
        "WEBVTT\n\n3f2a7c1e-9b04-4d5e-8c11-0a6b7d2e4f10/12-0\n00:00:03.120 --> 00:00:06.480\n"
        "<v Okafor, Helen>Shall we begin?</v>\n\n"
        "3f2a7c1e-9b04-4d5e-8c11-0a6b7d2e4f10/13-0\n00:00:06.900 --> 00:00:08.000\n"
        "<v Dev Patel (Guest)>I'm ready.</v>\n",
        guess_teams,
        read_teams,
    ),
    Format(
        "zoom-vtt",
        "Zoom cloud recording transcript (.vtt)",
        "WEBVTT\n\n1\n00:00:03.120 --> 00:00:06.480\nHelen Okafor: Shall we begin?\n\n"
        "2\n00:00:06.480 --> 00:00:07.900\nDev Patel: I'm ready.\n",
        guess_zoom,
        read_zoom,
    ),
    Format(
        "webvtt",
        "WebVTT of any other kind, with or without voices (.vtt)",
        "WEBVTT\n\n00:03.120 --> 00:06.480\n<v Helen>Shall we begin?\n\n"
        "00:06.900 --> 00:08.000\n<v Dev>I'm ready.\n",
        guess_plain,
        read_plain,
        write,
    ),
)

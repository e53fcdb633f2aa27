"""What the caption tests ask of a file: who says what, and when."""

from __future__ import annotations

from als_nlp.captions import read_bytes
from als_nlp.captions.cues import Cue
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import detect, formats
from als_nlp.transcript import Transcript


def transcript(text: str | bytes, *, format: str | None = None) -> Transcript:
    """The transcript of a file with this content."""
    data = text.encode() if isinstance(text, str) else text
    return read_bytes(data, name="session", format=format)


def said(text: str | bytes) -> list[tuple[str | None, str]]:
    """(name, words) of every turn."""
    found = transcript(text)
    names = {speaker.id: speaker.name for speaker in found.speakers}
    return [(names.get(turn.speaker or ""), turn.text) for turn in found.turns]


def cues(text: str | bytes) -> tuple[Cue, ...]:
    """The cues as the reader of the detected format gives them."""
    content = Content("session", text.encode() if isinstance(text, str) else text)
    return detect(content).read(content).cues


def form(text: str | bytes) -> str:
    """The one format that this content is detected as."""
    return detect(Content("session", text.encode() if isinstance(text, str) else text)).name


def fitting(text: str | bytes) -> list[str]:
    """Every format that would take this content."""
    content = Content("session", text.encode() if isinstance(text, str) else text)
    return [one.name for one in formats().values() if one.guess(content)]

"""The registry: every caption format that is read, in one place, chosen by content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from als_nlp.captions.cues import Captions
from als_nlp.captions.decode import Content
from als_nlp.errors import CaptionError
from als_nlp.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Format:
    """One caption format: how to recognise it, read it and, where that is useful, write it.

    ``guess`` looks at content only, never at the file name, and is true for this format alone.
    ``read`` raises ``CaptionError`` if there is nothing in the file that can be used.
    """

    name: str
    title: str
    example: str
    guess: Callable[[Content], bool]
    read: Callable[[Content], Captions]
    write: Callable[[Transcript], str] | None = None


@cache
def formats() -> dict[str, Format]:
    """All formats by name. The modules are imported here, when they are first needed."""
    from als_nlp.captions import annotation, sbv, spoken_text, srt, table, webvtt, whisper

    every: tuple[Format, ...] = (
        *webvtt.FORMATS,
        *srt.FORMATS,
        *sbv.FORMATS,
        *spoken_text.FORMATS,
        *whisper.FORMATS,
        *table.FORMATS,
        *annotation.FORMATS,
    )
    return {one.name: one for one in every}


def detect(content: Content) -> Format:
    """The one format that fits.

    Raises:
        CaptionError: if none or several fit, naming them.
    """
    fitting = [one for one in formats().values() if one.guess(content)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(one.name for one in fitting)
        raise CaptionError(f"{content.name} could be any of {names}: say which with --format.")
    if content.text is None and not content.is_zip:
        raise CaptionError(
            f"{content.name} is not a captions file but binary data: if it is a recording, save it "
            "as .mp3 or .wav and give that to 'als reflect'."
        )
    raise CaptionError(
        f"{content.name} is not a captions file that als-nlp knows: "
        "'als formats' lists what is read, with an example of each."
    )

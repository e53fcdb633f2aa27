"""Transcripts as text or Word documents: one layout a product, chosen by what the lines look like.

Every layout is two formats, ``.txt`` and ``.docx``, with one reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from als_nlp.captions import (
    meet_text,
    otter_text,
    plain_text,
    sbv,
    srt,
    table,
    teams_text,
    word_text,
    zoom_text,
)
from als_nlp.captions.cues import Captions
from als_nlp.captions.decode import Content
from als_nlp.captions.documents import is_word, lines_of
from als_nlp.captions.formats import Format
from als_nlp.errors import CaptionError

_DATA = re.compile(r"""WEBVTT|<|\{|\[\s*(?:[{\]]|$)|.*"ooTextFile""")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one product lays out a transcript in lines."""

    name: str
    title: str
    example: str
    fits: Callable[[Sequence[str]], bool]
    read: Callable[[Content], Captions]


# The first that fits is the one: what marks a layout most clearly comes first.
LAYOUTS = (
    Layout("teams", "Microsoft Teams transcript", teams_text.EXAMPLE,
           teams_text.fits, teams_text.read),
    Layout("otter", "Otter transcript", otter_text.EXAMPLE, otter_text.fits, otter_text.read),
    Layout("zoom", "Zoom saved transcript", zoom_text.EXAMPLE, zoom_text.fits, zoom_text.read),
    Layout("word", "Transcribe in Microsoft Word", word_text.EXAMPLE,
           word_text.fits, word_text.read),
    Layout("meet", "Google Meet transcript", meet_text.EXAMPLE, meet_text.fits, meet_text.read),
    Layout("plain", "Plain text, a name and a colon before each turn", plain_text.EXAMPLE,
           plain_text.fits, plain_text.read),
)  # fmt: skip


@lru_cache(maxsize=1)
def layout_of(content: Content) -> Layout | None:
    """The layout of a text or Word document; ``None`` for anything that is no transcript.

    Raises:
        CaptionError: for a Word document that cannot be opened.
    """
    if is_word(content):
        lines = lines_of(content)
    elif content.text is None or content.is_zip or _is_of_another_family(content):
        return None
    else:
        lines = content.lines
    return next((layout for layout in LAYOUTS if layout.fits(lines)), None)


def _is_of_another_family(content: Content) -> bool:
    """Whether this is markup, JSON, a table or captions with both times."""
    if _DATA.match("".join(content.beginning[:1])):
        return True
    return srt.guess(content) or sbv.guess(content) or table.guess(content)


def _guess(layout: Layout, word: bool, content: Content) -> bool:
    return content.is_zip is word and layout_of(content) is layout


def _read(layout: Layout, name: str, content: Content) -> Captions:
    captions = layout.read(content)
    if not captions.cues:
        raise CaptionError(f"{content.name} holds nothing that anybody says.")
    return replace(captions, format=name)


def _formats() -> Iterator[Format]:
    for layout in LAYOUTS:
        for kind in ("txt", "docx"):
            name = f"{layout.name}-{kind}"
            yield Format(
                name,
                f"{layout.title} (.{kind})",
                layout.example,
                partial(_guess, layout, kind == "docx"),
                partial(_read, layout, name),
            )


FORMATS = tuple(_formats())

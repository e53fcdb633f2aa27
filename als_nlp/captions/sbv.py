"""SubViewer (.sbv), as YouTube and Google Meet give it."""

from __future__ import annotations

from als_nlp.captions.blocks import blocks, comma_times, cues_of
from als_nlp.captions.cues import Captions, Notes
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format


def guess(content: Content) -> bool:
    """The first line holds two times with a comma between them."""
    return bool(content.beginning) and comma_times(content.beginning[0]) is not None


def read(content: Content) -> Captions:
    """Read blocks; names count as in SubRip, Meet's ``(Name)`` on a line of its own too."""
    notes = Notes()
    cues = cues_of(blocks(content.lines, notes, comma_times))
    return Captions("sbv", cues, notes=notes.sentences())


FORMATS = (
    Format(
        "sbv",
        "YouTube and Google Meet captions (.sbv)",
        "0:00:03.120,0:00:06.480\n>> HELEN: Shall we begin?\n\n"
        "0:00:06.900,0:00:08.000\n>> DEV: I'm ready.\n",
        guess,
        read,
    ),
)

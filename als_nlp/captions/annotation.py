"""Annotation tools of researchers: ELAN (.eaf) and Praat TextGrid, a tier for each speaker."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from als_nlp.captions.cues import Captions, Cue, clean
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format
from als_nlp.errors import CaptionError


def guess_elan(content: Content) -> bool:
    """XML with ELAN's root element."""
    head = (content.text or "")[:2000]
    return "<ANNOTATION_DOCUMENT" in head and "<!ENTITY" not in head


def guess_textgrid(content: Content) -> bool:
    """Praat's object file of class TextGrid, long or short."""
    head = (content.text or "")[:400].lstrip("\ufeff")
    return "ooTextFile" in head and "TextGrid" in head


def read_elan(content: Content) -> Captions:
    """Read time-aligned tiers; a tier's participant, or else its name, is the speaker.

    Raises:
        CaptionError: if the file is damaged or holds no aligned annotation.
    """
    import pympi

    cues = []
    try:
        with _as_file(content, ".eaf") as path:
            document = pympi.Elan.Eaf(str(path))
        for name, tier in document.tiers.items():
            speaker = tier[2].get("PARTICIPANT") or name
            if tier[2].get("PARENT_REF"):
                continue  # a layer that comments on another one
            for start, end, text, *_ in document.get_annotation_data_for_tier(name):
                cues.append(Cue(speaker, start / 1000, end / 1000, clean(text or "")))
    except Exception as error:  # pympi lets parser and key errors of many kinds through
        raise CaptionError(
            f"{content.name} is a damaged ELAN file: open and save it anew."
        ) from error
    return _sorted(content, "eaf", cues)


def read_textgrid(content: Content) -> Captions:
    """Read interval tiers, each a speaker; empty intervals are silence.

    Raises:
        CaptionError: if the file is damaged or holds no words.
    """
    from praatio import textgrid
    from praatio.data_classes.interval_tier import IntervalTier

    try:
        with _as_file(content, ".TextGrid") as path:
            grid = textgrid.openTextgrid(str(path), False, reportingMode="silence")
    except Exception as error:  # praatio lets parser errors of many kinds through
        raise CaptionError(
            f"{content.name} is a damaged TextGrid: open and save it anew."
        ) from error
    cues = [
        Cue(name, float(entry.start), float(entry.end), clean(entry.label))
        for name in grid.tierNames
        if isinstance(grid.getTier(name), IntervalTier)
        for entry in grid.getTier(name).entries
    ]
    return _sorted(content, "textgrid", cues)


def _sorted(content: Content, form: str, cues: list[Cue]) -> Captions:
    cues = sorted((cue for cue in cues if cue.text), key=lambda cue: cue.start or 0.0)
    if not cues:
        raise CaptionError(f"{content.name} holds no words with times.")
    return Captions(form, tuple(cues))


@contextmanager
def _as_file(content: Content, suffix: str) -> Iterator[Path]:
    """The text as a UTF-8 file for libraries that read only from a path."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"captions{suffix}"
        path.write_text((content.text or "").lstrip("\ufeff"), encoding="utf-8")
        yield path


FORMATS = (
    Format(
        "eaf",
        "ELAN annotation (.eaf), a tier for each speaker",
        '<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT AUTHOR="" '
        'DATE="2026-01-01T10:00:00+00:00" FORMAT="3.0" '
        'VERSION="3.0" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">\n'
        '<HEADER MEDIA_FILE="" '
        'TIME_UNITS="milliseconds"/>\n<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" '
        'TIME_VALUE="3100"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="6400"/></TIME_ORDER>\n'
        '<TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="Helen"><ANNOTATION>'
        '<ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">'
        "<ANNOTATION_VALUE>Shall we begin?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
        '</TIER>\n<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>\n'
        "</ANNOTATION_DOCUMENT>\n",
        guess_elan,
        read_elan,
    ),
    Format(
        "textgrid",
        "Praat TextGrid, an interval tier for each speaker",
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 6.4\n'
        "tiers? <exists>\nsize = 1\nitem []:\n    item [1]:\n"
        '        class = "IntervalTier"\n        name = "Helen"\n        xmin = 0\n'
        "        xmax = 6.4\n        intervals: size = 2\n        intervals [1]:\n"
        '            xmin = 0\n            xmax = 3.1\n            text = ""\n'
        "        intervals [2]:\n            xmin = 3.1\n            xmax = 6.4\n"
        '            text = "Shall we begin?"\n',
        guess_textgrid,
        read_textgrid,
    ),
)

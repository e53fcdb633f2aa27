"""Annotation tools of researchers: ELAN (.eaf) and Praat TextGrid, a tier for each speaker."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from als_nlp.captions.cues import Captions, Cue, fill_ends, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format
from als_nlp.errors import CaptionError

_ELAN = re.compile(r"<ANNOTATION_DOCUMENT[\s>]")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_PRAAT = re.compile(
    r'\A\s*((?:File type\s*=\s*)?"ooTextFile(?: short)?".*)\n'
    r'\s*((?:Object class\s*=\s*)?"TextGrid".*)\n\s*'
)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_BINARY = b"ooBinaryFile"
_LOOK = 65536
"""Characters in which the beginning of an XML document must stand."""

Annotation = tuple[float | None, float | None, str]
"""Start and end in seconds, if they are known, and the words."""


def guess_elan(content: Content) -> bool:
    """XML whose root element is ELAN's."""
    text = content.text or ""
    return text.lstrip()[:1] == "<" and _ELAN.search(text, 0, _LOOK) is not None


def guess_textgrid(content: Content) -> bool:
    """Praat's object file of class TextGrid: long, short or binary."""
    binary = content.data.startswith(_BINARY) and b"TextGrid" in content.data[:64]
    return binary or _PRAAT.match((content.text or "")[:_LOOK]) is not None


def read_elan(content: Content) -> Captions:
    """Read time-aligned tiers; a tier's participant, or else its name, is the speaker.

    Raises:
        CaptionError: if the file is damaged, defines entities or holds no aligned words.
    """
    cues: list[Cue] = []
    notes: list[str] = []
    tiers_of: dict[str, list[str]] = {}
    for tier, participant, spoken in _elan_tiers(content):
        speaker = participant or tier
        before: float | None = None
        kept = len(cues)
        for start, end, text in spoken:
            begin = before if start is None else start
            if begin is not None and visible(text):
                cues.append(Cue(speaker, begin, end, visible(text)))
            before = end if end is not None else begin
        if len(cues) > kept:
            tiers_of.setdefault(speaker, []).append(tier)
    for speaker, tiers in tiers_of.items():
        if len(tiers) > 1:
            notes.append(f"All tiers of {speaker} are read as speech: {', '.join(tiers)}.")
    return _captions(content, "eaf", cues, notes)


def read_textgrid(content: Content) -> Captions:
    """Read interval tiers, each a speaker; empty intervals are silence.

    Raises:
        CaptionError: if the file is binary, damaged or holds no words.
    """
    if content.data.startswith(_BINARY):
        raise CaptionError(
            f"{content.name} is a binary TextGrid: save it in Praat as a text file instead."
        )
    text = _PRAAT.sub(r"\1\n\2\n\n", content.text or "", count=1)
    notes = []
    try:
        tiers = _praat_tiers(text)
    except Exception:  # the library lets errors of many kinds through
        try:
            tiers = _praat_tiers(text[: text.rindex("intervals [")])
        except Exception as error:
            raise CaptionError(
                f"{content.name} is a damaged TextGrid: open it in Praat and save it anew."
            ) from error
        notes.append("The file is cut off: what followed its last whole interval is missing.")
    cues = []
    for tier in tiers:
        if tier["class"] == "IntervalTier":
            for start, end, label in tier["entries"]:
                cues.append(Cue(tier["name"], float(start), float(end), visible(label)))
        elif tier["entries"]:
            notes.append(f"Tier {tier['name']} holds points, not intervals, and was left out.")
    return _captions(content, "textgrid", [cue for cue in cues if cue.text], notes)


def _captions(content: Content, form: str, cues: Sequence[Cue], notes: Sequence[str]) -> Captions:
    if not cues:
        raise CaptionError(f"{content.name} holds no words with times.")
    ordered = fill_ends(sorted(cues, key=lambda cue: cue.start or 0.0))
    sure = all(cue.end is not None for cue in cues)
    return Captions(form, tuple(ordered), "exact" if sure else "estimated", tuple(notes))


def _elan_tiers(content: Content) -> Iterator[tuple[str, str | None, list[Annotation]]]:
    """Name, participant and annotations of each tier that comments on no other; in seconds."""
    text = content.text or ""
    root = _ELAN.search(text)
    prolog = text[: root.start()] if root else text
    if "<!" in _COMMENT.sub("", prolog):
        raise CaptionError(
            f"{content.name} defines XML entities, which no ELAN file needs, and was not opened."
        )
    import pympi

    try:
        with tempfile.TemporaryDirectory() as folder:  # the library reads from a path only
            path = Path(folder) / "captions.eaf"
            path.write_text(_DECLARATION.sub("", text), encoding="utf-8")
            document = pympi.Elan.Eaf(str(path), suppress_version_warning=True)
        for name, (_, _, attributes, _) in document.tiers.items():
            if "PARENT_REF" not in attributes:
                annotations = [
                    (_seconds(start), _seconds(end), value)
                    for start, end, value, *_ in document.get_annotation_data_for_tier(name)
                ]
                yield name, attributes.get("PARTICIPANT"), annotations
    except Exception as error:  # the library lets parser and key errors of many kinds through
        raise CaptionError(
            f"{content.name} is a damaged ELAN file: open it in ELAN and save it anew."
        ) from error


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def _praat_tiers(text: str) -> list[dict[str, Any]]:
    from praatio.utilities.textgrid_io import parseTextgridStr

    tiers: list[dict[str, Any]] = parseTextgridStr(text)["tiers"]
    return [{**tier, "entries": list(tier["entries"])} for tier in tiers]


FORMATS = (
    Format(
        "eaf",
        "ELAN annotation (.eaf), a tier for each speaker",
        """\
<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-11-05T10:00:00+00:00" FORMAT="3.0" VERSION="3.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
  <TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="3100"/>
    <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="6400"/>
  </TIME_ORDER>
  <TIER LINGUISTIC_TYPE_REF="default-lt" PARTICIPANT="Helen" TIER_ID="Helen-words">
    <ANNOTATION>
      <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
        <ANNOTATION_VALUE>Shall we begin?</ANNOTATION_VALUE>
      </ALIGNABLE_ANNOTATION>
    </ANNOTATION>
  </TIER>
  <LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
""",
        guess_elan,
        read_elan,
    ),
    Format(
        "textgrid",
        "Praat TextGrid, an interval tier for each speaker",
        """\
File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 6.4
tiers? <exists>
size = 1
item []:
    item [1]:
        class = "IntervalTier"
        name = "Helen"
        xmin = 0
        xmax = 6.4
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 3.1
            text = ""
        intervals [2]:
            xmin = 3.1
            xmax = 6.4
            text = "Shall we begin?"
""",
        guess_textgrid,
        read_textgrid,
    ),
)

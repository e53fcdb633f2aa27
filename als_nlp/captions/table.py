"""A plain CSV: speaker, start, end, text."""

from __future__ import annotations

import csv
import io

from als_nlp.captions.cues import Captions, Cue, Notes, clean, fill_ends, seconds
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format
from als_nlp.errors import CaptionError
from als_nlp.transcript import Timing

COLUMNS = {
    "speaker": ("speaker", "name", "who", "participant", "voice", "speaker name"),
    "start": ("start", "start time", "begin", "from", "time", "timestamp", "start_time", "onset"),
    "end": ("end", "end time", "stop", "to", "end_time", "offset"),
    "text": ("text", "words", "transcript", "utterance", "what", "content", "caption"),
}


def guess(content: Content) -> bool:
    """A first line of column names, of which one is the text and one the speaker or the start."""
    found = _columns(content)
    return "text" in found and ("speaker" in found or "start" in found)


def read(content: Content) -> Captions:
    """Read rows; commas, semicolons or tabs; times in seconds or as clock times; sorted by start.

    Raises:
        CaptionError: for a time that cannot be read, naming the line, or if nothing is said.
    """
    where = _columns(content)
    notes = Notes()
    rows = csv.reader(io.StringIO(content.text or ""), delimiter=_delimiter(content))
    next(rows, None)
    cues = []
    try:
        for row in rows:
            cell = {name: row[i].strip() if i < len(row) else "" for name, i in where.items()}
            text = clean(cell["text"])
            if not text:
                if any(row):
                    notes.add("Rows without text were left out", rows.line_num)
                continue
            start = _time(content, cell.get("start", ""), rows.line_num)
            end = _time(content, cell.get("end", ""), rows.line_num)
            cues.append(Cue(clean(cell.get("speaker", "")) or None, start, end, text))
    except csv.Error as error:
        raise CaptionError(f"{content.name}, line {rows.line_num}: {error}.") from error
    if not cues:
        raise CaptionError(f"{content.name} has the right columns but no row with text.")
    if any(cue.start is None for cue in cues):
        if any(cue.start is not None for cue in cues):
            notes.add("Some rows have no start, so no times are used", 2)
        untimed = tuple(Cue(cue.speaker, None, None, cue.text) for cue in cues)
        return Captions("csv", untimed, "none", notes.sentences())
    cues.sort(key=lambda cue: cue.start or 0.0)
    exact = all(cue.end is not None for cue in cues)
    timing: Timing = "exact" if exact else "estimated"
    return Captions("csv", tuple(fill_ends(cues)), timing, notes.sentences())


def _columns(content: Content) -> dict[str, int]:
    if content.text is None or content.is_zip:
        return {}
    try:
        head = next(csv.reader(io.StringIO(content.lines[0]), delimiter=_delimiter(content)), [])
    except csv.Error:
        return {}
    names = [cell.strip().strip("\ufeff").lower() for cell in head]
    found = {}
    for column, synonyms in COLUMNS.items():
        index = next((names.index(s) for s in synonyms if s in names), None)
        if index is not None:
            found[column] = index
    return found if len(names) > 1 else {}


def _delimiter(content: Content) -> str:
    first = content.lines[0] if content.lines else ""
    return max(",;\t", key=first.count)


def _time(content: Content, cell: str, line: int) -> float | None:
    if not cell:
        return None
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        value = seconds(cell)  # type: ignore[assignment]
    if value is None or not 0 <= value < 1e6:
        raise CaptionError(
            f"{content.name}, line {line}: '{cell[:30]}' is no time; "
            "use seconds (63.5) or a clock time (00:01:03.5)."
        )
    return value


FORMATS = (
    Format(
        "csv",
        "A table (.csv) with columns speaker, start, end, text",
        "speaker,start,end,text\nHelen,3.1,6.4,Shall we begin?\nDev,6.9,8.0,Yes.\n",
        guess,
        read,
    ),
)

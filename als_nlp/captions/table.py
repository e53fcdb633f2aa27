"""A plain table (.csv): speaker, start, end, text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from als_nlp.captions.cues import Captions, Cue, Notes, fill_ends, seconds, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.estimates import ON_THE_WALL
from als_nlp.captions.formats import Format
from als_nlp.errors import CaptionError

COLUMNS = {
    "speaker": ("speaker", "speaker name", "speaker label", "name", "who", "participant", "voice",
                "tier"),
    "start": ("start", "start time", "start timestamp", "begin", "begin time", "from", "time",
              "timestamp", "onset", "tmin", "in"),
    "end": ("end", "end time", "end timestamp", "stop", "stop time", "to", "offset", "tmax", "out"),
    "text": ("text", "words", "transcript", "transcription", "utterance", "what", "content",
             "caption", "sentence", "annotation"),
}  # fmt: skip
"""What a column may be called, in any letter case and with a unit behind it."""

LONGEST = 5000
"""Characters that a line of column names may have."""

_UNIT = re.compile(r"\s*[\[(]?\b(ms|msecs?|milliseconds|s|secs?|seconds)\b[\])]?$")


class _Header(NamedTuple):
    """The line of column names: where each column is, and in what unit its numbers are."""

    delimiter: str
    where: dict[str, int]
    unit: dict[str, float]
    width: int


def guess(content: Content) -> bool:
    """A first line of column names, of which one is the text and one the speaker or the start."""
    return _header(content) is not None


def read(content: Content) -> Captions:
    """Read rows; commas, semicolons or tabs; times in seconds or as clock times; sorted by start.

    Raises:
        CaptionError: for a time that cannot be read, naming the line, or if nothing is said.
    """
    header = _header(content)
    if header is None:
        raise CaptionError(
            f"{content.name} does not begin with names of columns: speaker, start, end, text."
        )
    notes = Notes()
    rows = list(_rows(content, header, notes))
    if not rows:
        raise CaptionError(f"{content.name} has the right columns but no row with text.")
    cues = [cue for _, cue in rows]
    timed = [cue.start for cue in cues if cue.start is not None]
    if 2 * len(timed) <= len(cues):
        few = (
            (f"Rows without a time: {len(cues) - len(timed)}; so no times are used.",)
            if timed
            else ()
        )
        untimed = tuple(replace(cue, start=None, end=None) for cue in cues)
        return Captions("csv", untimed, "none", (*notes.sentences(), *few))
    exact = all(None not in (cue.start, cue.end) for cue in cues)
    base = min(timed) if min(timed) >= ON_THE_WALL else 0.0
    placed = sorted(_timed(rows, base, notes), key=lambda cue: cue.start or 0.0)
    said = notes.sentences()
    if base:
        said = (*said, "The times are those of the day; they are counted from the first.")
    return Captions("csv", tuple(fill_ends(placed)), "exact" if exact else "estimated", said)


def _header(content: Content) -> _Header | None:
    if content.text is None:
        return None
    lines = (line for line in content.lines[:60] if line.strip())
    first = next((line for line in lines if not _is_excels_hint(line)), "")
    if len(first) > LONGEST:
        return None
    delimiter = max(",;\t", key=first.count)
    names = [_name(cell) for cell in _cells(first, delimiter)]
    where: dict[str, int] = {}
    for column, known in COLUMNS.items():
        position = next((names.index(name) for name in known if name in names), None)
        if position is not None:
            where[column] = position
    if len(names) < 2 or "text" not in where or not {"speaker", "start"} & set(where):
        return None
    cells = _cells(first, delimiter)
    unit = {column: _unit_of(cells[position]) for column, position in where.items()}
    if delimiter == "\t" and names == ["start", "end", "text"]:  # Whisper's own .tsv
        unit = dict.fromkeys(unit, 0.001)
    return _Header(delimiter, where, unit, len(names))


def _rows(content: Content, header: _Header, notes: Notes) -> Iterator[tuple[int, Cue]]:
    reader = csv.reader(io.StringIO(content.text or ""), delimiter=header.delimiter)
    begun = False
    try:
        for row in reader:
            line = reader.line_num
            if not begun:
                begun = bool("".join(row).strip()) and not _is_excels_hint(",".join(row))
                continue
            cells = _by_column(row, header)
            text = visible(cells["text"])
            if text:
                start = _time(content, cells.get("start", ""), header.unit.get("start", 1.0), line)
                end = _time(content, cells.get("end", ""), header.unit.get("end", 1.0), line)
                yield line, Cue(visible(cells.get("speaker", "")) or None, start, end, text)
            elif "".join(row).strip():
                notes.add("Rows without text were left out", line)
    except csv.Error as error:
        raise CaptionError(f"{content.name}, line {reader.line_num}: {error}.") from error


def _by_column(row: Sequence[str], header: _Header) -> dict[str, str]:
    """The cells by column; commas in a text that nobody put in quotes belong to the text."""
    last = header.where["text"]
    if last == header.width - 1 and len(row) > header.width:
        row = [*row[:last], header.delimiter.join(row[last:])]
    return {name: row[i].strip() if i < len(row) else "" for name, i in header.where.items()}


def _timed(rows: Sequence[tuple[int, Cue]], base: float, notes: Notes) -> Iterator[Cue]:
    last = base
    for line, cue in rows:
        if cue.start is None:
            notes.add("Rows without a start follow the row before", line)
        start = last if cue.start is None else cue.start
        end = cue.end
        if end is not None and end < start:
            notes.add("Rows that end before they start were given an end by their words", line)
            end = None
        until = None if end is None else round(end - base, 3)
        yield replace(cue, start=round(start - base, 3), end=until)
        last = start if end is None else end


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _name(cell: str) -> str:
    words = re.sub(r"[\s_-]+", " ", cell).strip().lower()
    return _UNIT.sub("", words).strip() or words


def _unit_of(cell: str) -> float:
    match = _UNIT.search(re.sub(r"[\s_-]+", " ", cell).strip().lower())
    return 0.001 if match and match[1].startswith("m") else 1.0


def _is_excels_hint(line: str) -> bool:
    return re.fullmatch(r"sep=.?", line.strip(), re.I) is not None


def _time(content: Content, cell: str, unit: float, line: int) -> float | None:
    if not cell:
        return None
    value = seconds(cell)
    if value is None:
        try:
            value = round(float(cell.replace(",", ".")) * unit, 6)
        except ValueError:
            value = -1.0
    if not 0 <= value < 1e6:
        raise CaptionError(
            f"{content.name}, line {line}: '{cell[:30]}' is no time; "
            "use seconds (63.5) or a clock time (00:01:03.5)."
        )
    return value


FORMATS = (
    Format(
        "csv",
        "A table (.csv) with columns speaker, start, end, text",
        "speaker,start,end,text\nHelen,3.1,6.4,Shall we begin?\nDev,6.9,8.0,I'm ready.\n",
        guess,
        read,
    ),
)

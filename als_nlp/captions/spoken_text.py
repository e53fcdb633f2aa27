"""Transcripts as text (.txt, .docx): Teams, Otter, Zoom, Google Meet, or plain ``Name: text``.

A .docx is read as the lines of its paragraphs; each grammar below knows lines only, so every
transcript is one format as .txt and another as .docx with the same reader.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

from als_nlp.captions import prefixes, sbv, srt
from als_nlp.captions.cues import Captions, Cue, Notes, clean, fill_ends, seconds
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format
from als_nlp.errors import CaptionError

LARGEST_DOCX = 200 * 1024 * 1024
"""Bytes that a .docx may unpack to; more is no transcript."""

_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}"
_HEAD = re.compile(rf"^(?P<name>\S.{{0,78}}?)(?P<gap>\s{{2,}}|\t)(?P<clock>{_CLOCK})(?P<tail>\s*)$")
_ARROW = re.compile(r"^\s*(\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)\s*-->\s*(\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)\s*$")  # fmt: skip # noqa: E501
_ZOOM = re.compile(rf"^\[(?P<name>[^\[\]]{{1,80}})\]\s+(?P<clock>{_CLOCK})\s*$")
_CHAT = re.compile(rf"^{_CLOCK}\s+(?:From\s+)?.{{1,80}}?\s+to\s+(?:Everyone|Me|everyone)\b", re.I)
_MEET_CLOCK = re.compile(r"^\s*\d{2}:\d{2}:\d{2}\s*$")
_STAMPED = re.compile(rf"^\[?\(?(?P<clock>{_CLOCK})\)?\]?\s+(?P<rest>\S.*)$")
_MACHINERY = re.compile(
    r"^(?:.{1,80} (?:started|stopped) transcription|Transcribed by https?://otter\.ai.*"
    r"|Meeting ended after .*|This editable transcript was computer generated.*"
    r"|Keywords|SUMMARY KEYWORDS|SPEAKERS|Attendees|Transcript|Invited .*|Attachments .*)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one product lays out a transcript in lines."""

    name: str
    title: str
    example: str
    fits: Callable[[list[str]], bool]
    cues: Callable[[list[str], Notes], list[Cue]]
    timed: bool


def lines_of(content: Content) -> list[str]:
    """The lines of a text file, or of the paragraphs of a .docx; empty for anything else."""
    return list(_docx_lines(content.data)) if content.is_zip else content.lines


@cache
def _docx_lines(data: bytes) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "word/document.xml" not in archive.namelist():
                return ()
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_DOCX:
                raise CaptionError("This .docx unpacks to more than a transcript could hold.")
        from docx import Document

        document = Document(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return ()
    return tuple(line for p in document.paragraphs for line in (*p.text.split("\n"), ""))


def _heads(lines: list[str]) -> list[re.Match[str]]:
    return [match for line in lines if (match := _HEAD.match(line.rstrip("\n")))]


def _is_otter(lines: list[str]) -> bool:
    heads = _heads(lines)
    if not heads:
        return False
    signed = any("otter.ai" in line for line in lines[-8:])
    return signed or all(head["tail"] or head["gap"] == "  " for head in heads)


def _is_teams(lines: list[str]) -> bool:
    headed = bool(_heads(lines)) and not _is_otter(lines)
    return headed or any(_ARROW.match(x) for x in lines[:60])


def _is_zoom(lines: list[str]) -> bool:
    return any(_ZOOM.match(line) for line in lines)


def _is_meet(lines: list[str]) -> bool:
    stamps = sum(bool(_MEET_CLOCK.match(line)) for line in lines)
    return stamps > 0 and not _headed(lines) and bool(prefixes.speakers_in(_spoken(lines)))


def _is_plain(lines: list[str]) -> bool:
    spoken = _spoken(lines)
    if not spoken or _headed(lines) or any(_MEET_CLOCK.match(line) for line in lines):
        return False
    if any("-->" in line or _CHAT.match(line) for line in lines[:60]):
        return False
    names = prefixes.speakers_in([_unstamped(line)[1] for line in spoken])
    said = sum(prefixes.split(_unstamped(line)[1], names)[0] is not None for line in spoken)
    return len(names) > 1 and said >= 0.5 * len(spoken)


def _headed(lines: list[str]) -> bool:
    return bool(_heads(lines)) or _is_zoom(lines) or any(_ARROW.match(x) for x in lines[:60])


def _spoken(lines: list[str]) -> list[str]:
    return [x.strip() for x in lines if x.strip() and not _MACHINERY.match(x.strip())]


def _read_headed(head: re.Pattern[str], lines: list[str], notes: Notes) -> list[Cue]:
    """``Name  0:03`` on a line, what they say below."""
    cues: list[Cue] = []
    for line in lines:
        match = head.match(line)
        if match:
            cues.append(Cue(clean(match["name"]), seconds(match["clock"]), None, ""))
        elif cues and line.strip() and not _MACHINERY.match(line.strip()):
            cues[-1] = replace(cues[-1], text=f"{cues[-1].text} {clean(line)}".strip())
    return _from_zero(cues)


def _read_teams(lines: list[str], notes: Notes) -> list[Cue]:
    if not any(_ARROW.match(line) for line in lines):
        return _read_headed(_HEAD, lines, notes)
    cues: list[Cue] = []
    rest = iter([line for line in lines if line.strip()])
    for line in rest:
        match = _ARROW.match(line)
        if match:
            start, end = seconds(match[1].split(".")[0]), seconds(match[2].split(".")[0])
            cues.append(Cue(clean(next(rest, "")) or None, start, end, ""))
        elif cues:
            cues[-1] = replace(cues[-1], text=f"{cues[-1].text} {clean(line)}".strip())
    return cues


def _read_meet(lines: list[str], notes: Notes) -> list[Cue]:
    names = prefixes.speakers_in(_spoken(lines))
    cues: list[Cue] = []
    block: list[Cue] = []
    clock = 0.0

    def close(until: float | None) -> None:
        """Share the time between two stamps by words."""
        words = sum(max(1, len(cue.text.split())) for cue in block)
        span = words / 2.5 if until is None or until <= clock else until - clock
        at = clock
        for cue in block:
            step = span * max(1, len(cue.text.split())) / words
            cues.append(replace(cue, start=round(at, 2), end=round(at + step, 2)))
            at += step
        block.clear()

    for line in lines:
        if _MEET_CLOCK.match(line):
            now = seconds(line.strip())
            close(now)
            clock = now if now is not None else clock
            continue
        if not line.strip() or _MACHINERY.match(line.strip()):
            continue
        speaker, said = prefixes.split(clean(line), names)
        if speaker is not None:
            block.append(Cue(speaker, None, None, said))
        elif block:
            block[-1] = replace(block[-1], text=f"{block[-1].text} {said}".strip())
    close(None)
    return cues


def _read_plain(lines: list[str], notes: Notes) -> list[Cue]:
    stamped = [_unstamped(line) for line in _spoken(lines)]
    names = prefixes.speakers_in([text for _, text in stamped])
    timed = all(clock is not None for clock, _ in stamped)
    cues: list[Cue] = []
    for clock, text in stamped:
        speaker, said = prefixes.split(clean(text), names)
        if speaker is not None:
            cues.append(Cue(speaker, clock if timed else None, None, said))
        elif cues:
            cues[-1] = replace(cues[-1], text=f"{cues[-1].text} {said}".strip())
        else:
            notes.add("Lines before the first speaker were left out", 1)
    return _from_zero(cues) if timed else cues


def _unstamped(line: str) -> tuple[float | None, str]:
    match = _STAMPED.match(line)
    return (seconds(match["clock"]), match["rest"]) if match else (None, line)


def _from_zero(cues: list[Cue]) -> list[Cue]:
    """Wall-clock times (10:02:13) become seconds from the first; ends are estimated."""
    starts = [cue.start for cue in cues if cue.start is not None]
    base = min(starts) if starts and min(starts) > 5 * 3600 else 0.0
    return fill_ends(
        [c if c.start is None else replace(c, start=round(c.start - base, 3)) for c in cues]
    )


GRAMMARS = (
    Grammar(
        "teams", "Microsoft Teams transcript",
        "Helen Okafor   0:03\nShall we begin?\n\nDev Patel   0:07\nYes, please.\n",
        _is_teams, _read_teams, True,
    ),
    Grammar(
        "otter", "Otter transcript",
        "Helen Okafor  0:03  \nShall we begin?\n\nDev Patel  0:07  \nYes, please.\n\n"
        "Transcribed by https://otter.ai\n",
        _is_otter, partial(_read_headed, _HEAD), True,
    ),
    Grammar(
        "zoom", "Zoom saved transcript",
        "[Helen Okafor] 10:02:13\nShall we begin?\n\n[Dev Patel] 10:02:17\nYes, please.\n",
        _is_zoom, partial(_read_headed, _ZOOM), True,
    ),
    Grammar(
        "meet", "Google Meet transcript",
        "Attendees\nHelen Okafor, Dev Patel\n\nTranscript\n00:00:00\n\n"
        "Helen Okafor: Shall we begin?\nDev Patel: Yes, please.\nHelen Okafor: Good.\n"
        "Dev Patel: Go on.\n",
        _is_meet, _read_meet, True,
    ),
    Grammar(
        "plain", "Plain text, a name and a colon before each turn",
        "Helen: Shall we begin?\nDev: Yes, please.\nHelen: Good.\nDev: Right.\n",
        _is_plain, _read_plain, False,
    ),
)  # fmt: skip


def _guess(grammar: Grammar, docx: bool, content: Content) -> bool:
    if content.is_zip is not docx or (not docx and content.text is None):
        return False
    if not docx and "".join(content.beginning[:1]).startswith(("WEBVTT", "{", "[{", "<")):
        return False
    if not docx and (srt.guess(content) or sbv.guess(content)):
        return False
    return grammar.fits(lines_of(content))


def _read(grammar: Grammar, docx: bool, content: Content) -> Captions:
    notes = Notes()
    cues = [cue for cue in grammar.cues(lines_of(content), notes) if cue.text]
    if not cues:
        raise CaptionError(f"{content.name} holds nothing that anybody says.")
    timed = any(cue.start is not None for cue in cues)
    name = f"{grammar.name}-{'docx' if docx else 'txt'}"
    return Captions(name, tuple(cues), "estimated" if timed else "none", notes.sentences())


def _formats() -> Iterator[Format]:
    for grammar in GRAMMARS:
        for docx in (False, True):
            suffix = "docx" if docx else "txt"
            yield Format(
                f"{grammar.name}-{suffix}",
                f"{grammar.title} (.{suffix})",
                grammar.example,
                partial(_guess, grammar, docx),
                partial(_read, grammar, docx),
            )


FORMATS = tuple(_formats())

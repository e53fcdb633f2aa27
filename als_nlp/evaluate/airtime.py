"""How well airtime survives captions: real meetings written as captions, read back, compared."""

from __future__ import annotations

import gzip
import html
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from als_nlp.captions import read_bytes
from als_nlp.errors import InputError
from als_nlp.measures.airtime import airtime
from als_nlp.models.public import load_public
from als_nlp.transcript import Transcript, Word

CUE_WORDS = 20
SWALLOWED = 1.0
"""Words of a cue, and seconds of silence that captioners leave inside one."""


@dataclass(frozen=True, slots=True)
class AirtimeError:
    """One meeting in one caption shape: mean absolute error of a speaker's share, in points."""

    meeting: str
    shape: str
    speakers: int
    error: float


@dataclass(frozen=True, slots=True)
class _Cue:
    who: str
    start: float | None
    end: float | None
    text: str


def airtime_errors(public: Path, *, meetings: int = 10) -> list[AirtimeError]:
    """Write AMI test meetings as Teams and Zoom captions, read them, compare with the gold.

    Args:
        public: folder with ``ami.test.jsonl.gz`` and ``airtime_gold.jsonl.gz``.
        meetings: how many meetings, in the order of the file.

    Raises:
        InputError: if a file is missing.
    """
    gold = _gold(public / "airtime_gold.jsonl.gz")
    errors = []
    for dialogue in load_public(public, "ami", "test")[:meetings]:
        shares = gold[dialogue.name]
        for shape, write in SHAPES.items():
            text = write(dialogue.transcript)
            found = airtime(read_bytes(text.encode(), name=f"{dialogue.name}.vtt"))
            said = {person.name: person.share for person in found}
            error = sum(abs(said.get(who, 0.0) - share) for who, share in shares.items())
            errors.append(
                AirtimeError(dialogue.name, shape, len(shares), 100 * error / len(shares))
            )
    return errors


def teams_vtt(transcript: Transcript) -> str:
    """Captions in the shape that Teams saves: GUID cue ids and voice tags."""
    lines = ["WEBVTT", ""]
    for number, cue in enumerate(_cues(transcript)):
        lines += [
            f"3f2a7c1e-9b04-4d5e-8c11-0a6b7d2e{number:04x}/{number}-0",
            f"{_stamp(cue.start)} --> {_stamp(cue.end)}",
            f"<v {html.escape(cue.who, quote=False)}>{html.escape(cue.text, quote=False)}</v>",
            "",
        ]
    return "\n".join(lines)


def zoom_vtt(transcript: Transcript) -> str:
    """Captions in the shape that Zoom saves: numbered cues that begin with the name."""
    lines = ["WEBVTT", ""]
    for number, cue in enumerate(_cues(transcript), start=1):
        lines += [
            str(number),
            f"{_stamp(cue.start)} --> {_stamp(cue.end)}",
            f"{cue.who}: {cue.text}",
            "",
        ]
    return "\n".join(lines)


SHAPES: dict[str, Callable[[Transcript], str]] = {"Teams": teams_vtt, "Zoom": zoom_vtt}


def _cues(transcript: Transcript) -> Iterator[_Cue]:
    """Cues as captioners cut them: a few seconds of one voice, short pauses swallowed."""
    names = {speaker.id: speaker.name or speaker.id for speaker in transcript.speakers}
    for turn in transcript.turns:
        cue: list[Word] = []
        for word in turn.words:
            if cue and (len(cue) >= CUE_WORDS or _pause(cue[-1], word) > SWALLOWED):
                yield _cue(names[turn.speaker or ""], cue)
                cue = []
            cue.append(word)
        yield _cue(names[turn.speaker or ""], cue)


def _cue(who: str, words: list[Word]) -> _Cue:
    return _Cue(who, words[0].start, words[-1].end, " ".join(word.text for word in words))


def _pause(before: Word, after: Word) -> float:
    return 0.0 if before.end is None or after.start is None else after.start - before.end


def _stamp(seconds: float | None) -> str:
    milliseconds = round(1000 * (seconds or 0.0))
    whole, rest = divmod(milliseconds, 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{rest:03}"


def _gold(path: Path) -> dict[str, dict[str, float]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: docs/corpora.md says how to get it.") from error
    return {
        row["dialogue"]: {person["speaker"]: person["share"] for person in row["speakers"]}
        for row in rows
    }

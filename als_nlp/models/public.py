"""Public corpora as training material: JSON lines, normalised to question / advice / other.

The files are not part of the project; ``docs/corpora.md`` says how to obtain each. Only rows marked
``strict`` teach; the others stand around them as context.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from als_nlp.errors import InputError
from als_nlp.transcript import Label, Segment, Source, Speaker, Transcript, Turn, Word

MEETINGS = ("ami", "icsi_mrda")
ADVICE = ("advice_needadvice", "advice_askparents")


@dataclass(frozen=True)
class PublicDialogue:
    """A dialogue with one gold label a segment, and whether that row may teach."""

    corpus: str
    name: str
    transcript: Transcript
    labels: tuple[Label, ...]
    strict: tuple[bool, ...]


def load_public(folder: Path, corpus: str, split: str) -> list[PublicDialogue]:
    """All dialogues of ``corpus.split.jsonl.gz``.

    Raises:
        InputError: if the file is missing or no JSON lines.
    """
    path = folder / f"{corpus}.{split}.jsonl.gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: docs/corpora.md says how to get it.") from error
    grouped = groupby(rows, key=lambda row: row["dialogue"])
    return [d for name, group in grouped if (d := _dialogue(corpus, name, list(group)))]


def _dialogue(corpus: str, name: str, rows: list[dict[str, Any]]) -> PublicDialogue | None:
    rows = [row for row in rows if str(row["text"]).split()]
    if not rows:
        return None
    turns = []
    for speaker, group in groupby(rows, key=lambda row: str(row["speaker"])):
        turns.append(Turn(speaker, tuple(Segment(_words(row)) for row in group)))
    speakers = tuple(
        Speaker(who, None, "facilitator" if who == _leader(rows) else "participant")
        for who in dict.fromkeys(str(row["speaker"]) for row in rows)
    )
    source = Source(file=name, format=corpus)
    return PublicDialogue(
        corpus,
        name,
        Transcript(source, speakers, tuple(turns)),
        tuple(row["label"] for row in rows),
        tuple(bool(row["strict"]) for row in rows),
    )


def _leader(rows: list[dict[str, Any]]) -> str | None:
    """AMI's project manager runs the meeting; elsewhere nobody is known to."""
    return next((str(row["speaker"]) for row in rows if row["role"] == "PM"), None)


def _words(row: dict[str, Any]) -> tuple[Word, ...]:
    tokens = str(row["text"]).split()
    start, end = row["start"], row["end"]
    if start is None or end is None:
        return tuple(Word(token) for token in tokens)
    step = (float(end) - float(start)) / len(tokens)
    return tuple(
        Word(token, round(start + i * step, 3), round(start + (i + 1) * step, 3))
        for i, token in enumerate(tokens)
    )


def training_files(folder: Path) -> Iterator[tuple[str, str]]:
    """(corpus, split) of the files that teach the tagger."""
    for corpus in (*MEETINGS, *ADVICE):
        if (folder / f"{corpus}.train.jsonl.gz").exists():
            yield corpus, "train"

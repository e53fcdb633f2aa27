"""What the encoder is taught from: coded segments, in the many ways that captions write them.

A lesson is a transcript with what is known of its segments. Every epoch sees it written another
way: as it is, with question marks lost, without case and punctuation, with the slips of speech
recognition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, cast

import numpy as np
from numpy.typing import NDArray

from als_nlp.corpus import AnnotatedSession
from als_nlp.models.public import MEETINGS, load_public, training_files
from als_nlp.models.style import plain
from als_nlp.transcript import (
    KINDS,
    PERSONAL_TYPES,
    PURPOSES,
    Kind,
    Segment,
    Transcript,
    Turn,
    Word,
)

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Known = Literal["kinds", "question", "advice"]
"""What a lesson knows of its segments: their kinds, or only whether they are questions / advice."""

Writer = Callable[[Sequence[str], np.random.Generator], list[str]]

NO_PURPOSE: Final = -1

SLIPS: Final = {
    "their": "there", "there": "their", "they're": "there", "your": "you're", "you're": "your",
    "its": "it's", "to": "too", "too": "to", "two": "to", "know": "no", "no": "know",
    "right": "write", "where": "were", "were": "where", "we're": "were", "ward": "word",
    "rota": "router", "shift": "shit", "would": "wood", "hear": "here", "here": "hear",
    "for": "four", "by": "buy", "whole": "hole", "who's": "whose", "then": "than",
    "and": "an", "are": "our", "our": "are", "is": "as", "you": "ya", "i'd": "i", "i've": "i",
    "what's": "what", "that's": "that", "gonna": "going to", "wouldn't": "wooden",
    "could": "good", "ask": "as", "have": "of", "of": "have", "him": "them", "her": "a",
}  # fmt: skip
"""What speech recognition takes words for."""


@dataclass(frozen=True)
class Lesson:
    """A transcript and what is known of its segments.

    ``targets``: (segments, kinds) probabilities for ``kinds``; (segments, 1) of the one label
    otherwise. ``purposes``: (segments,) numbers in ``PURPOSES``, or ``NO_PURPOSE``. ``weights``:
    (segments,) how much each counts. ``personal``: (words,) numbers in ``PERSONAL_TYPES``,
    ``len(PERSONAL_TYPES)`` for words that are no personal data; ``None`` where nobody marked any.
    """

    transcript: Transcript
    known: Known
    targets: Floats
    purposes: Ints
    weights: Floats
    punctuated: bool = True
    personal: Ints | None = None


def session_lesson(session: AnnotatedSession, opinion: NDArray[Any] | None = None) -> Lesson:
    """A coded session; ``opinion`` (segments, kinds) takes the place of its codes if given."""
    segments = session.transcript.segments
    gold = np.zeros((len(segments), len(KINDS)), dtype=np.float32)
    for row, piece in enumerate(segments):
        gold[row, KINDS.index(cast(Kind, piece.kind))] = 1
    purposes = [PURPOSES.index(s.purpose) if s.purpose else NO_PURPOSE for s in segments]
    return Lesson(
        session.transcript,
        "kinds",
        gold if opinion is None else opinion.astype(np.float32),
        np.asarray(purposes, dtype=np.int64),
        np.ones(len(segments), dtype=np.float32),
        session.header["captions"] != "raw",
        _personal(session),
    )


def _personal(session: AnnotatedSession) -> Ints:
    count = sum(len(s.words) for s in session.transcript.segments)
    out = np.full(count, len(PERSONAL_TYPES), dtype=np.int64)
    for mark in session.personal:
        out[mark.word : mark.word + mark.words] = PERSONAL_TYPES.index(mark.type)
    return out


DOUBTFUL: Final = 0.7
"""Weight of a public row that is not strictly marked."""


def public_lessons(folder: Path) -> Iterator[Lesson]:
    """The public corpora in ``folder``: meetings teach questions, advice forums teach advice."""
    for corpus, split in training_files(folder):
        known: Known = "question" if corpus in MEETINGS else "advice"
        for dialogue in load_public(folder, corpus, split):
            right = [[float(label == known)] for label in dialogue.labels]
            weights = [1.0 if strict else DOUBTFUL for strict in dialogue.strict]
            yield Lesson(
                dialogue.transcript,
                known,
                np.asarray(right, dtype=np.float32),
                np.full(len(right), NO_PURPOSE, dtype=np.int64),
                np.asarray(weights, dtype=np.float32),
            )


def vary(lesson: Lesson, random: np.random.Generator) -> Lesson:
    """The lesson as another caption program might have written it."""
    transcript = lesson.transcript
    if random.random() < 0.25:
        transcript = replace(
            transcript, speakers=tuple(replace(s, role=None) for s in transcript.speakers)
        )
    way = random.random()
    if not lesson.punctuated:
        write = slipped if way < 0.3 else plainly
    elif way < 0.35:
        write = as_is
    elif way < 0.5:
        write = unasked
    else:
        write = plainly if way < 0.85 else slipped
    return written(replace(lesson, transcript=transcript), write, random)


def written(lesson: Lesson, write: Writer, random: np.random.Generator) -> Lesson:
    """The lesson with the words of every segment written anew; empty segments are left out."""
    turns, kept, number = [], [], 0
    sources: list[int] = []
    said = 0
    quotes = random.random() < 0.7
    for turn in lesson.transcript.turns:
        segments = []
        for piece in turn.segments:
            words = []
            for word in piece.words:
                anew = write([word.text], random)
                words += anew
                sources += [said] * len(anew)
                said += 1
            if not quotes and write is not as_is:
                words = [w.replace("'", "") for w in words]
            if words:
                segments.append(Segment(tuple(Word(w) for w in words), piece.kind, piece.purpose))
                kept.append(number)
            number += 1
        if segments:
            turns.append(Turn(turn.speaker, tuple(segments), turn.phase, turn.cycle))
    return replace(
        lesson,
        transcript=lesson.transcript.with_turns(turns),
        targets=lesson.targets[kept],
        purposes=lesson.purposes[kept],
        weights=lesson.weights[kept],
        personal=None if lesson.personal is None else lesson.personal[sources],
    )


def as_is(words: Sequence[str], random: np.random.Generator) -> list[str]:
    """The words as they are."""
    return list(words)


def unasked(words: Sequence[str], random: np.random.Generator) -> list[str]:
    """Captions lose half of the question marks."""
    return [w.replace("?", ".") if w.endswith("?") and random.random() < 0.5 else w for w in words]


def plainly(words: Sequence[str], random: np.random.Generator) -> list[str]:
    """No case and no punctuation."""
    return [bare for w in words if (bare := plain(w))]


def slipped(words: Sequence[str], random: np.random.Generator) -> list[str]:
    """No case, no punctuation, and words lost or taken for others."""
    out = []
    for word in plainly(words, random):
        chance = random.random()
        if chance < 0.03:
            continue
        if chance < 0.25 and word in SLIPS:
            out.append(SLIPS[word])
        elif chance < 0.27:
            out.extend([word, str(random.choice(["um", "uh", "er", word]))])
        else:
            out.append(word)
    return out

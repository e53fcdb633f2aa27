"""The tagger: a transcript cut into segments, each with label, kind and purpose, and its phases.

``tag`` is the seam: whatever stands behind it takes a transcript and gives it back coded. Behind it
stands one encoder that reads the talk once and scores every token (``models.scores``); what it says
is put together here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from als_nlp.errors import ModelError
from als_nlp.measures.uncertainty import CountModel
from als_nlp.models.bundled import WEIGHTS
from als_nlp.models.encoder import Encoder, load_encoder
from als_nlp.models.linear import LinearModel, softmax
from als_nlp.models.phases import Habits, with_phases
from als_nlp.models.scores import COLUMNS, Scores, pooled
from als_nlp.models.style import style
from als_nlp.models.tokens import Tokens
from als_nlp.transcript import (
    KINDS,
    LABEL_OF,
    LABELS,
    PURPOSES,
    Kind,
    Purpose,
    Segment,
    Source,
    Speaker,
    Transcript,
    Turn,
    Word,
)

Rows = NDArray[np.float64]
IN_LABEL = np.array([[LABEL_OF[kind] == label for label in LABELS] for kind in KINDS], dtype=float)
"""(kinds, labels) membership: P(label) = P(kinds) @ IN_LABEL."""


@dataclass(frozen=True)
class Tagger:
    """A loaded tagger.

    ``card`` is what the training command wrote down: data, settings, figures; it also holds the
    thresholds, temperatures and measured confusions that are used here.
    """

    encoder: Encoder
    card: dict[str, Any]

    @property
    def name(self) -> str:
        """Name and version, as written into ``session.json``."""
        return str(self.card["name"])

    def count_model(self, transcript: Transcript) -> CountModel:
        """How counts go wrong in transcripts of this style (punctuated or raw)."""
        written = style(transcript)
        measured = [m for m in self.card["measured"] if m["style"] == written]
        return CountModel(
            np.asarray([m["confusion"] for m in measured], dtype=float),
            np.asarray([m["counted"] for m in measured], dtype=float),
        )

    def tag(self, transcript: Transcript) -> Transcript:
        """Cut every turn into segments, code each of them, and find the phases.

        Turns are left without phases where the session does not go as a set goes.
        """
        phased, tokens, scores = self._read(transcript)
        threshold = self.card["thresholds"][style(transcript)]
        return self._coded(cut(phased, tokens, scores, threshold), tokens, scores)

    def code(self, transcript: Transcript) -> Transcript:
        """Code the segments as they stand."""
        _, tokens, scores = self._read(transcript)
        return self._coded(transcript, tokens, scores)

    def personal(self, transcript: Transcript) -> Rows:
        """Probabilities of types of personal data, the last of none: (words, types + 1)."""
        tokens, scores = self.encoder.read(transcript)
        chances = softmax(scores[:, COLUMNS["personal"]].astype(float))
        out = np.zeros((sum(len(t.words) for t in transcript.turns), chances.shape[1]))
        said = tokens.word >= 0
        # a word is as telling as its most telling piece
        np.maximum.at(out, tokens.word[said], chances[said])
        out[:, -1] = 1 - out[:, :-1].max(axis=1, initial=0.0)
        return out

    def knows(self, word: str) -> bool:
        """Whether a word is an ordinary one: a common piece of the vocabulary by itself."""
        return self.encoder.knows(word)

    def asks(self, context: Sequence[Turn], speaker: str | None, text: str) -> bool:
        """Whether ``text``, said by ``speaker`` after ``context``, reads as a question."""
        words = tuple(Word(word) for word in text.split())
        turns = (*context, Turn(speaker, (Segment(words),)))
        voices = dict.fromkeys(turn.speaker for turn in turns if turn.speaker is not None)
        speakers = tuple(Speaker(voice) for voice in voices)
        small = Transcript(_NOWHERE, speakers, turns)
        return self._coded(small, *self.encoder.read(small)).segments[-1].label == "question"

    def _coded(self, transcript: Transcript, tokens: Tokens, scores: Scores) -> Transcript:
        kinds, purposes = opinions(transcript, tokens, scores, self.card["temperature"])
        coded = iter(
            _Code(kind, PURPOSES[int(purpose)] if LABEL_OF[kind] == "question" else None, sure)
            for kind, purpose, sure in zip(
                decided_kinds(kinds),
                purposes.argmax(axis=1),
                (kinds @ IN_LABEL).max(axis=1),
                strict=True,
            )
        )
        return transcript.with_turns(
            replace(turn, segments=tuple(next(coded).on(piece) for piece in turn.segments))
            for turn in transcript.turns
        )

    def _read(self, transcript: Transcript) -> tuple[Transcript, Tokens, Scores]:
        """The transcript with phases, if it goes as a set goes, its tokens and their scores.

        Talk that does not go as a set goes, a meeting say, is read again as such.
        """
        tokens, scores = self.encoder.read(transcript)
        marks = tokens.word < 0
        phased = with_phases(
            transcript,
            log_softmax(scores[marks][:, COLUMNS["phase"]]),
            log_softmax(scores[marks][:, COLUMNS["begins"]]),
            Habits(**self.card["habits"]),
        )
        if any(turn.phase for turn in phased.turns):
            return phased, tokens, scores
        return transcript, *self.encoder.read(transcript, placed=False)


def cut(transcript: Transcript, tokens: Tokens, scores: Scores, threshold: float) -> Transcript:
    """The same words in the same turns, cut anew into uncoded segments."""
    chances = 1 / (1 + np.exp(-scores[:, COLUMNS["cut"]][:, 0].astype(float)))
    ends = set(tokens.word[tokens.last & (chances >= threshold)].tolist())
    turns, number = [], 0
    for turn in transcript.turns:
        segments: list[Segment] = []
        begun: list[Word] = []
        for word in turn.words:
            begun.append(word)
            if number in ends:
                segments.append(Segment(tuple(begun)))
                begun = []
            number += 1
        if begun:
            segments.append(Segment(tuple(begun)))
        turns.append(replace(turn, segments=tuple(segments)))
    return transcript.with_turns(turns)


def opinions(
    transcript: Transcript, tokens: Tokens, scores: Scores, temperature: float = 1.0
) -> tuple[Rows, Rows]:
    """Probabilities of kinds (segments, kinds) and purposes (segments, purposes)."""
    segments = transcript.segments
    of_word = np.asarray([n for n, s in enumerate(segments) for _ in s.words], dtype=np.int64)
    owner = np.where(tokens.word >= 0, of_word[tokens.word], -1)
    found = pooled(scores, owner, len(segments)).astype(float)
    return (
        softmax(found[:, COLUMNS["kind"]] / temperature),
        softmax(found[:, COLUMNS["purpose"]]),
    )


def decided_kinds(kinds: Rows) -> list[Kind]:
    """The likeliest kind of the likeliest label for each row of ``kinds`` (segments, kinds)."""
    best = (kinds @ IN_LABEL).argmax(axis=1)
    inside = np.where(IN_LABEL.T[best] > 0, kinds, -1.0)
    return [KINDS[kind] for kind in inside.argmax(axis=1)]


def log_softmax(scores: Scores) -> Rows:
    """Rows of scores to rows of log-probabilities, none below that of one in a thousand."""
    return np.asarray(np.log(softmax(scores.astype(float)) + 1e-3))


def load_card(folder: Path) -> dict[str, Any]:
    """The card of the tagger in a folder of weights.

    Raises:
        ModelError: if it is missing or damaged.
    """
    try:
        card: dict[str, Any] = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            "The model tagger.json is missing or damaged: install als-nlp again."
        ) from error
    return card


@cache
def load_facilitation(folder: Path = WEIGHTS) -> LinearModel:
    """The model of what facilitators do in a folder of weights, loaded once.

    Raises:
        ModelError: if it is missing or damaged.
    """
    return LinearModel.load(folder / "facilitator.npz")


@cache
def load_tagger(folder: Path = WEIGHTS) -> Tagger:
    """The tagger in a folder of weights, the bundled one by default, loaded once.

    Raises:
        ModelError: if its weights are missing or damaged.
    """
    return Tagger(load_encoder(folder), load_card(folder))


_NOWHERE = Source("", "")


@dataclass(frozen=True, slots=True)
class _Code:
    kind: Kind
    purpose: Purpose | None
    probability: float

    def on(self, piece: Segment) -> Segment:
        """The segment with this code."""
        sure = round(float(self.probability), 4)
        return replace(piece, kind=self.kind, purpose=self.purpose, probability=sure)

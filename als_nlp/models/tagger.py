"""The tagger: segments of a transcript with label, kind and purpose.

``tag`` is the seam: whatever stands behind it takes a transcript and gives it back coded. This one
is light: word n-grams, parts of speech and neighbouring segments into linear models, twice over.
The first look codes each segment by itself; the second sees the first look's opinion of the
neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from als_nlp.measures.uncertainty import CountModel
from als_nlp.models.bundled import WEIGHTS
from als_nlp.models.features import Floor, session_features
from als_nlp.models.linear import LinearModel, softmax
from als_nlp.models.segmenting import segment, style
from als_nlp.transcript import KINDS, LABEL_OF, LABELS, PURPOSES, Kind, Transcript

REACH = 3
"""Segments on either side that the second look takes in."""

Rows = NDArray[np.float64]
KINDS_OF = {label: [k for k in KINDS if LABEL_OF[k] == label] for label in LABELS}


@dataclass(frozen=True)
class Tagger:
    """A loaded tagger. ``count_model`` knows how its counts go wrong."""

    first: LinearModel
    second: LinearModel
    boundaries: LinearModel

    @property
    def name(self) -> str:
        """Name and version, as written into ``session.json``."""
        return str(self.second.card["name"])

    @property
    def card(self) -> dict[str, Any]:
        """What the training command wrote down: data, figures, settings."""
        return dict(self.second.card)

    def count_model(self, transcript: Transcript) -> CountModel:
        """How counts go wrong in transcripts of this style (punctuated or raw)."""
        written = style(transcript)
        measured = [m for m in self.second.card["measured"] if m["style"] == written]
        return CountModel(
            np.asarray([m["confusion"] for m in measured], dtype=float),
            np.asarray([m["counted"] for m in measured], dtype=float),
        )

    def tag(self, transcript: Transcript) -> Transcript:
        """Cut every turn into segments and code each of them."""
        return self.code(segment(transcript, self.boundaries))

    def code(self, transcript: Transcript) -> Transcript:
        """Code the segments as they stand."""
        kinds, purposes = self.probabilities(transcript)
        labels = np.stack(
            [kinds[:, [KINDS.index(k) for k in KINDS_OF[label]]].sum(axis=1) for label in LABELS],
            axis=1,
        )
        coded = iter(zip(labels, kinds, purposes, strict=True))
        turns = []
        for turn in transcript.turns:
            segments = []
            for piece in turn.segments:
                label_p, kind_p, purpose_p = next(coded)
                best = int(label_p.argmax())
                kind = max(KINDS_OF[LABELS[best]], key=lambda k: kind_p[KINDS.index(k)])
                purpose = PURPOSES[int(purpose_p.argmax())] if LABELS[best] == "question" else None
                segments.append(
                    replace(
                        piece,
                        kind=kind,
                        purpose=purpose,
                        probability=round(float(label_p[best]), 4),
                    )
                )
            turns.append(replace(turn, segments=tuple(segments)))
        return transcript.with_turns(turns)

    def probabilities(self, transcript: Transcript) -> tuple[Rows, Rows]:
        """Probabilities of kinds (segments, kinds) and purposes (segments, purposes)."""
        items = self.first.encode(session_features(transcript))
        look = first_look(self.first, items)
        wide = second_look_inputs(look, transcript)
        head = self.second.heads["kind"]
        kinds = softmax(wide @ head.weights + head.bias)
        return kinds, self.first.probabilities("purpose", items)


@cache
def load_part(name: str) -> LinearModel:
    """A bundled linear model by name, loaded once.

    Raises:
        ModelError: if it is missing or damaged.
    """
    return LinearModel.load(WEIGHTS / f"{name}.npz")


@cache
def load_tagger() -> Tagger:
    """The bundled tagger, loaded once.

    Raises:
        ModelError: if its weights are missing or damaged.
    """
    return Tagger(load_part("first"), load_part("second"), load_part("boundaries"))


def tag(transcript: Transcript) -> Transcript:
    """Segments, labels, kinds and purposes for a transcript, by the bundled tagger.

    Raises:
        ModelError: if the weights are missing or damaged.
    """
    return load_tagger().tag(transcript)


def first_look(model: LinearModel, items: Sequence[NDArray[np.intp]]) -> Rows:
    """P(kind) = P(label) · P(kind | label), shape (segments, kinds)."""
    labels = model.probabilities("label", items)
    out = np.empty((len(items), len(KINDS)))
    for column, label in enumerate(model.heads["label"].classes):
        within = model.probabilities(label, items)
        for k, kind in enumerate(model.heads[label].classes):
            out[:, KINDS.index(cast(Kind, kind))] = labels[:, column] * within[:, k]
    return out


def second_look_inputs(look: Rows, transcript: Transcript) -> Rows:
    """What the second look sees of every segment, shape (segments, inputs): the first look's

    log-probabilities of it and its neighbours, who of them speak in the same turn or voice, and
    the part of the speaker.
    """
    where = [(t, turn.speaker) for t, turn in enumerate(transcript.turns) for _ in turn.segments]
    floor = Floor(transcript.turns)
    shares = [floor.share(t) for t, _ in where]
    logs = np.log(look + 1e-4) + 4.0
    count, kinds = logs.shape
    blocks = [logs]
    for offset in (*range(-REACH, 0), *range(1, REACH + 1)):
        same_turn = np.zeros((count, kinds))
        other = np.zeros((count, kinds))
        for i in range(max(0, -offset), min(count, count - offset)):
            block = same_turn if where[i][0] == where[i + offset][0] else other
            block[i] = logs[i + offset]
        blocks += [same_turn, other]
    facilitator = transcript.facilitator
    part = np.array(
        [
            [speaker == facilitator, share > 0.5, share < 0.2, t / len(transcript.turns)]
            for (t, speaker), share in zip(where, shares, strict=True)
        ],
        dtype=float,
    )
    gated = np.concatenate([logs * part[:, [c]] for c in range(3)], axis=1)
    return np.concatenate([*blocks, part, gated], axis=1)

"""The encoder's scores: which column says what, and how a segment's are made from its tokens'."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.transcript import KINDS, PERSONAL_TYPES, PHASES, PURPOSES

Scores = NDArray[np.float32]

COLUMNS: Final = {
    "cut": slice(0, 1),
    "weight": slice(1, 2),
    "kind": slice(2, 2 + len(KINDS)),
    "purpose": slice(2 + len(KINDS), 2 + len(KINDS) + len(PURPOSES)),
    "phase": slice(7 + len(KINDS), 7 + len(KINDS) + len(PHASES)),
    "begins": slice(12 + len(KINDS), 13 + len(KINDS) + len(PHASES)),
    "personal": slice(18 + len(KINDS), 19 + len(KINDS) + len(PERSONAL_TYPES)),
}
"""Ends a segment here; weight of the token; kind; purpose; phase; begins a phase (last: none);

type of personal data (last: none).
"""
WIDTH: Final = COLUMNS["personal"].stop


def pooled(scores: Scores, owner: NDArray[np.int64], count: int) -> Scores:
    """Scores of segments, shape (count, WIDTH), from (tokens, WIDTH); ``owner`` −1 is nobody's.

    A segment without any token (characters that the vocabulary does not know) scores zero.
    """
    inside = owner >= 0
    flat, who = scores[inside], owner[inside]
    weight = np.exp(np.clip(flat[:, COLUMNS["weight"]], -8, 8))
    total = np.zeros((count, 1), dtype=np.float32)
    out = np.zeros((count, WIDTH), dtype=np.float32)
    np.add.at(total, who, weight)
    np.add.at(out, who, flat * weight)
    return np.asarray(out / np.maximum(total, 1e-9), dtype=np.float32)

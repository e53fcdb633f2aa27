"""From what the tagger counted to what was probably there, with an interval.

A classifier that misses some questions and invents others miscounts in a known way. Counts are put
right with its measured confusion (adjusted count, Forman 2008, doi:10.1007/s10618-008-0097-y, in
its maximum-likelihood form, which cannot go below zero) and given an interval by bootstrap: the
sessions on which the confusion was measured are drawn anew, and the true class of every segment is
drawn given what the tagger said. What a single segment cannot show, such as cuts in the wrong
places, is in how far whole sessions were still out after the correction: that is drawn, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.transcript import Kind

GROUPS: Final = ("open", "closed", "direct", "disguised", "experience", "reflection", "rest")
"""The classes told apart in counting; ``rest`` is everything that no count here speaks of."""

GROUP_OF: Mapping[Kind, str] = {
    "open": "open", "closed": "closed", "direct": "direct", "disguised": "disguised",
    "experience": "experience", "reflection": "reflection", "account": "rest",
    "process": "rest", "commitment": "rest", "ack": "rest",
}  # fmt: skip
LEVEL = 0.90
DRAWS = 400
STEPS = 60
"""Rounds of expectation-maximisation; enough for counts to settle to a tenth of a segment."""

PULL = 0.05
"""Share of a session's segments that is taken to be of the usual mix before anything is counted."""

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 90 % interval; ``counted`` is what the tagger said before correction."""

    value: float
    low: float
    high: float
    counted: float


class CountModel:
    """Turns tagged counts into draws of the true counts.

    All arrays come from sessions that the tagger had not been trained on when it tagged them.

    Args:
        confusions: (sessions, true group, tagged group) counts of segments, cuts given.
        counted: (sessions, groups) tagged counts of the same sessions with the tagger's own cuts.
        seed: of the bootstrap, so that a session always gets the same intervals.
    """

    def __init__(self, confusions: Counts, counted: Counts, *, seed: int = 1) -> None:
        self._confusions = confusions
        self._seed = seed
        self._rates = _rates(confusions.sum(axis=0))
        self._mix = confusions.sum(axis=(0, 2)) / confusions.sum()
        true = confusions.sum(axis=2)
        adjusted = np.stack([_adjust(row, self._rates, self._mix) for row in counted])
        # one more segment on both sides keeps rare groups from giving wild ratios
        self._still_out = (true + 1) / (adjusted + 1)
        self._usually_out = (true.sum(axis=0) + 1) / (adjusted.sum(axis=0) + 1)

    def draws(self, counted: Sequence[int]) -> Counts:
        """Bootstrap draws of the true counts, shape (draws, groups), given tagged counts."""
        random = np.random.default_rng(self._seed)
        observed = np.asarray(counted, dtype=float)
        sessions = len(self._confusions)
        picked = random.integers(0, sessions, (DRAWS, sessions))
        rates = _rates(self._confusions[picked].sum(axis=1))
        given = _true_given_tagged(rates, _adjust(observed, rates, self._mix))
        # one multinomial a draw and tagged group: how its segments fall to the true groups
        drawn = random.multinomial(observed.astype(int), given.swapaxes(-1, -2)).sum(axis=1)
        return np.asarray(drawn * self._still_out[random.integers(0, sessions, DRAWS)])

    def adjusted(self, counted: Sequence[int]) -> Counts:
        """The corrected counts."""
        found = _adjust(np.asarray(counted, dtype=float), self._rates, self._mix)
        return np.asarray(found * self._usually_out)


def counts(kinds: Sequence[Kind]) -> list[int]:
    """How many segments fall in each of ``GROUPS``."""
    groups = [GROUP_OF[kind] for kind in kinds]
    return [groups.count(group) for group in GROUPS]


def summary(draws: Counts, value: float, counted: float) -> Estimate:
    """A figure with the central 90 % of its draws (NaN draws, of empty ratios, are left out)."""
    kept = draws[~np.isnan(draws)]
    tail = (1 - LEVEL) / 2 * 100
    low, high = np.percentile(kept, [tail, 100 - tail]) if len(kept) else (np.nan, np.nan)
    return Estimate(float(value), float(min(low, value)), float(max(high, value)), float(counted))


def _rates(confusion: Counts) -> Counts:
    """P(tagged | true), rows true; half a segment on the diagonal keeps any from being empty."""
    confusion = confusion + 0.5 * np.eye(confusion.shape[-1])
    return np.asarray(confusion / confusion.sum(axis=-1, keepdims=True))


def _adjust(observed: Counts, rates: Counts, mix: Counts) -> Counts:
    """Likeliest true counts, by expectation-maximisation from the observed ones.

    A light pull towards the usual ``mix`` of groups keeps small counts from being explained away
    as errors altogether. ``rates`` may carry leading dimensions, which the result keeps.
    """
    usual = mix * observed.sum()
    true = np.broadcast_to(observed + 0.5, rates.shape[:-1])
    for _ in range(STEPS):
        likeliest = (_true_given_tagged(rates, true) * observed).sum(axis=-1)
        true = (1 - PULL) * likeliest + PULL * usual
    return true


def _true_given_tagged(rates: Counts, true: Counts) -> Counts:
    """P(true | tagged) under given true counts; columns sum to 1."""
    joint = rates * (true[..., None] + 1e-9)
    return np.asarray(joint / joint.sum(axis=-2, keepdims=True))

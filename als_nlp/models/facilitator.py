"""Who facilitates, from what facilitators do: run the set, keep time, ask, bring people in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from als_nlp.models.features import grams, names_in, tokens
from als_nlp.models.linear import LinearModel
from als_nlp.transcript import Segment, Transcript, Turn

LONGEST = 60
"""Words of a turn that are looked at; a facilitator's part shows in how a turn begins."""


def turn_features(transcript: Transcript) -> list[list[str]]:
    """Named features of every turn: what is said, and where in the session."""
    names = names_in(transcript)
    last = max(1, len(transcript.turns) - 1)
    return [_features(turn, names, 10 * i // last) for i, turn in enumerate(transcript.turns)]


def _features(turn: Turn, names: frozenset[str], when: int) -> list[str]:
    words = tokens(Segment(turn.words[:LONGEST]), names)
    return [*grams(words), f"when {when}", f"when {when} {' '.join(words[:2])}"]


def find_facilitator(transcript: Transcript, model: LinearModel) -> Transcript:
    """The transcript with roles: one facilitator and participants, or untouched if unsure.

    Sure is: clearly ahead of the next person, and with turns like a facilitator's on the whole.
    Where all others are known to be participants, the one who is left is ahead of nobody.

    Speakers whose role is known keep it.
    """
    known = [s for s in transcript.speakers if s.role is not None]
    if any(s.role == "facilitator" for s in known) or len(transcript.speakers) < 3:
        return transcript
    scores = facilitation(transcript, model)
    if not scores or (len(scores) == 1 and not known):
        return transcript
    first, *others = sorted(scores, key=lambda who: -scores[who])
    clear = not others or scores[first] - scores[others[0]] >= model.card["margin"]
    own = sum(turn.speaker == first for turn in transcript.turns)
    facilitates = scores[first] / own**0.5 >= model.card["floor"]
    return with_facilitator(transcript, first) if clear and facilitates else transcript


def with_facilitator(transcript: Transcript, speaker_id: str) -> Transcript:
    """The transcript with this speaker as its facilitator and all others as participants."""
    speakers = tuple(
        replace(s, role="facilitator" if s.id == speaker_id else "participant")
        for s in transcript.speakers
    )
    return replace(transcript, speakers=speakers)


def facilitation(transcript: Transcript, model: LinearModel) -> dict[str, float]:
    """How much each speaker (who may be it) facilitates.

    The sum of the evidence of all turns, clipped so that no single turn decides, divided by the
    square root of their number.
    """
    chances = model.probabilities("facilitates", model.encode(turn_features(transcript)))[:, 1]
    evidence = np.clip(np.log(chances + 1e-6) - np.log(1 - chances + 1e-6), -3, 3)
    scores = {}
    for speaker in transcript.speakers:
        own = [
            e for e, t in zip(evidence, transcript.turns, strict=True) if t.speaker == speaker.id
        ]
        if own and speaker.role is None:
            scores[speaker.id] = float(np.sum(own) / len(own) ** 0.5)
    return scores

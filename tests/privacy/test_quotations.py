"""What may be quoted: nothing rare, private, or said by somebody else."""

from __future__ import annotations

import pytest

from als_nlp.models.tagger import load_tagger
from als_nlp.privacy.quotable import quotable


@pytest.mark.parametrize(
    "sentence",
    [
        "I want the work shared fairly and I do not know how to begin.",
        "We agree in the room and then nothing changes on the ground.",
    ],
)
def test_plain_sentences_may_be_quoted(sentence: str) -> None:
    assert quotable(sentence, load_tagger().knows)


@pytest.mark.parametrize(
    "sentence",
    [
        "I want [Person A] to share the work and I do not know how.",
        "I am the only matron here and nobody wants to hear it from me.",
        "My daughter was ill and I could not come to work that week.",
        "And she said, what do you expect me to do about it now?",
        "We had eleven incidents and none of them was ever looked at.",
        "I have done this for six years and I hear about it afterwards.",
        "He thinks that because I am Polish I do not understand the joke.",
        "I told him I would never work with Gideon on the same shift.",
        "Zoë keeps leaving the hard calls for me to make.",
        "I keep leaving the hard calls for Émile to make.",
        "There were owt and nowt to be had on the morning of the move.",
        "What do I want, I want to be able to have a tooth out.",
        "Too short.",
    ],
)
def test_what_points_at_somebody_is_not(sentence: str) -> None:
    assert not quotable(sentence, load_tagger().knows)

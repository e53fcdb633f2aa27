"""Names of people on no list, by the way they are spoken of; and what only sounds like one."""

from __future__ import annotations

import numpy as np
import pytest

from als_nlp.models.english import entities
from als_nlp.models.tagger import load_tagger
from als_nlp.privacy.find import capitals_tell, find
from als_nlp.transcript import PERSONAL_TYPES
from tests.privacy.test_listed_names import talk


def hidden(text: str, *, capitals: bool = True) -> list[str]:
    """What is hidden by such clues alone: the encoder has learned nothing."""
    transcript = talk(text)
    words = transcript.turns[0].words
    found = find(
        transcript,
        learned=np.zeros((len(words), len(PERSONAL_TYPES) + 1)),
        known=load_tagger().knows,
        english=entities() if capitals else None,
    )
    return [" ".join(w.text for w in words[f.begin : f.end]) for f in found]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The list had A. Entwistle on it, and nobody had told her.", ["A. Entwistle"]),
        ("Then Mr and Mrs Okafor-Reid came in to complain.", ["Mr and Mrs Okafor-Reid"]),
        ("It was up to PC Holroyd in the end, I think.", ["PC Holroyd"]),
        ("I asked, and Solomon rounds it up while Gwen tests it.", ["Solomon", "Gwen"]),
        ("My supervisor is Joy and she knows what I mean.", ["Joy"]),
        ("There was a young man called Rich. Rich was lovely.", ["Rich.", "Rich"]),
        ("We found him in a lay-by near Little Hanstock that night.", ["Little Hanstock"]),
    ],
)
def test_people_are_known_by_the_way_they_are_spoken_of(text: str, names: list[str]) -> None:
    assert hidden(text) == names


def test_common_first_names_need_no_capital() -> None:
    assert hidden("so i asked solomon and then gwen told us", capitals=False) == ["solomon", "gwen"]


@pytest.mark.parametrize(
    "text",
    [
        "We did the Waterlow score and then the Johari window.",
        "It's the Fraser guidelines, and Martha's Rule after that.",
        "She was on Tegretol and then on amlodipine as well.",
        "Fill that in and Bob's your uncle, honestly.",
        "Every Tom, Dick and Harry had an opinion on it.",
        "They were robbing Peter to pay Paul by then.",
        "I wish you joy of it, and I hope you will mark that.",
    ],
)
def test_tools_drugs_and_sayings_are_nobody(text: str) -> None:
    assert hidden(text) == []


def test_capitals_say_nothing_where_every_few_words_are_a_sentence() -> None:
    assert not capitals_tell(talk("And. He Rings. Up From. The Depot. They Do. The Hoists."))
    assert capitals_tell(talk("And he rings up from the depot. They do the hoists there."))

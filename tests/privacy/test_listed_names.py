"""The names of a list of people, in what is said: all of them, and no other words."""

from __future__ import annotations

import numpy as np
import pytest

from als_nlp.models.english import entities
from als_nlp.people import Person
from als_nlp.pipeline import anonymise
from als_nlp.privacy.anonymise import replaced
from als_nlp.privacy.find import find
from als_nlp.privacy.found import Found
from als_nlp.transcript import PERSONAL_TYPES, Source, Speaker, Transcript
from tests.conftest import said


def talk(text: str, *names: str) -> Transcript:
    """A session of one turn, by the first of these speakers."""
    speakers = tuple(Speaker(f"S{n}", name) for n, name in enumerate(names, start=1))
    return Transcript(
        Source("talk.vtt", "webvtt"), speakers, (said("S1", 0, 9, ("account", text)),)
    )


def hidden(text: str, *people: Person) -> list[str]:
    """What is hidden by the list alone: the encoder has learned nothing and knows every word."""
    transcript = talk(text, "Dev")
    words = transcript.turns[0].words
    learned = np.zeros((len(words), len(PERSONAL_TYPES) + 1))
    found = find(transcript, people=people, learned=learned, known=lambda word: True)
    return [" ".join(w.text for w in words[f.begin : f.end]) for f in found]


HELEN = Person("Helen Ward", None)
ANNA = Person("Anna van Dijk", None)
BOSS = Person("Ruth Bell", None, ("the boss",))


@pytest.mark.parametrize(
    ("text", "person", "names"),
    [
        ("the ward was full and the wards were too", HELEN, []),
        ("Ward rounds are late. On our ward, Helen says.", HELEN, ["Helen"]),
        ("so I asked helen ward about the ward", HELEN, ["helen ward"]),
        ("so I asked nell ward about the ward", HELEN, ["nell ward"]),
        ("I asked Ward, and Ward said that Ward is on the ward", HELEN, ["Ward,", "Ward", "Ward"]),
        ("We moved Helen's ward", HELEN, ["Helen's"]),
        ("a van came, the van of Anna van Dijk", ANNA, ["Anna van Dijk"]),
        ("a van came from van dijk today", ANNA, ["van dijk"]),
        ("the ward and the rest, my boss said", BOSS, []),
        ("then the boss rang a bell", BOSS, ["the boss"]),
        ("we will read it, said Will Read", Person("Will Read", None), ["Will Read"]),
        ("then O’Brien and o'brien came", Person("Niamh O’Brien", None), ["O’Brien", "o'brien"]),
        ("then Zoe and zoë came", Person("Zoë", None), ["Zoe", "zoë"]),
    ],
)
def test_names_are_hidden_and_the_same_words_meant_otherwise_are_not(
    text: str, person: Person, names: list[str]
) -> None:
    assert hidden(text, person) == names


def test_a_capital_is_one_in_any_alphabet() -> None:
    transcript = talk("then I met Łukasz and Émile there", "Dev")
    words = len(transcript.turns[0].words)
    learned = np.zeros((words, len(PERSONAL_TYPES) + 1))
    ordinary = {"then", "i", "met", "and", "there"}

    found = find(transcript, learned=learned, known=ordinary.__contains__, english=entities())
    assert [f.key for f in found] == ["łukasz", "émile"]


@pytest.mark.parametrize(
    ("voice", "listed"), [("Dev", "Dev Patel"), ("Dev Patel", "Dev"), ("Zoe", "Zoë Marsh")]
)
def test_one_person_has_one_stand_in_as_speaker_and_where_they_are_named(
    voice: str, listed: str
) -> None:
    transcript = talk(f"Well, I told {voice} that {listed} has to wait.", "Ana", voice)
    clean = anonymise(transcript, people=(Person(listed, None),))
    label = clean.transcript.speakers[1].name
    assert {r.stand_in for r in clean.replacements} == {label}
    assert clean.transcript.turns[0].text == f"Well, I told {label} that {label} has to wait."


def test_punctuation_and_possessives_stay() -> None:
    transcript = talk("I told Dev. She saw Ana’s list (Dev).", "Ana", "Dev")
    found = [Found(0, n, n + 1, "PERSON", key, "name", 1.0) for n, key in ((2, "Dev"), (5, "Ana"))]
    done = replaced(transcript, found)
    words = [w.text for w in done.transcript.turns[0].words]
    assert (
        [r.now for r in done.replacements]
        == [words[2], words[5]]
        == ["[Person B].", "[Person A]’s"]
    )

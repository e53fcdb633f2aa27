"""Personal data in whole sessions, as the anonymiser will replace it."""

from __future__ import annotations

import pytest

from als_nlp import corpus
from als_nlp.pipeline import personal_data
from tests.conftest import ROOT


@pytest.mark.parametrize("name", ["thicket-1", "mallard-1"])
def test_no_word_is_replaced_twice(name: str) -> None:
    session = corpus.load(next((ROOT / "corpora" / "als").glob(f"*/{name}.als.txt")))
    places = [(f.turn, n) for f in personal_data(session.transcript) for n in range(f.begin, f.end)]
    assert places
    assert len(places) == len(set(places))


def test_epithets_and_surnames_go_with_the_name_even_without_capitals() -> None:
    session = corpus.load(ROOT / "corpora" / "als" / "thicket" / "thicket-1.als.txt")
    turns = session.transcript.turns
    hidden = {
        " ".join(w.text for w in turns[f.turn].words[f.begin : f.end])
        for f in personal_data(session.transcript)
    }
    assert "big jean" in hidden

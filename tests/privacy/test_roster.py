"""People of the set, however they are called, written or misheard."""

from __future__ import annotations

import pytest

from als_nlp.people import Person
from als_nlp.privacy.roster import Roster

PEOPLE = (
    Person("Helen Okafor", "facilitator"),
    Person("Harriet Lund", "participant", ("Hattie",)),
    Person("Ngozi Eze", "participant"),
    Person("William Frost", "participant"),
    Person("Siobhan Daly", "participant"),
)
ORDINARY = {"will", "frost", "kettle", "harness", "daily", "lunch"}


@pytest.fixture
def roster() -> Roster:
    return Roster(PEOPLE, lambda word: word in ORDINARY)


@pytest.mark.parametrize(
    ("word", "likely", "capital", "person"),
    [
        ("Helen", 0.0, True, "Helen Okafor"),
        ("okafor", 0.0, False, "Helen Okafor"),
        ("Hattie", 0.0, True, "Harriet Lund"),
        ("Nell", 0.0, True, "Helen Okafor"),
        ("Will", 0.0, True, "William Frost"),
        ("will", 0.0, False, None),
        ("will", 0.9, False, "William Frost"),
        ("ngosi", 0.3, False, "Ngozi Eze"),
        ("siobhan", 0.0, False, "Siobhan Daly"),
        ("shivaun", 0.4, False, "Siobhan Daly"),
        ("HO", 0.0, True, "Helen Okafor"),
        ("kettle", 0.0, False, None),
        ("lunch", 0.0, False, None),
        ("daily", 0.0, False, None),
    ],
)
def test_who_is_meant(
    roster: Roster, word: str, likely: float, capital: bool, person: str | None
) -> None:
    match = roster.who(word, likely=likely, capital=capital)
    assert (match.person if match else None) == person


def test_two_words_that_were_one_name_are_put_together(roster: Roster) -> None:
    match = roster.both("harri", "et")
    assert match and match.person == "Harriet Lund"
    assert roster.both("kettle", "on") is None

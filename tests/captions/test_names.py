"""One person, one name, however the software writes it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.names import LONGEST, NameBook, tidy


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Okafor, Helen", "Helen Okafor"),
        ("Okafor, Helen (Guest)", "Helen Okafor"),
        ("SHAW, Helen (NORTH (WEST) TRUST)", "Helen SHAW"),
        ("de Sousa, Ana [External]", "Ana de Sousa"),
        ("O’Neill-Smith, Mary-Jane K.", "Mary-Jane K. O’Neill-Smith"),
        ("Helen Shaw, RN", "Helen Shaw, RN"),
        ("Martin King, Jr.", "Martin King, Jr."),
        ("  Helen \t Shaw ", "Helen Shaw"),
        ("Helen Shaw (she/her)", "Helen Shaw"),
        ("Helen:", "Helen"),
        ("(Guest)", "Guest"),
        ("Speaker 1", "Speaker 1"),
        ("Hel\u202een\u200b", "Helen"),
        ("Unknown", None),
        ("Unknown speaker", None),
        ("unidentified participant", None),
        ("", None),
        (" -:; ", None),
        ("\u200b", None),
        ("()", None),
    ],
)
def test_names_are_brought_into_one_form(raw: str, name: str | None) -> None:
    assert tidy(raw) == name


@given(st.text(max_size=200))
def test_a_tidy_name_stays_as_it_is(raw: str) -> None:
    name = tidy(raw)
    assert name is None or (0 < len(name) <= LONGEST and tidy(name) == name)


def test_nobody_can_be_hidden_in_a_monstrous_name() -> None:
    assert tidy("x" * 1_000_000) == "x" * LONGEST
    assert tidy("(" * 100_000 + "x" + ")" * 100_000) is not None


def test_people_are_met_in_order_under_the_first_spelling() -> None:
    book = NameBook()
    composed, decomposed = "Zoë", unicodedata.normalize("NFD", "Zoë")
    assert composed != decomposed
    assert [book.person(n) for n in ("Zoë", "DEV", decomposed, "dev (Guest)", None, "Unknown")] == [
        "Zoë", "DEV", "Zoë", "DEV", None, None,
    ]  # fmt: skip
    assert book.people == ("Zoë", "DEV")

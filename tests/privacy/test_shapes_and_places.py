"""Personal data that has a shape, and places by how they are called."""

from __future__ import annotations

import pytest

from als_nlp.privacy.patterns import is_nhs_number, shapes
from als_nlp.privacy.places import places
from als_nlp.privacy.roles import rare_roles


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("mail me at jo.bloggs@example.nhs.uk please", "CONTACT", "jo.bloggs@example.nhs.uk"),
        ("it's jo dot bloggs at nhs dot net", "CONTACT", "jo dot bloggs at nhs dot net"),
        ("ring 07700 900412 tonight", "CONTACT", "07700 900412"),
        ("ring (020) 7946 0018", "CONTACT", "(020) 7946 0018"),
        (
            "it's oh one eight six five four nine six",
            "CONTACT",
            "oh one eight six five four nine six",
        ),
        (
            "oh seven seven double oh nine hundred four one two i said",
            "CONTACT",
            "oh seven seven double oh nine hundred four one two",
        ),
        ("its jo at ferry sets dot org", "CONTACT", "jo at ferry sets dot org"),
        ("the incident is INC 20417", "ID", "INC 20417"),
        ("one along was c four one seven", "ID", "c four one seven"),
        ("it was p s d four four one seven", "ID", "p s d four four one seven"),
        ("on bleep 2145", "CONTACT", "bleep 2145"),
        ("they live at LS1 4AP now", "LOCATION", "LS1 4AP"),
        ("his number is 943 476 5919", "ID", "943 476 5919"),
        ("datix 118273 was mine", "ID", "datix 118273"),
        ("her NI is AB 12 34 56 C", "ID", "AB 12 34 56 C"),
        ("pin 98I1234E on the form", "ID", "98I1234E"),
        ("born 03/04/1951", "DATE", "03/04/1951"),
        ("since the ninth of February", "DATE", "the ninth of February"),
        ("on 3rd March 2021 it went", "DATE", "3rd March 2021"),
        ("march the twenty second", "DATE", "march the twenty second"),
    ],
)
def test_shapes_are_found(text: str, kind: str, found: str) -> None:
    hits = [text[s.begin : s.end] for s in shapes(text) if s.type == kind]
    assert found in hits


@pytest.mark.parametrize(
    "text",
    [
        "four hundred and twenty thousand pounds",
        "it cost £420000 last year",
        "we had 12 beds and 30 patients",
        "the first may be the last",
        "on Thursday at ten past nine",
        "a band 6 on 37.5 hours",
        "two or three of us, one or two of them",
        "in the NHS 2024 was a bad year, and CQC 2019 was worse",
    ],
)
def test_ordinary_numbers_and_days_are_left_alone(text: str) -> None:
    assert not list(shapes(text))


def test_an_nhs_number_is_known_by_its_check_digit() -> None:
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("943476591")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("down on Ward 7B again", "Ward 7B"),
        ("on ward twelve they", "ward twelve"),
        ("over at Maple Ward", "Maple Ward"),
        ("she went to the Royal.", "the Royal"),
        ("at Dearne General Hospital", "Dearne General Hospital"),
        ("he is at St Oswin's now", "St Oswin's"),
        ("get Colin from Unity Branch", "Unity Branch"),
        ("employed by Solway Coast PCN and", "Solway Coast PCN"),
    ],
)
def test_places_are_known_by_how_they_are_called(text: str, found: str) -> None:
    hits = [text[p.begin : p.end] for p in places(text, lambda word: True)]
    assert found in hits


@pytest.mark.parametrize(
    "text",
    ["the ward was full", "the Royal College says", "our hospital and the Trust", "Mental Health"],
)
def test_what_everybody_has_is_left_alone(text: str) -> None:
    assert not list(places(text, lambda word: True))


def test_a_role_that_only_one_can_have_is_found() -> None:
    text = "I am the only Polish-speaking matron there, and the only manager on call."
    assert [text[r.begin : r.end] for r in rare_roles(text)] == ["the only Polish-speaking matron"]

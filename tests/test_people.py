"""Who is who: the list of people against the names in captions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from als_nlp.errors import InputError
from als_nlp.people import Person, find_speaker, read_people, with_people
from als_nlp.transcript import Speaker, Transcript


def people(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_names_roles_and_other_spellings_are_read(tmp_path: Path) -> None:
    path = people(tmp_path, "Name, Role ,Also\nHelen Okafor,Facilitator,H O; Nell\nDev Patel,,\n")
    assert read_people(path) == (
        Person("Helen Okafor", "facilitator", ("H O", "Nell")),
        Person("Dev Patel", "participant"),
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("who\nHelen\n", "line 1: needs a column 'name'"),
        ("name\n\n", "names nobody"),
        ("name,role\nHelen,boss\n", "line 2: 'boss' is no role"),
        ("name\nHelen\nhelen\n", "line 3: 'helen' stands for two people (see line 2)"),
        ("name,role\nA B,facilitator\nC D,facilitator\n", "more than one facilitator"),
    ],
)
def test_a_list_that_cannot_be_used_says_where_and_why(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        read_people(people(tmp_path, text))
    assert why in str(caught.value)


def test_voices_get_the_names_and_roles_of_the_list_and_the_silent_are_added(
    small: Transcript,
) -> None:
    listed = (
        Person("Helen Okafor", "facilitator"),
        Person("Devinder Patel", "participant", ("Dev",)),
        Person("Priya Nair", "participant"),
    )
    found = with_people(small, listed)
    assert [(s.id, s.name, s.role) for s in found.speakers] == [
        ("S1", "Helen Okafor", "facilitator"),
        ("S2", "Devinder Patel", "participant"),
        ("S3", "Ana", "participant"),
        ("S4", "Tom", "participant"),
        ("S5", "Priya Nair", "participant"),
    ]
    assert "Not on the list of people: Ana, Tom." in found.source.notes


def test_two_spellings_of_one_person_become_one_voice(small: Transcript) -> None:
    twice = replace(small, speakers=(*small.speakers[:3], Speaker("S4", "Annie")))
    found = with_people(twice, (Person("Ana", "participant", ("Annie",)),))
    assert [s.name for s in found.speakers].count("Ana") == 1
    assert "S4" not in {t.speaker for t in found.turns}


def test_a_first_name_of_two_people_is_not_guessed(small: Transcript) -> None:
    listed = (Person("Ana Reyes", "participant"), Person("Ana Silva", "participant"))
    found = with_people(small, listed)
    assert "Ana" in [s.name for s in found.speakers]


def test_a_facilitator_is_found_by_first_name_or_refused_with_the_names_there(
    small: Transcript,
) -> None:
    assert find_speaker(small, "helen") == "S1"
    with pytest.raises(InputError, match="'Zoe' is not in this session: it has Helen, Dev"):
        find_speaker(small, "Zoe")

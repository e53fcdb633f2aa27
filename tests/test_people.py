"""Who is who: the list of people against the names in captions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from als_nlp.cohort import Cohort, Member, Set
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


def called(transcript: Transcript, *names: str) -> Transcript:
    """The same session, its voices called so."""
    voices = zip(transcript.speakers, names, strict=True)
    return replace(transcript, speakers=tuple(replace(s, name=n, role=None) for s, n in voices))


def test_a_guest_with_the_first_name_of_somebody_on_the_list_stays_a_guest(
    small: Transcript,
) -> None:
    voices = called(small, "Helen Okafor", "Dev", "Helen Smith", "Tom")
    found = with_people(voices, (Person("Helen Okafor", "facilitator"), Person("Dev", None)))
    assert [s.name for s in found.speakers] == ["Helen Okafor", "Dev", "Helen Smith", "Tom"]
    assert [t.speaker for t in found.turns] == [t.speaker for t in voices.turns]


def test_a_list_of_first_names_fits_whole_names_unless_two_voices_have_them(
    small: Transcript,
) -> None:
    listed = (Person("Helen", "facilitator"), Person("Ana", "participant"))
    voices = called(small, "Helen Okafor", "Dev Patel", "Ana Reyes", "Ana Silva")
    found = with_people(voices, listed)
    assert [s.name for s in found.speakers] == ["Helen", "Dev Patel", "Ana Reyes", "Ana Silva"]


def test_nobody_is_silent_who_could_be_a_voice_that_is_not_on_the_list(small: Transcript) -> None:
    listed = tuple(Person(n, None) for n in ("Helen Okafor", "Helen Smith", "Priya Nair"))
    found = with_people(called(small, "Helen", "Dev", "Ana", "Tom"), listed)
    assert [s.name for s in found.speakers] == ["Helen", "Dev", "Ana", "Tom", "Priya Nair"]
    assert (
        "Perhaps one of these, so not counted as silent: Helen Okafor, Helen Smith."
        in found.source.notes
    )


def test_a_role_that_is_not_stated_is_left_open_if_nobody_facilitates(tmp_path: Path) -> None:
    found = read_people(people(tmp_path, "name,role\nHelen Okafor,\nDev Patel,member\n"))
    assert [p.role for p in found] == [None, "participant"]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("Zoë", "Zoe"),
        ("Zoe\u0308 Marsh", "Zoë Marsh"),
        ("Niamh O’Brien", "niamh o'brien"),
        ("Łukasz", "Lukasz"),
    ],
)
def test_accents_and_apostrophes_do_not_tell_people_apart(
    tmp_path: Path, small: Transcript, listed: str, said: str
) -> None:
    voices = called(small, said, "Dev", "Ana", "Tom")
    found = with_people(voices, read_people(people(tmp_path, f"name\n{listed}\n")))
    assert [s.name for s in found.speakers] == [listed, "Dev", "Ana", "Tom"]
    assert find_speaker(voices, listed) == "S1"
    whole = Cohort("", "", (Member("P1", listed),), (Set("A", ("P1",), ""),), ())
    assert whole.id_of(said, "A") == "P1"


def test_a_facilitator_is_found_by_first_name_or_refused_with_the_names_there(
    small: Transcript,
) -> None:
    assert find_speaker(small, "helen") == "S1"
    with pytest.raises(InputError, match="'Zoe' is not in this session: it has Helen, Dev"):
        find_speaker(small, "Zoe")

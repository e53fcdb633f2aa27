"""Plain text, typed or from any other tool: a name and a colon before what each person says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.formats import formats
from tests.captions.documents import word
from tests.captions.helpers import cues, fitting, said, transcript

TALK = "Helen: Shall we begin?\nDev: Yes.\nHelen: Who is first today?\nDev: Me, if I may.\n"


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["plain-txt"].example
    assert fitting(example) == ["plain-txt"]
    assert said(example)[0] == ("Helen", "Shall we begin?")


@pytest.mark.parametrize(("data", "form"), [(TALK.encode(), "plain-txt"),
                                            (word(*TALK.split("\n")), "plain-docx")])  # fmt: skip
def test_words_are_read_and_there_are_no_times(data: bytes, form: str) -> None:
    assert fitting(data) == [form]
    found = transcript(data)
    assert found.source.timing == "none"
    assert found.source.duration is None
    assert [turn.start for turn in found.turns] == [None] * 4
    assert said(data) == [
        ("Helen", "Shall we begin?"),
        ("Dev", "Yes."),
        ("Helen", "Who is first today?"),
        ("Dev", "Me, if I may."),
    ]


def test_a_line_without_a_name_goes_on_with_the_last_one_and_a_clock_is_nobody() -> None:
    assert said(TALK + "10:30 Meeting: it moved.\nNote: upstairs.\n")[-1] == (
        "Dev",
        "Me, if I may. 10:30 Meeting: it moved. Note: upstairs.",
    )


def test_lines_broken_at_forty_characters_belong_to_one_turn() -> None:
    text = "HELEN: Shall we?\n\nDEV: Yes, and I will go on for\na while on several lines because\n"
    text += "somebody broke the text at forty\ncharacters, as old\nprograms did.\n\n"
    text += "HELEN: Right.\n\nDEV: So here\nis another long\nspeech that goes\non and on.\n"
    assert [cue.speaker for cue in cues(text)] == ["HELEN", "DEV", "HELEN", "DEV"]
    assert cues(text)[1].text.endswith("as old programs did.")


def test_a_title_before_the_first_name_is_left_out_and_that_is_said() -> None:
    found = transcript("Session three\n\n" + TALK)
    assert found.turns[0].text == "Shall we begin?"
    assert found.source.notes == (
        "Lines before the first name were left out: 1 (first at line 1).",
    )


@pytest.mark.parametrize(
    "form",
    [
        "[{h}:{m:02}:{s:02}] {name}: {text}",
        "({h:02}:{m:02}:{s:02}) {name}: {text}",
        "{h:02}:{m:02}:{s:02} {name}: {text}",
        "{h:02}:{m:02}:{s:02} - {name}: {text}",
        "[{h:02}:{m:02}:{s:02}.250] {name}: {text}",
        "{name} ({h:02}:{m:02}:{s:02}):\n{text}\n",
        "{name} [{h:02}:{m:02}:{s:02}]: {text}",
        "**{name}:** {text}",
    ],
)
def test_times_are_used_where_every_turn_has_one(form: str) -> None:
    turns = [("Helen", 2, "Shall we begin?"), ("Dev", 9, "Yes."), ("Helen", 75, "Who is first?"),
             ("Dev", 3670, "Me.")]  # fmt: skip
    text = "\n".join(
        form.format(name=name, h=at // 3600, m=at // 60 % 60, s=at % 60, text=words)
        for name, at, words in turns
    )
    assert fitting(text) == ["plain-txt"]
    found = cues(text)
    assert [(cue.speaker, cue.text) for cue in found] == [(n, words) for n, _, words in turns]
    if "{s" in form:
        assert transcript(text).source.timing == "estimated"
        assert [cue.start for cue in found] == [2.0, 9.0, 75.0, 3670.0]


def test_times_on_some_turns_only_are_not_used_and_that_is_said() -> None:
    found = transcript("[0:01] Helen: Shall we?\n[0:04] Dev: Yes.\nHelen: Who?\n[0:09] Dev: Me.\n")
    assert found.source.timing == "none"
    assert "Turns without a time: 1; so no times are used." in found.source.notes


def test_hours_and_minutes_are_told_from_minutes_and_seconds_by_what_can_be_said_in_them() -> None:
    long = " ".join(["and so it went on and on for quite a while"] * 20)
    text = f"10:02 Helen: {long}\n10:02 Dev: {long}\n10:03 Helen: {long}\n11:05 Dev: No.\n"
    assert [cue.start for cue in cues(text)] == [0.0, 30.0, 60.0, 3780.0]


@pytest.mark.parametrize(
    "prose",
    [
        "Dear all,\n\nThe meeting moved: it is at ten now.\n\nBest wishes, Helen\n",
        "Note: this is only a note.\n" + "It goes on for a while.\n" * 10,
        "From: Helen\nTo: Dev\nSubject: Meeting\nDate: Monday\n\nHi Dev,\nsee you at 10:30.\n",
        "Present: Helen, Dev\nApologies: Tom\n\nDecision: we move.\nOwner: Dev\n\n"
        "Decision: we buy a board.\nOwner: Helen\n",
        "Ingredients: flour, eggs\nMethod: mix them.\n",
        "Helen: I was here alone.\nHelen: So I stopped.\n",
        "10:02:13 INFO: started\n10:02:14 ERROR: failed\n" * 5,
        "0:00\nhello there\n0:04\nwelcome back\n",
        "Genesis 1:1 In the beginning\nGenesis 1:2 And the earth\n",
        "def f(x):\n    return x\n\nclass A:\n    pass\n",
        "<html><body>Helen: hi<br>Dev: ho</body></html>",
    ],
)
def test_prose_lists_and_programs_are_refused(prose: str) -> None:
    assert fitting(prose) == []


WORDS = st.lists(st.from_regex(r"[a-zA-Z',.?]{1,9}", fullmatch=True), min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=4, max_size=12), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_whatever_two_people_say_reads_back(said_words: list[list[str]], encoding: str) -> None:
    turns = [(("Helen", "Dev")[i % 2], " ".join(words)) for i, words in enumerate(said_words)]
    text = "".join(f"{name}: {words}\r\n" for name, words in turns)
    assert [(cue.speaker, cue.text) for cue in cues(text.encode(encoding))] == turns

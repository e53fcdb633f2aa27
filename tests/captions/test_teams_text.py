"""Microsoft Teams' transcript, downloaded as .docx or saved as .txt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.formats import formats
from tests.captions.documents import word
from tests.captions.helpers import cues, fitting, said, transcript

HEAD = (
    "Team leads set 3-20261105_100000-Meeting Recording\nNovember 5, 2026, 10:00AM\n32m 5s",
    "Okafor, Helen started transcription",
)
TURNS = (
    "Okafor, Helen   0:03\nShall we begin?\nI think we are all here.",
    "Dev Patel (Guest)   0:12\nYes, please.",
    "Okafor, Helen   1:02:14\nIt is 10:30 now.",
    "Okafor, Helen stopped transcription",
)
TEXT = "\n\n".join((*HEAD, *TURNS)) + "\n"
OLDER = (
    "0:0:0.0 --> 0:0:1.510\nHelen Okafor\nOK. Yeah.",
    "0:0:6.90 --> 0:0:6.500\nDev Patel\nHello.",
    "0:0:6.270 --> 0:0:12.610\nHelen Okafor\nHello. Shall\nwe begin?",
)
EVERY = pytest.mark.parametrize(
    ("data", "form"), [(TEXT.encode(), "teams-txt"), (word(*HEAD, *TURNS), "teams-docx")]
)


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["teams-txt"].example
    assert fitting(example) == ["teams-txt"]
    assert said(example) == [("Helen Okafor", "Shall we begin?"), ("Dev Patel", "I'm ready.")]


@EVERY
def test_people_and_their_words_are_read_and_nothing_that_teams_itself_wrote(
    data: bytes, form: str
) -> None:
    assert fitting(data) == [form]
    assert said(data) == [
        ("Helen Okafor", "Shall we begin? I think we are all here."),
        ("Dev Patel", "Yes, please."),
        ("Helen Okafor", "It is 10:30 now."),
    ]


@EVERY
def test_turns_have_their_starts_and_ends_are_estimated_and_labelled_so(
    data: bytes, form: str
) -> None:
    found = transcript(data)
    assert found.source.timing == "estimated"
    assert [turn.start for turn in found.turns] == [3.0, 12.0, 3734.0]
    assert found.turns[0].end == pytest.approx(3 + 9 / 1.8, abs=0.01)


@pytest.mark.parametrize("data", [word(*OLDER), ("\n\n".join(OLDER) + "\n").encode()])
def test_the_older_kind_has_exact_times_whose_thousandths_are_counted(data: bytes) -> None:
    assert fitting(data) in (["teams-docx"], ["teams-txt"])
    assert transcript(data).source.timing == "exact"
    assert [(cue.speaker, cue.start, cue.end, cue.text) for cue in cues(data)] == [
        ("Helen Okafor", 0.0, 1.51, "OK. Yeah."),
        ("Dev Patel", 6.09, 6.5, "Hello."),
        ("Helen Okafor", 6.27, 12.61, "Hello. Shall we begin?"),
    ]


def test_a_name_without_words_is_left_out_and_that_is_said() -> None:
    found = transcript("Helen   0:03\n\nDev   0:05\nYes.\n\nHelen   0:07\nGood to hear that.\n")
    assert [turn.text for turn in found.turns] == ["Yes.", "Good to hear that."]
    assert found.source.notes == (
        "Names without words below them were left out: 1 (first at line 1).",
    )


def test_a_transcript_pasted_with_windows_line_ends_and_tabs_is_read() -> None:
    assert said(b"\xef\xbb\xbfHelen\t0:03\r\nShall we?\r\n\r\nDev\t0:05\r\nYes.\r\n") == [
        ("Helen", "Shall we?"),
        ("Dev", "Yes."),
    ]


def test_what_was_said_may_look_like_markup() -> None:
    assert said("Helen   0:03\nWrite <b>AT&amp;T</b> in 3 < 4 rooms.\n") == [
        ("Helen", "Write <b>AT&amp;T</b> in 3 < 4 rooms.")
    ]


def test_an_agenda_is_no_transcript() -> None:
    assert fitting("Welcome   09:30\nFirst challenge   10:00\nBreak   11:00\n") == []


NAME = st.from_regex(r"[A-Z][a-z]{1,8} [A-Z][a-z]{1,8}", fullmatch=True)
WORDS = st.lists(st.from_regex(r"[a-zA-Z',.?]{1,9}", fullmatch=True), min_size=1, max_size=12)


@given(st.lists(st.tuples(NAME, st.integers(0, 300), WORDS), min_size=1, max_size=12))
def test_whatever_people_say_reads_back_in_order(turns: list[tuple[str, int, list[str]]]) -> None:
    clock, text, expected = 0, "", []
    for name, pause, words in turns:
        clock += pause
        hours = f"{clock // 3600}:{clock // 60 % 60:02}" if clock >= 3600 else f"{clock // 60}"
        text += f"{name}   {hours}:{clock % 60:02}\n{' '.join(words)}\n\n"
        expected.append((name, float(clock), " ".join(words)))
    found = [(cue.speaker, cue.start, cue.text) for cue in cues(text)]
    assert found == expected

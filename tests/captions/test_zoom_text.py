"""What Zoom saves as text: captions with names and times of day; its chat is no transcript."""

from __future__ import annotations

import pytest

from als_nlp.captions.formats import formats
from als_nlp.errors import CaptionError
from tests.captions.documents import word
from tests.captions.helpers import cues, fitting, said, transcript

TEXT = """[Helen Okafor] 10:02:13
Shall we begin?

[Dev Patel (he/him)] 10:02:20
Yes, please.

[Helen Okafor] 10:02:31
What is on
your mind?
"""


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["zoom-txt"].example
    assert fitting(example) == ["zoom-txt"]
    assert said(example) == [("Helen Okafor", "Shall we begin?"), ("Dev Patel", "I'm ready.")]


@pytest.mark.parametrize(("data", "form"), [(TEXT.encode(), "zoom-txt"),
                                            (word(*TEXT.split("\n\n")), "zoom-docx")])  # fmt: skip
def test_times_of_day_count_from_the_first_and_are_estimates(data: bytes, form: str) -> None:
    assert fitting(data) == [form]
    found = transcript(data)
    assert found.source.timing == "estimated"
    assert [turn.start for turn in found.turns] == [0.0, 7.0, 18.0]
    assert said(data) == [
        ("Helen Okafor", "Shall we begin?"),
        ("Dev Patel", "Yes, please."),
        ("Helen Okafor", "What is on your mind?"),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("23:59:58", "00:00:03"),
        ("12:59:58", "1:00:03"),
        ("11:59:58 AM", "12:00:03 PM"),
        ("1:10:00 p.m.", "01:10:05 P.M."),
    ],
)
def test_a_session_may_go_on_past_noon_and_midnight(first: str, second: str) -> None:
    starts = [c.start for c in cues(f"[Helen] {first}\nShall we?\n\n[Dev] {second}\nYes.\n")]
    assert starts == [0.0, 5.0]


def test_names_behind_the_time_of_day_are_read_too() -> None:
    text = "10:02:13 Helen Okafor: Shall we?\n10:02:20 Dev: Yes.\n"
    text += "10:02:33 Helen Okafor: Who is first?\n10:02:40 Dev: Me, at 10:30: the rota.\n"
    assert fitting(text) == ["zoom-txt"]
    assert [(cue.speaker, cue.start, cue.text) for cue in cues(text)] == [
        ("Helen Okafor", 0.0, "Shall we?"),
        ("Dev", 7.0, "Yes."),
        ("Helen Okafor", 20.0, "Who is first?"),
        ("Dev", 27.0, "Me, at 10:30: the rota."),
    ]


@pytest.mark.parametrize(
    "chat",
    [
        "10:02:13 From Helen to Everyone:\n\tHello all\n10:02:20 From Dev to Everyone:\n\tHi\n",
        "10:02:13\t From  Helen Okafor  to  Everyone : Hello\n10:02:20\t From  Dev : Hi\n",
        "2026-11-05 10:02:13 From Helen to Dev (direct message):\n\tHello\n",
        "00:58:04\tHelen:\tHello\n00:58:20\tDev:\tHi\n00:58:22\tHelen:\tSo\n00:58:30\tDev:\tOh\n",
    ],
)
def test_the_meetings_chat_is_refused_and_the_sentence_says_what_to_save(chat: str) -> None:
    assert fitting(chat) == ["zoom-txt"]
    with pytest.raises(CaptionError, match="typed messages only: save the transcript instead"):
        transcript(chat)

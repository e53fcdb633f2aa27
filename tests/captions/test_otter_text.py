"""Otter's transcript, exported as .txt or .docx."""

from __future__ import annotations

import pytest

from als_nlp.captions.formats import formats
from tests.captions.documents import word
from tests.captions.helpers import cues, fitting, said, transcript

TEXT = """Emma Shaw  0:00  
Welcome back, everybody. Shall we begin?

Unknown Speaker  0:35  
I'm Kelly. I'm Allie.

Dev  1:02:07  
Yes, please.

Transcribed by https://otter.ai
"""  # noqa: W291 (this is how Otter ends its lines)
DOCUMENT = word(
    "Team leads set",
    "Thu, Nov 05, 2026 10:00AM • 1:02:40",
    "SUMMARY KEYWORDS\nrota, huddle, team",
    "SPEAKERS\nEmma Shaw, Dev",
    "Emma Shaw  00:00",
    "Welcome back, everybody. Shall we begin?",
    "Dev  1:02:07",
    "Yes, please.",
)


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["otter-txt"].example
    assert fitting(example) == ["otter-txt"]
    assert said(example) == [("Helen Okafor", "Shall we begin?"), ("Dev Patel", "I'm ready.")]


def test_speakers_starts_and_words_are_read_and_ends_are_estimates() -> None:
    assert fitting(TEXT) == ["otter-txt"]
    assert transcript(TEXT).source.timing == "estimated"
    assert [(cue.speaker, cue.start, cue.text) for cue in cues(TEXT)] == [
        ("Emma Shaw", 0.0, "Welcome back, everybody. Shall we begin?"),
        ("Unknown Speaker", 35.0, "I'm Kelly. I'm Allie."),
        ("Dev", 3727.0, "Yes, please."),
    ]


def test_a_speaker_whom_otter_does_not_know_is_nobody() -> None:
    assert said(TEXT)[1] == (None, "I'm Kelly. I'm Allie.")
    assert any("without a speaker: 1" in note for note in transcript(TEXT).source.notes)


def test_the_word_document_is_read_without_its_summary() -> None:
    assert fitting(DOCUMENT) == ["otter-docx"]
    assert said(DOCUMENT) == [
        ("Emma Shaw", "Welcome back, everybody. Shall we begin?"),
        ("Dev", "Yes, please."),
    ]


@pytest.mark.parametrize(("gap", "form"), [("  ", "otter-txt"), ("   ", "teams-txt")])
def test_two_spaces_before_the_time_are_otters_and_three_are_teams(gap: str, form: str) -> None:
    assert fitting(f"Helen{gap}0:03\nShall we?\n\nDev{gap}0:05\nYes.\n") == [form]


def test_times_alone_are_otters_only_where_otter_signs() -> None:
    text = "0:01  \nWhen I was a kid.\n\n0:15  \nIt was a bad time.\n"
    assert fitting(text) == []
    assert said(text + "\nTranscribed by https://otter.ai\n") == [
        (None, "When I was a kid."),
        (None, "It was a bad time."),
    ]

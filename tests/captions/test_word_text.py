"""A recording that Transcribe in Microsoft Word turned into a document."""

from __future__ import annotations

from als_nlp.captions.formats import formats
from tests.captions.documents import word
from tests.captions.helpers import cues, fitting, said, transcript

DOCUMENT = word(
    "Audio file",
    "session.m4a",
    "Transcript",
    "00:00:03 Speaker 1",
    "Shall we begin?",
    "00:00:07 Helen Okafor",
    "I'm ready. It is",
    "10:30: the usual time.",
)


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["word-txt"].example
    assert fitting(example) == ["word-txt"]
    assert said(example) == [("Speaker 1", "Shall we begin?"), ("Speaker 2", "I'm ready.")]


def test_voices_their_starts_and_words_are_read() -> None:
    assert fitting(DOCUMENT) == ["word-docx"]
    assert transcript(DOCUMENT).source.timing == "estimated"
    assert [(cue.speaker, cue.start, cue.text) for cue in cues(DOCUMENT)] == [
        ("Speaker 1", 3.0, "Shall we begin?"),
        ("Helen Okafor", 7.0, "I'm ready. It is 10:30: the usual time."),
    ]


def test_sentences_that_begin_with_a_time_are_no_names() -> None:
    assert fitting("00:00:03 We met at the usual place in the big room.\nIt rained.\n") == []
    assert fitting("00:00:03 Hello there.\nYes.\n00:00:05 Why?\nNo.\n") == []

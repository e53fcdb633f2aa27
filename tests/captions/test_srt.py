"""SubRip subtitles (.srt)."""

from __future__ import annotations

import pysubs2

from als_nlp.captions.formats import formats
from tests.captions.helpers import cues, fitting, said, transcript

NAMED = """1
00:00:01,000 --> 00:00:03,500
HELEN: Well, <i>what</i> did he say?

2
00:00:04,000 --> 00:00:06,000
DEV: {\\an8}He said: <font color="#ffff00">nothing</font>.

3
00:00:06,000 --> 00:00:08,000
And nobody asked.

4
00:00:09,000 --> 00:00:10,000
HELEN: Who could have?
"""


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["srt"].example
    assert fitting(example) == ["srt"]
    assert said(example) == [("Helen", "Shall we begin?"), ("Dev", "I'm ready.")]


def test_names_words_and_times_are_read_and_styling_is_not() -> None:
    assert fitting(NAMED) == ["srt"]
    assert said(NAMED) == [
        ("HELEN", "Well, what did he say?"),
        ("DEV", "He said: nothing. And nobody asked."),
        ("HELEN", "Who could have?"),
    ]
    assert [turn.start for turn in transcript(NAMED).turns] == [1.0, 4.0, 9.0]


def test_without_names_nobody_is_named() -> None:
    text = NAMED.replace("HELEN: ", "").replace("DEV: ", "")
    assert transcript(text).speakers == ()
    assert any("do not say who" in note for note in transcript(text).source.notes)


def test_numbers_may_be_missing_or_wrong() -> None:
    without = "\n".join(line for line in NAMED.split("\n") if not line.isdigit())
    assert fitting(without) == ["srt"]
    assert said(without) == said(NAMED)
    assert said(NAMED.replace("\n3\n", "\n7\n")) == said(NAMED)


def test_a_number_that_somebody_says_is_a_word() -> None:
    text = NAMED.replace("And nobody asked.", "42")
    assert said(text)[1] == ("DEV", "He said: nothing. 42")


def test_a_blank_line_inside_a_caption_loses_no_words() -> None:
    text = NAMED.replace("And nobody asked.", "And nobody\n\nasked.")
    assert said(text) == said(NAMED)


def test_line_ends_doubled_on_the_way_do_not_matter() -> None:
    assert said(NAMED.replace("\n", "\n\n")) == said(NAMED)
    assert said(NAMED.replace("\n", "\r\r\n").encode()) == said(NAMED)


def test_an_arrow_that_somebody_dictates_is_text() -> None:
    text = NAMED.replace("And nobody asked.", "A --> B, then b -> c.")
    assert said(text)[1][1] == "He said: nothing. A --> B, then b -> c."


def test_voice_tags_are_understood_here_too() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n<v Helen>Yes.</v>\n<v Dev>No.</v>\n"
    assert said(text) == [("Helen", "Yes."), ("Dev", "No.")]


def test_times_and_plain_text_agree_with_pysubs2() -> None:
    plain = NAMED.replace("HELEN: ", "").replace("DEV: ", "")
    events = pysubs2.SSAFile.from_string(plain, format_="srt").events
    assert [(cue.start, cue.end, cue.text) for cue in cues(plain)] == [
        (event.start / 1000, event.end / 1000, event.plaintext) for event in events
    ]
    # pysubs2 has no speakers: it leaves names in the text
    named = pysubs2.SSAFile.from_string(NAMED, format_="srt").events
    assert {event.name for event in named} == {""}
    assert named[0].plaintext.startswith("HELEN: ")
    assert cues(NAMED)[0].speaker == "HELEN"

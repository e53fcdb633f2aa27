"""Google Meet's transcript, downloaded from Google Docs as .docx or .txt."""

from __future__ import annotations

import pytest

from als_nlp.captions.formats import formats
from tests.captions.documents import word
from tests.captions.helpers import cues, fitting, said, transcript

OLDER = """Team leads set - 2026/11/05 10:00 GMT - Transcript
Attendees
Dev Patel, Helen Okafor, Helen Okafor's Presentation, MIO016 (2nd floor)
Transcript
Helen Okafor: Shall we begin?
Dev Patel: Yes, please, I have something on my mind: the rota.
Dev Patel:
00:05:00
Helen Okafor: Tell us about it…
MIO016 (2nd floor): we cannot hear you
Dev Patel: It is about the night shift, and
00:10:00
who comes to the huddle.
Meeting ended after 00:10:20 👋
This editable transcript was computer generated and might contain errors. People can also change \
the text after it was created.
"""
NEWER = """Nov 5, 2026
Team leads set - Transcript
00:00:00
 
Helen Okafor: Shall we begin?
Dev Patel: Yes, please.
 
 
00:01:26
 
Helen Okafor: Tell us about it.
Dev Patel: It is the rota.


Transcription ended after 00:01:40

This editable transcript was computer generated and might contain errors.
"""  # noqa: W293 (Google Docs leaves these spaces)


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["meet-txt"].example
    assert fitting(example) == ["meet-txt"]
    assert said(example)[0] == ("Helen Okafor", "Shall we begin?")


@pytest.mark.parametrize(("data", "form"), [(NEWER.encode(), "meet-txt"),
                                            (word(*NEWER.split("\n")), "meet-docx")])  # fmt: skip
def test_people_and_words_are_read_and_times_are_labelled_as_estimates(
    data: bytes, form: str
) -> None:
    assert fitting(data) == [form]
    assert transcript(data).source.timing == "estimated"
    assert said(data) == [
        ("Helen Okafor", "Shall we begin?"),
        ("Dev Patel", "Yes, please."),
        ("Helen Okafor", "Tell us about it."),
        ("Dev Patel", "It is the rota."),
    ]


def test_what_was_said_between_two_times_shares_them_by_its_words() -> None:
    starts = [cue.start for cue in cues(NEWER)]
    assert starts[0] == 0.0
    assert starts[1] == pytest.approx(86 * 3 / 5, abs=0.01)
    assert starts[2] == 86.0
    assert starts[3] == pytest.approx(86 + 14 * 4 / 8, abs=0.01)


def test_few_words_in_a_long_time_are_not_stretched_to_fill_it() -> None:
    first = cues(NEWER)[0]
    assert first.end == pytest.approx(3 / 1.8, abs=0.01)


def test_nothing_lies_behind_the_end_of_the_meeting() -> None:
    assert transcript(NEWER).source.duration == pytest.approx(93 + 4 / 1.8, abs=0.01)


def test_head_and_foot_of_the_document_are_nobodys_words() -> None:
    assert fitting(OLDER) == ["meet-txt"]
    assert said(OLDER) == [
        ("Helen Okafor", "Shall we begin?"),
        ("Dev Patel", "Yes, please, I have something on my mind: the rota."),
        ("Helen Okafor", "Tell us about it…"),
        ("MIO016", "we cannot hear you"),
        ("Dev Patel", "It is about the night shift, and who comes to the huddle."),
    ]


def test_a_turn_that_a_time_interrupts_goes_on_at_that_time() -> None:
    assert cues(OLDER)[-1].start == 600.0


def test_bold_names_and_headings_of_a_markdown_download_are_read() -> None:
    text = "## Transcript\n\n### 00:00:00\n\n**Helen Okafor:** Shall we?\n\n**Dev:** Yes.\n\n"
    text += "**Helen Okafor:** Who?\n\n### Transcription ended after 00:30:30\n\n"
    text += "*This editable transcript was computer generated and might contain errors.*\n"
    assert fitting(text) == ["meet-txt"]
    assert said(text) == [("Helen Okafor", "Shall we?"), ("Dev", "Yes."), ("Helen Okafor", "Who?")]


def test_geminis_notes_before_the_transcript_are_nobodys_words() -> None:
    notes = "📝 Notes\n\nSummary\n\nHelen: asked for the rota.\n\nNext steps\n\n📖 Transcript\n\n"
    assert said(notes + NEWER) == said(NEWER)


def test_a_transcript_without_any_time_still_gives_who_said_what() -> None:
    text = "Attendees\nDev, Helen\nTranscript\nHelen: Shall we?\nDev: Yes.\nHelen: Who?\n"
    text += "This editable transcript was computer generated and might contain errors.\n"
    assert fitting(text) == ["meet-txt"]
    assert transcript(text).source.timing == "none"


def test_a_transcript_with_only_its_length_is_spread_over_it() -> None:
    text = "Attendees\nDev, Helen\nTranscript\nHelen: Shall we?\nDev: Yes.\nHelen: Who?\n"
    found = cues(text + "Meeting ended after 00:01:40 👋\n")
    assert [cue.start for cue in found] == [0.0, 50.0, 75.0]

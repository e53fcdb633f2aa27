"""Transcripts saved as text or Word by Teams, Otter, Zoom and Google Meet, or typed by hand."""

from __future__ import annotations

import io

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from als_nlp.captions import read_bytes
from als_nlp.errors import CaptionError
from als_nlp.transcript import Transcript


def names_and_texts(transcript: Transcript) -> list[tuple[str | None, str]]:
    names = {s.id: s.name for s in transcript.speakers}
    return [(names[t.speaker or ""], t.text) for t in transcript.turns]


def word(text: str) -> bytes:
    document = Document()
    for paragraph in text.split("\n\n"):
        document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


TEAMS = """Team leads set 3-20261105_100000-Meeting Recording
November 5, 2026, 10:00AM
32m 5s

Okafor, Helen started transcription

Okafor, Helen   0:03
Shall we begin?
I think we are all here.

Dev Patel (Guest)   0:12
Yes, please.
"""


@pytest.mark.parametrize("docx", [False, True])
def test_teams_gives_names_starts_and_what_was_said_and_no_machinery(docx: bool) -> None:
    data = word(TEAMS) if docx else TEAMS.encode()
    transcript = read_bytes(data, name="teams")
    assert transcript.source.format == ("teams-docx" if docx else "teams-txt")
    assert transcript.source.timing == "estimated"
    assert names_and_texts(transcript) == [
        ("Helen Okafor", "Shall we begin? I think we are all here."),
        ("Dev Patel", "Yes, please."),
    ]
    assert [t.start for t in transcript.turns] == [3.0, 12.0]


def test_the_older_teams_word_form_has_both_times() -> None:
    old = "0:0:3.210 --> 0:0:6.480\nHelen Okafor\nShall we begin?\n\n"
    old += "0:0:7.0 --> 0:0:8.0\nDev Patel\nYes.\n"
    transcript = read_bytes(word(old), name="old.docx")
    assert transcript.source.format == "teams-docx"
    assert names_and_texts(transcript) == [
        ("Helen Okafor", "Shall we begin?"),
        ("Dev Patel", "Yes."),
    ]
    assert transcript.turns[0].end == 6.0


def test_otter_is_told_from_teams_by_its_own_marks() -> None:
    text = "Helen Okafor  0:03  \nShall we begin?\n\nDev  1:02:07  \nYes, please.\n\n"
    text += "Transcribed by https://otter.ai\n"
    transcript = read_bytes(text.encode(), name="otter.txt")
    assert transcript.source.format == "otter-txt"
    assert [t.start for t in transcript.turns] == [3.0, 3727.0]
    assert "otter" not in transcript.turns[-1].text


def test_zoom_wall_clock_times_count_from_the_first() -> None:
    text = "[Helen Okafor] 10:02:13\nShall we begin?\n\n[Dev Patel] 10:02:20\nYes, please.\n"
    transcript = read_bytes(text.encode(), name="zoom.txt")
    assert transcript.source.format == "zoom-txt"
    assert [t.start for t in transcript.turns] == [0.0, 7.0]


def test_a_zoom_chat_is_no_transcript() -> None:
    chat = "10:02:13 From Helen to Everyone : hello all\n10:02:20 From Dev to Everyone : hi\n" * 4
    with pytest.raises(CaptionError, match="not a captions file"):
        read_bytes(chat.encode(), name="chat.txt")


MEET = """Team leads set (2026-11-05 10:00 GMT) - Transcript

Attendees

Helen Okafor, Dev Patel

Transcript

00:00:00

Helen Okafor: Shall we begin?

Dev Patel: Yes, please, I have something on my mind today.

00:05:00

Helen Okafor: Tell us about it.

Dev Patel: It is the rota.

Meeting ended after 00:31:10 👋

This editable transcript was computer generated and might contain errors. People can also change it.
"""


@pytest.mark.parametrize("docx", [False, True])
def test_meet_times_are_estimates_between_its_stamps(docx: bool) -> None:
    transcript = read_bytes(word(MEET) if docx else MEET.encode(), name="meet")
    assert transcript.source.format == ("meet-docx" if docx else "meet-txt")
    assert transcript.source.timing == "estimated"
    assert [name for name, _ in names_and_texts(transcript)] == [
        "Helen Okafor", "Dev Patel", "Helen Okafor", "Dev Patel",
    ]  # fmt: skip
    assert transcript.turns[2].start == 300.0
    assert "computer generated" not in transcript.turns[-1].text


def test_plain_text_has_no_times_and_a_clock_is_no_speaker() -> None:
    text = "Helen: Shall we begin?\nDev: Yes.\nThe 10:30 Meeting: it moved.\nHelen: Where to?\n"
    text += "Dev: Upstairs, I think.\nHelen: Who told you?\n"
    transcript = read_bytes(text.encode(), name="typed.txt")
    assert transcript.source.timing == "none"
    assert [s.name for s in transcript.speakers] == ["Helen", "Dev"]
    assert "10:30 Meeting: it moved." in transcript.turns[1].text
    assert transcript.turns[0].start is None


def test_plain_text_with_a_stamp_on_every_line_is_timed() -> None:
    text = "[00:00:02] Helen: Shall we begin?\n[00:00:09] Dev: Yes, let us do that.\n"
    text += "[00:00:15] Helen: Who is first today?\n[00:00:20] Dev: I am, if I may.\n"
    transcript = read_bytes(text.encode(), name="typed.txt")
    assert [t.start for t in transcript.turns] == [2.0, 9.0, 15.0, 20.0]


@pytest.mark.parametrize(
    "prose",
    [
        "Dear all,\n\nThe meeting moved: it is at ten now.\n\nBest wishes, Helen\n",
        "Note: this is only a note.\n" + "It goes on for a while.\n" * 10,
    ],
)
def test_prose_is_refused(prose: str) -> None:
    with pytest.raises(CaptionError, match="not a captions file"):
        read_bytes(prose.encode(), name="letter.txt")


def test_a_word_file_that_is_no_transcript_is_refused() -> None:
    with pytest.raises(CaptionError, match="not a captions file"):
        read_bytes(word("Minutes of the meeting\n\nApologies were received."), name="minutes.docx")


def test_a_zip_that_is_no_word_file_is_refused() -> None:
    with pytest.raises(CaptionError, match="not a captions file"):
        read_bytes(b"PK\x03\x04" + b"\x00" * 50, name="broken.docx")


SPOKEN = st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=4, max_size=8).map(" ".join)
SAID = st.lists(SPOKEN, min_size=4, max_size=12)


@settings(max_examples=40, deadline=None)
@given(SAID)
def test_what_is_written_as_plain_text_reads_back(lines: list[str]) -> None:
    turns = [(("Helen", "Dev")[i % 2], " ".join(line.split())) for i, line in enumerate(lines)]
    text = "".join(f"{name}: {line}\n" for name, line in turns)
    assert names_and_texts(read_bytes(text.encode(), name="x.txt")) == turns

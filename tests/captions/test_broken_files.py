"""The zoo: whatever a facilitator may pick from the downloads folder.

What can be read is read, what was skipped or mended is said, the rest is refused in one sentence.
"""

from __future__ import annotations

import codecs
import os
import random
import struct
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from als_nlp.captions import read, read_bytes
from als_nlp.captions.formats import formats
from als_nlp.captions.reading import LARGEST
from als_nlp.errors import CaptionError
from tests.captions.helpers import cues, form, said, transcript

GUID = "3f2a7c1e-9b04-4d5e-8c11-0a6b7d2e4f10"
TEAMS = f"""WEBVTT

{GUID}/12-0
00:00:03.120 --> 00:00:06.480
<v Zoë Okafor>Shall we begin — with you?</v>

{GUID}/13-0
00:00:06.900 --> 00:00:09.000
<v Dev Patel>I’m ready, it’s the café rota.</v>

{GUID}/14-0
00:00:09.500 --> 00:00:12.000
<v Zoë Okafor>Naïve question: whose rota?</v>
"""
SRT = """1
00:00:03,120 --> 00:00:06,480
Zoë: Shall we begin?

2
00:00:06,900 --> 00:00:09,000
Dev: It’s the café rota.

3
00:00:09,500 --> 00:00:12,000
Zoë: Whose rota?
"""


# Bytes


@pytest.mark.parametrize("text", [TEAMS, SRT])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda t: codecs.BOM_UTF8 + t.encode(), id="UTF-8 with a mark"),
        pytest.param(lambda t: codecs.BOM_UTF8 * 2 + t.encode(), id="UTF-8 with two marks"),
        pytest.param(lambda t: t.encode("utf-16"), id="UTF-16 with a mark"),
        pytest.param(lambda t: t.encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(lambda t: t.encode("utf-16-be"), id="UTF-16 the other way round"),
        pytest.param(lambda t: t.encode("utf-32"), id="UTF-32"),
        pytest.param(lambda t: t.encode("cp1252"), id="Windows-1252"),
        pytest.param(lambda t: t.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(lambda t: t.replace("\n", "\r").encode(), id="old Mac line ends"),
        pytest.param(lambda t: t.replace("\n", "\r\r\n").encode(), id="doubled line ends"),
        pytest.param(lambda t: t.replace("\n", "\r\n").encode("utf-16"), id="Windows Unicode"),
        pytest.param(lambda t: t.encode() + b"\x00" * 5000, id="padded with zeros by a crash"),
        pytest.param(lambda t: b"\n\n \n" + t.encode(), id="blank lines first"),
        pytest.param(lambda t: t.rstrip().encode(), id="no line end at the end"),
        pytest.param(lambda t: t.replace("\n", " \n").encode(), id="spaces at line ends"),
        pytest.param(lambda t: t.replace("\n\n", "\n").encode(), id="no blank lines"),
        pytest.param(lambda t: t.replace("\n\n", "\n\n\n\n").encode(), id="many blank lines"),
    ],
)
def test_however_the_text_was_saved_it_reads_the_same(text: str, data: object) -> None:
    assert callable(data)
    assert said(data(text)) == said(text)
    assert transcript(data(text)).source.notes == ()


def test_one_damaged_byte_spoils_one_letter_only() -> None:
    data = TEAMS.encode().replace("Naïve".encode(), b"Na\xefve")
    turns = said(data)
    assert turns[0] == ("Zoë Okafor", "Shall we begin — with you?")
    assert turns[2] == ("Zoë Okafor", "Na\ufffdve question: whose rota?")


def test_zeros_and_unseen_characters_do_not_get_through() -> None:
    text = SRT.replace("begin", "be\x00gin\u202e").replace("Dev", "D\u200bev")
    assert said(text) == said(SRT)


def test_lone_surrogates_from_entities_do_not_get_through() -> None:
    text = SRT.replace("begin", "begin&#xD800;&#0;&#1114112;")
    transcript(text).turns[0].text.encode("utf-8")


# Text


def test_entities_and_styling_become_what_a_reader_sees() -> None:
    text = SRT.replace("Shall we", "<b>Shall</b>&nbsp;<font color='red'>w&#101;</font>")
    assert said(text) == said(SRT)


def test_markup_that_somebody_dictates_stays_text() -> None:
    text = TEAMS.replace("begin —", "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;")
    assert said(text)[0][1] == "Shall we <script>alert(1)</script> &amp; with you?"


def test_captions_that_roll_are_read_once_and_that_is_said() -> None:
    shown = ["so I went in on", "Monday and asked her", "who keeps the rota", "and she said nobody"]
    rolled = [" ".join(pair) for pair in zip(["", *shown], [*shown, ""], strict=True)]
    text = "".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{words.strip()}\n\n"
        for n, words in enumerate(rolled, start=1)
    )
    found = transcript(text)
    assert " ".join(turn.text for turn in found.turns) == " ".join(shown)
    assert "Captions that repeat words already shown: 4; each is read once." in found.source.notes


# Times


def test_times_that_go_back_a_little_are_put_in_order() -> None:
    text = SRT.replace("00:00:09,500 --> 00:00:12,000", "00:00:01,000 --> 00:00:02,000")
    assert [name for name, _ in said(text)] == ["Zoë", "Dev"]
    assert transcript(text).turns[0].start == 1.0


def test_a_clock_that_starts_again_is_carried_on() -> None:
    late = SRT.replace("00:00:", "00:10:")
    found = transcript(late + "\n" + SRT)
    assert [turn.start for turn in found.turns][:4] == [603.12, 606.9, 609.5, 618.9]
    assert found.source.duration == 624.0
    assert any("starts again once" in note for note in found.source.notes)


@pytest.mark.parametrize(
    "times",
    [
        "00:00:09,500 --> 00:00:09,500",
        "00:00:09,500 --> 00:00:02,000",
        "00:00:09,500 -->",
        "00:00:09,500 --> soon",
        "00:00:09,500 --> 09:00:12,000",
    ],
)
def test_a_senseless_length_becomes_one_that_suits_the_words(times: str) -> None:
    found = transcript(SRT.replace("00:00:09,500 --> 00:00:12,000", times))
    last = found.turns[-1]
    assert (last.start, last.text) == (9.5, "Whose rota?")
    assert last.end == pytest.approx(9.5 + 2 / 1.8, abs=0.001)
    assert len(found.source.notes) == 1
    assert found.source.notes[0].endswith(": 1 (first at line 10).")


def test_a_caption_whose_beginning_cannot_be_read_follows_the_one_before() -> None:
    found = transcript(SRT.replace("00:00:09,500 -->", "00:0O:09,500 -->"))
    last = found.turns[-1]
    assert (last.start, last.end, last.text) == (9.0, 12.0, "Whose rota?")
    assert found.source.notes == (
        "Captions whose times cannot be read follow the one before: 1 (first at line 10).",
    )


def test_a_negative_time_begins_at_zero() -> None:
    found = transcript(SRT.replace("00:00:09,500 -->", "-00:00:09,500 -->"))
    assert min(turn.start or 0.0 for turn in found.turns) == 0.0
    assert any("begin before zero" in note for note in found.source.notes)


# Cut off


def test_a_file_cut_off_anywhere_gives_what_stands_in_front_of_the_cut() -> None:
    data = TEAMS.encode()
    whole = [word for _, text in said(TEAMS) for word in text.split()]
    for end in range(len("WEBVTT\n"), len(data)):
        try:
            words = [word for _, text in said(data[:end]) for word in text.split()]
        except CaptionError as error:
            assert end < data.index(b"Shall") + 1
            assert_one_sentence(error)
            continue
        assert words[:-1] == whole[: len(words) - 1]
        assert whole[len(words) - 1].startswith(words[-1].rstrip("<"))
        assert len(words) >= data[:end].count(b" <v") - 1


def test_a_caption_without_its_words_is_left_out_and_that_is_said() -> None:
    found = transcript(TEAMS[: TEAMS.index("<v Zoë Okafor>Naïve")])
    assert len(found.turns) == 2
    assert found.source.notes == ("Captions without words were left out: 1 (first at line 12).",)


def test_half_an_id_or_a_time_at_the_end_is_no_speech() -> None:
    for rest in (f"\n\n{GUID[:12]}", f"\n\n{GUID}/15-0\n00:00:1", "\n\n00:00:12.000 --"):
        found = transcript(TEAMS.rstrip() + rest)
        assert [turn.text for turn in found.turns] == [text for _, text in said(TEAMS)]
        assert len(found.source.notes) == 1


# Refused in one sentence


def assert_one_sentence(error: BaseException) -> None:
    message = str(error)
    assert "\n" not in message
    assert message.endswith((".", "?"))
    assert len(message) < 250


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(bytes(200)))
        + chunk(b"IEND", b"")
    )


PROSE = """Minutes of the meeting of 3 March

Present: Helen, Dev, Ana. Apologies: Tom.
At 10:30 we began. The rota was discussed at length, and it was agreed that nothing
would change before the summer. Helen said: not again.

Next meeting: 4 April, 10:30.
"""
NOT_CAPTIONS: dict[str, bytes] = {
    "a picture": png(),
    "random bytes": random.Random(1).randbytes(5000),
    "zeros and ones": bytes([0, 1]) * 3000,
    "a recording": b"RIFF\x24\x08\x00\x00WAVEfmt " + bytes(range(256)) * 20,
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n",
    "a zip that is no document": b"PK\x03\x04" + bytes(100),
    "a web page": b"<!DOCTYPE html>\n<html><body><p>00:01 Sign in to see the transcript</p></html>",
    "JSON": b'{"name": "als", "version": 1, "items": [{"start": "Monday"}]}',
    "JSON that ends early": b'{"segments": [{"start": 1.0, "text": "hel',
    "prose": PROSE.encode(),
    "prose with an arrow": b"First this --> then that.\n\nAnd 10:30 --> 11:00 is lunch.\n",
    "a list of numbers": b"1\n2\n3\n",
    "a table": b"ward,beds\nA1,12\nA2,9\n",
    "code": b"import re\n\n\ndef main() -> None:\n    print('00:00')\n",
    "one word": b"hello",
}


@pytest.mark.parametrize("data", NOT_CAPTIONS.values(), ids=NOT_CAPTIONS.keys())
def test_what_is_no_captions_is_refused(data: bytes) -> None:
    with pytest.raises(CaptionError) as caught:
        read_bytes(data, name="thing.vtt")
    assert_one_sentence(caught.value)
    assert str(caught.value).startswith("thing.vtt ")


@pytest.mark.parametrize("data", NOT_CAPTIONS.values(), ids=NOT_CAPTIONS.keys())
@pytest.mark.parametrize("name", ["teams-vtt", "zoom-vtt", "webvtt", "srt", "sbv"])
def test_insisting_on_a_format_does_not_help(data: bytes, name: str) -> None:
    try:
        found = read_bytes(data, name="thing", format=name)
    except CaptionError as error:
        assert_one_sentence(error)
    else:
        assert found.source.format == name
        assert data in (NOT_CAPTIONS["prose with an arrow"],)


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"\x00\x00"]
)
def test_an_empty_file_is_called_empty(data: bytes) -> None:
    with pytest.raises(CaptionError, match=r"^a.vtt is empty\.$"):
        read_bytes(data, name="a.vtt")


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n",
        "WEBVTT\n\nNOTE nobody came\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\n\n",
        f"WEBVTT\n\n{GUID}/1-0\n00:01.000 --> 00:02.000\n<v Helen></v>\n",
        "1\n00:00:01,000 --> 00:00:02,000\n<i> </i>&nbsp;\n",
        "0:00:01.000,0:00:02.000\n\n",
    ],
)
def test_captions_in_which_nobody_says_anything_are_refused(text: str) -> None:
    with pytest.raises(CaptionError, match=r"^session holds no words that anybody says\.$"):
        transcript(text)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(CaptionError, match="'betamax' is no caption format"):
        transcript(SRT, format="betamax")


# Files


def test_a_recording_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "session.mp4"
    with path.open("wb") as file:
        file.truncate(500 * 1024 * 1024)
    with pytest.raises(CaptionError) as caught:
        read(path)
    assert str(caught.value) == (
        "session.mp4 is 500 MB, too large for captions (at most 64 MB): is it a recording?"
    )


def test_what_has_no_size_is_not_read_for_ever() -> None:
    with pytest.raises(CaptionError, match=r"^zero is too large for captions"):
        read("/dev/zero")


def test_too_much_on_standard_input_is_refused_too() -> None:
    with pytest.raises(CaptionError, match=r"^standard input is too large for captions"):
        read_bytes(b"x" * (LARGEST + 1), name="standard input")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "is a folder: name the captions file in it."),
        ("none.vtt", "does not exist: check the name."),
    ],
)
def test_a_folder_or_a_missing_file_is_called_so(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(CaptionError) as caught:
        read(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name} {says}" or name == ""
    assert_one_sentence(caught.value)
    assert str(caught.value).endswith(says)


def test_a_file_that_may_not_be_read_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "locked.vtt"
    path.write_text(TEAMS, encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):  # the administrator may read anything

        def refuse(self: Path, *args: object, **options: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CaptionError) as caught:
        read(path)
    assert str(caught.value) == f"{path} cannot be read: Permission denied."


@pytest.mark.parametrize("name", ["x" * 300 + ".vtt", "file.vtt/inside.vtt"])
def test_an_impossible_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.vtt").write_text(TEAMS, encoding="utf-8")
    with pytest.raises(CaptionError) as caught:
        read(tmp_path / name)
    assert str(caught.value).endswith(".")
    assert "cannot be read" in str(caught.value)


# Anything at all


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_no_bytes_end_in_anything_but_a_transcript_or_a_sentence(data: bytes) -> None:
    for text in (data, b"WEBVTT\n\n" + data, SRT.encode() + data, TEAMS.encode()[:90] + data):
        try:
            found = read_bytes(text, name="thing")
        except CaptionError as error:
            assert_one_sentence(error)
        else:
            assert found.turns


PIECES = st.sampled_from(
    ["\n", "\n\n", "-->", " --> ", "00:00:01.000", "00:00:02,500", "-00:00:01.000", "99:99:99.999",
     "<v ", "<v Helen>", "</v>", "<", ">", "&lt;", "&#", "{\\", "NOTE", "STYLE", GUID, "1", "2",
     "Helen: ", "Dev:", ">> ", "- ", "(Ana)\n", "words ", "what?", "0:00:01.000,0:00:02.000\n",
     "{\"spokenText\": \"hi\"}", "\u2060", "\x00", "é", "<00:00:01.500>", "\u202e", ":"]
)  # fmt: skip


@given(
    st.lists(PIECES, max_size=40),
    st.sampled_from(["webvtt", "teams-vtt", "zoom-vtt", "srt", "sbv"]),
)
@settings(max_examples=400)
def test_no_heap_of_caption_pieces_ends_in_anything_else_either(
    pieces: list[str], name: str
) -> None:
    text = "WEBVTT\n\n" + "".join(pieces)
    try:
        found = transcript(text, format=name)
    except CaptionError as error:
        assert_one_sentence(error)
        return
    assert all(turn.words for turn in found.turns)
    for word in (word for turn in found.turns for word in turn.words):
        assert word.text.strip()
        assert word.start is not None
        assert word.end is not None
        assert 0 <= word.start <= word.end
    assert all(speaker.name for speaker in found.speakers)


@given(st.lists(PIECES, max_size=40))
@settings(max_examples=300)
def test_at_most_one_format_takes_any_file(pieces: list[str]) -> None:
    for head in ("", "WEBVTT\n\n", "1\n00:00:01,000 --> 00:00:02,000\n"):
        text = head + "".join(pieces)
        try:
            form(text)
        except CaptionError as error:
            assert "could be any of" not in str(error)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1\n00:00:01.000 --> 00:00:02.000\nHelen: Hi there\n", "srt"),
        ("00:00:01.000 --> 00:00:02.000\nHi\n", "srt"),
        ("00:01.000 --> 00:02.000\nHi\n", "srt"),
        ("0:00:01,00 --> 0:00:02,00\nHi\n", "srt"),
        ("1\n00:00:01,000 --> 00:00:02,000\nHelen  0:03\nHi\n", "srt"),
        (TEAMS.replace("WEBVTT\n\n", ""), "srt"),
        (
            "0:0:0.0 --> 0:0:1.870\nHelen Shaw\nHi there\n\n0:0:2.0 --> 0:0:3.870\nDev\nHi\n",
            "teams-txt",
        ),
        (" \nWEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHi\n", "webvtt"),
        ("WEBVTT\n\n1\n00:01.000 --> 00:02.000\n<v Helen>Hi</v>\n", "webvtt"),
        ("0:00:01.000,0:00:02.000\nHelen: Hi\n\n0:00:03.000,0:00:04.000\nDev: Oh\n" * 3, "sbv"),
        ("WEBVTT\n\n1\n00:01.000 --> 00:02.000\nHelen: Hi\n", "zoom-vtt"),
    ],
)
def test_files_on_the_border_belong_to_one_format(text: str, name: str) -> None:
    assert form(text) == name


def test_a_teams_file_that_lost_its_first_line_keeps_its_voices() -> None:
    assert said(TEAMS.replace("WEBVTT\n\n", "")) == said(TEAMS)


def test_every_example_is_one_format_and_no_other() -> None:
    for name in ("teams-vtt", "zoom-vtt", "webvtt", "srt", "sbv"):
        assert form(formats()[name].example) == name


@pytest.mark.parametrize(
    "piece", ["<v ", "<v A>", "(", "[", ": ", "&#", "{\\", "<0:0> ", "-", "\n", " ", "a ", ">>"]
)
def test_reading_takes_time_in_proportion_to_the_file(piece: str) -> None:
    """Each of these is a place where a pattern could begin to search again and again."""
    began = time.perf_counter()
    text = f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>word {piece * 200_000} word</v>\n"
    assert cues(text)[0].text.startswith("word")
    cues("1\n00:00:01,000 --> 00:00:02,000\nword " + piece * 200_000 + " word\n")
    assert time.perf_counter() - began < 30

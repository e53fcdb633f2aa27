"""Captions as data: Whisper and WhisperX JSON, CSV, ELAN, Praat TextGrid."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from als_nlp.captions import formats, read_bytes
from als_nlp.errors import CaptionError


def read_json(value: object) -> object:
    return read_bytes(json.dumps(value).encode(), name="x.json")


def test_whisper_has_times_but_no_speakers_and_says_so() -> None:
    found = read_bytes(
        json.dumps(
            {"text": "…", "segments": [{"id": 0, "start": 1.5, "end": 3.0, "text": " Who asked?"}]}
        ).encode(),
        name="w.json",
    )
    assert found.source.format == "whisper-json"
    assert found.speakers == ()
    assert found.turns[0].speaker is None
    assert "do not say who is speaking" in found.source.notes[0]


def test_whisper_cpp_counts_in_milliseconds() -> None:
    found = read_bytes(
        json.dumps(
            {"transcription": [{"offsets": {"from": 1500, "to": 3000}, "text": " Who asked?"}]}
        ).encode(),
        name="w.json",
    )
    assert (found.turns[0].start, found.turns[0].end) == (1.5, 3.0)


def test_whisperx_words_without_times_are_filled_from_their_neighbours_and_noted() -> None:
    words = [
        {"word": "At", "start": 1.0, "end": 1.2, "speaker": "SPEAKER_00"},
        {"word": "10", "speaker": "SPEAKER_00"},
        {"word": "sharp.", "start": 1.8, "end": 2.2, "speaker": "SPEAKER_00"},
    ]
    segment = {"start": 1.0, "end": 2.2, "text": "At 10 sharp.", "words": words}
    found = read_bytes(json.dumps({"segments": [segment]}).encode(), name="x.json")
    assert found.source.format == "whisperx-json"
    assert [(w.start, w.end) for w in found.turns[0].words] == [(1.0, 1.2), (1.2, 1.8), (1.8, 2.2)]
    assert any("no time of their own" in note for note in found.source.notes)


def test_a_whisperx_segment_with_two_voices_is_split() -> None:
    words = [
        {"word": "Ready?", "start": 0.0, "end": 0.5, "speaker": "SPEAKER_00"},
        {"word": "Nearly", "start": 0.6, "end": 0.9, "speaker": "SPEAKER_01"},
        {"word": "there.", "start": 0.9, "end": 1.2, "speaker": "SPEAKER_01"},
    ]
    segment = {"start": 0.0, "end": 1.2, "text": "Ready? Nearly there.", "words": words}
    found = read_bytes(json.dumps({"segments": [segment]}).encode(), name="x.json")
    assert [(t.speaker, t.text) for t in found.turns] == [("S1", "Ready?"), ("S2", "Nearly there.")]


@pytest.mark.parametrize("value", [{}, {"segments": []}, [1, 2], {"a": {"b": 1}}, "text", None])
def test_other_json_is_no_captions(value: object) -> None:
    with pytest.raises(CaptionError):
        read_json(value)


@pytest.mark.parametrize(
    "text",
    [
        "speaker,start,end,text\nHelen,1,3.5,Who asked?\nDev,4,5,Me.\n",
        "Text;Who;End;Begin;Mood\nMe.;Dev;5;4;x\nWho asked?;Helen;3,5;1;y\n",
        "name\tfrom\tto\twords\nHelen\t00:00:01\t00:00:03.5\tWho asked?\nDev\t0:04\t0:05\tMe.\n",
    ],
)
def test_a_table_is_read_whatever_the_separator_order_and_time_form(text: str) -> None:
    found = read_bytes(text.encode(), name="x.csv")
    assert found.source.format == "csv"
    assert [(t.speaker, t.start, t.end, t.text) for t in found.turns] == [
        ("S1", 1.0, 3.5, "Who asked?"),
        ("S2", 4.0, 5.0, "Me."),
    ]


def test_a_table_without_ends_has_estimated_times_and_without_starts_none() -> None:
    no_end = read_bytes(b"speaker,start,text\nHelen,1,Who asked you?\nDev,4,Me.\n", name="x.csv")
    assert no_end.source.timing == "estimated"
    no_time = read_bytes(b"speaker,text\nHelen,Who asked you?\nDev,Me.\n", name="x.csv")
    assert no_time.source.timing == "none"


def test_a_time_that_is_none_is_named_with_its_line() -> None:
    with pytest.raises(CaptionError, match=r"x\.csv, line 3: 'soon' is no time"):
        read_bytes(b"speaker,start,end,text\nA,1,2,Hi.\nB,soon,3,Ho.\n", name="x.csv")


def test_elan_layers_that_depend_on_others_are_left_out() -> None:
    example = formats()["eaf"].example
    layer = (
        '<TIER LINGUISTIC_TYPE_REF="default-lt" PARENT_REF="Helen" TIER_ID="codes"><ANNOTATION>'
        '<REF_ANNOTATION ANNOTATION_ID="a2" ANNOTATION_REF="a1">'
        "<ANNOTATION_VALUE>question</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>"
    )
    found = read_bytes(example.replace("<LINGUISTIC_TYPE", layer + "<LINGUISTIC_TYPE").encode(),
                       name="x.eaf")  # fmt: skip
    assert [(s.name, t.text) for s, t in zip(found.speakers, found.turns, strict=True)] == [
        ("Helen", "Shall we begin?")
    ]


def test_a_damaged_elan_file_is_one_sentence() -> None:
    with pytest.raises(CaptionError, match="damaged ELAN file"):
        read_bytes(formats()["eaf"].example[:400].encode(), name="x.eaf")


def test_an_elan_file_with_entities_is_not_opened() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + formats()["eaf"].example
    with pytest.raises(CaptionError, match="not a captions file"):
        read_bytes(bomb.encode(), name="bomb.eaf")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_praat_silence_is_no_speech_and_utf_16_is_read(encoding: str) -> None:
    found = read_bytes(formats()["textgrid"].example.encode(encoding), name="x.TextGrid")
    assert [(t.start, t.end, t.text) for t in found.turns] == [(3.1, 6.4, "Shall we begin?")]


def test_a_damaged_textgrid_is_one_sentence() -> None:
    with pytest.raises(CaptionError, match="damaged TextGrid"):
        read_bytes(formats()["textgrid"].example[:150].encode(), name="x.TextGrid")


CELL = st.text("abc ,;\"'<>&=+-@é", min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(CELL.filter(lambda t: any(c.isalpha() for c in t)), min_size=1, max_size=8))
def test_any_text_in_a_table_reads_back_as_its_words(texts: list[str]) -> None:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["speaker", "start", "end", "text"])
    for i, text in enumerate(texts):
        writer.writerow([f"Voice {i}", 10 * i, 10 * i + 5, text.replace("<", "(")])
    found = read_bytes(buffer.getvalue().encode(), name="x.csv")
    assert [w.text for t in found.turns for w in t.words] == [
        w for text in texts for w in text.replace("<", "(").split()
    ]


@pytest.mark.parametrize("name", [n for n in formats() if not n.endswith("docx")])
def test_every_example_is_recognised_as_its_own_format_and_read(name: str) -> None:
    found = read_bytes(formats()[name].example.encode(), name="example")
    assert found.source.format == name
    assert found.turns


def test_every_format_is_in_the_documentation() -> None:
    from tests.conftest import ROOT

    text = (ROOT / "docs" / "captions.md").read_text(encoding="utf-8")
    for name in formats():
        assert f"`{name}`" in text

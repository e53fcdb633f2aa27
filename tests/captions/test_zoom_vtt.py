"""Transcripts of Zoom cloud recordings (.vtt)."""

from __future__ import annotations

import pysubs2
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.formats import formats
from tests.captions.helpers import cues, fitting, said, transcript

RECORDING = """WEBVTT

1
00:00:02.656 --> 00:00:06.230
Helen Okafor: Right, shall we begin?

2
00:00:06.500 --> 00:00:09.040
Dev Patel: Yes. At handover: nobody comes.

3
00:00:09.040 --> 00:00:13.514
And they leave, at 10:30 mostly.

4
00:00:14.000 --> 00:00:16.000
Helen Okafor: Who notices?
"""


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["zoom-vtt"].example
    assert fitting(example) == ["zoom-vtt"]
    assert said(example) == [("Helen Okafor", "Shall we begin?"), ("Dev Patel", "I'm ready.")]


def test_a_transcript_gives_names_words_and_times() -> None:
    assert fitting(RECORDING) == ["zoom-vtt"]
    assert said(RECORDING) == [
        ("Helen Okafor", "Right, shall we begin?"),
        ("Dev Patel", "Yes. At handover: nobody comes. And they leave, at 10:30 mostly."),
        ("Helen Okafor", "Who notices?"),
    ]
    assert [turn.start for turn in transcript(RECORDING).turns] == [2.656, 6.5, 14.0]


def test_a_cue_without_a_name_continues_the_last_speaker() -> None:
    assert [cue.speaker for cue in cues(RECORDING)] == [
        "Helen Okafor", "Dev Patel", "Dev Patel", "Helen Okafor",
    ]  # fmt: skip


def test_a_cue_before_the_first_name_is_nobodys() -> None:
    text = RECORDING.replace("Helen Okafor: Right", "Right", 1)
    assert said(text)[0] == (None, "Right, shall we begin?")
    assert any(
        n.startswith("Captions without a speaker: 1;") for n in transcript(text).source.notes
    )


def test_a_clock_time_before_a_colon_is_no_speaker() -> None:
    text = RECORDING.replace("And they leave", "10:30 Meeting: they leave")
    assert said(text)[1] == (
        "Dev Patel",
        "Yes. At handover: nobody comes. 10:30 Meeting: they leave, at 10:30 mostly.",
    )


def test_display_names_may_be_anything_people_type_into_zoom() -> None:
    names = ["Helen's iPad", "helen.shaw@trust.example", "Dr. Priya Nair (she/her)",
             "Ward 7 Laptop", "MIO016", "李 小龙", "محمد", "Speaker 1"]  # fmt: skip
    text = "WEBVTT\n" + "".join(
        f"\n{n + 1}\n00:00:{n + 10}.000 --> 00:00:{n + 11}.000\n{names[n % 8]}: Words {n}.\n"
        for n in range(40)
    )
    assert fitting(text) == ["zoom-vtt"]
    assert {cue.speaker for cue in cues(text)} == set(names)
    assert [cue.text for cue in cues(text)] == [f"Words {n}." for n in range(40)]


def test_numbered_cues_without_names_are_no_zoom_transcript_and_have_no_speakers() -> None:
    text = RECORDING.replace("Helen Okafor: ", "").replace("Dev Patel: ", "")
    assert fitting(text) == ["webvtt"]
    assert transcript(text).speakers == ()


def test_times_and_text_agree_with_other_libraries_but_for_the_name() -> None:
    ours = cues(RECORDING)
    theirs = list(webvtt.from_string(RECORDING))
    events = pysubs2.SSAFile.from_string(RECORDING, format_="vtt").events
    assert [round(1000 * (cue.start or 0)) for cue in ours] == [event.start for event in events]
    assert [round(1000 * (cue.end or 0)) for cue in ours] == [event.end for event in events]
    written = [f"{c.speaker}: {c.text}" if n != 2 else c.text for n, c in enumerate(ours)]
    assert written == [event.plaintext for event in events] == [c.text for c in theirs]


@given(
    st.lists(
        st.tuples(st.sampled_from(["Helen Shaw", "Dev", "Ana de Sousa", "iPad 3"]), st.booleans()),
        min_size=2,
        max_size=30,
    )
)
def test_who_speaks_is_the_last_name_said(talk: list[tuple[str, bool]]) -> None:
    expected, parts = [], ["WEBVTT\n"]
    speaker = ""
    for n, (who, wanted) in enumerate(talk):
        named = wanted or n % 3 < 2  # names are left out now and then, as in real transcripts
        speaker = who if named else speaker
        expected.append((speaker, f"Words number {n}, said."))
        label = f"{who}: " if named else ""
        parts.append(
            f"\n{n + 1}\n00:{n:02}:01.000 --> 00:{n:02}:02.000\n{label}Words number {n}, said.\n"
        )
    assert [(cue.speaker, cue.text) for cue in cues("".join(parts))] == expected

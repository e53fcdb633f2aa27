"""SubViewer captions (.sbv) of YouTube and Google Meet."""

from __future__ import annotations

from pathlib import Path

import webvtt
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.formats import formats
from tests.captions.helpers import cues, fitting, said, transcript

YOUTUBE = """0:00:00.599,0:00:04.160
>> ALICE: Hi, my name is Alice Miller
and this is John Brown.

0:00:04.160,0:00:06.770
>> JOHN: And we're the owners of Miller Bakery.

0:00:06.770,0:00:10.880
>> ALICE: Today we'll be teaching you
"""


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["sbv"].example
    assert fitting(example) == ["sbv"]
    assert said(example) == [("HELEN", "Shall we begin?"), ("DEV", "I'm ready.")]


def test_youtubes_captions_are_read_with_names_and_times() -> None:
    assert fitting(YOUTUBE) == ["sbv"]
    assert said(YOUTUBE) == [
        ("ALICE", "Hi, my name is Alice Miller and this is John Brown."),
        ("JOHN", "And we're the owners of Miller Bakery."),
        ("ALICE", "Today we'll be teaching you"),
    ]
    assert [(turn.start, turn.end) for turn in transcript(YOUTUBE).turns] == [
        (0.599, 4.16), (4.16, 6.77), (6.77, 10.88),
    ]  # fmt: skip


def test_meets_names_in_brackets_are_speakers() -> None:
    text = """0:00:08.000,0:00:12.000
(Helen Shaw)
Shall we begin with you, Dev?
-
(Dev Patel)
Yes.

0:00:12.000,0:00:16.000
(Dev Patel)
My challenge is the huddle.
"""
    assert said(text) == [
        ("Helen Shaw", "Shall we begin with you, Dev?"),
        ("Dev Patel", "Yes. My challenge is the huddle."),
    ]


def test_without_names_nobody_is_named() -> None:
    text = YOUTUBE.replace(">> ALICE: ", "").replace(">> JOHN: ", "")
    assert transcript(text).speakers == ()


@given(st.lists(st.integers(1, 9000), min_size=1, max_size=20))
def test_times_and_text_agree_with_webvtt_py(lengths: list[int]) -> None:
    clock, parts = 0, []
    for number, length in enumerate(lengths):
        stamps = [f"{ms // 3600000}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
                  for ms in (clock, clock + length)]  # fmt: skip
        parts.append(f"{','.join(stamps)}\nline {number}\nand more {number}\n")
        clock += length
    text = "\n".join(parts)
    theirs = list(webvtt.from_string("WEBVTT\n\n" + _as_vtt(text)))
    assert [(cue.text, round(1000 * (cue.start or 0))) for cue in cues(text)] == [
        (c.text.replace("\n", " "), c.start_time.in_milliseconds()) for c in theirs
    ]


def _as_vtt(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        " --> ".join(f"0{t}" for t in x.split(",")) if x.count(",0:") else x for x in lines
    )


def test_a_file_of_webvtt_py_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "captions.sbv"
    path.write_text(YOUTUBE, encoding="utf-8")
    theirs = webvtt.from_sbv(str(path))
    assert [caption.text.split(": ", 1)[1].replace("\n", " ") for caption in theirs] == [
        cue.text for cue in cues(YOUTUBE)
    ]

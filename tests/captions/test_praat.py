"""Praat TextGrids: an interval tier for each speaker."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from praatio import textgrid
from praatio.data_classes.interval_tier import IntervalTier
from praatio.data_classes.point_tier import PointTier
from praatio.utilities.constants import Interval, Point

from als_nlp.captions.formats import formats
from als_nlp.errors import CaptionError
from tests.captions.helpers import cues, fitting, said, transcript

EXAMPLE = formats()["textgrid"].example


def saved(tiers: dict[str, list[tuple[float, float, str]]], form: str = "long_textgrid") -> str:
    grid = textgrid.Textgrid()
    for name, entries in tiers.items():
        grid.addTier(IntervalTier(name, [Interval(*entry) for entry in entries], 0, 100))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.TextGrid"
        grid.save(str(path), format=form, includeBlankSpaces=True)  # type: ignore[arg-type]
        return path.read_text(encoding="utf-8")


TWO = {"Helen": [(3.1, 6.4, "Shall we?"), (9.0, 9.5, 'The "so".')], "Dev": [(6.0, 8.0, "Yes.")]}


def test_the_example_that_als_formats_prints_is_read() -> None:
    assert fitting(EXAMPLE) == ["textgrid"]
    assert said(EXAMPLE) == [("Helen", "Shall we begin?")]


@pytest.mark.parametrize("form", ["long_textgrid", "short_textgrid"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_tiers_are_speakers_and_empty_intervals_are_silence(form: str, encoding: str) -> None:
    data = saved(TWO, form).replace("\n", "\r\n").encode(encoding)
    assert fitting(data) == ["textgrid"]
    assert transcript(data).source.timing == "exact"
    assert [(c.speaker, c.start, c.end, c.text) for c in cues(data)] == [
        ("Helen", 3.1, 6.4, "Shall we?"),
        ("Dev", 6.0, 8.0, "Yes."),
        ("Helen", 9.0, 9.5, 'The "so".'),
    ]


def test_the_short_form_without_a_blank_line_is_read() -> None:
    text = saved(TWO, "short_textgrid").replace('"TextGrid"\n\n', '"TextGrid"\n')
    assert len(cues(text)) == 3


def test_points_are_no_speech_and_that_is_said() -> None:
    grid = textgrid.Textgrid()
    grid.addTier(IntervalTier("Helen", [Interval(3.1, 6.4, "Shall we?")], 0, 100))
    grid.addTier(PointTier("pitch", [Point(4.0, "high")], 0, 100))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.TextGrid"
        grid.save(str(path), format="long_textgrid", includeBlankSpaces=True)
        text = path.read_text(encoding="utf-8")
    assert said(text) == [("Helen", "Shall we?")]
    assert transcript(text).source.notes == (
        "Tier pitch holds points, not intervals, and was left out.",
    )


def test_of_a_file_that_broke_off_the_whole_intervals_are_read_and_that_is_said() -> None:
    text = saved(TWO)
    found = transcript(text[: text.rindex("text =")])
    assert found.turns[0].text == "Shall we?"
    assert found.source.notes[0].startswith("The file is cut off")


def test_a_damaged_file_is_refused_in_a_sentence() -> None:
    with pytest.raises(CaptionError, match="damaged TextGrid: open it in Praat and save it anew"):
        transcript(EXAMPLE[:120])


def test_a_binary_file_is_refused_and_the_sentence_says_how_to_save_it() -> None:
    data = b"ooBinaryFile\x08TextGrid" + bytes(range(64))
    assert fitting(data) == ["textgrid"]
    with pytest.raises(CaptionError, match="save it in Praat as a text file"):
        transcript(data)


def test_a_file_of_silence_is_refused_in_a_sentence() -> None:
    with pytest.raises(CaptionError, match="holds no words with times"):
        transcript(EXAMPLE.replace("Shall we begin?", ""))


def test_other_objects_of_praat_are_no_captions() -> None:
    assert fitting('File type = "ooTextFile"\nObject class = "PitchTier"\n\nxmin = 0\n') == []


WORDS = st.text("abc é<>&'\".?", min_size=1, max_size=12).filter(lambda t: t.strip())


@given(
    st.lists(st.tuples(st.sampled_from(["Helen", "Dev"]), WORDS), min_size=1, max_size=6),
    st.sampled_from(["long_textgrid", "short_textgrid"]),
)
def test_what_praat_holds_reads_back(spoken: list[tuple[str, str]], form: str) -> None:
    tiers: dict[str, list[tuple[float, float, str]]] = {}
    for i, (who, text) in enumerate(spoken):
        tiers.setdefault(who, []).append((10.0 * i, 10.0 * i + 1.5, text))
    assert [(c.speaker, c.start, c.end, c.text) for c in cues(saved(tiers, form))] == [
        (who, 10.0 * i, 10.0 * i + 1.5, " ".join(text.split()))
        for i, (who, text) in enumerate(spoken)
    ]

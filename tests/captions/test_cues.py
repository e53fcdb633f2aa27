"""The small things that every reader of captions relies on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.cues import (
    SLOW_SPEECH,
    Cue,
    Notes,
    clean,
    fill_ends,
    seconds,
    shared,
    visible,
    without_rolling,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<i>Well</i>, <c.yellow>she</c> <b>left</b>", "Well, she left"),
        ('<font color="#fff">Well</font>', "Well"),
        ("hello<00:00:00.480><c> and</c>", "hello and"),
        ("one<br>two<BR/>three", "one two three"),
        ("{\\an8}{\\i1}Well{\\i0}", "Well"),
        ("R&amp;D &lt; 10 &#233; &nbsp; x", "R&D < 10 é x"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("&amp;amp;", "&amp;"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("a\x00b\ufeff \u202ec\u2066d", "ab cd"),
        ("two\u2028lines\x85here", "two lines here"),
        ("می\u200cخواهم 👩\u200d⚕️", "می\u200cخواهم 👩\u200d⚕️"),
        (" \n\t ", ""),
    ],
)
def test_text_is_as_a_person_would_read_it(raw: str, text: str) -> None:
    assert clean(raw) == text


@given(st.text())
def test_what_is_visible_stays_visible_and_can_be_written(text: str) -> None:
    seen = visible(text)
    assert visible(seen) == seen
    assert " ".join(seen.split()) == seen
    seen.encode("utf-8")


@pytest.mark.parametrize(
    ("stamp", "value"),
    [
        ("1:02:03.450", 3723.45), ("02:03,45", 123.45), ("2:03", 123.0), ("0:0:5.320", 5.32),
        ("00:50:12.3760000", 3012.376), ("100:00:00.000", 360000.0), (" 00:01 ", 1.0),
        ("", None), ("5", None), ("-00:01", None), ("00:aa", None), ("1:2:3:4:5", None),
        ("12:345:00", 63900.0),
    ],
)  # fmt: skip
def test_clock_times_are_seconds(stamp: str, value: float | None) -> None:
    assert seconds(stamp) == (None if value is None else pytest.approx(value))


@given(
    st.lists(st.text("abc", min_size=1, max_size=30), min_size=1, max_size=40),
    st.integers(0, 10**7),
    st.integers(0, 10**5),
)
def test_words_share_time_without_gaps_or_overlaps(
    tokens: list[str], start: int, length: int
) -> None:
    words = shared(tokens, start / 1000, (start + length) / 1000)
    assert [word.text for word in words] == tokens
    assert words[0].start == start / 1000
    assert words[-1].end == (start + length) / 1000
    assert all(a.end == b.start for a, b in pairwise(words))
    assert all((w.start or 0) <= (w.end or 0) for w in words)


def test_a_caption_without_an_end_lasts_until_the_next_or_as_long_as_its_words_do() -> None:
    cues = [Cue("A", 0.0, None, "one two three four five six"), Cue("B", 1.0, None, "yes"),
            Cue("A", 60.0, None, "and so on and on"), Cue("A", None, None, "no time"),
            Cue("A", 60.0, 61.0, "known")]  # fmt: skip
    filled = [cue.end for cue in fill_ends(cues)]
    assert filled == [1.0, 1.0 + 1 / SLOW_SPEECH, 60.0 + 5 / SLOW_SPEECH, None, 61.0]


@given(st.lists(st.integers(0, 20), max_size=30))
def test_the_next_start_is_the_next_that_is_later(starts: list[int]) -> None:
    cues = [Cue(None, float(start), None, "word " * 100) for start in starts]
    for index, cue in enumerate(fill_ends(cues)):
        later = [s for s in starts[index + 1 :] if s > starts[index]]
        spoken = starts[index] + 100 / SLOW_SPEECH
        assert cue.end == min(spoken, later[0] if later else spoken)


def rolling(*texts: str) -> list[Cue]:
    return [Cue("A", float(n), float(n + 1), text) for n, text in enumerate(texts)]


def test_lines_that_roll_are_read_once() -> None:
    cues, repeats = without_rolling(
        rolling("hello and welcome", "hello and welcome to the set", "to the set of today",
                "of today", "of today and more")
    )  # fmt: skip
    assert [cue.text for cue in cues] == ["hello and welcome", "to the set", "of today", "and more"]
    assert repeats == 4


def test_three_words_said_twice_roll_nothing() -> None:
    texts = ["I don't know", "I don't know", "it was late", "and dark", "so I went"]
    cues, repeats = without_rolling(rolling(*texts))
    assert [cue.text for cue in cues] == texts
    assert repeats == 0


def test_what_another_person_repeats_is_theirs() -> None:
    texts = ["nobody comes now", "nobody comes now", "nobody comes now", "nobody comes now"]
    cues = [Cue("AB"[n % 2], float(n), n + 1.0, text) for n, text in enumerate(texts)]
    assert without_rolling(cues) == (cues, 0)


def test_notes_say_each_kind_of_thing_once() -> None:
    notes = Notes()
    notes.add("Lines were odd", 3)
    notes.add("Lines were odd", 9)
    notes.add("Cues were empty", 5)
    assert notes.sentences() == (
        "Lines were odd: 2 (first at line 3).",
        "Cues were empty: 1 (first at line 5).",
    )

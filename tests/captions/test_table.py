"""A table with the columns speaker, start, end, text, as .csv or .tsv."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.formats import formats
from als_nlp.errors import CaptionError
from tests.captions.helpers import cues, fitting, said, transcript


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["csv"].example
    assert fitting(example) == ["csv"]
    assert said(example) == [("Helen", "Shall we begin?"), ("Dev", "I'm ready.")]


@pytest.mark.parametrize(
    "text",
    [
        "speaker,start,end,text\nHelen,1,3.5,Who asked?\nDev,4,5,Me.\n",
        "Text;Who;End;Begin;Mood\nMe.;Dev;5;4;x\nWho asked?;Helen;3,5;1;y\n",
        "name\tfrom\tto\twords\nHelen\t00:00:01\t00:00:03.5\tWho asked?\nDev\t0:04\t0:05\tMe.\n",
        "Speaker Name,Start_Time (s),END-TIME [sec],Text\nHelen,1,3.5,Who asked?\nDev,4,5,Me.\n",
        "speaker,start_ms,end (ms),text\nHelen,1000,3500,Who asked?\nDev,4000,5000,Me.\n",
        "sep=;\nspeaker;start;end;text\nHelen;1;3,5;Who asked?\nDev;4;5;Me.\n",
        '\n"speaker","start","end","text"\n\n"Helen","1","3.5","Who\nasked?"\n"Dev","4","5","Me."\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separator_order_names_and_units_of_columns_do_not_matter(text: str, encoding: str) -> None:
    data = text.replace("\n", "\r\n").encode(encoding)
    assert fitting(data) == ["csv"]
    assert transcript(data).source.timing == "exact"
    assert [(c.speaker, c.start, c.end, c.text) for c in cues(data)] == [
        ("Helen", 1.0, 3.5, "Who asked?"),
        ("Dev", 4.0, 5.0, "Me."),
    ]


def test_rows_are_sorted_by_their_start() -> None:
    assert [c.start for c in cues("who,start,text\nA,9,c\nB,1,a\nA,5,b\n")] == [1.0, 5.0, 9.0]


def test_ends_that_are_missing_are_estimated_and_labelled_so() -> None:
    text = "speaker,start,text\nHelen,1,Who asked you?\nDev,1.5,Me.\n"
    assert transcript(text).source.timing == "estimated"
    assert [c.end for c in cues(text)] == [1.5, pytest.approx(1.5 + 1 / 1.8)]


def test_without_any_times_words_stand_in_for_them() -> None:
    found = transcript("speaker,text\nHelen,Who asked you?\nDev,Me.\n")
    assert found.source.timing == "none"
    assert [turn.start for turn in found.turns] == [None, None]


def test_a_row_without_a_start_follows_the_row_before_and_that_is_said() -> None:
    text = "speaker,start,end,text\nHelen,1,3,Who asked?\nDev,,,Me.\nHelen,9,10,Why?\n"
    assert [c.start for c in cues(text)] == [1.0, 3.0, 9.0]
    assert transcript(text).source.notes == (
        "Rows without a start follow the row before: 1 (first at line 3).",
    )


def test_times_that_most_rows_lack_are_not_used_and_that_is_said() -> None:
    found = transcript("speaker,start,text\nHelen,1,Who asked?\nDev,,Me.\nHelen,,Why?\n")
    assert found.source.timing == "none"
    assert found.source.notes == ("Rows without a time: 2; so no times are used.",)


def test_times_of_day_count_from_the_first_and_that_is_said() -> None:
    found = transcript("who,start,end,text\nA,10:02:13,10:02:15,Yes?\nB,10:02:20,10:02:21.5,No.\n")
    assert [(t.start, t.end) for t in found.turns] == [(0.0, 2.0), (7.0, 8.5)]
    assert "times are those of the day" in found.source.notes[0]


def test_whispers_own_table_counts_in_thousandths() -> None:
    text = "start\tend\ttext\n1000\t3500\tWho asked?\n4000\t5000\tMe.\n"
    assert [(c.speaker, c.start, c.end) for c in cues(text)] == [(None, 1.0, 3.5), (None, 4.0, 5.0)]


def test_commas_that_nobody_put_in_quotes_belong_to_the_text() -> None:
    assert cues("who,start,text\nA,1,Yes, well, so\n")[0].text == "Yes, well, so"


def test_text_is_kept_as_it_stands() -> None:
    assert cues('who,text\nA,"<b> =1+1 &amp; ""so"""\n')[0].text == '<b> =1+1 &amp; "so"'


def test_a_row_without_a_speaker_is_nobodys() -> None:
    assert said("who,start,text\nA,1,Yes.\n,5,No.\n") == [("A", "Yes."), (None, "No.")]


def test_rows_that_end_before_they_start_get_an_end_by_their_words() -> None:
    found = transcript("who,start,end,text\nA,5,1,One two three.\n")
    assert found.turns[0].end == pytest.approx(5 + 3 / 1.8, abs=0.001)
    assert "end before they start" in found.source.notes[0]


@pytest.mark.parametrize("time", ["soon", "-3", "nan", "inf", "1:2:3:4:5", "9999999"])
def test_a_time_that_is_none_is_named_with_its_line(time: str) -> None:
    with pytest.raises(CaptionError, match=rf"^session, line 4: '{time}' is no time; use seconds"):
        transcript(f'who,start,text\nA,1,"Two\nlines"\nB,{time},No.\n')


def test_a_table_without_words_is_refused_in_a_sentence() -> None:
    with pytest.raises(CaptionError, match="right columns but no row with text"):
        transcript("speaker,start,end,text\nHelen,1,2,\n")


def test_a_quote_that_is_never_closed_is_refused_in_a_sentence() -> None:
    with pytest.raises(CaptionError, match=r"line \d+: field larger than field limit"):
        transcript('speaker,start,text\nA,1,"' + "word\n" * 50_000)


@pytest.mark.parametrize(
    "text",
    [
        "name,score\nHelen,3\n",
        "start,end\n1,2\n",
        "text\nhello\n",
        "To whom it may concern, text follows\nHello\n",
        "",
    ],
)
def test_other_tables_are_no_captions(text: str) -> None:
    assert fitting(text) == []


CELL = st.text("abc ,;\t\"'<>&=+-@é\n", min_size=1, max_size=20).filter(lambda t: t.strip())
ROW = st.tuples(st.sampled_from(["Helen", "Dev, jr.", "Ana; RN"]), st.integers(0, 9), CELL)


@given(st.lists(ROW, min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_whatever_a_spreadsheet_writes_reads_back(
    rows: list[tuple[str, int, str]], delimiter: str
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(["speaker", "start", "end", "text"])
    writer.writerows((who, 10 * i, 10 * i + length, words)
                     for i, (who, length, words) in enumerate(rows))  # fmt: skip
    assert [(c.speaker, c.start, c.end, c.text) for c in cues(buffer.getvalue())] == [
        (who, 10.0 * i, 10.0 * i + length, " ".join(words.split()))
        for i, (who, length, words) in enumerate(rows)
    ]

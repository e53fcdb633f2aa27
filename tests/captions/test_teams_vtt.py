"""Transcripts that Microsoft Teams saves as .vtt."""

from __future__ import annotations

import html
import json

import pysubs2
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.formats import formats
from tests.captions.helpers import cues, fitting, said, transcript

GUID = "3f2a7c1e-9b04-4d5e-8c11-0a6b7d2e4f10"
DOWNLOADED = f"""WEBVTT

{GUID}/12-0
00:00:03.120 --> 00:00:06.480
<v Okafor, Helen>Morning everyone, R&amp;D first
or the rota?</v>

{GUID}/12-1
00:00:06.480 --> 00:00:09.000
<v Okafor, Helen>Dev, you said rota.</v>

{GUID}/15-0
00:00:09.500 --> 00:00:12.000
<v Dev Patel (Guest)>The rota, please.</v>
"""


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["teams-vtt"].example
    assert fitting(example) == ["teams-vtt"]
    assert said(example) == [("Helen Okafor", "Shall we begin?"), ("Dev Patel", "I'm ready.")]


def test_a_downloaded_transcript_gives_names_words_and_times() -> None:
    assert fitting(DOWNLOADED) == ["teams-vtt"]
    assert said(DOWNLOADED) == [
        ("Helen Okafor", "Morning everyone, R&D first or the rota? Dev, you said rota."),
        ("Dev Patel", "The rota, please."),
    ]
    helen, dev = transcript(DOWNLOADED).turns
    assert (helen.start, helen.end) == (3.12, 9.0)
    assert (dev.start, dev.end) == (9.5, 12.0)


def test_names_are_the_same_person_with_or_without_aside_and_in_either_order() -> None:
    text = f"""WEBVTT

{GUID}/1-0
00:00:01.000 --> 00:00:02.000
<v SHAW, Helen (NORTH TRUST [A1])>One.</v>

{GUID}/2-0
00:00:03.000 --> 00:00:04.000
<v Helen Shaw>Two.</v>

{GUID}/3-0
00:00:05.000 --> 00:00:06.000
<v Carlos Far&#237;as>Three.</v>
"""
    assert said(text) == [("Helen SHAW", "One. Two."), ("Carlos Farías", "Three.")]


def test_voices_need_no_closing_tag() -> None:
    assert said(DOWNLOADED.replace("</v>", "")) == said(DOWNLOADED)


def test_several_voices_of_one_cue_are_several_cues_that_share_its_time_by_their_words() -> None:
    text = f"""WEBVTT

{GUID}/12-0
00:00:10.000 --> 00:00:14.000
<v Helen>aaaa aaaa aaaa</v>
<v Dev>bbbb</v>

"""
    first, second = cues(text)
    assert (first.speaker, first.text) == ("Helen", "aaaa aaaa aaaa")
    assert (first.start, first.end) == (10, 13)
    assert (second.speaker, second.text, second.start, second.end) == ("Dev", "bbbb", 13, 14)


def test_voices_on_one_line_and_without_closing_tags_are_told_apart_too() -> None:
    text = (
        f"WEBVTT\n\n{GUID}/1-0\n00:01.000 --> 00:03.000\n<v A B>yes. <v C D>why?</v> <v A B>no.\n"
    )
    assert said(text) == [("A B", "yes."), ("C D", "why?"), ("A B", "no.")]


def test_the_id_of_the_next_cue_is_no_text_even_where_blank_lines_are_missing() -> None:
    assert said(DOWNLOADED.replace("\n\n", "\n")) == said(DOWNLOADED)


def test_the_unattributed_variant_has_no_speakers_and_says_so() -> None:
    text = f"""WEBVTT

NOTE duration:"00:00:32.5820000"

NOTE language:en-us

NOTE Confidence: 0.69450831413269

{GUID}
00:00:03.300 --> 00:00:06.870
Hello.

NOTE Confidence: 0.621036410331726

{GUID}-1
00:00:08.100 --> 00:00:09.620
Can you hear me: yes?
"""
    found = transcript(text)
    assert found.source.format == "teams-vtt"
    assert found.speakers == ()
    assert [turn.text for turn in found.turns] == ["Hello.", "Can you hear me: yes?"]
    assert any("do not say who is speaking" in note for note in found.source.notes)


@pytest.mark.parametrize("tag", ["<v>", "<v >", "<v Unknown>", "<v Unattributed speaker>"])
def test_a_voice_without_a_name_is_nobody_and_takes_nobodys_airtime(tag: str) -> None:
    found = transcript(DOWNLOADED.replace("<v Dev Patel (Guest)>", tag))
    assert [speaker.name for speaker in found.speakers] == ["Helen Okafor"]
    assert found.turns[-1].speaker is None
    assert any(note.startswith("Captions without a speaker: 1;") for note in found.source.notes)


def test_a_cue_without_a_voice_among_others_is_nobodys() -> None:
    text = DOWNLOADED.replace("<v Dev Patel (Guest)>", "").replace("please.</v>", "please.")
    assert said(text)[-1] == (None, "The rota, please.")


def test_what_microsoft_graph_gives_is_read() -> None:
    """Its cues are JSON, right below the head, and may begin before the clock does."""
    record = {"startDateTime": "2026-03-08T08:22:30.0461639+00:00", "speakerName": "Okafor, Helen",
              "spokenText": "This is <new> & so on.", "spokenLanguage": "en-gb"}  # fmt: skip
    text = (
        f"WEBVTT\n00:00:16.246 --> 00:00:17.726\n{json.dumps(record)}\n\n"
        '00:00:18.000 --> 00:00:19.000\n{"speakerName": "Dev", "spokenText"\n'
    )
    found = transcript(text)
    assert found.source.format == "teams-vtt"
    assert said(text)[0] == ("Helen Okafor", "This is <new> & so on.")
    assert found.turns[0].start == 16.246
    assert any("JSON is broken" in note for note in found.source.notes)


def test_times_before_the_clock_starts_move_all_times() -> None:
    text = (
        f"WEBVTT\n\n{GUID}/1-0\n-0:0:4.0 --> -0:0:1.0\n<v A>one two</v>\n\n"
        f"{GUID}/2-0\n0:0:1.0 --> 0:0:5.320\n<v B>three four</v>\n"
    )
    found = transcript(text)
    assert [(turn.start, turn.end) for turn in found.turns] == [(0.0, 3.0), (5.0, 9.32)]
    assert any("begin before zero" in note for note in found.source.notes)


def test_captions_that_grow_while_somebody_speaks_are_read_once() -> None:
    grown = [
        ("A", 1, 3, "So I think we should"),
        ("A", 2.5, 5, "So I think we should ship it today"),
        ("B", 6, 8, "Agreed let us"),
        ("B", 7.2, 10, "Agreed let us do that"),
        ("A", 11, 12, "Who will"),
        ("A", 11.5, 13, "Who will tell them?"),
    ]
    text = "WEBVTT\n" + "".join(
        f"\n{GUID}/{n}-0\n00:00:{a:06.3f} --> 00:00:{b:06.3f}\n<v {who}>{words}</v>\n"
        for n, (who, a, b, words) in enumerate(grown)
    )
    assert said(text) == [
        ("A", "So I think we should ship it today"),
        ("B", "Agreed let us do that"),
        ("A", "Who will tell them?"),
    ]
    assert "Captions that repeat words already shown: 3; each is read once." in (
        transcript(text).source.notes
    )


def test_people_who_say_things_twice_are_not_cut() -> None:
    text = "WEBVTT\n" + "".join(
        f"\n{GUID}/{n}-0\n00:00:{2 * n:02}.000 --> 00:00:{2 * n + 2:02}.000\n<v A>{words}</v>\n"
        for n, words in enumerate(
            ["I don't know.", "I don't know.", "She went home.", "And then?", "Then nothing.",
             "No, no.", "No, no.", "It was fine.", "Really.", "Honestly."]
        )
    )  # fmt: skip
    assert said(text)[0][1].count("I don't know.") == 2
    assert said(text)[0][1].count("No, no.") == 2


def test_times_agree_with_other_libraries_and_names_do_not_get_lost_as_they_do_there() -> None:
    text = DOWNLOADED.replace("please.</v>", "please.</v>\n<v Ana>Same.</v>") + (
        f"\n{GUID}/16-0\n00:00:13.000 --> 00:00:14.000\n<v Ana>Go on.</v>\n"
    )
    theirs = list(webvtt.from_string(text))
    events = pysubs2.SSAFile.from_string(text, format_="vtt").events
    ours = cues(text)
    starts = [cue.start for cue in ours if cue.text != "Same."]
    assert starts == [event.start / 1000 for event in events]
    assert starts == [webvtt_seconds(caption.start) for caption in theirs]
    # webvtt-py keeps the first voice of a cue only, and entities
    assert [cue.speaker for cue in ours][-3:] == ["Dev Patel (Guest)", "Ana", "Ana"]
    assert theirs[2].voice == "Dev Patel (Guest)"
    assert "Same." in theirs[2].text
    assert "&amp;" in theirs[0].text
    # pysubs2 knows no voices and takes the id of the next cue for text
    assert {event.name for event in events} == {""}
    assert GUID in events[0].plaintext
    assert not any(GUID in cue.text or "&amp;" in cue.text for cue in ours)


def webvtt_seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


WORDS = st.lists(st.from_regex(r"[a-zé’<>&;:-]{1,9}", fullmatch=True), min_size=1, max_size=12)
NAMES = st.from_regex(r"[A-Z][a-zé<>&]{0,8}( [A-Z][a-z'&]{1,9})?", fullmatch=True)


@given(st.lists(st.tuples(NAMES, WORDS), min_size=1, max_size=12))
def test_whatever_people_say_comes_out_as_it_went_in(talk: list[tuple[str, list[str]]]) -> None:
    unique = [(who, [f"{word}{n}.{i}" for i, word in enumerate(words)])
              for n, (who, words) in enumerate(talk)]  # fmt: skip
    text = "WEBVTT\n" + "".join(
        f"\n{GUID}/{n}-0\n00:{n:02}:00.000 --> 00:{n:02}:02.000\n"
        f"<v {html.escape(who)}>{html.escape(' '.join(words))}</v>\n"
        for n, (who, words) in enumerate(unique)
    )
    assert fitting(text) == ["teams-vtt"]
    assert [(cue.speaker, cue.text) for cue in cues(text)] == [
        (who, " ".join(words)) for who, words in unique
    ]

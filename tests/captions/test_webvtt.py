"""Every other WebVTT: what video platforms, editors and als itself write."""

from __future__ import annotations

import pysubs2
import webvtt

from als_nlp.captions.formats import formats
from tests.captions.helpers import cues, fitting, said, transcript

EDITED = """WEBVTT - Session of 3 March
Kind: captions
Language: en

STYLE
::cue(v) { color: yellow }

REGION
id:fred width:40%

NOTE written by hand --
10:30 Meeting: is in this note

intro
00:01.000 --> 00:04.000 align:start position:0%
<c.yellow>Welcome</c>, <i>all</i> of you &amp; yours.

00:04.500 --> 00:07.000 line:84%
note that neither of us
NOTE has heard the end

00:00:07.000 --> 00:00:08.000

"""


def test_the_example_that_als_formats_prints_is_read() -> None:
    example = formats()["webvtt"].example
    assert fitting(example) == ["webvtt"]
    assert said(example) == [("Helen", "Shall we begin?"), ("Dev", "I'm ready.")]


def test_comments_styles_regions_settings_and_ids_are_no_text() -> None:
    assert fitting(EDITED) == ["webvtt"]
    found = transcript(EDITED)
    assert [turn.text for turn in found.turns] == [
        "Welcome, all of you & yours. note that neither of us NOTE has heard the end"
    ]
    assert (found.turns[0].start, found.turns[0].end) == (1.0, 7.0)
    assert "Captions without words were left out: 1 (first at line 22)." in found.source.notes


def test_voices_make_speakers_without_any_mark_of_teams() -> None:
    text = """WEBVTT

00:01.000 --> 00:02.000
<v.loud.first Esme O'Neil>Is it?

00:03.000 --> 00:04.000
<v Mary>Note: it <b>is</b>.</v>
"""
    assert fitting(text) == ["webvtt"]
    assert said(text) == [("Esme O'Neil", "Is it?"), ("Mary", "Note: it is.")]


def test_names_before_a_colon_are_speakers_where_they_are_used_throughout() -> None:
    text = """WEBVTT

00:01.000 --> 00:02.000
HELEN: What did he say?

00:03.000 --> 00:04.000
TOM: Nothing.
HELEN: Nothing at all?

00:05.000 --> 00:06.000
TOM: Note: he was
late.
"""
    assert said(text) == [
        ("HELEN", "What did he say?"),
        ("TOM", "Nothing."),
        ("HELEN", "Nothing at all?"),
        ("TOM", "Note: he was late."),
    ]


def test_a_colon_alone_makes_no_speaker() -> None:
    text = """WEBVTT

00:01.000 --> 00:02.000
10:30 Meeting: the plan

00:03.000 --> 00:04.000
Remember: bring the rota.

00:05.000 --> 00:06.000
See https://example.org: it is all there.

00:07.000 --> 00:08.000
I said to her: not again.
"""
    found = transcript(text)
    assert found.speakers == ()
    assert found.turns[0].text == "10:30 Meeting: the plan"
    assert "Remember: bring the rota." in [turn.text for turn in found.turns]


def test_chevrons_mark_another_voice_without_saying_whose() -> None:
    text = """WEBVTT

00:01.000 --> 00:02.000
&gt;&gt; What did he say?

00:02.000 --> 00:03.000
&gt;&gt; Nothing. And he

00:03.000 --> 00:04.000
went home.
"""
    assert said(text) == [(None, "What did he say?"), (None, "Nothing. And he went home.")]


def test_chevrons_with_names_are_names() -> None:
    text = """WEBVTT

00:01.000 --> 00:02.000
>> HELEN: What did he say?

00:02.000 --> 00:03.000
>> DEV: Nothing.

00:03.000 --> 00:04.000
>> HELEN: Oh.
"""
    assert [name for name, _ in said(text)] == ["HELEN", "DEV", "HELEN"]


def test_dashes_mark_two_voices_in_one_cue() -> None:
    text = """WEBVTT

00:01.000 --> 00:03.000
- What did he say?
- Nothing.

00:03.000 --> 00:04.000
Nothing - at all.
"""
    assert said(text) == [(None, "What did he say?"), (None, "Nothing. Nothing - at all.")]
    assert [(cue.start, cue.end) for cue in cues(text)] == [(1, 2.308), (2.308, 3), (3, 4)]


def test_one_dash_in_a_whole_file_is_a_dash() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:03.000\nand then he said\n- you know -\n"
    assert said(text) == [(None, "and then he said - you know -")]


ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.869 align:start position:0%
\x20
hello<00:00:00.480><c> and</c><00:00:00.800><c> welcome</c>

00:00:02.869 --> 00:00:02.879 align:start position:0%
hello and welcome
\x20

00:00:02.879 --> 00:00:05.150 align:start position:0%
hello and welcome
to<00:00:03.200><c> the</c>

00:00:05.150 --> 00:00:05.160 align:start position:0%
to the
\x20

00:00:05.160 --> 00:00:07.000 align:start position:0%
to the
set<00:00:05.500><c> today</c>

00:00:07.000 --> 00:00:07.010 align:start position:0%
set today
\x20
"""


def test_youtubes_rolling_lines_are_read_once() -> None:
    assert said(ROLLING) == [(None, "hello and welcome to the set today")]
    words = transcript(ROLLING).turns[0].words
    assert next(word for word in words if word.text == "to").start == 2.879
    assert any("repeat words already shown" in note for note in transcript(ROLLING).source.notes)


def test_meets_names_in_brackets_on_lines_of_their_own_are_speakers() -> None:
    text = """WEBVTT

00:00:08.000 --> 00:00:12.000
(Danyel Fisher)
I wanted to start with a little background (as it were)

00:00:12.000 --> 00:00:16.000
(Danyel Fisher)
background?
-
\x20
(Dana Bettinger)
Food-wise or life-wise?
"""
    assert said(text) == [
        ("Danyel Fisher",
         "I wanted to start with a little background (as it were) background?"),
        ("Dana Bettinger", "Food-wise or life-wise?"),
    ]  # fmt: skip


def test_times_and_plain_text_agree_with_other_libraries_where_they_are_right() -> None:
    ours = cues(EDITED)
    events = pysubs2.SSAFile.from_string(EDITED, format_="vtt").events
    theirs = list(webvtt.from_string(EDITED))
    assert [(cue.start, cue.end) for cue in ours] == [
        (event.start / 1000, event.end / 1000) for event in events[:2]
    ]
    assert theirs[1].text.replace("\n", " ") == ours[1].text
    assert theirs[0].text == "Welcome, all of you &amp; yours."
    assert ours[0].text == "Welcome, all of you & yours."

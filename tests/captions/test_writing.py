"""Accessible captions that als writes: readable on a screen, and the same session when read."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pysubs2
import pytest
import webvtt
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from als_nlp.captions import read, write
from als_nlp.captions.cues import visible
from als_nlp.captions.formats import formats
from als_nlp.captions.layout import LINE, LONGEST, PACE, laid_out
from als_nlp.captions.names import key, tidy
from als_nlp.captions.prefixes import SURE
from als_nlp.errors import InputError
from als_nlp.transcript import Segment, Source, Speaker, Transcript, Turn, Word
from tests.captions.helpers import cues, fitting, transcript

WRITERS = ["webvtt", "srt"]
HOSTILE = ["-->", "<script>alert(1)</script>", "&amp;", "&lt;b&gt;", "<b>", "</v>", "<v", "<v Eve>",
           "{\\an8}", "WEBVTT", "NOTE", "00:00:01.000", "1", "Helen:", "Note:", ">>", "-", "(Eve)",
           "\u202eevil\u2069", "nul\x00l", "\ufeff", "a\nb", "\r", "\u2028", "x" * 10_000, "&#0;",
           "3f2a7c1e-9b04-4d5e-8c11-0a6b7d2e4f10/12-0", "\ud800", "=cmd|' /C calc'!A0", "?",
           "00:00:01,000-->00:00:02,000", "0:00:01.000,0:00:02.000", "<00:00:01.000>", "->", "%s",
           "👩\u200d⚕️", "مرحبا", "Unknown", "speaker:", "&"]  # fmt: skip
NAMES = ["Helen", "Dev Patel", "Note", "10:30", "Dr: Smith", "a:", "-", "<script>", "</v>",
         "A --> B", "&amp;", "Eve\nAdam", "\u202eevE", "N\x00ul", "x" * 80, "- Tom", ">> Tom",
         "(Guest)", "1", "https://x.org", "Shaw, Ana", "lower case", "WEBVTT", "{\\i1}",
         "Élodie", "张", "-->"]  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(min_size=1, max_size=12),
    st.from_regex(r"[a-z]{1,12}[.,?!:]?", fullmatch=True),
)
PEOPLE = st.lists(
    st.one_of(st.sampled_from(NAMES), st.text(min_size=1, max_size=30)), max_size=4
).map(lambda names: [n for n in names if tidy(n)])


@st.composite
def sessions(draw: st.DrawFn) -> Transcript:
    """Anybody may say anything, over each other, at any pace, in silence and without names."""
    people: dict[str, str] = {}
    for name in draw(PEOPLE):
        people.setdefault(key(tidy(name) or ""), name)
    speakers = [Speaker(f"S{i}", name) for i, name in enumerate(people.values(), start=1)]
    voices = [speaker.id for speaker in speakers] + [None] * (
        len(speakers) < 2 or draw(st.booleans())
    )
    free: dict[str | None, int] = {}
    turns, clock, number = [], 0, 0
    for _ in range(draw(st.integers(1, 6))):
        who = draw(st.sampled_from(voices))
        clock = max(free.get(who, 0), clock - draw(st.integers(0, 1500)))
        words = []
        for _ in range(draw(st.integers(1, 25))):
            number += 1
            # every other word is one of a kind, so that nothing looks like a caption that rolls
            for text in (draw(WORDS), f"w{number}"):
                length = draw(st.sampled_from([0, 80, 300, 2500]))
                words.append(Word(text, clock / 1000, (clock + length) / 1000))
                clock += length + draw(st.sampled_from([0, 0, 0, 400, 3000]))
        free[who] = clock
        turns.append(Turn(who, (Segment(tuple(words)),)))
    return Transcript(Source("any", "test", clock / 1000), tuple(speakers), tuple(turns))


def words_of_each(session: Transcript) -> dict[str | None, list[str]]:
    names = {s.id: s.name and tidy(s.name) for s in session.speakers}
    found: dict[str | None, list[str]] = {}
    for turn in sorted(session.turns, key=lambda turn: turn.start or 0):
        said = [token for word in turn.words for token in visible(word.text).split()]
        if said:
            found.setdefault(names.get(turn.speaker or ""), []).extend(said)
    return found


@pytest.mark.parametrize("form", WRITERS)
@given(session=sessions())
@settings(max_examples=150)
def test_what_is_written_reads_back_with_the_same_speakers_words_and_times(
    form: str, session: Transcript
) -> None:
    assume(words_of_each(session))
    writer = formats()[form].write
    assert writer is not None
    text = writer(session)
    assert fitting(text) == [form]
    assert words_of_each(transcript(text)) == words_of_each(session)
    times = {(cue.text, cue.start, cue.end) for cue in laid_out(session)}
    starts = {word.start for turn in session.turns for word in turn.words}
    ends = {word.end for turn in session.turns for word in turn.words}
    for cue in cues(text):
        assert cue.start in starts
        assert cue.end in ends or cue.end == pytest.approx((cue.start or 0) + 0.001)
        assert form == "srt" or (cue.text, cue.start, cue.end) in times


@given(session=sessions())
@settings(max_examples=100)
def test_cues_keep_to_what_can_be_read_and_to_the_times_of_the_words(session: Transcript) -> None:
    found = laid_out(session)
    starts = {round(word.start or 0, 3) for turn in session.turns for word in turn.words}
    ends = {round(word.end or 0, 3) for turn in session.turns for word in turn.words}
    for cue in found:
        several = len(cue.text.split()) > 1
        assert 1 <= len(cue.lines) <= 2
        assert not several or all(len(line) <= LINE for line in cue.lines)
        assert not several or cue.end - cue.start <= LONGEST + 0.001
        assert cue.start in starts
        assert cue.end in ends or cue.end == round(cue.start + 0.001, 3)
        assert cue.start < cue.end <= cue.shown_until
    for cue, following in pairwise(found):
        assert cue.start <= following.start
        # nothing is shown longer than its words need, or into the next cue
        assert cue.shown_until == cue.end or cue.shown_until <= following.start
        room = min(following.start, cue.start + LONGEST)
        needed = cue.start + sum(map(len, cue.lines)) / PACE
        assert cue.shown_until >= min(room, needed) - 0.001


def session_of(*turns: tuple[str | None, float, float, str], names: bool = True) -> Transcript:
    """Turns of (speaker, start, end, words), whose words share the time evenly."""
    people = list(dict.fromkeys(who for who, *_ in turns if who))
    ids = {who: f"S{i}" for i, who in enumerate(people, start=1)}
    made = []
    for who, start, end, text in turns:
        tokens = text.split()
        step = (end - start) / len(tokens)
        words = tuple(
            Word(t, round(start + i * step, 3), round(start + (i + 1) * step, 3))
            for i, t in enumerate(tokens)
        )
        made.append(Turn(ids[who] if who else None, (Segment(words),)))
    speakers = tuple(Speaker(ids[who], who if names else None) for who in people)
    return Transcript(Source("s.vtt", "webvtt", 99.0), speakers, tuple(made))


SHORT = session_of(
    ("Helen", 0.0, 2.0, "Shall we begin?"),
    ("Dev & Co", 2.5, 6.0, "Yes: at handover nobody comes and nobody, I mean nobody, asks <why>."),
    (None, 6.5, 7.0, "Hm."),
)


def test_webvtt_has_voices_and_shows_fast_words_on_into_silence() -> None:
    write_vtt = formats()["webvtt"].write
    assert write_vtt is not None
    assert write_vtt(SHORT) == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:02.000\n<v Helen>Shall we begin?</v>\n\n"
        "00:00:02.500 --> 00:00:06.441\n<v Dev &amp; Co>Yes: at handover nobody comes and\n"
        "nobody, I mean nobody, asks &lt;why&gt;.<00:00:06.000></v>\n\n"
        "00:00:06.500 --> 00:00:07.000\nHm.\n"
    )


def test_srt_has_names_and_escapes_only_what_a_player_would_take_for_markup() -> None:
    write_srt = formats()["srt"].write
    assert write_srt is not None
    text = write_srt(SHORT)
    assert text.startswith("1\n00:00:00,000 --> 00:00:02,000\nHelen: Shall we begin?\n\n2\n")
    assert "Dev & Co: Yes: at handover" in text
    assert "&lt;why" in text
    assert text.endswith("\nUnknown Speaker: Hm.\n")
    assert SURE not in text


@pytest.mark.parametrize("form", WRITERS)
def test_captions_of_nobody_in_particular_stay_so_whatever_they_look_like(form: str) -> None:
    session = session_of(
        (None, 0.0, 2.0, "Note: Helen: yes"), (None, 9.0, 11.0, "Helen: so there"),
        (None, 19.0, 21.0, "Helen: it is"),
    )  # fmt: skip
    writer = formats()[form].write
    assert writer is not None
    again = transcript(writer(session))
    assert again.speakers == ()
    assert [turn.text for turn in again.turns] == [turn.text for turn in session.turns]


@pytest.mark.parametrize("form", WRITERS)
def test_voices_without_names_are_told_apart_by_their_ids(form: str) -> None:
    session = session_of(("Helen", 0, 2, "Yes?"), ("Dev", 3, 4, "No, never."), names=False)
    writer = formats()[form].write
    assert writer is not None
    assert [speaker.name for speaker in transcript(writer(session)).speakers] == ["S1", "S2"]


def test_a_long_sentence_is_cut_where_it_pauses_and_at_sentence_ends() -> None:
    found = laid_out(
        session_of(
            ("A", 0, 12, "I went there on Monday. The rota was not up, and so I asked who "
             "keeps it. Nobody answered me at all."),
        )
    )  # fmt: skip
    assert [cue.text for cue in found] == [
        "I went there on Monday. The rota was not up, and so I asked who keeps it.",
        "Nobody answered me at all.",
    ] or all(cue.text[-1] in ".," for cue in found)


def test_a_silence_ends_a_cue_so_that_nobody_seems_to_speak_in_it() -> None:
    before = session_of(("A", 0, 1, "I think"), ("A", 5, 6, "he left"))
    turn = Turn("S1", tuple(segment for turn in before.turns for segment in turn.segments))
    found = laid_out(before.with_turns([turn]))
    assert [(cue.start, cue.end) for cue in found] == [(0, 1), (5, 6)]


def test_a_word_without_times_follows_the_one_before() -> None:
    words = (Word("one", 1.0, 1.5), Word("two"), Word("three", 2.0, 2.5))
    session = Transcript(Source("w", "whisper"), (), (Turn(None, (Segment(words),)),))
    assert [(cue.text, cue.start, cue.end) for cue in laid_out(session)] == [
        ("one two three", 1.0, 2.5)
    ]


def test_other_tools_read_what_is_written() -> None:
    vtt, srt = formats()["webvtt"].write, formats()["srt"].write
    assert vtt is not None
    assert srt is not None
    theirs = list(webvtt.from_string(vtt(SHORT)))
    assert [caption.voice for caption in theirs] == ["Helen", "Dev &amp; Co", None]
    assert [caption.text for caption in theirs][::2] == ["Shall we begin?", "Hm."]
    events = pysubs2.SSAFile.from_string(srt(SHORT), format_="srt").events
    assert [(event.start, event.end) for event in events] == [(0, 2000), (2500, 6000), (6500, 7000)]
    assert events[0].plaintext == "Helen: Shall we begin?"


@pytest.mark.parametrize("suffix", [".vtt", ".SRT"])
def test_the_ending_of_the_file_decides(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"accessible{suffix}"
    write(SHORT, path)
    assert [s.name for s in read(path).speakers] == ["Helen", "Dev & Co"]


def test_what_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^notes.txt: captions are written as \.vtt or \.srt\.$"):
        write(SHORT, tmp_path / "notes.txt")
    untimed = Transcript(Source("talk.docx", "teams-docx", timing="none"), (), SHORT.turns)
    with pytest.raises(InputError, match=r"^talk.docx has no times, so no captions"):
        write(untimed, tmp_path / "a.vtt")
    assert list(tmp_path.iterdir()) == []

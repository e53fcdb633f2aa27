"""From captions to turns: who has the floor, when, and what becomes of several files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.cues import Captions, Cue
from als_nlp.captions.turns import AHEAD, assemble, is_backchannel, join_parts, timed_words
from als_nlp.transcript import Timing, Transcript, Word


def session(*cues: Cue, timing: Timing = "exact", file: str = "a.vtt") -> Transcript:
    return assemble(Captions("teams-vtt", cues, timing), file=file)


def talk(found: Transcript) -> list[tuple[str | None, str]]:
    names = {speaker.id: speaker.name for speaker in found.speakers}
    return [(names.get(turn.speaker or ""), turn.text) for turn in found.turns]


def spoken(*lines: tuple[str | None, str]) -> Transcript:
    """Cues of three seconds, one after another."""
    return session(*(Cue(w, 3.0 * n, 3.0 * n + 3, t) for n, (w, t) in enumerate(lines)))


# Joining


def test_cues_of_one_person_are_one_turn_with_a_segment_each() -> None:
    found = spoken(("Helen", "Right."), ("Helen", "Shall we?"), ("Dev", "Go ahead."))
    assert talk(found) == [("Helen", "Right. Shall we?"), ("Dev", "Go ahead.")]
    assert [segment.text for segment in found.turns[0].segments] == ["Right.", "Shall we?"]
    assert (found.turns[0].start, found.turns[0].end) == (0.0, 6.0)


def test_a_pause_does_not_take_the_floor_from_anybody() -> None:
    found = session(Cue("Dev", 0.0, 2.0, "So I asked her"), Cue("Dev", 90.0, 92.0, "and she left."))
    assert len(found.turns) == 1


def test_people_are_numbered_as_they_first_speak_under_one_name_each() -> None:
    found = spoken(
        ("Shaw, Helen", "Right."), ("dev patel", "Yes please."), ("Helen Shaw (Guest)", "Hello."),
        ("Dev Patel", "Thank you."),
    )  # fmt: skip
    assert [(s.id, s.name) for s in found.speakers] == [("S1", "Helen Shaw"), ("S2", "dev patel")]
    assert [turn.speaker for turn in found.turns] == ["S1", "S2", "S1", "S2"]


def test_cues_without_words_are_nothing() -> None:
    assert session(Cue("Helen", 0.0, 1.0, ""), Cue("Dev", 1.0, 2.0, "  ")).turns == ()
    assert session().turns == ()


# Overlaps


def test_what_is_said_at_the_same_time_keeps_its_times() -> None:
    found = session(
        Cue("Dev", 0.0, 10.0, "my challenge is the huddle that nobody comes to"),
        Cue("Ana", 4.0, 8.0, "which huddle do you mean exactly"),
        Cue("Dev", 10.0, 12.0, "the early one"),
    )
    assert [(turn.start, turn.end) for turn in found.turns] == [(0, 10), (4, 8), (10, 12)]
    assert found.source.duration == 12.0


def test_turns_stand_in_the_order_they_begin_though_the_file_has_another() -> None:
    found = session(
        Cue("Dev", 5.0, 9.0, "second of all"), Cue("Ana", 2.0, 8.0, "first of all"),
        Cue("Dev", 9.0, 10.0, "third of all"),
    )  # fmt: skip
    assert talk(found) == [("Ana", "first of all"), ("Dev", "second of all third of all")]


# Backchannels


@pytest.mark.parametrize(
    "text", ["Mm.", "yeah", "Uh-huh.", "Yeah, right.", "Oh. Okay. Sure!", "MM-HMM"]
)
def test_small_sounds_of_listening_are_backchannels(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize(
    "text", ["", "…", "Why?", "Yeah but no", "yeah yeah yeah yeah", "Right, next"]
)
def test_what_says_something_is_none(text: str) -> None:
    assert not is_backchannel(text)


def test_a_backchannel_does_not_take_the_floor() -> None:
    found = spoken(("Dev", "So I rang her"), ("Ana", "Mm."), ("Dev", "and she hung up."))
    assert talk(found) == [("Dev", "So I rang her and she hung up."), ("Ana", "Mm.")]


def test_nor_do_several_of_them() -> None:
    found = spoken(
        ("Dev", "So I rang her"), ("Ana", "Mm."), ("Tom", "Right."), ("Ana", "Yeah."),
        ("Dev", "and she hung up."), ("Tom", "Gosh."), ("Dev", "Again."),
    )  # fmt: skip
    assert talk(found)[0] == ("Dev", "So I rang her and she hung up. Again.")
    assert len(found.turns) == 5


@pytest.mark.parametrize("question", ["Did she ring?", "Did she ring?”", "(Did she ring?)"])
def test_an_answer_after_a_question_takes_the_floor(question: str) -> None:
    found = spoken(("Ana", question), ("Dev", "Yes."), ("Ana", "And what did she say?"))
    assert talk(found) == [("Ana", question), ("Dev", "Yes."), ("Ana", "And what did she say?")]


def test_a_yes_after_which_somebody_else_speaks_takes_the_floor() -> None:
    found = spoken(("Ana", "So that is agreed."), ("Dev", "Yes."), ("Tom", "I have a question."),
                   ("Ana", "Go on then."))  # fmt: skip
    assert [who for who, _ in talk(found)] == ["Ana", "Dev", "Tom", "Ana"]


def test_a_session_of_nothing_but_small_sounds_is_read_in_good_time() -> None:
    sounds = [("Dev", "So I rang her"), *[(f"Person {n}", "Mm.") for n in range(3 * AHEAD)]]
    found = spoken(*sounds)
    assert len(found.turns) == len(sounds)
    many = session(*(Cue(f"P{n}", float(n), n + 0.5, "mm") for n in range(20_000)))
    assert len(many.turns) == 20_000


# Nobody named


def test_without_names_a_silence_ends_a_turn_and_the_transcript_says_so() -> None:
    found = session(
        Cue(None, 0.0, 2.0, "shall we"), Cue(None, 2.1, 4.0, "begin"), Cue(None, 6.0, 7.0, "yes"),
    )  # fmt: skip
    assert talk(found) == [(None, "shall we begin"), (None, "yes")]
    assert found.speakers == ()
    assert any("do not say who is speaking" in note for note in found.source.notes)


def test_a_mark_of_another_voice_ends_a_turn_without_any_silence() -> None:
    found = session(
        Cue(None, 0.0, 2.0, "did she ring?"), Cue(None, 2.0, 3.0, "no", new_voice=True),
        Cue(None, 3.0, 4.0, "not once"),
    )  # fmt: skip
    assert talk(found) == [(None, "did she ring?"), (None, "no not once")]


def test_captions_that_name_nobody_among_others_are_counted() -> None:
    found = spoken(("Helen", "Right then."), (None, "somebody says"), ("Unknown", "and somebody"))
    assert found.turns[1].speaker is None
    assert any(note.startswith("Captions without a speaker: 2;") for note in found.source.notes)


# Times


def test_without_times_the_order_of_the_file_stands() -> None:
    found = session(
        Cue("Helen", None, None, "Shall we begin?"), Cue("Dev", None, None, "Yes, my challenge"),
        Cue("Ana", None, None, "Mm."), Cue("Dev", None, None, "is the huddle."), timing="none",
    )  # fmt: skip
    assert talk(found) == [
        ("Helen", "Shall we begin?"), ("Dev", "Yes, my challenge is the huddle."), ("Ana", "Mm."),
    ]  # fmt: skip
    assert found.source.timing == "none"
    assert found.source.duration is None
    assert not found.timed
    assert all(word.start is None for turn in found.turns for word in turn.words)


def test_estimated_times_stay_labelled_as_such() -> None:
    assert session(Cue("A", 0.0, 1.0, "yes"), timing="estimated").source.timing == "estimated"


def test_words_share_the_time_of_their_caption_by_length() -> None:
    assert timed_words(Cue("A", 1.0, 2.0, "one three")) == (
        Word("one", 1.0, 1.4),
        Word("three", 1.4, 2.0),
    )


def test_word_times_of_the_source_are_kept() -> None:
    words = (Word("one", 1.0, 1.1), Word("three", 1.8, 2.0))
    found = session(Cue("A", 1.0, 2.0, "one three", words))
    assert found.turns[0].words == words


def test_a_caption_that_ends_before_it_begins_has_no_length() -> None:
    found = session(Cue("A", 5.0, 2.0, "one two"))
    assert {(word.start, word.end) for word in found.turns[0].words} == {(5.0, 5.0)}


def test_a_clock_that_starts_again_goes_on_behind_the_first_part() -> None:
    first = [Cue("A", 60.0 * n, 60.0 * n + 5, f"part one {n}") for n in range(4)]
    words = (Word("part", 1.0, 2.0), Word("two", 2.0, 3.0))
    found = session(*first, Cue("B", 1.0, 3.0, "part two", words), Cue("A", 9.0, 12.0, "the end"))
    assert [(turn.start, turn.end) for turn in found.turns] == [(0, 185), (186, 188), (194, 197)]
    assert found.turns[1].words == (Word("part", 186.0, 187.0), Word("two", 187.0, 188.0))
    assert any("starts again once" in note for note in found.source.notes)


def test_a_clock_may_start_again_several_times() -> None:
    cues = [Cue("AB"[n % 2], 60.0 * (n % 3), 60.0 * (n % 3) + 4, f"words {n}") for n in range(9)]
    found = session(*cues)
    assert found.source.duration == 3 * 124.0
    assert any("starts again 2 times" in note for note in found.source.notes)


def test_one_caption_far_out_of_order_does_not_move_all_that_follow() -> None:
    cues = [Cue("A", 60.0 * n, 60.0 * n + 5, f"words {n}") for n in range(6)]
    stray = Cue("B", 62.0, 64.0, "what do you mean")
    found = session(*cues[:4], stray, *cues[4:])
    assert found.source.duration == 305.0
    assert [turn.start for turn in found.turns] == [0.0, 62.0, 120.0]
    assert "Captions far out of order: 1; they stand where their times say." in found.source.notes


# Several files of one session


def part(name: str, start: float, *who: str) -> Transcript:
    return session(
        *(Cue(w, start + 10 * n, start + 10 * n + 5, f"{w} says {n}") for n, w in enumerate(who)),
        file=name,
    )


def test_parts_whose_clock_starts_again_stand_one_behind_the_other() -> None:
    whole = join_parts([part("a.vtt", 0, "Helen", "Dev"), part("b.vtt", 0, "Dev", "Ana", "helen")])
    assert [speaker.name for speaker in whole.speakers] == ["Helen", "Dev", "Ana"]
    assert [(t.speaker, t.start) for t in whole.turns] == [
        ("S1", 0), ("S2", 10), ("S2", 15), ("S3", 25), ("S1", 35),
    ]  # fmt: skip
    assert whole.source.file == "a.vtt, b.vtt"
    assert whole.source.duration == 40.0


def test_parts_on_one_clock_keep_their_times() -> None:
    whole = join_parts([part("a.vtt", 0, *"ABABAB"), part("b.vtt", 54, "A", "B")])
    assert [turn.start for turn in whole.turns] == [0, 10, 20, 30, 40, 50, 54, 64]
    assert whole.source.duration == 69.0


def test_one_part_alone_stays_as_it_is() -> None:
    one = part("a.vtt", 3, "A", "B")
    assert join_parts([one]).turns == one.turns


def test_if_one_part_has_no_times_the_whole_has_none() -> None:
    untimed = session(Cue("A", None, None, "words"), timing="none", file="b.txt")
    whole = join_parts([part("a.vtt", 0, "A", "B"), untimed])
    assert whole.source.timing == "none"
    assert whole.source.duration is None
    assert all(word.start is None for turn in whole.turns for word in turn.words)
    assert len(whole.turns) == 3


def test_each_parts_notes_name_the_part() -> None:
    nameless = session(Cue(None, 0.0, 1.0, "words"), file="b.vtt")
    whole = join_parts([part("a.vtt", 0, "A"), nameless])
    assert whole.source.notes == (
        "b.vtt: These captions do not say who is speaking, so nothing is said of people.",
    )


# Whatever the captions are


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "C", None]),
            st.integers(0, 300),
            st.integers(0, 8),
            st.sampled_from(["mm", "why?", "yes", "so I went there", "right okay", "and then"]),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_no_word_is_lost_or_made_up_and_turns_are_in_order(
    cues: list[tuple[str | None, int, int, str]],
) -> None:
    unique = [Cue(w, float(b), float(b + n), f"w{i} {t}") for i, (w, b, n, t) in enumerate(cues)]
    found = session(*unique)
    assert sorted(w.text for t in found.turns for w in t.words) == sorted(
        word for cue in unique for word in cue.text.split()
    )
    names = {speaker.id: speaker.name for speaker in found.speakers}
    by_first_word = {cue.text.split()[0]: cue for cue in unique}
    for turn in found.turns:
        for segment in turn.segments:
            assert by_first_word[segment.words[0].text].speaker == names.get(turn.speaker or "")
    starts = [turn.start or 0.0 for turn in found.turns]
    assert starts == sorted(starts)
    assert all((w.start or 0) <= (w.end or 0) for t in found.turns for w in t.words)

"""Which words before a colon, and which other marks, are taken for speakers in plain text."""

from __future__ import annotations

import pytest

from als_nlp.captions.prefixes import SURE, Voice, speakers_in, split, voices

TALK = [
    "Helen: Shall we begin?",
    "Dev: My challenge is the huddle.",
    "Dev: Nobody comes.",
    "Helen: Who notices?",
]


def test_names_that_recur_are_speakers() -> None:
    assert speakers_in(TALK) == {"Helen", "Dev"}


def test_somebody_who_speaks_once_in_such_a_file_is_a_speaker_too() -> None:
    assert speakers_in([*TALK, "Ana: Sorry I'm late."]) == {"Helen", "Dev", "Ana"}


def test_a_sentence_with_a_colon_in_such_a_file_is_none() -> None:
    rest = ["Tomorrow: we stop at four.", "I said to her: never.", "Note: nobody came."]
    assert speakers_in([*TALK, *rest]) == {"Helen", "Dev"}


@pytest.mark.parametrize(
    "prefix",
    [
        "10:30 Meeting",
        "at 10.30 Meeting",
        "https",
        "See www.example.org",
        "12",
        "Note",
        "WARNING",
        "What did he say? Nothing",
        "He said. Then",
        "So, well, anyway",
        "The thing that I wanted to say about that was",
        "X" * 90,
    ],
)
def test_what_is_no_name_is_no_speaker_however_often_it_recurs(prefix: str) -> None:
    assert speakers_in([f"{prefix}: text"] * 9) == frozenset()


@pytest.mark.parametrize(
    "name",
    [
        "HELEN", "Helen", "Dr. Nair", "Helen Shaw", "Shaw, Helen", "Ana de Sousa", "Rhys ap Owen",
        "Helen O'Neill-Smith", "J. R. Hartley", "Speaker 1", "SPEAKER_00", "MIO016", "Helen's iPad",
        "Priya (Guest)", "Priya Nair (she/her) [NHS]", "李小龙", "محمد علي", "Øystein", "Q", "A",
    ],
)  # fmt: skip
def test_what_people_are_called_is_a_speaker(name: str) -> None:
    assert speakers_in([f"{name}: Well, text {n}." for n in range(3)]) == {name}
    assert split(f"{name}: So: text.", {name}) == (name, "So: text.")


def test_names_said_only_when_the_speaker_changes_are_enough_if_there_are_two() -> None:
    filler = [f"and so on, part {n}," for n in range(5)]
    texts = ["Helen: Yes.", *filler, "Tom: No.", *filler, "Helen: Yes.", *filler, "Tom: No."]
    assert speakers_in(texts) == {"Helen", "Tom"}


def test_one_word_before_a_colon_now_and_then_is_nobody() -> None:
    filler = [f"and so on, part {n}," for n in range(5)]
    assert speakers_in(["Tomorrow: we stop.", *filler] * 3) == frozenset()


def test_two_colons_in_a_long_lecture_are_no_speakers() -> None:
    filler = [f"and so on, part {n}," for n in range(100)]
    assert (
        speakers_in([*filler, "Tomorrow: we stop.", *filler, "Tomorrow: we stop."]) == frozenset()
    )


def test_lower_case_names_count_where_every_caption_has_one() -> None:
    texts = ["helen: yes", "dev: no", "helen: why", "dev: because", "helen: oh", "dev: yes"]
    assert speakers_in(texts) == {"helen", "dev"}
    assert speakers_in([*texts, *["she said: no"] * 2, *["just text"] * 8]) == frozenset()


def test_one_caption_with_a_colon_is_not_enough_when_it_reads_on_like_a_sentence() -> None:
    assert speakers_in(["Tomorrow: we stop at four."]) == frozenset()
    assert speakers_in(["Helen: We stop at four."]) == {"Helen"}


def test_a_caption_without_a_name_goes_on_with_the_last_one() -> None:
    assert voices([*TALK, "and then"])[-1] == [Voice("Helen", "and then")]


def test_several_lines_of_a_caption_may_be_several_voices() -> None:
    found = voices([*TALK, "Dev: So.\nHelen: Yes?\nand so on"])[-1]
    assert found == [Voice("Dev", "So."), Voice("Helen", "Yes? and so on")]


def test_a_name_alone_on_its_line_speaks_the_next() -> None:
    assert voices(["HELEN:\nShall we?", "DEV:\nYes.", "HELEN:\nGood."])[1] == [Voice("DEV", "Yes.")]


def test_chevrons_always_mark_somebody_else() -> None:
    assert voices([">> Hello.", "there", ">>> News.", "» Hm."]) == [
        [Voice(None, "Hello.", True)],
        [Voice(None, "there")],
        [Voice(None, "News.", True)],
        [Voice(None, "Hm.", True)],
    ]


def test_dashes_mark_somebody_else_where_captions_use_them_so() -> None:
    assert voices(["- Hello.\n-Hi.", "– Then?"]) == [
        [Voice(None, "Hello.", True), Voice(None, "Hi.", True)],
        [Voice(None, "Then?", True)],
    ]
    assert voices(["it was\n- minus -", "-5 degrees"]) == [
        [Voice(None, "it was - minus -")],
        [Voice(None, "-5 degrees")],
    ]


def test_dashes_take_no_words_from_somebody_who_is_named() -> None:
    found = voices([*TALK, "Dev: We need\n- a rota\n- a plan"])
    assert found[-1] == [Voice("Dev", "We need - a rota - a plan")]


def test_dashes_before_names_are_marks() -> None:
    assert voices(["- Helen: Yes.\n- Dev: No.", "- Dev: No.", "- Helen: Yes."])[0] == [
        Voice("Helen", "Yes."),
        Voice("Dev", "No."),
    ]


def test_sounds_in_brackets_are_nobody() -> None:
    texts = ["(Helen Shaw)\nYes.", "(laughs)\nno", "(Dev)\nWhy?\n(Laughter)", "(Dev)\nOh."]
    assert [v.speaker for found in voices(texts) for v in found][:3] == ["Helen Shaw"] * 2 + ["Dev"]
    assert voices(["[Music]", "Hello there."]) == [
        [Voice(None, "[Music]")],
        [Voice(None, "Hello there.")],
    ]


def test_our_own_unseen_mark_makes_a_name_of_anything_and_text_of_anything() -> None:
    assert voices([f"10:30: x{SURE}: Note: y", f"{SURE}Helen: Z"]) == [
        [Voice("10:30: x", "Note: y")],
        [Voice("10:30: x", "Helen: Z")],
    ]


def test_nothing_said_is_no_voice() -> None:
    assert voices([]) == []
    assert voices(["", "\n", "Helen:"]) == [[], [], []]

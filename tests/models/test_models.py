"""What is learned, as far as it shows on sessions that nothing was trained on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from als_nlp.corpus import AnnotatedSession
from als_nlp.errors import ModelError
from als_nlp.evaluate.scores import boundary_f1, projected, score
from als_nlp.evaluate.tagger import labels, question_mark_rule, untagged
from als_nlp.measures.uncertainty import GROUPS, CountModel
from als_nlp.models.facilitator import find_facilitator
from als_nlp.models.linear import Head, LinearModel
from als_nlp.models.phases import Habits, best_course, course_of
from als_nlp.models.splits import read_splits
from als_nlp.models.style import as_raw
from als_nlp.models.tagger import load_facilitation, load_tagger
from als_nlp.transcript import PHASES, Segment, Source, Speaker, Transcript, Turn, Word
from tests.conftest import CORPUS


@pytest.fixture(scope="module")
def unseen() -> list[AnnotatedSession]:
    """The test cohorts, which no training or tuning looked at."""
    return read_splits(CORPUS)["test"]


@pytest.fixture(scope="module")
def tagged(unseen: list[AnnotatedSession]) -> list[Transcript]:
    """The same sessions, coded from words and names alone."""
    facilitator = load_facilitation()
    return [
        load_tagger().tag(find_facilitator(untagged(s.transcript), facilitator)) for s in unseen
    ]


def test_questions_and_advice_are_found_on_unseen_sessions_and_better_than_by_question_mark(
    unseen: list[AnnotatedSession], tagged: list[Transcript]
) -> None:
    gold = [s for session in unseen for s in session.transcript.segments]
    found = [
        s
        for session, t in zip(unseen, tagged, strict=True)
        for s in projected(session.transcript, t)
    ]
    question = score(labels(gold), labels(found), "question").f1
    advice = score(labels(gold), labels(found), "advice").f1
    rule = score(labels(gold), question_mark_rule(gold), "question").f1
    assert question >= 0.85
    assert advice >= 0.65
    assert question > rule


def test_punctuated_turns_are_cut_where_people_cut_them(
    unseen: list[AnnotatedSession], tagged: list[Transcript]
) -> None:
    cuts = [
        boundary_f1(session.transcript, after)
        for session, after in zip(unseen, tagged, strict=True)
        if session.header["captions"] == "punctuated"
    ]
    assert np.mean(cuts) >= 0.95


def test_tagging_changes_no_word_no_time_and_no_speaker(
    unseen: list[AnnotatedSession], tagged: list[Transcript]
) -> None:
    for session, after in zip(unseen, tagged, strict=True):
        assert [t.words for t in after.turns] == [t.words for t in session.transcript.turns]
        assert [t.speaker for t in after.turns] == [t.speaker for t in session.transcript.turns]


def test_the_facilitator_is_found_by_what_facilitators_do_and_never_guessed_wrong(
    unseen: list[AnnotatedSession], tagged: list[Transcript]
) -> None:
    """Where a facilitator hardly facilitates, nobody is named."""
    found = [
        (after.facilitator, session.transcript.facilitator)
        for session, after in zip(unseen, tagged, strict=True)
    ]
    assert all(guess in (None, gold) for guess, gold in found)
    assert sum(guess == gold for guess, gold in found) >= 3


def test_a_facilitator_who_was_named_is_not_overruled(unseen: list[AnnotatedSession]) -> None:
    transcript = untagged(unseen[0].transcript)
    speakers = (
        replace(transcript.speakers[0], role="participant"),
        replace(transcript.speakers[1], role="facilitator"),
        *transcript.speakers[2:],
    )
    named = replace(transcript, speakers=speakers)
    assert find_facilitator(named, load_facilitation()) == named


def test_phases_and_cycles_are_found(
    tagged: list[Transcript], unseen: list[AnnotatedSession]
) -> None:
    same = [
        (a.phase, a.cycle) == (b.phase, b.cycle)
        for session, found in zip(unseen, tagged, strict=True)
        for a, b in zip(session.transcript.turns, found.turns, strict=True)
    ]
    assert np.mean(same) >= 0.9


def test_an_ordinary_meeting_gets_no_phases() -> None:
    lines = ["The budget is four pounds per unit.", "We could use rubber.", "Yeah.", "Next slide."]
    turns = tuple(
        Turn(f"S{i % 3 + 1}", (Segment(tuple(Word(w) for w in lines[i % 4].split())),))
        for i in range(160)
    )
    speakers = tuple(Speaker(f"S{i}", f"P{i}", "participant") for i in (1, 2, 3))
    tagged = load_tagger().tag(Transcript(Source("", ""), speakers, turns))
    assert {turn.phase for turn in tagged.turns} == {None}


def test_a_silent_session_is_tagged_as_it_is() -> None:
    empty = Transcript(Source("", ""), (), ())
    assert load_tagger().tag(empty) == empty


def test_names_of_speakers_make_no_difference(unseen: list[AnnotatedSession]) -> None:
    transcript = unseen[0].transcript
    renamed = replace(
        transcript, speakers=tuple(replace(s, name=f"Person {s.id}") for s in transcript.speakers)
    )
    assert load_tagger().tag(transcript).turns == load_tagger().tag(renamed).turns


def test_the_course_of_a_set_goes_forward_only_and_keeps_its_order() -> None:
    cycle = [("present", 9), ("inquiry", 25), ("reflect_decide", 9)]
    order = [
        phase
        for phase, turns in [("check_in", 10), *cycle, *cycle, ("check_out", 6)]
        for _ in range(turns)
    ]
    starts = [i for i in range(1, len(order)) if order[i] != order[i - 1]]
    looks = np.full((len(order), len(PHASES)), 0.1)
    begins = np.full((len(order), len(PHASES) + 1), 0.02)
    begins[:, -1] = 0.9
    for i, phase in enumerate(order):
        looks[i, PHASES.index(phase)] = 0.6
        if i in starts:
            begins[i, PHASES.index(phase)], begins[i, -1] = 0.6, 0.3
    looks[25] = [0.6, 0.1, 0.1, 0.1, 0.1]  # one turn that looks like check-in again
    words = np.full(len(order), 20.0)
    habits = Habits(**load_tagger().card["habits"])
    found, fit = best_course(np.log(looks), np.log(begins), words, habits)
    assert list(dict.fromkeys(found)) == course_of(2)
    assert [phase for phase, _ in found] == order
    assert fit == pytest.approx(np.log(2))


def test_without_case_and_punctuation_the_words_stay(unseen: list[AnnotatedSession]) -> None:
    raw = as_raw(unseen[0].transcript)
    text = " ".join(t.text for t in raw.turns)
    assert text == text.lower()
    assert not set(".,?!;") & set(text.replace(".", "", text.count(".0")))


def test_counts_are_put_right_and_the_interval_holds_the_truth() -> None:
    # a tagger that sees 8 in 10 open questions and invents one in 20 from the rest
    confusion = np.eye(len(GROUPS)) * 100
    confusion[0, 0], confusion[0, -1] = 80, 20
    confusion[-1, -1], confusion[-1, 0] = 950, 50
    model = CountModel(np.array([confusion] * 5), np.array([confusion.sum(axis=0)] * 5))
    # 100 true among 1,000: tagged 80 + 45
    adjusted = model.adjusted([125, 0, 0, 0, 0, 0, 875])
    assert adjusted[0] == pytest.approx(100, abs=3)
    draws = model.draws([125, 0, 0, 0, 0, 0, 875])
    low, high = np.percentile(draws[:, 0], [5, 95])
    assert low < 100 < high


def test_a_model_is_saved_and_loaded_without_running_code(tmp_path: Path) -> None:
    weights = np.array([[1.0, -1.0], [0.5, 0.25]], dtype=np.float32)
    head = Head(weights, np.zeros(2, dtype=np.float32), ("no", "yes"))
    model = LinearModel({"a b": 0, "ü": 1}, {"x": head}, {"name": "tiny"})
    model.save(tmp_path / "m.npz")
    again = LinearModel.load(tmp_path / "m.npz")
    assert again.vocabulary == model.vocabulary
    assert again.card == {"name": "tiny"}
    items = again.encode([["ü", "unknown"]])
    assert again.probabilities("x", items).sum() == pytest.approx(1)


@pytest.mark.parametrize("damage", [b"", b"not a zip", b"PK\x03\x04 cut"])
def test_a_damaged_model_is_one_sentence(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "m.npz").write_bytes(damage)
    with pytest.raises(ModelError, match="missing or damaged"):
        LinearModel.load(tmp_path / "m.npz")

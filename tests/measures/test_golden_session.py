"""The measures of a session small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from als_nlp.measures.actions import actions, due, followups, status
from als_nlp.measures.airtime import airtime, entropy, evenness, gini
from als_nlp.measures.challenges import challenges
from als_nlp.measures.flow import flow
from als_nlp.measures.inquiry import inquiry, is_double_barrelled
from als_nlp.measures.uncertainty import GROUPS, CountModel
from als_nlp.transcript import Speaker, Transcript, Turn
from tests.conftest import said

PERFECT = CountModel(np.array([np.eye(len(GROUPS)) * 1e6]), np.full((1, len(GROUPS)), 1e6))


def test_airtime_is_the_seconds_and_share_of_each_person(small: Transcript) -> None:
    found = {person.name: person for person in airtime(small)}
    assert found["Helen"].seconds == pytest.approx(19)
    assert found["Dev"].seconds == pytest.approx(46)
    assert found["Ana"].seconds == pytest.approx(18)
    assert found["Tom"].seconds == 0
    assert found["Dev"].share == pytest.approx(46 / 83)
    assert sum(person.share for person in found.values()) == pytest.approx(1)
    assert (found["Ana"].words, found["Ana"].turns) == (25, 3)


def test_an_overlap_counts_for_both_but_never_twice_for_one(small: Transcript) -> None:
    doubled = small.with_turns((*small.turns, small.turns[0]))
    assert airtime(doubled)[0].seconds == pytest.approx(19)


def test_without_times_words_stand_in_for_seconds(small: Transcript) -> None:
    untimed = _without_times(small)
    found = {person.name: person for person in airtime(untimed)}
    assert found["Dev"].seconds is None
    total = sum(len(turn.words) for turn in untimed.turns)
    assert found["Dev"].share == pytest.approx(found["Dev"].words / total)


def test_evenness_leaves_out_facilitator_and_presenting_and_counts_the_silent(
    small: Transcript,
) -> None:
    found = evenness(small, flow(small))
    # Dev 16 s outside presenting, Ana 18 s, Tom 0 s: gini = (2·18 + 0·16 − 2·0) / (3·34) · 3/2
    assert found.participants == 3
    assert found.gini == pytest.approx(36 / (3 * 34) * 1.5)
    assert found.heard_in_inquiry == ((1, 1, 2),)
    assert found.not_heard == ("S4",)
    assert (found.longest_hold, found.longest_holder) == (pytest.approx(10), "S1")


def test_one_person_with_all_the_air_is_gini_one_and_equal_shares_are_zero() -> None:
    assert gini([5, 0, 0, 0]) == pytest.approx(1)
    assert gini([2, 2, 2]) == pytest.approx(0)
    assert entropy([2, 2, 2]) == pytest.approx(1)
    assert entropy([5, 0]) == pytest.approx(0)
    assert gini([3]) is None


def test_phases_have_their_time_against_the_plan(small: Transcript) -> None:
    found = flow(small, minutes=90)
    assert [(p.phase, p.cycle, p.seconds) for p in found.phases] == [
        ("check_in", 0, 20),
        ("present", 1, 31),
        ("inquiry", 1, 26),
        ("reflect_decide", 1, 6),
        ("check_out", 0, 7),
    ]
    assert sum(p.planned for p in found.phases) == pytest.approx(90 * 60, abs=1)
    assert found.presenters == ((1, "S2"),)
    assert found.duration == 90


def test_questions_advice_and_balance_are_counted(small: Transcript) -> None:
    found = inquiry(small, PERFECT)
    assert found.questions.counted == 2
    assert found.questions.value == pytest.approx(2, abs=0.2)
    assert found.advice.counted == 1
    assert found.disguised.counted == 1
    assert found.balance is not None
    assert found.balance.counted == pytest.approx(3 / 4)
    assert found.open_share is not None
    assert found.open_share.counted == pytest.approx(1)
    assert found.question_seconds == pytest.approx(4)
    assert found.purposes["clarifying"] == 2
    assert found.stacked == 1
    assert [(m.turn, m.start) for m in found.advice_moments] == [(5, 69)]


def test_thinking_time_is_the_quiet_after_a_question(small: Transcript) -> None:
    thinking = inquiry(small, PERFECT).thinking
    assert thinking is not None
    assert (thinking.questions, thinking.median, thinking.longest) == (1, 4, 4)


def test_thinking_time_is_not_said_where_times_are_estimates(small: Transcript) -> None:
    estimated = replace(small, source=replace(small.source, timing="estimated"))
    assert inquiry(estimated, PERFECT).thinking is None


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("What did he say and how did you take it?", True),
        ("Who was there and is she still on nights?", True),
        ("What happens between you and the matron?", False),
        ("Is it only nights and weekends?", False),
    ],
)
def test_a_double_barrelled_question_asks_two_things(text: str, two: bool) -> None:
    assert is_double_barrelled(text) == two


def test_the_action_has_an_owner_a_text_and_a_time(small: Transcript) -> None:
    (action,) = actions(small)
    assert (action.owner, action.due, action.cycle) == ("S2", "by Friday", 1)
    assert action.text == "I will ask the night coordinator by Friday."
    assert action.start == 77


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("I'll do it by the end of next week", "by the end of next week"),
        ("first thing Monday I'll ring him", "first thing Monday"),
        ("I'm going to write it down tonight", "tonight"),
        ("within two weeks I'll have met them", "within two weeks"),
        ("I'll try to be braver", None),
    ],
)
def test_when_an_action_is_due_is_kept_in_the_speakers_words(text: str, when: str | None) -> None:
    assert due(text) == when


def test_the_report_on_last_time_is_found_with_its_status(small: Transcript) -> None:
    (report,) = followups(small)
    assert (report.owner, report.status, report.start) == ("S3", "done", 10)


@pytest.mark.parametrize(
    ("words", "owners"), [("Shall we move on?", ["S3"]), ("And you, Al?", ["S3", "S4"])]
)
def test_a_name_is_a_whole_word(small: Transcript, words: str, owners: list[str]) -> None:
    first, report, *rest = small.turns
    called = replace(
        small,
        speakers=(*small.speakers[:3], Speaker("S4", "Al", "participant")),
        turns=(
            first,
            report,
            said("S1", 20, 21, ("process", words), phase="check_in"),
            said("S4", 21, 29, ("account", "I spoke to my wife about the dog."), phase="check_in"),
            *rest,
        ),
    )
    assert [f.owner for f in followups(called)] == owners


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("I sat down with her on Tuesday and we talked it through", "done"),
        ("Honestly I bottled it", "not_done"),
        ("I haven't, no", "not_done"),
        ("I spoke to one of them but I haven't got to the other", "partly"),
        ("Half of it", "partly"),
        ("The weather was nice", None),
        ("I haven't done it yet", "not_done"),
        ("I haven’t done it yet", "not_done"),
        ("I've done it", "done"),
        ("I haven't asked her", "not_done"),
        ("i havent asked her", "not_done"),
        ("I've asked her, haven't I", "done"),
        ("I never sent it", "not_done"),
        ("I sent it", "done"),
        ("It's not been done", "not_done"),
        ("It's not done", "not_done"),
        ("It's done", "done"),
        ("It hasn't happened", "not_done"),
        ("It happened", "done"),
        ("I put it off", "not_done"),
        ("I put it on the board", "done"),
        ("we moved it", "not_done"),
        ("we moved the huddle to nine", "done"),
        ("I didn't manage to speak to him", "not_done"),
        ("I couldn't have done it without you", "done"),
        ("I asked him and he never said a word", "done"),
        ("I rang him at half past two", "done"),
        ("I rang her but I've not written it down", "partly"),
    ],
)
def test_what_became_of_an_action(text: str, what: str | None) -> None:
    assert status(text) == what


def test_the_challenge_is_in_the_presenters_own_words(small: Transcript) -> None:
    (challenge,) = challenges(small)
    assert (challenge.cycle, challenge.presenter) == (1, "S2")
    assert challenge.text == "My challenge is that nobody comes to the huddle."


def _without_times(transcript: Transcript) -> Transcript:
    def bare(turn: Turn) -> Turn:
        segments = tuple(
            replace(s, words=tuple(replace(w, start=None, end=None) for w in s.words))
            for s in turn.segments
        )
        return replace(turn, segments=segments)

    source = replace(transcript.source, duration=None, timing="none")
    return replace(transcript, source=source, turns=tuple(bare(t) for t in transcript.turns))

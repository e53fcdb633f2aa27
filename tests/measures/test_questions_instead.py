"""Questions that could stand in the place of advice, and the strongest questions of a session."""

from __future__ import annotations

import pytest

from als_nlp.measures.behind import behind
from als_nlp.measures.inquiry import Moment
from als_nlp.measures.instead import questions_instead
from als_nlp.measures.strongest import strongest
from als_nlp.models.english import english
from als_nlp.transcript import Source, Speaker, Transcript
from tests.conftest import said


def _moment(text: str, turn: int = 2, kind: str = "direct") -> Moment:
    return Moment(turn, 0, "S2", 0.0, "inquiry", 1, text, kind, None, 0.9)  # type: ignore[arg-type]


@pytest.fixture
def told() -> Transcript:
    """A presenter who keeps coming back to her rota, and a member who tells her what to do."""
    speakers = (Speaker("S1", "Ana", "participant"), Speaker("S2", "Dev", "participant"))
    turns = (
        said("S1", 0, 20, ("account", "It is my rota. The rota falls over every single week."),
             ("account", "I do the rota at home and then the rota changes again."),
             phase="present", cycle=1),
        said("S1", 20, 24, ("account", "That is all."), phase="present", cycle=1),
        said("S2", 24, 28, ("direct", "Give the rota to one of the band fives."),
             phase="inquiry", cycle=1),
    )  # fmt: skip
    return Transcript(Source("", "", 28.0), speakers, turns)


def test_the_question_is_made_of_what_the_presenter_said(told: Transcript) -> None:
    moment = _moment(told.turns[2].text)
    (question,) = questions_instead(
        told, [moment], parse=english(), approve=lambda moment, question: True
    )
    assert "rota" in question
    assert question.endswith("?")
    assert "band fives" not in question


def test_no_question_is_shown_that_the_tagger_does_not_read_as_one(told: Transcript) -> None:
    moment = _moment(told.turns[2].text)
    refused: list[str] = []

    def approve(moment: Moment, question: str) -> bool:
        refused.append(question)
        return len(refused) > 3

    (question,) = questions_instead(told, [moment], parse=english(), approve=approve)
    assert question == refused[3]
    assert questions_instead(
        told, [moment], parse=english(), approve=lambda moment, question: False
    ) == [""]


def test_the_same_advice_twice_does_not_get_the_same_question(told: Transcript) -> None:
    moments = [_moment(told.turns[2].text)] * 4
    found = questions_instead(told, moments, parse=english(), approve=lambda *_: True)
    assert len(set(found)) == 4
    assert found == questions_instead(told, moments, parse=english(), approve=lambda *_: True)


@pytest.mark.parametrize(
    ("advice", "need"),
    [
        ("I'd just email her.", "talking"),
        ("You could delegate it to one of the band fives.", "handing on"),
        ("Why don't you escalate it?", "higher up"),
        ("Change the rota round.", "how it runs"),
    ],
)
def test_the_question_asks_about_the_side_that_the_advice_was_about(advice: str, need: str) -> None:
    assert behind(_moment(advice), english()(advice), {}).need == need


def test_a_story_with_a_moral_is_turned_to_the_presenters_own_experience() -> None:
    text = "When we had that we just stopped the meeting."
    assert behind(_moment(text, kind="experience"), english()(text), {}).need == "story"


def test_a_strong_question_says_why(small: Transcript) -> None:
    questions = [
        Moment(4, 0, "S3", 51.0, "inquiry", 1, "What are you afraid would happen to the huddle?",
               "open", "assumption", 0.95),
        Moment(4, 1, "S3", 53.0, "inquiry", 1, "And who notices?", "open", "clarifying", 0.9),
    ]  # fmt: skip
    (strong,) = strongest(small, questions)
    assert strong.moment is questions[0]
    assert "tests what is taken for granted" in strong.reasons
    assert any("huddle" in reason for reason in strong.reasons)

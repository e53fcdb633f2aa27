"""What the page says of a session, in words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from als_nlp import Session, analyse
from als_nlp.errors import InputError
from als_nlp.measures.uncertainty import Estimate
from als_nlp.reports import wording
from als_nlp.reports.reflection import SURE, Reflection, reflect, render
from als_nlp.transcript import Source, Speaker, Transcript
from tests.conftest import said


@pytest.fixture(scope="module")
def session() -> Session:
    """A sample session, analysed from its words and names."""
    import als_nlp

    return analyse(als_nlp.read(Path(als_nlp.__file__).parent / "sample" / "larch-2.vtt"))


@pytest.fixture(scope="module")
def reflection(session: Session) -> Reflection:
    """What is said of it."""
    return reflect(session)


def test_it_opens_with_three_sentences(reflection: Reflection) -> None:
    assert len(reflection.opening) == 3
    asked, air, time = reflection.opening
    assert "questions" in asked and "advice" in asked and "give or take" in asked
    assert "facilitator had" in air
    assert "planned" in time and "agreed" in time


def test_every_question_in_place_of_advice_is_a_question_and_no_advice(
    reflection: Reflection,
) -> None:
    lines = [*reflection.disguised, *reflection.plain]
    assert lines
    assert all(line.remark.endswith("?") for line in lines)
    assert len({line.remark for line in lines}) >= 0.8 * len(lines)


def test_segments_that_the_tagger_is_unsure_of_are_marked(
    session: Session, reflection: Reflection
) -> None:
    lines = [*reflection.questions, *reflection.disguised, *reflection.plain]
    unsure = {s.text for s in session.transcript.segments if s.probability < SURE}
    assert {line.text for line in lines if line.unsure} == {
        line.text for line in lines if line.text in unsure
    }
    page = render(reflection)
    assert page.count("not sure of this one") >= sum(line.unsure for line in lines)


def test_the_same_captions_give_the_same_page(session: Session) -> None:
    assert render(reflect(session)) == render(reflect(session))


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (Estimate(42.2, 37.0, 47.0, 40), "about 42, give or take 5"),
        (Estimate(42.0, 42.0, 42.0, 42), "42"),
    ],
)
def test_counts_come_with_their_margin(estimate: Estimate, words: str) -> None:
    assert wording.count(estimate) == words


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (Estimate(0.76, 0.60, 0.90, 0), "about 3 in 4, give or take 1,"),
        (Estimate(0.82, 0.79, 0.86, 0), "about 8 in 10"),
        (Estimate(0.71, 0.66, 0.77, 0), "about 7 in 10, give or take 1,"),
        (Estimate(0.50, 0.30, 0.70, 0), "about half, give or take a quarter,"),
        (Estimate(0.90, 0.72, 1.00, 0), "about 9 in 10, at least 7 in 10,"),
        (Estimate(0.12, 0.00, 0.25, 0), "about 1 in 10, give or take 1,"),
        (Estimate(0.98, 0.96, 0.99, 0), "nearly all"),
    ],
)
def test_shares_are_said_in_the_coarsest_parts_that_the_margin_allows(
    estimate: Estimate, words: str
) -> None:
    assert wording.share(estimate) == words


HOSTILE = (
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x","y")',
    "../../etc/passwd",
    "Robert\"'; DROP TABLE turns;--",
    "{{ 7*7 }} {% raw %}",
    "\u202egnp.exe",
)


@pytest.mark.parametrize("nasty", HOSTILE)
def test_hostile_names_and_words_reach_the_page_as_text_only(
    small: Transcript, nasty: str, tmp_path: Path
) -> None:
    speakers = (replace(small.speakers[0], name=nasty), *small.speakers[1:])
    turns = (*small.turns, said("S1", 91, 95, ("process", nasty)))
    hostile = replace(
        small, speakers=speakers, turns=turns, source=Source(nasty, "teams-vtt", 95.0)
    )
    session = analyse(hostile)
    page = render(reflect(session))
    assert "<script" not in page
    assert "<img" not in page
    assert "49 " not in page.split("</style>")[1] or "7*7" in page
    session.save(tmp_path / "session.json")
    saved = json.loads((tmp_path / "session.json").read_text(encoding="utf-8"))
    assert saved["speakers"][0]["name"] == nasty
    assert Session.load(tmp_path / "session.json").transcript.speakers[0].name == nasty


def test_unnamed_voices_get_no_airtime_and_the_page_says_so() -> None:
    turns = tuple(
        replace(said(None, 10.0 * i, 10.0 * i + 9, ("account", text)), phase=None)
        for i, text in enumerate(["We met on Monday again.", "And what did they say?"])
    )
    transcript = Transcript(Source("plain.vtt", "teams-vtt", 19.0), (), turns)
    reflection = reflect(analyse(transcript))
    assert reflection.airtime is None
    assert "do not say who is speaking" in reflection.opening[1]
    assert "captions do not say who" in render(reflection)


def test_a_single_voice_is_no_set_and_the_page_says_so() -> None:
    turns = (replace(said("S1", 0, 9, ("account", "We met on Monday again.")), phase=None),)
    alone = Transcript(Source("memo.vtt", "teams-vtt", 9.0), (Speaker("S1", "Ana"),), turns)
    reflection = reflect(analyse(alone))
    assert "one person" in reflection.about
    assert "Only one voice" in reflection.opening[1]


def test_a_file_that_speaks_of_a_stranger_is_one_sentence(
    small: Transcript, tmp_path: Path
) -> None:
    path = tmp_path / "session.json"
    analyse(small).save(path)
    mended = path.read_text(encoding="utf-8").replace('"speaker": "S2"', '"speaker": "S99"')
    path.write_text(mended, encoding="utf-8")
    with pytest.raises(InputError, match="speaks of 'S99', who is not among its speakers"):
        Session.load(path)


def test_a_strong_question_says_why(reflection: Reflection) -> None:
    assert reflection.questions
    for line in reflection.questions:
        assert len(line.remark.split()) >= 3


def test_nobody_is_graded_or_ranked(reflection: Reflection) -> None:
    text = render(reflection).split("</style>")[1].lower()
    for word in ("score:", "grade", "rank", "excellent", "poor", "filler", "accent", "pace"):
        assert word not in text

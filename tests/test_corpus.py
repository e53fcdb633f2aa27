"""Annotated sessions: read, checked, and as a data frame."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from als_nlp import corpus
from als_nlp.cli import main
from als_nlp.corpus import AnnotatedSession, PersonalData
from als_nlp.errors import CorpusError
from als_nlp.models.splits import read_splits
from tests.conftest import CORPUS

HEADER = """session: oak-1
cohort: oak
number: 1
trade: theatres
band: 6
mode: online
speech: Fife
captions: punctuated
facilitation: strong
features: none
minutes: 90
facilitator: Jo
member: Ana, nurse
"""


def write(folder: Path, body: str, header: str = HEADER) -> Path:
    path = folder / "oak-1.als.txt"
    path.write_text(header + body, encoding="utf-8")
    return path


def test_every_session_of_the_corpus_keeps_the_format_and_the_method() -> None:
    for session in corpus.load_all(CORPUS):
        assert corpus.check(session.path) == []


def test_every_cohort_is_in_one_split_and_every_split_has_sessions() -> None:
    splits = read_splits(CORPUS)
    assert set(splits) == {"train", "dev", "test"}
    assert all(splits.values())


def test_a_session_carries_its_codes(full_session: AnnotatedSession) -> None:
    first = full_session.transcript.turns[0]
    assert (first.phase, first.cycle) == ("check_in", 0)
    assert first.segments[0].kind == "process"
    assert full_session.transcript.facilitator == "S1"
    assert [a.cycle for a in full_session.actions] == [1, 1, 2, 2]
    assert {f.status for f in full_session.followups} == {"done", "partly", "not_done"}


def test_lines_of_one_speaker_are_one_turn_and_marks_of_personal_data_go(tmp_path: Path) -> None:
    body = (
        "== check_in\nJo | process | Right, [Ana](PERSON), over to you.\n"
        "Ana | account | I am on [Ward 9](LOCATION).\nAna | closed/clarifying | Is that loud?\n"
    )
    session = corpus.load(write(tmp_path, body))
    assert [len(t.segments) for t in session.transcript.turns] == [1, 2]
    assert session.transcript.turns[0].text == "Right, Ana, over to you."
    assert session.personal == (
        PersonalData("Ana", "PERSON", 1, 1),
        PersonalData("Ward 9", "LOCATION", 8, 2),
    )


def test_a_data_frame_has_a_row_a_segment(full_session: AnnotatedSession) -> None:
    frame = corpus.data_frame([full_session])
    assert len(frame) == len(full_session.transcript.segments)
    assert {"cohort", "speaker", "phase", "label", "kind", "purpose"} <= set(frame.columns)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("== lunch\n", "line 14: a phase line reads"),
        ("== inquiry\n", "carry a cycle number"),
        ("== check_in\nJo | process\n", "line 15: a segment line reads"),
        ("== check_in\nBob | process | Hello.\n", "'Bob' is not in the header"),
        ("== check_in\nJo | chat | Hello.\n", "'chat' is no kind"),
        ("== check_in\nJo | open | Who?\n", "needs a purpose"),
        ("== check_in\nJo | ack/feeling | Mm.\n", "only questions have a purpose"),
        ("== check_in\nJo | ack | [Bo](NAME)\n", "no type of personal data"),
        ("== check_in\nJo | ack | Mm.\n* action x | Jo\n", "marks read"),
        ("", "nobody says anything"),
    ],
)
def test_a_broken_line_is_named_with_its_remedy(tmp_path: Path, body: str, why: str) -> None:
    with pytest.raises(CorpusError, match="oak-1") as caught:
        corpus.load(write(tmp_path, body))
    assert why in str(caught.value)


def test_the_checker_says_what_a_short_session_lacks(tmp_path: Path) -> None:
    path = write(tmp_path, "== check_in\nJo | process | Hello.\n")
    done = CliRunner().invoke(main, ["corpus", "check", str(path)])
    assert done.exit_code == 1
    assert "has 1 turns; a session has 90 or more" in done.output
    assert "cycle 2 has no inquiry phase" in done.output


def test_a_folder_without_sessions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no annotated session"):
        corpus.load_all(tmp_path)

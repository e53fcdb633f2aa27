"""Who facilitates, where a list of people says who is in the set but not who leads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from als_nlp.corpus import AnnotatedSession
from als_nlp.evaluate.tagger import untagged
from als_nlp.people import read_people
from als_nlp.pipeline import who_is_who


@pytest.mark.parametrize(
    ("role", "whole"), [("", True), ("member", False)], ids=["no roles", "members only"]
)
def test_a_list_without_a_facilitator_leaves_it_to_what_facilitators_do(
    full_session: AnnotatedSession, tmp_path: Path, role: str, whole: bool
) -> None:
    gold = full_session.transcript
    names = [s.name for s in gold.speakers if whole or s.id != gold.facilitator]
    path = tmp_path / "people.csv"
    path.write_text("name,role\n" + "".join(f"{name},{role}\n" for name in names))
    found = who_is_who(untagged(gold), people=read_people(path))
    assert found.facilitator == gold.facilitator
    assert {s.role for s in found.speakers if s.id != gold.facilitator} == {"participant"}


def test_where_everybody_is_a_member_nobody_is_made_the_facilitator(
    full_session: AnnotatedSession, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    names = [s.name for s in full_session.transcript.speakers]
    path.write_text("name,role\n" + "".join(f"{name},member\n" for name in names))
    found = who_is_who(untagged(full_session.transcript), people=read_people(path))
    assert found.facilitator is None

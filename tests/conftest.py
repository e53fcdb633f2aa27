"""Small sessions to measure, and the one big one."""

from __future__ import annotations

from pathlib import Path

import pytest

from als_nlp import corpus
from als_nlp.corpus import AnnotatedSession
from als_nlp.transcript import (
    Kind,
    Phase,
    Purpose,
    Segment,
    Source,
    Speaker,
    Transcript,
    Turn,
    Word,
)

pytest_plugins = ["tests.browser"]

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "als"


def said(
    speaker: str | None,
    start: float | None,
    end: float | None,
    *pieces: tuple[Kind, str] | tuple[Kind, str, Purpose],
    phase: Phase | None = None,
    cycle: int = 0,
) -> Turn:
    """A turn of coded pieces, whose words share its time evenly."""
    count = sum(len(piece[1].split()) for piece in pieces)
    position = 0
    segments = []
    for kind, text, *purpose in pieces:
        words = []
        for token in text.split():
            if start is None or end is None:
                words.append(Word(token))
            else:
                step = (end - start) / count
                words.append(Word(token, start + position * step, start + (position + 1) * step))
            position += 1
        segments.append(Segment(tuple(words), kind, purpose[0] if purpose else None, 0.9))  # type: ignore[arg-type]
    return Turn(speaker, tuple(segments), phase, cycle)


@pytest.fixture
def small() -> Transcript:
    """Ninety seconds, one cycle, a facilitator, a presenter, two members of whom one is silent."""
    speakers = (
        Speaker("S1", "Helen", "facilitator"),
        Speaker("S2", "Dev", "participant"),
        Speaker("S3", "Ana", "participant"),
        Speaker("S4", "Tom", "participant"),
    )
    turns = (
        said("S1", 0, 10, ("process", "Welcome back all."), ("process", "Ana, how did it go?"),
             phase="check_in"),
        said("S3", 10, 20, ("account", "I spoke to my manager on Monday and it is done."),
             phase="check_in"),
        said("S2", 20, 50, ("account", "My challenge is that nobody comes to the huddle."),
             phase="present", cycle=1),
        said("S3", 51, 55, ("open", "What happens just before it?", "clarifying"),
             ("open", "And who notices?", "clarifying"), phase="inquiry", cycle=1),
        said("S2", 59, 69, ("account", "The night staff go home."), phase="inquiry", cycle=1),
        said("S3", 69, 73, ("disguised", "Have you thought about moving it?"),
             phase="inquiry", cycle=1),
        said("S1", 75, 77, ("reflection", "So timing matters."), phase="inquiry", cycle=1),
        said("S2", 77, 83, ("commitment", "I will ask the night coordinator by Friday."),
             phase="reflect_decide", cycle=1),
        said("S1", 83, 90, ("process", "Thank you everyone, see you next month."),
             phase="check_out"),
    )  # fmt: skip
    return Transcript(Source("small.vtt", "teams-vtt", 90.0), speakers, turns)


@pytest.fixture(scope="session")
def full_session() -> AnnotatedSession:
    """A full-length annotated session (synthetic), the one that the demo shows."""
    return corpus.load(CORPUS / "larch" / "larch-2.als.txt")

"""A cohort of two real-sized sessions, as a programme lead has it on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from als_nlp import analyse, corpus
from als_nlp.cohort import Cohort
from als_nlp.cohort_file import initial_cohort, load_cohort
from als_nlp.gather import Gathered, gather
from als_nlp.themes.known import bundled_themes
from als_nlp.transcript import Transcript
from tests.conftest import CORPUS


def uncoded(transcript: Transcript) -> Transcript:
    """The words alone, without the coder's codes and phases."""
    return transcript.with_turns(
        replace(
            turn,
            phase=None,
            cycle=0,
            segments=tuple(
                replace(s, kind=None, purpose=None, probability=None) for s in turn.segments
            ),
        )
        for turn in transcript.turns
    )


@pytest.fixture(scope="session")
def cohort_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """harbour: two sessions of a set of six, analysed, with a first cohort.toml."""
    folder = tmp_path_factory.mktemp("harbour")
    for session in corpus.load_all(CORPUS / "harbour"):
        analyse(uncoded(session.transcript)).save(folder / f"{session.name}.json")
    (folder / "cohort.toml").write_text(initial_cohort(folder), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def cohort(cohort_folder: Path) -> Cohort:
    return load_cohort(cohort_folder)


@pytest.fixture(scope="session")
def gathered(cohort: Cohort) -> Gathered:
    return gather(cohort, bundled_themes())

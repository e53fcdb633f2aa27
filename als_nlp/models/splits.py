"""Which cohorts teach, which tune, and which are kept for the test."""

from __future__ import annotations

import tomllib
from pathlib import Path

from als_nlp import corpus
from als_nlp.corpus import AnnotatedSession
from als_nlp.errors import CorpusError


def splits_of_cohorts(folder: Path) -> dict[str, str]:
    """Each cohort's split, as ``splits.toml`` in the folder says.

    Raises:
        CorpusError: if a cohort is in two.
    """
    where: dict[str, str] = {}
    for split, cohorts in _splits(folder).items():
        for cohort in cohorts:
            if cohort in where:
                raise CorpusError(f"splits.toml puts {cohort} in {where[cohort]} and in {split}.")
            where[cohort] = split
    return where


def read_splits(folder: Path) -> dict[str, list[AnnotatedSession]]:
    """The sessions of ``train``, ``dev`` and ``test``, as ``splits.toml`` in the folder says.

    Raises:
        CorpusError: if a cohort is in no split or in two.
    """
    where = splits_of_cohorts(folder)
    out: dict[str, list[AnnotatedSession]] = {split: [] for split in _splits(folder)}
    for session in corpus.load_all(folder):
        if session.cohort not in where:
            raise CorpusError(f"splits.toml does not say where {session.cohort} belongs.")
        out[where[session.cohort]].append(session)
    return out


def _splits(folder: Path) -> dict[str, list[str]]:
    return tomllib.loads((folder / "splits.toml").read_text(encoding="utf-8"))

"""The page of figures on the tagger, ``docs/tagger.md``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from als_nlp.corpus import AnnotatedSession
from als_nlp.errors import InputError
from als_nlp.evaluate.tagger import (
    SESSION_COLUMNS,
    Row,
    coverage_table,
    kind_table,
    public_table,
    session_table,
)
from als_nlp.models.tagger import load_tagger
from als_nlp.models.train import read_splits

HEAD = """# How good the tagger is

This page is written by `als evaluate tagger`; do not edit it by hand.

Tagger **{name}**, trained on {count} annotated sessions ({cohorts} cohorts, synthetic) and
{public:,} rows of public corpora. All figures below are on sessions of cohorts that were never
looked at while training or tuning. The sessions are synthetic: invented, and coded by their
writers, so expect somewhat lower figures on your own. The tagger gets words and speakers' names
only: it finds segments, facilitator and phases by itself. Brackets hold 90 % bootstrap intervals
over sessions.
"""


def tagger_report(folder: Path, split: str, public: Path | None) -> str:
    """All tables as Markdown.

    Raises:
        InputError: if the folder has no such split, or a public corpus is missing.
    """
    splits = read_splits(folder)
    if split not in splits:
        raise InputError(f"{folder / 'splits.toml'} has no '{split}': {', '.join(splits)}.")
    sessions = splits[split]
    card = load_tagger().card
    parts = [
        HEAD.format(
            name=card["name"],
            count=len(card["sessions"]),
            cohorts=len({s.rsplit("-", 1)[0] for s in card["sessions"]}),
            public=card["public_rows"],
        ),
        _about(sessions, split),
        _table("On whole sessions", SESSION_COLUMNS, session_table(sessions)),
        _table(
            "Each label and kind, as written",
            ("", "precision", "recall", "F1", "segments"),
            kind_table(sessions),
        ),
        _table(
            "Do the 90 % intervals hold the true figure?",
            ("", "sessions, as written and without punctuation"),
            coverage_table(sessions),
        ),
    ]
    if public is not None:
        parts.append(
            _table(
                "On public corpora (all test rows, their own segments given), F1",
                ("", "als-nlp", "“?” rule", "als-nlp, raw", "“?” rule, raw"),
                public_table(public),
            )
        )
    return "\n".join(parts)


def _about(sessions: Sequence[AnnotatedSession], split: str) -> str:
    segments = sum(len(s.transcript.segments) for s in sessions)
    cohorts = ", ".join(dict.fromkeys(f"{s.cohort} ({s.header['trade']})" for s in sessions))
    return f"The `{split}` split: {len(sessions)} sessions, {segments:,} segments; {cohorts}.\n"


def _table(title: str, columns: Sequence[str], rows: Sequence[Row]) -> str:
    lines = [f"## {title}", "", _line(columns), _line(["---"] * len(columns))]
    lines += [_line([row.name, *row.figures]) for row in rows]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""Figures as a table that a spreadsheet opens, and never runs.

A cell that begins as a formula does would be computed by Excel and LibreOffice, and could read or
send what is in the sheet (OWASP, *CSV injection*). Names of cohorts and themes come from strangers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

HEAD: Final = ("part", "what", "value", "low", "high")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | None


def sheet(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV for spreadsheets; text that would be a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()  # Excel reads UTF-8 only with a mark at the beginning


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.lstrip(" \"'").startswith(FORMULA):
        return "'" + cell
    return cell


def figures_sheet(figures: Mapping[str, Any]) -> str:
    """The figures of a feedback report (those of ``cohort.json``), one a line."""
    return sheet(HEAD, _lines(figures))


def _lines(figures: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    for what in ("name", "audience", "least", "people", "sets", "sessions"):
        yield "cohort", what, figures[what], None, None
    for theme in figures["themes"]:
        yield "theme", theme["name"], theme["people"], None, None
    for step in figures["series"]:
        for what in ("balance", "questions", "advice"):
            yield f"session {step['session']}", what, *_estimate(step[what])
        yield f"session {step['session']}", "gini", step["gini"], None, None
    yield "actions", "done or partly done", *_estimate(figures["done_or_partly"])
    for sentence in figures["withheld"]:
        yield "withheld", sentence, None, None, None


def _estimate(found: Mapping[str, float] | None) -> tuple[Cell, Cell, Cell]:
    return (found["value"], found["low"], found["high"]) if found else (None, None, None)

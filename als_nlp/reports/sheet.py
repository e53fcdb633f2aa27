"""Figures as a table that a spreadsheet opens, and never runs.

A cell that begins as a formula does would be computed by Excel and LibreOffice, and could read or
send what is in the sheet (OWASP, *CSV injection*). Names of cohorts and themes come from strangers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from als_nlp.cohort import Cohort, Meeting

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


REGISTER_HEAD: Final = ("set", "session", "date", "mode", "name", "role", "there", "part")


def register_sheet(cohort: Cohort) -> str:
    """The register that a provider keeps: who was at which session, and who presented or led."""
    return sheet(REGISTER_HEAD, _register(cohort))


def _register(cohort: Cohort) -> Iterator[tuple[Cell, ...]]:
    for meeting in cohort.meetings:
        part = cohort.set_of(meeting)
        there = {*meeting.attended, *_heard(cohort, meeting)}
        date = meeting.date.isoformat() if meeting.date else None
        leads = (part.facilitator,) if part.facilitator else ()
        # who stood in or visited is on the register, too
        for id in dict.fromkeys((*leads, *part.members, *meeting.attended)):
            member = cohort.member(id)
            role = "facilitated" if member.facilitator and id in there else None
            yield (
                part.name, meeting.number, date, meeting.mode or None, member.name,
                member.role or None,
                # without a list, who spoke was there, and others may have been
                "yes" if id in there else "no" if meeting.attended else "not known",
                "presented" if id in meeting.presented else role,
            )  # fmt: skip


def _heard(cohort: Cohort, meeting: Meeting) -> Iterator[str]:
    """Ids of those who spoke."""
    for speaker in meeting.session.airtime if meeting.session else ():
        id = cohort.id_of(speaker.name, meeting.set) if speaker.name and speaker.turns else None
        if id is not None:
            yield id


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

"""The feedback report: what it says, whom it names (nobody), how it opens."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from als_nlp.cli import main
from als_nlp.cohort import Cohort
from als_nlp.gather import Gathered, role_groups
from als_nlp.privacy.disclosure import Ledger, Limits
from als_nlp.reports.feedback import feedback, render
from als_nlp.reports.sheet import figures_sheet, register_sheet
from als_nlp.reports.word import word
from als_nlp.themes.known import bundled_themes

KNOWN = bundled_themes()


def report(gathered: Gathered, audience: str = "cohort", **options: object) -> str:
    limits = Limits.of(audience)  # type: ignore[arg-type]
    return render(feedback(gathered, KNOWN, limits, **options))  # type: ignore[arg-type]


def text_of(document: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(document)).paragraphs)


@pytest.mark.parametrize("audience", ["set", "cohort", "programme", "published"])
def test_no_report_names_anybody(gathered: Gathered, cohort: Cohort, audience: str) -> None:
    """An attacker with the roster looks for every name, nickname and id in page and document."""
    said = feedback(gathered, KNOWN, Limits.of(audience))  # type: ignore[arg-type]
    everything = render(said) + text_of(word(said))
    for member in cohort.members:
        for name in (member.name, *member.also):
            assert not re.search(rf"\b{re.escape(name)}\b", everything), name
        assert f'"{member.id}"' not in everything


def test_what_few_people_stand_behind_is_not_shown(gathered: Gathered) -> None:
    limits = Limits.of("cohort")
    said = feedback(gathered, KNOWN, limits)
    assert all(t.count >= limits.least for t in said.themes)
    everybody = feedback(gathered, KNOWN, Limits.of("published"))
    assert not everybody.themes
    assert everybody.series_chart is None
    assert everybody.withheld


def test_the_series_shows_asking_and_telling_with_intervals(gathered: Gathered) -> None:
    said = feedback(gathered, KNOWN, Limits.of("cohort"))
    assert said.series_chart is not None
    assert [row[0] for row in said.series_chart.rows] == ["Session 1", "Session 2"]
    for step in gathered.steps:
        assert step.balance is not None
        assert step.balance.low <= step.balance.value <= step.balance.high


def test_quotations_can_be_switched_off(gathered: Gathered) -> None:
    said = feedback(gathered, KNOWN, Limits.of("set"), quotations=False)
    assert not any(t.quotation for t in said.themes)


def test_the_same_report_may_be_issued_twice_but_not_a_telling_difference(
    gathered: Gathered,
) -> None:
    ledger = Ledger()
    first = feedback(gathered, KNOWN, Limits.of("set"), ledger=ledger)
    again = feedback(gathered, KNOWN, Limits.of("set"), ledger=ledger)
    assert [(t.id, t.count) for t in first.themes] == [(t.id, t.count) for t in again.themes]
    # without one presenter, every figure that this person stood behind would differ by one
    presenter = next(b.presenter for b in gathered.brought if b.presenter)
    kept = [n for n, b in enumerate(gathered.brought) if b.presenter != presenter]
    themes = replace(
        gathered.themes,
        placed=tuple(gathered.themes.placed[n] for n in kept),
        themes=tuple(
            replace(t, items=tuple(kept.index(i) for i in t.items if i in kept))
            for t in gathered.themes.themes
        ),
    )
    fewer = replace(gathered, brought=tuple(gathered.brought[n] for n in kept), themes=themes)
    later = feedback(fewer, KNOWN, Limits.of("set"), ledger=ledger)
    before = {t.id: t.count for t in first.themes}
    assert all(before.get(t.id, t.count) == t.count for t in later.themes)


def test_the_document_has_headings_alternative_texts_and_a_language(gathered: Gathered) -> None:
    document = docx.Document(io.BytesIO(word(feedback(gathered, KNOWN, Limits.of("set")))))
    levels = [p.style.name for p in document.paragraphs if p.style is not None]
    assert levels.count("Title") == 1
    assert levels.count("Heading 1") >= 4
    pictures = document.inline_shapes
    assert len(pictures)
    assert all(p._inline.docPr.get("descr") for p in pictures)
    assert document.core_properties.language == "en-GB"


def test_hostile_words_stay_words(gathered: Gathered) -> None:
    cohort = replace(gathered.cohort, name="<script>alert(1)</script>\x00")
    said = feedback(replace(gathered, cohort=cohort), KNOWN, Limits.of("cohort"))
    assert "<script" not in render(said)
    assert "alert(1)" in text_of(word(said))


def test_role_groups_are_compared_only_if_large_enough(gathered: Gathered) -> None:
    part = gathered.cohort.sets[0]
    halves = (
        replace(part, name="A", members=part.members[:3], role_group="senior"),
        replace(part, name="B", members=part.members[3:], role_group="team leads"),
    )
    meetings = tuple(
        replace(m, set=name, attended=()) for m in gathered.cohort.meetings for name in ("A", "B")
    )
    whole = replace(gathered, cohort=replace(gathered.cohort, sets=halves, meetings=meetings))
    groups = role_groups(whole)
    assert set(groups) == {"senior", "team leads"}
    shown = feedback(whole, KNOWN, Limits.of("cohort"), groups=groups).groups
    assert [g.name for g in shown] == ["senior", "team leads"]
    assert not feedback(whole, KNOWN, Limits.of("programme"), groups=groups).groups


def test_one_command_from_sessions_to_a_report(cohort_folder: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["cohort", str(cohort_folder), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "cohort.csv", "cohort.json", "feedback.docx", "feedback.html",
    ]  # fmt: skip
    assert (cohort_folder / "ledger.json").stat().st_mode & 0o777 == 0o600


def test_a_lowered_limit_needs_a_reason_and_prints_it(cohort_folder: Path, tmp_path: Path) -> None:
    call = ["cohort", str(cohort_folder), "-o", str(tmp_path), "--least", "2"]
    refused = CliRunner().invoke(main, call)
    assert refused.exit_code == 1
    assert "needs a recorded reason" in refused.output
    done = CliRunner().invoke(main, [*call, "--reason", "all six agreed"])
    assert done.exit_code == 0, done.output
    assert "all six agreed" in (tmp_path / "feedback.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x","Click")', "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_spreadsheet_never_computes_what_strangers_wrote(gathered: Gathered, name: str) -> None:
    cohort = replace(gathered.cohort, name=name)
    said = feedback(replace(gathered, cohort=cohort), KNOWN, Limits.of("cohort"))
    table = figures_sheet(said.figures)
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert ["cohort", "name", "'" + name, "", ""] in rows
    assert not [c for row in rows for c in row if c[:1] in tuple("=+-@\t\r")]
    balance = next(r for r in rows if r[1] == "balance")
    assert 0 <= float(balance[3]) <= float(balance[2]) <= float(balance[4]) <= 1


def test_the_register_says_who_was_there_and_who_presented(cohort: Cohort) -> None:
    rows = list(csv.DictReader(io.StringIO(register_sheet(cohort).lstrip("\ufeff"))))
    first = {r["name"]: r for r in rows if r["session"] == "1"}
    assert first["Moira"]["part"] == "facilitated"
    assert sum(r["part"] == "presented" for r in first.values()) == 2
    assert {r["there"] for r in first.values()} == {"yes"}


def test_who_is_not_on_the_list_was_not_there(cohort: Cohort) -> None:
    meeting = cohort.meetings[0]
    unheard = replace(meeting, session=None, attended=meeting.attended[1:], presented=())
    table = register_sheet(replace(cohort, meetings=(unheard,)))
    rows = list(csv.DictReader(io.StringIO(table.lstrip("\ufeff"))))
    missing = cohort.member(meeting.attended[0]).name
    assert [r["name"] for r in rows if r["there"] == "no"] == [missing]

"""The feedback report: what it says, whom it names (nobody), how it opens."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import docx
import numpy as np
import pytest
from click.testing import CliRunner

from als_nlp.cli import main
from als_nlp.cohort import Cohort, joined
from als_nlp.cohort_file import load_cohort
from als_nlp.gather import Gathered, role_groups
from als_nlp.measures.followthrough import FollowThrough, Outcome, rate
from als_nlp.measures.series import Turns
from als_nlp.privacy.disclosure import Ledger, Limits
from als_nlp.reports import cohort_words
from als_nlp.reports.feedback import Feedback, feedback, render
from als_nlp.reports.sheet import figures_sheet, register_sheet
from als_nlp.reports.word import LOOSE, word
from als_nlp.themes.find import FoundTheme, Themes
from als_nlp.themes.known import bundled_themes
from als_nlp.themes.names import Phrase

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
    assert first.followed == again.followed
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


def test_every_chart_of_the_document_has_its_table(gathered: Gathered) -> None:
    said = feedback(gathered, KNOWN, Limits.of("set"))
    charts = [c for c in (said.themes_chart, said.series_chart, said.followed_chart) if c]
    assert len(charts) == 3
    document = docx.Document(io.BytesIO(word(said)))
    for table, chart in zip(document.tables, charts, strict=True):
        rows = [tuple(cell.text for cell in row.cells) for row in table.rows]
        assert rows == [chart.columns, *chart.rows]
        heads = [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows]
        assert heads == [True, *(False for _ in chart.rows)]


Counts = Mapping[Outcome, int]


def with_outcomes(gathered: Gathered, counts: Counts, first: int = 0) -> Gathered:
    """The cohort with other actions, each by somebody else: ``done0``, ``done1`` …"""
    one = gathered.followed[0]
    followed = (
        FollowThrough(one.meeting, f"{outcome}{n}", one.action, outcome, None, None)
        for outcome, count in counts.items()
        for n in range(first, first + count)
    )
    return replace(gathered, followed=tuple(followed))


def inverted(said: Feedback) -> tuple[int, int] | None:
    """How many actions were done or partly done, and how many not, by the share's interval."""
    share = said.figures["done_or_partly"]
    if share is None:
        return None
    for count in range(1, 200):
        done = round(share["value"] * count)
        outcomes: list[Outcome] = [*["done"] * done, *["not_done"] * (count - done)]  # type: ignore[list-item]
        guess = rate(outcomes)
        assert guess is not None
        if [round(x, 3) for x in (guess.value, guess.low, guess.high)] == [*share.values()]:
            return done, count - done
    raise AssertionError("no count fits")


@pytest.mark.parametrize(
    "counts",
    [
        {"done": 8, "partly": 3, "not_done": 1},
        {"done": 8, "partly": 3, "not_done": 1, "not_mentioned": 4},
        {"done": 8, "partly": 1, "not_done": 2, "not_mentioned": 9},
        {"done": 1, "not_mentioned": 9},
        {"done": 12},
        {"done": 9, "partly": 9, "not_done": 9, "not_mentioned": 9},
    ],
)
@pytest.mark.parametrize("audience", ["set", "cohort", "programme", "published"])
def test_an_attacker_who_subtracts_finds_no_few_whose_actions_were_not_done(
    gathered: Gathered, counts: Counts, audience: str
) -> None:
    """From the share and its interval both its sides; from those and the picture what is hidden."""
    limits = Limits.of(audience)  # type: ignore[arg-type]
    said = feedback(with_outcomes(gathered, counts), KNOWN, limits, quotations=False)
    rows = dict(said.followed_chart.rows) if said.followed_chart else {}
    drawn = {o: int(rows[w]) for o, w in cohort_words.OUTCOME_WORDS.items() if w in rows}
    sides = inverted(said)
    if sides is None:
        assert "could be followed up" not in render(said)
        return
    for total, names in zip(
        sides, (("done", "partly"), ("not_done", "not_mentioned")), strict=True
    ):
        assert total == 0 or total >= limits.least
        known = sum(drawn.get(n, 0) for n in names)
        hidden = [n for n in names if n not in drawn and counts.get(n)]
        if audience != "published" and known:
            # nobody is left, or several outcomes with enough people between them
            assert not hidden


def test_the_share_goes_where_one_action_alone_was_not_done(gathered: Gathered) -> None:
    counts: Counts = {"done": 8, "partly": 3, "not_done": 1}
    said = feedback(with_outcomes(gathered, counts), KNOWN, Limits.of("cohort"))
    assert said.figures["done_or_partly"] is None
    assert not [line for line in (*said.opening, *said.followed) if "done or partly" in line]
    assert [line for line in said.withheld if "How much was done" in line]


def test_an_outcome_that_the_ledger_hides_takes_another_with_it(gathered: Gathered) -> None:
    ledger, limits = Ledger(), Limits.of("cohort")
    counts: Counts = {"done": 8, "partly": 4, "not_done": 4, "not_mentioned": 5}
    before = with_outcomes(gathered, counts)
    first = feedback(before, KNOWN, limits, ledger=ledger, quotations=False)
    assert first.followed_chart is not None
    assert len(first.followed_chart.rows) == 4
    # somebody with an action that was not mentioned has one more, not done
    more = replace(before.followed[-1], outcome="not_done")
    after = replace(before, followed=(*before.followed, more))
    second = feedback(after, KNOWN, limits, ledger=ledger, quotations=False)
    assert second.followed_chart is not None
    assert [row[0] for row in second.followed_chart.rows] == ["done", "partly done"]


def test_a_share_is_withheld_if_one_more_person_stands_behind_it(gathered: Gathered) -> None:
    ledger, limits = Ledger(), Limits.of("cohort")
    counts: Counts = {"done": 6, "not_done": 5}
    first = feedback(with_outcomes(gathered, counts), KNOWN, limits, ledger=ledger)
    assert inverted(first) == (6, 5)
    later = feedback(with_outcomes(gathered, {**counts, "done": 7}), KNOWN, limits, ledger=ledger)
    assert inverted(later) is None


def test_shares_that_go_outside_come_from_rounded_counts(gathered: Gathered) -> None:
    counts: Counts = {"done": 13, "not_done": 9}
    said = feedback(with_outcomes(gathered, counts), KNOWN, Limits.of("published"))
    assert inverted(said) == (15, 10)


def test_a_group_below_the_limit_is_told_nothing_of(gathered: Gathered) -> None:
    said = feedback(gathered, KNOWN, Limits.of("published"))
    everything = render(said)
    for words in ("have presented", "has presented", "places in the sessions", "challenges were"):
        assert words not in everything
    assert "Fewer than eight people" in everything
    assert said.figures["people"] == "fewer than 8"


def test_who_missed_a_session_is_counted_only_among_enough() -> None:
    limits = Limits.of("cohort")
    turns = Turns(frozenset(), frozenset(), frozenset())
    there = {f"p{n}" for n in range(8)}
    for missed, says in (([], "90 %"), (["p1"], "few people missed"), (["p1", "p2", "p3"], "90 %")):
        (line,) = cohort_words.worked(turns, 0.9, there, missed, [], limits)
        assert says in line
    (line,) = cohort_words.worked(turns, 0.93, there, [], [], Limits.of("published"))
    assert "95 %" in line
    assert not cohort_words.worked(turns, 0.9, {"p1", "p2"}, [], [], limits)


def test_the_number_of_challenges_does_not_give_away_who_is_in_no_theme(gathered: Gathered) -> None:
    """Of so many challenges, so many on this theme: one is left."""

    def opening(on_theme: int) -> str:
        items = tuple(range(on_theme))
        middle = gathered.themes.placed
        brought = tuple(
            replace(gathered.brought[0], presenter=f"p{n}") for n in range(len(middle) * 2)
        )
        theme = FoundTheme("workload", "Workload", (), items, True, None, np.zeros(1))
        placed = tuple(
            replace(middle[0], theme="workload" if n in items else None)
            for n in range(len(brought))
        )
        whole = replace(gathered, brought=brought, themes=Themes(placed, (theme,)))
        return feedback(whole, KNOWN, Limits.of("cohort"), quotations=False).opening[0]

    assert opening(8).startswith("Of eight challenges brought")
    assert opening(5).startswith("Of eight challenges brought")
    assert opening(7).startswith("What most people struggled with")


def open_theme(gathered: Gathered, *shared: Phrase) -> Gathered:
    """The cohort with all its challenges in one open theme."""
    items = tuple(range(len(gathered.brought)))
    said = tuple(p.said for p in shared)
    theme = FoundTheme("open-1", said[0], said, items, False, 0.5, np.zeros(1), shared)
    placed = tuple(replace(p, theme="open-1") for p in gathered.themes.placed)
    return replace(gathered, themes=Themes(placed, (theme,)))


def test_the_name_of_an_open_theme_is_nobodys_own_words(gathered: Gathered) -> None:
    everybody = tuple(range(len(gathered.brought)))
    shared = (
        Phrase("leaking freezer", ("leaking", "freezer"), everybody[:2]),
        Phrase("daughter", ("daughter",), everybody),
        Phrase("matron", ("matron",), everybody),
        Phrase("seven beds", ("seven", "bed"), everybody),
        Phrase("night shift", ("night", "shift"), everybody),
    )
    whole = open_theme(gathered, *shared)
    for quotations in (True, False):
        said = feedback(whole, KNOWN, Limits.of("cohort"), quotations=quotations)
        (theme,) = said.themes
        assert (theme.name, theme.about) == ("Night shift", "In their words: night shift.")
        assert LOOSE in render(said)
        assert LOOSE in text_of(word(said))
    (theme,) = feedback(open_theme(gathered, *shared[:4]), KNOWN, Limits.of("cohort")).themes
    assert theme.name == "Theme 1"
    assert "In their words" not in theme.about


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


def test_a_role_group_is_not_what_is_left_of_all(gathered: Gathered) -> None:
    part, meeting = gathered.cohort.sets[0], gathered.cohort.meetings[0]
    sizes = {"heads": 6, "leads": 5, "sisters": 4, "matrons": 1}

    def groups(*names: str) -> list[str]:
        sets = tuple(
            replace(part, name=n, role_group=n, members=tuple(f"{n}{i}" for i in range(sizes[n])))
            for n in names
        )
        meetings = tuple(replace(meeting, set=n, attended=(), presented=()) for n in names)
        whole = replace(gathered, cohort=replace(gathered.cohort, sets=sets, meetings=meetings))
        said = feedback(whole, KNOWN, Limits.of("cohort"), groups=role_groups(whole))
        return [g.name for g in said.groups]

    assert groups("heads", "leads", "sisters") == ["heads", "leads", "sisters"]
    assert groups("heads", "leads", "sisters", "matrons") == ["heads", "leads"]
    assert groups("heads", "leads", "matrons") == []


def test_one_command_from_sessions_to_a_report(cohort_folder: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["cohort", str(cohort_folder), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "cohort.csv", "cohort.json", "feedback.docx", "feedback.html",
    ]  # fmt: skip
    path = cohort_folder / "ledger.json"
    assert path.stat().st_mode & 0o777 == 0o600
    # a report on several cohorts knows these people again
    found = load_cohort(cohort_folder)
    people = {i for s in joined([found], "Programme").sets for i in s.members}
    issued = Ledger.load(path).issued
    assert issued
    assert all(entry.among(people)[0] <= people for entry in issued)


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


def test_challenges_can_be_handed_to_als_themes_without_names(
    cohort_folder: Path, tmp_path: Path, cohort: Cohort
) -> None:
    out = tmp_path / "challenges.jsonl"
    done = CliRunner().invoke(main, ["cohort", "challenges", str(cohort_folder), "-o", str(out)])
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 4
    assert {"id", "text", "presenter", "cohort"} == set(lines[0])
    said = " ".join(line["text"] for line in lines)
    assert not any(re.search(rf"\b{m.name}\b", said) for m in cohort.members)
    themes = tmp_path / "themes.jsonl"
    done = CliRunner().invoke(main, ["themes", str(out), "-o", str(themes), "--guided"])
    assert done.exit_code == 0, done.output


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

"""Nothing is shown that few people stand behind, not even by subtraction."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.errors import InputError
from als_nlp.privacy.disclosure import Cell, Ledger, Limits, releasable
from als_nlp.privacy.release import release


def cell(name: str, count: int, start: int = 0) -> Cell:
    return Cell(name, frozenset(f"{name}{i}" for i in range(start, start + count)))


def test_the_limit_grows_with_the_audience() -> None:
    assert [Limits.of(a).least for a in ("set", "cohort", "programme", "published")] == [2, 3, 5, 8]


def test_a_limit_may_be_raised_freely_but_lowered_only_for_a_reason() -> None:
    assert Limits.of("cohort", 6).least == 6
    with pytest.raises(InputError, match="needs a recorded reason"):
        Limits.of("cohort", 2)
    assert Limits.of("cohort", 2, "agreed with both of them on paper").least == 2
    with pytest.raises(InputError, match="below 2"):
        Limits.of("cohort", 1, "curious")


def test_counts_that_go_outside_are_rounded_to_five() -> None:
    assert Limits.of("published").shown(13) == "15"
    assert Limits.of("programme").shown(13) == "13"


def test_a_single_withheld_figure_takes_another_with_it_when_the_total_is_shown() -> None:
    cells = [cell("a", 9), cell("b", 4), cell("c", 1)]
    limits = Limits.of("cohort")
    assert releasable(cells, limits, total_shown=False) == {"a", "b"}
    assert releasable(cells, limits, total_shown=True) == {"a"}


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=9),
    st.sampled_from(["set", "cohort", "programme"]),
)
def test_no_withheld_figure_can_be_worked_out_from_total_and_rest(
    sizes: list[int], audience: str
) -> None:
    limits = Limits.of(audience)  # type: ignore[arg-type]
    cells = [cell(f"t{n}-", size) for n, size in enumerate(sizes)]
    shown = releasable(cells, limits, total_shown=True)
    hidden = [c for c in cells if c.name not in shown]
    assert all(not c.people or len(c.people) >= limits.least for c in cells if c.name in shown)
    rest = sum(len(c.people) for c in hidden)
    if hidden and len(hidden) < len([c for c in cells if c.people]):
        assert len(hidden) > 1
        assert rest >= limits.least


FAMILIES = {"handover": "work", "workload": "work", "conflict": "people", "wellbeing": "people"}


def test_small_ones_of_a_family_are_told_together() -> None:
    cells = [cell("handover", 4), cell("conflict", 2), cell("wellbeing", 1)]
    found = release(cells, FAMILIES, frozenset(), Limits.of("cohort"), Ledger())
    assert {s.cell.name: len(s.cell.people) for s in found.shown} == {"handover": 4, "people": 3}
    assert found.shown[1].parts == ("conflict", "wellbeing")


def test_what_is_too_small_even_together_is_withheld_and_said_to_be() -> None:
    cells = [cell("handover", 4), cell("conflict", 1)]
    found = release(cells, FAMILIES, frozenset(), Limits.of("cohort"), Ledger())
    assert [s.cell.name for s in found.shown] == ["handover"]
    assert "too few people" in found.withheld[0]


people = st.frozensets(st.sampled_from([f"p{n}" for n in range(9)]), max_size=6)


@given(
    st.dictionaries(st.sampled_from(sorted(FAMILIES)), people, min_size=1),
    st.dictionaries(st.sampled_from(sorted(FAMILIES)), people, min_size=1),
    st.sampled_from(["set", "cohort", "programme"]),
)
def test_an_attacker_with_two_reports_and_the_roster_finds_no_small_group(
    first: dict[str, frozenset[str]], second: dict[str, frozenset[str]], audience: str
) -> None:
    """Two reports on overlapping people, with all figures put side by side and subtracted."""
    limits, ledger = Limits.of(audience), Ledger()  # type: ignore[arg-type]
    reports = [
        release([Cell(n, p) for n, p in sorted(r.items())], FAMILIES, frozenset(), limits, ledger)
        for r in (first, second)
    ]
    groups = [frozenset().union(*r.values()) for r in (first, second)]
    for report in reports:
        assert all(len(s.cell.people) >= limits.least for s in report.shown)
    for a in reports[0].shown:
        for b in reports[1].shown:
            if a.cell.name == b.cell.name and groups[0] & groups[1]:
                for difference in (a.cell.people - b.cell.people, b.cell.people - a.cell.people):
                    assert not 0 < len(difference) < limits.least


def test_two_reports_on_overlapping_groups_do_not_give_the_difference_away(tmp_path: Path) -> None:
    ledger = Ledger("salt")
    limits = Limits.of("cohort")
    group = {f"p{i}" for i in range(10)}
    tired = {"p0", "p1", "p2", "p3"}
    assert ledger.allows("theme:wellbeing", tired, group, limits)
    ledger.note("theme:wellbeing", tired, group, limits)
    # the same report without p9 and with p3 gone: three people, but the difference is p3
    assert not ledger.allows("theme:wellbeing", tired - {"p3"}, group - {"p3"}, limits)
    assert ledger.allows("theme:wellbeing", tired, group, limits)
    assert ledger.allows("theme:wellbeing", {"q1", "q2", "q3"}, {"q1", "q2", "q3", "q4"}, limits)
    ledger.save(tmp_path / "ledger.json")
    again = Ledger.load(tmp_path / "ledger.json", salt="other")
    assert again.issued == ledger.issued
    text = (tmp_path / "ledger.json").read_text(encoding="utf-8")
    assert "p3" not in text
    assert (tmp_path / "ledger.json").stat().st_mode & 0o777 == 0o600


def test_a_damaged_ledger_stops_the_report(tmp_path: Path) -> None:
    (tmp_path / "ledger.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        Ledger.load(tmp_path / "ledger.json", salt="x")

"""Nothing is shown that few people stand behind, not even by subtraction."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.errors import InputError
from als_nlp.privacy.disclosure import Cell, Ledger, Limits, merged_small, releasable


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


def test_small_ones_are_merged_where_together_they_are_enough() -> None:
    cells = [cell("a", 5), cell("b", 2), cell("c", 1)]
    merged = merged_small(cells, Limits.of("cohort"), "other")
    assert {c.name: len(c.people) for c in merged} == {"a": 5, "other": 3}
    assert merged_small(cells[:2], Limits.of("cohort"), "other") == cells[:2]


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

"""Nothing is shown that few people stand behind, not even by subtraction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b
from itertools import combinations
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


def test_what_is_hidden_already_takes_another_with_it_too() -> None:
    cells = [cell("a", 9), cell("b", 8), cell("c", 7)]
    limits = Limits.of("cohort")
    assert releasable(cells, limits, total_shown=False, hidden={"a"}) == {"b", "c"}
    assert releasable(cells, limits, total_shown=True, hidden={"a"}) == {"b"}


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=9),
    st.sampled_from(["set", "cohort", "programme"]),
    st.sets(st.integers(0, 8)),
)
def test_no_withheld_figure_can_be_worked_out_from_total_and_rest(
    sizes: list[int], audience: str, already: set[int]
) -> None:
    limits = Limits.of(audience)  # type: ignore[arg-type]
    cells = [cell(f"t{n}-", size) for n, size in enumerate(sizes)]
    names = {f"t{n}-" for n in already}
    shown = releasable(cells, limits, total_shown=True, hidden=names)
    assert not shown & names
    hidden = [c for c in cells if c.name not in shown and c.people]
    assert all(not c.people or len(c.people) >= limits.least for c in cells if c.name in shown)
    rest = sum(len(c.people) for c in hidden)
    if hidden and any(c.people for c in cells if c.name in shown):
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


spring = st.frozensets(st.sampled_from([f"Spring/P{n}" for n in range(9)]))
autumn = st.frozensets(st.sampled_from([f"Autumn/P{n}" for n in range(9)]))


@given(
    st.dictionaries(st.sampled_from(sorted(FAMILIES)), spring, min_size=1),
    st.dictionaries(st.sampled_from(sorted(FAMILIES)), autumn, min_size=1),
    st.booleans(),
)
def test_an_attacker_takes_the_reports_of_cohorts_away_from_that_of_the_programme(
    first: dict[str, frozenset[str]], second: dict[str, frozenset[str]], both: bool
) -> None:
    """Reports on Spring, perhaps on Autumn, each with its ledger; then on the programme."""
    ledgers = [Ledger(), Ledger()]
    whole = {n: first.get(n, frozenset()) | second.get(n, frozenset()) for n in {*first, *second}}
    limits = Limits.of("cohort")
    single = [
        release([Cell(n, p) for n, p in sorted(r.items())], FAMILIES, frozenset(), limits, ledger)
        for r, ledger in list(zip((first, second), ledgers, strict=True))[: 1 + both]
    ]
    limits = Limits.of("programme")
    ledger = Ledger.together(ledgers)
    cells = [Cell(n, p) for n, p in sorted(whole.items())]
    for figure in release(cells, FAMILIES, frozenset(), limits, ledger).shown:
        parts = [s.cell.people for r in single for s in r.shown if {*s.parts} <= {*figure.parts}]
        for left in _what_is_left(figure.cell.people, parts):
            assert not 0 < len(left) < limits.least or left in parts


def _what_is_left(whole: frozenset[str], parts: list[frozenset[str]]) -> Iterator[frozenset[str]]:
    for count in range(len(parts) + 1):
        for some in combinations(parts, count):
            # numbers can be taken away one after the other if nobody is in two of them
            if sum(map(len, some)) == len(frozenset().union(*some) & whole):
                yield whole.difference(*some)


def test_a_report_on_a_programme_does_not_show_who_was_added_to_a_cohort() -> None:
    spring = frozenset(f"Spring/P{n}" for n in range(6))
    cohort, programme = Limits.of("cohort"), Limits.of("programme")
    one, other = Ledger(), Ledger()
    release([Cell("workload", spring)], {}, frozenset(), cohort, one)
    ledger = Ledger.together([one, other])
    more = Cell("workload", spring | {"Autumn/P2"})
    found = release([more], {}, frozenset(), programme, ledger)
    assert not found.shown
    assert "beside" in found.withheld[0]
    # Autumn's P2 is not Spring's: what Spring was told withholds nothing from Autumn
    autumn = {f"Autumn/P{n}" for n in range(3)}
    assert ledger.allows("theme:workload", autumn, autumn, cohort)


def test_a_cohort_is_not_what_is_left_of_the_programme_without_the_others() -> None:
    spring, autumn = ({f"{name}/P{n}" for n in range(6)} for name in ("Spring", "Autumn"))
    everybody = {*spring, *autumn, "Summer/P1"}
    limits = Limits.of("cohort")
    first, second = Ledger(), Ledger()
    first.note("theme:workload", spring, spring, limits)
    second.note("theme:workload", autumn, autumn, limits)
    ledger = Ledger.together([first, second])
    assert not ledger.allows("theme:workload", everybody, everybody, limits)
    # nor the other way round, the programme first
    ledger = Ledger()
    ledger.note("theme:workload", everybody, everybody, limits)
    ledger.note("theme:workload", spring, spring, limits)
    assert not ledger.allows("theme:workload", autumn, autumn, limits)


def test_an_open_theme_is_compared_though_its_number_changed() -> None:
    limits, ledger = Limits.of("cohort"), Ledger()
    rota = cell("rota", 5)
    release([Cell("open-1", rota.people)], {}, frozenset(), limits, ledger)
    again = Cell("open-2", rota.people | {"x"})
    assert not release([again], {}, frozenset(), limits, ledger).shown


def test_a_ledger_by_itself_names_nobody(tmp_path: Path) -> None:
    """Ids may be names: hashes of a list of names find none of them."""
    path, limits = tmp_path / "ledger.json", Limits.of("cohort")
    names = {f"Spring/{name}" for name in ("Dev", "Ana", "Tom")}
    ledger = Ledger.load(path)
    ledger.note("theme:workload", names, names, limits)
    ledger.save(path)
    text = path.read_text(encoding="utf-8")
    assert not [n for n in names if blake2b(n.encode(), digest_size=8).hexdigest() in text]
    assert Ledger.load(tmp_path / "none.json").salt != Ledger.load(path).salt
    again = Ledger.load(path)
    again.note("theme:workload", names, names, limits)
    assert again.issued == ledger.issued


@pytest.mark.parametrize("salt", [{}, {"salt": ""}])
def test_a_ledger_without_salt_is_still_read(tmp_path: Path, salt: dict[str, str]) -> None:
    path, limits = tmp_path / "ledger.json", Limits.of("cohort")
    ids = [f"Spring/P{n}" for n in range(4)]
    hashes = [blake2b(i.encode(), digest_size=8).hexdigest() for i in ids]
    entry = {"figure": "theme:x", "audience": "cohort", "people": hashes, "group": hashes}
    path.write_text(json.dumps({**salt, "issued": [entry]}), encoding="utf-8")
    ledger = Ledger.load(path)
    assert ledger.salt
    assert ledger.allows("theme:x", ids, ids, limits)
    assert not ledger.allows("theme:x", ids[:3], ids, limits)


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
    again = Ledger.load(tmp_path / "ledger.json")
    assert again.issued == ledger.issued
    text = (tmp_path / "ledger.json").read_text(encoding="utf-8")
    assert "p3" not in text
    assert (tmp_path / "ledger.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["{", "[]", '{"issued": [{}]}', '{"issued": 1}', '"x"'])
def test_a_damaged_ledger_stops_the_report(tmp_path: Path, text: str) -> None:
    (tmp_path / "ledger.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        Ledger.load(tmp_path / "ledger.json")

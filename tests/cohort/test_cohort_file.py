"""cohort.toml: written once, checked kindly, nothing lost."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from als_nlp.cohort import Cohort, joined, next_presenters
from als_nlp.cohort_file import load_cohort
from als_nlp.errors import InputError
from als_nlp.measures.method import Remark, remarks, worth_noticing
from als_nlp.session import Session


def changed(folder: Path, tmp_path: Path, old: str, new: str) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    text = (copy / "cohort.toml").read_text(encoding="utf-8")
    assert old in text
    (copy / "cohort.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


def test_a_first_file_knows_who_was_there_who_led_and_who_presented(cohort: Cohort) -> None:
    assert [m.name for m in cohort.members if m.facilitator] == ["Moira"]
    assert len(cohort.sets[0].members) == 6
    assert [len(m.presented) for m in cohort.meetings] == [2, 2]
    assert all(m.session is not None for m in cohort.meetings)


def test_who_has_not_presented_is_next(cohort: Cohort) -> None:
    assert {cohort.member(i).name for i in next_presenters(cohort, "A")} == {"Senga", "Derek"}


def test_what_is_off_is_said_with_what_to_do(cohort: Cohort) -> None:
    small = replace(
        cohort,
        sets=(replace(cohort.sets[0], members=cohort.sets[0].members[:4]),),
    )
    said = [r for r in remarks(small) if "4 participants" in r.what]
    assert said
    assert "Invite" in said[0].do


def test_nobody_sits_with_their_own_line_manager(cohort: Cohort) -> None:
    boss, *others = cohort.sets[0].members
    members = tuple(replace(m, manager=boss) if m.id == others[0] else m for m in cohort.members)
    assert any("line manager" in r.what for r in remarks(replace(cohort, members=members)))


def noticed(cohort: Cohort) -> tuple[Remark, ...]:
    return worth_noticing(cohort, cohort.sets[0])


def at_length(cohort: Cohort, change: Callable[[Session], Session]) -> Cohort:
    """Three sessions of the set, each the first one with a change."""
    first = cohort.meetings[0]
    assert first.session is not None
    session = change(first.session)
    return replace(
        cohort, meetings=tuple(replace(first, number=n, session=session) for n in (1, 2, 3))
    )


def test_who_has_little_air_every_time_is_noticed_kindly(cohort: Cohort) -> None:
    def quiet(session: Session) -> Session:
        who = next(s.id for s in session.transcript.speakers if s.name == "Derek")
        said = [t for t in session.transcript.turns if t.speaker == who][:1]
        kept = (t for t in session.transcript.turns if t.speaker != who or t in said)
        return replace(session, transcript=session.transcript.with_turns(kept))

    assert not noticed(cohort)
    assert not any("less than half" in r.what for r in remarks(at_length(cohort, quiet)))
    found = [r for r in noticed(at_length(cohort, quiet)) if "less than half" in r.what]
    assert [r.what.split()[0] for r in found] == ["Derek"]
    assert "choice" in found[0].do


def test_one_person_asking_first_every_time_is_noticed(cohort: Cohort) -> None:
    def same(session: Session) -> Session:
        who = {s.name: s.id for s in session.transcript.speakers}
        presenters = {p for _, p in session.flow.presenters}
        asks = next(i for n, i in who.items() if i not in presenters and n not in ("Moira", None))
        turns = (
            replace(t, speaker=asks)
            if t.phase == "inquiry" and t.speaker not in (*presenters, who["Moira"])
            else t
            for t in session.transcript.turns
        )
        return replace(session, transcript=session.transcript.with_turns(turns))

    found = [r for r in noticed(at_length(cohort, same)) if "asked first" in r.what]
    assert "in 6 of 6 inquiries" in found[0].what


def test_a_missing_session_is_said_and_the_rest_is_kept(
    cohort_folder: Path, tmp_path: Path
) -> None:
    copy = changed(cohort_folder, tmp_path, "harbour-1.json", "harbour-9.json")
    cohort = load_cohort(copy)
    assert [m.session is not None for m in cohort.meetings] == [False, True]
    assert any("harbour-9.json" in r.what for r in remarks(cohort))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "Nadia"', 'name = "Senga"', "two \\[\\[person\\]\\] have the same name"),
        ('id = "P3"', 'id = "P2"', "have the same id|is the id of no"),
        ("number = 2", "number = 0", "number is 1, 2, 3"),
        ('attended = ["P1"', 'attended = ["P99"', "'P99' is the id of no"),
        ("[[set]]", "[[set", "is no TOML file"),
        ("[[set]]", '[[set]]\nname = "A"\n\n[[set]]', "two \\[\\[set\\]\\] have the same name"),
        ('mode = ""', 'date = "soon"', "write the date as"),
    ],
)
def test_a_mistake_is_one_sentence(
    cohort_folder: Path, tmp_path: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        load_cohort(changed(cohort_folder, tmp_path, old, new))


def test_a_time_beside_the_date_does_no_harm(cohort_folder: Path, tmp_path: Path) -> None:
    copy = changed(cohort_folder, tmp_path, 'mode = ""', 'mode = ""\ndate = 2026-04-14T13:00:00')
    assert load_cohort(copy).meetings[0].date == datetime.date(2026, 4, 14)


def test_sessions_without_a_number_are_counted_set_by_set(
    cohort_folder: Path, tmp_path: Path
) -> None:
    copy = changed(cohort_folder, tmp_path, "[[session]]", '[[set]]\nname = "B"\n\n[[session]]')
    path = copy / "cohort.toml"
    more = '\n[[session]]\nset = "B"\n\n[[session]]\nset = "B"\n'
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert [m.number for m in load_cohort(copy).meetings_of("B")] == [1, 2]


def test_a_session_of_an_older_schema_is_one_sentence(cohort_folder: Path, tmp_path: Path) -> None:
    copy = changed(cohort_folder, tmp_path, "number = 2", "number = 2")
    path = copy / "harbour-1.json"
    path.write_text(path.read_text(encoding="utf-8").replace("session/1", "session/0"), "utf-8")
    with pytest.raises(InputError, match=r"harbour-1.json is not a session that this version"):
        load_cohort(copy)


def test_sets_without_a_name_stay_apart_when_cohorts_are_joined(cohort: Cohort) -> None:
    nameless = replace(
        cohort,
        sets=(replace(cohort.sets[0], name=""),),
        meetings=tuple(replace(m, set="") for m in cohort.meetings),
    )
    both = joined([replace(nameless, name="spring"), replace(nameless, name="autumn")], "Programme")
    assert [s.name for s in both.sets] == ["spring", "autumn"]
    assert {m.set for m in both.meetings} == {"spring", "autumn"}


def test_cohorts_are_joined_without_mixing_people_up(cohort: Cohort) -> None:
    both = joined([replace(cohort, name="spring"), replace(cohort, name="autumn")], "Programme")
    assert len(both.members) == 2 * len(cohort.members)
    assert both.id_of("Nadia", "spring/A") != both.id_of("Nadia", "autumn/A")
    with pytest.raises(InputError, match="Two cohorts are called"):
        joined([cohort, cohort], "Programme")

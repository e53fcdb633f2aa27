"""What became of what was agreed."""

from __future__ import annotations

from als_nlp.cohort import Cohort
from als_nlp.measures.followthrough import follow_through, open_actions, rate, together
from als_nlp.reports.reminders import calendar, checklist


def test_actions_are_matched_with_their_owners_reports(cohort: Cohort) -> None:
    found = follow_through(cohort, "A")
    assert found
    for one in found:
        assert one.meeting.number == 1
        if one.report is not None:
            assert one.owner is not None
            assert one.outcome in ("done", "partly", "not_done")
        else:
            assert one.outcome == "not_mentioned"
    # somebody reported at the second check-in
    assert any(f.report for f in found)


def test_several_reports_on_one_action_are_one_outcome() -> None:
    assert together([]) == "not_mentioned"
    assert together(["done", "done"]) == "done"
    assert together(["done", "not_done"]) == "partly"


def test_a_rate_carries_its_interval() -> None:
    found = rate(["done", "done", "partly", "not_done"], ("done", "partly"))
    assert found is not None
    assert found.value == 0.75
    assert 0.3 < found.low < 0.75 < found.high < 1
    assert rate([]) is None


def test_what_is_open_is_listed_for_the_next_check_in(cohort: Cohort) -> None:
    text = checklist(cohort)
    for one in open_actions(cohort, "A"):
        assert one.owner is None or cohort.member(one.owner).name in text
    assert "Next to present, if they wish: Senga and Derek" in text


def test_the_reminder_is_a_calendar_entry(cohort: Cohort) -> None:
    import datetime
    from dataclasses import replace

    dated = replace(
        cohort,
        meetings=tuple(
            replace(m, date=datetime.date(2026, 3, 2 + 7 * m.number)) for m in cohort.meetings
        ),
    )
    text = calendar(dated)
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20260413" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\r\n" in text
    assert text.replace("\r\n", "").count("\n") == 0

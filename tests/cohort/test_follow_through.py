"""What became of what was agreed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from als_nlp.cohort import Cohort
from als_nlp.measures.actions import Action, FollowUp
from als_nlp.measures.followthrough import follow_through, open_actions, rate, together
from als_nlp.reports.reminders import calendar, checklist
from als_nlp.transcript import Status

ASK = "I will ask the porters about the trolleys."
WRITE = "I will write the paper for the board."


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


def test_an_action_is_carried_until_it_is_done(cohort: Cohort) -> None:
    met = _met(
        cohort,
        ([ASK], []),
        ([WRITE], [("partly", "I asked one of the porters.")]),
        ([], [("done", "The porters have the trolleys."), ("not_done", "No paper, no board.")]),
    )
    asked, written = follow_through(met, "A")
    assert (asked.outcome, asked.latest) == ("partly", "done")
    assert asked.reported_in == met.meetings[2]
    assert (written.outcome, written.latest) == ("not_done", "not_done")
    assert [f.action.text for f in open_actions(met, "A")] == [WRITE]


def test_what_was_last_said_is_kept_while_nobody_says_more(cohort: Cohort) -> None:
    met = _met(cohort, ([ASK], []), ([], [("partly", "I asked one of them.")]), ([], []))
    (found,) = open_actions(met, "A")
    assert (found.latest, found.reported_in) == ("partly", met.meetings[1])
    assert "agreed in session 1; in session 2 partly done" in checklist(met)


def test_where_meaning_does_not_tell_a_report_is_on_the_latest_action(cohort: Cohort) -> None:
    met = _met(cohort, ([ASK], []), ([WRITE], []), ([], [("done", "That went well.")]))
    assert [f.outcome for f in follow_through(met, "A")] == ["not_mentioned", "done"]


def test_both_are_those_agreed_last(cohort: Cohort) -> None:
    more = "I will ring the site manager."
    met = _met(cohort, ([ASK], []), ([WRITE, more], []), ([], [("done", "I did both.")]))
    assert [f.latest for f in follow_through(met, "A")] == ["not_mentioned", "done", "done"]


def test_a_session_without_check_in_is_no_evidence(cohort: Cohort) -> None:
    met = _met(cohort, ([ASK], []), ([WRITE], []), ([], [("done", "I asked the porters.")]))
    second, third = met.meetings[1:3]
    assert second.session is not None
    talk = second.session.transcript
    unasked = talk.with_turns(t for t in talk.turns if t.phase != "check_in")
    session = replace(second.session, transcript=unasked)
    skipped = replace(met, meetings=(met.meetings[0], replace(second, session=session), third))
    asked, written = follow_through(skipped, "A")
    assert (asked.outcome, written.outcome) == ("done", "not_mentioned")
    before = replace(skipped, meetings=skipped.meetings[:2])
    assert follow_through(before, "A") == ()
    assert len(open_actions(before, "A")) == 2


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


def test_the_next_check_in_lies_after_the_last_session_held(cohort: Cohort) -> None:
    days = [datetime.date(2026, month, 2) for month in range(1, 6)]
    first, second = cohort.meetings
    planned = replace(second, session=None, attended=(), file="")
    meetings = (
        replace(planned, number=1, date=days[0]),
        replace(first, number=2, date=days[1]),
        replace(second, number=3, date=days[2]),
        replace(planned, number=4, date=days[3]),
        replace(planned, number=5, date=days[4]),
    )
    text = calendar(replace(cohort, meetings=meetings))
    assert "DTSTART;VALUE=DATE:20260402" in text
    # somebody was there, so it was held, though nobody kept its captions
    held = replace(meetings[3], attended=second.attended)
    text = calendar(replace(cohort, meetings=(*meetings[:3], held, meetings[4])))
    assert "DTSTART;VALUE=DATE:20260502" in text
    assert "session 5" in text


def _met(cohort: Cohort, *sessions: tuple[list[str], Sequence[tuple[Status, str]]]) -> Cohort:
    """Sessions in which one member agreed on actions and reported on those of before."""
    pattern = cohort.meetings[1]
    assert pattern.session is not None
    who = pattern.session.transcript.speakers[1].id
    return replace(
        cohort,
        meetings=tuple(
            replace(
                pattern,
                number=number,
                session=replace(
                    pattern.session,
                    actions=tuple(Action(1, who, text, None, None, 0) for text in agreed),
                    followups=tuple(FollowUp(who, what, text, None, 0) for what, text in told),
                ),
            )
            for number, (agreed, told) in enumerate(sessions, start=1)
        ),
    )

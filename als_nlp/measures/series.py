"""A cohort over its sessions: inquiry, airtime, attendance and presenting, session by session."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from als_nlp.cohort import Cohort, Meeting, presenters_so_far
from als_nlp.measures.uncertainty import Estimate


@dataclass(frozen=True, slots=True)
class Step:
    """The cohort's sessions of one number together: means over the sets that have held it.

    ``balance`` is the inquiry balance, ``questions`` and ``advice`` per session; ``gini`` how
    unevenly the participants shared the air (0 all equal); ``heard`` the share of those who could
    ask that did; ``over`` the share of the planned time that was taken. ``None`` where no session
    gives the figure. ``people`` are the ids of those who took part.
    """

    number: int
    sessions: int
    people: frozenset[str]
    balance: Estimate | None
    questions: Estimate | None
    advice: Estimate | None
    gini: float | None
    heard: float | None
    over: float | None


def series(cohort: Cohort) -> tuple[Step, ...]:
    """Session by session, in order; sessions without a file are left out."""
    numbers = sorted({m.number for m in cohort.meetings if m.session is not None})
    return tuple(
        _step(cohort, n, [m for m in cohort.meetings if m.number == n and m.session is not None])
        for n in numbers
    )


def _step(cohort: Cohort, number: int, meetings: Sequence[Meeting]) -> Step:
    sessions = [m.session for m in meetings if m.session is not None]
    heard = [
        (spoke, could) for s in sessions for _, spoke, could in s.evenness.heard_in_inquiry if could
    ]
    taken = [s.flow.duration / s.flow.planned for s in sessions if s.flow.duration]
    return Step(
        number=number,
        sessions=len(sessions),
        people=frozenset(i for m in meetings for i in participants(cohort, m)),
        balance=mean_of([s.inquiry.balance for s in sessions]),
        questions=mean_of([s.inquiry.questions for s in sessions]),
        advice=mean_of([s.inquiry.advice for s in sessions]),
        gini=_mean([s.evenness.gini for s in sessions]),
        heard=sum(a for a, _ in heard) / sum(b for _, b in heard) if heard else None,
        over=_mean(taken),
    )


def participants(cohort: Cohort, meeting: Meeting) -> tuple[str, ...]:
    """Ids of the participants who were there: as listed, or else as heard."""
    members = cohort.set_of(meeting).members
    if meeting.attended:
        return tuple(i for i in meeting.attended if i in members)
    if meeting.session is None:
        return ()
    names = [s.name for s in meeting.session.airtime if s.name and s.turns]
    return tuple(
        i for n in names if (i := cohort.id_of(n, meeting.set)) in members and i is not None
    )


def mean_of(estimates: Iterable[Estimate | None]) -> Estimate | None:
    """The mean of independent estimates; its interval from theirs, added in quadrature."""
    found = [e for e in estimates if e is not None]
    if not found:
        return None
    n = len(found)
    value = sum(e.value for e in found) / n
    below = math.sqrt(sum((e.value - e.low) ** 2 for e in found)) / n
    above = math.sqrt(sum((e.high - e.value) ** 2 for e in found)) / n
    return Estimate(value, value - below, value + above, sum(e.counted for e in found) / n)


def change(steps: Sequence[Step]) -> Estimate | None:
    """How far the inquiry balance moved from the first session to the last, with its interval."""
    found = [s.balance for s in steps if s.balance is not None]
    if len(found) < 2:
        return None
    first, last = found[0], found[-1]
    value = last.value - first.value
    below = math.hypot(last.value - last.low, first.high - first.value)
    above = math.hypot(last.high - last.value, first.value - first.low)
    return Estimate(value, value - below, value + above, value)


@dataclass(frozen=True, slots=True)
class Turns:
    """How presenting was shared out: ids of those who presented, and of those who have not yet."""

    presented: frozenset[str]
    waiting: frozenset[str]
    twice: frozenset[str]


def presenting(cohort: Cohort) -> Turns:
    """Who of the participants has presented, over all sets."""
    counts = [presenters_so_far(cohort, s.name) for s in cohort.sets]
    return Turns(
        frozenset(i for c in counts for i, n in c.items() if n),
        frozenset(i for c in counts for i, n in c.items() if not n),
        frozenset(i for c in counts for i, n in c.items() if n > 1),
    )


def attendance(cohort: Cohort) -> float | None:
    """The share of participants who were there, over the sessions held; ``None`` without any."""
    there = could = 0
    for meeting in cohort.meetings:
        found = participants(cohort, meeting)
        if found:
            there += len(found)
            could += len(cohort.set_of(meeting).members)
    return there / could if could else None


def _mean(values: Iterable[float | None]) -> float | None:
    found = [v for v in values if v is not None]
    return sum(found) / len(found) if found else None

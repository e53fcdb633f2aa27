"""Whether the sets of a cohort keep the method; what is off is said kindly, with what to do.

The numbers are those of the method: 5 to 8 people, 4 to 6 sessions, two presenters a session, no
line manager in one's own set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from als_nlp.cohort import PRESENTERS, Cohort, Set, presenters_so_far
from als_nlp.measures.airtime import shared_air

SMALLEST_SET, LARGEST_SET = 5, 8
FEWEST_SESSIONS, MOST_SESSIONS = 4, 6
A_SERIES: Final = 3
"""Sessions from which on the air of one person is looked at over time."""
LITTLE, MUCH = 0.5, 2.0
"""Of an equal share of the air."""
MANY_CYCLES: Final = 4
"""Inquiries from which on it is looked at who opens them."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is off, kindly said, and what may be done about it."""

    what: str
    do: str


def remarks(cohort: Cohort) -> tuple[Remark, ...]:
    """Where the method asks for something else than what is there; empty where all is well."""
    return tuple(
        remark
        for part in cohort.sets
        for check in (_size, _sessions, _presenting, _managers, _attendance)
        for remark in check(cohort, part)
    )


def worth_noticing(cohort: Cohort, part: Set) -> tuple[Remark, ...]:
    """Of single people of a set over its sessions: for its facilitator, and nobody else."""
    return (*_air(cohort, part), *_first(cohort, part))


def _size(cohort: Cohort, part: Set) -> Iterator[Remark]:
    count = len(part.members)
    if not SMALLEST_SET <= count <= LARGEST_SET:
        yield Remark(
            f"Set {part.name} has {count} participants; the method works best with "
            f"{SMALLEST_SET} to {LARGEST_SET}.",
            "Invite one or two more, or share the presenting out over more sessions."
            if count < SMALLEST_SET
            else "Think of two sets, each with its own facilitator.",
        )


def _sessions(cohort: Cohort, part: Set) -> Iterator[Remark]:
    meetings = cohort.meetings_of(part.name)
    if len(meetings) > MOST_SESSIONS:
        yield Remark(
            f"Set {part.name} has met {len(meetings)} times; a cohort is planned for "
            f"{FEWEST_SESSIONS} to {MOST_SESSIONS} sessions.",
            "If the set wants to go on, agree it as a new cohort with a fresh charter.",
        )
    numbers = [m.number for m in meetings]
    for missing in sorted(set(range(1, max(numbers, default=0))) - set(numbers)):
        yield Remark(
            f"Session {missing} of set {part.name} is not here.",
            f"Add its file, or a [[session]] with number = {missing} and who was there, so that "
            "follow-through is counted from the right one.",
        )
    for meeting in meetings:
        if meeting.session is None and meeting.file:
            yield Remark(
                f"The file of {meeting.title} ({meeting.file}) could not be found.",
                "Put it beside cohort.toml, or mend the name there.",
            )


def _presenting(cohort: Cohort, part: Set) -> Iterator[Remark]:
    for meeting in cohort.meetings_of(part.name):
        if meeting.session is not None and len(meeting.presented) != PRESENTERS:
            said = {0: "nobody", 1: "one person"}.get(
                len(meeting.presented), f"{len(meeting.presented)} people"
            )
            yield Remark(
                f"In {meeting.title}, {said} presented; two cycles make a session.",
                "If the captions miss a part, add it and analyse the session again; else find a "
                "time for the other cycle.",
            )
    counts = presenters_so_far(cohort, part.name)
    waiting = [i for i, n in counts.items() if n == 0]
    again = [i for i, n in counts.items() if n > 1]
    left = FEWEST_SESSIONS - len(cohort.meetings_of(part.name))
    if waiting and again:
        yield Remark(
            f"{_names(cohort, again)} presented more than once while {_names(cohort, waiting)} "
            "have not yet presented."
            if len(waiting) > 1
            else f"{_names(cohort, again)} presented more than once while "
            f"{_names(cohort, waiting)} has not yet presented.",
            "Offer the next cycles to those who are still to come; passing is fine.",
        )
    elif waiting and left <= 0:
        yield Remark(
            f"{_names(cohort, waiting)} {'has' if len(waiting) == 1 else 'have'} not presented.",
            "Offer a further session, or ask if they would rather not; passing is fine.",
        )


def _managers(cohort: Cohort, part: Set) -> Iterator[Remark]:
    there = {*part.members, part.facilitator}
    for id in part.members:
        manager = cohort.member(id).manager
        if manager and manager in there:
            yield Remark(
                f"{_names(cohort, [id])} and their line manager {_names(cohort, [manager])} are "
                f"both in set {part.name}.",
                "Move one of them to another set: it is hard to be open in front of one's manager.",
            )


def _attendance(cohort: Cohort, part: Set) -> Iterator[Remark]:
    for meeting in cohort.meetings_of(part.name):
        if not meeting.attended:
            continue
        strangers = [i for i in meeting.attended if i not in (*part.members, part.facilitator)]
        participants = [i for i in meeting.attended if i in part.members]
        if len(participants) < SMALLEST_SET - 1:
            yield Remark(
                f"{_how_many(len(participants))} at {meeting.title}.",
                "With so few, one cycle and more silence may serve better than two.",
            )
        if strangers and any(cohort.member(i).facilitator for i in strangers):
            yield Remark(
                f"{_names(cohort, strangers)} stood in at {meeting.title}.",
                "Keep it in mind when you compare sessions.",
            )


def _air(cohort: Cohort, part: Set) -> Iterator[Remark]:
    """Who had little or much of the shared air in every session they were at."""
    shares: dict[str, list[float]] = {}
    for meeting in cohort.meetings_of(part.name):
        if meeting.session is None:
            continue
        transcript = meeting.session.transcript
        amounts = shared_air(transcript, meeting.session.flow)
        total = sum(amounts.values())
        for speaker, amount in amounts.items():
            id = cohort.id_of(transcript.speaker(speaker).name or "", part.name)
            if id in part.members and id is not None and amount and total:
                shares.setdefault(id, []).append(amount / total * len(amounts))
    often = {id: each for id, each in shares.items() if len(each) >= A_SERIES}
    for id in (i for i, each in often.items() if max(each) < LITTLE):
        yield Remark(
            f"{_names(cohort, [id])} has had less than half an equal share of the air in each of "
            f"{len(often[id])} sessions, presenting left out.",
            "Ask privately how they like to take part: a round, time to think or the chat may "
            "help. Being quiet can also be a choice.",
        )
    for id in (i for i, each in often.items() if min(each) > MUCH):
        yield Remark(
            f"{_names(cohort, [id])} has had more than twice an equal share of the air in each of "
            f"{len(often[id])} sessions, presenting left out.",
            "Agree with the whole set how it shares the air, for instance a round before open "
            "inquiry.",
        )


def _first(cohort: Cohort, part: Set) -> Iterator[Remark]:
    """Whether one person opens most inquiries: the part of who goes first should go round."""
    opened: Counter[str] = Counter()
    for meeting in cohort.meetings_of(part.name):
        if meeting.session is None:
            continue
        transcript = meeting.session.transcript
        for cycle, presenter in meeting.session.flow.presenters:
            asked = (
                transcript.speaker(t.speaker).name or ""
                for t in transcript.turns
                if (t.phase, t.cycle) == ("inquiry", cycle) and t.speaker not in (None, presenter)
                if any(s.label == "question" for s in t.segments)
            )
            ids = (cohort.id_of(name, part.name) for name in asked)
            opened.update([i for i in ids if i in part.members][:1])
    total = opened.total()
    for id, count in opened.most_common(1):
        if total >= MANY_CYCLES and count > total / 2:
            yield Remark(
                f"{_names(cohort, [id])} asked first in {count} of {total} inquiries.",
                "Invite somebody else to open the next one, so that the part goes round.",
            )


def _how_many(participants: int) -> str:
    return "1 participant was" if participants == 1 else f"{participants} participants were"


def _names(cohort: Cohort, ids: Sequence[str]) -> str:
    names = [cohort.member(i).name for i in ids]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

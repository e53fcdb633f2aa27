"""For one facilitator alone: their sessions over time, and moments to code together in a huddle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from als_nlp import __version__
from als_nlp.cohort import Cohort, Meeting, Set
from als_nlp.errors import InputError
from als_nlp.measures.method import worth_noticing
from als_nlp.name_key import name_key
from als_nlp.pipeline import anonymise
from als_nlp.privacy.anonymise import StandIns
from als_nlp.reports.next_step import next_step
from als_nlp.reports.pages import page
from als_nlp.reports.wording import minutes, percent
from als_nlp.session import Session
from als_nlp.transcript import Kind, Transcript

MOMENTS: Final = 10
BEFORE: Final = 2
"""Segments shown before a moment."""
MEANINGS: Final[dict[str, str]] = {
    "open": "question, open",
    "closed": "question, closed",
    "direct": "advice",
    "disguised": "advice dressed as a question",
    "experience": "advice from experience",
    "reflection": "giving back",
    "other": "something else",
}
"""What a huddle chooses from."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One session of a facilitator's."""

    title: str
    inquiry: str
    own_share: str
    time: str
    tried_next: str


def log(cohort: Cohort, facilitator: str) -> list[LogLine]:
    """The sessions that somebody facilitated, in order.

    Args:
        cohort: with its sessions.
        facilitator: their name or id.

    Raises:
        InputError: if this is no facilitator of the cohort.
    """
    sets = {s.name for s in _led_by(cohort, facilitator)}
    return [_line(m, m.session) for m in cohort.meetings if m.set in sets and m.session is not None]


def _led_by(cohort: Cohort, facilitator: str) -> list[Set]:
    ids = {s.facilitator for s in cohort.sets if s.facilitator}
    wanted = name_key(facilitator)
    found = [i for i in ids if wanted in (name_key(i), *cohort.member(i).person.keys)]
    if not found:
        names = ", ".join(sorted(cohort.member(i).name for i in ids)) or "nobody is named"
        raise InputError(f"'{facilitator}' facilitates no set of this cohort: {names}.")
    return [s for s in cohort.sets if s.facilitator == found[0]]


def _line(meeting: Meeting, session: Session) -> LogLine:
    balance, flow = session.inquiry.balance, session.flow
    inquiry = "not known"
    if balance is not None:
        low, high = round(100 * balance.low), round(100 * balance.high)
        inquiry = f"{percent(balance.value)} (between {low} and {high})"
    own = next((p.share for p in session.airtime if p.role == "facilitator"), None)
    time = "no times in the file"
    if flow.duration is not None:
        time = f"{minutes(flow.duration)} of {minutes(flow.planned)}"
    when = f", {meeting.date:%d %B %Y}" if meeting.date else ""
    return LogLine(
        f"{meeting.title[:1].upper()}{meeting.title[1:]}{when}",
        inquiry,
        "not known" if own is None else percent(own),
        time,
        next_step(session).try_this,
    )


def log_page(cohort: Cohort, facilitator: str) -> str:
    """The improvement log as a page; for that facilitator alone."""
    led = _led_by(cohort, facilitator)
    noticed = [r for part in led for r in worth_noticing(cohort, part)]
    return page(
        "facilitator.html", name=facilitator, lines=log(cohort, facilitator), noticed=noticed,
        version=__version__,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HuddleMoment:
    """Something to code together: what was said before, who spoke, the words, what was tagged."""

    before: tuple[str, ...]
    speaker: str
    text: str
    tagged: str


def huddle(cohort: Cohort, *, moments: int = MOMENTS) -> list[HuddleMoment]:
    """Anonymised moments of a cohort to code together: all kinds, the hard ones first.

    Raises:
        InputError: if the cohort has no session.
    """
    stand_ins = StandIns()
    people = [m.person for m in cohort.members]
    found: list[tuple[float, str, HuddleMoment]] = []
    for meeting in cohort.meetings:
        if meeting.session is not None:
            clean = anonymise(meeting.session.transcript, people=people, stand_ins=stand_ins)
            found += list(_moments(clean.transcript))
    if not found:
        raise InputError("There is no session to take moments from.")
    return _mixed(found, moments)


def _moments(transcript: Transcript) -> Iterator[tuple[float, str, HuddleMoment]]:
    names = {s.id: s.name or "Somebody" for s in transcript.speakers}
    said: list[str] = []
    for turn in transcript.turns:
        who = names.get(turn.speaker or "", "Somebody")
        for segment in turn.segments:
            tagged = _choice(segment.kind)
            long_enough = 5 <= len(segment.words) <= 40
            if turn.phase == "inquiry" and long_enough and segment.probability is not None:
                moment = HuddleMoment(tuple(said[-BEFORE:]), who, segment.text, tagged)
                yield segment.probability, tagged, moment
            said.append(f"{who}: {segment.text}")


def _choice(kind: Kind | None) -> str:
    return str(kind) if kind in MEANINGS else "other"


def _mixed(found: Sequence[tuple[float, str, HuddleMoment]], most: int) -> list[HuddleMoment]:
    """The least sure of each kind in turn, so that all kinds are there."""
    by_kind: dict[str, list[HuddleMoment]] = {kind: [] for kind in MEANINGS}
    for _, kind, moment in sorted(found, key=lambda f: (f[0], f[2].text)):
        by_kind[kind].append(moment)
    out: list[HuddleMoment] = []
    while len(out) < most and any(by_kind.values()):
        for waiting in by_kind.values():
            if waiting and len(out) < most:
                out.append(waiting.pop(0))
    return out


def huddle_page(cohort: Cohort) -> str:
    """A page to code moments together; it computes how far the coders agree."""
    return page(
        "huddle.html", moments=huddle(cohort), meanings=MEANINGS, version=__version__,
        coders=("A", "B", "C", "D", "E", "F"),
    )  # fmt: skip

"""What the feedback report says, in sentences. What may be said has been decided before."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from als_nlp.measures.followthrough import Outcome, rate
from als_nlp.measures.series import Step, Turns, change
from als_nlp.measures.uncertainty import Estimate
from als_nlp.privacy.disclosure import Limits
from als_nlp.privacy.release import OTHER
from als_nlp.reports.wording import listing, number, plural, share

OUTCOME_WORDS: Final[Mapping[Outcome, str]] = {
    "done": "done",
    "partly": "partly done",
    "not_done": "not done yet",
    "not_mentioned": "not mentioned again",
}
AUDIENCE_WORDS: Final = {
    "set": "the set itself",
    "cohort": "the programme lead",
    "programme": "those who read across cohorts",
    "published": "everybody",
}


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme that may be shown: how many people stand behind it, and what they said."""

    id: str
    name: str
    about: str
    people: str
    count: int
    quotation: str = ""
    stability: float | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A role group beside others: people, inquiry balance, actions done or partly done."""

    name: str
    people: str
    balance: str
    done: str


def people(ids: Collection[str], limits: Limits) -> str:
    """``6 people``; rounded if it goes outside; ``fewer than eight people`` below the limit."""
    count = len(set(ids))
    if not limits.enough(ids):
        return f"fewer than {number(limits.least)} people"
    if limits.audience == "published":
        return f"about {limits.shown(count)} people"
    return plural(count, "person", "people")


def months(dates: Iterable[datetime.date | None]) -> str:
    """``, March 2026 to June 2026``; empty without dates."""
    known = sorted(d for d in dates if d is not None)
    if not known:
        return ""
    first, last = (f"{d:%B %Y}" for d in (known[0], known[-1]))
    return f", {first}" if first == last else f", {first} to {last}"


def opening(
    brought: int | None, themes: Sequence[ThemeLine], steps: Sequence[Step], tried: Estimate | None,
    limits: Limits,
) -> tuple[str, ...]:  # fmt: skip
    """The few sentences for those who read no further.

    Args:
        brought: how many challenges there were, if that may be shown.
        themes: those that may be shown, those with most people first.
        steps: the sessions that may be shown.
        tried: the share of actions done or partly done, if it may be shown.
    """
    told = [t for t in themes if t.id != OTHER][:3]
    said = listing([f"{low(t.name)} ({t.people} people)" for t in told])
    out = []
    if told and limits.audience == "published":
        out = [f"What most people struggled with: {said}, to the nearest 5."]
    elif told and brought is not None:
        out = [
            f"Of {plural(brought, 'challenge')} brought, what most people struggled with: {said}."
        ]
    elif told:
        out = [f"What most people struggled with: {said}."]
    elif brought is not None:
        out = [f"{limits.shown(brought)} challenges were brought."]
    balances = [s.balance for s in steps if s.balance is not None]
    if balances:
        out.append(_inquiry(steps, balances))
    if tried is not None:
        out.append(
            f"Of what was agreed and could be followed up, {share(tried)} was done or partly done "
            "by the next session; what was not mentioned again counts as neither."
        )
    return tuple(out) or ("Too few people stand behind the figures for any to be shown.",)


def _inquiry(steps: Sequence[Step], balances: Sequence[Estimate]) -> str:
    first, last, moved = balances[0], balances[-1], change(steps)
    if moved is None:
        return f"Of all that was offered to presenters, {share(first)} was inquiry."
    said = (
        f"Of all that was offered to presenters, {share(first)} was inquiry in the first session "
        f"and {share(last)} in the last"
    )
    if moved.low > 0:
        return f"{said}: the sets asked more and told less as they went on."
    if moved.high < 0:
        return f"{said}: there was more telling towards the end."
    return f"{said}; the difference is within what the method can tell."


def worked(
    turns: Turns, attendance: float | None, there: Collection[str], missed: Collection[str],
    steps: Sequence[Step], limits: Limits,
) -> tuple[str, ...]:  # fmt: skip
    """How the sets worked: presenting, attendance, airtime, time.

    Args:
        turns: who has presented and who has not yet.
        attendance: the share of places that were taken.
        there: who has been at a session.
        missed: who has missed one.
        steps: the sessions that may be shown.
        limits: how many people must stand behind anything.
    """
    out = [*_presented(turns, limits), *_attended(attendance, there, missed, limits)]
    heard = _mean([s.heard for s in steps])
    if heard is not None:
        out.append(
            "In every inquiry, everybody who could ask was heard."
            if heard > 0.999
            else f"Of those who could ask in an inquiry, {round(100 * heard)} % were heard."
        )
    gini = _mean([s.gini for s in steps])
    if gini is not None:
        out.append(_evenly(gini))
    over = _mean([s.over for s in steps])
    if over is not None:
        out.append(f"Sessions took {round(100 * over)} % of the time planned, on average.")
    return tuple(out)


def _attended(
    attendance: float | None, there: Collection[str], missed: Collection[str], limits: Limits
) -> list[str]:
    if attendance is None or not limits.enough(there):
        return []
    if limits.apart(there, missed):
        return [f"Of all places in the sessions, {limits.percent(attendance)} % were taken."]
    return ["A few people missed a session; as they are few, it is not shown how often."]


def _presented(turns: Turns, limits: Limits) -> list[str]:
    if not turns.presented or not limits.enough(turns.presented | turns.waiting):
        return []
    if not turns.waiting:
        return ["Everybody has presented."]
    if limits.apart(turns.presented, turns.waiting):
        have, wait = people(turns.presented, limits), people(turns.waiting, limits)
        return [f"{have} have presented and {wait} have not yet.".capitalize()]
    if len(turns.waiting) < len(turns.presented):
        return ["Most have presented, a few have not yet."]
    return ["A few have presented; most have not yet."]


def _evenly(gini: float) -> str:
    """The Gini of airtime in words; what is even enough is for the set to say."""
    if gini < 0.2:
        return "Apart from presenting, the participants shared the talking time evenly."
    if gini < 0.35:
        return "Apart from presenting, the participants shared the talking time fairly evenly."
    return "Apart from presenting, the talking time was shared unevenly among the participants."


def followed_up(count: int, tried: Estimate, limits: Limits) -> str:
    """How much of what was agreed was done, with its interval."""
    said = (
        f"{limits.shown(count)} actions could be followed up at the next check-in: {share(tried)} "
        f"done or partly done (between {round(100 * tried.low)} and {round(100 * tried.high)} %, "
        "nine times in ten); what was not mentioned again counts as neither."
    )
    return said.capitalize()


def share_of(done: int, rest: int, limits: Limits) -> Estimate | None:
    """The share of what was done, with its interval; from rounded counts if it goes outside.

    Value and interval together tell the very counts that they were made from.
    """
    counts: dict[Outcome, int] = {"done": limits.rounded(done), "not_done": limits.rounded(rest)}
    return rate(outcome for outcome, count in counts.items() for _ in range(count))


def between(estimate: Estimate | None) -> str:
    """``62 % (50 to 74)`` for tables."""
    if estimate is None:
        return "not shown"
    value, low, high = (round(100 * x) for x in (estimate.value, estimate.low, estimate.high))
    return f"{value} % ({low} to {high})"


def method(limits: Limits) -> tuple[str, ...]:
    """How the report was made, and what it cannot tell."""
    least, audience = limits.least, AUDIENCE_WORDS[limits.audience]
    limit = f"Figures for {audience} are shown only if {number(least)} or more people stand "
    limit += "behind them."
    if limits.audience == "published":
        limit += " Counts of people and actions are rounded to the nearest 5."
    if limits.reason:
        limit += f" This limit was lowered because: {limits.reason}"
    return (
        "Challenges are the presenters’ own sentences, with names, places, numbers and rare "
        "roles taken out by program. No program finds everything: please report what still "
        "points at somebody.",
        "Themes were given by program: a guide to where to look, not a count of facts. How "
        "often it is right is in the project’s documentation.",
        "Questions and advice were counted by program and put right with the errors it made on "
        "invented sessions; lines and “give or take” show how far a figure could be off, nine "
        "times in ten.",
        limit,
        "Nothing here says how anybody did. Silence in a session is not a lack of interest, "
        "and few sessions tell little about a programme.",
    )


def low(name: str) -> str:
    """A name in the middle of a sentence."""
    return name[:1].lower() + name[1:]


def _mean(values: Iterable[float | None]) -> float | None:
    found = [v for v in values if v is not None]
    return sum(found) / len(found) if found else None

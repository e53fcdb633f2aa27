"""What became of what was agreed: actions of one session beside the reports of the next ones."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from als_nlp.cohort import Cohort, Meeting
from als_nlp.measures.actions import Action, FollowUp
from als_nlp.measures.uncertainty import Estimate
from als_nlp.transcript import Status

Outcome = Literal["done", "partly", "not_done", "not_mentioned"]
Likeness = Callable[[str, str], float]
"""How much two texts are about the same thing, 0 to 1."""
_WORD: Final = re.compile(r"[a-z][a-z'’]{3,}")
_COMMON: Final = frozenset(
    "that this with from they them then there their about would could should have will going gonna "
    "just before after because what when which were been said says tell told some into over want "
    "next week month friday monday tuesday wednesday thursday session make really think".split()
)

_ALL: Final = re.compile(r"\b(?:both|all of (?:it|them)|the two|everything)\b", re.I)


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """One action, in which session it was agreed, and what was reported of it, if anything.

    ``owner`` is a member's id, ``None`` where nobody knows whose action it is. ``outcome`` is what
    the next check-in said, which is what follow-through is measured by; ``latest`` is what was last
    said at any, in ``report`` at ``reported_in``.
    """

    meeting: Meeting
    owner: str | None
    action: Action
    outcome: Outcome = "not_mentioned"
    latest: Outcome = "not_mentioned"
    report: FollowUp | None = None
    reported_in: Meeting | None = None


def follow_through(
    cohort: Cohort, name: str, *, likeness: Likeness | None = None
) -> tuple[FollowThrough, ...]:
    """Every action of one set with what became of it, in order.

    Reports are matched with their owner's open actions, by meaning where there are several; of
    equally likely ones with the latest. Actions that no check-in has followed have had no chance to
    be reported and are left out.
    """
    return _followed(cohort, name, likeness or shared_words)[0]


def open_actions(cohort: Cohort, name: str) -> tuple[FollowThrough, ...]:
    """Actions to ask after at the next check-in: all that were not last said to be done."""
    asked, fresh = _followed(cohort, name, shared_words)
    return (*(f for f in asked if f.latest != "done"), *fresh)


def _followed(
    cohort: Cohort, name: str, alike: Likeness
) -> tuple[tuple[FollowThrough, ...], tuple[FollowThrough, ...]]:
    """Actions that a check-in has followed, and those that none has followed yet."""
    asked: tuple[FollowThrough, ...] = ()
    fresh: tuple[FollowThrough, ...] = ()
    for meeting in cohort.meetings_of(name):
        if meeting.session is None:
            continue
        # without a check-in, silence about an action says nothing
        if any(turn.phase == "check_in" for turn in meeting.session.transcript.turns):
            heard = _heard(cohort, meeting, (*asked, *fresh), alike)
            first = (replace(f, outcome=f.latest) for f in heard[len(asked) :])
            asked, fresh = (*heard[: len(asked)], *first), ()
        fresh += tuple(
            FollowThrough(meeting, _member(cohort, meeting, action.owner), action)
            for action in meeting.session.actions
        )
    return asked, fresh


def _heard(
    cohort: Cohort, meeting: Meeting, followed: Sequence[FollowThrough], alike: Likeness
) -> list[FollowThrough]:
    """The same actions after the check-in of a meeting."""
    assert meeting.session is not None
    out = list(followed)
    reports: dict[str | None, list[FollowUp]] = {}
    for report in meeting.session.followups:
        reports.setdefault(_member(cohort, meeting, report.owner), []).append(report)
    reports.pop(None, None)
    for owner, said in reports.items():
        still = [n for n, f in enumerate(out) if f.owner == owner and f.latest != "done"]
        # the latest meeting first, so that it wins where meaning does not tell
        still.sort(key=lambda n: -out[n].meeting.number)
        for n, found in zip(still, _shared_out([out[n] for n in still], said, alike), strict=True):
            if found:
                out[n] = replace(
                    out[n],
                    latest=together([f.status for f in found]),
                    report=found[0],
                    reported_in=meeting,
                )
    return out


def _member(cohort: Cohort, meeting: Meeting, speaker: str | None) -> str | None:
    if speaker is None or meeting.session is None:
        return None
    name = meeting.session.transcript.speaker(speaker).name
    return cohort.id_of(name, meeting.set) if name else None


def _shared_out(
    followed: Sequence[FollowThrough], reports: Sequence[FollowUp], alike: Likeness
) -> list[list[FollowUp]]:
    """Each report goes to the action that it is most like; one action takes all."""
    if len(followed) < 2:
        return [list(reports) for _ in followed]
    if len(reports) == 1 and _ALL.search(reports[0].text):
        # "both" are those agreed last, not what is left from before
        last = followed[0].meeting.number
        return [list(reports) if f.meeting.number == last else [] for f in followed]
    out: list[list[FollowUp]] = [[] for _ in followed]
    texts = [f.action.text for f in followed]
    for report in sorted(reports, key=lambda r: -max(alike(t, r.text) for t in texts)):
        scores = [alike(t, report.text) - 0.5 * len(o) for t, o in zip(texts, out, strict=True)]
        out[scores.index(max(scores))].append(report)
    return out


def together(statuses: Sequence[Status]) -> Outcome:
    """Several reports on one action as one: mixed ones are ``partly``."""
    if not statuses:
        return "not_mentioned"
    return statuses[0] if len(set(statuses)) == 1 else "partly"


def shared_words(a: str, b: str) -> float:
    """Likeness by telling words that two texts share, by their beginnings (Dice)."""
    left, right = ({_stem(w) for w in _WORD.findall(t.lower())} - _COMMON for t in (a, b))
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def _stem(word: str) -> str:
    return word if word in _COMMON else word[:5]


def rate(outcomes: Iterable[Outcome], wanted: Sequence[Outcome] = ("done",)) -> Estimate | None:
    """The share of outcomes, with a 90 % interval (Wilson 1927); ``None`` for no outcome."""
    found = list(outcomes)
    if not found:
        return None
    n, hits, z = len(found), sum(o in wanted for o in found), 1.6449
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    spread = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Estimate(share, max(0.0, middle - spread), min(1.0, middle + spread), hits)

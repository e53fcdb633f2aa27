"""What became of what was agreed: actions of one session beside the reports of the next ones."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
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


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """One action, in which session it was agreed, and what was reported of it, if anything.

    ``owner`` is a member's id, ``None`` where nobody knows whose action it is.
    """

    meeting: Meeting
    owner: str | None
    action: Action
    outcome: Outcome
    report: FollowUp | None
    reported_in: Meeting | None


def follow_through(
    cohort: Cohort, name: str, *, likeness: Likeness | None = None
) -> tuple[FollowThrough, ...]:
    """Every action of one set with what became of it, in order.

    Reports are matched with their owner's latest open actions, by meaning where there are several.
    Actions of the last session have had no chance to be reported and are left out.
    """
    alike = likeness or shared_words
    meetings = [m for m in cohort.meetings_of(name) if m.session is not None]
    out: list[FollowThrough] = []
    for meeting, following in pairwise(meetings):
        assert meeting.session is not None and following.session is not None
        reports: dict[str | None, list[FollowUp]] = {}
        for report in following.session.followups:
            reports.setdefault(_member(cohort, following, report.owner), []).append(report)
        owned: dict[str | None, list[Action]] = {}
        for action in meeting.session.actions:
            owned.setdefault(_member(cohort, meeting, action.owner), []).append(action)
        for owner, actions in owned.items():
            said = reports.get(owner, []) if owner is not None else []
            for action, found in zip(actions, _shared_out(actions, said, alike), strict=True):
                outcome: Outcome = together([f.status for f in found])
                out.append(
                    FollowThrough(
                        meeting, owner, action, outcome,
                        found[0] if found else None, following if found else None,
                    )
                )  # fmt: skip
    return tuple(out)


def open_actions(cohort: Cohort, name: str) -> tuple[FollowThrough, ...]:
    """Actions to ask after at the next check-in: those of the last session, and before that those

    not done, done in part, or not mentioned.
    """
    meetings = [m for m in cohort.meetings_of(name) if m.session is not None]
    earlier = [f for f in follow_through(cohort, name) if f.outcome != "done"]
    if not meetings or meetings[-1].session is None:
        return tuple(earlier)
    last = meetings[-1]
    assert last.session is not None
    fresh = [
        FollowThrough(last, _member(cohort, last, a.owner), a, "not_mentioned", None, None)
        for a in last.session.actions
    ]
    return (*earlier, *fresh)


def _member(cohort: Cohort, meeting: Meeting, speaker: str | None) -> str | None:
    if speaker is None or meeting.session is None:
        return None
    name = meeting.session.transcript.speaker(speaker).name
    return cohort.id_of(name, meeting.set) if name else None


def _shared_out(
    actions: Sequence[Action], reports: Sequence[FollowUp], alike: Likeness
) -> list[list[FollowUp]]:
    """Each report goes to the action that it is most like; one action takes all."""
    out: list[list[FollowUp]] = [[] for _ in actions]
    if len(actions) == 1:
        out[0] = list(reports)
        return out
    for report in sorted(reports, key=lambda r: -max(alike(a.text, r.text) for a in actions)):
        scores = [
            alike(a.text, report.text) - 0.5 * len(o) for a, o in zip(actions, out, strict=True)
        ]
        out[scores.index(max(scores))].append(report)
    if len(reports) == 1 and re.search(r"\b(?:both|all of (?:it|them)|the two|everything)\b",
                                       reports[0].text, re.I):  # fmt: skip
        return [list(reports) for _ in actions]
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

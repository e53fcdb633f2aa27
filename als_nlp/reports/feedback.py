"""The feedback report: what to say of a cohort to those who were not there.

Everything here has passed the limits on small numbers; nothing names anybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from als_nlp import __version__
from als_nlp.gather import Gathered
from als_nlp.measures.followthrough import FollowThrough, Outcome, rate
from als_nlp.measures.series import Step, change
from als_nlp.measures.uncertainty import Estimate
from als_nlp.models.challenge_encoder import load_challenge_encoder
from als_nlp.models.tagger import load_tagger
from als_nlp.privacy.disclosure import Cell, Ledger, Limits, releasable
from als_nlp.privacy.quotable import quotable
from als_nlp.privacy.release import BESIDE_EARLIER, OTHER, Shown, release
from als_nlp.reports import cohort_charts
from als_nlp.reports.drawing import Chart
from als_nlp.reports.pages import page
from als_nlp.reports.wording import listing, number, plural, share
from als_nlp.themes.find import FoundTheme
from als_nlp.themes.known import Theme

SCHEMA: Final = "als-nlp/cohort/1"
MOST_QUESTIONS: Final = 4
TELLING: Final = 0.5
"""Likeness to the challenges of a theme that a sentence needs to be quoted for it."""
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


@dataclass(frozen=True, slots=True)
class Feedback:
    """All that the report says, in the order it says it."""

    title: str
    about: str
    opening: tuple[str, ...]
    themes: tuple[ThemeLine, ...]
    themes_chart: Chart | None
    withheld: tuple[str, ...]
    series_chart: Chart | None
    worked: tuple[str, ...]
    followed_chart: Chart | None
    followed: tuple[str, ...]
    groups: tuple[GroupLine, ...]
    questions: tuple[tuple[str, str], ...]
    method: tuple[str, ...]
    figures: dict[str, Any]
    version: str = __version__


def feedback(
    gathered: Gathered,
    known: Sequence[Theme],
    limits: Limits,
    *,
    ledger: Ledger | None = None,
    quotations: bool = True,
    groups: Mapping[str, Gathered] | None = None,
) -> Feedback:
    """Decide what may be said of a cohort, and say it.

    Args:
        gathered: everything of the cohort.
        known: the themes that were looked for, for what they are about.
        limits: how many people must stand behind anything.
        ledger: what has been issued before; what is said now is noted in it.
        quotations: whether sentences may be quoted at all.
        groups: the same for each role group, to be put beside one another.
    """
    return _Teller(gathered, known, limits, ledger or Ledger(""), quotations, groups or {}).all()


class _Teller:
    def __init__(
        self, gathered: Gathered, known: Sequence[Theme], limits: Limits, ledger: Ledger,
        quotations: bool, groups: Mapping[str, Gathered],
    ) -> None:  # fmt: skip
        self.g, self.limits, self.ledger, self.groups = gathered, limits, ledger, groups
        self.known = {t.id: t for t in known}
        self.quotations = quotations
        self.everybody = frozenset(i for s in gathered.cohort.sets for i in s.members)
        self.withheld: list[str] = []

    def all(self) -> Feedback:
        cohort = self.g.cohort
        themes = self.themes()
        steps = [s for s in self.g.steps if self.enough(s.people)]
        if len(steps) < len(self.g.steps):
            self.withheld.append(
                "Sessions that too few people attended are left out of the series."
            )
        followed_chart, followed = self.followed()
        worked = self.worked(steps)
        held = sum(m.session is not None for m in cohort.meetings)
        about = (
            f"{self.people(self.everybody)} in {plural(len(cohort.sets), 'set')}, "
            f"{plural(held, 'session')}{self.dates()}. Written for "
            f"{AUDIENCE_WORDS[self.limits.audience]}; nobody is named."
        )
        groups = self.group_lines()
        return Feedback(
            title=f"What the cohort worked on: {cohort.name}",
            about=about[:1].upper() + about[1:],
            opening=tuple(self.opening(themes, steps)),
            themes=tuple(themes),
            themes_chart=cohort_charts.themes(themes) if len(themes) > 1 else None,
            series_chart=cohort_charts.series(steps) if len(steps) > 1 else None,
            worked=tuple(worked),
            followed_chart=followed_chart,
            followed=tuple(followed),
            groups=tuple(groups),
            questions=tuple(
                (self.known[part].name, self.known[part].question)
                for t in themes
                for part in t.parts
                if part in self.known and self.known[part].question
            )[:MOST_QUESTIONS],
            withheld=tuple(self.withheld),
            method=tuple(self.method()),
            figures=self.figures(themes, steps),
        )

    def enough(self, people: Iterable[str]) -> bool:
        return len(set(people)) >= self.limits.least

    def people(self, ids: Iterable[str]) -> str:
        count = len(set(ids))
        if self.limits.audience == "published":
            return f"about {self.limits.shown(count)} people"
        return plural(count, "person", "people")

    def dates(self) -> str:
        dates = sorted(m.date for m in self.g.cohort.meetings if m.date is not None)
        if not dates:
            return ""
        first, last = (f"{d:%B %Y}" for d in (dates[0], dates[-1]))
        return f", {first}" if first == last else f", {first} to {last}"

    def themes(self) -> list[ThemeLine]:
        """What may be shown: themes, then what is left of a family, then the rest together."""
        found = {t.id: t for t in self.g.themes.themes}
        presenters = [b.presenter for b in self.g.brought]
        cells = [
            Cell(t.id, frozenset(p for n in t.items if (p := presenters[n]) is not None))
            for t in found.values()
        ]
        placed = zip(presenters, self.g.themes.placed, strict=True)
        alone = frozenset(who for who, p in placed if p.theme is None and who is not None)
        families = {t: self.known[t].family for t in found if t in self.known}
        families = {t: family for t, family in families.items() if family}
        released = release(cells, families, alone, self.limits, self.ledger)
        self.withheld += released.withheld
        lines = [self.theme_line(s, found) for s in released.shown]
        return sorted(lines, key=lambda t: (t.id == OTHER, -t.count, t.name))

    def may(self, figure: str, people: frozenset[str], group: frozenset[str]) -> bool:
        """Whether enough people stand behind a figure, and no earlier report gives it away."""
        if not self.enough(people):
            return False
        if self.ledger.allows(figure, people, group, self.limits):
            return True
        self.withheld.append(BESIDE_EARLIER)
        return False

    def theme_line(self, shown: Shown, found: Mapping[str, FoundTheme]) -> ThemeLine:
        cell = shown.cell
        count, said = len(cell.people), self.limits.shown(len(cell.people))
        if cell.name == OTHER:
            about = "Each of them brought by too few people to be told apart."
            return ThemeLine(OTHER, "Other challenges", about, said, count)
        quotation = self.quotation([i for n in shown.parts for i in found[n].items])
        if cell.name not in found:
            names = listing(sorted(_low(found[n].name) for n in shown.parts))
            about = f"Taken together, as few people stand behind each: {names}."
            return ThemeLine(cell.name, cell.name, about, said, count, quotation, parts=shown.parts)
        theme, known = found[cell.name], self.known.get(cell.name)
        about = known.about if known else f"In their words: {listing(theme.phrases)}."
        return ThemeLine(
            theme.id, theme.name, about, said, count, quotation, theme.stability, shown.parts
        )

    def quotation(self, items: Sequence[int]) -> str:
        """The sentence nearest to what the challenges have in common that can be quoted, if any."""
        if not self.quotations:
            return ""
        known = load_tagger().knows
        said = [s for i in items for s in self.g.brought[i].sentences]
        sentences = [s for s in said if quotable(s, known)]
        if not sentences:
            return ""
        encoder = load_challenge_encoder()
        middle = encoder.encode([self.g.brought[i].story for i in items]).mean(0)
        near = encoder.encode(sentences) @ middle
        return sentences[int(near.argmax())] if near.max() >= TELLING else ""

    def opening(self, themes: Sequence[ThemeLine], steps: Sequence[Step]) -> list[str]:
        brought = len(self.g.brought)
        told = [t for t in themes if t.id != OTHER][:3]
        out = []
        if told:
            said = listing([f"{_low(t.name)} ({t.people})" for t in told])
            out.append(
                f"Of {plural(brought, 'challenge')} brought, what most people struggled with: "
                f"{said}, counting people."
                if self.limits.audience != "published"
                else f"What most people struggled with: {said}, counting people to the nearest 5."
            )
        else:
            out.append(f"{plural(brought, 'challenge')} were brought.".capitalize())
        balances = [s.balance for s in steps if s.balance is not None]
        if balances:
            out.append(self.inquiry_sentence(steps, balances))
        tried = self.outcomes()
        if tried is not None:
            out.append(
                f"Of what was agreed and could be followed up, {share(tried)}, was done or partly "
                "done by the next session."
            )
        return out

    def inquiry_sentence(self, steps: Sequence[Step], balances: Sequence[Estimate]) -> str:
        first, last, moved = balances[0], balances[-1], change(steps)
        if moved is None:
            return f"Of all that was offered to presenters, {share(first)}, was inquiry."
        said = (
            f"Of all that was offered to presenters, {share(first)}, was inquiry in the first "
            f"session and {share(last)}, in the last"
        )
        if moved.low > 0:
            return f"{said}: the sets asked more and told less as they went on."
        if moved.high < 0:
            return f"{said}: there was more telling towards the end."
        return f"{said}; the difference is within what the method can tell."

    def outcomes(self) -> Estimate | None:
        """The share of actions done or partly done, if enough people stand behind them."""
        counted = [f for f in self.g.followed if f.owner is not None]
        if not self.enough(f.owner or "" for f in counted):
            return None
        return rate([f.outcome for f in counted], ("done", "partly"))

    def worked(self, steps: Sequence[Step]) -> list[str]:
        out = []
        turns = self.g.turns
        if turns.presented and not turns.waiting:
            out.append("Everybody has presented.")
        elif self.enough(turns.waiting) and self.enough(turns.presented):
            out.append(
                f"{self.people(turns.presented)} have presented and "
                f"{self.people(turns.waiting)} have not yet.".capitalize()
            )
        elif turns.waiting and turns.presented:
            out.append(
                "Most have presented, a few have not yet."
                if len(turns.waiting) < len(turns.presented)
                else "A few have presented; most have not yet."
            )
        if self.g.attendance is not None:
            out.append(
                f"Of all places in the sessions, {round(100 * self.g.attendance)} % were taken."
            )
        heard = [s.heard for s in steps if s.heard is not None]
        if heard:
            mean = sum(heard) / len(heard)
            out.append(
                "In every inquiry, everybody who could ask was heard."
                if mean > 0.999
                else f"Of those who could ask in an inquiry, {round(100 * mean)} % were heard."
            )
        ginis = [s.gini for s in steps if s.gini is not None]
        if ginis:
            out.append(_evenly(sum(ginis) / len(ginis)))
        over = [s.over for s in steps if s.over is not None]
        if over:
            mean = 100 * sum(over) / len(over)
            out.append(f"Sessions took {round(mean)} % of the time planned for them, on average.")
        return out

    def followed(self) -> tuple[Chart | None, list[str]]:
        counted = [f for f in self.g.followed if f.owner is not None]
        if not self.g.followed:
            return None, ["No session has yet been followed by another, so nothing can be said."]
        cells = _outcome_cells(counted)
        group = frozenset(f.owner or "" for f in counted)
        shown = {c.name for c in cells if self.may(f"outcome:{c.name}", c.people, group)}
        shown &= releasable(cells, self.limits, total_shown=True)
        tried = self.outcomes()
        said = []
        if tried is not None:
            said.append(
                f"{plural(len(counted), 'action')} could be followed up at the next check-in: "
                f"{share(tried)}, done or partly done (between {round(100 * tried.low)} and "
                f"{round(100 * tried.high)} %, nine times in ten).".capitalize()
            )
        else:
            self.withheld.append("Follow-through is not shown, as too few people stand behind it.")
        if len(shown) < 2:
            return None, said
        for cell in cells:
            if cell.name in shown:
                self.ledger.note(f"outcome:{cell.name}", cell.people, group, self.limits)
        counts = {
            OUTCOME_WORDS[o]: sum(f.outcome == o for f in counted)
            for o in OUTCOME_WORDS
            if o in shown
        }
        if len(shown) < sum(bool(c.people) for c in cells):
            said.append("Outcomes that concern too few people are left out of the picture.")
        return cohort_charts.outcomes(counts, self.limits), said

    def group_lines(self) -> list[GroupLine]:
        """Role groups side by side, those with enough people; none if fewer than two have."""
        lines = []
        for name, part in sorted(self.groups.items()):
            people = frozenset(i for s in part.cohort.sets for i in s.members)
            if not name or not self.enough(people):
                continue
            balances = [s.balance for s in part.steps if s.balance is not None]
            mean = cohort_charts.mean_balance(balances)
            owned = [f for f in part.followed if f.owner is not None]
            enough = self.enough(f.owner or "" for f in owned)
            done = rate([f.outcome for f in owned], ("done", "partly")) if enough else None
            lines.append(
                GroupLine(
                    name, self.limits.shown(len(people)), _between(mean), _between(done)
                )
            )  # fmt: skip
        if len(lines) < 2 and self.groups:
            self.withheld.append("Role groups are not compared: too few people stand behind them.")
            return []
        return lines

    def method(self) -> list[str]:
        least, audience = self.limits.least, AUDIENCE_WORDS[self.limits.audience]
        limit = f"Figures for {audience} are shown only if {number(least)} or more people stand "
        limit += "behind them."
        if self.limits.audience == "published":
            limit += " Counts are rounded to the nearest 5."
        if self.limits.reason:
            limit += f" This limit was lowered because: {self.limits.reason}"
        return [
            "Challenges are the presenters’ own sentences, with names, places, numbers and rare "
            "roles taken out by program. No program finds everything: please report what still "
            "points at somebody.",
            "Themes were given by program: a guide to where to look, not a count of facts. How "
            "often it is right is in the project’s documentation.",
            "Questions and advice were counted by program and put right with its measured errors; "
            "lines and “give or take” show how far a figure could be off, nine times in ten.",
            limit,
            "Nothing here says how anybody did. Silence in a session is not a lack of interest, "
            "and few sessions tell little about a programme.",
        ]

    def figures(self, themes: Sequence[ThemeLine], steps: Sequence[Step]) -> dict[str, Any]:
        """``cohort.json``: what the report shows, for other programs."""
        tried = self.outcomes()
        return {
            "schema": SCHEMA,
            "name": self.g.cohort.name,
            "audience": self.limits.audience,
            "least": self.limits.least,
            "people": self.limits.shown(len(self.everybody)),
            "sets": len(self.g.cohort.sets),
            "sessions": sum(m.session is not None for m in self.g.cohort.meetings),
            "themes": [
                {"id": t.id, "name": t.name, "people": t.people, "stability": t.stability}
                for t in themes
            ],
            "series": [
                {
                    "session": s.number,
                    "balance": _estimate(s.balance),
                    "questions": _estimate(s.questions),
                    "advice": _estimate(s.advice),
                    "gini": None if s.gini is None else round(s.gini, 3),
                }
                for s in steps
            ],
            "done_or_partly": _estimate(tried),
            "withheld": list(dict.fromkeys(self.withheld)),
            "version": __version__,
        }


def _estimate(estimate: Estimate | None) -> dict[str, float] | None:
    if estimate is None:
        return None
    return {
        "value": round(estimate.value, 3),
        "low": round(estimate.low, 3),
        "high": round(estimate.high, 3),
    }


def _outcome_cells(followed: Sequence[FollowThrough]) -> list[Cell]:
    return [
        Cell(o, frozenset(f.owner for f in followed if f.outcome == o and f.owner is not None))
        for o in OUTCOME_WORDS
    ]


def _between(estimate: Estimate | None) -> str:
    if estimate is None:
        return "not shown"
    value, low, high = (round(100 * x) for x in (estimate.value, estimate.low, estimate.high))
    return f"{value} % ({low} to {high})"


def _evenly(gini: float) -> str:
    """The Gini of airtime in words; what is even enough is for the set to say."""
    if gini < 0.2:
        return "The air was shared out evenly among those who did not present."
    if gini < 0.35:
        return "The air was shared out fairly evenly among those who did not present."
    return "Among those who did not present, some had clearly more of the air than others."


def _low(name: str) -> str:
    return name[:1].lower() + name[1:]


def render(said: Feedback) -> str:
    """The report as a page that stands by itself."""
    return page("feedback.html", f=said)


def as_json(said: Feedback) -> str:
    """``cohort.json``."""
    return json.dumps(said.figures, ensure_ascii=False, indent=1) + "\n"

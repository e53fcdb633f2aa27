"""The feedback report: what to say of a cohort to those who were not there.

Everything here has passed the limits on small numbers; nothing names anybody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from als_nlp import __version__
from als_nlp.gather import Gathered
from als_nlp.measures.followthrough import FollowThrough, Outcome
from als_nlp.measures.series import Step, participants
from als_nlp.measures.uncertainty import Estimate
from als_nlp.models.challenge_encoder import load_challenge_encoder
from als_nlp.models.tagger import load_tagger
from als_nlp.privacy.disclosure import Cell, Ledger, Limits, releasable
from als_nlp.privacy.quotable import quotable
from als_nlp.privacy.release import BESIDE_EARLIER, OTHER, Shown, release
from als_nlp.reports import cohort_charts
from als_nlp.reports import cohort_words as words
from als_nlp.reports.cohort_words import GroupLine, ThemeLine
from als_nlp.reports.drawing import Chart
from als_nlp.reports.pages import page
from als_nlp.reports.wording import listing, plural
from als_nlp.themes.find import FoundTheme
from als_nlp.themes.known import Theme
from als_nlp.themes.names import different, title

SCHEMA: Final = "als-nlp/cohort/1"
MOST_QUESTIONS: Final = 4
TELLING: Final = 0.5
"""Likeness to the challenges of a theme that a sentence needs to be quoted for it."""
TRIED: Final[tuple[Outcome, ...]] = ("done", "partly")
REST: Final[tuple[Outcome, ...]] = ("not_done", "not_mentioned")


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
    return _Teller(gathered, known, limits, ledger or Ledger(), quotations, groups or {}).all()


class _Teller:
    def __init__(
        self, gathered: Gathered, known: Sequence[Theme], limits: Limits, ledger: Ledger,
        quotations: bool, groups: Mapping[str, Gathered],
    ) -> None:  # fmt: skip
        self.g, self.limits, self.ledger, self.groups = gathered, limits, ledger, groups
        self.known = {t.id: t for t in known}
        self.quotations = quotations
        self.everybody = frozenset(i for s in gathered.cohort.sets for i in s.members)
        self.told: frozenset[str] = frozenset()
        """Who stands behind the themes that are shown."""
        self.withheld: list[str] = []

    def all(self) -> Feedback:
        cohort = self.g.cohort
        themes = self.themes()
        # beside the themes, the number of challenges tells how many are in none of them
        others = {b.presenter for b in self.g.brought if b.presenter} - self.told
        brought = len(self.g.brought) if self.limits.apart(self.told, others) else None
        steps = [s for s in self.g.steps if self.limits.enough(s.people)]
        if len(steps) < len(self.g.steps):
            self.withheld.append(
                "Sessions that too few people attended are left out of the series."
            )
        tried = self.share(self.g.followed)
        followed_chart, followed = self.followed(tried)
        held = sum(m.session is not None for m in cohort.meetings)
        when = words.months(m.date for m in cohort.meetings)
        about = (
            f"{words.people(self.everybody, self.limits)} in {plural(len(cohort.sets), 'set')}, "
            f"{plural(held, 'session')}{when}. Written for "
            f"{words.AUDIENCE_WORDS[self.limits.audience]}; nobody is named."
        )
        groups = self.group_lines()
        return Feedback(
            title=f"What the cohort worked on: {cohort.name}",
            about=about[:1].upper() + about[1:],
            opening=words.opening(brought, themes, steps, tried, self.limits),
            themes=tuple(themes),
            themes_chart=cohort_charts.themes(themes) if len(themes) > 1 else None,
            series_chart=cohort_charts.series(steps) if len(steps) > 1 else None,
            worked=self.worked(steps),
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
            method=words.method(self.limits),
            figures=self.figures(themes, steps, tried),
        )

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
        self.told = frozenset().union(*(s.cell.people for s in released.shown))
        lines = [self.theme_line(s, found) for s in released.shown]
        # their order must not tell more than what is said of them
        return sorted(lines, key=lambda t: (t.id == OTHER, -int(t.people), t.name))

    def may(self, figure: str, people: frozenset[str], group: frozenset[str]) -> bool:
        """Whether enough people stand behind a figure, and no earlier report gives it away."""
        if not self.limits.enough(people):
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
            names = listing(sorted(words.low(found[n].name) for n in shown.parts))
            about = f"Taken together, as few people stand behind each: {names}."
            return ThemeLine(cell.name, cell.name, about, said, count, quotation, parts=shown.parts)
        theme, known = found[cell.name], self.known.get(cell.name)
        if known:
            name, about = theme.name, known.about
        else:
            phrases = self.phrases(theme)
            name = title(theme.id, phrases)
            about = "These challenges are like one another and like none of the known themes."
            if phrases:
                about = f"In their words: {listing(phrases)}."
        return ThemeLine(
            theme.id, name, about, said, count, quotation, theme.stability, shown.parts
        )

    def phrases(self, theme: FoundTheme) -> tuple[str, ...]:
        """Words of an open theme that enough presenters used and that could be quoted."""
        known = load_tagger().knows
        return different(
            p
            for p in theme.shared
            if self.limits.enough(who for i in p.texts if (who := self.g.brought[i].presenter))
            # what is quotable is a sentence; "my", as phrases lose it: a daughter is private
            and quotable(f"this is about my {p.said} and things like it", known)
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

    def worked(self, steps: Sequence[Step]) -> tuple[str, ...]:
        """How the sets worked, with who has been at a session and who has missed one."""
        there: set[str] = set()
        missed: set[str] = set()
        for meeting in self.g.cohort.meetings:
            found = participants(self.g.cohort, meeting)
            if found:
                there.update(found)
                missed.update({*self.g.cohort.set_of(meeting).members}.difference(found))
        return words.worked(self.g.turns, self.g.attendance, there, missed, steps, self.limits)

    def share(self, followed: Sequence[FollowThrough]) -> Estimate | None:
        """The share of actions done or partly done, if it and what is left of it may be shown."""
        counted = [f for f in followed if f.owner is not None]
        behind = {
            side: frozenset(f.owner for f in counted if f.outcome in side and f.owner is not None)
            for side in (TRIED, REST)
        }
        group = behind[TRIED] | behind[REST]
        told = {f"actions:{side[0]}": people for side, people in behind.items() if people}
        if not told or not all(self.may(figure, who, group) for figure, who in told.items()):
            return None
        for figure, who in told.items():
            self.ledger.note(figure, who, group, self.limits)
        tried = sum(f.outcome in TRIED for f in counted)
        return words.share_of(tried, len(counted) - tried, self.limits)

    def followed(self, tried: Estimate | None) -> tuple[Chart | None, list[str]]:
        """The picture and the sentences on what was agreed; ``tried`` as it may be shown."""
        counted = [f for f in self.g.followed if f.owner is not None]
        if not self.g.followed:
            return None, ["No session has yet been followed by another, so nothing can be said."]
        cells = _outcome_cells(counted)
        group = frozenset(f.owner or "" for f in counted)
        hidden = {c.name for c in cells if not self.may(f"outcome:{c.name}", c.people, group)}
        # beside the share, the total of each of its two sides is known
        sides = [[c for c in cells if c.name in side] for side in (TRIED, REST)]
        shown = set().union(
            *(
                releasable(side, self.limits, total_shown=True, hidden=hidden)
                for side in (sides if tried is not None else [cells])
            )
        )
        said = []
        if tried is not None:
            said.append(words.followed_up(len(counted), tried, self.limits))
        else:
            said.append("Too few people stand behind what was done, or behind the rest.")
            self.withheld.append(
                "How much was done is not shown, as too few people stand behind it or the rest."
            )
        if len(shown) < 2:
            return None, said
        for cell in cells:
            if cell.name in shown:
                self.ledger.note(f"outcome:{cell.name}", cell.people, group, self.limits)
        counts = {
            words.OUTCOME_WORDS[o]: sum(f.outcome == o for f in counted)
            for o in words.OUTCOME_WORDS
            if o in shown
        }
        if len(shown) < sum(bool(c.people) for c in cells):
            said.append("Outcomes that concern too few people are left out of the picture.")
        return cohort_charts.outcomes(counts, self.limits), said

    def group_lines(self) -> list[GroupLine]:
        """Role groups side by side, those with enough people; none if fewer than two have."""
        cells = [
            Cell(name, frozenset(i for s in part.cohort.sets for i in s.members))
            for name, part in sorted(self.groups.items())
        ]
        # sets without a role group are no row, but they count in the total
        hidden = {
            c.name
            for c in cells
            if not c.name or not self.may(f"group:{c.name}", c.people, self.everybody)
        }
        shown = releasable(cells, self.limits, total_shown=True, hidden=hidden)
        if len(shown) < len(self.groups.keys() - {""}):
            self.withheld.append(
                "Role groups are not compared: too few people stand behind them."
                if len(shown) < 2
                else "Some role groups are not shown, as too few people stand behind them."
            )
        if len(shown) < 2:
            return []
        lines = []
        for cell in cells:
            if cell.name not in shown:
                continue
            self.ledger.note(f"group:{cell.name}", cell.people, self.everybody, self.limits)
            part = self.groups[cell.name]
            steps = [s for s in part.steps if self.limits.enough(s.people)]
            mean = cohort_charts.mean_balance([s.balance for s in steps if s.balance is not None])
            lines.append(
                GroupLine(
                    cell.name, self.limits.shown(len(cell.people)), words.between(mean),
                    words.between(self.share(part.followed)),
                )
            )  # fmt: skip
        return lines

    def figures(
        self, themes: Sequence[ThemeLine], steps: Sequence[Step], tried: Estimate | None
    ) -> dict[str, Any]:
        """``cohort.json``: what the report shows, for other programs."""
        people = self.limits.shown(len(self.everybody))
        if not self.limits.enough(self.everybody):
            people = f"fewer than {self.limits.least}"
        return {
            "schema": SCHEMA,
            "name": self.g.cohort.name,
            "audience": self.limits.audience,
            "least": self.limits.least,
            "people": people,
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
        for o in words.OUTCOME_WORDS
    ]


def render(said: Feedback) -> str:
    """The report as a page that stands by itself."""
    return page("feedback.html", f=said)


def as_json(said: Feedback) -> str:
    """``cohort.json``."""
    return json.dumps(said.figures, ensure_ascii=False, indent=1) + "\n"

"""The reflection: what to say to a facilitator after a session, and the page that says it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from als_nlp import __version__
from als_nlp.measures.inquiry import Moment
from als_nlp.measures.instead import questions_instead
from als_nlp.measures.strongest import strongest
from als_nlp.models.english import english
from als_nlp.models.tagger import load_tagger
from als_nlp.reports import charts
from als_nlp.reports.drawing import Chart
from als_nlp.reports.next_step import NextStep, next_step
from als_nlp.reports.pages import page
from als_nlp.reports.wording import (
    bracketed,
    clock,
    count,
    listing,
    minutes,
    number,
    percent,
    phase_name,
    plural,
    share,
)
from als_nlp.session import Session
from als_nlp.transcript import Purpose

MOST_DISGUISED = 4
MOST_PLAIN = 4
MOST_WORDS = 45
"""Words of one moment on the page."""
SURE = 0.75
"""Probability of a label below which a moment is marked as one the tagger is not sure of."""
PURPOSE_WORDS: Final[dict[Purpose, str]] = {
    "clarifying": "the facts",
    "evidence": "how we know",
    "assumption": "what is taken for granted",
    "possibility": "what could be",
    "feeling": "what it is like",
}
STATUS_WORDS = {"done": "done", "partly": "partly done", "not_done": "not done yet"}


@dataclass(frozen=True, slots=True)
class Line:
    """One moment on the page: when and where, who, what was said, a remark, and what came back.

    ``unsure`` says that the tagger could well be wrong about it.
    """

    when: str
    where: str
    who: str
    text: str
    remark: str = ""
    answer: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Reflection:
    """All that the page says, in the order it says it."""

    title: str
    about: str
    opening: tuple[str, str, str]
    timeline: Chart
    airtime: Chart | None
    by_phase: Chart | None
    questions: tuple[Line, ...]
    asking: tuple[str, ...]
    disguised: tuple[Line, ...]
    plain: tuple[Line, ...]
    all_advice: tuple[Line, ...]
    advice_summary: str
    thinking: str
    actions: tuple[Line, ...]
    followups: tuple[Line, ...]
    next_step: NextStep
    notes: tuple[str, ...]
    version: str


def reflect(session: Session) -> Reflection:
    """Decide what to say of a session. Says nothing of what was not found."""
    told = _Teller(session)
    inquiry = session.inquiry
    disguised = [m for m in inquiry.advice_moments if m.kind == "disguised"]
    plain = [m for m in inquiry.advice_moments if m.kind != "disguised"]
    shown = _surest(_joined(disguised), MOST_DISGUISED)
    shown_plain = _surest(_joined(plain), MOST_PLAIN)
    remarks = iter(
        questions_instead(
            session.transcript,
            [*shown, *shown_plain],
            parse=english(),
            approve=lambda moment, question: _reads_as_question(session, moment, question),
        )
    )
    return Reflection(
        title="Reflection on your session",
        about=told.about(),
        opening=(told.asking_and_telling(), told.air(), told.time_and_agreement()),
        timeline=charts.timeline(session),
        airtime=charts.airtime(session) if session.airtime else None,
        by_phase=charts.by_phase(session) if inquiry.phases else None,
        questions=tuple(
            told.line(q.moment, listing(q.reasons), q.answer)
            for q in strongest(session.transcript, inquiry.question_moments)
        ),
        asking=tuple(told.asking()),
        disguised=tuple(told.line(m, next(remarks)) for m in shown),
        plain=tuple(told.line(m, next(remarks)) for m in shown_plain),
        all_advice=tuple(told.line(m, _KIND_WORDS[m.kind]) for m in inquiry.advice_moments),
        advice_summary=told.advice_summary(),
        thinking=told.thinking(),
        actions=tuple(told.actions()),
        followups=tuple(told.followups()),
        next_step=next_step(session),
        notes=tuple(told.notes()),
        version=__version__,
    )


def _reads_as_question(session: Session, moment: Moment, question: str) -> bool:
    """Whether the tagger takes a question, asked in place of the moment, for one."""
    context = session.transcript.turns[max(0, moment.turn - 2) : moment.turn]
    return load_tagger().asks(context, moment.speaker, question)


def _joined(moments: list[Moment]) -> list[Moment]:
    """Pieces of advice of one kind that follow one another in a turn, as one moment each."""
    out: list[Moment] = []
    for moment in moments:
        last = out[-1] if out else None
        if (
            last is not None
            and (last.turn, last.kind) == (moment.turn, moment.kind)
            and moment.segment == last.segment + 1
            and len(last.text.split()) + len(moment.text.split()) <= MOST_WORDS
        ):
            text = f"{last.text} {moment.text}"
            surer = max(last.probability, moment.probability)
            out[-1] = replace(moment, text=text, start=last.start, probability=surer)
        else:
            out.append(moment)
    return out


def _surest(moments: list[Moment], most: int) -> list[Moment]:
    """Those that the tagger is surest of, in the order they came."""
    surest = sorted(moments, key=lambda m: -m.probability)[:most]
    return sorted(surest, key=lambda m: (m.turn, m.segment))


def render(reflection: Reflection) -> str:
    """The page: one self-contained HTML document, readable without script or network."""
    return page("reflection.html", r=reflection)


_KIND_WORDS = {
    "direct": "direct",
    "disguised": "as a question",
    "experience": "own story",
}


class _Teller:
    """Puts a session's measures into sentences."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._transcript = session.transcript

    def about(self) -> str:
        source = self._transcript.source
        people = len(self._transcript.speakers)
        parts = [source.file]
        if source.duration is not None and self._session.flow.duration:
            parts.append(minutes(self._session.flow.duration))
        if people:
            parts.append("one person" if people == 1 else f"{number(people)} people")
        return " · ".join(parts)

    def asking_and_telling(self) -> str:
        inquiry = self._session.inquiry
        said = (
            f"Together you asked {bracketed(inquiry.questions)} questions and gave "
            f"{bracketed(inquiry.advice)} pieces of advice"
        )
        if inquiry.balance is None:
            return f"{said}."
        offered = "offered to the presenters" if self._session.flow.phases else "offered"
        return (
            f"{said}: of all that was {offered}, {share(inquiry.balance)} "
            "was inquiry, that is, questions and saying back what was heard."
        )

    def air(self) -> str:
        session = self._session
        if not session.airtime:
            return "These captions do not say who is speaking, so nothing can be said of airtime."
        parts = []
        heard = session.evenness.heard_in_inquiry
        if heard:
            if all(spoke == could for _, spoke, could in heard):
                every = "both inquiries" if len(heard) == 2 else "every inquiry"
                parts.append(f"everybody was heard in {every if len(heard) > 1 else 'the inquiry'}")
            else:
                said = [f"{spoke} of {could} in inquiry {cycle}" for cycle, spoke, could in heard]
                parts.append(f"of those who could ask, {listing(said)} were heard")
        lead = next((p for p in session.airtime if p.role == "facilitator"), None)
        others = [p.share for p in session.airtime if p.role != "facilitator"]
        if lead is not None:
            parts.append(f"the facilitator had {percent(lead.share)} of the talking time")
        if len(others) > 1:
            spread = f"between {percent(min(others))} and {percent(max(others))}"
            parts.append(
                f"the others {spread}" if lead else f"people had {spread} of the talking time"
            )
            parts[-1] += ", their own presenting included" if session.flow.presenters else ""
        if not parts:
            return "Only one voice is in these captions, so nothing can be said of airtime."
        sentence = listing(parts)
        return sentence[:1].upper() + sentence[1:] + "."

    def time_and_agreement(self) -> str:
        session, flow = self._session, self._session.flow
        parts = []
        if flow.duration is not None:
            took, planned = round(flow.duration / 60), round(flow.planned / 60)
            parts.append(f"you took {took} of the {planned} minutes planned")
        if session.actions:
            parts.append(f"agreed {plural(len(session.actions), 'action')}")
        elif flow.phases:
            parts.append("I found no agreed action in what was said")
        if session.followups:
            states = [f.status for f in session.followups]
            said = [
                f"{number(states.count(status))} {words}"
                for status, words in STATUS_WORDS.items()
                if status in states
            ]
            parts.append(f"heard back on last time’s: {listing(said)}")
        if not flow.phases:
            parts.append(
                "the course of a set (check-in, presenting, inquiry, deciding) was not "
                "recognisable, so nothing is said of phases"
            )
        sentence = listing(parts)
        return sentence[:1].upper() + sentence[1:] + "."

    def asking(self) -> list[str]:
        inquiry = self._session.inquiry
        lines = []
        if inquiry.open_share is not None:
            lines.append(f"Of the questions, {share(inquiry.open_share)} were open.")
        used = [
            f"{words} ({inquiry.purposes[p]})"
            for p, words in PURPOSE_WORDS.items()
            if inquiry.purposes.get(p)
        ]
        if used:
            lines.append(f"What they were after, as read by the program: {listing(used)}.")
        asked = {p.speaker: p.questions for p in inquiry.people}
        people = [
            f"{self.name(s.id)} {asked[s.id]}" for s in self._transcript.speakers if asked.get(s.id)
        ]
        if people:
            lines.append(
                f"Who asked, in the order they first spoke: {listing(people)}. Presenters have "
                "fewer chances to."
            )
        if inquiry.stacked or inquiry.double_barrelled:
            lines.append(
                f"{plural(inquiry.stacked, 'turn')[:1].upper()}"
                f"{plural(inquiry.stacked, 'turn')[1:]} held two or more questions in a row, and "
                f"{plural(inquiry.double_barrelled, 'question')} asked two things at once."
            )
        return lines

    def advice_summary(self) -> str:
        inquiry = self._session.inquiry
        if not inquiry.advice_moments:
            return "No advice was found."
        said = f"Advice: {count(inquiry.advice)}."
        if inquiry.disguised_share is not None and inquiry.disguised.value >= 0.5:
            said += f" Dressed as a question: {count(inquiry.disguised)}."
        return f"{said} Each moment is listed so that you can judge it for yourself."

    def thinking(self) -> str:
        thinking = self._session.inquiry.thinking
        if thinking is None:
            return (
                "How long people had to think after a question cannot be told from these "
                "captions, as their times are not exact."
                if self._transcript.source.timing != "exact"
                else "No question was followed by somebody else’s turn."
            )
        recorded = self._transcript.source.format == "recording"
        return (
            f"After {plural(thinking.questions, 'question')} that ended a turn, the quiet before "
            f"the next voice was typically {thinking.median:.1f} seconds and "
            f"{thinking.longest:.1f} at the longest. "
            + ("" if recorded else "Captions often cut silence short. ")
            + "Take this as a rough guide."
        )

    def actions(self) -> list[Line]:
        return [
            Line(
                when=clock(a.start),
                where=phase_name("reflect_decide", a.cycle),
                who=self.name(a.owner),
                text=a.text,
                remark=a.due or "no time said",
            )
            for a in self._session.actions
        ]

    def followups(self) -> list[Line]:
        return [
            Line(clock(f.start), "", self.name(f.owner), f.text, STATUS_WORDS[f.status])
            for f in self._session.followups
        ]

    def line(self, moment: Moment, remark: str, answer: str = "") -> Line:
        where = phase_name(moment.phase, moment.cycle) if moment.phase else ""
        who = self.name(moment.speaker)
        unsure = moment.probability < SURE
        return Line(clock(moment.start), where, who, moment.text, remark, answer, unsure)

    def name(self, speaker: str | None) -> str:
        if speaker is None:
            return "somebody"
        return self._transcript.speaker(speaker).name or f"Voice {speaker.removeprefix('S')}"

    def notes(self) -> list[str]:
        source = self._transcript.source
        notes = list(source.notes)
        if source.timing == "estimated":
            notes.append("The times in this file are estimates, and so are minutes and seconds.")
        if source.timing == "none":
            notes.append(
                "This file has no times: words stand in for seconds, and nothing is said of "
                "minutes."
            )
        if not self._session.flow.phases:
            notes.append(
                "This did not look like an action learning set, on which the errors of counting "
                "were measured: counts are as tagged, and could be further off than they say."
            )
        if source.format == "recording":
            notes.append(
                "Voices in a recording can be mixed up: before you say that somebody was silent or "
                "spoke much, listen to the voices with 'als speakers'."
            )
        if self._transcript.facilitator is None and self._transcript.speakers:
            notes.append("It was not clear who facilitated: name them with --facilitator NAME.")
        return notes

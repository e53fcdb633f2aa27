"""The charts of a reflection."""

from __future__ import annotations

from typing import Any

import altair as alt

from als_nlp.measures.uncertainty import Estimate
from als_nlp.reports.drawing import (
    BLUE,
    INK,
    ORANGE,
    PLUM,
    TEAL,
    Chart,
    data,
    legend,
    name_axis,
    svg,
)
from als_nlp.reports.wording import clock, count, listing, percent, phase_name, span
from als_nlp.session import Session
from als_nlp.transcript import Phase, Turn

WIDTH = 760
LONGEST_NAME = 24

MARKS = {
    "question": ("question", BLUE, "circle"),
    "advice": ("advice", ORANGE, "diamond"),
    "disguised": ("advice dressed as a question", PLUM, "triangle-up"),
}


def timeline(session: Session) -> Chart:
    """Who spoke when, where questions and advice fell, over the phases."""
    axis = _Axis(session)
    order = [person.id for person in _in_order(session)]
    labels = {i: _label(session, i) for i in order}
    speech, marks = [], []
    for index, turn in enumerate(session.transcript.turns):
        if turn.speaker is None:
            continue
        who = labels[turn.speaker]
        speech.append({"who": who, "from": axis.start(index), "to": axis.end(index)})
        for moment in axis.moments(index):
            marks.append({"who": who, **moment})
    bands = [
        {"name": _short(p.phase, p.cycle), "from": a, "to": b, "row": i % 2}
        for i, (p, a, b) in enumerate(axis.phases())
    ]
    x = alt.X("from:Q", title=axis.title, scale=alt.Scale(domain=axis.domain, nice=False))
    y = alt.Y("who:N", sort=[labels[i] for i in order], title=None, axis=name_axis())
    lanes = alt.Chart(data(speech)).mark_bar(color=TEAL, height=9).encode(x=x, x2="to:Q", y=y)
    names = [name for name, _, _ in MARKS.values()]
    points = alt.Chart(data(marks)).mark_point(
        filled=True, size=42, opacity=1, stroke="white", strokeWidth=0.6
    ).encode(
        x=alt.X("at:Q"), y=y,
        shape=alt.Shape("what:N", legend=legend(),
                        scale=alt.Scale(domain=names, range=[s for _, _, s in MARKS.values()])),
        color=alt.Color("what:N", legend=legend(),
                        scale=alt.Scale(domain=names, range=[c for _, c, _ in MARKS.values()])),
    )  # fmt: skip
    rules = alt.Chart(data(bands)).mark_rule(color="#767676").encode(x="from:Q")
    main = (rules + lanes + points).properties(width=WIDTH, height=max(60, 24 * len(order)))
    chart: Any = main
    if bands:
        strip = alt.Chart(data(bands)).mark_text(
            align="left", dx=3, fontSize=12, color=INK
        ).encode(
            x=alt.X("from:Q", axis=None, scale=alt.Scale(domain=axis.domain, nice=False)),
            y=alt.Y("row:O", axis=None), text="name:N",
        ).properties(width=WIDTH, height=32)  # fmt: skip
        ticks = (
            alt.Chart(data(bands))
            .mark_rule(color="#767676")
            .encode(x=alt.X("from:Q", axis=None, scale=alt.Scale(domain=axis.domain, nice=False)))
        )
        chart = alt.vconcat(strip + ticks, main, spacing=2)
    rows = tuple(
        (
            phase_name(p.phase, p.cycle),
            clock(p.start),
            "" if p.seconds is None else clock(p.seconds),
            clock(p.planned),
        )
        for p in session.flow.phases
    )
    alternative = (
        f"Timeline of the session with a row for each of {len(order)} speakers. "
        + (
            "Phases in order: " + listing([row[0] for row in rows]) + ". "
            if rows
            else "No phases were recognised. "
        )
        + f"{len(session.inquiry.question_moments)} segments were tagged as questions and "
        f"{len(session.inquiry.advice_moments)} as advice."
    )
    return Chart(svg(chart), alternative, ("Phase", "Began", "Took", "Plan"), rows)


def airtime(session: Session) -> Chart:
    """Share of the talking time per person, presenting one's own challenge shown apart."""
    presenting = _presenting(session)
    people = _in_order(session)
    pieces = []
    for person in people:
        own = presenting.get(person.id, 0.0)
        who = _label(session, person.id)
        for what, part in ((_PRESENTING, own), (_REST, person.share - own)):
            pieces.append({"who": who, "what": what, "share": max(0.0, part)})
    sort = [_label(session, p.id) for p in people]
    y = alt.Y("who:N", sort=sort, title=None, axis=name_axis())
    top = max((p.share for p in people), default=1.0)
    scale = alt.Scale(domain=[0, max(0.1, top * 1.22)], nice=False)
    bars = alt.Chart(data(pieces)).mark_bar(height=15, stroke="white").encode(
        x=alt.X("share:Q", stack="zero", axis=None, scale=scale), y=y,
        color=alt.Color("what:N", legend=legend(),
                        scale=alt.Scale(domain=[_PRESENTING, _REST], range=[BLUE, TEAL])),
        order=alt.Order("what:N"),
    )  # fmt: skip
    said = [
        {"who": _label(session, p.id), "share": p.share, "text": _amount(p.share, p.seconds)}
        for p in people
    ]
    text = alt.Chart(data(said)).mark_text(
        align="left", dx=5, fontSize=13, color=INK
    ).encode(x=alt.X("share:Q", scale=scale), y=y, text="text:N")  # fmt: skip
    chart = (bars + text).properties(width=330, height=max(60, 27 * len(people)))
    rows = tuple(
        (
            _label(session, p.id),
            percent(p.share),
            percent(presenting.get(p.id, 0.0)),
            "" if p.seconds is None else clock(p.seconds),
            str(p.words),
            str(p.turns),
        )
        for p in people
    )
    alternative = (
        "Share of the talking time: " + "; ".join(f"{row[0]} {row[1]}" for row in rows) + "."
    )
    columns = ("Who", "Share", "of it presenting", "Time", "Words", "Turns")
    return Chart(svg(chart), alternative, columns, rows)


def by_phase(session: Session) -> Chart:
    """Questions and advice in each phase, with their intervals."""
    bars, rows, order = [], [], []
    for phase in session.inquiry.phases:
        name = phase_name(phase.phase, phase.cycle)
        order.append(_short(phase.phase, phase.cycle))
        for what, estimate in (("questions", phase.questions), ("advice", phase.advice)):
            bars.append(_bar(order[-1], what, estimate))
        rows.append(
            (name, str(round(phase.questions.value)), span(phase.questions),
             str(round(phase.advice.value)), span(phase.advice))
        )  # fmt: skip
    top = max((bar["high"] for bar in bars), default=1.0)
    scale = alt.Scale(domain=[0, max(4.0, top * 1.4)], nice=False)
    base = alt.Chart(data(bars))
    y = alt.Y("phase:N", sort=order, title=None, axis=name_axis())
    offset = alt.YOffset("what:N", sort=["questions", "advice"])
    colours = alt.Scale(domain=["questions", "advice"], range=[BLUE, ORANGE])
    drawn = base.mark_bar(height=9).encode(
        x=alt.X("value:Q", axis=None, scale=scale), y=y, yOffset=offset,
        color=alt.Color("what:N", legend=legend(), scale=colours),
    )  # fmt: skip
    whiskers = base.mark_rule(color=INK, strokeWidth=1.5).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q", y=y, yOffset=offset
    )
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(
        x=alt.X("high:Q", scale=scale), y=y, yOffset=offset, text="text:N"
    )
    chart = (drawn + whiskers + text).properties(width=300, height=alt.Step(14))
    alternative = "Questions and advice by phase: " + "; ".join(
        f"{row[0]} {row[1]} questions ({row[2]}), {row[3]} advice ({row[4]})" for row in rows
    ) + "."  # fmt: skip
    columns = ("Phase", "Questions", "90 % between", "Advice", "90 % between ")
    return Chart(svg(chart), alternative, columns, tuple(rows))


_PRESENTING = "presenting their challenge"
_REST = "everything else"


class _Axis:
    """Minutes where the session is timed, words spoken so far where it is not."""

    def __init__(self, session: Session) -> None:
        self._turns = session.transcript.turns
        self._session = session
        self._timed = session.transcript.timed
        self._words = [0]
        for turn in self._turns:
            self._words.append(self._words[-1] + len(turn.words))
        self.title = "minutes" if self._timed else "words spoken so far (no times in this file)"
        starts = [self.start(i) for i in range(len(self._turns))]
        ends = [self.end(i) for i in range(len(self._turns))]
        self.domain = [min(starts, default=0.0), max(ends, default=1.0)]

    def start(self, index: int) -> float:
        return self._at(self._turns[index].start, self._words[index])

    def end(self, index: int) -> float:
        return self._at(self._turns[index].end, self._words[index + 1])

    def moments(self, index: int) -> list[dict[str, object]]:
        turn, said, out = self._turns[index], self._words[index], []
        for segment in turn.segments:
            mark = "disguised" if segment.kind == "disguised" else str(segment.label)
            if mark in MARKS:
                out.append({"at": self._at(segment.start, said), "what": MARKS[mark][0]})
            said += len(segment.words)
        return out

    def phases(self) -> list[tuple[Any, float, float]]:
        found = []
        for phase in self._session.flow.phases:
            inside = [
                i for i, t in enumerate(self._turns)
                if (t.phase, t.cycle) == (phase.phase, phase.cycle)
            ]  # fmt: skip
            if inside:
                found.append((phase, self.start(inside[0]), self.end(inside[-1])))
        return found

    def _at(self, seconds: float | None, words: int) -> float:
        if not self._timed:
            return float(words)
        return 0.0 if seconds is None else round(seconds / 60, 3)


def _presenting(session: Session) -> dict[str, float]:
    """Share of all the air that each presenter spent presenting."""
    transcript = session.transcript
    presenters = dict(session.flow.presenters)
    amount: dict[str, float] = {}
    for turn in transcript.turns:
        if turn.speaker and turn.phase == "present" and presenters.get(turn.cycle) == turn.speaker:
            amount[turn.speaker] = amount.get(turn.speaker, 0.0) + _weight(turn, transcript.timed)
    total = sum(_weight(t, transcript.timed) for t in transcript.turns if t.speaker)
    shares = {person.id: person.share for person in session.airtime}
    return {i: min(shares[i], value / total) for i, value in amount.items()} if total else {}


def _weight(turn: Turn, timed: bool) -> float:
    if not timed:
        return float(len(turn.words))
    return sum(w.end - w.start for w in turn.words if w.start is not None and w.end is not None)


def _in_order(session: Session) -> list[Any]:
    """The facilitator first, then people by share."""
    return sorted(session.airtime, key=lambda p: (p.role != "facilitator", -p.share, p.id))


def _label(session: Session, speaker_id: str) -> str:
    """A name that fits on an axis and stands for one person only."""
    name = session.transcript.speaker(speaker_id).name or f"Voice {speaker_id.removeprefix('S')}"
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - 1] + "…"
    people = [s.name or "" for s in session.transcript.speakers]
    if sum(other[: LONGEST_NAME - 1] == name.rstrip("…") for other in people) > 1:
        name = f"{name} ({speaker_id})"
    return name


def _short(phase: Phase, cycle: int) -> str:
    """Phase names that fit over a short phase."""
    return f"Decide {cycle}" if phase == "reflect_decide" else phase_name(phase, cycle)


def _amount(part: float, seconds: float | None) -> str:
    return percent(part) if seconds is None else f"{percent(part)}, {clock(seconds)}"


def _bar(phase: str, what: str, estimate: Estimate) -> dict[str, Any]:
    return {
        "phase": phase, "what": what, "value": estimate.value,
        "low": estimate.low, "high": estimate.high, "text": count(estimate).replace("about ", ""),
    }  # fmt: skip

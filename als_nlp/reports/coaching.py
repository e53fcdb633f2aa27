"""Open questions that could stand where advice was given, and why a question was a strong one.

A stand-in opens the area that the advice was about without carrying its fix: by the codebook, a
question that leaves a new course of action on the table is advice again. So the advice is sorted by
what it wants done (tell somebody, hand something over, change how things run …), and the question
asks about that side of the challenge. A thing is named only if the presenter had named it before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from als_nlp.measures.inquiry import Moment, is_double_barrelled
from als_nlp.reports.wording import listing
from als_nlp.session import Session
from als_nlp.transcript import Purpose

_AREAS: Mapping[str, str] = {
    "limits": r"""
        say(?:ing)? no, push(?:ing)? back, boundar\w+, refus\w+, too much, protect\w*, stop
        (?:doing|picking|saying), tell\w* (?:him|her|them) no, drop(?:ping)? (?:one|some|it)
    """,
    "care": r"""
        look after, break, rest, annual leave, sick, counsell\w+, occupational health,
        supervision, support for you, be kind, yourself, switch off, wellbeing, breathe
    """,
    "evidence": r"""
        audit\w*, data, numbers, figures, evidence, log(?:ging)?, record\w*, document\w*,
        datix, track\w*, count\w*, spreadsheet, diary, write (?:it|that|them) down, keep a,
        survey
    """,
    "handing on": r"""
        delegat\w+, hand(?:ing)? (?:it|that|some|over), give (?:it|that|some) to, share out,
        get (?:someone|somebody|one of), band \w+, let (?:them|her|him|someone), rotate,
        champion, link nurse, buddy
    """,
    "higher up": r"""
        escalat\w+, hr, matron, director, head of, senior\w*, union, boss, line manager,
        grievance, formal\w*, policy, complain\w*, freedom to speak up, executive, chief
    """,
    "talking": r"""
        ask\w*, tell\w*, talk\w*, speak\w*, say\w*, e-?mail\w*, ring\w*, phone, call\w*, write
        to, message, chat, conversation, sit (?:down|them|her|him), meet\w*, one.to.one,
        coffee, raise, mention, explain, invite, feedback, thank, apologi\w+, listen\w*
    """,
    "how it runs": r"""
        rota\w*, template, form, checklist, board, whiteboard, huddle, handover, system,
        process, change\w*, mov(?:e|ing), set(?:ting)? up, start(?:ing)?, run(?:ning)?, app,
        folder, drive, teams channel, group, sheet, pilot, trial, try\w*, plan\w*, list, time
        ?slot, session, training, teach\w*, protocol, pathway, sbar
    """,
    "timing": r"""
        wait\w*, leave it, later, give it time, pause, slow\w*, deadline, before, after, next
        week
    """,
}
"""What pieces of advice of each area mention, the telling words first; the first area wins."""

_FINDERS = {
    area: re.compile(r"\b(?:" + "|".join(words.strip().split(", ")) + r")\b", re.I)
    for area, words in ((area, " ".join(text.split())) for area, text in _AREAS.items())
}

_STAND_INS: Mapping[str, tuple[str, ...]] = {
    "limits": (
        "Where does your part in this end, as you see it?",
        "What are you carrying here that nobody has asked you to carry?",
        "What would it cost you to go on as now, and what would it cost to change that?",
    ),
    "care": (
        "What is this doing to you, day to day?",
        "What keeps you going in this?",
        "What do you need for yourself while this goes on?",
    ),
    "evidence": (
        "How do you know how big this is?",
        "What have you seen for yourself, and what have you only heard?",
        "What do you not know yet that would change how you see it?",
    ),
    "handing on": (
        "Which parts of this are truly yours?",
        "Who else has a stake in this going well?",
        "What makes it hard to let go of?",
    ),
    "higher up": (
        "Who has the power to shift this, and what matters to them?",
        "What is within your own reach here?",
        "What would the people above you see, if they looked at this?",
    ),
    "talking": (
        "What has been left unsaid so far?",
        "What do you imagine this looks like from the other side?",
        "What would you most want to be understood?",
        "What makes that conversation a hard one?",
    ),
    "how it runs": (
        "What would be different on a day when this worked?",
        "What does the way it runs now do well, and for whom?",
        "When has it gone better, and what was going on then?",
    ),
    "timing": (
        "What happens if nothing changes for a month?",
        "What makes now the moment for this, or not?",
        "How will you know that the time is right?",
    ),
    "story": (
        "What in your own experience comes closest to this?",
        "When have you got through something like it, and what helped?",
        "What is it about your place that is like no other?",
    ),
    "anything": (
        "What options do you see, even unlikely ones?",
        "What matters most to you in how this ends?",
        "What have you tried, and what did it teach you?",
        "What do you already know about what works here?",
    ),
}


def area(moment: Moment) -> str:
    """Which side of a challenge a piece of advice is about: a key of the stand-ins."""
    if moment.kind == "experience":
        return "story"
    return next(
        (name for name, finder in _FINDERS.items() if finder.search(moment.text)), "anything"
    )


def stand_ins(moments: Sequence[Moment]) -> Iterator[str]:
    """An open question for each piece of advice, not the same twice while there are others.

    The choice depends on the words alone, so that a session always gets the same ones.
    """
    used: dict[str, int] = {}
    for moment in moments:
        choices = _STAND_INS[area(moment)]
        begin = crc32(moment.text.encode()) % len(choices)
        turned = (*choices[begin:], *choices[:begin])
        chosen = min(turned, key=lambda q: used.get(q, 0))
        used[chosen] = used.get(chosen, 0) + 1
        yield chosen


_WHY_PURPOSE: Mapping[Purpose, str] = {
    "clarifying": "gets the facts clear",
    "evidence": "asks what the story rests on",
    "assumption": "tests what is taken for granted",
    "possibility": "opens what could be",
    "feeling": "makes room for what it is like",
}
_PURPOSE_WEIGHT: Mapping[Purpose, float] = {
    "assumption": 2.0, "feeling": 1.6, "possibility": 1.5, "evidence": 1.3, "clarifying": 0.4,
}  # fmt: skip
_LANDED = re.compile(
    r"\b(?:good question|that's a (?:good|hard|tough)|never thought|hadn't thought|i suppose"
    r"|oh(?: gosh| god)?|hm+|\w*huh|d'you know|you know what|maybe it's|i think it's|ouch|wow"
    r"|nobody's asked|let me think)\b",
    re.I,
)
_REPLY = 14
"""Words of an answer that show whether the question landed, and that are quoted."""


@dataclass(frozen=True, slots=True)
class Strong:
    """A question that did much, why, and how the answer to it began (empty if nobody answered)."""

    moment: Moment
    why: str
    answer: str


def strongest(session: Session, most: int = 4) -> list[Strong]:
    """The questions that did most, in the order they were asked.

    Strong is: open, one thing at a time, in few words, towards assumptions, possibilities or
    feelings, and answered at length, after a pause, or with "I hadn't thought of that". Questions
    of the inquiry come before those that only close a cycle.
    """
    candidates = [
        _strength(session, m)
        for m in session.inquiry.question_moments
        if m.kind == "open"
        and m.phase in ("inquiry", "reflect_decide", None)
        and 4 <= len(m.text.split()) <= 30
    ]
    chosen: list[Strong] = []
    for _, strong in sorted(candidates, key=lambda pair: -pair[0]):
        if len(chosen) < most and all(strong.moment.turn != c.moment.turn for c in chosen):
            chosen.append(strong)
    return sorted(chosen, key=lambda strong: strong.moment.turn)


def _strength(session: Session, moment: Moment) -> tuple[float, Strong]:
    turns = session.transcript.turns
    own = turns[moment.turn]
    score = 2.0 * moment.probability - (1.5 if moment.phase == "reflect_decide" else 0.0)
    reasons = []
    if moment.purpose is not None:
        score += _PURPOSE_WEIGHT[moment.purpose]
        reasons.append(_WHY_PURPOSE[moment.purpose])
    if is_double_barrelled(moment.text):
        score -= 1.0
    elif len(moment.text.split()) <= 12:
        score += 0.5
        reasons.append("asks one thing in few words")
    reply = next((t for t in turns[moment.turn + 1 :] if t.speaker != own.speaker), None)
    if reply is None or moment.segment != len(own.segments) - 1:
        return score, Strong(moment, listing(reasons), "")
    score += 0.5 + min(len(reply.words), 120) / 60
    answer = " ".join(word.text for word in reply.words[:_REPLY])
    quiet = _gap(own.end, reply.start)
    if _LANDED.search(answer):
        score += 1.2
        reasons.append("gave pause")
    elif quiet is not None and quiet >= 4 and session.transcript.source.timing == "exact":
        score += 0.8
        reasons.append(f"was given {round(quiet)} seconds of quiet")
    elif len(reply.words) >= 50:
        reasons.append("was answered at length")
    if len(reply.words) > _REPLY:
        answer += " …"
    return score, Strong(moment, listing(reasons), answer)


def _gap(end: float | None, start: float | None) -> float | None:
    return None if end is None or start is None else start - end

"""What was agreed, and what became of what was agreed last time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from als_nlp.transcript import Segment, Status, Transcript, Turn

MOST_ACTIONS = 2
"""A cycle ends in one or two actions."""
MOST_WORDS = 45
"""Words of a report that are quoted."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person said they will do: whose, what, when (as said), and where it was said."""

    cycle: int
    owner: str | None
    text: str
    due: str | None
    start: float | None
    turn: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A report at check-in on an action of last time, and where it was said."""

    owner: str | None
    status: Status
    text: str
    start: float | None
    turn: int


_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_UNIT = r"(?:week|month|fortnight|session|meeting|shift|supervision|rota|payday|huddle|handover)"
_DUE = re.compile(
    rf"\b(?:(?:by|before|on|from|after|this|next|until|till)\s+)+"
    rf"(?:the\s+)?(?:end\s+of\s+(?:the\s+|this\s+|next\s+)?)?"
    rf"(?:(?:this|next|our|my)\s+)?"
    rf"(?:{_DAY}(?:\s+(?:morning|afternoon|evening|week))?|{_UNIT}s?\b|tomorrow|tonight|then\s+end"
    rf"|the\s+\d+(?:st|nd|rd|th)|\d+(?:st|nd|rd|th)|(?:january|february|march|april|may|june|july"
    rf"|august|september|october|november|december|christmas|easter|half\s+term|lunchtime))"
    rf"|\b(?:tomorrow(?:\s+morning|\s+afternoon)?|tonight|first\s+thing(?:\s+{_DAY}|\s+tomorrow)?"
    rf"|this\s+(?:week|afternoon|morning|evening)|next\s+(?:week|month|time|session)"
    rf"|end\s+of\s+(?:the\s+|this\s+|next\s+)?(?:week|month|day|shift)"
    rf"|(?:in|within)\s+(?:the\s+next\s+)?(?:a|two|three|four|\d+)\s+(?:days?|weeks?|fortnight|months?)"
    rf"|when\s+i(?:'m|\s+am)\s+(?:next|back)\s+(?:in|on)(?:\s+{_DAY})?|{_DAY})\b",
    re.I,
)


def due(text: str) -> str | None:
    """When an action is due, in the speaker's words ("by Friday"); ``None`` if not said."""
    match = _DUE.search(text)
    return match[0].strip(" ,.") if match else None


def actions(transcript: Transcript) -> tuple[Action, ...]:
    """Commitments made while reflecting and deciding, per cycle, in order.

    Those of one turn that follow one another are one action. The presenter's come first in claim:
    if there are more than ``MOST_ACTIONS`` in a cycle, other people's and the shortest are dropped.
    """
    from als_nlp.measures.flow import presenter

    found = []
    for index, turn in enumerate(transcript.turns):
        if turn.phase != "reflect_decide":
            continue
        for run in _runs(turn):
            text = " ".join(segment.text for segment in run)
            found.append(Action(turn.cycle, turn.speaker, text, due(text), run[0].start, index))
    kept: list[Action] = []
    for cycle in dict.fromkeys(action.cycle for action in found):
        who = presenter(transcript.turns, cycle)
        ranked = sorted(
            (a for a in found if a.cycle == cycle),
            key=lambda a: (a.owner == who, a.due is not None, len(a.text.split())),
            reverse=True,
        )
        kept.extend(sorted(ranked[:MOST_ACTIONS], key=lambda a: a.turn))
    return tuple(kept)


def _runs(turn: Turn) -> Iterator[list[Segment]]:
    run: list[Segment] = []
    for segment in turn.segments:
        if segment.kind == "commitment":
            run.append(segment)
        elif run:
            yield run
            run = []
    if run:
        yield run


_NOT = (
    r"(?:(?:have|has|had|did|do|does|could|was|were|is|are|ca|can|wo|would)\s*n(?:'?t|ot)"
    r"|(?:did|didn|hav|had|cann?|could|was|is|do)nae|not|never)"
)
_NEGATED = re.compile(
    rf"\b{_NOT}\b(?:\s+(?:yet|even|really|actually|quite|ever|been|had|got|get|managed?|to))*"
    r"(?:\s+\w+)?",
    re.I,
)
"""A negation with the verb that it denies: "haven't asked", "'ve not managed to speak"."""
_BESIDE = re.compile(
    r"\b(?:s?he|they|you|ye|nobody|who)\s+(?:(?:just|also|then|really|had|has|have)\s+)*"
    rf"(?:{_NOT}\s+|ever\s+)?(?!been\b|had\b)\w+"
    rf"|(?<!\bi\s)(?<!\bwe\s)(?<!\bit\s)\b{_NOT}\s+(?:i|we|you|s?he|it|they)\b(?!')",
    re.I,
)
"""What others did or did not ("she never said"), and tags ("haven't I")."""
_NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_NOT_DONE = re.compile(
    r"\b(?:(?:have|has|had|did|there\s+was)\s*n(?:'?t|ot)|could\s*n(?:'?t|ot)\b(?!\s+have)"
    r"|(?:did|didn|hav|had|could)nae|(?:'ve|'d)\s+not|never"
    rf"|{_NOT}\s+(?:(?:been\s+)?done|yet|managed|happened|got|able|possible)"
    r"|no\s+(?:progress|chance|\w+(?:\s+\w+)?\s+yet)|nothing(?:'s|\s+has)"
    r"|still\s+(?:to|not|need|sitting|(?:in|on)\s+my|on\s+the\s+list)|mean(?:t|ing)\s+to(?!\s+be)"
    r"|bottled|fell\s+through|forgot|slipped\s+\w+\s+mind|let\s+it\s+(?:go|slide)"
    r"|put\s+(?:(?:it|me|us)\s+)?off|cancelled|moved\s+it|ducked\s+it|chickened|as\s+far\s+as"
    r"|park\s+it|carry\s+it\s+over|leave\s+(?:it|her|him))\b",
    re.I,
)
_PARTLY = re.compile(
    r"\b(?:(?<!and\sa\s)half"
    rf"(?![\s-]+(?:(?:an?\s+)?(?:hours?|day|dozen)|past|term|way|{_NUMBER})\b)"
    r"|part(?:ly|ial)?(?![\s-]time)|(?:some|most)\s+of|but\s+not|not\s+all|first\s+bit"
    r"|bit\s+of\s+it|only\s+got|in\s+progress|on\s+the\s+way|getting\s+there|so\s+far"
    rf"|{_NUMBER}\s+of\s+(?:the|them|'em|those|\w+teen|{_NUMBER})"
    rf"|out\s+of\s+(?:the\s+)?(?:\w+teen|{_NUMBER}))\b",
    re.I,
)
_DONE = re.compile(
    r"\b(?:did\s+(?:it|that|them|do)|done|(?:i|we)\s+did|spoke|talked|asked|rang|phoned|emailed"
    r"|wrote|met|sent|went|had\s+(?:the|that|a|my)|sorted|finished|happened|told|sat\s+down|took"
    r"|saw|kept|raised\s+it|managed\s+to|got\s+(?:it|the|them|'em)|shared|tried|put|showed|gave"
    r"|given|shifted|moved|made|said\s+it"
    r"|(?:i've|we've|have|has)\s+(?!not\b|been\b)\w+(?:ed|en|ne|de|nt|ld|ke|ung)"
    r"|(?:^|(?:i|we)\s+)(?:(?:just|also|even|then|both)\s+)*(?:read"
    r"|(?!(?:need|want|plann|intend|hop|decid|suppos|tir)(?:ed)?\b)\w{2,}ed))\b",
    re.I,
)
_ASKING = re.compile(
    r"\b(?:how(?:'?ve|'?d|\s+have|\s+did|\s+has|'?s|'?s\s+that|\s+was)?\s+"
    r"(?:you|it|that|that\s+one|they|yours|yous|ye)\s+(?:all\s+|both\s+)?"
    r"(?:get|got|getting|go|gone|been|going|turn|turned|come|came|fare|manage|do\b)"
    r"|(?:get|got|getting)\s+on\s+with|actions?\b|what\s+happened"
    r"|you\s+(?:said|were\s+going|was\s+going|agreed|committed|promised|took\s+away|were\s+off"
    r"|had\s+(?:two|a\s+couple)|left\s+(?:here|us|with))|you'?d\s+(?:said|agreed|planned|got\s+two)"
    r"|follow.?(?:through|up|ups)|did\s+you\s+(?:get|manage|ever)|since\s+last|last\s+(?:time|session)"
    r"|any\s+(?:joy|news|luck|movement)|report\s+back|the\s+first\s+one)\b",
    re.I,
)
_ANOTHER = re.compile(
    r"\b(?:other|second|both|next\s+one|and\s+the|what\s+about|anything\s+else|first)\b", re.I
)
_OWN = re.compile(
    r"\b(?:my\s+actions?|what\s+i\s+said\s+i'?d|i\s+said\s+i(?:'d|\s+would)|i\s+was\s+(?:going|meant)"
    r"\s+to|(?:first|second|other)\s+one|mine\s+(?:was|were))\b",
    re.I,
)


def status(text: str) -> Status | None:
    """What a report says became of an action; ``None`` if it does not say.

    Two signs decide: something done, and something undone or begun. Both together are ``partly``.
    """
    sign = _signs(text)
    if sign["partly"] or (sign["not_done"] and sign["done"]):
        return "partly"
    if sign["not_done"]:
        return "not_done"
    return "done" if sign["done"] else None


def _signs(text: str) -> dict[Status, bool]:
    """Whether a report tells of something done, begun, undone."""
    own = _BESIDE.sub(" ", text.replace("’", "'"))
    # "haven't asked" and "put it off" must not count as asking and putting
    claimed = _NOT_DONE.sub(" ", _NEGATED.sub(" ", own))
    return {
        "done": bool(_DONE.search(claimed)),
        "partly": bool(_PARTLY.search(own)),
        "not_done": bool(_NOT_DONE.search(own)),
    }


def followups(transcript: Transcript) -> tuple[FollowUp, ...]:
    """Reports at check-in on last time's actions.

    A report begins when somebody answers after being asked how it went, or names their action
    unasked. All that they say until another is asked about is read together; being asked about "the
    other one" begins their next report.
    """
    reports: list[tuple[str, list[tuple[int, Segment]]]] = []
    asked = again = False
    for index, turn in enumerate(transcript.turns):
        if turn.phase != "check_in" or turn.speaker is None:
            continue
        holder = reports[-1][0] if reports else None
        told = [(index, s) for s in turn.segments if s.kind in ("account", "commitment", "ack")]
        if turn.speaker == transcript.facilitator:
            named = reports and _names_next(transcript, index)
            asked = asked or bool(_ASKING.search(turn.text)) or bool(named)
            again = again or bool(_ANOTHER.search(turn.text))
        elif turn.speaker == holder and not (again and len(turn.words) > 3):
            reports[-1][1].extend(told)
        elif (asked or again or _OWN.search(turn.text)) and len(turn.words) > 3:
            if asked or turn.speaker == holder or _OWN.search(turn.text):
                reports.append((turn.speaker, told))
            asked = again = False
    parts = [(owner, part) for owner, told in reports for part in _by_action(told)]
    found = [report for owner, part in parts if (report := _report(owner, part)) is not None]
    return tuple(found)


_TURNING_TO = re.compile(
    r"^(?:(?:and|but|so|now|well|oh|right|only|then|as\s+for)[\s,]+)*"
    r"(?:the|my|that|second|other|number\s+two|as\s+for)\b",
    re.I,
)


def _names_next(transcript: Transcript, index: int) -> bool:
    """Whether a turn names whoever speaks next, as a facilitator does going round."""
    following = transcript.turns[index + 1 : index + 2]
    if not following or following[0].speaker is None:
        return False
    name = (transcript.speaker(following[0].speaker).name or "").split()
    # a whole word, as "Shall we move on?" does not name Al
    return bool(name) and bool(
        re.search(rf"(?<!\w){re.escape(name[0])}(?!\w)", transcript.turns[index].text, re.I)
    )


def _by_action(told: list[tuple[int, Segment]]) -> list[list[tuple[int, Segment]]]:
    """One report, cut where it turns to another action that fared otherwise."""
    parts: list[list[tuple[int, Segment]]] = [[]]
    current: Status | None = None
    for index, segment in told:
        said = status(segment.text)
        turns_to = _TURNING_TO.match(segment.text) and len(segment.words) > 5
        if turns_to and current is not None and said not in (None, current) and len(parts) < 2:
            parts.append([])
            current = None
        parts[-1].append((index, segment))
        current = current or said
    return parts


def _report(owner: str, told: list[tuple[int, Segment]]) -> FollowUp | None:
    """The report in a few of its own words, from the sentence that tells what was done."""
    what = status(" ".join(segment.text for _, segment in told))
    if what is None:
        return None
    first = next((i for i, (_, s) in enumerate(told) if _signs(s.text)[what]), 0)
    quoted: list[str] = []
    for _, segment in told[first:]:
        if quoted and sum(len(q.split()) for q in quoted) + len(segment.words) > MOST_WORDS:
            break
        quoted.append(segment.text)
    index, segment = told[first]
    return FollowUp(owner, what, " ".join(quoted), segment.start, index)

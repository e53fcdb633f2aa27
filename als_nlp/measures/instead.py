"""What could have been asked instead: for a piece of advice, the open question behind it.

By the codebook a question that leaves a new course of action on the table is advice again. So the
question is made from what was said, but never from the fix (see ``behind``). Whoever shows such a
question asks the tagger first (``approve``), and shows none that reads as advice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final
from zlib import crc32

from als_nlp.measures.behind import THEY, Behind, Need, Parse, behind, named_before
from als_nlp.measures.inquiry import Moment
from als_nlp.transcript import Transcript

Approve = Callable[[Moment, str], bool]
MOST_ABOUT: Final = 2
"""Questions in a session about one and the same thing, if there are others."""

_ABOUT_PEOPLE: Mapping[Need, tuple[str, ...]] = {
    "talking": (
        "What would you most want {x} to understand?",
        "How do you imagine this looks to {x}?",
        "What has been left unsaid between you and {x}?",
    ),
    "limits": (
        "What {does} {they} expect of you, as you see it?",
        "What matters most to {x} in this?",
    ),
    "higher up": (
        "What matters most to {x} in this?",
        "What {does} {they} know of this so far?",
    ),
    "anything": (
        "What matters most to {x} in all this?",
        "How do you imagine this looks to {x}?",
        "What would {they} say is going on here?",
        "What do you not yet know about how {they} {sees} this?",
    ),
}
_ABOUT_THINGS: Mapping[Need, tuple[str, ...]] = {
    "talking": (
        "What would you want others to understand about {x}?",
        "Whose view of {x} have you not heard yet?",
    ),
    "limits": (
        "Where does your part in {x} end, as you see it?",
        "What is it about {x} that keeps you holding on?",
    ),
    "care": (
        "What {does} {they} take out of you?",
        "What keeps you going with {x}?",
    ),
    "evidence": (
        "What do you know about {x}, and what do you guess?",
        "What have you seen yourself of {x}, and what have you been told?",
    ),
    "handing on": (
        "Which part of {x} is truly yours?",
        "Who else has a stake in {x}?",
    ),
    "higher up": (
        "Who has a say over {x}, and what matters to them?",
        "What about {x} is within your own reach?",
    ),
    "how it runs": (
        "What would a good day with {x} look like?",
        "Who {is} {x} working for as it stands, and who not?",
        "What have you learned about {x} so far?",
    ),
    "timing": ("What happens with {x} if nothing changes for a month?",),
    "story": (
        "What has your own experience with {x} taught you?",
        "What is particular about {x} where you are?",
    ),
    "anything": (
        "What is it about {x} that makes this hard?",
        "What matters most to you about {x}?",
        "What have you learned about {x} so far?",
        "What are you assuming about {x}?",
    ),
}
_ABOUT_ANY: Final = (
    "What part {does} {they} play in this, as you see it?",
    "What have you already tried around {x}?",
    "What do you notice in yourself when it comes to {x}?",
)
"""For things that stand for something in the presenter's story without being the matter itself."""
_OPEN: Mapping[Need, tuple[str, ...]] = {
    "limits": (
        "Where does your part in this end, as you see it?",
        "What are you carrying here that nobody has asked you to carry?",
        "What does it cost you to go on as now?",
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


def questions_instead(
    transcript: Transcript, moments: Sequence[Moment], *, parse: Parse, approve: Approve
) -> list[str]:
    """An open question for each piece of advice, varied over the session; empty where none passes.

    The choice depends on the words alone, so that a session always gets the same ones.

    Args:
        transcript: the tagged session, with phases where they are known.
        moments: pieces of advice in it.
        parse: a spaCy pipeline with parser and lemmatizer.
        approve: whether a question, asked in place of the moment, reads as a question.
    """
    used: Counter[str] = Counter()
    once = cache(parse)
    out = []
    for moment in moments:
        found = behind(moment, parse(moment.text), named_before(transcript, moment, once))
        choices = [
            (frame, frame.format_map(_grammar(found)) if "{" in frame else frame)
            for frame in _frames(found, crc32(moment.text.encode()))
        ]
        # the made-to-measure ones first, unless their frame has been heard already
        worn = used[found.about] >= MOST_ABOUT
        ranked = sorted(choices, key=lambda c: (used[c[0]] + worn * ("{" in c[0]), "{" not in c[0]))
        chosen = next((c for c in ranked if approve(moment, c[1])), None)
        if chosen:
            used.update([chosen[0], found.about] if "{" in chosen[0] else [chosen[0]])
        out.append(chosen[1] if chosen else "")
    return out


def _frames(found: Behind, begin: int) -> Iterator[str]:
    frames = _ABOUT_PEOPLE if found.people else _ABOUT_THINGS
    if not found.matter:
        yield from _turned(_ABOUT_ANY, begin)
    elif found.about:
        yield from _turned(frames.get(found.need, frames["anything"]), begin)
        if found.need in frames and found.need != "anything":
            yield from _turned(frames["anything"], begin)
    yield from _turned(_OPEN[found.need], begin)
    if found.need != "anything":
        yield from _turned(_OPEN["anything"], begin)


def _turned(choices: tuple[str, ...], begin: int) -> tuple[str, ...]:
    start = begin % len(choices)
    return (*choices[start:], *choices[:start])


def _grammar(found: Behind) -> dict[str, str]:
    many = found.several
    return {
        "x": found.about,
        "they": THEY.get(found.about, found.about),
        "does": "do" if many else "does",
        "is": "are" if many else "is",
        "sees": "see" if many else "sees",
    }

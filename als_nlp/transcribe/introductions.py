"""Voices get names from what is said: never a guess, always with the evidence.

People introduce themselves ("I'm Seun, I'm with housing options"), are asked ("Seun, what have you
tried?") and thanked ("thanks, Seun"). An introduction weighs most; being called just before one
speaks, or thanked just after, adds to it; saying a name oneself speaks against it. How likely each
voice is each person follows from all ways of giving every name to one voice at most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from als_nlp.captions.turns import is_backchannel
from als_nlp.people import Person
from als_nlp.privacy.roster import Roster
from als_nlp.transcript import Transcript, Turn

INTRODUCED, BEGINS, FACILITATES, THANKED, SPOKEN_OF = 7.0, 4.0, 5.0, 3.0, -1.0
ASKED, TOLD, TOLD_BY_MEMBER = 3.0, 2.0, 1.0
"""How much each kind of evidence weighs: log likelihood ratios, about as they were counted in the
annotated sessions of ``train``. Who is called by a question mostly speaks next; by a statement,
less often. Of 22 facilitators found in sessions that taught nothing, all were the right ones."""
AGAINST, FOR = -6.0, 12.0
"""Bounds of what all evidence for a voice and a name weighs."""
NOBODY: Final = 0.1
"""Chance, beside one for each name, that a voice is nobody on the list."""
MOST_NAMES: Final = 14
SURE: Final = 0.95
LIKELY: Final = 0.7
"""Chance from which on a name is given, and from which on it is worth asking about."""
SHARE_OF_LAST: Final = 8
"""Words from the end of a turn in which a name calls the next speaker."""
EARLY: Final = 900.0
CHECK_IN: Final = 0.1
"""Seconds within which people say who they are, and the share of a session that is check-in."""
_SELF = re.compile(
    r"\b(?:I['’]m|I am|my name['’]?s|my name is)\s+((?:[A-Z][\w'’-]+)(?:\s[A-Z][\w'’-]+)?)"
)
_HERE = re.compile(
    r"^(?:(?:hi|hello|yeah|right|so|okay|well)[,.]?\s+)*([A-Z][\w'’-]+)\s+here\b", re.I
)
_FIRST = re.compile(
    r"^(?:(?:hi|hello|yeah|okay|well|right|so)[,.]?\s+)?([A-Z][\w'’-]+)[,.]\s+\w+", re.I
)
_YOU = re.compile(r"\byou(?:r|['’]\w+)?\b|\?|\b(?:thanks?|sorry|cheers)\b", re.I)
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_THANKS = re.compile(
    r"\b(?i:thanks|thank you|cheers|ta|lovely|great|brilliant)[,.]?\s+([A-Z][\w'’-]+)"
)
_THANKED = re.compile(r"\b([A-Z][\w'’-]+)[,.]?\s+(?i:thanks|thank you|cheers|ta)\b")


class _Find(Protocol):
    """Whose name a word is, if it is one; ``sounds``: or if it merely sounds like one."""

    def __call__(self, word: str, sounds: bool = False) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Named:
    """A voice's name, how sure (0 to 1), and by what: sentences with the time in seconds."""

    name: str
    sure: float
    evidence: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class _Hint:
    speaker: str
    name: str
    weight: float
    start: float
    what: str


def introductions(
    transcript: Transcript,
    people: Sequence[Person] = (),
    *,
    known: Callable[[str], bool],
    persons: Iterable[str] = (),
    facilitator: str | None = None,
) -> dict[str, Named]:
    """Names of speakers (by id) that are likely, and how likely: from ``SURE`` on they are given.

    Args:
        transcript: with speakers that have no names.
        people: the set's people, if there is a list: only their names are given.
        known: whether a word is an ordinary English one.
        facilitator: the speaker who leads the session, if that is known.
        persons: words that are taken for names of people where there is no list.
    """
    find = _on_roster(people, known) if people else _as_written(persons, known)
    hints = list(_hints(transcript, find, facilitator))
    leading = [person.name for person in people if person.role == "facilitator"]
    if facilitator and leading:
        hints.append(_Hint(facilitator, leading[0], FACILITATES, 0.0, "leads the session"))
    # without a list, somebody who is spoken of may not be there at all
    least = 0.0 if people else INTRODUCED - 1
    heard: dict[str, float] = defaultdict(float)
    for hint in hints:
        if hint.weight > least:
            heard[hint.name] += hint.weight
    names = sorted(heard, key=lambda name: (-heard[name], name))[:MOST_NAMES]
    speakers = sorted({hint.speaker for hint in hints})
    weights = np.zeros((len(speakers), len(names)))
    for hint in hints:
        if hint.name in names:
            weights[speakers.index(hint.speaker), names.index(hint.name)] += hint.weight
    silent = len(people) - len(names) if people else 1
    found = chances(np.clip(weights, AGAINST, FOR), NOBODY + max(0, silent))
    out: dict[str, Named] = {}
    for speaker, row in zip(speakers, found, strict=True):
        best = int(row.argmax()) if names else -1
        evidence = tuple(
            (h.start, h.what) for h in hints
            if names and (h.speaker, h.name) == (speaker, names[best]) and h.weight > least
        )  # fmt: skip
        if evidence and row[best] >= LIKELY:
            out[speaker] = Named(names[best], round(float(row[best]), 3), evidence[:5])
    return out


def chances(weights: NDArray[np.float64], nobody: float) -> NDArray[np.float64]:
    """How likely each voice is each person, over all ways of giving a name to one voice at most.

    Args:
        weights: log likelihood ratios, shape (voices, names).
        nobody: weight of a voice that is none of them, where a name without evidence has 1.
    """
    voices, names = weights.shape
    ratios = np.exp(weights)
    taken = np.arange(1 << names)
    without = [np.flatnonzero((taken >> n) & 1 == 0) for n in range(names)]
    forward = np.zeros((voices + 1, len(taken)))
    backward = np.zeros((voices + 1, len(taken)))
    forward[0, 0] = 1
    backward[voices] = 1
    for v in range(voices):
        forward[v + 1] = forward[v] * nobody
        for n, free in enumerate(without):
            forward[v + 1, free | (1 << n)] += forward[v, free] * ratios[v, n]
    for v in reversed(range(voices)):
        backward[v] = backward[v + 1] * nobody
        for n, free in enumerate(without):
            backward[v, free] += backward[v + 1, free | (1 << n)] * ratios[v, n]
    out = np.zeros((voices, names))
    for v in range(voices):
        for n, free in enumerate(without):
            out[v, n] = forward[v, free] @ backward[v + 1, free | (1 << n)] * ratios[v, n]
    return np.asarray(out / backward[0, 0], np.float64)


def _on_roster(people: Sequence[Person], known: Callable[[str], bool]) -> _Find:
    roster = Roster(people, known)

    def find(word: str, sounds: bool = False) -> str | None:
        match = roster.who(re.sub(r"['’]s$", "", word), likely=0.6 * sounds, capital=True)
        return match.person if match and (sounds or match.by in ("name", "nickname")) else None

    return find


def _as_written(persons: Iterable[str], known: Callable[[str], bool]) -> _Find:
    names = frozenset(persons)

    def find(word: str, sounds: bool = False) -> str | None:
        word = re.sub(r"['’]s$", "", word)
        # "I'm Seun": no ordinary word stands there with a capital
        named = word in names or (sounds and word.istitle() and not known(word.lower()))
        return word if named else None

    return find


def _hints(transcript: Transcript, find: _Find, facilitator: str | None) -> Iterator[_Hint]:
    floor = [t for t in transcript.turns if t.speaker and not is_backchannel(t.text)]
    check_in = max(180.0, CHECK_IN * (transcript.source.duration or 0.0))
    for n, turn in enumerate(floor):
        assert turn.speaker
        own = set()
        for name, text, weight in _introduced(turn, find, check_in):
            own.add(name)
            said = f"introduces themselves: “{text}”"
            yield _Hint(turn.speaker, name, weight, turn.start or 0.0, said)
        said_here = set(_names(turn.text, find)) - own
        after = next((t for t in floor[n + 1 : n + 2] if t.speaker != turn.speaker), None)
        before = next((t for t in floor[max(0, n - 1) : n] if t.speaker != turn.speaker), None)
        thanked = {
            find(found.group(1))
            for pattern in (_THANKS, _THANKED)
            for found in pattern.finditer(turn.text)
        }
        for name in sorted(said_here):
            yield _Hint(turn.speaker, name, SPOKEN_OF, turn.start or 0.0, "says the name")
            if name in thanked:
                if before and before.speaker:
                    said = f"is answered with “{_around(turn.text, name, find)}”"
                    yield _Hint(before.speaker, name, THANKED, turn.start or 0.0, said)
            elif after and after.speaker and (called := _called(turn.text, name, find)):
                said = f"speaks after “{called}”"
                told = TOLD if turn.speaker == facilitator else TOLD_BY_MEMBER
                weight = ASKED if turn.text.rstrip("\"'”’ ").endswith("?") else told
                yield _Hint(after.speaker, name, weight, after.start or 0.0, said)


def _called(text: str, name: str, find: _Find) -> str | None:
    """The words with which a turn calls somebody: set off by commas, or at the turn's end."""
    words = text.split()
    for n, word in enumerate(words):
        if not word[:1].isupper() or find(re.sub(r"\W+$", "", word)) != name:
            continue
        begins = n == 0 or words[n - 1][-1] in ".?!,"
        ends = n + 1 == len(words) or not word[-1].isalnum()
        if (begins and ends) or (ends and n + SHARE_OF_LAST >= len(words)):
            return " ".join(words[max(0, n - 3) : n + 5])
    return None


def _around(text: str, name: str, find: _Find) -> str:
    words = text.split()
    at = next(n for n, w in enumerate(words) if find(re.sub(r"\W+$", "", w)) == name)
    return " ".join(words[max(0, at - 3) : at + 3])


def _introduced(turn: Turn, find: _Find, check_in: float) -> Iterator[tuple[str, str, float]]:
    """Names that somebody gives as their own, with the words and the weight."""
    if (turn.start or 0.0) > EARLY:
        return
    for found in (*_SELF.finditer(turn.text), *_HERE.finditer(turn.text)):
        if name := find(found.group(1).split()[0], sounds=True):
            said = turn.text[found.start() :]
            yield name, shorten(said, len(found[0]) + 30, placeholder="…"), INTRODUCED
            return
    if (turn.start or 0.0) > check_in:
        return
    # "Callum, school nurse, and we've nits": a name that begins a turn calls nobody
    first = _FIRST.match(turn.text)
    if first and not _YOU.search(turn.text[:80]) and (name := find(first.group(1))):
        yield name, shorten(turn.text, 40, placeholder="…"), BEGINS


def _names(text: str, find: _Find) -> Iterator[str]:
    for word in _WORD.findall(text):
        if word[:1].isupper() and (name := find(word)):
            yield name

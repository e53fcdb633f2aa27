"""Voices get names from what is said: never a guess, always with the evidence.

People introduce themselves ("I'm Seun, I'm with housing options"), are asked ("Seun, what have you
tried?") and thanked ("thanks, Seun"). An introduction weighs most; being called just before one
speaks, or thanked just after, adds to it; saying a name oneself speaks against it. A voice is named
if what speaks for a name is enough and clearly more than for any other name or voice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from als_nlp.captions.turns import is_backchannel
from als_nlp.people import Person
from als_nlp.privacy.roster import Roster
from als_nlp.transcript import Transcript, Turn

INTRODUCED, CALLED, THANKED, SPOKEN_OF = 4.0, 1.0, 0.7, -1.5
ENOUGH: Final = 1.9
"""Evidence that it takes to name a voice, and how many times the next best it must be."""
CLEARLY: Final = 1.6
SHARE_OF_LAST: Final = 8
"""Words from the end of a turn in which a name calls the next speaker."""
_SELF = re.compile(
    r"\b(?:I['’]m|I am|my name['’]?s|my name is|this is|it['’]s|call me)\s+"
    r"((?:[A-Z][\w'’-]+)(?:\s[A-Z][\w'’-]+)?)"
)
_HERE = re.compile(
    r"^(?:(?:hi|hello|yeah|right|so|okay|well)[,.]?\s+)*([A-Z][\w'’-]+)\s+here\b", re.I
)
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_THANKS = re.compile(
    r"\b(?:thanks|thank you|cheers|ta|lovely|great|brilliant)[,.]?\s+([A-Z][\w'’-]+)"
)


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
) -> dict[str, Named]:
    """Names of speakers (by id) for which there is enough evidence.

    Args:
        transcript: with speakers that have no names.
        people: the set's people, if there is a list: only their names are given.
        known: whether a word is an ordinary English one.
        persons: words that are taken for names of people where there is no list.
    """
    find = _on_roster(people, known) if people else _as_written(persons)
    scores: dict[tuple[str, str], float] = defaultdict(float)
    hints = list(_hints(transcript, find))
    for hint in hints:
        scores[hint.speaker, hint.name] += hint.weight
    out: dict[str, Named] = {}
    for (speaker, name), score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        if speaker in out or name in {n.name for n in out.values()} or score < ENOUGH:
            continue
        rivals = [
            s for (who, what), s in scores.items()
            if (who == speaker) != (what == name) and (who == speaker or who not in out)
        ]  # fmt: skip
        rival = max([0.0, *rivals])
        if score >= CLEARLY * rival:
            evidence = [(h.start, h.what) for h in hints
                        if (h.speaker, h.name) == (speaker, name) and h.weight > 0]  # fmt: skip
            sure = score / (score + rival + 1)
            out[speaker] = Named(name, round(sure, 2), tuple(evidence[:5]))
    return out


def _on_roster(
    people: Sequence[Person], known: Callable[[str], bool]
) -> Callable[[str], str | None]:
    roster = Roster(people, known)

    def find(word: str) -> str | None:
        match = roster.who(word.removesuffix("'s"), likely=0.6, capital=word[:1].isupper())
        return match.person if match else None

    return find


def _as_written(persons: Iterable[str]) -> Callable[[str], str | None]:
    names = frozenset(persons)

    def find(word: str) -> str | None:
        word = re.sub(r"['’]s$", "", word)
        return word if word in names else None

    return find


def _hints(transcript: Transcript, find: Callable[[str], str | None]) -> Iterator[_Hint]:
    floor = [t for t in transcript.turns if t.speaker and not is_backchannel(t.text)]
    for n, turn in enumerate(floor):
        assert turn.speaker
        own = set()
        for name, text in _introduced(turn, find):
            own.add(name)
            said = f"introduces themselves: “{text}”"
            yield _Hint(turn.speaker, name, INTRODUCED, turn.start or 0.0, said)
        after = floor[n + 1] if n + 1 < len(floor) else None
        before = floor[n - 1] if n else None
        last = turn.text.split()[-SHARE_OF_LAST:]
        for name in _names(" ".join(last), find):
            if after and after.speaker and after.speaker != turn.speaker and name not in own:
                said = f"speaks after “{' '.join(last)}”"
                yield _Hint(after.speaker, name, CALLED, after.start or 0.0, said)
        thanked = _THANKS.match(turn.text) or re.match(
            r"(?:\w+[,.]?\s+){0,2}([A-Z][\w'’-]+)[,.]", turn.text
        )
        name_thanked = find(thanked.group(1)) if thanked else None
        if (
            name_thanked
            and name_thanked not in own
            and before
            and before.speaker not in (None, turn.speaker)
        ):
            assert before.speaker
            said = f"is answered with “{' '.join(turn.text.split()[:6])}”"
            yield _Hint(before.speaker, name_thanked, THANKED, turn.start or 0.0, said)
        for name in set(_names(turn.text, find)) - own:
            yield _Hint(turn.speaker, name, SPOKEN_OF, turn.start or 0.0, "says the name")


def _introduced(turn: Turn, find: Callable[[str], str | None]) -> Iterator[tuple[str, str]]:
    early = turn.phase in (None, "check_in")
    if not early:
        return
    for found in (*_SELF.finditer(turn.text), *_HERE.finditer(turn.text)):
        name = find(found.group(1).split()[0])
        if name:
            yield name, turn.text[found.start() : found.end() + 30].strip()


def _names(text: str, find: Callable[[str], str | None]) -> Iterable[str]:
    for word in _WORD.findall(text):
        if word[:1].isupper() and (name := find(word)):
            yield name

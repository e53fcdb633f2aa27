"""Stand-ins in the place of personal data, the same for the same person over a whole cohort."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import jellyfish

from als_nlp.errors import InputError
from als_nlp.files import write_whole
from als_nlp.privacy.found import Found, bare
from als_nlp.transcript import Segment, Speaker, Transcript, Word

NAMES: Final = {
    "PERSON": "Person", "LOCATION": "Place", "ORG": "Organisation", "CONTACT": "Contact",
    "ID": "Number", "DATE": "Date",
}  # fmt: skip
SAME: Final = 0.93
"""Likeness of spelling from which on two unknown names are one person's."""
_WARD: Final = re.compile(r"\bward\b")


@dataclass
class StandIns:
    """Who or what is called what; grows as more is found. Keep one for a whole cohort."""

    given: dict[str, str] = field(default_factory=dict)

    def of(self, found: Found) -> str:
        """The stand-in for something found, in brackets: ``[Person A]``."""
        key = self._key(found)
        if key not in self.given:
            name = NAMES[found.type]
            if found.type == "LOCATION" and _WARD.search(found.key):
                name = "Ward"
            used = sum(v.startswith(f"[{name} ") for v in self.given.values())
            number = _letters(used) if found.type == "PERSON" else str(used + 1)
            self.given[key] = f"[{name} {number}]"
        return self.given[key]

    def _key(self, found: Found) -> str:
        """What this is called among those given; unknown names that are spelt alike are one."""
        exact = f"{found.type}:{found.key}"
        if exact in self.given or found.type != "PERSON":
            return exact
        for key in self.given:
            kind, _, other = key.partition(":")
            if (
                kind == "PERSON"
                and found.by not in ("name", "nickname")
                and min(len(other), len(found.key)) > 3
            ):
                alike = jellyfish.jaro_winkler_similarity(other.casefold(), found.key.casefold())
                if alike >= SAME:
                    return key
        return exact

    def save(self, path: Path) -> None:
        """Write the key: who stands behind which stand-in. Only the owner of the file can read it.

        Raises:
            InputError: if it cannot be written.
        """
        text = json.dumps(self.given, ensure_ascii=False, indent=1) + "\n"
        write_whole(path, text, private=True)

    @classmethod
    def load(cls, path: Path) -> StandIns:
        """Read a key again, so that the next session of a cohort gets the same stand-ins.

        Raises:
            InputError: if it cannot be read.
        """
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"{path} is no key of stand-ins.") from error
        if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
            raise InputError(f"{path} is no key of stand-ins.")
        return cls(given)


def _letters(number: int) -> str:
    """A, B, … Z, AA, AB, …"""
    out = ""
    while True:
        out = chr(ord("A") + number % 26) + out
        number = number // 26 - 1
        if number < 0:
            return out


@dataclass(frozen=True, slots=True)
class Replacement:
    """What was found, the words as said, the stand-in, and the whole word that stands there now."""

    found: Found
    said: str
    stand_in: str
    now: str


@dataclass(frozen=True)
class Anonymised:
    """A transcript without personal data, and what was replaced, in order."""

    transcript: Transcript
    replacements: tuple[Replacement, ...]


def replaced(
    transcript: Transcript, found: Sequence[Found], stand_ins: StandIns | None = None
) -> Anonymised:
    """Replace what was found, and the speakers' names.

    Args:
        transcript: any.
        found: personal data in it, from ``find``.
        stand_ins: those of earlier sessions of the same cohort; new ones are added to it.
    """
    stand_ins = stand_ins if stand_ins is not None else StandIns()
    speakers = tuple(
        replace(s, name=stand_ins.of(Found(-1, 0, 0, "PERSON", s.name, "name", 1.0)))
        if s.name
        else s
        for s in transcript.speakers
    )
    replacements: list[Replacement] = []
    by_turn: dict[int, list[Found]] = {}
    for one in found:
        by_turn.setdefault(one.turn, []).append(one)
    turns = []
    for number, turn in enumerate(transcript.turns):
        here = by_turn.get(number, [])
        made = [_stand_in(turn.words[f.begin : f.end], f, stand_ins) for f in here]
        replacements += [r for r, _ in made]
        new = {f.begin: word for f, (_, word) in zip(here, made, strict=True)}
        gone = {n for f in here for n in range(f.begin, f.end)}
        turns.append(replace(turn, segments=tuple(_segments(turn.segments, new, gone))))
    clean = replace(transcript, speakers=speakers).with_turns(turns)
    return Anonymised(clean, tuple(replacements))


def _stand_in(words: Sequence[Word], found: Found, stand_ins: StandIns) -> tuple[Replacement, Word]:
    said = " ".join(w.text for w in words)
    before = re.match(r"^[^\w@+£$€#\[]*", words[0].text)
    last = words[-1].text
    core = bare(last)
    after = last[last.rfind(core) + len(core) :] if core else ""
    stand_in = stand_ins.of(found)
    text = f"{before[0] if before else ''}{stand_in}{after}"
    word = replace(words[0], text=text, end=words[-1].end)
    return Replacement(found, said, stand_in, text), word


def _segments(
    segments: Iterable[Segment], new: dict[int, Word], gone: set[int]
) -> Iterator[Segment]:
    at = 0
    for piece in segments:
        words: list[Word] = []
        for word in piece.words:
            if at in new:
                words.append(new[at])
            elif at not in gone:
                words.append(word)
            at += 1
        if words:
            yield replace(piece, words=tuple(words))


def as_text(transcript: Transcript) -> str:
    """One paragraph a turn, with who speaks."""
    names: dict[str, Speaker] = {s.id: s for s in transcript.speakers}
    lines = []
    for turn in transcript.turns:
        speaker = names.get(turn.speaker or "")
        name = speaker.name if speaker and speaker.name else None
        lines.append(f"{name}: {turn.text}" if name else turn.text)
    return "\n\n".join(lines) + "\n"

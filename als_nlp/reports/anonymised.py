"""The page on which each replacement can be checked, undone or added before anything is shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from als_nlp import __version__
from als_nlp.privacy.anonymise import Anonymised, Replacement
from als_nlp.reports.pages import page
from als_nlp.transcript import Transcript, Turn

SURE = 0.85
HOW = {
    "name": "a name of the set",
    "nickname": "a short form of a name of the set",
    "initials": "initials of somebody of the set",
    "sound": "sounds like a name of the set",
    "title": "a name after a title",
    "shape": "looks like a number, an address or a date",
    "place": "is called like a place",
    "learned": "stands where names stand",
    "capital": "has a capital and is no ordinary word",
    "spaCy": "looks like a name",
    "said elsewhere": "is a name elsewhere in this session",
    "rare role": "a role that few people have",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stay, or something replaced."""

    words: tuple[str, ...]
    replaced: Replacement | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One stand-in: what it hides, how often, how it was found, and whether to look twice."""

    stand_in: str
    hides: tuple[str, ...]
    times: int
    how: str
    unsure: bool


def check_page(original: Transcript, anonymised: Anonymised, title: str) -> str:
    """The page. It shows what was hidden, so it is for the facilitator alone."""
    by_turn: dict[int, list[Replacement]] = {}
    for one in anonymised.replacements:
        by_turn.setdefault(one.found.turn, []).append(one)
    names = {s.id: s.name for s in anonymised.transcript.speakers}
    turns = [
        (names.get(turn.speaker or "") or "", list(_pieces(turn, by_turn.get(number, []))))
        for number, turn in enumerate(original.turns)
    ]
    return page(
        "anonymised.html",
        title=title,
        version=__version__,
        turns=turns,
        lines=list(_lines(anonymised)),
    )


def _pieces(turn: Turn, replaced: list[Replacement]) -> Iterator[Piece]:
    at = 0
    for one in sorted(replaced, key=lambda r: r.found.begin):
        if one.found.begin > at:
            yield Piece(tuple(w.text for w in turn.words[at : one.found.begin]))
        yield Piece((one.said,), one)
        at = one.found.end
    if at < len(turn.words):
        yield Piece(tuple(w.text for w in turn.words[at:]))


def _lines(anonymised: Anonymised) -> Iterator[Line]:
    grouped: Mapping[str, list[Replacement]] = {}
    for one in anonymised.replacements:
        grouped.setdefault(one.stand_in, []).append(one)  # type: ignore[attr-defined]
    for stand_in, these in grouped.items():
        surest = max(these, key=lambda r: r.found.sure)
        yield Line(
            stand_in,
            tuple(dict.fromkeys(r.said for r in these)),
            len(these),
            HOW[surest.found.by],
            surest.found.sure < SURE,
        )

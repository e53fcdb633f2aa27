"""Every clue that words may be personal data.

The roster, titles, shapes, places, rare roles, what the encoder has learned, capitals, spaCy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np

from als_nlp.privacy import names
from als_nlp.privacy.found import POSSIBLE, Found, Rows, bare, is_capital, sentence_starts, words_of
from als_nlp.privacy.generic import is_generic, names_a_tool, sayings
from als_nlp.privacy.patterns import shapes
from als_nlp.privacy.places import places
from als_nlp.privacy.roles import rare_roles
from als_nlp.privacy.roster import Known, Roster
from als_nlp.transcript import PERSONAL_TYPES, Turn

if TYPE_CHECKING:
    from spacy.language import Language

LIKELY: Final = {"PERSON": 0.3, "LOCATION": 0.15, "ORG": 0.15, "CONTACT": 0.4, "ID": 0.3}
"""Probability from which on what the encoder says is enough alone. Dates need a shape as well."""
STRANGE: Final = 0.15
"""The same for the name of a person that is no ordinary word."""


def candidates(
    number: int,
    turn: Turn,
    learned: Rows,
    roster: Roster,
    known: Known,
    english: Language | None,
) -> Iterator[Found]:
    """What may be personal data in a turn, by every clue there is; the surest is not chosen yet."""
    words = [bare(w.text) for w in turn.words]
    likely = learned[:, PERSONAL_TYPES.index("PERSON")]
    starts = sentence_starts(turn)
    yield from names.of_names(number, turn, words, likely, roster)
    yield from names.of_roster(number, turn, words, likely, starts, roster)
    yield from names.of_initials(number, turn, words, known)
    yield from names.of_titles(number, turn, words, likely, known)
    yield from names.of_calling(number, words, known)
    yield from _of_sayings(number, turn)
    yield from names.of_first_names(number, words, starts, written=english is not None)
    yield from _of_shapes(number, turn)
    yield from _of_places(number, turn, known)
    yield from _of_roles(number, turn)
    yield from _of_encoder(number, words, learned, known)
    if english is not None:
        yield from _of_capitals(number, words, starts, known)
        yield from _of_spacy(number, turn, words, learned, english)


def _of_sayings(number: int, turn: Turn) -> Iterator[Found]:
    """Proverbial people (“Bob’s your uncle”), so that nothing else is found there."""
    for begin, end in sayings(turn.text):
        first, last = words_of(turn, begin, end)
        yield Found(number, first, last, NOBODY, "", "saying", 1.0)


NOBODY: Final = ""
"""The type of what is surely not personal."""


def _of_shapes(number: int, turn: Turn) -> Iterator[Found]:
    for shape in shapes(turn.text):
        begin, end = words_of(turn, shape.begin, shape.end)
        key = turn.text[shape.begin : shape.end].casefold()
        yield Found(number, begin, end, shape.type, key, "shape", shape.sure)


def _of_places(number: int, turn: Turn, known: Known) -> Iterator[Found]:
    for place in places(turn.text, known):
        begin, end = words_of(turn, place.begin, place.end)
        key = re.sub(r"^the ", "", turn.text[place.begin : place.end].casefold())
        yield Found(number, begin, end, place.type, key, "place", place.sure)


def _of_roles(number: int, turn: Turn) -> Iterator[Found]:
    for role in rare_roles(turn.text):
        begin, end = words_of(turn, role.begin, role.end)
        key = turn.text[role.begin : role.end].casefold()
        yield Found(number, begin, end, "PERSON", key, "rare role", role.sure)


def _of_capitals(
    number: int, words: Sequence[str], starts: Sequence[bool], known: Known
) -> Iterator[Found]:
    """A capital inside a sentence on what is no ordinary word, with the capitals that follow it."""
    for n, word in enumerate(words):
        plain = word.casefold()
        if (
            starts[n]
            or not is_capital(word)
            or len(word) < 3
            or known(plain)
            or known(plain.removesuffix("s"))
            or is_generic(plain)
            or (n + 1 < len(words) and names_a_tool(words[n + 1]))
        ):
            continue
        end = n + 1
        while end < len(words) and not starts[end] and is_capital(words[end]):
            if words[end].casefold() in _CALENDAR or len(words[end]) < 2:
                break
            end += 1
        begin = n
        while begin and not starts[begin] and words[begin - 1] in _PARTS_OF_PLACES:
            begin -= 1
        if begin and words[begin - 1].casefold() == "the":
            begin -= 1
        key = " ".join(words[n:end]).casefold()
        yield Found(number, begin, end, "PERSON", key, "capital", 0.55)


_PARTS_OF_PLACES: Final = frozenset(
    "Little Great Upper Lower Old New North South East West St Saint Nether Market".split()
)
_CALENDAR: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december".split()
)


def _of_encoder(number: int, words: Sequence[str], learned: Rows, known: Known) -> Iterator[Found]:
    """Words side by side that the encoder takes for the same kind of thing.

    Places and organisations are one kind here: "Carr Hill" may be either, and half of each.
    """
    strange = np.array([bool(w) and not known(w.casefold()) for w in words])
    kinds = [
        _taken_for(row, odd) if w else None
        for w, row, odd in zip(words, learned, strange, strict=True)
    ]
    begin = 0
    for kind, run in groupby(kinds):
        end = begin + len(list(run))
        if kind is not None:
            text = " ".join(words[begin:end]).casefold()
            tool = end < len(words) and names_a_tool(words[end])
            counted = text.isdigit() and begin and words[begin - 1].casefold() in _COUNTED
            if not is_generic(text) and not tool and not counted:
                mean = dict(zip(PERSONAL_TYPES, learned[begin:end].mean(0), strict=False))
                named = max(("LOCATION", "ORG"), key=mean.__getitem__) if kind == PLACE else kind
                key = re.sub("^the ", "", text)
                sure = float(mean[named])
                yield Found(number, begin, end, named, key, "learned", sure * 0.9)
        begin = end


_COUNTED: Final = frozenset(
    "section part band form page level grade phase question version chapter item step".split()
)
"""What has a number that reaches nobody."""


PLACE: Final = "place or organisation"


def _taken_for(row: Rows, strange: bool) -> str | None:
    """What the encoder takes a word for, if it is likely enough."""
    passed: dict[str, float] = {}
    for column, kind in enumerate(PERSONAL_TYPES):
        least = STRANGE if strange and kind == "PERSON" else LIKELY.get(kind, 2.0)
        if row[column] >= least:
            name = PLACE if kind in ("LOCATION", "ORG") else kind
            passed[name] = passed.get(name, 0.0) + float(row[column])
    return max(passed, key=lambda k: passed[k]) if passed else None


_SPACY: Final = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION",
                 "ORG": "ORG"}  # fmt: skip


def _of_spacy(
    number: int,
    turn: Turn,
    words: Sequence[str],
    learned: Rows,
    english: Language,
) -> Iterator[Found]:
    for entity in english(turn.text).ents:
        kind = _SPACY.get(entity.label_)
        if kind is None or not entity.text[0].isupper() or is_generic(entity.text.casefold()):
            continue
        begin, end = words_of(turn, entity.start_char, entity.end_char)
        # spaCy takes many a capital for a name: the encoder must at least not rule it out
        if learned[begin:end, PERSONAL_TYPES.index(kind)].max(initial=0) < POSSIBLE:
            continue
        if names_a_tool(words[end - 1]) or (end < len(words) and names_a_tool(words[end])):
            continue
        key = re.sub("^the ", "", " ".join(words[begin:end]).casefold())
        yield Found(number, begin, end, kind, key, "spaCy", 0.6)

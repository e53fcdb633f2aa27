"""Every clue that words may be personal data.

The roster, titles, shapes, places, rare roles, what the encoder has learned, capitals, spaCy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.privacy.generic import is_generic, names_a_tool, sayings
from als_nlp.privacy.patterns import shapes
from als_nlp.privacy.places import places
from als_nlp.privacy.roles import rare_roles
from als_nlp.privacy.roster import FIRST_NAMES, Known, Roster
from als_nlp.transcript import PERSONAL_TYPES, Turn

if TYPE_CHECKING:
    from spacy.language import Language

Rows = NDArray[np.float64]

LIKELY: Final = {"PERSON": 0.4, "LOCATION": 0.3, "ORG": 0.3, "CONTACT": 0.4, "ID": 0.3}
"""Probability from which on what the encoder says is enough alone. Dates need a shape as well."""
STRANGE: Final = 0.15
"""The same for the name of a person that is no ordinary word."""
FEWEST_DIGITS: Final = 4
"""Digits of a number that somebody can be reached by, where only the encoder takes it for one."""
POSSIBLE: Final = 0.05
"""Probability below which the encoder rules out what others suspect."""
TITLES: Final = frozenset(
    "mr mrs ms miss mister missus dr doctor prof professor sister matron nurse auntie aunty uncle "
    "councillor reverend father rev sir lady lord dame pc sergeant sgt constable inspector captain "
    "major colonel canon imam rabbi pastor ate kuya tita tito hajia alhaji".split()
)
_NOT_NAMES: Final = frozenset(
    "the a an and or of in on at to from for who is was said says has had i you he she they we it "
    "so but not no yes on call charge nurse sister manager team lead bank ward list one two".split()
)
_STOPS: Final = re.compile(r"[,;:?!…]|[.][\"'”’]|[\"'”’]$")
_STRIP: Final = re.compile(r"^[^\w@+£$€#]+|[^\w]+$")
_POSSESSIVE: Final = re.compile(r"['’]s?$|['’]s(?=\W*$)", re.I)


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data: which words of which turn (``end`` excluded), its type, how it was found.

    ``key`` tells who or what is meant: the same key gets the same stand-in.
    """

    turn: int
    begin: int
    end: int
    type: str
    key: str
    by: str
    sure: float


def bare(word: str) -> str:
    """A word without punctuation around it and without a possessive."""
    return _POSSESSIVE.sub("", _STRIP.sub("", word))


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
    starts = _sentence_starts(turn)
    yield from _of_names(number, turn, words, likely, roster)
    yield from _of_roster(number, turn, words, likely, starts, roster)
    yield from _of_initials(number, turn, words, known)
    yield from _of_titles(number, turn, words, likely, known)
    yield from _of_calling(number, words, known)
    yield from _of_sayings(number, turn)
    yield from _of_shapes(number, turn)
    yield from _of_places(number, turn, known)
    yield from _of_roles(number, turn)
    yield from _of_encoder(number, words, learned, known)
    if english is not None:
        yield from _of_capitals(number, words, starts, known)
        yield from _of_first_names(number, words, starts)
        yield from _of_spacy(number, turn, words, learned, english)


def _sentence_starts(turn: Turn) -> list[bool]:
    return [
        n == 0
        or turn.words[n].text.startswith(('"', "“", "‘", "'"))
        or turn.words[n - 1].text.rstrip("\"'”’)").endswith((".", "?", "!", "…", ":"))
        for n in range(len(turn.words))
    ]


def _of_names(
    number: int, turn: Turn, words: Sequence[str], likely: Rows, roster: Roster
) -> Iterator[Found]:
    """Words side by side that make a known name together; "will read" must look like one."""
    joined = [
        roster.together(words[n], words[n + 1])
        if turn.words[n].text.endswith(words[n]) and turn.words[n + 1].text.startswith(words[n + 1])
        else None
        for n in range(len(words) - 1)
    ]
    begin = 0
    for person, run in groupby(joined):
        end = begin + len(list(run))
        if person is not None and (
            roster.telling(words[begin : end + 1])
            or words[end][0].isupper()
            or likely[begin : end + 1].max() >= 0.2
        ):
            yield Found(number, begin, end + 1, "PERSON", person, "name", 0.99)
        begin = end


def _of_roster(
    number: int,
    turn: Turn,
    words: Sequence[str],
    likely: Rows,
    starts: Sequence[bool],
    roster: Roster,
) -> Iterator[Found]:
    for n, word in enumerate(words):
        if not word:
            continue
        capital = word[0].isupper() and (not starts[n] or does_something(turn, words, n))
        if match := roster.who(word, likely=float(likely[n]), capital=capital):
            yield Found(number, n, n + 1, "PERSON", match.person, match.by, match.sure)
        elif (
            n + 1 < len(words)
            and likely[n : n + 2].max() >= POSSIBLE
            and (match := roster.both(word, words[n + 1]))
        ):
            yield Found(number, n, n + 2, "PERSON", match.person, match.by, match.sure)


def does_something(turn: Turn, words: Sequence[str], n: int) -> bool:
    """Whether the first word of a sentence is spoken to or does something, as people are and do."""
    if words[n].casefold() not in FIRST_NAMES:
        return False
    if turn.words[n].text != words[n]:
        return turn.words[n].text.endswith((",", "'s", "’s"))
    after = words[n + 1].casefold() if n + 1 < len(words) else ""
    return after in _DOES or after == words[n].casefold()


_DOES: Final = frozenset(
    (
        "is isn't was wasn't has hasn't had said says went goes did didn't does doesn't left and "
        "who would wouldn't could couldn't just never always came told asked rang got gave took "
        "knew knows thinks thought wants wanted needs kept keeps made makes from rose"
    ).split()
)


def _of_initials(number: int, turn: Turn, words: Sequence[str], known: Known) -> Iterator[Found]:
    """“P. Akhtar”: a letter and a name."""
    for n in range(len(words) - 1):
        first, last = words[n], words[n + 1]
        letter = len(first) == 1 and first != "I" and turn.words[n].text == f"{first}."
        if letter and first.isupper() and _is_capital(last) and not known(last.casefold()):
            end = n + 2
            while end < len(words) and turn.words[end - 1].text[-1:].isalpha():
                if not (_is_capital(words[end]) and not known(words[end].casefold())):
                    break
                end += 1
            yield Found(number, n, end, "PERSON", last.casefold(), "title", 0.93)


def _of_first_names(number: int, words: Sequence[str], starts: Sequence[bool]) -> Iterator[Found]:
    """A first name that is also a word, where only the name has a capital (“ask Joy”)."""
    for n, word in enumerate(words):
        if starts[n] or not _is_capital(word) or word.casefold() not in FIRST_NAMES:
            continue
        before = words[n - 1].casefold()
        after = words[n + 1].casefold() if n + 1 < len(words) else ""
        if before not in _DETERMINERS and not names_a_tool(after):
            yield Found(number, n, n + 1, "PERSON", word.casefold(), "first name", 0.8)


_DETERMINERS: Final = frozenset("the a an my your his her our their this that some any no".split())


def _of_sayings(number: int, turn: Turn) -> Iterator[Found]:
    """Proverbial people (“Bob’s your uncle”), so that nothing else is found there."""
    for begin, end in sayings(turn.text):
        first, last = _words_of(turn, begin, end)
        yield Found(number, first, last, NOBODY, "", "saying", 1.0)


NOBODY: Final = ""
"""The type of what is surely not personal."""


def _of_titles(
    number: int, turn: Turn, words: Sequence[str], likely: Rows, known: Known
) -> Iterator[Found]:
    for n in range(len(words) - 1):
        # "his father's slippers", "Good morning, Sister. Nine years": no name follows
        ends = _STRIP.sub("", turn.words[n].text) != words[n] or _STOPS.search(turn.words[n].text)
        if words[n].casefold().rstrip(".") not in TITLES or ends:
            continue
        both = (
            n + 3 < len(words)
            and words[n + 1].casefold() in ("and", "&")
            and words[n + 2].casefold().rstrip(".") in TITLES
        )
        at = n + 3 if both else n + 1
        name = words[at]
        if not name or name.casefold() in _NOT_NAMES or not name[0].isalpha():
            continue
        strange = not known(name.casefold()) and likely[at] >= POSSIBLE
        named = name[0].isupper() if words[n][0].isupper() else strange
        if named or likely[at] >= 0.2:
            yield Found(number, n, at + 1, "PERSON", name.casefold(), "title", 0.93)


def _of_shapes(number: int, turn: Turn) -> Iterator[Found]:
    for shape in shapes(turn.text):
        begin, end = _words_of(turn, shape.begin, shape.end)
        key = turn.text[shape.begin : shape.end].casefold()
        yield Found(number, begin, end, shape.type, key, "shape", shape.sure)


def _of_places(number: int, turn: Turn, known: Known) -> Iterator[Found]:
    for place in places(turn.text, known):
        begin, end = _words_of(turn, place.begin, place.end)
        key = re.sub(r"^the ", "", turn.text[place.begin : place.end].casefold())
        yield Found(number, begin, end, place.type, key, "place", place.sure)


def _of_roles(number: int, turn: Turn) -> Iterator[Found]:
    for role in rare_roles(turn.text):
        begin, end = _words_of(turn, role.begin, role.end)
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
            or not _is_capital(word)
            or len(word) < 3
            or known(plain)
            or known(plain.removesuffix("s"))
            or is_generic(plain)
            or (n + 1 < len(words) and names_a_tool(words[n + 1]))
        ):
            continue
        end = n + 1
        while end < len(words) and not starts[end] and _is_capital(words[end]):
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


def _is_capital(word: str) -> bool:
    """A capital and small letters, in any alphabet; "Anne-Marie" has two such parts."""
    return word[:1].isupper() and all(
        len(part) > 1 and part.isalpha() and part[1:].islower() for part in _PARTS.split(word)
    )


_PARTS: Final = re.compile(r"[-'’]")
_PARTS_OF_PLACES: Final = frozenset(
    "Little Great Upper Lower Old New North South East West St Saint Nether Market".split()
)
_CALENDAR: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december".split()
)


def _of_calling(number: int, words: Sequence[str], known: Known) -> Iterator[Found]:
    """“I'll call her Anya”, “my name's Anya”: what follows is a name, if it is no ordinary word."""
    for n, word in enumerate(words):
        before = [w.casefold() for w in words[max(0, n - 2) : n]]
        called = before[-1:] in (["called"], ["named"]) or (
            len(before) == 2
            and (before[0], before[1]) in {(c, w) for c in _CALLING for w in ("her", "him", "them")}
        )
        named = before == ["name", "is"] or before[-1:] in (["name's"], ["name’s"])
        if len(before) == 2 and before[1] == "the" and before[0] in _CALLING and word[:1].isupper():
            yield Found(number, n - 1, n + 1, "PERSON", word.casefold(), "title", 0.9)
        elif (called or named) and word and _may_be_called(word, known):
            yield Found(number, n, n + 1, "PERSON", word.casefold(), "title", 0.9)


def _may_be_called(word: str, known: Known) -> bool:
    plain = word.casefold()
    strange = plain in FIRST_NAMES or not known(plain)
    return word[0].isalpha() and strange and plain not in _FUSED and not is_generic(plain)


_FUSED: Final = frozenset(
    "shes hes its theyre youre ive im dont doesnt didnt wont cant isnt wasnt thats whats".split()
)
"""Words from which recognition has left out the apostrophe."""
_CALLING: Final = ("call", "called", "calls", "calling")


def _of_encoder(number: int, words: Sequence[str], learned: Rows, known: Known) -> Iterator[Found]:
    strange = np.array([bool(w) and not known(w.casefold()) for w in words])
    for column, kind in enumerate(PERSONAL_TYPES):
        if kind not in LIKELY:
            continue
        inside = learned[:, column] >= LIKELY[kind]
        if kind == "PERSON":
            inside |= strange & (learned[:, column] >= STRANGE)
        n = 0
        while n < len(words):
            if not inside[n] or not words[n]:
                n += 1
                continue
            end = n
            while end < len(words) and inside[end]:
                end += 1
            text = " ".join(words[n:end]).casefold()
            tool = end < len(words) and names_a_tool(words[end])
            few = kind == "CONTACT" and text.isdigit() and len(text) < FEWEST_DIGITS
            if not is_generic(text) and not tool and not few:
                sure = float(learned[n:end, column].mean())
                yield Found(number, n, end, kind, re.sub("^the ", "", text), "learned", sure * 0.9)
            n = end


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
        begin, end = _words_of(turn, entity.start_char, entity.end_char)
        # spaCy takes many a capital for a name: the encoder must at least not rule it out
        if learned[begin:end, PERSONAL_TYPES.index(kind)].max(initial=0) < POSSIBLE:
            continue
        if names_a_tool(words[end - 1]) or (end < len(words) and names_a_tool(words[end])):
            continue
        key = re.sub("^the ", "", " ".join(words[begin:end]).casefold())
        yield Found(number, begin, end, kind, key, "spaCy", 0.6)


def _words_of(turn: Turn, begin: int, end: int) -> tuple[int, int]:
    """Which words stand between two characters of a turn's text."""
    at, inside = 0, []
    for n, word in enumerate(turn.words):
        if at < end and at + len(word.text) > begin:
            inside.append(n)
        at += len(word.text) + 1
    return (inside[0], inside[-1] + 1) if inside else (0, 0)

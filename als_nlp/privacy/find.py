"""Where personal data stands in a transcript.

Of all clues the surest counts, and what one place makes certain holds in the whole session.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from als_nlp.name_key import name_key
from als_nlp.people import Person
from als_nlp.privacy.clues import NOBODY, candidates
from als_nlp.privacy.found import Found, Rows, bare
from als_nlp.privacy.generic import is_generic
from als_nlp.privacy.names import TITLES, does_something
from als_nlp.privacy.roster import WORDS_TOO, Known, Roster, people_of
from als_nlp.transcript import PERSONAL_TYPES, Transcript

if TYPE_CHECKING:
    from spacy.language import Language

SURNAME: Final = 0.1
"""Probability from which on a word right after a first name is part of it."""
STRANGE_SURNAME: Final = 0.005
"""The same for what is no ordinary word."""
CERTAIN: Final = 0.85
"""Probability from which on a word is a name wherever else it is said in the session."""
_INITIAL: Final = re.compile(r"[A-Z]\.")
_EPITHETS: Final = frozenset("big wee little young old".split())


def find(
    transcript: Transcript,
    *,
    people: Sequence[Person] = (),
    learned: Rows,
    known: Known,
    english: Language | None = None,
) -> tuple[Found, ...]:
    """All personal data in a transcript, in order, none overlapping another.

    Args:
        transcript: any; speakers' names are known people.
        people: more people that are known, with nicknames and other spellings.
        learned: (words, types + 1) probabilities, as ``Tagger.personal`` gives them.
        known: whether a word is an ordinary English one.
        english: a spaCy pipeline with entities, for talk that has capitals.
    """
    names = [s.name for s in transcript.speakers if s.name]
    roster = Roster(people_of(names, people), known)
    if english is not None and not capitals_tell(transcript):
        english = None
    found: list[Found] = []
    at = 0
    for number, turn in enumerate(transcript.turns):
        rows = learned[at : at + len(turn.words)]
        at += len(turn.words)
        clues = candidates(number, turn, rows, roster, known, english)
        found += (f for f in _without_overlaps(list(clues)) if f.type != NOBODY)
    found = _whole_names(transcript, _everywhere(transcript, found, known), learned, known)
    return tuple(sorted(_merged(transcript, found), key=lambda f: (f.turn, f.begin)))


def capitals_tell(transcript: Transcript) -> bool:
    """Whether sentences are of a length that leaves a capital inside one its meaning.

    Some recognisers put stops, and so capitals, after every few words.
    """
    words = [word.text for turn in transcript.turns for word in turn.words]
    return len(words) >= SHORTEST_SENTENCE * sum(w.endswith((".", "?", "!")) for w in words)


SHORTEST_SENTENCE: Final = 4.5
"""Words of a sentence, on average, below which capitals say nothing."""


def _without_overlaps(candidates: Sequence[Found]) -> list[Found]:
    """The surest of those that overlap, grown over what the others add."""
    kept: list[Found] = []
    for one in sorted(candidates, key=lambda f: (-round(f.sure, 1), f.begin - f.end)):
        over = [n for n, k in enumerate(kept) if one.end > k.begin and one.begin < k.end]
        if one.end <= one.begin:
            continue
        if not over:
            kept.append(one)
        elif len(over) == 1 and one.by in _WIDER:
            first = kept[over[0]]
            kept[over[0]] = replace(
                first, begin=min(first.begin, one.begin), end=max(first.end, one.end)
            )
    return kept


_WIDER: Final = ("place", "shape", "capital")
"""How something was found whose edges are to be trusted beside a surer one's."""


def _everywhere(transcript: Transcript, found: list[Found], known: Known) -> list[Found]:
    """A name that is certain in one place is one wherever else it is said."""
    certain: dict[str, Found] = {}
    ambiguous: dict[str, Found] = {}
    counts: Counter[str] = Counter()
    for one in found:
        if one.by in ("name", "nickname"):
            continue  # each of its places was weighed by itself
        word = name_key(bare(transcript.turns[one.turn].words[one.end - 1].text))
        if _is_number(word):
            certain.setdefault(word, one)
        elif (one.end == one.begin + 1 or one.by == "title") and one.type in (
            "PERSON",
            "LOCATION",
            "ORG",
        ):
            counts[word] += 1
            ordinary = known(word) and counts[word] < 3
            if one.sure >= CERTAIN * 0.9 and not ordinary and len(word) > 2:
                certain.setdefault(word, one)
            elif word in WORDS_TOO:
                ambiguous.setdefault(word, one)
    taken = {(f.turn, n) for f in found for n in range(f.begin, f.end)}
    more = []
    for number, turn in enumerate(transcript.turns):
        words = [bare(w.text) for w in turn.words]
        for n, said in enumerate(words):
            source = certain.get(name_key(said))
            if source is None and said.istitle() and does_something(turn, words, n):
                source = ambiguous.get(name_key(said))
            if source is not None and (number, n) not in taken:
                more.append(replace(source, turn=number, begin=n, end=n + 1, by="said elsewhere"))
    return [*found, *more]


def _whole_names(
    transcript: Transcript, found: Sequence[Found], learned: Rows, known: Known
) -> list[Found]:
    """Names with the title or epithet before them (“big Jean”) and the word after them.

    The latter if it looks at all like a name (“colin baxter”); words that are something else
    already stay so.
    """
    taken = {(f.turn, n) for f in found for n in range(f.begin, f.end)}
    begins = np.cumsum([0, *(len(t.words) for t in transcript.turns)])
    likely = learned[:, PERSONAL_TYPES.index("PERSON")]
    out = []
    for one in found:
        if one.type != "PERSON" or one.by == "rare role":
            out.append(one)
            continue
        words, begin, end = transcript.turns[one.turn].words, one.begin, one.end
        before = words[begin - 1].text if begin else ""
        named_with_it = before.casefold().rstrip(".") in TITLES | _EPITHETS
        if (named_with_it or _INITIAL.fullmatch(before)) and (one.turn, begin - 1) not in taken:
            begin -= 1
        if (
            end < len(words)
            and (one.turn, end) not in taken
            and words[end - 1].text[-1:].isalpha()
            and not is_generic(bare(words[end].text))
            and likely[begins[one.turn] + end]
            >= (SURNAME if known(bare(words[end].text).casefold()) else STRANGE_SURNAME)
        ):
            end += 1
        taken |= {(one.turn, begin), (one.turn, end - 1)}
        out.append(replace(one, begin=begin, end=end))
    return out


def _is_number(word: str) -> bool:
    """A number long enough to be the same one wherever it is said; years are not."""
    return word.isdigit() and len(word) >= 4 and word[:2] not in ("19", "20")


def _merged(transcript: Transcript, found: Sequence[Found]) -> Iterator[Found]:
    """First and last name of one person that stand side by side are one."""
    ordered = sorted(found, key=lambda f: (f.turn, f.begin))
    at = 0
    while at < len(ordered):
        one = ordered[at]
        at += 1
        while (
            at < len(ordered)
            and one.type == ordered[at].type == "PERSON"
            and one.turn == ordered[at].turn
            and one.end == ordered[at].begin
            and transcript.turns[one.turn].words[one.end - 1].text[-1:].isalpha()
            and (one.key == ordered[at].key or "name" not in (one.by, ordered[at].by))
        ):
            one = replace(one, end=ordered[at].end)
            at += 1
        yield one

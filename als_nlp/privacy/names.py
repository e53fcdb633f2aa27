"""Clues that somebody is named, by the way people are spoken of and to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from als_nlp.privacy.found import POSSIBLE, STRIP, Found, Rows, is_capital
from als_nlp.privacy.generic import is_generic, names_a_tool
from als_nlp.privacy.roster import WORDS_TOO, Known, Roster
from als_nlp.transcript import Turn

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


def of_names(
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


def of_roster(
    number: int,
    turn: Turn,
    words: Sequence[str],
    likely: Rows,
    starts: Sequence[bool],
    roster: Roster,
) -> Iterator[Found]:
    """People that are known, by name, nickname, initials, or what recognition makes of them."""
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
    if words[n].casefold() not in WORDS_TOO:
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


def of_initials(number: int, turn: Turn, words: Sequence[str], known: Known) -> Iterator[Found]:
    """“P. Akhtar”: a letter and a name."""
    for n in range(len(words) - 1):
        first, last = words[n], words[n + 1]
        letter = len(first) == 1 and first != "I" and turn.words[n].text == f"{first}."
        if letter and first.isupper() and is_capital(last) and not known(last.casefold()):
            end = n + 2
            while end < len(words) and turn.words[end - 1].text[-1:].isalpha():
                if not (is_capital(words[end]) and not known(words[end].casefold())):
                    break
                end += 1
            yield Found(number, n, end, "PERSON", last.casefold(), "title", 0.93)


def of_first_names(
    number: int, words: Sequence[str], starts: Sequence[bool], written: bool
) -> Iterator[Found]:
    """Common first names; one that is also a word only where the name alone has a capital."""
    for n, word in enumerate(words):
        plain = word.casefold()
        if plain in WORDS_TOO:
            named = written and is_capital(word) and not starts[n]
            named = named and words[n - 1].casefold() not in _DETERMINERS
        else:
            named = plain in first_names() and (is_capital(word) or not written)
        if named and not (n + 1 < len(words) and names_a_tool(words[n + 1])):
            yield Found(number, n, n + 1, "PERSON", plain, "first name", 0.8)


@cache
def first_names() -> frozenset[str]:
    """Common first names that are no English words, in small letters."""
    lines = Path(__file__).with_name("first_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(" ".join(line for line in lines if line[0] != "#").split())


_DETERMINERS: Final = frozenset("the a an my your his her our their this that some any no".split())


def of_titles(
    number: int, turn: Turn, words: Sequence[str], likely: Rows, known: Known
) -> Iterator[Found]:
    """What follows a title: “Dr Lindqvist”, “Mr and Mrs Okafor”."""
    for n in range(len(words) - 1):
        # "his father's slippers", "Good morning, Sister. Nine years": no name follows
        ends = STRIP.sub("", turn.words[n].text) != words[n] or _STOPS.search(turn.words[n].text)
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


def of_calling(number: int, words: Sequence[str], known: Known) -> Iterator[Found]:
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
    strange = plain in WORDS_TOO or not known(plain)
    return word[0].isalpha() and strange and plain not in _FUSED and not is_generic(plain)


_FUSED: Final = frozenset(
    "shes hes its theyre youre ive im dont doesnt didnt wont cant isnt wasnt thats whats".split()
)
"""Words from which recognition has left out the apostrophe."""
_CALLING: Final = ("call", "called", "calls", "calling")

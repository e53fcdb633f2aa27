"""Which ``Name:`` at the beginning of a line is a speaker, decided over a whole file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_PREFIX = re.compile(r"^(?:>>\s*)?([^\W\d_][^:<>/@\n]{0,59}?)\s*:(?:\s+|$)(.*)$", re.S)
_SENTENCE = re.compile(r"[?!;\"“”]|\.\s+\w{3,}|,.*,")
_SMALL = frozenset({"de", "da", "di", "del", "van", "von", "der", "den", "la", "le", "el", "al",
                    "bin", "ben", "of", "and", "the", "y", "e", "ap", "ó"})  # fmt: skip
MOST_WORDS = 6
CONSISTENT = 0.2
"""Share of lines with a speaker from which a file counts as one that names its speakers."""


def speakers_in(texts: Sequence[str]) -> frozenset[str]:
    """The names that stand before a colon at the beginning of texts and are speakers.

    A name begins like one (capitals or all capitals, few words, no clock time, no web address) and
    recurs; a name heard once counts only in a file that names its speakers throughout.
    """
    found: Counter[str] = Counter()
    for text in texts:
        match = _PREFIX.match(text)
        if match and _like_a_name(match[1]):
            found[match[1]] += 1
    recurring = {name for name, count in found.items() if count > 1}
    named = sum(found[name] for name in recurring)
    if recurring and sum(found.values()) >= CONSISTENT * len(texts):
        return frozenset(found)
    if len(found) > 1 and sum(found.values()) >= 0.8 * len(texts):
        return frozenset(found)
    return frozenset(recurring) if named >= 3 else frozenset()


def split(text: str, names: Iterable[str]) -> tuple[str | None, str]:
    """(speaker, what they say) if the text begins with one of the names and a colon."""
    match = _PREFIX.match(text)
    if match and match[1] in names:
        return match[1], match[2].strip()
    return None, text


def _like_a_name(name: str) -> bool:
    words = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", name).replace(",", " ").split()
    if not 0 < len(words) <= MOST_WORDS or _SENTENCE.search(name):
        return False
    return all(
        word[:1].isupper() or word.lower() in _SMALL or not word[:1].isalpha() for word in words
    )

"""Names as meeting software writes them, brought into one form a person."""

from __future__ import annotations

import re
import unicodedata

from als_nlp.captions.cues import visible

_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
_BRACKET = re.compile(r"[()\[\]]")
_LAST_FIRST = re.compile(r"^([^\W\d_][\w'’ -]*), ([^\W\d_][\w'’ .-]*)$")
_SUFFIX = frozenset({"jr", "sr", "md", "phd", "rn", "rgn", "obe", "mbe"})
_UNKNOWN = re.compile(r"^(unknown|unidentified|unattributed)( speaker| participant)?$", re.I)
_EDGES = " :;,-–"
LONGEST = 80
MOST_READ = 400
"""Characters that are kept of a name, and that are looked at to find it."""


def key(name: str) -> str:
    """What spellings of one name have in common: letter case and composed accents are ignored."""
    return unicodedata.normalize("NFKC", name).casefold()


def tidy(raw: str) -> str | None:
    """``Okafor, Helen (Guest)`` → ``Helen Okafor``; ``None`` if no name is left.

    Asides in brackets go ("(Guest)", "[NHS]", "(she/her)"), unless the name is nothing else.
    """
    raw = before = visible(raw[:MOST_READ])
    while (name := _ASIDE.sub(" ", before)) != before:  # brackets stand in brackets
        before = name
    name = visible(name) or visible(_BRACKET.sub(" ", raw))
    match = _LAST_FIRST.match(name)
    if match and match[2].strip(". ").lower() not in _SUFFIX:
        name = f"{match[2].strip()} {match[1].strip()}"
    name = name.strip(_EDGES)[:LONGEST].strip(_EDGES)
    return None if not name or _UNKNOWN.match(name) else name


class NameBook:
    """Everybody met so far, in order, under the first spelling seen; letter case is ignored."""

    def __init__(self) -> None:
        self._by_key: dict[str, str] = {}
        self._by_spelling: dict[str, str | None] = {}

    def person(self, raw: str | None) -> str | None:
        """The one name of the person written as ``raw``; ``None`` stays ``None``."""
        if raw is None:
            return None
        if raw not in self._by_spelling:
            name = tidy(raw)
            self._by_spelling[raw] = name and self._by_key.setdefault(key(name), name)
        return self._by_spelling[raw]

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(self._by_key.values())

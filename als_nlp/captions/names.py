"""Names as meeting software writes them, brought into one form a person."""

from __future__ import annotations

import re

_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_LAST_FIRST = re.compile(r"^([^\W\d_][\w'’ -]*), ([^\W\d_][\w'’ .-]*)$")
_SUFFIX = frozenset({"jr", "sr", "md", "phd", "rn", "rgn", "obe", "mbe"})
_UNKNOWN = re.compile(r"^(unknown|unidentified|unattributed)( speaker| participant)?$", re.I)
LONGEST = 80


def tidy(raw: str) -> str | None:
    """``Okafor, Helen (Guest)`` → ``Helen Okafor``; ``None`` if no name is left.

    Asides in brackets go ("(Guest)", "[NHS]", "(she/her)"), unless the name is nothing else.
    """
    name = " ".join(_ASIDE.sub("", raw).split()) or " ".join(raw.strip("()[] ").split())
    match = _LAST_FIRST.match(name)
    if match and match[2].strip(". ").lower() not in _SUFFIX:
        name = f"{match[2].strip()} {match[1].strip()}"
    name = name.strip(" :;,-–")
    return None if not name or _UNKNOWN.match(name) else name[:LONGEST]


class NameBook:
    """Everybody met so far, in order, under the first spelling seen; letter case is ignored."""

    def __init__(self) -> None:
        self._by_key: dict[str, str] = {}

    def person(self, raw: str | None) -> str | None:
        """The one name of the person written as ``raw``; ``None`` stays ``None``."""
        name = None if raw is None else tidy(raw)
        return None if name is None else self._by_key.setdefault(name.casefold(), name)

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(self._by_key.values())

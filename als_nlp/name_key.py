"""What the spellings of one name have in common, wherever it is written."""

from __future__ import annotations

import unicodedata
from typing import Final

_PLAIN: Final = str.maketrans(
    {**dict.fromkeys("’‘ʼ´`", "'"), "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)
"""Apostrophes as they are typed, and letters that Unicode does not take apart."""


def name_key(name: str) -> str:
    """``ZOË  O’Brien`` → ``zoe o'brien``: letter case, accents, kinds of apostrophe are ignored."""
    apart = unicodedata.normalize("NFKD", name.translate(_PLAIN)).casefold()
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def first_key(name: str) -> str:
    """The same of a name's first word alone."""
    return name_key(name).partition(" ")[0]

"""Named themes: a programme's own list, or the bundled one for health and care."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from als_nlp.errors import InputError

_ID = re.compile(r"[a-z0-9_-]{1,40}\Z")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme by its id, with the name that people read, what it is about, and what people say.

    Themes of one ``family`` are told together where too few people stand behind one alone;
    ``question`` is what a report leaves an organisation to think about. Both may be empty.
    """

    id: str
    name: str
    about: str
    phrases: tuple[str, ...]
    family: str = ""
    question: str = ""

    @property
    def sentence(self) -> str:
        """All of it in one text."""
        return f"{self.name}. {self.about} " + " ".join(f"{p.rstrip('.')}." for p in self.phrases)


def bundled_themes() -> tuple[Theme, ...]:
    """The themes of challenges in health and care that come with the package."""
    text = (files("als_nlp.themes") / "themes.toml").read_text(encoding="utf-8")
    return _themes(text, "themes.toml")


def read_themes(path: Path) -> tuple[Theme, ...]:
    """A programme's own ``themes.toml``.

    Raises:
        InputError: if it cannot be read, or a theme lacks what it needs, naming it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: it should be a text file of themes.") from error
    return _themes(text, str(path))


def _themes(text: str, where: str) -> tuple[Theme, ...]:
    try:
        tables = tomllib.loads(text).get("theme", [])
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where} is no TOML file: {error}.") from error
    if not isinstance(tables, list) or not tables:
        raise InputError(f"{where} names no theme: write each under its own [[theme]].")
    found = tuple(_theme(t, f"{where}, [[theme]] number {n}") for n, t in enumerate(tables, 1))
    for id, count in Counter(t.id for t in found).items():
        if count > 1:
            raise InputError(f"{where}: two themes have the id '{id}'.")
    return found


def _theme(table: object, where: str) -> Theme:
    if not isinstance(table, dict):
        raise InputError(f"{where}: write id, name, about and phrases.")
    id, name, about = (str(table.get(key, "")).strip() for key in ("id", "name", "about"))
    phrases = table.get("phrases", [])
    if not _ID.match(id):
        raise InputError(f"{where}: the id '{id}' should be small letters, digits, - and _.")
    if not name or not (about or phrases):
        raise InputError(f"{where}: needs a name, and what it is about or phrases.")
    if not isinstance(phrases, list):
        raise InputError(f'{where}: write phrases as a list, ["…", "…"].')
    said = tuple(str(p).strip() for p in phrases)
    family, question = (str(table.get(key, "")).strip() for key in ("family", "question"))
    return Theme(id, name, about, said, family, question)

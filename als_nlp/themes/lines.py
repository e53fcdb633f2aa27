"""Challenges and their themes as JSON lines."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from als_nlp.errors import InputError
from als_nlp.themes.find import Item, Themes


def read_items(path: Path) -> list[Item]:
    """Read challenges: one JSON object a line with ``id`` and ``text`` (``presenter``, ``cohort``).

    Raises:
        InputError: if the file cannot be read or a line is no challenge, naming the line.
    """
    name = "standard input" if str(path) == "-" else path.name
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text: save it as UTF-8.") from error
    items: list[Item] = []
    seen: dict[str, int] = {}
    # only line feeds end a line here: others may stand inside a text
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            raise InputError(f"{name}, line {number}: is no JSON object.") from error
        if not isinstance(value, dict) or not isinstance(value.get("text"), str):
            raise InputError(f"{name}, line {number}: needs an id and a text.")
        if "id" not in value or value["id"] in (None, ""):
            raise InputError(f"{name}, line {number}: needs an id.")
        id = str(value["id"])
        if id in seen:
            raise InputError(
                f"{name}, line {number}: the id '{id}' is that of line {seen[id]} already."
            )
        seen[id] = number
        items.append(Item(id, value["text"], value.get("presenter"), value.get("cohort")))
    if not items:
        raise InputError(f"{name} holds no challenges.")
    return items


def themes_lines(found: Themes) -> str:
    """One JSON object a line, in the order of the challenges."""
    names = {t.id: t.name for t in found.themes}
    return "".join(
        json.dumps(
            {
                "id": p.id,
                "theme": p.theme,
                "label": names.get(p.theme or ""),
                "probability": p.probability,
                "second": p.second,
            },
            ensure_ascii=False,
        )
        + "\n"
        for p in found.placed
    )

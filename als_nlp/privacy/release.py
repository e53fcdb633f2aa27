"""Which themes may be shown to whom: alone, with the others of their family, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from als_nlp.privacy.disclosure import Cell, Ledger, Limits

OTHER: Final = "other"
TOO_FEW: Final = "Some challenges are not shown, as too few people brought anything like them."
BESIDE_EARLIER: Final = (
    "One figure is not shown, as it would single people out beside an earlier report."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that may be shown: its cell, and the themes in it (one, or several merged)."""

    cell: Cell
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """What may be shown, and in a sentence each what had to be withheld."""

    shown: tuple[Shown, ...]
    withheld: tuple[str, ...]


def release(
    themes: Sequence[Cell],
    families: Mapping[str, str],
    alone: frozenset[str],
    limits: Limits,
    ledger: Ledger,
) -> Released:
    """Themes with enough people; what is left of a family together; the rest together.

    What is shown is noted in the ledger.

    Args:
        themes: each theme with the people who brought it.
        families: the family of each theme that has one.
        alone: people whose challenge is like no other.
        limits: of the audience.
        ledger: what has been issued before.
    """
    cells = {c.name: c for c in themes}
    group = _people([*themes, Cell("", alone)])
    withheld: list[str] = []

    def may(figure: str, people: frozenset[str]) -> bool:
        if len(people) < limits.least:
            return False
        if ledger.allows(figure, people, group, limits):
            return True
        withheld.append(BESIDE_EARLIER)
        return False

    shown = [Shown(c, (c.name,)) for c in themes if may(f"theme:{c.name}", c.people)]
    left: dict[str, list[str]] = {}
    for name in cells.keys() - {s.cell.name for s in shown}:
        left.setdefault(families.get(name, ""), []).append(name)
    rest = left.pop("", [])
    for family, names in sorted(left.items()):
        together = _people([cells[n] for n in names])
        if len(names) > 1 and may(f"family:{family}", together):
            shown.append(Shown(Cell(family, together), tuple(sorted(names))))
        else:
            rest += names
    if rest or alone:
        together = _people([Cell("", alone), *(cells[n] for n in rest)])
        if (len(rest) > 1 or alone) and may("theme:other", together):
            shown.append(Shown(Cell(OTHER, together), tuple(sorted(rest))))
        else:
            withheld.append(TOO_FEW)
    for one in shown:
        kind = "theme" if one.cell.name in (*cells, OTHER) else "family"
        ledger.note(f"{kind}:{one.cell.name}", one.cell.people, group, limits)
    return Released(tuple(shown), tuple(dict.fromkeys(withheld)))


def _people(cells: Sequence[Cell]) -> frozenset[str]:
    return frozenset().union(*(c.people for c in cells))

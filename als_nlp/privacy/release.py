"""Which themes may be shown to whom: alone, with the others of their family, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from als_nlp.privacy.disclosure import Cell, Ledger, Limits

OTHER: Final = "other"
ALONE: Final = ""
TOO_FEW: Final = "Some challenges are not shown, as too few people brought anything like them."
BESIDE_EARLIER: Final = (
    "One figure is not shown, as it would single people out beside another or an earlier report."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that may be shown: its cell, and the themes in it (one, or several merged).

    Challenges that are like no other are ``ALONE`` among the themes.
    """

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
    if alone:
        cells[ALONE] = Cell(ALONE, alone)
    group = _people(cells.values())
    withheld: list[str] = []

    def may(parts: Iterable[str], people: frozenset[str]) -> bool:
        if not limits.enough(people):
            return False
        if ledger.allows(_figure(parts), people, group, limits):
            return True
        withheld.append(BESIDE_EARLIER)
        return False

    shown = [Shown(c, (c.name,)) for c in themes if may([c.name], c.people)]
    left: dict[str, list[str]] = {}
    for name in cells.keys() - {s.cell.name for s in shown}:
        left.setdefault(families.get(name, ""), []).append(name)
    rest = left.pop("", [])
    for family, names in sorted(left.items()):
        together = _people([cells[n] for n in names])
        if len(names) > 1 and may(names, together):
            shown.append(Shown(Cell(family, together), tuple(sorted(names))))
        else:
            rest += names
    if rest:
        together = _people([cells[n] for n in rest])
        if (len(rest) > 1 or alone) and may(rest, together):
            shown.append(Shown(Cell(OTHER, together), tuple(sorted(rest))))
        else:
            withheld.append(TOO_FEW)
    for one in shown:
        ledger.note(_figure(one.parts), one.cell.people, group, limits)
    return Released(tuple(shown), tuple(dict.fromkeys(withheld)))


def _figure(themes: Iterable[str]) -> str:
    """What the ledger calls themes: open ones have other numbers in every report."""
    names = {"open" if name.startswith("open-") else name for name in themes}
    return f"theme:{'+'.join(sorted(names))}"


def _people(cells: Iterable[Cell]) -> frozenset[str]:
    return frozenset().union(*(c.people for c in cells))

"""Small numbers: a figure, a theme or a quotation is shown only if enough people stand behind it.

The limits grow with the audience. Outside publication follows the rule of NHS England's statistics:
1 to 7 withheld, the rest rounded to the nearest 5. Two reports on groups that overlap must not give
a withheld figure by subtraction, so what has been issued is kept in a ledger, and a figure is
withheld if the difference to an earlier one would be small.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Literal, get_args

from als_nlp.errors import InputError
from als_nlp.files import write_whole

Audience = Literal["set", "cohort", "programme", "published"]
AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)
LEAST: Final[Mapping[Audience, int]] = {"set": 2, "cohort": 3, "programme": 5, "published": 8}
"""People who must stand behind what is shown: inside the set, to the programme lead of a cohort,

across cohorts, and outside.
"""
ROUNDED_TO: Final = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """How many people must stand behind a figure for an audience.

    ``least`` may be raised freely; lowering it needs a ``reason``, which the report prints.
    """

    audience: Audience
    least: int
    reason: str = ""

    @classmethod
    def of(cls, audience: Audience, least: int | None = None, reason: str = "") -> Limits:
        """The limits for an audience.

        Raises:
            InputError: if the limit is lowered without a reason, or below 2.
        """
        usual = LEAST[audience]
        if least is not None and least < usual and not reason.strip():
            raise InputError(
                f"A limit below {usual} for the audience '{audience}' needs a recorded reason."
            )
        if least is not None and least < 2:
            raise InputError("A limit below 2 would show single people: use 2 or more.")
        return cls(audience, usual if least is None else least, reason.strip())

    def enough(self, people: Iterable[str]) -> bool:
        """Whether so many different people (ids) may be spoken of."""
        return len(set(people)) >= self.least

    def shown(self, count: int) -> str:
        """A count that may be shown, as it is to be written: rounded if it goes outside."""
        if self.audience == "published":
            return str(ROUNDED_TO * round(count / ROUNDED_TO))
        return str(count)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table: its name and the people who stand behind it."""

    name: str
    people: frozenset[str]


def releasable(cells: Sequence[Cell], limits: Limits, *, total_shown: bool) -> set[str]:
    """Names of the cells that may be shown side by side.

    Cells with too few people are withheld (nobody at all may be shown: a nought singles nobody
    out, unless everybody else is then known). If the total is shown as well and what is withheld
    comes to too few people, the smallest shown cells are withheld, too, until it does not: nobody
    can then work it out by subtraction.
    """
    shown = {c.name for c in cells if not c.people or len(c.people) >= limits.least}
    if not total_shown:
        return shown
    ordered = sorted((c for c in cells if c.people), key=lambda c: (len(c.people), c.name))
    while True:
        hidden = [c for c in ordered if c.name not in shown]
        behind = frozenset().union(*(c.people for c in hidden))
        if not hidden or (len(hidden) > 1 and len(behind) >= limits.least):
            return shown
        following = next((c for c in ordered if c.name in shown), None)
        if following is None:
            return shown
        shown.discard(following.name)


@dataclass(frozen=True, slots=True)
class Issued:
    """A figure that has been given out: what of, to whom, and which people stood behind it.

    People are kept as keyed hashes, so that the ledger names nobody.
    """

    figure: str
    audience: Audience
    people: tuple[str, ...]
    group: tuple[str, ...]


@dataclass
class Ledger:
    """What has been issued so far from a programme's sessions."""

    salt: str = ""
    issued: list[Issued] = field(default_factory=list)

    def hashed(self, people: Iterable[str]) -> tuple[str, ...]:
        """People as this ledger knows them."""
        key = self.salt.encode()
        return tuple(
            sorted(blake2b(p.encode(), key=key, digest_size=8).hexdigest() for p in people)
        )

    def allows(
        self, figure: str, people: Iterable[str], group: Iterable[str], limits: Limits
    ) -> bool:
        """Whether a figure on a group may be given out beside all that has been.

        Args:
            figure: what is counted (``theme:workload``); compared with the same one only.
            people: those who stand behind the count.
            group: everybody that the report is about.
            limits: of the audience.
        """
        now, about = set(self.hashed(people)), set(self.hashed(group))
        for earlier in self.issued:
            then = set(earlier.people)
            if earlier.figure != figure or not about & set(earlier.group):
                continue
            for difference in (now - then, then - now):
                if 0 < len(difference) < limits.least:
                    return False
        return True

    def note(
        self, figure: str, people: Iterable[str], group: Iterable[str], limits: Limits
    ) -> None:
        """Write down that a figure is given out; the same one twice is noted once."""
        entry = Issued(figure, limits.audience, self.hashed(people), self.hashed(group))
        if entry not in self.issued:
            self.issued.append(entry)

    def save(self, path: Path) -> None:
        """Write the ledger, for its owner only.

        Raises:
            InputError: if it cannot be written.
        """
        value = {"salt": self.salt, "issued": [asdict(i) for i in self.issued]}
        write_whole(path, json.dumps(value, indent=1) + "\n", private=True)

    @classmethod
    def together(cls, ledgers: Iterable[Ledger]) -> Ledger:
        """Several ledgers as one."""
        out = cls()
        for ledger in ledgers:
            out.issued += [i for i in ledger.issued if i not in out.issued]
        return out

    @classmethod
    def load(cls, path: Path, *, salt: str = "") -> Ledger:
        """Read a ledger; a new one with this ``salt`` if there is none yet.

        Raises:
            InputError: if it is damaged: without it, nothing should be issued.
        """
        if not path.exists():
            return cls(salt)
        try:
            value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            issued = [
                Issued(i["figure"], i["audience"], tuple(i["people"]), tuple(i["group"]))
                for i in value["issued"]
            ]
            return cls(str(value["salt"]), issued)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path} is damaged. It keeps reports from giving people away when compared: "
                "restore it, or move it away if no report has been issued yet."
            ) from error

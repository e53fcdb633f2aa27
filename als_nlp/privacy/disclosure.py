"""Small numbers: a figure, a theme or a quotation is shown only if enough people stand behind it.

The limits grow with the audience. Outside publication follows the rule of NHS England's statistics:
1 to 7 withheld, the rest rounded to the nearest 5. Two reports on groups that overlap must not give
a withheld figure by subtraction, so what has been issued is kept in a ledger, and a figure is
withheld if the difference to an earlier one would be small.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
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

    def apart(self, *parts: Collection[str]) -> bool:
        """Whether people may be told apart so: enough of them, or nobody, in each part."""
        return any(parts) and all(not part or self.enough(part) for part in parts)

    def rounded(self, count: int) -> int:
        """A count that may be shown: to the nearest 5 if it goes outside."""
        return ROUNDED_TO * round(count / ROUNDED_TO) if self.audience == "published" else count

    def percent(self, share: float) -> int:
        """A share that may be shown, in hundredths: to the nearest 5 if it goes outside."""
        return self.rounded(round(100 * share))

    def shown(self, count: int) -> str:
        """A count that may be shown, as it is to be written."""
        return str(self.rounded(count))


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table: its name and the people who stand behind it."""

    name: str
    people: frozenset[str]


def releasable(
    cells: Sequence[Cell], limits: Limits, *, total_shown: bool, hidden: Collection[str] = ()
) -> set[str]:
    """Names of the cells that may be shown side by side.

    Cells with too few people are withheld (nobody at all may be shown: a nought singles nobody
    out, unless everybody else is then known). If the total is shown as well and what is withheld
    comes to too few people, the smallest shown cells are withheld, too, until it does not: nobody
    can then work it out by subtraction. ``hidden`` are cells withheld for another reason.
    """
    shown = {c.name for c in cells if not c.people or limits.enough(c.people)} - {*hidden}
    if not total_shown:
        return shown
    ordered = sorted((c for c in cells if c.people), key=lambda c: (len(c.people), c.name))
    while True:
        withheld = [c for c in ordered if c.name not in shown]
        behind = frozenset().union(*(c.people for c in withheld))
        if not withheld or (len(withheld) > 1 and limits.enough(behind)):
            return shown
        following = next((c for c in ordered if c.name in shown), None)
        if following is None:
            return shown
        shown.discard(following.name)


@dataclass(frozen=True, slots=True)
class Issued:
    """A figure that has been given out: what of, to whom, and which people stood behind it.

    People are kept as hashes with a random salt, so that the ledger by itself names nobody, even
    where an id is a name.
    """

    figure: str
    audience: Audience
    people: tuple[str, ...]
    group: tuple[str, ...]
    salt: str = ""

    def among(self, ids: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Its people and its group: those who are among ``ids`` by id, all others as hashes."""
        known = {_hash(id, self.salt): id for id in ids}
        people, group = (
            frozenset(known.get(hash, hash) for hash in hashes)
            for hashes in (self.people, self.group)
        )
        return people, group


def _counted(figure: str) -> set[str]:
    kind, _, names = figure.partition(":")
    return {f"{kind}:{name}" for name in names.split("+")}


def _few_left(
    people: frozenset[str], parts: Collection[frozenset[str]], most: int
) -> Iterator[frozenset[str]]:
    """Who may be left, ``most`` people at most, if parts that do not overlap are taken away."""
    if not people:
        yield people
        return
    one = min(people)
    for part in parts:
        if one in part and part <= people:
            yield from _few_left(people - part, parts, most)
    if most:
        for left in _few_left(people - {one}, parts, most - 1):
            yield left | {one}


def _hash(id: str, salt: str) -> str:
    # names of folders that are not UTF-8 come as lone surrogates
    key, value = (text.encode("utf-8", "surrogateescape") for text in (salt, id))
    return blake2b(value, key=key[: blake2b.MAX_KEY_SIZE], digest_size=8).hexdigest()


@dataclass
class Ledger:
    """What has been issued so far from a programme's sessions.

    Entries keep the salt they were made with: those of several ledgers can be put together.
    """

    salt: str = field(default_factory=lambda: token_hex(16))
    issued: list[Issued] = field(default_factory=list)

    def allows(
        self, figure: str, people: Iterable[str], group: Iterable[str], limits: Limits
    ) -> bool:
        """Whether a figure on a group may be given out beside all that has been.

        Args:
            figure: what is counted (``theme:workload``, or several merged:
                ``theme:handover+workload``); compared with those that count any of the same.
            people: those who stand behind the count.
            group: everybody that the report is about.
            limits: of the audience.
        """
        now, about = frozenset(people), frozenset(group)
        earlier = []
        for issued in self.issued:
            if _counted(figure) & _counted(issued.figure):
                earlier.append(issued.among(now | about))
                same = (issued.figure, issued.audience) == (figure, limits.audience)
                if same and earlier[-1] == (now, about):
                    return True  # given out already, it tells nothing new
        singled_out = []
        for then, group_then in earlier:
            if about & group_then:
                singled_out += [now - then, then - now]
        # cohorts one by one and all of them together: what is left when known parts are taken away
        known = {then for then, _ in earlier}
        for whole in (now, *(then - now for then in known if now < then)):
            singled_out += {*_few_left(whole, known, limits.least - 1)} - known
        return not any(0 < len(few) < limits.least for few in singled_out)

    def note(
        self, figure: str, people: Iterable[str], group: Iterable[str], limits: Limits
    ) -> None:
        """Write down that a figure is given out; the same one twice is noted once."""
        behind, about = (
            tuple(sorted(_hash(id, self.salt) for id in set(ids))) for ids in (people, group)
        )
        entry = Issued(figure, limits.audience, behind, about, self.salt)
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
        """Several ledgers as one; what it notes has the salt of the first."""
        found = list(ledgers)
        # dict: an entry that stands in several ledgers is one
        issued = list(dict.fromkeys(i for ledger in found for i in ledger.issued))
        return cls(found[0].salt, issued) if found else cls()

    @classmethod
    def load(cls, path: Path) -> Ledger:
        """Read a ledger; a new one with a salt of its own if there is none yet.

        Raises:
            InputError: if it is damaged: without it, nothing should be issued.
        """
        if not path.exists():
            return cls()
        try:
            value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            # the first ledgers had no salt, or one for all entries
            salt = str(value.get("salt", ""))
            issued = [
                Issued(
                    str(i["figure"]), AUDIENCES[AUDIENCES.index(i["audience"])],
                    tuple(map(str, i["people"])), tuple(map(str, i["group"])),
                    str(i.get("salt", salt)),
                )
                for i in value["issued"]
            ]  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path} is damaged. It keeps reports from giving people away when compared: "
                "restore it, or move it away if no report has been issued yet."
            ) from error
        return cls(salt, issued) if salt else cls(issued=issued)

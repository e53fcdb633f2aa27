"""A cohort: people, sets and their sessions over the months."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from als_nlp.errors import InputError
from als_nlp.name_key import first_key, name_key
from als_nlp.people import Person
from als_nlp.session import Session

PRESENTERS: Final = 2


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the cohort. ``id`` is a pseudonym; ``manager`` the id of their line manager."""

    id: str
    name: str
    also: tuple[str, ...] = ()
    role: str = ""
    band: str = ""
    manager: str = ""
    facilitator: bool = False

    @property
    def person(self) -> Person:
        """As the lists of people have it."""
        return Person(self.name, "facilitator" if self.facilitator else "participant", self.also)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session of a set: when, how, who was there and who presented (ids), and its file.

    ``session`` is ``None`` where there is no file yet.
    """

    set: str
    number: int
    date: datetime.date | None
    mode: str
    attended: tuple[str, ...]
    presented: tuple[str, ...]
    file: str
    session: Session | None

    @property
    def title(self) -> str:
        """What reports call it."""
        return f"session {self.number}" + (f" of set {self.set}" if self.set else "")


@dataclass(frozen=True, slots=True)
class Set:
    """People who meet with one facilitator; ids. ``role_group`` is what they have in common."""

    name: str
    members: tuple[str, ...]
    facilitator: str
    role_group: str = ""


@dataclass(frozen=True)
class Cohort:
    """A cohort as it stands."""

    name: str
    role_group: str
    members: tuple[Member, ...]
    sets: tuple[Set, ...]
    meetings: tuple[Meeting, ...]

    def member(self, id: str) -> Member:
        """The member with this id."""
        return next(m for m in self.members if m.id == id)

    def id_of(self, name: str, within: str) -> str | None:
        """Whose name (or other spelling) this is in a set; ``None`` if nobody's or several's."""
        part = next(s for s in self.sets if s.name == within)
        there = [m for m in self.members if m.id in (*part.members, part.facilitator)]
        key = name_key(name)
        found = [m.id for m in there if key in m.person.keys]
        if not found:
            found = [m.id for m in there if first_key(m.name) == key]
        return found[0] if len(found) == 1 else None

    def set_of(self, meeting: Meeting) -> Set:
        """The set that met."""
        return next(s for s in self.sets if s.name == meeting.set)

    def meetings_of(self, name: str) -> tuple[Meeting, ...]:
        """The sessions of one set, in order."""
        return tuple(m for m in self.meetings if m.set == name)


def presenters_so_far(cohort: Cohort, name: str) -> Counter[str]:
    """How often each participant of a set has presented, those who have not yet with 0."""
    part = next(s for s in cohort.sets if s.name == name)
    counts = Counter(dict.fromkeys(part.members, 0))
    counts.update(i for m in cohort.meetings_of(name) for i in m.presented if i in counts)
    return counts


def next_presenters(cohort: Cohort, name: str) -> tuple[str, ...]:
    """Ids of those to be asked next: who has presented least, in the order of the list."""
    counts = presenters_so_far(cohort, name)
    return tuple(sorted(counts, key=lambda i: counts[i])[:PRESENTERS])


def joined(cohorts: Sequence[Cohort], name: str) -> Cohort:
    """Several cohorts as one; ids and sets keep apart by their cohort's name.

    Raises:
        InputError: if two cohorts have the same name.
    """
    for title, count in Counter(c.name for c in cohorts).items():
        if count > 1:
            raise InputError(f"Two cohorts are called '{title}': give one another name.")

    def under(cohort: Cohort, id: str) -> str:
        return f"{cohort.name}/{id}" if id else ""

    def named(cohort: Cohort, set: str) -> str:
        return under(cohort, set) or cohort.name

    return Cohort(
        name,
        "",
        tuple(
            replace(m, id=under(c, m.id), manager=under(c, m.manager))
            for c in cohorts
            for m in c.members
        ),
        tuple(
            Set(
                named(c, s.name),
                tuple(under(c, i) for i in s.members),
                under(c, s.facilitator),
                s.role_group,
            )
            for c in cohorts
            for s in c.sets
        ),
        tuple(
            replace(
                m,
                set=named(c, m.set),
                attended=tuple(under(c, i) for i in m.attended),
                presented=tuple(under(c, i) for i in m.presented),
            )
            for c in cohorts
            for m in c.meetings
        ),
    )

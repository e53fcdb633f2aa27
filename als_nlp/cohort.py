"""A cohort: people, sets and their sessions over the months, as ``cohort.toml`` keeps them."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from als_nlp.errors import InputError
from als_nlp.people import Person
from als_nlp.session import Session

FILE: Final = "cohort.toml"
SMALLEST_SET, LARGEST_SET = 5, 8
FEWEST_SESSIONS, MOST_SESSIONS = 4, 6
PRESENTERS: Final = 2
Mode = Literal["online", "blended", "room"]


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
    folder: Path = field(compare=False, default=Path())

    def member(self, id: str) -> Member:
        """The member with this id."""
        return next(m for m in self.members if m.id == id)

    def id_of(self, name: str, within: str) -> str | None:
        """Whose name (or other spelling) this is in a set; ``None`` if nobody's or several's."""
        part = next(s for s in self.sets if s.name == within)
        there = [m for m in self.members if m.id in (*part.members, part.facilitator)]
        key = name.casefold()
        found = [m.id for m in there if key in m.person.keys]
        if not found:
            found = [m.id for m in there if m.name.casefold().split()[0] == key]
        return found[0] if len(found) == 1 else None

    def set_of(self, meeting: Meeting) -> Set:
        """The set that met."""
        return next(s for s in self.sets if s.name == meeting.set)

    def meetings_of(self, name: str) -> tuple[Meeting, ...]:
        """The sessions of one set, in order."""
        return tuple(m for m in self.meetings if m.set == name)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is off, kindly said, and what may be done about it."""

    what: str
    do: str


def presenters_so_far(cohort: Cohort, name: str) -> Counter[str]:
    """How often each participant of a set has presented, those who have not yet with 0."""
    part = next(s for s in cohort.sets if s.name == name)
    counts = Counter(dict.fromkeys(part.members, 0))
    counts.update(i for m in cohort.meetings_of(name) for i in m.presented if i in counts)
    return counts


def remarks(cohort: Cohort) -> tuple[Remark, ...]:
    """Where the method asks for something else than what is there; empty where all is well."""
    return tuple(
        remark
        for part in cohort.sets
        for check in (_size, _sessions, _presenting, _managers, _attendance)
        for remark in check(cohort, part)
    )


def _size(cohort: Cohort, part: Set) -> Iterator[Remark]:
    count = len(part.members)
    if not SMALLEST_SET <= count <= LARGEST_SET:
        yield Remark(
            f"Set {part.name} has {count} participants; the method works best with "
            f"{SMALLEST_SET} to {LARGEST_SET}.",
            "Invite one or two more, or share the presenting out over more sessions."
            if count < SMALLEST_SET
            else "Think of two sets, each with its own facilitator.",
        )


def _sessions(cohort: Cohort, part: Set) -> Iterator[Remark]:
    meetings = cohort.meetings_of(part.name)
    if len(meetings) > MOST_SESSIONS:
        yield Remark(
            f"Set {part.name} has met {len(meetings)} times; a cohort is planned for "
            f"{FEWEST_SESSIONS} to {MOST_SESSIONS} sessions.",
            "If the set wants to go on, agree it as a new cohort with a fresh charter.",
        )
    numbers = [m.number for m in meetings]
    for missing in sorted(set(range(1, max(numbers, default=0))) - set(numbers)):
        yield Remark(
            f"Session {missing} of set {part.name} is not here.",
            f"Add its file, or a [[session]] with number = {missing} and who was there, so that "
            "follow-through is counted from the right one.",
        )
    for meeting in meetings:
        if meeting.session is None and meeting.file:
            yield Remark(
                f"The file of {meeting.title} ({meeting.file}) could not be found.",
                "Put it beside cohort.toml, or mend the name there.",
            )


def _presenting(cohort: Cohort, part: Set) -> Iterator[Remark]:
    for meeting in cohort.meetings_of(part.name):
        if meeting.session is not None and len(meeting.presented) != PRESENTERS:
            said = {0: "nobody", 1: "one person"}.get(
                len(meeting.presented), f"{len(meeting.presented)} people"
            )
            yield Remark(
                f"In {meeting.title}, {said} presented; two cycles make a session.",
                "If the captions miss a part, add it and analyse the session again; else plan the "
                "cycle that is owed.",
            )
    counts = presenters_so_far(cohort, part.name)
    waiting = [i for i, n in counts.items() if n == 0]
    again = [i for i, n in counts.items() if n > 1]
    left = FEWEST_SESSIONS - len(cohort.meetings_of(part.name))
    if waiting and again:
        yield Remark(
            f"{_names(cohort, again)} presented more than once while {_names(cohort, waiting)} "
            "have not yet presented."
            if len(waiting) > 1
            else f"{_names(cohort, again)} presented more than once while "
            f"{_names(cohort, waiting)} has not yet presented.",
            "Offer the next cycles to those who are still to come; passing is fine.",
        )
    elif waiting and left <= 0:
        yield Remark(
            f"{_names(cohort, waiting)} {'has' if len(waiting) == 1 else 'have'} not presented.",
            "Offer a further session, or ask if they would rather not; passing is fine.",
        )


def _managers(cohort: Cohort, part: Set) -> Iterator[Remark]:
    there = {*part.members, part.facilitator}
    for id in part.members:
        manager = cohort.member(id).manager
        if manager and manager in there:
            yield Remark(
                f"{_names(cohort, [id])} and their line manager {_names(cohort, [manager])} are "
                f"both in set {part.name}.",
                "Move one of them to another set: it is hard to be open in front of one's manager.",
            )


def _attendance(cohort: Cohort, part: Set) -> Iterator[Remark]:
    for meeting in cohort.meetings_of(part.name):
        if not meeting.attended:
            continue
        strangers = [i for i in meeting.attended if i not in (*part.members, part.facilitator)]
        participants = [i for i in meeting.attended if i in part.members]
        if len(participants) < SMALLEST_SET - 1:
            yield Remark(
                f"{len(participants)} participants were at {meeting.title}.",
                "With so few, one cycle and more silence may serve better than two.",
            )
        if strangers and any(cohort.member(i).facilitator for i in strangers):
            yield Remark(
                f"{_names(cohort, strangers)} stood in at {meeting.title}.",
                "Keep it in mind when you compare sessions.",
            )


def next_presenters(cohort: Cohort, name: str) -> tuple[str, ...]:
    """Ids of those to be asked next: who has presented least, in the order of the list."""
    counts = presenters_so_far(cohort, name)
    return tuple(sorted(counts, key=lambda i: counts[i])[:PRESENTERS])


def _names(cohort: Cohort, ids: Sequence[str]) -> str:
    names = [cohort.member(i).name for i in ids]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def load_cohort(folder: Path) -> Cohort:
    """Read ``cohort.toml`` and the sessions that it names.

    Raises:
        InputError: if it is missing, damaged, or names somebody who is not there.
    """
    path = folder / FILE
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"{path} is not there: 'als cohort init {folder}' writes one from the sessions in it."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is no TOML file: {error}.") from error
    return _Reader(folder, path, value).cohort()


class _Reader:
    """``cohort.toml`` to a cohort, each mistake with its place."""

    def __init__(self, folder: Path, path: Path, value: Mapping[str, object]) -> None:
        self.folder, self.path, self.value = folder, path, value

    def cohort(self) -> Cohort:
        members = tuple(self._member(n, t) for n, t in enumerate(self._tables("person"), 1))
        self._only_once([m.id for m in members], "person", "id")
        self._only_once([m.name.casefold() for m in members], "person", "name")
        ids = {m.id for m in members}
        sets = tuple(self._set(n, t, members) for n, t in enumerate(self._tables("set"), 1))
        meetings = tuple(
            self._meeting(n, t, ids, sets) for n, t in enumerate(self._tables("session"), 1)
        )
        ordered = sorted(meetings, key=lambda m: (m.set, m.number))
        self._only_once([f"{m.set} {m.number}" for m in ordered], "session", "set and number")
        return Cohort(
            str(self.value.get("name", self.folder.name)),
            str(self.value.get("role_group", "")),
            members, sets, tuple(ordered), self.folder,
        )  # fmt: skip

    def _tables(self, key: str) -> list[Mapping[str, object]]:
        found = self.value.get(key, [])
        if not isinstance(found, list) or not all(isinstance(t, dict) for t in found):
            raise InputError(f"{self.path}: write each {key} under its own [[{key}]].")
        return found

    def _member(self, number: int, table: Mapping[str, object]) -> Member:
        where = f"{self.path}, [[person]] number {number}"
        name = str(table.get("name", "")).strip()
        if not name:
            raise InputError(f"{where}: needs a name.")
        return Member(
            id=str(table.get("id", name)), name=name, also=self._list(table, "also", where),
            role=str(table.get("role", "")), band=str(table.get("band", "")),
            manager=str(table.get("manager", "")),
            facilitator=bool(table.get("facilitator", False)),
        )  # fmt: skip

    def _set(self, number: int, table: Mapping[str, object], members: Sequence[Member]) -> Set:
        where = f"{self.path}, [[set]] number {number}"
        ids = {m.id for m in members}
        people = self._list(table, "members", where) or tuple(
            m.id for m in members if not m.facilitator
        )
        facilitator = str(
            table.get("facilitator", next((m.id for m in members if m.facilitator), ""))
        )
        for id in (*people, *((facilitator,) if facilitator else ())):
            if id not in ids:
                raise InputError(f"{where}: '{id}' is the id of no [[person]].")
        group = str(table.get("role_group", self.value.get("role_group", "")))
        return Set(str(table.get("name", number)), people, facilitator, group)

    def _meeting(
        self, number: int, table: Mapping[str, object], ids: set[str], sets: Sequence[Set]
    ) -> Meeting:
        where = f"{self.path}, [[session]] number {number}"
        part = str(table.get("set", sets[0].name if len(sets) == 1 else ""))
        if part not in {s.name for s in sets}:
            raise InputError(f"{where}: '{part}' is the name of no [[set]].")
        when = table.get("date")
        if when is not None and not isinstance(when, datetime.date):
            raise InputError(f"{where}: write the date as 2026-03-14, without quotation marks.")
        attended = self._list(table, "attended", where)
        presented = self._list(table, "presented", where)
        for id in (*attended, *presented):
            if id not in ids:
                raise InputError(f"{where}: '{id}' is the id of no [[person]].")
        file = str(table.get("file", ""))
        session = None
        if file and (self.folder / file).exists():
            session = Session.load(self.folder / file)
        count = table.get("number", number)
        if not isinstance(count, int) or count < 1:
            raise InputError(f"{where}: number is 1, 2, 3 …")
        return Meeting(
            part, count, when if isinstance(when, datetime.date) else None,
            str(table.get("mode", "")), attended, presented, file, session,
        )  # fmt: skip

    def _list(self, table: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
        found = table.get(key, [])
        if isinstance(found, str) or not isinstance(found, list):
            raise InputError(f'{where}: write {key} as a list, ["…", "…"].')
        return tuple(str(item) for item in found)

    def _only_once(self, values: Sequence[str], what: str, field: str) -> None:
        for value, count in Counter(values).items():
            if count > 1:
                raise InputError(
                    f"{self.path}: two [[{what}]] have the same {field}, '{value}'. Give one of "
                    "them another, so that nobody is taken for somebody else."
                )


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
                under(c, s.name),
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
                set=under(c, m.set),
                attended=tuple(under(c, i) for i in m.attended),
                presented=tuple(under(c, i) for i in m.presented),
            )
            for c in cohorts
            for m in c.meetings
        ),
    )


HEADER: Final = """# The cohort, for als-nlp. Everything that starts with # is for you.
#
# role_group: preceptorship, "team leads" or senior, or what you call it.
# person: id is a pseudonym that reports may show inside the set; manager is the id of the line
#   manager, if that person is in the cohort; also holds nicknames and other spellings.
# session: date = 2026-03-14, mode = "online", "blended" or "room".
"""


def initial_cohort(folder: Path) -> str:
    """A first ``cohort.toml`` from the ``session.json`` files under a folder.

    People with one name are taken for one person; the sessions are taken to be one set, in the
    order of their file names. All of it is for the user to mend.

    Raises:
        InputError: if there are no sessions, or one cannot be read.
    """
    found = [
        (path, Session.load(path))
        for path in sorted(folder.rglob("*.json"))
        if '"als-nlp/session/' in path.read_text(encoding="utf-8", errors="ignore")[:2000]
    ]
    if not found:
        raise InputError(
            f"{folder} holds no session.json: make them with 'als reflect CAPTIONS -o FOLDER'."
        )
    roles: dict[str, Counter[str]] = {}
    for _, session in found:
        for speaker in session.transcript.speakers:
            if speaker.name:
                roles.setdefault(speaker.name, Counter())[str(speaker.role)] += 1
    lead = max(roles, key=lambda n: roles[n]["facilitator"], default="")
    lead = lead if lead and roles[lead]["facilitator"] else ""
    ids = {name: f"P{number}" for number, name in enumerate(roles, start=1)}
    lines = [HEADER, f"name = {json.dumps(folder.resolve().name)}", 'role_group = ""', ""]
    for name, id in ids.items():
        leads = roles[name]["facilitator"] > 0
        lines += ["[[person]]", f'id = "{id}"', f"name = {json.dumps(name, ensure_ascii=False)}"]
        lines += ["facilitator = true"] if leads else ['role = ""', 'band = ""', 'manager = ""']
        lines += [""]
    members = [ids[n] for n in ids if not roles[n]["facilitator"]]
    lines += ["[[set]]", 'name = "A"', f"members = {json.dumps(members)}"]
    lines += [f"facilitator = {json.dumps(ids[lead])}"] if lead else []
    for number, (path, session) in enumerate(found, start=1):
        names = {s.id: ids[s.name] for s in session.transcript.speakers if s.name}
        spoke = [names[a.id] for a in session.airtime if a.turns and a.id in names]
        presented = [names[who] for _, who in session.flow.presenters if who in names]
        lines += [
            "", "[[session]]", 'set = "A"', f"number = {number}",
            f"file = {json.dumps(path.relative_to(folder).as_posix(), ensure_ascii=False)}",
            'mode = ""', f"attended = {json.dumps(spoke)}",
            f"presented = {json.dumps(list(dict.fromkeys(presented)))}",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"

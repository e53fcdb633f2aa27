"""``cohort.toml``: reading it, and writing a first one from the sessions that are there."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from als_nlp.cohort import Cohort, Meeting, Member, Set
from als_nlp.errors import InputError
from als_nlp.session import Session

FILE: Final = "cohort.toml"


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
        self._only_once([s.name for s in sets], "set", "name")
        meetings: list[Meeting] = []
        for n, table in enumerate(self._tables("session"), 1):
            meetings.append(self._meeting(n, table, ids, sets, meetings))
        ordered = sorted(meetings, key=lambda m: (m.set, m.number))
        self._only_once([f"{m.set} {m.number}" for m in ordered], "session", "set and number")
        return Cohort(
            str(self.value.get("name", self.folder.name)),
            str(self.value.get("role_group", "")),
            members, sets, tuple(ordered),
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
        self,
        number: int,
        table: Mapping[str, object],
        ids: set[str],
        sets: Sequence[Set],
        before: Sequence[Meeting],
    ) -> Meeting:
        where = f"{self.path}, [[session]] number {number}"
        part = str(table.get("set", sets[0].name if len(sets) == 1 else ""))
        if part not in {s.name for s in sets}:
            raise InputError(f"{where}: '{part}' is the name of no [[set]].")
        when = table.get("date")
        if when is not None and not isinstance(when, datetime.date):
            raise InputError(f"{where}: write the date as 2026-03-14, without quotation marks.")
        if isinstance(when, datetime.datetime):
            when = when.date()
        attended = self._list(table, "attended", where)
        presented = self._list(table, "presented", where)
        for id in (*attended, *presented):
            if id not in ids:
                raise InputError(f"{where}: '{id}' is the id of no [[person]].")
        file = str(table.get("file", ""))
        session = None
        if file and (self.folder / file).exists():
            session = Session.load(self.folder / file)
        count = table.get("number", sum(m.set == part for m in before) + 1)
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
    name = json.dumps(folder.resolve().name, ensure_ascii=False)
    lines = [HEADER, f"name = {name}", 'role_group = ""', ""]
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
            "# attended: they spoke. Please add who was there and said nothing.",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"

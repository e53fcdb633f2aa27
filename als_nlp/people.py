"""Who is who: a list of people that the facilitator keeps, matched with the names in captions."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from als_nlp.captions.decode import Content
from als_nlp.captions.names import tidy
from als_nlp.errors import InputError
from als_nlp.transcript import Role, Speaker, Transcript

ROLES: dict[str, Role] = {
    "": "participant", "participant": "participant", "member": "participant",
    "presenter": "participant", "facilitator": "facilitator",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the set; ``also`` are other spellings and nicknames."""

    name: str
    role: Role
    also: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        return frozenset((tidy(n) or n).casefold() for n in (self.name, *self.also))


def read_people(path: Path | str) -> tuple[Person, ...]:
    """Read ``people.csv``: columns ``name``, and if wanted ``role`` and ``also``.

    ``role`` is facilitator or participant (also: member); ``also`` holds other spellings,
    separated by semicolons.

    Raises:
        InputError: if the file cannot be read, lacks names, names somebody twice, or has an
            unknown role; the message says on which line.
    """
    path = Path(path)
    try:
        text = Content(path.name, path.read_bytes()).text
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    if text is None:
        raise InputError(f"{path} is not a CSV file.")
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), restval="")
    rows.fieldnames = [(field or "").strip().lower() for field in rows.fieldnames or ()]
    if "name" not in rows.fieldnames:
        raise InputError(f"{path.name}, line 1: needs a column 'name' (and may have role, also).")
    people: list[Person] = []
    taken: dict[str, int] = {}
    for row in rows:
        name = " ".join((row["name"] or "").split())
        if not name:
            continue
        role = (row.get("role") or "").strip().lower()
        if role not in ROLES:
            raise InputError(
                f"{path.name}, line {rows.line_num}: '{role}' is no role; "
                "use facilitator or participant."
            )
        also = tuple(s.strip() for s in (row.get("also") or "").split(";") if s.strip())
        person = Person(name, ROLES[role], also)
        for key in person.keys:
            if key in taken:
                raise InputError(
                    f"{path.name}, line {rows.line_num}: '{key}' stands for two people "
                    f"(see line {taken[key]})."
                )
            taken[key] = rows.line_num
        people.append(person)
    if not people:
        raise InputError(f"{path.name} names nobody.")
    if sum(person.role == "facilitator" for person in people) > 1:
        raise InputError(f"{path.name} names more than one facilitator.")
    return tuple(people)


def with_people(transcript: Transcript, people: Sequence[Person]) -> Transcript:
    """The transcript with names and roles from the list; the silent are added.

    A voice belongs to a person if its name is one of the person's spellings, or if its first name
    is that of one person only. Other voices stay as they are, and a note says so. As long as some
    voices have no name at all, nobody who is missing is counted as silent.
    """
    exact = {key: person for person in people for key in person.keys}
    firsts: dict[str, list[Person]] = {}
    for person in people:
        firsts.setdefault(person.name.split()[0].casefold(), []).append(person)
    speakers: list[Speaker] = []
    merged: dict[str, str] = {}
    ids: dict[str, str] = {}
    strangers = []
    for speaker in transcript.speakers:
        key = (speaker.name or "").casefold()
        same_first = firsts.get(key.split()[0], []) if key else []
        found = exact.get(key) or (same_first[0] if len(same_first) == 1 else None)
        if found is None:
            strangers += [speaker.name] if speaker.name else []
            speakers.append(speaker)
            merged[speaker.id] = speaker.id
        elif found.name in ids:
            merged[speaker.id] = ids[found.name]
        else:
            ids[found.name] = merged[speaker.id] = speaker.id
            speakers.append(Speaker(speaker.id, found.name, found.role))
    notes = list(transcript.source.notes)
    missing = [person for person in people if person.name not in ids]
    unnamed = sum(speaker.name is None for speaker in transcript.speakers)
    if missing and unnamed:
        who = ", ".join(person.name for person in missing)
        notes.append(f"Voices without a name: {unnamed}; not matched with a voice: {who}.")
    else:
        for number, person in enumerate(missing, start=len(transcript.speakers) + 1):
            speakers.append(Speaker(f"S{number}", person.name, person.role))
    if strangers:
        notes.append(f"Not on the list of people: {', '.join(strangers)}.")
    return replace(
        transcript,
        source=replace(transcript.source, notes=tuple(notes)),
        speakers=tuple(speakers),
        turns=tuple(
            replace(t, speaker=None if t.speaker is None else merged[t.speaker])
            for t in transcript.turns
        ),
    )


def find_speaker(transcript: Transcript, name: str) -> str:
    """The id of the speaker with this name (or only first name).

    Raises:
        InputError: if there is none or more than one, naming who is there.
    """
    wanted = (tidy(name) or name).casefold()
    named = [(s.id, s.name.casefold()) for s in transcript.speakers if s.name]
    fitting = [i for i, n in named if n == wanted] or [
        i for i, n in named if n.split()[0] == wanted
    ]
    if len(fitting) == 1:
        return fitting[0]
    there = ", ".join(s.name for s in transcript.speakers if s.name) or "nobody by name"
    what = "is not in this session" if not fitting else "could be more than one person"
    raise InputError(f"'{name}' {what}: it has {there}.")

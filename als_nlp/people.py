"""Who is who: a list of people that the facilitator keeps, matched with the names in captions."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from als_nlp.captions.decode import Content
from als_nlp.captions.names import tidy
from als_nlp.errors import InputError
from als_nlp.name_key import first_key, name_key
from als_nlp.transcript import Role, Speaker, Transcript

ROLES: dict[str, Role | None] = {
    "": None, "participant": "participant", "member": "participant",
    "presenter": "participant", "facilitator": "facilitator",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the set; ``also`` are other spellings and nicknames.

    ``role`` is ``None`` where the list does not say and names no facilitator.
    """

    name: str
    role: Role | None
    also: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """What a voice of theirs may be called."""
        return frozenset(name_key(tidy(n) or n) for n in (self.name, *self.also))


def read_people(path: Path | str) -> tuple[Person, ...]:
    """Read ``people.csv``: columns ``name``, and if wanted ``role`` and ``also``.

    ``role`` is facilitator or participant (also: member); who has none is a participant if somebody
    else is the facilitator. ``also`` holds other spellings, separated by semicolons.

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
    facilitators = sum(person.role == "facilitator" for person in people)
    if facilitators > 1:
        raise InputError(f"{path.name} names more than one facilitator.")
    if facilitators:
        people = [replace(person, role=person.role or "participant") for person in people]
    return tuple(people)


def whose(names: Sequence[str], people: Sequence[Person]) -> dict[str, Person]:
    """Which names of voices are whose on the list; those that are nobody's are left out.

    A name is somebody's if it is one of their spellings. Otherwise one of the two, the voice's or
    the list's, must be a first name alone, which nobody else has: "Helen Smith" is not "Helen
    Okafor".
    """
    exact = {key: person for person in people for key in person.keys}
    voices = Counter(first_key(name) for name in set(names))
    found = {}
    for name in names:
        key, first = name_key(name), first_key(name)
        alike = [person for person in people if first_key(person.name) == first]
        if key in exact:
            found[name] = exact[key]
        elif len(alike) == 1 and (
            key == first or (name_key(alike[0].name) == first and voices[first] == 1)
        ):
            found[name] = alike[0]
    return found


def with_people(transcript: Transcript, people: Sequence[Person]) -> Transcript:
    """The transcript with names and roles from the list; the silent are added.

    Whose a voice is, says ``whose``. Other voices stay as they are, and a note says so. As long as
    some voices have no name at all, nobody who is missing is counted as silent; nor is somebody
    with whom a voice that is nobody's shares the first name.
    """
    known = whose([speaker.name for speaker in transcript.speakers if speaker.name], people)
    speakers: list[Speaker] = []
    merged: dict[str, str] = {}
    ids: dict[str, str] = {}
    strangers = []
    for speaker in transcript.speakers:
        found = known.get(speaker.name or "")
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
    firsts = {first_key(name) for name in strangers}
    unsure = [
        p for p in missing if unnamed or any(first_key(n) in firsts for n in (p.name, *p.also))
    ]
    who = ", ".join(person.name for person in unsure)
    silent = [person for person in missing if person not in unsure]
    for number, person in enumerate(silent, start=len(transcript.speakers) + 1):
        speakers.append(Speaker(f"S{number}", person.name, person.role))
    if strangers:
        notes.append(f"Not on the list of people: {', '.join(strangers)}.")
    if unsure and unnamed:
        notes.append(f"Voices without a name: {unnamed}; not matched with a voice: {who}.")
    elif unsure:
        notes.append(f"Perhaps one of these, so not counted as silent: {who}.")
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
    wanted = name_key(tidy(name) or name)
    named = [(s.id, s.name) for s in transcript.speakers if s.name]
    fitting = [i for i, n in named if name_key(n) == wanted] or [
        i for i, n in named if first_key(n) == wanted
    ]
    if len(fitting) == 1:
        return fitting[0]
    there = ", ".join(s.name for s in transcript.speakers if s.name) or "nobody by name"
    what = "is not in this session" if not fitting else "could be more than one person"
    raise InputError(f"'{name}' {what}: it has {there}.")

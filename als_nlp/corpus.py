"""Annotated sessions: one plain-text file each, for people to read, edit and train on.

The format is described in ``corpora/als/FORMAT.md``; this module is its only reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast

from als_nlp.errors import CorpusError
from als_nlp.transcript import (
    CYCLE_PHASES,
    KINDS,
    LABEL_OF,
    PERSONAL_TYPES,
    PHASES,
    PURPOSES,
    STATUSES,
    Kind,
    Phase,
    Purpose,
    Segment,
    Source,
    Speaker,
    Status,
    Transcript,
    Turn,
    Word,
)

if TYPE_CHECKING:
    import pandas as pd

HEADER_KEYS = ("session", "cohort", "number", "trade", "band", "mode", "speech", "captions",
               "facilitation", "features", "minutes")  # fmt: skip
WORDS_PER_SECOND = 2.6
PAUSE = 0.7
THINKING = 2.5

_PERSONAL = re.compile(r"\[([^\[\]]+)\]\((\w+)\)")
_PHASE = re.compile(r"^== (\w+)(?: (\d))?$")


@dataclass(frozen=True, slots=True)
class Action:
    """An agreed action: the cycle it ends, the pseudonym that owns it, the text, when."""

    cycle: int
    owner: str
    text: str
    due: str | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What somebody reports at check-in about an action of last time."""

    owner: str
    status: Status
    text: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """The challenge of one cycle, in two or three sentences, with its theme."""

    cycle: int
    presenter: str
    theme: str
    text: str


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Invented personal data that somebody says: its type, and which words of the session it is.

    ``word`` is the number of the first word, ``words`` how many there are.
    """

    text: str
    type: str
    word: int
    words: int


@dataclass(frozen=True, slots=True)
class AnnotatedSession:
    """One coded session. ``transcript`` carries gold kinds, purposes, phases and cycles."""

    path: Path
    header: dict[str, str]
    transcript: Transcript
    personal: tuple[PersonalData, ...]
    actions: tuple[Action, ...]
    followups: tuple[FollowUp, ...]
    challenges: tuple[Challenge, ...]

    @property
    def name(self) -> str:
        return self.header["session"]

    @property
    def cohort(self) -> str:
        return self.header["cohort"]

    @property
    def second_language(self) -> frozenset[str]:
        """Names of those who speak English as a second language, as far as the header says."""
        names = self.header.get("second_language", "").split(",")
        return frozenset(name.strip() for name in names if name.strip())


def load(path: Path) -> AnnotatedSession:
    """Read one annotated session.

    Raises:
        CorpusError: for the first line that breaks the format, naming file, line and remedy.
    """
    return _Reader(path).read()


def check(path: Path) -> list[str]:
    """What a coder should mend in a session that can be read: a list of sentences, best empty."""
    session = load(path)
    turns = session.transcript.turns
    problems = []
    if len(turns) < 90:
        problems.append(f"{path.name}: has {len(turns)} turns; a session has 90 or more.")
    phases = list(dict.fromkeys((t.phase, t.cycle) for t in turns))
    for cycle in (1, 2):
        for phase in CYCLE_PHASES:
            if (phase, cycle) not in phases:
                problems.append(f"{path.name}: cycle {cycle} has no {phase} phase.")
        if not any(action.cycle == cycle for action in session.actions):
            problems.append(f"{path.name}: cycle {cycle} ends in no action (a line '* action …').")
        if not any(challenge.cycle == cycle for challenge in session.challenges):
            problems.append(f"{path.name}: cycle {cycle} has no '* challenge …' line.")
    for phase in ("check_in", "check_out"):
        if (phase, 0) not in phases:
            problems.append(f"{path.name}: has no {phase} phase.")
    if session.header["number"] != "1" and not session.followups:
        problems.append(f"{path.name}: is not the first of its cohort but has no '* followup …'.")
    for turn in turns:
        for segment in turn.segments:
            if len(segment.words) > 60:
                problems.append(
                    f"{path.name}: a segment of {len(segment.words)} words should be split: "
                    f"'{segment.text[:50]}…'."
                )
    return problems


def load_all(folder: Path) -> list[AnnotatedSession]:
    """Every ``*.als.txt`` below a folder, in the order of their paths.

    Raises:
        CorpusError: if there is none, or one breaks the format.
    """
    paths = sorted(folder.rglob("*.als.txt"))
    if not paths:
        raise CorpusError(f"{folder} holds no annotated session (*.als.txt).")
    return [load(path) for path in paths]


def data_frame(sessions: list[AnnotatedSession]) -> pd.DataFrame:
    """One row a segment: session, cohort, turn, speaker, role, phase, cycle, text and its codes."""
    import pandas as pd

    return pd.DataFrame([row for session in sessions for row in _rows(session)])


def _rows(session: AnnotatedSession) -> Iterator[dict[str, object]]:
    transcript = session.transcript
    for number, turn in enumerate(transcript.turns):
        speaker = transcript.speaker(turn.speaker or "")
        for segment in turn.segments:
            yield {
                **{key: session.header[key] for key in HEADER_KEYS},
                "turn": number,
                "speaker": speaker.name,
                "role": speaker.role,
                "phase": turn.phase,
                "cycle": turn.cycle,
                "start": segment.start,
                "end": segment.end,
                "text": segment.text,
                "label": segment.label,
                "kind": segment.kind,
                "purpose": segment.purpose,
            }


class _Reader:
    """One pass over the lines of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = 0
        self.header: dict[str, str] = {}
        self.speakers: dict[str, Speaker] = {}
        self.phase: Phase | None = None
        self.cycle = 0
        self.clock = 0.0
        self.turns: list[Turn] = []
        self.said = 0
        self.personal: list[PersonalData] = []
        self.actions: list[Action] = []
        self.followups: list[FollowUp] = []
        self.challenges: list[Challenge] = []

    def read(self) -> AnnotatedSession:
        try:
            text = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CorpusError(f"{self.path} cannot be read: {error}.") from error
        for self.number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip()
            if line and not line.startswith("#"):
                self._line(line)
        if missing := [key for key in HEADER_KEYS if key not in self.header]:
            raise CorpusError(f"{self.path}: the header lacks {', '.join(missing)}.")
        if not self.turns:
            raise CorpusError(f"{self.path}: nobody says anything.")
        if sum(s.role == "facilitator" for s in self.speakers.values()) != 1:
            raise CorpusError(f"{self.path}: the header must name exactly one facilitator.")
        source = Source(file=self.path.name, format="als-corpus", duration=self.clock)
        transcript = Transcript(source, tuple(self.speakers.values()), tuple(self.turns))
        return AnnotatedSession(
            self.path, self.header, transcript, tuple(self.personal),
            tuple(self.actions), tuple(self.followups), tuple(self.challenges),
        )  # fmt: skip

    def _line(self, line: str) -> None:
        if line.startswith("== "):
            self._phase_line(line)
        elif line.startswith("* "):
            self._mark(line[2:])
        elif self.phase is None:
            self._header_line(line)
        else:
            self._segment_line(line)

    def _header_line(self, line: str) -> None:
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or not value:
            self._fail("a header line reads 'key: value'")
        if key in ("facilitator", "member"):
            name = value.partition(",")[0].strip()
            role = "facilitator" if key == "facilitator" else "participant"
            if name in self.speakers:
                self._fail(f"'{name}' is named twice")
            self.speakers[name] = Speaker(f"S{len(self.speakers) + 1}", name, role)  # type: ignore[arg-type]
        elif key in (*HEADER_KEYS, "second_language"):
            self.header[key] = value
        else:
            self._fail(f"'{key}' is no header key")

    def _phase_line(self, line: str) -> None:
        match = _PHASE.match(line)
        if not match or match[1] not in PHASES:
            self._fail(f"a phase line reads '== inquiry 1'; phases are {', '.join(PHASES)}")
        self.phase = cast(Phase, match[1])
        if (self.phase in CYCLE_PHASES) != (match[2] is not None):
            self._fail("present, inquiry and reflect_decide carry a cycle number, others none")
        self.cycle = int(match[2] or 0)

    def _segment_line(self, line: str) -> None:
        parts = [part.strip() for part in line.split("|", 2)]
        if len(parts) != 3 or not all(parts):
            self._fail("a segment line reads 'Name | kind | text'")
        name, code, text = parts
        if name not in self.speakers:
            self._fail(f"'{name}' is not in the header")
        kind, _, purpose = code.partition("/")
        if kind not in KINDS:
            self._fail(f"'{kind}' is no kind; kinds are {', '.join(KINDS)}")
        is_question = LABEL_OF[kind] == "question"
        if is_question and purpose not in PURPOSES:
            self._fail(f"a question needs a purpose ({', '.join(PURPOSES)}), as in 'open/feeling'")
        if purpose and not is_question:
            self._fail("only questions have a purpose")
        self._note_personal(text)
        self._say(name, self._plain(text), kind, cast(Purpose, purpose) or None)

    def _say(self, name: str, text: str, kind: Kind, purpose: Purpose | None) -> None:
        """Append a segment; times are made from the words, since synthetic talk has none."""
        speaker = self.speakers[name].id
        goes_on = (
            self.turns
            and self.turns[-1].speaker == speaker
            and (self.turns[-1].phase, self.turns[-1].cycle) == (self.phase, self.cycle)
        )
        if self.turns and not goes_on:
            asked = self.turns[-1].segments[-1].label == "question"
            self.clock += THINKING if asked else PAUSE
        words = []
        for token in text.split():
            start = self.clock
            self.clock += 1 / WORDS_PER_SECOND
            words.append(Word(token, round(start, 2), round(self.clock, 2)))
        self.said += len(words)
        segment = Segment(tuple(words), kind, purpose)
        if goes_on:
            last = self.turns.pop()
            self.turns.append(Turn(speaker, (*last.segments, segment), self.phase, self.cycle))
        else:
            self.turns.append(Turn(speaker, (segment,), self.phase, self.cycle))

    def _plain(self, text: str) -> str:
        """The text without its inline marks of personal data."""
        for match in _PERSONAL.finditer(text):
            if match[2] not in PERSONAL_TYPES:
                self._fail(f"'{match[2]}' is no type of personal data")
        return _PERSONAL.sub(r"\1", text)

    def _note_personal(self, text: str) -> None:
        for match in _PERSONAL.finditer(text):
            begin = len(_PERSONAL.sub(r"\1", text[: match.start()]))
            end = begin + len(match[1])
            spans = [m.span() for m in re.finditer(r"\S+", self._plain(text))]
            inside = [n for n, (left, right) in enumerate(spans) if left < end and right > begin]
            if inside:
                place = self.said + inside[0]
                self.personal.append(PersonalData(match[1], match[2], place, len(inside)))

    def _mark(self, line: str) -> None:
        head, *rest = (part.strip() for part in line.split("|"))
        what, _, cycle = head.partition(" ")
        rest = [self._plain(part) for part in rest]
        if rest and rest[0] not in self.speakers:
            self._fail(f"'{rest[0]}' is not in the header")
        if what == "action" and cycle.isdigit() and len(rest) in (2, 3):
            owner = self.speakers[rest[0]].id
            due = rest[2] if len(rest) == 3 and rest[2] else None
            self.actions.append(Action(int(cycle), owner, rest[1], due))
        elif what == "followup" and len(rest) == 3 and rest[1] in STATUSES:
            owner = self.speakers[rest[0]].id
            self.followups.append(FollowUp(owner, rest[1], rest[2]))
        elif what == "challenge" and cycle.isdigit() and len(rest) == 3:
            presenter = self.speakers[rest[0]].id
            self.challenges.append(Challenge(int(cycle), presenter, rest[1], rest[2]))
        else:
            self._fail(
                "marks read '* action 1 | Name | text | when', '* followup | Name | done | text' "
                "or '* challenge 1 | Name | theme | text'"
            )

    def _fail(self, why: str) -> NoReturn:
        raise CorpusError(f"{self.path}, line {self.number}: {why}.")

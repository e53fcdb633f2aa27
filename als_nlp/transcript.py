"""What every stage takes and gives: words, segments, turns and the transcript that holds them.

All values are immutable. Times are seconds from the start of the session, or ``None`` where the
source has none. The vocabulary of labels is the codebook's, word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

Label = Literal["question", "advice", "other"]
Kind = Literal[
    "open", "closed", "direct", "disguised", "experience",
    "account", "reflection", "process", "commitment", "ack",
]  # fmt: skip
Purpose = Literal["clarifying", "evidence", "assumption", "possibility", "feeling"]
Phase = Literal["check_in", "present", "inquiry", "reflect_decide", "check_out"]
Role = Literal["facilitator", "participant"]
Status = Literal["done", "partly", "not_done"]
Timing = Literal["exact", "estimated", "none"]

KINDS: tuple[Kind, ...] = get_args(Kind)
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
PERSONAL_TYPES = ("PERSON", "LOCATION", "ORG", "CONTACT", "ID", "DATE")
PHASES: tuple[Phase, ...] = get_args(Phase)
LABELS: tuple[Label, ...] = get_args(Label)
STATUSES: tuple[Status, ...] = get_args(Status)
CYCLE_PHASES: frozenset[Phase] = frozenset({"present", "inquiry", "reflect_decide"})

LABEL_OF: Mapping[Kind, Label] = {
    "open": "question", "closed": "question",
    "direct": "advice", "disguised": "advice", "experience": "advice",
    "account": "other", "reflection": "other", "process": "other",
    "commitment": "other", "ack": "other",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word as written in the source, punctuation attached."""

    text: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence-like piece of a turn: the unit of coding.

    ``label``, ``kind``, ``purpose`` and ``probability`` are ``None`` until a tagger has spoken;
    ``purpose`` stays ``None`` for everything but questions. ``probability`` is that of ``label``.
    """

    words: tuple[Word, ...]
    kind: Kind | None = None
    purpose: Purpose | None = None
    probability: float | None = None

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def label(self) -> Label | None:
        return None if self.kind is None else LABEL_OF[self.kind]

    @property
    def start(self) -> float | None:
        return self.words[0].start

    @property
    def end(self) -> float | None:
        return self.words[-1].end


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything one person says until somebody else takes the floor (a backchannel does not).

    ``speaker`` is a speaker's id, ``None`` where the source does not say whose voice it is.
    """

    speaker: str | None
    segments: tuple[Segment, ...]
    phase: Phase | None = None
    cycle: int = 0

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for segment in self.segments for word in segment.words)

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    @property
    def start(self) -> float | None:
        return self.segments[0].start

    @property
    def end(self) -> float | None:
        return self.segments[-1].end


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody in the session. ``name`` is ``None`` where the source gives voices no names."""

    id: str
    name: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a transcript came from, and what a reader should know about it.

    ``duration`` is in seconds, ``None`` where nothing is timed. ``notes`` are full sentences:
    what was skipped or guessed while reading.
    """

    file: str
    format: str
    duration: float | None = None
    timing: Timing = "exact"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """Who said what and when; tagged or not yet. Turns stand in the order they begin."""

    source: Source
    speakers: tuple[Speaker, ...]
    turns: tuple[Turn, ...]

    def speaker(self, speaker_id: str) -> Speaker:
        """The speaker with this id. Raises ``KeyError`` if there is none."""
        for speaker in self.speakers:
            if speaker.id == speaker_id:
                return speaker
        raise KeyError(speaker_id)

    @property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(segment for turn in self.turns for segment in turn.segments)

    @property
    def facilitator(self) -> str | None:
        """The facilitator's speaker id, if known."""
        return next((s.id for s in self.speakers if s.role == "facilitator"), None)

    @property
    def timed(self) -> bool:
        return self.source.timing != "none"

    def with_turns(self, turns: Iterable[Turn]) -> Transcript:
        """The same session with other turns."""
        return replace(self, turns=tuple(turns))

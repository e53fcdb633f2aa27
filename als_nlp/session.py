"""A session with its measures: the value that reports are made of, and ``session.json``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from als_nlp import __version__
from als_nlp.errors import InputError
from als_nlp.files import write_whole
from als_nlp.measures.actions import Action, FollowUp
from als_nlp.measures.airtime import Evenness, SpeakerAirtime
from als_nlp.measures.challenges import Challenge
from als_nlp.measures.flow import Flow
from als_nlp.measures.inquiry import Inquiry
from als_nlp.transcript import (
    Kind,
    Label,
    Phase,
    Purpose,
    Segment,
    Source,
    Speaker,
    Transcript,
    Turn,
    Word,
)

SCHEMA = "als-nlp/session/1"


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that was found in one session. ``models`` names what found it."""

    transcript: Transcript
    airtime: tuple[SpeakerAirtime, ...]
    evenness: Evenness
    inquiry: Inquiry
    flow: Flow
    challenges: tuple[Challenge, ...]
    actions: tuple[Action, ...]
    followups: tuple[FollowUp, ...]
    models: dict[str, str]

    def save(self, path: Path | str) -> None:
        """Write ``session.json``, whole or not at all, for its owner alone: all words are in it.

        Raises:
            InputError: if the place cannot be written.
        """
        text = json.dumps(self.as_json(), ensure_ascii=False, indent=1)
        write_whole(Path(path), text + "\n", private=True)

    def as_json(self) -> dict[str, Any]:
        """The contract's ``session.json`` as plain values."""
        return {
            "schema": SCHEMA,
            "source": asdict(self.transcript.source),
            "speakers": [asdict(speaker) for speaker in self.airtime],
            "turns": [_turn_json(turn) for turn in self.transcript.turns],
            "inquiry": asdict(self.inquiry),
            "airtime": asdict(self.evenness),
            "flow": asdict(self.flow),
            "challenges": [asdict(challenge) for challenge in self.challenges],
            "actions": [asdict(action) for action in self.actions],
            "followups": [asdict(followup) for followup in self.followups],
            "models": self.models,
            "version": __version__,
        }

    @classmethod
    def load(cls, path: Path | str) -> Session:
        """Read ``session.json``. Words get times by sharing out their segment's.

        Raises:
            InputError: if the file cannot be read or is no session, naming the first thing amiss.
        """
        from pydantic import TypeAdapter, ValidationError

        path = Path(path)
        try:
            found = TypeAdapter(_SessionFile).validate_json(path.read_bytes())
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}.") from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "the whole file"
            raise InputError(
                f"{path.name} is not a session that this version reads: "
                f"{place}: {first['msg'].lower()}."
            ) from error
        turns = tuple(turn.as_turn() for turn in found.turns)
        known = {s.id for s in found.speakers}
        named = [t.speaker for t in turns] + [a.owner for a in found.actions]
        named += [f.owner for f in found.followups] + [p for _, p in found.flow.presenters]
        if strangers := sorted({who for who in named if who is not None and who not in known}):
            raise InputError(
                f"{path.name} speaks of '{strangers[0]}', who is not among its speakers: put that "
                "right, or analyse the session again."
            )
        speakers = tuple(Speaker(s.id, s.name, s.role) for s in found.speakers)
        return cls(
            transcript=Transcript(found.source, speakers, turns),
            airtime=found.speakers,
            evenness=found.airtime,
            inquiry=found.inquiry,
            flow=found.flow,
            challenges=found.challenges,
            actions=found.actions,
            followups=found.followups,
            models=found.models,
        )


def segment_json(segment: Segment) -> dict[str, Any]:
    """One segment as it stands in ``session.json``."""
    return {
        "start": segment.start,
        "end": segment.end,
        "text": segment.text,
        "label": segment.label,
        "kind": segment.kind,
        "purpose": segment.purpose,
        "probability": segment.probability,
    }


def _turn_json(turn: Turn) -> dict[str, Any]:
    return {
        "speaker": turn.speaker,
        "start": turn.start,
        "end": turn.end,
        "phase": turn.phase,
        "cycle": turn.cycle,
        "segments": [segment_json(segment) for segment in turn.segments],
    }


@dataclass(frozen=True, slots=True)
class _SegmentFile:
    start: float | None
    end: float | None
    text: str
    label: Label | None
    kind: Kind | None
    purpose: Purpose | None
    probability: float | None

    def as_segment(self) -> Segment:
        tokens = self.text.split() or [""]
        if self.start is None or self.end is None:
            words = tuple(Word(token) for token in tokens)
        else:
            step = (self.end - self.start) / len(tokens)
            edges = [self.start + step * i for i in range(len(tokens))] + [self.end]
            words = tuple(
                Word(t, round(a, 3), round(b, 3))
                for t, a, b in zip(tokens, edges, edges[1:], strict=False)
            )
        return Segment(words, self.kind, self.purpose, self.probability)


@dataclass(frozen=True, slots=True)
class _TurnFile:
    speaker: str | None
    start: float | None
    end: float | None
    phase: Phase | None
    cycle: int
    segments: tuple[_SegmentFile, ...]

    def as_turn(self) -> Turn:
        segments = tuple(segment.as_segment() for segment in self.segments)
        return Turn(self.speaker, segments, self.phase, self.cycle)


@dataclass(frozen=True, slots=True)
class _SessionFile:
    schema: Literal["als-nlp/session/1"]
    source: Source
    speakers: tuple[SpeakerAirtime, ...]
    turns: tuple[_TurnFile, ...]
    inquiry: Inquiry
    airtime: Evenness
    flow: Flow
    challenges: tuple[Challenge, ...]
    actions: tuple[Action, ...]
    followups: tuple[FollowUp, ...]
    models: dict[str, str]
    version: str

"""Short clips of each voice, to find out by listening who it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from als_nlp.files import write_whole
from als_nlp.transcribe.assemble import voices_of
from als_nlp.transcribe.audio import clip
from als_nlp.transcribe.diarise import Stretch
from als_nlp.transcribe.recording import Recording

CLIPS: Final = 3
SECONDS: Final = 6.0
"""Of a clip at most."""
AWAY: Final = 30.0
"""Seconds between two clips, where there is so much."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A moment in which a voice speaks: when (seconds) and what it says.

    ``sound`` is a .wav file, empty if the recording is gone.
    """

    voice: int
    number: int
    start: float
    text: str
    sound: bytes

    @property
    def file_name(self) -> str:
        return f"voice-{self.voice}-{self.number}.wav"


def clips_of(recording: Recording) -> dict[int, tuple[Clip, ...]]:
    """Up to three clips of each voice, by voice: where it speaks alone, if it does.

    Raises:
        RecordingError: if the recording cannot be read any more.
    """
    said = list(zip(recording.words, voices_of(recording.words, recording.stretches), strict=True))

    def clips(voice: int) -> Iterator[Clip]:
        for number, one in enumerate(_chosen(recording.stretches, voice), start=1):
            end = min(one.end, one.start + SECONDS)
            words = (
                word.text for word, who in said
                if who == voice and one.start - 0.2 <= (word.start or 0.0) < end
            )  # fmt: skip
            yield Clip(voice, number, one.start, " ".join(words), _sound(recording, one, end))

    return {voice: tuple(clips(voice)) for voice in sorted({s.voice for s in recording.stretches})}


def write_clips(clips: dict[int, tuple[Clip, ...]], folder: Path) -> None:
    """The clips as files, for their owner alone.

    Raises:
        InputError: if the folder cannot be written.
    """
    for one in (one for some in clips.values() for one in some if one.sound):
        write_whole(folder / one.file_name, one.sound, private=True)


def _chosen(stretches: tuple[Stretch, ...], voice: int) -> list[Stretch]:
    """The longest stretches of a voice alone, not all from one moment, in order of time."""
    alone = [
        s for s in stretches
        if s.voice == voice
        and not any(o.voice != voice and o.start < s.end and s.start < o.end for o in stretches)
    ] or [s for s in stretches if s.voice == voice]  # fmt: skip
    chosen: list[Stretch] = []
    for apart in (AWAY, 0.0):
        for one in sorted(alone, key=lambda s: (-min(SECONDS, s.end - s.start), s.start)):
            near = any(abs(one.start - c.start) < apart or one == c for c in chosen)
            if len(chosen) < CLIPS and not near:
                chosen.append(one)
    return sorted(chosen, key=lambda s: s.start)


def _sound(recording: Recording, one: Stretch, end: float) -> bytes:
    number = one.voice - 1 if recording.separate else max(
        n for n, start in enumerate(recording.starts) if start <= one.start
    )  # fmt: skip
    begins = recording.starts[number]
    path = recording.files[number]
    return clip(path, one.start - begins, end - begins) if path.exists() else b""

"""Short clips of each voice, to find out by listening who it is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from als_nlp.files import write_whole
from als_nlp.transcribe.audio import clip
from als_nlp.transcribe.diarise import Stretch
from als_nlp.transcribe.recording import Recording

CLIPS: Final = 3
SECONDS: Final = 6.0
"""Of a clip at most."""
AWAY: Final = 30.0
"""Seconds between two clips, where there is so much."""


def write_clips(recording: Recording, folder: Path) -> dict[int, tuple[Path, ...]]:
    """Up to three clips a voice, in which it speaks alone; the files by voice.

    Raises:
        RecordingError: if the recording is gone.
        InputError: if the folder cannot be written.
    """
    out: dict[int, tuple[Path, ...]] = {}
    for voice in sorted({s.voice for s in recording.stretches}):
        files = []
        for number, one in enumerate(_chosen(recording.stretches, voice), start=1):
            path = folder / f"voice-{voice}-{number}.wav"
            write_whole(path, _sound(recording, one), private=True)
            files.append(path)
        out[voice] = tuple(files)
    return out


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


def _sound(recording: Recording, one: Stretch) -> bytes:
    end = min(one.end, one.start + SECONDS)
    if recording.separate:
        return clip(recording.files[one.voice - 1], one.start, end)
    number = max(n for n, start in enumerate(recording.starts) if start <= one.start)
    begins = recording.starts[number]
    return clip(recording.files[number], one.start - begins, end - begins)

"""Recordings to sound: any format that FFmpeg reads, decoded as a stream to 16 kHz mono on disk.

What is decoded lies in a file and is read from there stretch by stretch, so that memory does not
grow with the length of a recording.
"""

from __future__ import annotations

import math
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.errors import RecordingError

RATE: Final = 16_000
"""Samples a second, as speech models expect."""
SUFFIXES: Final = frozenset(
    {".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".mp4", ".mov", ".mkv", ".webm", ".aac",
     ".wma", ".m4v", ".aif", ".aiff", ".amr", ".3gp", ".oga", ".mka", ".avi"}
)  # fmt: skip
LOUDNESS: Final = 0.1
"""Speech of quiet recordings is raised to this root mean square."""
MOST_GAIN: Final = 100.0
HOLE: Final = 0.25
"""Seconds missing in a stream from which on silence is put in their place."""
LONGEST_HOLE: Final = 600.0

Samples = NDArray[np.float32]
Progress = Callable[[float, float], None]
"""Told how many seconds of how many are done."""


@dataclass(frozen=True)
class Sound:
    """Decoded sound on disk: 16 kHz, mono. ``gain`` raises what was recorded too quietly."""

    path: Path
    gain: float = 1.0

    @property
    def seconds(self) -> float:
        return self.path.stat().st_size / 2 / RATE

    def read(self, start: float = 0.0, end: float | None = None) -> Samples:
        """Samples between two times (seconds), −1 to 1."""
        first = max(0, round(start * RATE))
        count = -1 if end is None else max(0, round(end * RATE) - first)
        raw = np.fromfile(self.path, "<i2", count=count, offset=2 * first)
        louder = raw.astype(np.float32) * (self.gain / 32768)
        return np.asarray(np.clip(louder, -1, 1), np.float32)


def is_recording(path: Path) -> bool:
    """Whether a file's name says that it is a recording."""
    return path.suffix.lower() in SUFFIXES


def decode(path: Path, to: Path, progress: Progress | None = None) -> Sound:
    """Decode the first sound track of a recording into ``to`` (16-bit samples), or nothing at all.

    Parts that cannot be decoded are left out; where the stream has a hole, silence takes its place,
    so that times stay those of the recording.

    Raises:
        RecordingError: if it cannot be read, has no sound track, or the disk is full.
    """
    import av

    part = to.with_suffix(".part")
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise RecordingError(f"{path.name} has no sound in it: is it the right file?")
            length = float(container.duration or 0) / 1e6
            with part.open("wb") as out:
                for block, now in _blocks(container):
                    out.write(block)
                    if progress and length:
                        progress(min(now, length), length)
    except av.error.FFmpegError as error:
        part.unlink(missing_ok=True)
        raise RecordingError(
            f"{path.name} cannot be read as a recording ({_plain(error)}): try to play it; if it "
            "plays, save it as .wav or .mp3."
        ) from error
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RecordingError(
            f"{path.name} cannot be decoded: {error.strerror or error}."
        ) from error
    if part.stat().st_size < RATE // 5:
        part.unlink()
        raise RecordingError(f"{path.name} is shorter than a tenth of a second.")
    part.replace(to)
    return levelled(to)


def _plain(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or error).split(":")[0].strip().lower()


def _blocks(container: Any) -> Iterator[tuple[bytes, float]]:
    """Raw samples, and the time up to which they reach."""
    import av

    stream = container.streams.audio[0]
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    written = 0
    begin: float | None = None
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            if frame.time is not None:
                begin = frame.time if begin is None else begin
                hole = frame.time - begin - written / RATE
                if HOLE < hole < LONGEST_HOLE:
                    silence = int(hole * RATE)
                    written += silence
                    yield bytes(2 * silence), written / RATE
            for made in resampler.resample(frame):
                written += made.samples
                yield made.to_ndarray().tobytes(), written / RATE
    for made in resampler.resample(None):
        written += made.samples
        yield made.to_ndarray().tobytes(), written / RATE


def levelled(path: Path) -> Sound:
    """Decoded sound with the gain that its loud parts need to be as loud as ordinary speech."""
    loud: list[NDArray[np.float64]] = []
    for begin in range(0, path.stat().st_size // 2, 60 * RATE):
        block = np.fromfile(path, "<i2", count=60 * RATE, offset=2 * begin).astype(np.float64)
        rows = len(block) // 480
        if rows:
            loud.append(np.sqrt((block[: rows * 480].reshape(rows, 480) ** 2).mean(1)) / 32768)
    level = float(np.quantile(np.concatenate(loud), 0.9)) if loud else 0.0
    wanted = LOUDNESS / level if level > 0 else 1.0
    return Sound(path, float(np.clip(wanted, 1.0, MOST_GAIN)))


def joined(sounds: list[Sound], to: Path) -> tuple[Sound, list[float]]:
    """Several recordings of one session as one, and when each begins (seconds).

    Raises:
        RecordingError: if the disk is full.
    """
    starts, clock = [], 0.0
    part = to.with_suffix(".part")
    try:
        with part.open("wb") as out:
            for sound in sounds:
                starts.append(clock)
                clock += sound.seconds
                for begin in range(0, math.ceil(sound.seconds), 60):
                    block = sound.read(begin, min(begin + 60, sound.seconds))
                    out.write((block * 32767).astype("<i2").tobytes())
        part.replace(to)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RecordingError(f"{to.parent} cannot be written: {error.strerror}.") from error
    return Sound(to), starts


def clip(path: Path, start: float, end: float) -> bytes:
    """A few seconds of a recording as a .wav file.

    Raises:
        RecordingError: if the recording is not there any more or cannot be read.
    """
    import av

    if not path.exists():
        raise RecordingError(f"{path} is not there any more, so nobody can be listened to.")
    samples: list[NDArray[Any]] = []
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            stream: Any = container.streams.audio[0]
            offset = float(stream.start_time * stream.time_base) if stream.start_time else 0.0
            container.seek(int(max(0.0, start + offset - 1) * 1e6))
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            first: float | None = None
            for frame in container.decode(stream):
                if frame.time is None:
                    continue
                first = frame.time if first is None else first
                samples += [m.to_ndarray().ravel() for m in resampler.resample(frame)]
                if frame.time > end + offset:
                    break
    except (av.error.FFmpegError, IndexError) as error:
        raise RecordingError(f"{path} cannot be read as a recording.") from error
    sound = np.concatenate(samples) if samples else np.zeros(0, np.int16)
    skip = round((start + offset - (first or 0.0)) * RATE)
    return as_wav(sound[max(0, skip) : max(0, skip) + round((end - start) * RATE)])


def as_wav(samples: NDArray[np.int16]) -> bytes:
    """16 kHz mono samples as a .wav file."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return out.getvalue()

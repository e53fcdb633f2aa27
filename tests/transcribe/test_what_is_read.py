"""Recordings as they come: from phones and meeting tools, quiet or broken."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from als_nlp.errors import RecordingError
from als_nlp.transcribe.audio import RATE, Samples, Sound, clip, decode, joined
from als_nlp.transcribe.recognise import missed
from als_nlp.transcribe.speech import find_speech, hear, pieces
from als_nlp.transcript import Word
from tests.transcribe.conftest import CLIP, write_sound

SHAPES = {
    "wav": ("pcm_s16le", 44_100, "stereo"),
    "flac": ("flac", 48_000, "mono"),
    "mp3": ("libmp3lame", 44_100, "mono"),
    "m4a": ("aac", 44_100, "stereo"),
    "ogg": ("libopus", 48_000, "mono"),
    "opus": ("libopus", 48_000, "stereo"),
    "mp4": ("aac", 48_000, "mono"),
    "mov": ("pcm_s16le", 48_000, "mono"),
    "mkv": ("flac", 16_000, "mono"),
    "webm": ("libopus", 48_000, "mono"),
}


@pytest.mark.parametrize("suffix", SHAPES)
def test_every_format_gives_the_same_speech(suffix: str, samples: Samples, tmp_path: Path) -> None:
    codec, rate, layout = SHAPES[suffix]
    path = write_sound(tmp_path / f"phone.{suffix}", samples, codec=codec, rate=rate, layout=layout)
    sound = decode(path, tmp_path / "sound.pcm")
    assert sound.seconds == pytest.approx(len(samples) / RATE, abs=0.15)
    spoken = sum(b - a for a, b in find_speech(hear(sound), sound.seconds))
    assert spoken == pytest.approx(_spoken(samples, tmp_path), abs=0.5)


def _spoken(samples: Samples, folder: Path) -> float:
    sound = _sound(samples, folder / "whole.pcm")
    return sum(b - a for a, b in find_speech(hear(sound), sound.seconds))


def _sound(samples: Samples, path: Path) -> Sound:
    path.write_bytes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return Sound(path)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("quiet", lambda x: x * 0.01),
        ("clipped", lambda x: np.clip(x * 20, -0.9, 0.9)),
        ("hissy", lambda x: x + np.random.default_rng(1).normal(0, 0.01, len(x))),
    ],
)
def test_poor_recordings_are_heard_as_well(
    name: str, change: object, samples: Samples, tmp_path: Path
) -> None:
    assert callable(change)
    poor = np.asarray(change(samples), np.float32)
    sound = decode(write_sound(tmp_path / f"{name}.wav", poor), tmp_path / "sound.pcm")
    spoken = sum(b - a for a, b in find_speech(hear(sound), sound.seconds))
    assert spoken == pytest.approx(_spoken(samples, tmp_path), rel=0.15)


def test_eight_kilohertz_from_a_telephone(samples: Samples, tmp_path: Path) -> None:
    path = write_sound(tmp_path / "call.wav", samples, rate=8000)
    sound = decode(path, tmp_path / "sound.pcm")
    assert sound.seconds == pytest.approx(len(samples) / RATE, abs=0.1)
    assert find_speech(hear(sound), sound.seconds)


def test_a_hole_in_the_stream_keeps_later_times_right(samples: Samples, tmp_path: Path) -> None:
    path = write_sound(tmp_path / "hole.mkv", samples, codec="flac", gaps=(0, 0, 3.0))
    sound = decode(path, tmp_path / "sound.pcm")
    assert sound.seconds == pytest.approx(len(samples) / RATE + 3, abs=0.2)
    assert np.abs(sound.read(3.3, 5.7)).max() < 0.01


def test_parts_of_one_session_are_put_one_after_another(samples: Samples, tmp_path: Path) -> None:
    first, second = (_sound(samples, tmp_path / f"{n}.pcm") for n in "ab")
    whole, starts = joined([first, second], tmp_path / "whole.pcm")
    assert starts == [0.0, pytest.approx(first.seconds)]
    assert whole.seconds == pytest.approx(2 * first.seconds)
    assert np.allclose(whole.read(12, 14), second.read(0, 2), atol=1e-3)


def test_a_clip_is_the_seconds_that_were_asked_for(samples: Samples, tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    path.write_bytes(clip(CLIP, 4.0, 7.0))
    sound = decode(path, tmp_path / "sound.pcm")
    assert sound.seconds == pytest.approx(3.0, abs=0.02)
    one, two = sound.read() / sound.gain, samples[4 * RATE : 7 * RATE]
    size = min(len(one), len(two))
    assert np.corrcoef(one[:size], two[:size])[0, 1] > 0.95


def test_nobody_is_heard_in_silence_or_noise(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    for level in (0.0, 0.02):
        noise = (random.normal(0, 1, 20 * RATE) * level).astype(np.float32)
        sound = decode(write_sound(tmp_path / "room.wav", noise), tmp_path / "room.pcm")
        assert find_speech(hear(sound), sound.seconds) == ()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("notes.wav", b"these are no sounds at all", "cannot be read as a recording"),
        ("empty.mp3", b"", "cannot be read as a recording"),
        ("cut.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(200), "cannot be read as a recording"),
    ],
)
def test_what_is_no_recording_gets_a_sentence(
    name: str, content: bytes, says: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=says):
        decode(path, tmp_path / "sound.pcm")
    assert not list(tmp_path.glob("sound*"))


def test_pieces_are_short_enough_and_cut_at_silences() -> None:
    speech = tuple((float(n), n + 0.8) for n in range(0, 100))
    cut = pieces(speech, 100.0)
    assert all(b - a <= 28.5 for a, b in cut)
    assert all(b - a > 24 for a, b in cut[:-1]), "each costs the same, however long it is"
    assert all(any(abs(a - (s[0] - 0.1)) < 0.11 for s in speech) for a, _ in cut)
    assert pieces(((0.0, 70.0),), 70.0)[-1][1] == 70.0


MEMORY = """
import resource
from als_nlp.transcribe.memory import keep_memory
keep_memory()
def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = b"x" * (1 << 26)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
first, second = faults(), faults()
assert second < first / 10, (first, second)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only this C library gives it back")
def test_freed_memory_is_used_again_without_asking_the_system() -> None:
    subprocess.run([sys.executable, "-c", MEMORY], check=True)


def test_what_is_listened_to_again_never_overlaps() -> None:
    one_word = (Word("so", 2.0, 2.1),)
    assert missed(one_word, (0.0, 10.0), [(0.0, 10.0)]) == [(0.0, 2.1), (2.1, 10.0)]
    assert missed(one_word, (0.0, 10.0), [(1.8, 2.5)]) == []

"""Annotated sessions spoken by text-to-speech voices, with who spoke when: recordings to test with.

    python corpora/recordings/speak.py --model kokoro.onnx --voices voices/ -o FOLDER SESSION…

Writes NAME.flac (16 kHz, mono), NAME.rttm (who spoke when) and NAME.json (what was said, by whom,
when, with its codes). Needs kokoro-onnx, soundfile and scipy, none of which als-nlp depends on; see
README.md beside this file for the model and the voices. A sentence spoken once is kept in
FOLDER/spoken, so that an interrupted run goes on where it stopped.

The speech is SYNTHETIC: clearer than people are, in one accent, without laughter.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from als_nlp.corpus import AnnotatedSession, load
from als_nlp.transcript import Segment, Turn

Sound = NDArray[np.float32]
RATE = 24_000
BRITISH = (
    "bf_alice", "bf_emma", "bf_isabella", "bf_lily",
    "bm_daniel", "bm_fable", "bm_george", "bm_lewis",
)  # fmt: skip
OVERLAP = 0.12
"""How often a turn begins before the one before has ended."""
QUIET = 0.05
"""Of the loudest moment of a sentence: below it there is only the breath that some voices end on,
which is lost in the noise of the room."""
PAUSE = 0.5
"""Seconds of silence in a sentence from which on nobody is said to speak."""
THINKING = 0.25
"""How often a question is followed by two to four seconds of silence."""


@dataclass(frozen=True)
class Said:
    """A sentence in its place; seconds from the beginning."""

    speaker: str
    start: float
    sound: Sound
    turn: Turn
    segment: Segment

    @property
    def end(self) -> float:
        return self.start + len(self.sound) / RATE

    @property
    def heard(self) -> list[tuple[float, float]]:
        """When the voice can be heard in the room."""
        frame = RATE // 50
        rows = np.pad(self.sound, (0, -len(self.sound) % frame)).reshape(-1, frame)
        loud = np.sqrt((rows**2).mean(1))
        audible = np.flatnonzero(loud > QUIET * loud.max()) / 50
        # silences that are long enough, from one audible moment to the next
        edges = [0.0, *audible, len(rows) / 50]
        silent = [(a + 0.02 if n else a, b) for n, (a, b) in enumerate(pairwise(edges))]
        cuts = [(a, b) for a, b in silent if b - a >= PAUSE]
        bounds = [0.0, *(edge for cut in cuts for edge in cut), len(self.sound) / RATE]
        spans = zip(bounds[::2], bounds[1::2], strict=True)
        return [(self.start + a, self.start + b) for a, b in spans if b - a > 0.06]


class Voices:
    """The text-to-speech model; what it has spoken is kept."""

    def __init__(self, model: Path, voices: Path, kept: Path) -> None:
        from kokoro_onnx import Kokoro

        table = kept / "voices.npz"
        kept.mkdir(parents=True, exist_ok=True)
        np.savez(
            table,
            **{v: np.fromfile(voices / f"{v}.bin", "<f4").reshape(-1, 1, 256) for v in BRITISH},
        )
        self._model: Any = Kokoro(str(model), str(table))
        self._kept = kept

    def say(self, text: str, voice: str, speed: float) -> Sound:
        """A sentence as sound, silence at its ends cut off."""
        name = blake2b(f"{voice}|{speed:.2f}|{text}".encode(), digest_size=12).hexdigest()
        path = self._kept / f"{name}.npy"
        if not path.exists():
            sound, _ = self._model.create(text, voice=voice, speed=speed, lang="en-gb")
            sound = np.asarray(sound, np.float32).ravel()
            loud = np.flatnonzero(np.abs(sound) > 0.01 * np.abs(sound).max())
            sound = sound[max(0, loud[0] - 480) : loud[-1] + 480]
            np.save(path, (np.clip(sound, -1, 1) * 32767).astype(np.int16))
        return np.asarray(np.load(path), np.float32) / 32767


def placed(session: AnnotatedSession, voices: Voices, first_cycle: bool) -> Iterator[Said]:
    """Every sentence of a session, spoken, in its place in time."""
    chance = random.Random(session.name)
    speakers = [s.id for s in session.transcript.speakers]
    voice = dict(zip(speakers, chance.sample(BRITISH, len(speakers)), strict=True))
    pace = {s: chance.uniform(0.95, 1.12) for s in speakers}
    turns = [t for t in session.transcript.turns if not first_cycle or t.cycle < 2]
    if first_cycle:
        turns = [t for t in turns if t.phase != "check_out"]
    now, before = 0.6, None
    for turn in turns:
        assert turn.speaker is not None
        murmur = all(s.kind == "ack" for s in turn.segments) and len(turn.words) <= 3
        for n, segment in enumerate(turn.segments):
            sound = voices.say(segment.text, voice[turn.speaker], pace[turn.speaker])
            if n:
                gap = chance.uniform(0.08, 0.5)
            elif murmur:
                gap = -chance.uniform(0.0, 0.4)
            elif before is not None and before.segments[-1].label == "question":
                gap = chance.uniform(2, 4) if chance.random() < THINKING else chance.uniform(0.2, 1)
            elif chance.random() < OVERLAP:
                gap = -chance.uniform(0.2, 0.8)
            else:
                gap = chance.uniform(0.15, 1.0)
            start = max(0.3, now + gap)
            yield Said(turn.speaker, start, sound, turn, segment)
            end = start + len(sound) / RATE
            # somebody's "mm" does not hold up the one who speaks
            now = max(now, end - 0.5) if murmur else end
        before = turn


def mixed(said: list[Said], seed: str) -> Sound:
    """All voices in one room: each with its own distance and microphone, and some noise."""
    from scipy.signal import butter, fftconvolve, lfilter, resample_poly

    chance = random.Random(seed + "room")
    noise = np.random.default_rng(chance.randrange(2**32))
    out = np.zeros(int((max(s.end for s in said) + 1) * RATE), np.float32)
    place = {}
    for speaker in sorted({s.speaker for s in said}):
        decay = chance.uniform(0.08, 0.35)
        echo = noise.standard_normal(int(decay * RATE)) * np.exp(
            -6.9 * np.linspace(0, 1, int(decay * RATE))
        )
        echo *= chance.uniform(0.01, 0.05)
        echo[0] = 1
        band = butter(2, [chance.uniform(60, 180), chance.uniform(5000, 7600)], "band", fs=RATE)
        place[speaker] = band, echo, 10 ** (chance.uniform(-6, 3) / 20)
    for one in said:
        band, echo, level = place[one.speaker]
        sound = fftconvolve(lfilter(*band, one.sound), echo) * level
        first = int(one.start * RATE)
        sound = sound[: len(out) - first]
        out[first : first + len(sound)] += sound.astype(np.float32)
    out += noise.standard_normal(len(out)).astype(np.float32) * 10 ** (
        chance.uniform(-52, -40) / 20
    )
    out = resample_poly(out, 2, 3).astype(np.float32)
    return np.asarray(out / np.abs(out).max() * 0.8, np.float32)


def write(session: AnnotatedSession, said: list[Said], folder: Path) -> float:
    """The recording and its truth; returns its length in seconds."""
    import soundfile

    name = session.name
    names = {s.id: s.name for s in session.transcript.speakers}
    rttm = "".join(
        f"SPEAKER {name} 1 {begin:.3f} {end - begin:.3f} <NA> <NA> {s.speaker} <NA> <NA>\n"
        for s in said
        for begin, end in s.heard
    )
    truth = {
        "session": name,
        "synthetic": True,
        "speakers": names,
        "facilitator": session.transcript.facilitator,
        "segments": [
            {
                "speaker": s.speaker,
                "start": round(s.heard[0][0], 3), "end": round(s.heard[-1][1], 3),
                "phase": s.turn.phase, "cycle": s.turn.cycle, "kind": s.segment.kind,
                "label": s.segment.label, "purpose": s.segment.purpose, "text": s.segment.text,
            }
            for s in said
        ],
    }  # fmt: skip
    sound = mixed(said, name)
    (folder / f"{name}.rttm").write_text(rttm, encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")
    soundfile.write(folder / f"{name}.flac", sound, 16_000, subtype="PCM_16")
    return len(sound) / 16_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sessions", nargs="+", type=Path)
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--voices", required=True, type=Path)
    parser.add_argument("--whole", action="store_true", help="both cycles and the check-out")
    parser.add_argument("-o", "--output", required=True, type=Path)
    options = parser.parse_args()
    voices = Voices(options.model, options.voices, options.output / "spoken")
    for path in options.sessions:
        session = load(path)
        said = list(placed(session, voices, not options.whole))
        seconds = write(session, said, options.output)
        print(f"{session.name}: {seconds / 60:.1f} minutes", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

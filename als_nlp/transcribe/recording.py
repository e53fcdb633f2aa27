"""From recordings to who said what, stage by stage; each stage is kept until the work is done.

    decode → hear → recognise → diarise

What a stage finds depends on nothing but what it is given, so that work that was interrupted ends
with the same bytes as work that was not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np

from als_nlp.errors import AlsError, InputError, RecordingError
from als_nlp.files import write_whole
from als_nlp.transcribe.assemble import transcript_of, voices_of
from als_nlp.transcribe.audio import Sound, decode, joined, levelled
from als_nlp.transcribe.diarise import Stretch, diarise
from als_nlp.transcribe.introductions import Named
from als_nlp.transcribe.recognise import BATCH, Recognised, Recogniser, hint_of, speech_or_error
from als_nlp.transcribe.side_by_side import side_by_side
from als_nlp.transcribe.speech import Hearing, Span, find_speech, hear, pieces
from als_nlp.transcript import Transcript, Word

SCHEMA: Final = "als-nlp/recording/1"
SURELY: Final = 0.9
"""Chance of another language from which on we stop rather than write nonsense."""

DIARISERS: Final = ("als-nlp", "pyannote")
"""Ways of telling voices apart; the second needs the extra ``pyannote`` and a token."""

Report = Callable[[str, float, float], None]
"""Told what is being done, and how many seconds of sound of how many are done."""


@dataclass(frozen=True)
class Recording:
    """What was heard. ``stretches`` is empty where voices could not be told apart.

    ``names`` are those of voices (by number), with their evidence, ``perhaps`` names that are no
    more than likely, to be asked about; ``starts`` is when each file begins on the common clock
    (seconds).
    """

    files: tuple[Path, ...]
    starts: tuple[float, ...]
    duration: float
    words: tuple[Word, ...]
    stretches: tuple[Stretch, ...]
    model: str
    notes: tuple[str, ...] = ()
    names: dict[int, Named] = field(default_factory=dict)
    perhaps: dict[int, Named] = field(default_factory=dict)
    separate: bool = False
    """Whether each file is one speaker's track."""
    asked: dict[str, Any] = field(default_factory=dict)
    """How the reflection was asked for, so that it can be made anew."""

    def transcript(self) -> Transcript:
        """Who said what and when."""
        file = ", ".join(path.name for path in self.files)
        return transcript_of(
            self.words, self.stretches, file=file, duration=self.duration,
            names={voice: named.name for voice, named in self.names.items()}, notes=self.notes,
        )  # fmt: skip

    def voices(self) -> dict[str, int]:
        """The voice of each speaker of the transcript, by the speaker's id."""
        heard = dict.fromkeys(v for v in voices_of(self.words, self.stretches) if v is not None)
        return {f"S{n}": voice for n, voice in enumerate(heard, start=1)}

    def save(self, path: Path) -> None:
        """Write it as JSON, readable by its owner only: it is everything that was said.

        Raises:
            InputError: if the place cannot be written.
        """
        value = asdict(self) | {
            "schema": SCHEMA,
            "files": [str(f.absolute()) for f in self.files],
            "words": [[w.text, w.start, w.end] for w in self.words],
            "stretches": [[s.start, s.end, s.voice] for s in self.stretches],
        }
        write_whole(path, json.dumps(value, ensure_ascii=False) + "\n", private=True)

    @classmethod
    def load(cls, path: Path) -> Recording:
        """Read what ``save`` wrote.

        Raises:
            InputError: if it cannot be read.
        """
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            if value.pop("schema") != SCHEMA:
                raise InputError(f"{path} is of another version of als-nlp: transcribe again.")
            return cls(
                **value | {
                    "files": tuple(Path(f) for f in value["files"]),
                    "starts": tuple(value["starts"]),
                    "words": tuple(Word(*w) for w in value["words"]),
                    "stretches": tuple(Stretch(*s) for s in value["stretches"]),
                    "notes": tuple(value["notes"]),
                    "names": _named(value["names"]),
                    "perhaps": _named(value["perhaps"]),
                }
            )  # fmt: skip
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path} is no recording's transcript: transcribe again.") from error


def _named(value: dict[str, Any]) -> dict[int, Named]:
    return {
        int(voice): Named(n["name"], n["sure"], tuple((t, w) for t, w in n["evidence"]))
        for voice, n in value.items()
    }


def transcribe(
    paths: Sequence[Path],
    work: Path,
    *,
    model: str = "base",
    language: str | None = None,
    hints: Sequence[str] = (),
    voices: tuple[int, int] | None = None,
    diariser: str = "als-nlp",
    tracks: bool = False,
    report: Report = lambda *_: None,
) -> Recording:
    """Recordings of one session to what was said, by which voice.

    Args:
        paths: files, in the order in which they were recorded.
        work: a folder that keeps each stage; the same call goes on from there.
        model: see ``Recogniser``.
        language: a code such as ``en``; without it English is expected, and checked.
        hints: names and words of the trade.
        voices: how many people speak, at least and at most, if known.
        diariser: one of ``DIARISERS``.
        tracks: each file is one speaker's own track, all of them on one clock.
        report: is told how far the work is.

    Raises:
        RecordingError: if a file cannot be read, or nobody speaks in it.
        ModelError: if a model is missing or damaged.
        InputError: if the work folder cannot be written.
    """
    stage = _Stages(work)
    sounds = [_decoded(path, stage, report) for path in paths]
    if tracks:
        return _from_tracks(paths, sounds, stage, model, language, hints, report)
    starts = [0.0]
    sound = sounds[0]
    if len(sounds) > 1:
        whole = stage.path("sound", [_print(p) for p in paths], ".pcm")
        sound, starts = joined(sounds, whole)
    words, hearing, notes = _words(
        sound, [_print(p) for p in paths], ", ".join(p.name for p in paths), stage, model, language,
        hints, report,
    )  # fmt: skip
    stretches: tuple[Stretch, ...] = ()
    try:
        found = stage.json(
            "voices",
            [[_print(p) for p in paths], voices, diariser],
            lambda: [
                [s.start, s.end, s.voice]
                for s in _diariser(diariser)(
                    sound, hearing, voices=voices,
                    progress=lambda a, b: report("Telling voices apart", a, b),
                )
            ],
        )  # fmt: skip
        stretches = tuple(Stretch(*s) for s in found)
    except (AlsError, RuntimeError, ValueError, MemoryError) as error:
        reason = str(error).rstrip(".") if isinstance(error, AlsError) else type(error).__name__
        notes = (*notes, f"The voices could not be told apart ({reason}); the words are kept.")
    return Recording(tuple(paths), tuple(starts), sound.seconds, words, stretches, model, notes)


def _diariser(name: str) -> Callable[..., tuple[Stretch, ...]]:
    if name == "pyannote":
        from als_nlp.transcribe.with_pyannote import diarise_with_pyannote

        return diarise_with_pyannote
    return diarise


def _from_tracks(
    paths: Sequence[Path], sounds: Sequence[Sound], stage: _Stages, model: str,
    language: str | None, hints: Sequence[str], report: Report,
) -> Recording:  # fmt: skip
    """One file a speaker: whose words they are is known."""
    words: list[Word] = []
    stretches: list[Stretch] = []
    notes: list[str] = []
    names = {}
    for voice, (path, sound) in enumerate(zip(paths, sounds, strict=True), start=1):
        try:
            said, hearing, more = _words(
                sound, _print(path), path.name, stage, model, language, hints, report
            )
        except RecordingError as error:
            notes.append(f"{error} It is counted as silent.")
            said, hearing, more = (), None, ()
        words += said
        notes += more
        if hearing is not None:
            spans = find_speech(hearing, sound.seconds)
            stretches += [Stretch(a, b, voice) for a, b in spans]
        name = name_of_track(path)
        if name:
            names[voice] = Named(name, 1.0, ((0.0, f"the name of the file {path.name}"),))
    if not words:
        raise RecordingError("Nobody can be heard speaking in any of the tracks.")
    return Recording(
        tuple(paths), (0.0,) * len(paths), max(s.seconds for s in sounds),
        tuple(sorted(words, key=lambda w: w.start or 0.0)),
        tuple(sorted(stretches, key=lambda s: (s.start, s.voice))),
        model, tuple(dict.fromkeys(notes)), names, separate=True,
    )  # fmt: skip


def name_of_track(path: Path) -> str | None:
    """The speaker's name in that of a track, as Zoom writes it (``audioHelenOkafor2123.m4a``)."""
    import re

    stem = re.sub(r"^audio(?=[A-Z_ -])|[-_ ]*\d+$", "", path.stem)
    words = re.findall(r"[A-Z]?[a-zà-ÿ'’]+|[A-ZÀ-Ý]+(?![a-zà-ÿ])", stem.replace("_", " "))
    name = " ".join(w[:1].upper() + w[1:] for w in words if w.lower() not in ("audio", "track"))
    return name or None


def _decoded(path: Path, stage: _Stages, report: Report) -> Sound:
    to = stage.path("sound", _print(path), ".pcm")
    if to.exists():
        return levelled(to)
    return decode(path, to, lambda a, b: report(f"Reading {path.name}", a, b))


def _words(
    sound: Sound, key: object, name: str, stage: _Stages, model: str, language: str | None,
    hints: Sequence[str], report: Report,
) -> tuple[tuple[Word, ...], Hearing, tuple[str, ...]]:  # fmt: skip
    """What is said in a recording, and what was heard of who says it."""
    seconds = sound.seconds
    hearing = stage.hearing(key, lambda: hear(sound, lambda a, b: report("Listening", a, b)))
    speech = find_speech(hearing, seconds)
    speech_or_error(speech, name)
    parts = pieces(speech, seconds)
    recogniser: list[Recogniser] = []
    loading = Lock()

    def loaded() -> Recogniser:
        with loading:
            if not recogniser:
                one = Recogniser(model, language=language or "en")
                if language is None:
                    _expect_english(one, sound, speech, name)
                recogniser.append(one)
        return recogniser[0]

    def words_of(batch: Sequence[Span]) -> Any:
        return stage.json(
            "words",
            [key, model, language, list(hints), batch],
            lambda: [
                [one.doubtful, [[w.text, w.start, w.end] for w in one.words]]
                for one in loaded().recognise(sound, batch, speech, hint=hint_of(hints))
            ],
        )

    words: list[Word] = []
    left_out: list[Span] = []
    report("Writing down what is said", 0, seconds)
    batches = [parts[n : n + BATCH] for n in range(0, len(parts), BATCH)]
    for batch, found in zip(batches, side_by_side(words_of, batches), strict=True):
        for span, (doubtful, said) in zip(batch, found, strict=True):
            one = Recognised(tuple(Word(*w) for w in said), doubtful)
            words += one.words
            left_out += [span] if one.doubtful else []
        report("Writing down what is said", batch[-1][1], seconds)
    if not words:
        raise RecordingError(f"No words can be made out in {name}: is it the right file?")
    notes = []
    if left_out:
        at = ", ".join(f"{int(a // 60)}:{int(a % 60):02d}" for a, _ in left_out[:5])
        more = " and elsewhere" if len(left_out) > 5 else ""
        notes.append(f"Some of what was said could not be made out and is left out: at {at}{more}.")
    return tuple(words), hearing, tuple(notes)


def _expect_english(
    recogniser: Recogniser, sound: Sound, speech: Sequence[Span], name: str
) -> None:
    """Raises ``RecordingError`` if it is surely another language."""
    found, sure = recogniser.find_language(sound, speech)
    if found != "en" and sure >= SURELY:
        raise RecordingError(
            f"{name} seems to be in another language ({found}): say --language {found}, or "
            "--language en if it is English after all."
        )


def _print(path: Path) -> list[object]:
    """What tells a file from another: its name, its size, its beginning and its end."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(1 << 20)
            file.seek(max(0, size - (1 << 20)))
            tail = file.read()
    except FileNotFoundError as error:
        raise RecordingError(f"{path} does not exist: check the name.") from error
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}.") from error
    if not size:
        raise RecordingError(f"{path} is empty.")
    return [path.name, size, blake2b(head + tail, digest_size=16).hexdigest()]


class _Stages:
    """A folder with what each stage found, under a name that tells what it was found from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder} cannot be written: {error.strerror}.") from error

    def path(self, stage: str, key: object, suffix: str) -> Path:
        digest = blake2b(json.dumps(key).encode(), digest_size=8).hexdigest()
        return self._folder / f"{stage}-{digest}{suffix}"

    def json(self, stage: str, key: object, find: Callable[[], Any]) -> Any:
        path = self.path(stage, key, ".json")
        if not path.exists():
            write_whole(path, json.dumps(find(), ensure_ascii=False), private=True)
        return json.loads(path.read_text(encoding="utf-8"))

    def hearing(self, key: object, find: Callable[[], Hearing]) -> Hearing:
        path = self.path("heard", key, ".npz")
        if not path.exists():
            out = BytesIO()
            np.savez(out, **vars(find()))
            write_whole(path, out.getvalue(), private=True)
        with np.load(path) as found:
            return Hearing(**{k: found[k] for k in found.files})


def merged(recording: Recording, voice: int, into: int) -> Recording:
    """The recording with one voice counted as another; a name stays with the voice that has one."""
    names = dict(recording.names)
    moved = names.pop(voice, None)
    if moved and into not in names:
        names[into] = moved
    perhaps = {v: n for v, n in recording.perhaps.items() if v != voice and v not in names}
    stretches = tuple(
        replace(s, voice=into) if s.voice == voice else s for s in recording.stretches
    )
    return replace(recording, stretches=stretches, names=names, perhaps=perhaps)

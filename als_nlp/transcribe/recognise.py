"""Speech to words with times, by faster-whisper.

Pieces of up to 28 seconds, cut at silences, are recognised several at a time. Whisper tends to
invent where nobody speaks, to turn in circles and to stop early: pieces hold nothing but speech,
what cannot have been said in the time, or repeats itself, is recognised again in parts or left out,
and speech for which there are no words is listened to once more, in its piece and then by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from als_nlp.errors import InputError, ModelError, RecordingError
from als_nlp.transcribe.audio import RATE, Sound
from als_nlp.transcribe.memory import keep_memory
from als_nlp.transcribe.side_by_side import processors
from als_nlp.transcribe.speech import Span
from als_nlp.transcribe.weights import assembled, located, packaged
from als_nlp.transcript import Word

BATCH: Final = 4
BEAM: Final = 5
MISSED: Final = 1.0
"""Seconds of speech without a word that are listened to once more."""
LONGEST: Final = 1.5
"""Seconds of a word."""
FASTEST: Final = 9.0
"""Words a second that nobody speaks for longer than a moment."""
CIRCLES: Final = 2.4
"""Text that can be compressed more than this repeats itself (Radford et al. 2022)."""
UNSURE: Final = -1.0
"""Mean log probability below which a piece is believed only if it is surely speech."""
NO_SPEECH: Final = 0.6
WORDS_OF_HINT: Final = 40
INVENTED: Final = re.compile(
    r"^\W*(thanks? (you )?(so much )?for watching|subtitles by .*|subscribe.*|please subscribe.*"
    r"|.*amara\.org.*|transcri(bed|ption) by .*|see you (in the )?next (time|video))\W*$",
    re.IGNORECASE,
)
PACKAGED: Final = ("base", "tiny.en")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was said in a piece. ``doubtful`` pieces were left out: they hold no words."""

    words: tuple[Word, ...]
    doubtful: bool = False


class Recogniser:
    """A Whisper model that is loaded once, and may listen to several pieces side by side."""

    def __init__(self, name: str = "base", *, language: str | None = "en") -> None:
        """Load a model.

        Args:
            name: ``base``, ``tiny.en``, any other name of faster-whisper, or a folder.
            language: a code such as ``en``; ``None`` to find out from the recording.

        Raises:
            ModelError: if it is not here and cannot be fetched, or is damaged.
            InputError: if the language is not one that Whisper knows.
        """
        self.name = name
        self.language = language
        self._model = _load(name)
        if language is not None and language not in self._model.supported_languages:
            raise InputError(
                f"'{language}' is no language that the model '{name}' knows: use a code such as en."
            )

    def find_language(self, sound: Sound, speech: Sequence[Span]) -> tuple[str, float]:
        """The language of the first half minute of speech, and how sure that is (0 to 1).

        A model that knows only English says English, without being sure.
        """
        if not self._model.model.is_multilingual:
            return "en", 0.0
        start = speech[0][0]
        found, sure, _ = self._model.detect_language(sound.read(start, start + 30))
        return str(found), float(sure)

    def recognise(
        self,
        sound: Sound,
        pieces: Sequence[Span],
        speech: Sequence[Span],
        *,
        hint: str | None = None,
    ) -> list[Recognised]:
        """The words of each piece, with times in seconds from the beginning of the recording.

        Args:
            sound: the recording.
            pieces: where to listen, each at most thirty seconds long.
            speech: where somebody speaks.
            hint: names and words of the trade that may come up.
        """
        found = [
            self._again(sound, piece) if one.doubtful and piece[1] - piece[0] > 4 else one
            for piece, one in zip(pieces, self._once(sound, pieces, hint), strict=True)
        ]
        short = [
            n for n, (piece, one) in enumerate(zip(pieces, found, strict=True))
            if not one.doubtful and missed(one.words, piece, speech)
        ]  # fmt: skip
        whole = self._once(sound, [pieces[n] for n in short], None, timed=True)
        for n, one in zip(short, whole, strict=True):
            if len(one.words) > len(found[n].words):
                found[n] = one
        gaps = [
            (n, gap)
            for n, (piece, one) in enumerate(zip(pieces, found, strict=True))
            if not one.doubtful
            for gap in missed(one.words, piece, speech)
        ]
        more = self._once(sound, [gap for _, gap in gaps], hint)
        for (n, gap), one in zip(gaps, more, strict=True):
            if one.words:
                kept = (w for w in found[n].words if not (_drawn_out(w) and _within(w, gap)))
                both = (*kept, *one.words)
                found[n] = Recognised(tuple(sorted(both, key=lambda w: w.start or 0.0)))
        return found

    def _again(self, sound: Sound, piece: Span) -> Recognised:
        """A piece that went wrong, in parts and without a hint; what is wrong again is left out."""
        count = max(2, round((piece[1] - piece[0]) / 7))
        step = (piece[1] - piece[0]) / count
        parts = [(piece[0] + n * step, piece[0] + (n + 1) * step) for n in range(count)]
        found = self._once(sound, parts, None)
        words = tuple(w for part in found for w in part.words)
        return Recognised(words, doubtful=any(p.doubtful for p in found))

    def _once(
        self, sound: Sound, pieces: Sequence[Span], hint: str | None, *, timed: bool = False
    ) -> list[Recognised]:
        """``timed``: the model says itself when sentences begin and end, and stops early less."""
        from faster_whisper import BatchedInferencePipeline

        if not pieces:
            return []
        begin, end = pieces[0][0], pieces[-1][1]
        # faster-whisper fails if the pieces are longer than the sound, be it by a rounded sample
        samples = np.pad(sound.read(begin, end), (0, RATE // 100))
        said, _ = BatchedInferencePipeline(self._model).transcribe(
            samples,
            language=self.language,
            clip_timestamps=[{"start": a - begin, "end": b - begin} for a, b in pieces],
            batch_size=BATCH,
            beam_size=BEAM,
            word_timestamps=True,
            without_timestamps=not timed,
            hotwords=hint,
        )
        heard: dict[int, list[Any]] = {n: [] for n in range(len(pieces))}
        for segment in said:
            heard[_piece_of(segment.seek / 100 + begin, pieces)].append(segment)
        return [_believed(heard[n], piece, begin) for n, piece in enumerate(pieces)]


def _piece_of(start: float, pieces: Sequence[Span]) -> int:
    return min(range(len(pieces)), key=lambda n: abs(pieces[n][0] - start))


def _believed(segments: Sequence[Any], piece: Span, begin: float) -> Recognised:
    """The words of a piece, or none if they cannot be what was said."""
    text = " ".join(s.text.strip() for s in segments)
    count = len(text.split())
    if not count:
        return Recognised(())
    seconds = piece[1] - piece[0]
    unsure = any(s.avg_logprob < UNSURE and s.no_speech_prob > NO_SPEECH for s in segments)
    circles = any(s.compression_ratio > CIRCLES for s in segments)
    if unsure or circles or count > FASTEST * seconds + 6 or INVENTED.match(text):
        return Recognised((), doubtful=True)
    words = []
    latest = piece[0]
    for segment in segments:
        for word in segment.words or ():
            start = min(max(latest, word.start + begin), piece[1])
            end = min(max(start, word.end + begin), piece[1])
            if word.word.strip():
                words.append(Word(word.word.strip(), round(start, 3), round(end, 3)))
                latest = start
    return Recognised(tuple(words))


def missed(words: Sequence[Word], piece: Span, speech: Iterable[Span]) -> list[Span]:
    """Speech of a piece for which there are no words, with a moment around it; never twice the
    same."""
    found: list[Span] = []
    for start, end in ((max(a, piece[0]), min(b, piece[1])) for a, b in speech):
        heard = start
        for first, last in ((w.start or 0.0, w.end or 0.0) for w in words if not _drawn_out(w)):
            if first < end and last > start:
                if first - heard > MISSED:
                    found.append((heard, first))
                heard = max(heard, last)
        if end - heard > MISSED:
            found.append((heard, end))
    out: list[Span] = []
    latest = piece[0]
    for a, b in found:
        out.append((max(latest, a - 0.1), min(piece[1], b + 0.1)))
        latest = out[-1][1]
    return out


def _drawn_out(word: Word) -> bool:
    """A word that takes so long that others were left out around it."""
    return (word.end or 0.0) - (word.start or 0.0) > LONGEST


def _within(word: Word, span: Span) -> bool:
    return (word.start or 0.0) >= span[0] and (word.end or 0.0) <= span[1]


def hint_of(words: Iterable[str]) -> str | None:
    """Names and words of the trade as a hint, as many as do not slow the model down."""
    some = list(dict.fromkeys(w.strip() for w in words if w.strip()))[:WORDS_OF_HINT]
    return ", ".join(some) or None


def glossary(path: Path | None = None) -> tuple[str, ...]:
    """Words of the trade, one a line (``#`` begins a remark): the bundled ones after one's own.

    Raises:
        InputError: if the file cannot be read.
    """
    own: list[str] = []
    if path is not None:
        try:
            own = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} cannot be read as a list of words, one a line.") from error
    bundled = Path(__file__).with_name("glossary.txt").read_text(encoding="utf-8").splitlines()
    lines = (line.split("#")[0].strip() for line in (*own, *bundled))
    return tuple(dict.fromkeys(line for line in lines if line))


def _load(name: str) -> Any:
    try:
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise ModelError(
            "Recordings need faster-whisper: pip install '.[recordings]' in the project's folder."
        ) from error
    keep_memory()
    how: dict[str, Any] = {"device": "cpu", "compute_type": "int8", "cpu_threads": 1}
    how["num_workers"] = processors()
    if name in PACKAGED and located(packaged(name)) is not None:
        data, beside = assembled(name)
        files = {"model.bin": data, **beside}
        return WhisperModel(name, files=files, **how)
    try:
        return WhisperModel(name, **how)
    except Exception as error:  # the hub, the disk or the model itself
        where = "its folder is damaged" if Path(name).exists() else "it could not be downloaded"
        raise ModelError(
            f"The model '{name}' cannot be used: {where}. These are here: als models."
        ) from error


def speech_or_error(speech: Sequence[Span], name: str) -> None:
    """Raises ``RecordingError`` if nobody speaks."""
    if not speech:
        raise RecordingError(
            f"Nobody can be heard speaking in {name}: is it the right file, and was the microphone "
            "on?"
        )

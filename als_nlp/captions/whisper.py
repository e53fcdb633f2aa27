"""JSON of speech recognisers: Whisper (no speakers) and WhisperX (words with speakers)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

from als_nlp.captions.cues import Captions, Cue, Notes, clean, seconds
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format
from als_nlp.errors import CaptionError
from als_nlp.transcript import Word

Json = dict[str, Any]


@lru_cache(maxsize=4)
def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _segments(content: Content) -> list[Json]:
    if content.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return []
    found = _parsed(content.data)
    if isinstance(found, dict):
        found = found.get("segments") or found.get("transcription")
    if not isinstance(found, list):
        return []
    return [s for s in found if isinstance(s, dict) and isinstance(s.get("text"), str)]


def _has_speakers(segments: list[Json]) -> bool:
    return any(
        "speaker" in segment or any("speaker" in word for word in _words(segment))
        for segment in segments
    )


def _words(segment: Json) -> list[Json]:
    words = segment.get("words")
    return [w for w in words if isinstance(w, dict)] if isinstance(words, list) else []


def guess_whisper(content: Content) -> bool:
    """JSON with timed segments and no speakers."""
    segments = _segments(content)
    return bool(segments) and not _has_speakers(segments)


def guess_whisperx(content: Content) -> bool:
    """JSON with timed segments and speakers."""
    return _has_speakers(_segments(content))


def read_whisper(content: Content) -> Captions:
    """Read segments of openai-whisper, faster-whisper or whisper.cpp.

    Raises:
        CaptionError: if no segment holds words.
    """
    return _read(content, "whisper-json")


def read_whisperx(content: Content) -> Captions:
    """Read segments with speakers; one whose words have several speakers is split.

    Words without times (numbers, mostly) get theirs from their neighbours.

    Raises:
        CaptionError: if no segment holds words.
    """
    return _read(content, "whisperx-json")


def _read(content: Content, form: str) -> Captions:
    notes = Notes()
    cues = [
        cue
        for number, segment in enumerate(_segments(content), start=1)
        for cue in _cues(segment, number, notes)
    ]
    if not cues:
        raise CaptionError(f"{content.name} is a recogniser's JSON but holds no words.")
    return Captions(form, tuple(cues), notes=notes.sentences())


def _cues(segment: Json, number: int, notes: Notes) -> Iterator[Cue]:
    start, end = _times(segment)
    speaker = _name(segment.get("speaker"))
    tokens = [(clean(str(w.get("word", w.get("text", "")))), w) for w in _words(segment)]
    tokens = [(text, word) for text, word in tokens if text and " " not in text]
    text = clean(segment["text"])
    if [t for t, _ in tokens] != text.split():
        if text:
            yield Cue(speaker, start, end, text)
        return
    timed = _filled([_times(word) for _, word in tokens], start, end)
    if any(_times(word)[0] is None for _, word in tokens):
        notes.add("Segments with words that had no time of their own", number)
    voices = [_name(word.get("speaker")) or speaker for _, word in tokens]
    for voice, group in groupby(range(len(tokens)), key=lambda i: voices[i]):
        at = list(group)
        words = tuple(Word(tokens[i][0], *timed[i]) for i in at)
        said = " ".join(word.text for word in words)
        exact = words[0].start is not None
        yield Cue(voice, words[0].start, words[-1].end, said, words if exact else ())


def _times(item: Json) -> tuple[float | None, float | None]:
    """Seconds, whatever the recogniser calls them (whisper.cpp counts milliseconds)."""
    offsets = item.get("offsets")
    if isinstance(offsets, dict):
        first, last = _number(offsets.get("from")), _number(offsets.get("to"))
        return (None if first is None else first / 1000), (None if last is None else last / 1000)
    return _number(item.get("start")), _number(item.get("end"))


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) and 0 <= value < 1e6:
        return float(value)
    return seconds(value) if isinstance(value, str) else None


def _filled(
    times: list[tuple[float | None, float | None]], start: float | None, end: float | None
) -> list[tuple[float | None, float | None]]:
    """Times of all words: those that lack one share the gap between their neighbours."""
    if start is None or end is None:
        return [(None, None)] * len(times)
    out: list[tuple[float | None, float | None]] = []
    index = 0
    while index < len(times):
        first, last = times[index]
        if first is not None and last is not None:
            out.append((first, max(first, last)))
            index += 1
            continue
        stop = index
        while stop < len(times) and None in times[stop]:
            stop += 1
        left = out[-1][1] if out else start
        right = times[stop][0] if stop < len(times) else end
        assert left is not None
        span = max(0.0, (right if right is not None else end) - left) / (stop - index)
        for step in range(stop - index):
            out.append((round(left + step * span, 3), round(left + (step + 1) * span, 3)))
        index = stop
    return out


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


FORMATS = (
    Format(
        "whisper-json",
        "Whisper, faster-whisper or whisper.cpp (.json), without speakers",
        '{"segments": [{"start": 3.1, "end": 6.4, "text": " Shall we begin?"}]}\n',
        guess_whisper,
        read_whisper,
    ),
    Format(
        "whisperx-json",
        "WhisperX (.json), with speakers",
        '{"segments": [{"start": 3.1, "end": 6.4, "text": "Shall we begin?", '
        '"speaker": "SPEAKER_00"}]}\n',
        guess_whisperx,
        read_whisperx,
    ),
)

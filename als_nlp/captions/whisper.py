"""JSON of speech recognisers: Whisper (no speakers) and WhisperX (words with speakers)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from als_nlp.captions.cues import Captions, Cue, fill_ends, seconds, visible
from als_nlp.captions.decode import Content
from als_nlp.captions.formats import Format
from als_nlp.errors import CaptionError
from als_nlp.transcript import Word

Json = dict[str, Any]
Times = tuple[float | None, float | None]

_LISTS = ("segments", "transcription", "chunks")  # of Whisper, whisper.cpp, transformers
_LIST = re.compile(rf'"(?:{"|".join(_LISTS)})"\s*:\s*\[|\A\s*\[')
_NEXT = re.compile(r"[\s,]*")


class _Token(NamedTuple):
    """A word as the recogniser gives it."""

    text: str
    start: float | None
    end: float | None
    speaker: str | None


def guess_whisper(content: Content) -> bool:
    """JSON with timed segments and no speakers."""
    segments, _ = _segments(content)
    return bool(segments) and not _has_speakers(segments)


def guess_whisperx(content: Content) -> bool:
    """JSON with timed segments and speakers."""
    return _has_speakers(_segments(content)[0])


def read_whisper(content: Content) -> Captions:
    """Read segments of openai-whisper, faster-whisper, whisper.cpp or transformers.

    Raises:
        CaptionError: if no segment holds words.
    """
    return _read(content, "whisper-json")


def read_whisperx(content: Content) -> Captions:
    """Read segments with speakers; one whose words have several speakers is split.

    Words without a time or speaker (numbers, mostly) get theirs from their neighbours.

    Raises:
        CaptionError: if no segment holds words.
    """
    return _read(content, "whisperx-json")


def _read(content: Content, form: str) -> Captions:
    segments, cut_off = _segments(content)
    cues: list[Cue] = []
    new_voice = False
    for segment in segments:
        for cue in _cues(segment, new_voice=new_voice):
            cues.append(cue)
            new_voice = False
        new_voice = new_voice or segment.get("speaker_turn_next") is True
    if not cues:
        raise CaptionError(f"{content.name} is a speech recogniser's file but holds no words.")
    notes = []
    if cut_off:
        notes.append("The file is cut off: what followed its last whole segment is missing.")
    untimed = sum(token.start is None for segment in segments for token in _tokens(segment))
    if untimed:
        notes.append(f"Words without a time: {untimed}; they share that between their neighbours.")
    sure = all(cue.end is not None for cue in cues)
    return Captions(form, tuple(fill_ends(cues)), "exact" if sure else "estimated", tuple(notes))


@lru_cache(maxsize=1)
def _segments(content: Content) -> tuple[Sequence[Json], bool]:
    """The segments, if this is such a file, and whether it breaks off in the middle."""
    text = content.text or ""
    if "".join(content.beginning)[:1] not in ("{", "["):
        return (), False
    cut_off = False
    try:
        found = json.loads(text)
        if isinstance(found, dict):
            found = next((found[key] for key in _LISTS if found.get(key)), None)
    except (ValueError, RecursionError):
        found, cut_off = _whole_ones(text), True
    if not isinstance(found, list):
        return (), False
    segments = [s for s in found if isinstance(s, dict) and isinstance(s.get("text"), str)]
    timed = sum(_times(segment)[0] is not None for segment in segments)
    return (segments, cut_off) if 2 * timed >= len(found) > 0 else ((), False)


def _whole_ones(text: str) -> list[Any]:
    """What can be read of a list of segments that breaks off."""
    begin = _LIST.search(text)
    found: list[Any] = []
    position = begin.end() if begin else len(text)
    decoder = json.JSONDecoder()
    try:
        while (match := _NEXT.match(text, position)) and match.end() < len(text):
            item, position = decoder.raw_decode(text, match.end())
            found.append(item)
    except (ValueError, RecursionError):
        pass  # here it breaks off
    return found


def _has_speakers(segments: Sequence[Json]) -> bool:
    return any(
        _speaker(segment) is not None or any(token.speaker for token in _tokens(segment))
        for segment in segments
    )


def _cues(segment: Json, *, new_voice: bool) -> Iterator[Cue]:
    start, end = _times(segment)
    text = visible(segment["text"])
    tokens = _tokens(segment)
    voices = _voices(tokens, _speaker(segment))
    if [token.text for token in tokens] != text.split():  # scripts without spaces, for example
        if text:
            voice = _speaker(segment) or next(iter(voices), None)
            yield Cue(voice, start, end, text, new_voice=new_voice)
        return
    words = _timed(tokens, start, end)
    for voice, group in groupby(range(len(tokens)), key=lambda i: voices[i]):
        mine = tuple(words[i] for i in group)
        said = " ".join(word.text for word in mine)
        timed = mine if mine[0].start is not None else ()
        yield Cue(voice, mine[0].start, mine[-1].end, said, timed, new_voice=new_voice)
        new_voice = False


def _tokens(segment: Json) -> list[_Token]:
    """The words of a segment; pieces of one ("twenty", "-five") are put together."""
    words = segment.get("words")
    pieces = [w for w in words if isinstance(w, dict)] if isinstance(words, list) else []
    texts = [str(piece.get("word", piece.get("text", ""))) for piece in pieces]
    spaced = any(text[:1].isspace() for text in texts)
    tokens: list[_Token] = []
    for text, piece in zip(texts, pieces, strict=True):
        start, end = _times(piece)
        if tokens and spaced and not text[:1].isspace():
            tokens[-1] = tokens[-1]._replace(text=tokens[-1].text + visible(text), end=end)
        elif visible(text):
            tokens.append(_Token(visible(text), start, end, _speaker(piece)))
    return tokens


def _voices(tokens: Sequence[_Token], speaker: str | None) -> list[str | None]:
    """Who says each word: as given, else who says the one before, else the one behind."""
    known = [token.speaker for token in tokens]
    before = next((voice for voice in known if voice), speaker)
    found = []
    for voice in known:
        before = voice or before
        found.append(before)
    return found


def _timed(tokens: Sequence[_Token], start: float | None, end: float | None) -> list[Word]:
    """Words with times; those that have none share the gap between their neighbours."""
    starts = [t.start for t in tokens if t.start is not None]
    ends = [t.end for t in tokens if t.end is not None]
    start = start if start is not None else min(starts, default=None)
    end = end if end is not None else max(ends, default=None)
    if start is None or end is None:
        return [Word(token.text) for token in tokens]
    words: list[Word] = []
    left = start
    for given, group in groupby(tokens, key=lambda t: None not in (t.start, t.end)):
        some = list(group)
        if given:
            words += [Word(t.text, t.start, max(t.start or 0.0, t.end or 0.0)) for t in some]
        else:
            after = tokens[len(words) + len(some) :]
            right = after[0].start if after and after[0].start is not None else end
            step = max(0.0, right - left) / len(some)
            words += [
                Word(t.text, round(left + i * step, 3), round(left + (i + 1) * step, 3))
                for i, t in enumerate(some)
            ]
        left = words[-1].end or left
    return words


def _times(item: Json) -> Times:
    """Seconds, whatever the recogniser calls them; whisper.cpp counts thousandths."""
    offsets, pair = item.get("offsets"), item.get("timestamp")
    if isinstance(offsets, dict):
        first, last = _number(offsets.get("from")), _number(offsets.get("to"))
        return (None if first is None else first / 1000), (None if last is None else last / 1000)
    if isinstance(pair, list) and len(pair) == 2:
        return _number(pair[0]), _number(pair[1])
    return _number(item.get("start")), _number(item.get("end"))


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) and 0 <= value < 1e9:
        return float(value)
    return seconds(value) if isinstance(value, str) else None


def _speaker(item: Json) -> str | None:
    value = item.get("speaker")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"SPEAKER_{value:02}"
    return value if isinstance(value, str) and any(map(str.isalnum, value)) else None


FORMATS = (
    Format(
        "whisper-json",
        "Whisper, faster-whisper or whisper.cpp (.json), without speakers",
        '{"language": "en", "segments": [\n'
        '  {"id": 0, "start": 3.1, "end": 6.4, "text": " Shall we begin?"},\n'
        '  {"id": 1, "start": 6.9, "end": 8.0, "text": " I\'m ready."}\n]}\n',
        guess_whisper,
        read_whisper,
    ),
    Format(
        "whisperx-json",
        "WhisperX (.json), with speakers",
        '{"segments": [\n'
        '  {"start": 3.1, "end": 6.4, "text": "Shall we begin?", "speaker": "SPEAKER_00"},\n'
        '  {"start": 6.9, "end": 8.0, "text": "I\'m ready.", "speaker": "SPEAKER_01"}\n]}\n',
        guess_whisperx,
        read_whisperx,
    ),
)

"""Words and voices to a transcript: each word goes to the voice that is heard while it is said.

Times of words and of voices are both a little off, so a change of speaker is moved by up to a few
words to where a sentence ends or a pause is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from als_nlp.captions.cues import Captions, Cue
from als_nlp.captions.turns import assemble, is_backchannel
from als_nlp.transcribe.diarise import Stretch
from als_nlp.transcript import Speaker, Transcript, Word

NEAR: Final = 1.0
"""Seconds around a voice in which it may still be it."""
SLACK: Final = 0.7
"""Seconds by which a change of speaker may be moved."""
WORDS: Final = 3
SHORT: Final = 1.2
"""Seconds of a voice beside another's that may be no more than a murmur."""
PAUSE: Final = 1.0
"""Seconds of silence that end a caption."""
LONGEST: Final = 40
"""Words of a caption."""
_END: Final = re.compile(r"[.?!…][\"'”’)]*$")


def voices_of(words: Sequence[Word], stretches: Sequence[Stretch]) -> list[int | None]:
    """The voice of each word; ``None`` where nobody is heard nearby."""
    if not stretches:
        return [None] * len(words)
    heard = _Heard(stretches)
    found: list[int | None] = []
    for word in words:
        before = found[-1] if found else None
        found.append(heard.during(word, before))
    for n in range(len(found) - 2, -1, -1):
        if found[n] is None:
            found[n] = found[n + 1]
    return _moved(words, _without_slips(words, found))


class _Heard:
    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self._stretches = sorted(stretches, key=lambda s: s.start)
        self._starts = [s.start for s in self._stretches]
        self._longest = max(s.end - s.start for s in stretches)

    def during(self, word: Word, before: int | None) -> int | None:
        start, end = word.start or 0.0, word.end or 0.0
        first = bisect_left(self._starts, start - NEAR - self._longest)
        last = bisect_left(self._starts, end + NEAR)
        overlap: dict[int, float] = {}
        murmurs = set()
        for one in self._stretches[first:last]:
            shared = min(end, one.end) - max(start, one.start)
            if shared > -NEAR:
                overlap[one.voice] = max(overlap.get(one.voice, -NEAR), shared)
                if one.end - one.start < SHORT and shared > 0:
                    murmurs.add(one.voice)
        if not overlap:
            return None
        if is_backchannel(word.text) and len(overlap) > 1:
            for voice in sorted(murmurs):
                if voice != before and overlap[voice] > 0.5 * (end - start):
                    return voice
        most = max(overlap.values())
        if before in overlap and overlap[before] >= min(most, 0.5 * (end - start)):
            return before
        return min(v for v, shared in overlap.items() if shared == most)


def _without_slips(words: Sequence[Word], voices: list[int | None]) -> list[int | None]:
    """One word of another voice in the middle of a sentence is a slip, if it is no backchannel."""
    out = list(voices)
    for n in range(1, len(words) - 1):
        alone = voices[n] != voices[n - 1] and voices[n - 1] == voices[n + 1]
        if alone and not _END.search(words[n - 1].text) and not is_backchannel(words[n].text):
            out[n] = voices[n - 1]
    return out


def _moved(words: Sequence[Word], voices: list[int | None]) -> list[int | None]:
    """Changes of voice moved to the end of a sentence or a pause that is near."""
    out = list(voices)
    n = 1
    while n < len(words):
        if out[n] == out[n - 1]:
            n += 1
            continue
        best = max(
            _places(words, out, n), key=lambda place: (_cut(words, place, n), -abs(place - n))
        )
        for k in range(best, n):
            out[k] = out[n]
        for k in range(n, best):
            out[k] = out[n - 1]
        n = max(n, best) + 1
    return out


def _places(words: Sequence[Word], voices: Sequence[int | None], change: int) -> Iterator[int]:
    """Where a change may be moved to, such that each voice keeps a word."""
    yield change
    for place in range(change - 1, max(0, change - 1 - WORDS), -1):
        if place < 1 or voices[place - 1] != voices[change - 1]:
            break
        if _moved_seconds(words, place, change) > SLACK:
            break
        yield place
    for place in range(change + 1, min(len(words), change + 1 + WORDS)):
        if voices[place] != voices[change] or _moved_seconds(words, place, change) > SLACK:
            break
        yield place


def _moved_seconds(words: Sequence[Word], place: int, change: int) -> float:
    """Seconds of speech that go to another voice if a change is moved."""
    if place == change:
        return 0.0
    first, last = min(place, change), max(place, change) - 1
    return (words[last].end or 0.0) - (words[first].start or 0.0)


def _cut(words: Sequence[Word], place: int, change: int) -> float:
    """How good a place for a change of speaker is."""
    before, after = words[place - 1], words[place]
    pause = max(0.0, (after.start or 0.0) - (before.end or 0.0))
    moved = _moved_seconds(words, place, change)
    return bool(_END.search(before.text)) + min(1.0, pause) - 0.5 * moved


def transcript_of(
    words: Sequence[Word],
    stretches: Sequence[Stretch],
    *,
    file: str,
    duration: float,
    names: Mapping[int, str] | None = None,
    notes: Sequence[str] = (),
) -> Transcript:
    """A transcript in the order in which people speak.

    Args:
        words: what was said, in order of time.
        stretches: who is heard when; none if that is not known.
        file, duration: what to say of the source (seconds).
        names: of voices, where they are known; other voices have none.
        notes: sentences on what a reader should know.
    """
    names = names or {}
    cues = tuple(_cues(words, voices_of(words, stretches)))
    made = assemble(Captions("recording", cues, notes=tuple(notes)), file=file)
    unnamed = tuple(
        Speaker(s.id, names.get(_number(s.name))) if s.name else s for s in made.speakers
    )
    source = replace(made.source, duration=round(duration, 3))
    return replace(made, source=source, speakers=unnamed)


def _number(label: str) -> int:
    return int(label.rsplit(maxsplit=1)[-1])


def _cues(words: Sequence[Word], voices: Sequence[int | None]) -> Iterator[Cue]:
    """Sentences, or what is said without a pause."""
    said: list[Word] = []
    for n, (word, voice) in enumerate(zip(words, voices, strict=True)):
        said.append(word)
        after = words[n + 1] if n + 1 < len(words) else None
        ends = (
            after is None
            or voices[n + 1] != voice
            or (after.start or 0.0) - (word.end or 0.0) > PAUSE
            or (len(said) > 2 and _END.search(word.text))
            or len(said) >= LONGEST
        )
        if ends:
            yield Cue(
                None if voice is None else f"Voice {voice}",
                said[0].start, said[-1].end, " ".join(w.text for w in said), tuple(said),
            )  # fmt: skip
            said = []

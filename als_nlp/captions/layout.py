"""Captions that can be read on a screen: short lines, one voice a cue, enough time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from als_nlp.captions.cues import visible
from als_nlp.transcript import Transcript, Turn

LINE = 42
LONGEST = 7.0
SHORTEST = 1.0
PACE = 17.0
SILENCE = 0.7
"""Characters of a line, seconds of a cue, characters a second: what broadcasters ask for. A
silence of so many seconds ends a cue, so that its times are those of the voice."""

_LEAST_ROOM = 12

Timed = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class LaidOutCue:
    """One caption to be written: one or two lines, the times of its voice in seconds.

    ``shown_until`` is later than ``end`` where there is a silence in which to read on.
    """

    speaker: str | None
    start: float
    end: float
    shown_until: float
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def laid_out(
    transcript: Transcript, label: Callable[[str | None], str] = lambda _: ""
) -> list[LaidOutCue]:
    """The transcript as cues, in the order they begin (a backchannel falls inside a long turn).

    ``label`` gives what is to be written before the words of a speaker id; room is left for it. A
    word longer than a line stands alone on it.
    """
    found: list[tuple[float, float, str | None, list[str]]] = []
    for turn in transcript.turns:
        room = max(_LEAST_ROOM, LINE - len(label(turn.speaker)))
        words = _timed(turn)
        for first, after in _cuts(words, room):
            start = round(words[first][1], 3)
            end = max(round(max(w[2] for w in words[first:after]), 3), round(start + 0.001, 3))
            texts = [word[0] for word in words[first:after]]
            found.append((start, end, turn.speaker, _lines(texts, room)))
    found.sort(key=lambda cue: cue[0])
    cues = []
    for index, (start, end, speaker, lines) in enumerate(found):
        needed = start + sum(map(len, lines)) / PACE
        following = found[index + 1][0] if index + 1 < len(found) else needed
        shown = max(end, min(needed, following, start + LONGEST))
        cues.append(LaidOutCue(speaker, start, end, round(shown, 3), tuple(lines)))
    return cues


def _timed(turn: Turn) -> list[Timed]:
    """The words that can be seen, never going back in time; a word without times follows on."""
    words: list[Timed] = []
    before = begun = 0.0
    for word in turn.words:
        start = max(begun, before if word.start is None else word.start)
        end = max(start, start if word.end is None else word.end)
        words.extend((token, start, end) for token in visible(word.text).split())
        begun, before = start, max(before, end)
    return words


def _cuts(words: list[Timed], room: int) -> list[tuple[int, int]]:
    """The best way to cut a turn into cues: (first word, word after the last) of each.

    Best is least costly: few cues that end with sentences, are not too fast and not too short.
    """
    ends = list(accumulate((len(text) + 1 for text, _, _ in words), initial=0))
    best = [0.0] * (len(words) + 1)
    previous = [0] * (len(words) + 1)
    for after in range(1, len(words) + 1):
        best[after] = float("inf")
        for first in range(after - 1, -1, -1):
            if first < after - 1 and not _fits(words, ends, first, after, room):
                break
            cost = best[first] + _cost(words, ends, first, after)
            if cost < best[after]:
                best[after], previous[after] = cost, first
    cuts = []
    after = len(words)
    while after:
        cuts.append((previous[after], after))
        after = previous[after]
    return cuts[::-1]


def _fits(words: list[Timed], ends: list[int], first: int, after: int, room: int) -> bool:
    """Whether words stand on two lines and in one breath. If these do not, more do not either."""
    if words[after - 1][2] - words[first][1] > LONGEST:
        return False
    if words[first + 1][1] - words[first][2] > SILENCE:
        return False
    split = first
    while split < after and ends[split + 1] - ends[first] - 1 <= room:
        split += 1
    return split > first and (split == after or ends[after] - ends[split] - 1 <= LINE)


def _cost(words: list[Timed], ends: list[int], first: int, after: int) -> float:
    seconds = max(words[after - 1][2] - words[first][1], 0.001)
    pace = (ends[after] - ends[first] - 1) / seconds
    last = words[after - 1][0][-1]
    at_end = 0.0 if last in ".?!…" else 0.3 if last in ",;:–—" else 0.6
    short = 0.5 if seconds < SHORTEST else 0.0
    return 1.0 + at_end + short + 3.0 * min(1.0, max(0.0, pace / PACE - 1.0))


def _lines(words: list[str], room: int) -> list[str]:
    """One line if the words fit, else two of much the same length."""
    whole = " ".join(words)
    if len(whole) <= room or len(words) == 1:
        return [whole]
    pairs = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    first, second = min(
        (pair for pair in pairs if len(pair[0]) <= room and len(pair[1]) <= LINE),
        key=lambda pair: max(len(pair[0]) + LINE - room, len(pair[1])),
    )
    return [first, second]

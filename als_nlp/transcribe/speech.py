"""Where somebody speaks, and how that is cut into pieces for recognition.

A network that hears ten seconds at once (segmentation 3.0) tells at each moment which of up to
three voices speak. Whether anybody does is the first thing to be had from that; whose voices they
are, ``diarise`` finds out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.transcribe.audio import RATE, Progress, Sound
from als_nlp.transcribe.networks import segmentation_network
from als_nlp.transcribe.side_by_side import side_by_side

Span = tuple[float, float]
Floats = NDArray[np.float32]

CHUNK: Final = 10.0
HOP: Final = 2.5
"""Seconds heard at once, and from one hearing to the next."""
CHUNKS: Final = 4
"""Hearings in a batch."""
TICK: Final = 0.016875
LEAD: Final = 0.0619375 / 2
"""Seconds from one moment to the next, and the middle of the first."""
POWERSET: Final = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], dtype=np.uint8
)
ONSET: Final = 0.5
"""Chance of speech from which on somebody speaks."""
BREATH: Final = 0.25
SHORTEST: Final = 0.15
"""Seconds of silence within speech, and of speech that counts."""
PIECE: Final = 28.0
"""Seconds of a piece for recognition, which hears thirty at most."""
FULL: Final = 0.9
"""Share of it from which on a piece may end: each costs the same, however long it is."""
APART: Final = 2.0
"""Seconds of silence that end a piece."""
MARGIN: Final = 0.2
"""Seconds around a piece."""


@dataclass(frozen=True)
class Hearing:
    """What the network heard.

    ``first`` is the moment at which each hearing begins, ``local`` which of its three voices speak,
    shape (hearings, 589, 3); ``speech`` the chance at each moment that somebody does, ``number``
    the mean number of voices. Moments are ``TICK`` seconds apart.
    """

    first: NDArray[np.int64]
    local: NDArray[np.uint8]
    speech: Floats
    number: Floats


def hear(sound: Sound, progress: Progress | None = None) -> Hearing:
    """Listen to a recording, a few chunks at a time.

    Raises:
        ModelError: if the network is missing or damaged.
    """
    network = segmentation_network()
    seconds = sound.seconds
    ticks = int(seconds / TICK) + 2
    speech, number, heard = (np.zeros(ticks, np.float32) for _ in range(3))
    begins = np.arange(0, max(HOP, seconds - CHUNK + HOP), HOP)
    firsts, locals_ = [], []
    batches = [begins[n : n + CHUNKS] for n in range(0, len(begins), CHUNKS)]
    listened = side_by_side(lambda some: network(_chunks(sound, some)), batches)
    for some, rows in zip(batches, listened, strict=True):
        for begin, found in zip(some, rows, strict=True):
            first = round(float(begin) / TICK)
            local = POWERSET[found.argmax(1)]
            firsts.append(first)
            locals_.append(local)
            part = slice(first, min(ticks, first + len(local)))
            kept = part.stop - part.start
            heard[part] += 1
            speech[part] += 1 - np.exp(found[:kept, 0])
            number[part] += local[:kept].sum(1)
        if progress:
            progress(min(seconds, float(some[-1]) + CHUNK), seconds)
    heard = np.maximum(heard, 1)
    return Hearing(np.array(firsts), np.stack(locals_), speech / heard, number / heard)


def _chunks(sound: Sound, begins: NDArray[np.float64]) -> Floats:
    read = sound.read(begins[0], begins[-1] + CHUNK)
    rows = np.zeros((len(begins), 1, round(CHUNK * RATE)), np.float32)
    for n, begin in enumerate(begins):
        part = read[round((begin - begins[0]) * RATE) :][: rows.shape[2]]
        rows[n, 0, : len(part)] = part
    return rows


def find_speech(hearing: Hearing, seconds: float) -> tuple[Span, ...]:
    """Stretches in which somebody speaks, in seconds."""
    found: list[list[float]] = []
    for begin, end in runs(hearing.speech > ONSET):
        start, stop = at(begin), min(seconds, at(end))
        if found and start - found[-1][1] < BREATH:
            found[-1][1] = stop
        else:
            found.append([start, stop])
    return tuple((round(a, 3), round(b, 3)) for a, b in found if b - a >= SHORTEST)


def at(tick: int) -> float:
    """Seconds at which a moment is."""
    return tick * TICK + LEAD


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First moments, and moments after the last, of the stretches that are true."""
    steps = np.diff(np.r_[0, flags.astype(np.int8), 0])
    return list(
        zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True)
    )


def pieces(speech: Sequence[Span], seconds: float) -> tuple[Span, ...]:
    """Speech in pieces of up to 28 seconds, cut where the silence is longest.

    A stretch without any silence that is longer than that is cut blindly.
    """
    cut: list[Span] = []
    for group in _groups([part for span in speech for part in _short(span)]):
        cut += _cut(group)
    out: list[Span] = []
    for n, (start, end) in enumerate(cut):
        before = cut[n - 1][1] if n else 0.0
        after = cut[n + 1][0] if n + 1 < len(cut) else seconds
        left, right = min(MARGIN, (start - before) / 2), min(MARGIN, (after - end) / 2)
        out.append((round(start - max(0.0, left), 3), round(end + max(0.0, right), 3)))
    return tuple(out)


def _short(span: Span) -> Iterator[Span]:
    start, end = span
    count = max(1, int(np.ceil((end - start) / PIECE)))
    step = (end - start) / count
    for n in range(count):
        yield start + n * step, start + (n + 1) * step


def _groups(spans: Sequence[Span]) -> list[list[Span]]:
    """Spans without a long silence between them."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and span[0] - groups[-1][-1][1] < APART:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _cut(spans: Sequence[Span]) -> Iterator[Span]:
    """Filled up to the longest piece, then cut back to the longest silence of its last tenth."""
    rest = list(spans)
    while rest:
        begin = rest[0][0]
        fits = max(1, sum(s[1] - begin <= PIECE for s in rest))
        if fits < len(rest):
            full = begin + FULL * (rest[fits - 1][1] - begin)
            later = [n for n in range(1, fits + 1) if rest[n - 1][1] >= full]
            fits = max(later, key=lambda n: (rest[n][0] - rest[n - 1][1], n))
        yield begin, rest[fits - 1][1]
        rest = rest[fits:]

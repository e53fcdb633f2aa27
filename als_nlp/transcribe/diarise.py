"""Who spoke when (diarisation): stretches of voices, overlaps among them, with nobody's name.

1. Short windows of speech become voiceprints (CAM++).
2. How many voices there are, and what each is like: spectral clustering with the number found by
   the eigengap (Park et al., *Auto-tuning spectral clustering for speaker diarization*, 2020).
3. The local voices of each ten seconds that were heard (``speech``) are matched with them.
4. The likeliest course of voices through each stretch of speech (Viterbi).

Voiceprints live only while this runs; nothing of them is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.transcribe.audio import RATE, Progress, Sound
from als_nlp.transcribe.networks import voice_network
from als_nlp.transcribe.side_by_side import side_by_side
from als_nlp.transcribe.speech import ONSET, TICK, Hearing, Span, at, find_speech, runs

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FRAME: Final = 0.01
"""Seconds from one row of features to the next."""
WINDOW: Final = 148
"""Rows of features to a voiceprint: one and a half seconds."""
STEP: Final = 75
BATCH: Final = 8
GROUP: Final = 24.0
"""Windows heard at once, and the seconds of speech whose windows are taken at once."""
SHORTEST: Final = 0.4
"""Seconds of speech below which no voiceprint is taken."""
AT_MOST: Final = 1200
"""Voiceprints that are clustered; the others join the nearest voice."""
MOST_VOICES: Final = 12
SAME: Final = 0.85
"""Cosine from which on two voices are one."""
STRANGE, ALIKE = 0.85, 0.76
"""Of the usual fit of a window: what it is below for a voice that has not been found, and above
among the windows of such a voice."""
FEWEST: Final = 3
"""Windows of a voice that is found so: some three seconds."""
VOTE, LIKENESS, CHANGE = 0.5, 4.0, 4.0
"""Weights of the segmentation, of the voiceprints and of a change of voice in the course."""
BREATH: Final = 0.2
"""Seconds of silence within a stretch."""
LEAST: Final = 0.1


@dataclass(frozen=True, slots=True)
class Stretch:
    """A voice is heard from ``start`` to ``end`` (seconds); voices are numbered from 1."""

    start: float
    end: float
    voice: int


def diarise(
    sound: Sound,
    hearing: Hearing,
    *,
    voices: tuple[int, int] | None = None,
    progress: Progress | None = None,
) -> tuple[Stretch, ...]:
    """Who spoke when, in order of beginning; voices are numbered as they are first heard.

    Args:
        sound: the recording.
        hearing: what ``hear`` heard in it.
        voices: how many there are, at least and at most, where that is known.
        progress: is told how far it is.
    """
    seconds = sound.seconds
    speech = find_speech(hearing, seconds)
    where, prints = voiceprints(sound, speech, lambda now: progress and progress(now, seconds))
    if not where:
        return ()
    middles = find_voices(prints, voices)
    return numbered(_course(hearing, where, prints @ middles.T, seconds))


def voiceprints(
    sound: Sound, speech: Sequence[Span], progress: Callable[[float], object] = lambda _: None
) -> tuple[list[Span], Floats]:
    """Windows of speech (seconds) and their voiceprints, shape (windows, 192), of length 1."""
    network = voice_network()

    def prints_of(spans: Sequence[Span]) -> tuple[list[Span], Floats]:
        where: list[Span] = []
        windows: list[Floats] = []
        for start, end in spans:
            rows = features(sound.read(start, end))
            for first in _firsts(len(rows)):
                window = rows[first : first + WINDOW]
                windows.append(np.resize(window, (WINDOW, 80)) - window.mean(0))
                where.append((start + first * FRAME, start + (first + len(window)) * FRAME))
        batches = (np.stack(windows[n : n + BATCH]) for n in range(0, len(windows), BATCH))
        return where, np.concatenate([network(batch) for batch in batches])

    where: list[Span] = []
    prints: list[Floats] = [np.zeros((0, 192), np.float32)]
    for some, found in side_by_side(prints_of, _grouped(speech)):
        where += some
        prints.append(found)
        progress(some[-1][1])
    return where, _unit(np.concatenate(prints))


def _grouped(speech: Sequence[Span]) -> list[list[Span]]:
    """Stretches that are long enough, in groups of so many seconds or more."""
    groups: list[list[Span]] = []
    filled = GROUP
    for start, end in speech:
        if end - start < SHORTEST:
            continue
        if filled >= GROUP:
            groups.append([])
            filled = 0.0
        groups[-1].append((start, end))
        filled += end - start
    return groups


def _firsts(rows: int) -> Iterator[int]:
    """First rows of the windows of a stretch; the last window ends with it."""
    yield from range(0, max(1, rows - WINDOW), STEP)
    if rows > WINDOW:
        yield rows - WINDOW


def features(samples: NDArray[np.float32]) -> Floats:
    """Log mel energies as Kaldi computes them, shape (rows, 80), a row every 10 ms."""
    import kaldi_native_fbank as knf

    options = knf.FbankOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = 80
    bank = knf.OnlineFbank(options)
    bank.accept_waveform(RATE, samples.tolist())
    bank.input_finished()
    return np.stack([bank.get_frame(i) for i in range(bank.num_frames_ready)]).astype(np.float32)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def find_voices(prints: Floats, voices: tuple[int, int] | None = None) -> Floats:
    """The middle of each voice, shape (voices, width), from voiceprints of length 1."""
    least, most = voices or (1, MOST_VOICES)
    some = prints
    if len(prints) > AT_MOST:
        some = prints[np.sort(np.random.default_rng(0).permutation(len(prints))[:AT_MOST])]
    if len(some) < 4 or most == 1:
        return _middle(some)
    labels = spectral(some, least, min(most, len(some) - 1))
    middles = _means(some, labels)
    for _ in range(3):
        sizes = np.bincount(labels)
        enough = sizes >= (4 if len(some) > 40 else 2)
        if enough.any() and enough.sum() >= least:
            middles = middles[enough]
        middles = _merged(some, middles, least)
        labels = (some @ middles.T).argmax(1)
        middles = _means(some, labels)
    middles = np.concatenate([middles, brief_voices(prints, middles)[: most - len(middles)]])
    return _means(prints, (prints @ middles.T).argmax(1))


def brief_voices(prints: Floats, middles: Floats) -> Floats:
    """The middles of voices heard too briefly to be found among many windows, longest heard first.

    Their windows fit no voice well, and yet one another; mixtures and noises do not.
    """
    from scipy.sparse.csgraph import connected_components

    fit = (prints @ middles.T).max(1)
    usual = np.median(fit)
    strange = prints[fit < STRANGE * usual]
    count, labels = connected_components(strange @ strange.T > ALIKE * usual, directed=False)
    groups = [strange[labels == k] for k in range(count)]
    brief = sorted((g for g in groups if len(g) >= FEWEST), key=len, reverse=True)
    return np.concatenate([middles[:0], *(_middle(g) for g in brief)])


def _middle(prints: Floats) -> Floats:
    return _unit(prints.mean(0, keepdims=True))


def _means(prints: Floats, labels: Ints) -> Floats:
    return _unit(np.stack([prints[labels == k].mean(0) for k in np.unique(labels)]))


def _merged(prints: Floats, middles: Floats, least: int) -> Floats:
    """Voices so alike that they are one, joined."""
    while len(middles) > least:
        likeness = middles @ middles.T - 2 * np.eye(len(middles), dtype=np.float32)
        a, b = np.unravel_index(int(likeness.argmax()), likeness.shape)
        if likeness[a, b] < SAME:
            break
        labels = (prints @ middles.T).argmax(1)
        both = prints[(labels == a) | (labels == b)]
        middles = np.delete(middles, b, axis=0)
        middles[a if a < b else a - 1] = _middle(both)[0]
    return middles


def spectral(prints: Floats, least: int, most: int) -> Ints:
    """Voices of voiceprints by spectral clustering (NME-SC); their number lies in the range given.

    The number of neighbours that count is the one with the clearest gap between eigenvalues.
    """
    from scipy.linalg import eigh
    from sklearn.cluster import KMeans

    near = prints @ prints.T
    n = len(near)
    order = np.argsort(-near, axis=1, kind="stable")
    best: tuple[float, int, NDArray[np.float64]] | None = None
    counts = np.linspace(max(4, 0.01 * n), max(8, 0.2 * n), 20).astype(int)
    for count in np.unique(np.minimum(counts, n)).tolist():
        graph = np.zeros((n, n))
        graph[np.repeat(np.arange(n), count), order[:, :count].ravel()] = 1
        graph = (graph + graph.T) / 2
        laplacian = np.diag(graph.sum(1)) - graph
        values = eigh(laplacian, eigvals_only=True, subset_by_index=[0, min(most, n - 1)])
        gaps = np.diff(values)
        k = least + int(np.argmax(gaps[least - 1 : most]))
        gap = gaps[k - 1] / (2 * laplacian.diagonal().max() + 1e-9)
        ratio = count / n / (gap + 1e-10)
        if best is None or ratio < best[0]:
            best = ratio, k, laplacian
    assert best is not None
    _, k, laplacian = best
    _, vectors = eigh(laplacian, subset_by_index=[0, k - 1])
    return np.asarray(KMeans(k, n_init=10, random_state=0).fit_predict(vectors))


def _course(
    hearing: Hearing, where: Sequence[Span], likeness: Floats, seconds: float
) -> list[Stretch]:
    """The voices through time, from the segmentation and the windows' likeness to each voice."""
    from scipy.optimize import linear_sum_assignment

    voices = likeness.shape[1]
    ticks = len(hearing.speech)
    score, known = _by_tick(where, likeness, ticks)
    votes = np.zeros((ticks, voices), np.float32)
    hearings = np.zeros(ticks, np.float32)
    for first, whole in zip(hearing.first, hearing.local, strict=True):
        local = whole[: ticks - first].astype(np.float32)
        part = slice(first, first + len(local))
        hearings[part] += 1
        there = [k for k in range(3) if local[:, k].sum() * TICK > 0.1]
        if not there:
            continue
        fits = np.stack([_fit(score[part], known[part], local, k) for k in there])
        weight = np.sqrt([local[:, k].sum() for k in there])[:, None]
        for row, voice in zip(*linear_sum_assignment(-fits * weight), strict=True):
            votes[part, voice] += local[:, there[row]]
    hearings = np.maximum(hearings, 1)
    votes /= hearings[:, None]
    active = np.zeros((ticks, voices), bool)
    course = VOTE * votes + LIKENESS * score
    for begin, end in runs(hearing.speech > ONSET):
        if known[begin:end].any() or votes[begin:end].any():
            active[np.arange(begin, end), _likeliest(course[begin:end])] = True
    for tick in np.flatnonzero(hearing.number > 1.5):
        others = [v for v in np.argsort(-votes[tick]) if votes[tick, v] > 0 and not active[tick, v]]
        if active[tick].any() and others:
            active[tick, others[0]] = True
    return [s for v in range(voices) for s in _stretches(active[:, v], v, seconds)]


def _by_tick(
    where: Sequence[Span], likeness: Floats, ticks: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Likeness to each voice at each tick, windows weighing most in their middle."""
    score = np.zeros((ticks, likeness.shape[1]), np.float32)
    total = np.zeros(ticks, np.float32)
    for (start, end), row in zip(where, likeness, strict=True):
        first, last = int(start / TICK), min(ticks, int(end / TICK) + 1)
        off = (np.arange(first, last) * TICK - (start + end) / 2) / ((end - start) / 2)
        weight = np.exp(-2 * off**2).astype(np.float32)
        score[first:last] += weight[:, None] * row
        total[first:last] += weight
    return np.asarray(score / np.maximum(total, 1e-6)[:, None], np.float32), total > 0


def _fit(score: Floats, known: NDArray[np.bool_], local: Floats, voice: int) -> Floats:
    """How a local voice fits each voice of the recording: where it speaks alone, if it does."""
    speaks = (local[:, voice] > 0) & known
    alone = speaks & (local.sum(1) == 1)
    chosen = alone if alone.sum() >= 6 else speaks
    return score[chosen].mean(0) if chosen.any() else np.zeros(score.shape[1], np.float32)


def _likeliest(score: Floats) -> Ints:
    """The best course of one voice at a time, where each change costs."""
    best = score[0].copy()
    back = np.zeros(score.shape, np.int64)
    same = np.arange(score.shape[1])
    for tick in range(1, len(score)):
        top = int(best.argmax())
        stays = best >= best[top] - CHANGE
        back[tick] = np.where(stays, same, top)
        best = np.where(stays, best, best[top] - CHANGE) + score[tick]
    course = np.zeros(len(score), np.int64)
    course[-1] = int(best.argmax())
    for tick in range(len(score) - 1, 0, -1):
        course[tick - 1] = back[tick, course[tick]]
    return course


def _stretches(active: NDArray[np.bool_], voice: int, seconds: float) -> Iterator[Stretch]:
    joined: list[list[float]] = []
    for begin, end in runs(active):
        start, stop = at(begin), at(end)
        if joined and start - joined[-1][1] < BREATH:
            joined[-1][1] = stop
        else:
            joined.append([start, stop])
    for start, stop in joined:
        if stop - start > LEAST:
            yield Stretch(round(start, 3), round(min(stop, seconds), 3), voice)


def numbered(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Voices numbered from 1 as they are first heard."""
    ordered = sorted(stretches, key=lambda s: (s.start, s.end, s.voice))
    numbers: dict[int, int] = {}
    for one in ordered:
        numbers.setdefault(one.voice, len(numbers) + 1)
    return tuple(Stretch(s.start, s.end, numbers[s.voice]) for s in ordered)

"""Windows of lessons as the network is taught them: ids of tokens with all that is to be learnt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from als_nlp.models.lessons import Lesson, vary
from als_nlp.models.network import Settings
from als_nlp.models.tokens import FRAME, Ids, Reader
from als_nlp.transcript import PHASES

UNKNOWN: Final = -100
"""A target that is not known."""


@dataclass
class Window:
    """A window of one lesson as arrays, with the segments that lie wholly inside."""

    ids: Ids
    owner: Ids
    """(tokens,) number of the token's segment in this window, −1 for none."""
    cuts: Ids
    """(tokens,) 1 where a segment ends inside a turn, 0 where none does, else ``UNKNOWN``."""
    phase: Ids
    begins: Ids
    personal: Ids
    """(tokens,) type of personal data, ``len(PERSONAL_TYPES)`` for none, else ``UNKNOWN``."""
    lesson: Lesson
    rows: list[int] = field(default_factory=list)


def lesson_windows(
    lesson: Lesson, reader: Reader, settings: Settings, random: np.random.Generator
) -> Iterator[Window]:
    """The lesson cut into windows, beginning at a random token."""
    tokens = reader.read(lesson.transcript)
    segment_of_word = np.asarray(
        [n for n, s in enumerate(lesson.transcript.segments) for _ in s.words], dtype=np.int64
    )
    turn_of_word = np.asarray(
        [n for n, t in enumerate(lesson.transcript.turns) for _ in t.words], dtype=np.int64
    )
    owner = np.where(tokens.word >= 0, segment_of_word[tokens.word], -1)
    ends_segment = np.append(segment_of_word[1:] != segment_of_word[:-1], True)
    ends_turn = np.append(turn_of_word[1:] != turn_of_word[:-1], True)
    inside = tokens.last & ~ends_turn[tokens.word]
    cuts = np.where(inside, ends_segment[tokens.word], UNKNOWN)
    phase, begins = _turn_targets(lesson, tokens.turn, tokens.word)
    personal = np.full(len(tokens.ids), UNKNOWN)
    if lesson.personal is not None:
        personal = np.where(tokens.word >= 0, lesson.personal[tokens.word], UNKNOWN)
    length = len(tokens.ids)
    size = settings.size - sum(FRAME)
    step = max(1, size - settings.overlap)
    first = -int(random.integers(0, step)) if length > size else 0
    counts = np.bincount(owner[owner >= 0], minlength=len(lesson.targets))
    for start in range(first, max(1, length - settings.overlap), step):
        begin, end = max(0, start), min(length, start + size)
        if end - begin < 8:
            continue
        placed = lesson.known == "kinds" and random.random() < 0.9
        own = owner[begin:end]
        there, held = np.unique(own[own >= 0], return_counts=True)
        rows = there[held == counts[there]]
        local = np.full(len(lesson.targets) + 1, -1)
        local[rows] = np.arange(len(rows))
        head, tail = np.full(FRAME[0], UNKNOWN), np.full(FRAME[1], UNKNOWN)
        yield Window(
            reader.framed(tokens, begin, end, placed=placed),
            np.concatenate([head * 0 - 1, local[own], tail * 0 - 1]),
            np.concatenate([head, cuts[begin:end], tail]),
            np.concatenate([head, phase[begin:end], tail]),
            np.concatenate([head, begins[begin:end], tail]),
            np.concatenate([head, personal[begin:end], tail]),
            lesson,
            [int(r) for r in rows],
        )


def _turn_targets(lesson: Lesson, turn: Ids, word: Ids) -> tuple[Ids, Ids]:
    """Phase, and which phase begins (``len(PHASES)`` for none), at the marks of turns."""
    turns = lesson.transcript.turns
    if lesson.known != "kinds":
        nothing = np.full(len(turn), UNKNOWN)
        return nothing, nothing
    states = [(t.phase, t.cycle) for t in turns]
    phase = np.asarray([PHASES.index(p) if p else UNKNOWN for p, _ in states])
    begins = np.asarray(
        [
            PHASES.index(p) if p and n and states[n - 1] != (p, c) else len(PHASES)
            for n, (p, c) in enumerate(states)
        ]
    )
    marks = word < 0
    return np.where(marks, phase[turn], UNKNOWN), np.where(marks, begins[turn], UNKNOWN)


def epoch_batches(
    lessons: Sequence[Lesson],
    public: Sequence[Lesson],
    reader: Reader,
    settings: Settings,
    epoch: int,
) -> list[list[Window]]:
    """All batches of an epoch: every session once, written anew, and a draw of public talk."""
    random = np.random.default_rng([settings.seed, epoch])
    drawn = [
        window
        for lesson in lessons
        for window in lesson_windows(vary(lesson, random), reader, settings, random)
    ]
    wanted = settings.public * sum(len(w.ids) for w in drawn)
    meetings = [p for p in public if p.known == "question"]
    forums = [p for p in public if p.known == "advice"]
    for source, share in ((meetings, 0.6), (forums, 0.4)):
        tokens = 0
        while source and tokens < share * wanted:
            lesson = vary(source[int(random.integers(len(source)))], random)
            found = list(lesson_windows(lesson, reader, settings, random))
            random.shuffle(found)
            drawn.extend(found[:4])
            tokens += sum(len(w.ids) for w in found[:4])
    return batched(drawn, settings.batch * settings.size, random)


def batched(windows: list[Window], most: int, random: np.random.Generator) -> list[list[Window]]:
    """Windows in batches of at most so many tokens, padding included, in random order."""
    random.shuffle(windows)
    # windows of like length together waste no time on padding
    batches: list[list[Window]] = []
    longest = 0
    for window in sorted(windows, key=lambda w: len(w.ids) // 16):
        longest = max(longest, len(window.ids))
        if not batches or (len(batches[-1]) + 1) * longest > most:
            batches.append([])
            longest = len(window.ids)
        batches[-1].append(window)
    random.shuffle(batches)
    return batches

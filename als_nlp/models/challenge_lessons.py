"""What the encoder of challenges is taught: texts with theme and trade, batch by batch.

In every batch the same struggles stand in the same few trades, so that only the struggle tells
which texts belong together; a theme's own description is among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from als_nlp.corpus import AnnotatedSession
from als_nlp.measures.challenges import in_own_words
from als_nlp.models.challenge_network import ChallengeSettings
from als_nlp.models.lessons import public_lessons
from als_nlp.themes.known import Theme

PIECE: Final = 6
"""Sentences of a piece of a story."""
SHORTEST_PIECE: Final = 12
"""Words."""
GENERAL: Final = 24_000
"""Texts of any other kind, at most."""


@dataclass(frozen=True)
class Lesson:
    """A text with its theme and trade."""

    trade: str
    theme: str
    text: str


def batches(
    lessons: Sequence[Lesson],
    themes: Sequence[Theme],
    settings: ChallengeSettings,
    random: np.random.Generator,
) -> Iterator[list[Lesson]]:
    """An epoch's batches: the same trades under every theme, and each theme in words."""
    by_theme: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        by_theme.setdefault(lesson.theme, []).append(lesson)
    described = {t.id: t for t in themes}
    trades = sorted({lesson.trade for lesson in lessons})
    ids = sorted(by_theme)
    for _ in range(max(1, len(lessons) // (settings.themes * settings.texts))):
        here = set(random.choice(trades, min(settings.trades, len(trades)), replace=False))
        batch: list[Lesson] = []
        for theme in random.choice(ids, min(settings.themes, len(ids)), replace=False):
            there = [x for x in by_theme[theme] if x.trade in here] or by_theme[theme]
            picked = random.permutation(len(there))[: settings.texts]
            batch += [replace(there[i], text=vary(there[i].text, random)) for i in picked]
            if theme in described:
                batch.append(Lesson("", theme, told(described[theme], random)))
        yield batch


def told(theme: Theme, random: np.random.Generator) -> str:
    """A theme in words: what it is about, or what people say, or both."""
    sayings = list(random.permutation(list(theme.phrases)))
    ways = (
        f"{theme.name}. {theme.about}", theme.about, *sayings[:2], ". ".join(sayings[:3]),
        theme.sentence,
    )  # fmt: skip
    return str(ways[int(random.integers(len(ways)))])


def vary(text: str, random: np.random.Generator) -> str:
    """A text with a sentence less now and then, or without punctuation."""
    sentences = text.replace("? ", "?\n").replace("! ", "!\n").replace(". ", ".\n").split("\n")
    if len(sentences) > 2 and random.random() < 0.4:
        sentences.pop(int(random.integers(len(sentences))))
    said = " ".join(sentences)
    if random.random() < 0.15:
        said = "".join(c for c in said if c.isalnum() or c in " '’-")
    return said


def session_lessons(sessions: Sequence[AnnotatedSession]) -> list[Lesson]:
    """The challenges of annotated sessions: summed up, in the presenter's words, and in pieces."""
    out = []
    for session in sessions:
        theme_of = {c.cycle: c for c in session.challenges}
        own = {cycle: said for cycle, _, said in in_own_words(session.transcript)}
        for cycle, challenge in theme_of.items():
            story = [
                s.text
                for t in session.transcript.turns
                if t.phase == "present" and t.cycle == cycle
                for s in t.segments
                if s.kind == "account" and len(s.words) > 3
            ]
            pieces = [" ".join(story[at : at + PIECE]) for at in range(0, len(story), PIECE)]
            texts = [challenge.text, *pieces]
            if cycle in own:
                texts.append(" ".join(s.text for s in own[cycle]))
            out += [
                Lesson(session.cohort, challenge.theme, text)
                for text in texts
                if len(text.split()) >= SHORTEST_PIECE
            ]
    return out


def general_texts(public: Path) -> list[str]:
    """Public forums and meetings, one to six sentences at a time: talk that is no challenge."""
    out = []
    random = np.random.default_rng(1)
    for lesson in public_lessons(public):
        sentences = [s.text for s in lesson.transcript.segments]
        at = 0
        while at < len(sentences):
            count = int(random.integers(1, 7))
            text = " ".join(sentences[at : at + count])
            at += count
            if 5 <= len(text.split()) <= 90:
                out.append(text)
    chosen = random.permutation(len(out))[:GENERAL]
    return [out[i] for i in sorted(chosen)]

"""How well themes are found: against what the writers meant, beside the usual ways."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from als_nlp.corpus import AnnotatedSession
from als_nlp.errors import InputError
from als_nlp.models.challenge_encoder import (
    NamedEncoder,
    TextEncoder,
    Vectors,
    load_challenge_encoder,
)
from als_nlp.themes.corpus import CodedChallenge, of_split
from als_nlp.themes.find import Item, find_themes
from als_nlp.themes.known import bundled_themes

DRAWS: Final = 10
SMALL: Final = (12, 30, 60)
LIFELIKE: Final = ("test-", "dev-")
"""How the files of the later rounds that do not teach begin."""
MISLEADING: Final = "-summaries"
"""How those of them end whose events point at another theme."""

Finder = Callable[[Sequence[str], int], Sequence[int]]
"""Texts and the true number of groups (only some peers look at it) to groups, −1 for alone."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Normalised mutual information and adjusted Rand index with the true groups.

    ``alone`` is the share that stands alone; each of these counts as a group of its own.
    """

    nmi: float
    ari: float
    alone: float
    groups: float


def agreement(gold: Sequence[str], found: Sequence[int]) -> Agreement:
    """How far two groupings of the same texts agree."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    single = [f if f >= 0 else -n - 1 for n, f in enumerate(found)]
    return Agreement(
        float(normalized_mutual_info_score(gold, single)),
        float(adjusted_rand_score(gold, single)),
        sum(f < 0 for f in found) / len(found),
        float(len({f for f in found if f >= 0})),
    )


def ours(texts: Sequence[str], _: int) -> list[int]:
    """Open themes as als-nlp finds them."""
    return _numbers(texts, load_challenge_encoder())


def _numbers(texts: Sequence[str], encoder: TextEncoder) -> list[int]:
    found = find_themes([Item(str(n), t) for n, t in enumerate(texts)], encoder=encoder)
    ids = {t.id: n for n, t in enumerate(found.themes)}
    return [-1 if p.theme is None else ids[p.theme] for p in found.placed]


class _Once:
    """An encoder that reads each text once."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str], progress: object = None) -> Vectors:
        new = list(dict.fromkeys(t for t in texts if t not in self._known))
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[t] for t in texts])


def peers(model: str) -> dict[str, Finder]:
    """The usual ways, with a sentence-transformers model: k-means told the number, BERTopic.

    Raises:
        ModelError: if sentence-transformers is not installed or lacks the model.
    """
    encoder = _Once(NamedEncoder(model))

    def k_means(texts: Sequence[str], groups: int) -> list[int]:
        from sklearn.cluster import KMeans

        vectors = encoder.encode(texts)
        return [int(n) for n in KMeans(groups, n_init=10, random_state=1).fit_predict(vectors)]

    def bertopic(texts: Sequence[str], _: int) -> list[int]:
        from bertopic import BERTopic

        try:
            found, _probabilities = BERTopic().fit_transform(list(texts), encoder.encode(texts))
        except (TypeError, ValueError):  # UMAP gives up on a dozen texts
            return [-1] * len(texts)
        return [int(n) for n in found]

    def grouped_like_ours(texts: Sequence[str], _: int) -> list[int]:
        return _numbers(texts, encoder)

    return {
        "k-means on MiniLM, told the number": k_means,
        "BERTopic as it comes": bertopic,
        "our grouping on MiniLM": grouped_like_ours,
    }


def mean_agreement(
    texts: Sequence[str], gold: Sequence[str], finder: Finder, size: int, draws: int = DRAWS
) -> Agreement:
    """The mean over random draws of so many texts (all of them: one draw)."""
    found = []
    random = np.random.default_rng(1)
    for _ in range(draws if size < len(texts) else 1):
        picked = random.permutation(len(texts))[:size]
        true = [gold[i] for i in picked]
        found.append(agreement(true, finder([texts[i] for i in picked], len(set(true)))))
    return Agreement(
        *(float(np.mean([getattr(a, f) for a in found])) for f in ("nmi", "ari", "alone", "groups"))
    )


def guided_right(
    texts: Sequence[str], gold: Sequence[str], encoder: TextEncoder | None = None
) -> tuple[float, float, float]:
    """How often the first guess of the bundled themes is right, first or second, and none given."""
    items = [Item(str(n), t) for n, t in enumerate(texts)]
    found = find_themes(items, known=bundled_themes(), open=False, encoder=encoder).placed
    first = [p.theme == g for p, g in zip(found, gold, strict=True)]
    second = [a or p.second == g for a, p, g in zip(first, found, gold, strict=True)]
    none = [p.theme is None for p in found]
    return float(np.mean(first)), float(np.mean(second)), float(np.mean(none))


def known_themes() -> set[str]:
    """Ids of the bundled themes."""
    return {t.id for t in bundled_themes()}


def session_challenges(sessions: Sequence[AnnotatedSession]) -> tuple[list[str], list[str]]:
    """Challenges of annotated sessions as summed up there: texts and themes."""
    pairs = [(c.text, c.theme) for s in sessions for c in s.challenges]
    return [t for t, _ in pairs], [g for _, g in pairs]


def unseen(
    challenges: Sequence[CodedChallenge], splits: Sequence[str] = ("test",)
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Sets of challenges to score on: bundled themes, life-like and tidy; others, never taught."""
    rows = [c for s in splits for c in of_split(challenges, s)]  # type: ignore[arg-type]
    bundled = known_themes()
    taught = {c.theme for c in of_split(challenges, "train")}
    known = [c for c in rows if c.theme in bundled]
    groups: dict[str, list[CodedChallenge]] = {
        "life-like challenges": [], "summaries with events that mislead": [], "tidy challenges": [],
    }  # fmt: skip
    for challenge in known:
        lifelike, misleading, tidy = groups.values()
        if challenge.trade.endswith(MISLEADING):
            misleading.append(challenge)
        else:
            (lifelike if challenge.trade.startswith(LIFELIKE) else tidy).append(challenge)
    for name, some in groups.items():
        yield f"{name}, trades never taught", [c.text for c in some], [c.theme for c in some]
    new = [c for c in rows if c.theme not in taught]
    yield "themes never taught", [c.text for c in new], [c.theme for c in new]


def public_comments(folder: Path, name: str) -> tuple[list[str], list[str]]:
    """A public theme benchmark: texts and hand-coded themes.

    Raises:
        InputError: if it is not in the folder.
    """
    path = folder / f"{name}.jsonl.gz"
    if not path.exists():
        raise InputError(f"{path} is missing: see docs/corpora.md.")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [r["text"] for r in rows], [r["theme"] for r in rows]

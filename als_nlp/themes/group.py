"""Texts into groups, with how far each group holds when some of the texts are left out.

Few texts: Ward's linkage, polished by moving each text to the nearest middle, and as many groups as
are found again most reliably in draws of four fifths of the texts (Ben-Hur et al. 2002; Hennig 2007
for the single group), among numbers around the square root of the number of texts. Many texts: the
same on some hundreds of centres, to which every text is assigned, so that memory stays bounded.

Texts are expected in an order of no meaning (``find_themes`` sees to that). ``seed`` only decides
which of them are drawn to see how far the groups hold: the groups themselves are no lottery.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.models.challenge_encoder import Vectors, unit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FEW: Final = 600
"""Texts up to which every text is looked at beside every other."""
DRAWS: Final = 24
KEPT: Final = 0.8
FEWEST, MOST = 0.75, 1.6
"""Groups, in square roots of the number of texts."""
COARSEST, FINEST = 24, 60
"""Groups of very many texts."""
LOOSE: Final = 0.35
"""How often a text must be found again with its group; below, it stands alone."""


@dataclass(frozen=True)
class Grouping:
    """Groups, numbered by size, largest first.

    ``group`` of each text, −1 where it stands alone; the groups' ``stability`` (0 to 1); and how
    ``sure`` it is that a text belongs to its group (0 to 1).
    """

    group: Ints
    stability: Floats
    sure: Floats


def group(vectors: Vectors, *, seed: int = 1) -> Grouping:
    """Group texts that are alike.

    Args:
        vectors: (texts, width), rows of length 1, in an order that does not depend on chance.
        seed: decides which texts are drawn to see whether groups hold.
    """
    if len(vectors) < 4:
        return Grouping(np.full(len(vectors), -1), np.zeros(0), np.zeros(len(vectors)))
    if len(vectors) <= FEW:
        return _few(vectors, seed)
    return _many(vectors, seed)


def _few(vectors: Vectors, seed: int, least: float = LOOSE) -> Grouping:
    n = len(vectors)
    choices = _numbers(n)
    whole = _cuts(vectors, choices)
    agreement = np.zeros(len(choices))
    for draw in _draws(n, seed=0):
        part = _cuts(vectors[draw], choices)
        agreement += [_agreement(whole[k][draw], part[k]) for k in choices]
    k = choices[_chosen(agreement / DRAWS)]
    draws = _draws(n, seed)
    return _judged(whole[k], draws, [_cuts(vectors[draw], [k])[k] for draw in draws], least)


def _draws(n: int, seed: int) -> list[Ints]:
    random = np.random.default_rng(seed)
    return [np.sort(random.permutation(n)[: max(3, round(KEPT * n))]) for _ in range(DRAWS)]


def _numbers(texts: int) -> list[int]:
    """The numbers of groups that are tried."""
    fewest = max(2, min(COARSEST, round(FEWEST * texts**0.5)))
    most = max(fewest, min(FINEST, round(MOST * texts**0.5), texts // 3))
    return list(range(fewest, most + 1))


def _chosen(agreement: Floats) -> int:
    """The finest grouping that is about as reliable as the best (neighbours count as well)."""
    smooth = np.convolve(np.pad(agreement, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    return int(np.flatnonzero(smooth >= smooth.max() - 0.02)[-1])


def _cuts(vectors: Vectors, choices: list[int]) -> dict[int, Ints]:
    """The groups for each number of groups."""
    from scipy.cluster.hierarchy import cut_tree, linkage

    wanted = sorted({min(k, len(vectors)) for k in choices})
    cut = cut_tree(linkage(vectors.astype(np.float64), method="ward"), n_clusters=wanted)
    columns = {k: _polished(vectors, cut[:, n]) for n, k in enumerate(wanted)}
    return {k: columns[min(k, len(vectors))] for k in choices}


def _polished(vectors: Vectors, labels: Ints) -> Ints:
    """Each text moved to the group whose middle is nearest, until nothing moves."""
    for _ in range(8):
        names = np.unique(labels)
        middles = unit(np.stack([vectors[labels == name].mean(0) for name in names]))
        moved = names[(vectors @ middles.T).argmax(1)]
        if (moved == labels).all():
            break
        labels = moved
    return np.asarray(labels)


def _agreement(a: Ints, b: Ints) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(a, b))


def _judged(whole: Ints, draws: list[Ints], partial: list[Ints], least: float) -> Grouping:
    """Which texts are found again with their group, ``least`` or more, and how far it holds."""
    n = len(whole)
    together, seen = np.zeros(n), np.zeros(n)
    jaccard: dict[int, list[float]] = {}
    for draw, found in zip(draws, partial, strict=True):
        table = _table(whole[draw], found)
        sizes_whole, sizes_found = table.sum(1), table.sum(0)
        overlap = table / (sizes_whole[:, None] + sizes_found[None, :] - table)
        best = overlap.argmax(1)
        names, inverse = np.unique(whole[draw], return_inverse=True)
        for row, name in enumerate(names):
            jaccard.setdefault(int(name), []).append(float(overlap[row, best[row]]))
        _, columns = np.unique(found, return_inverse=True)
        together[draw] += columns == best[inverse]
        seen[draw] += 1
    sure = together / np.maximum(seen, 1)
    labels = np.where(sure >= least, whole, -1)
    for name, count in zip(*np.unique(labels, return_counts=True), strict=True):
        if name >= 0 and count < 2:
            labels[labels == name] = -1
    return _by_size(labels, {g: float(np.mean(j)) for g, j in jaccard.items()}, sure)


def _table(a: Ints, b: Ints) -> Floats:
    _, rows = np.unique(a, return_inverse=True)
    _, columns = np.unique(b, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    return table


def _by_size(labels: Ints, stability: dict[int, float], sure: Floats) -> Grouping:
    names, first, counts = np.unique(labels, return_index=True, return_counts=True)
    order = sorted(
        (n for n in range(len(names)) if names[n] >= 0), key=lambda n: (-counts[n], first[n])
    )
    new = np.full(len(labels), -1)
    for number, n in enumerate(order):
        new[labels == names[n]] = number
    held = np.array([stability.get(int(names[n]), 0.0) for n in order])
    return Grouping(new, held, np.where(new >= 0, sure, 0.0))


CENTRES: Final = 400
SAMPLE: Final = 20_000


def _many(vectors: Vectors, seed: int) -> Grouping:
    """Group centres of the texts, then give each text to the nearest group."""
    centres = _centres(vectors)
    found = _few(centres, seed, least=0.0)  # no centre stands alone: the groups are no lottery
    groups = found.group.max() + 1
    middles = unit(
        np.stack([centres[found.group == g].mean(0) for g in range(groups)]).astype(np.float32)
    )
    labels, likeness = _nearest(vectors, middles)
    for _ in range(3):
        middles = unit(_means(vectors, labels, middles))
        labels, likeness = _nearest(vectors, middles)
    return _by_size(labels, dict(enumerate(found.stability)), likeness)


def _centres(vectors: Vectors) -> Vectors:
    """Middles of small neighbourhoods; texts come in an order that is as good as random."""
    sample = vectors[:SAMPLE]
    centres = sample[:CENTRES]
    for _ in range(10):
        labels, _ = _nearest(sample, centres)
        centres = unit(_means(sample, labels, centres))
    return centres


def _blocks(n: int) -> Iterator[slice]:
    for begin in range(0, n, 8192):
        yield slice(begin, begin + 8192)


def _nearest(vectors: Vectors, centres: Vectors) -> tuple[Ints, Floats]:
    labels = np.zeros(len(vectors), dtype=np.int64)
    likeness = np.zeros(len(vectors))
    for block in _blocks(len(vectors)):
        near = vectors[block] @ centres.T
        labels[block] = near.argmax(1)
        likeness[block] = near.max(1)
    return labels, likeness


def _means(vectors: Vectors, labels: Ints, before: Vectors) -> Vectors:
    total = np.zeros(before.shape, dtype=np.float64)
    np.add.at(total, labels, vectors)
    counts = np.bincount(labels, minlength=len(before))
    total[counts == 0] = before[counts == 0]
    return (total / np.maximum(counts, 1)[:, None]).astype(np.float32)

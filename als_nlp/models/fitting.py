"""Fit linear models with scikit-learn; needed for training only."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from als_nlp.models.linear import Array, Features, Head, LinearModel

MOST_STEPS = 60
"""Steps of the optimiser. Stopping here is a mild form of regularisation and is not a fault."""


@dataclass(frozen=True)
class Task:
    """What one head learns: the class of each item (``None`` where it has nothing to say).

    ``weights`` tell how much each item counts; ``strength`` is the inverse of the L2 penalty.
    """

    classes: tuple[str, ...]
    targets: Sequence[str | None]
    weights: Sequence[float]
    strength: float = 1.0


def fit_model(
    features: Features, tasks: Mapping[str, Task], *, rarest: int = 2, card: Mapping[str, Any]
) -> LinearModel:
    """One vocabulary of all features seen at least ``rarest`` times, and a head for each task."""
    from scipy.sparse import csr_matrix

    seen = Counter(f for item in features for f in dict.fromkeys(item))
    kept = sorted(f for f, n in seen.items() if n >= rarest)
    model = LinearModel({f: i for i, f in enumerate(kept)}, {}, card)
    items = model.encode(features)
    starts = np.concatenate([[0], np.cumsum([len(ids) for ids in items])])
    values = np.concatenate([np.full(len(ids), max(1, len(ids)) ** -0.5) for ids in items])
    matrix = csr_matrix((values, np.concatenate(items), starts), shape=(len(items), len(kept)))
    heads = {name: fit_head(matrix, task) for name, task in tasks.items()}
    return LinearModel(model.vocabulary, heads, card)


def fit_head(matrix: Any, task: Task) -> Head:
    """Multinomial logistic regression on the items that have a class."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    rows = [i for i, target in enumerate(task.targets) if target is not None]
    targets = [task.classes.index(str(task.targets[i])) for i in rows]
    learner = LogisticRegression(C=task.strength, max_iter=MOST_STEPS, tol=1e-4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        learner.fit(matrix[rows], targets, sample_weight=np.asarray(task.weights)[rows])
    weights: Array = np.zeros((matrix.shape[1], len(task.classes)), dtype=np.float32)
    bias: Array = np.full(len(task.classes), -20.0, dtype=np.float32)
    coefficients, intercepts = learner.coef_, learner.intercept_
    if len(learner.classes_) == 2:  # scikit-learn keeps one row for two classes
        coefficients = np.vstack([-coefficients[0] / 2, coefficients[0] / 2])
        intercepts = np.array([-intercepts[0] / 2, intercepts[0] / 2])
    for row, column in enumerate(learner.classes_):
        weights[:, column] = coefficients[row]
        bias[column] = intercepts[row]
    return Head(weights, bias, task.classes)


def stack(blocks: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Rows of several sessions one below the other."""
    return np.concatenate(blocks, axis=0)

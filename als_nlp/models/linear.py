"""Linear classifiers over named features: trained with scikit-learn, run with NumPy alone.

A model is a vocabulary shared by several heads; a head is a weight matrix with its classes. On disk
it is one ``.npz`` of plain arrays and JSON, so that loading it runs no code.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from als_nlp.errors import ModelError
from als_nlp.files import write_whole

Array = NDArray[np.float32]
Features = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Head:
    """One decision: ``weights`` (features, classes), ``bias`` (classes,), names of the classes."""

    weights: Array
    bias: Array
    classes: tuple[str, ...]


@dataclass(frozen=True)
class LinearModel:
    """Heads over one vocabulary, with what is known about how they were made in ``card``."""

    vocabulary: dict[str, int]
    heads: Mapping[str, Head]
    card: Mapping[str, Any]

    def encode(self, features: Features) -> list[NDArray[np.intp]]:
        """Row numbers of the known features of each item; the form that ``probabilities`` takes."""
        known = self.vocabulary
        return [
            np.fromiter(dict.fromkeys(known[f] for f in item if f in known), dtype=np.intp)
            for item in features
        ]

    def probabilities(self, head: str, items: Sequence[NDArray[np.intp]]) -> NDArray[np.float64]:
        """Class probabilities of a head, shape (items, classes)."""
        chosen = self.heads[head]
        scores = np.empty((len(items), len(chosen.classes)))
        for row, ids in enumerate(items):
            # scaled so that long and short segments speak equally loud
            scores[row] = chosen.weights[ids].sum(axis=0) / max(1.0, len(ids)) ** 0.5
        return softmax(scores + chosen.bias)

    def save(self, path: Path) -> None:
        """Write the model whole. Weights are kept in half precision."""
        arrays: dict[str, Any] = {
            "vocabulary": np.frombuffer("\n".join(self.vocabulary).encode(), dtype=np.uint8),
            "card": np.frombuffer(json.dumps(dict(self.card)).encode(), dtype=np.uint8),
            "heads": np.frombuffer(
                json.dumps({name: head.classes for name, head in self.heads.items()}).encode(),
                dtype=np.uint8,
            ),
        }
        for name, head in self.heads.items():
            arrays[f"{name}.weights"] = head.weights.astype(np.float16)
            arrays[f"{name}.bias"] = head.bias.astype(np.float32)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        write_whole(path, buffer.getvalue())

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read a model.

        Raises:
            ModelError: if the file is missing or damaged.
        """
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
                words = arrays["vocabulary"].tobytes().decode().split("\n")
                heads = {
                    name: Head(
                        arrays[f"{name}.weights"].astype(np.float32),
                        arrays[f"{name}.bias"],
                        tuple(classes),
                    )
                    for name, classes in json.loads(arrays["heads"].tobytes()).items()
                }
                card = json.loads(arrays["card"].tobytes())
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"The model {path.name} is missing or damaged: install als-nlp again."
            ) from error
        return cls({word: i for i, word in enumerate(words)}, heads, card)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows of scores to rows of probabilities."""
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=-1, keepdims=True))

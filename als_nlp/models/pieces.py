"""The vectors of word pieces, which all encoders share, and the networks that read them.

The word pieces are MiniLM's and stay as they are while a network learns, so one table serves every
network, and each network's file holds only what it has learned.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from als_nlp.errors import ModelError

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]
Run = Callable[[Ids, Ids], Floats]
"""Ids and mask of texts, (texts, tokens) each, to what a network says of them."""


@dataclass(frozen=True)
class Pieces:
    """A table of vectors as bytes, each with its own scale: (pieces, width) and (pieces,)."""

    steps: NDArray[np.int8]
    scale: Floats

    @classmethod
    def of(cls, vectors: Floats) -> Pieces:
        """Round vectors (pieces, width) to bytes."""
        scale = np.maximum(np.abs(vectors).max(axis=1), 1e-8) / 127
        return cls(np.rint(vectors / scale[:, None]).astype(np.int8), scale.astype(np.float32))

    def __getitem__(self, ids: Ids) -> Floats:
        return self.steps[ids] * self.scale[ids][..., None]

    def as_bytes(self) -> bytes:
        """The table as a ``.npz`` file."""
        buffer = io.BytesIO()
        np.savez(buffer, steps=self.steps, scale=self.scale)
        return buffer.getvalue()


@cache
def load_pieces(path: Path) -> Pieces:
    """Read a table, once.

    Raises:
        ModelError: if it is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as found:
            return Pieces(found["steps"], found["scale"])
    except Exception as error:  # a damaged archive fails in many ways
        raise _damaged(path) from error


def load_network(path: Path, pieces: Pieces) -> Run:
    """A network to be run by onnxruntime. ONNX is a graph of arithmetic: loading runs no code.

    Raises:
        ModelError: if it is missing or damaged.
    """
    import onnxruntime as ort

    ort.set_default_logger_severity(4)
    options = ort.SessionOptions()
    options.log_severity_level = 4
    try:
        session: Any = ort.InferenceSession(
            path.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # the library's own errors have no common ancestor
        raise _damaged(path) from error

    def run(ids: Ids, mask: Ids) -> Floats:
        return cast(Floats, session.run(None, {"pieces": pieces[ids], "mask": mask})[0])

    return run


def _damaged(path: Path) -> ModelError:
    return ModelError(f"The model {path.name} is missing or damaged: install als-nlp again.")

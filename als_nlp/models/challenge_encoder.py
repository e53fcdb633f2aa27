"""Challenges as vectors: what somebody struggles with, rather than where it happens.

MiniLM taught by contrast: the same struggle in different trades close together, different struggles
in the same trade apart (Khosla et al., *Supervised contrastive learning*, 2020). It shares its word
pieces with the tagger. Any sentence-transformers model can stand in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from als_nlp.errors import ModelError
from als_nlp.models.bundled import WEIGHTS
from als_nlp.models.pieces import Run, load_network, load_pieces

Vectors = NDArray[np.float32]
"""One row a text, of length 1: the product of two rows is their likeness."""
Progress = Callable[[int, int], None]
"""Told how many texts of how many are done."""
LONGEST: Final = 126
"""Word pieces read at once; longer texts are read in parts."""
BATCH_TOKENS: Final = 4096


class TextEncoder(Protocol):
    """Anything that turns texts into vectors of length 1."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors, shape (texts, width)."""
        ...


class ChallengeEncoder:
    """The bundled encoder, without torch."""

    def __init__(self, run: Run, pieces_of: Callable[[Sequence[str]], list[list[int]]]) -> None:
        self._run = run
        self._pieces_of = pieces_of

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors of texts, shape (texts, 384). A text without a letter gets zeros."""
        rows: list[tuple[int, list[int]]] = []
        for first in range(0, len(texts), 1000):
            read = self._pieces_of(texts[first : first + 1000])
            rows += [(first + n, part) for n, pieces in enumerate(read) for part in _parts(pieces)]
        total: Vectors | None = None
        weights = np.zeros(len(texts), dtype=np.float32)
        done = 0
        for batch in _batches(rows):
            longest = max(len(part) for _, part in batch)
            ids = np.zeros((len(batch), longest), dtype=np.int64)
            mask = np.zeros_like(ids)
            for at, (_, part) in enumerate(batch):
                ids[at, : len(part)] = part
                mask[at, : len(part)] = 1
            found = self._run(ids, mask)
            if total is None:
                total = np.zeros((len(texts), found.shape[1]), dtype=np.float32)
            for (text, part), row in zip(batch, found, strict=True):
                total[text] += row * len(part)
                weights[text] += len(part)
            done += len(batch)
            if progress:
                progress(min(len(texts), done * len(texts) // len(rows)), len(texts))
        if total is None:
            return np.zeros((len(texts), 384), dtype=np.float32)
        return unit(total)


def unit(vectors: Vectors) -> Vectors:
    """Rows brought to length 1; zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return cast(Vectors, vectors / np.maximum(lengths, 1e-9))


def _parts(pieces: list[int]) -> Iterator[list[int]]:
    """A text's pieces in parts of like length, none longer than what is read at once."""
    count = max(1, -(-len(pieces) // LONGEST))
    size = -(-len(pieces) // count) if pieces else 0
    for begin in range(0, len(pieces), size or 1):
        yield pieces[begin : begin + size]


def _batches(rows: list[tuple[int, list[int]]]) -> Iterator[list[tuple[int, list[int]]]]:
    """Parts of like length together."""
    batch: list[tuple[int, list[int]]] = []
    for row in sorted(rows, key=lambda r: (len(r[1]), r[1])):
        if batch and (len(batch) + 1) * len(row[1]) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def reader(tokenizer: Path) -> Callable[[Sequence[str]], list[list[int]]]:
    """From texts to the numbers of their word pieces, framed as MiniLM expects.

    Raises:
        ModelError: if the tokenizer is missing or damaged.
    """
    from tokenizers import Tokenizer

    try:
        found = Tokenizer.from_str(tokenizer.read_text(encoding="utf-8"))
    except Exception as error:  # the library raises nothing narrower
        raise ModelError(
            f"The model {tokenizer.name} is missing or damaged: install als-nlp again."
        ) from error
    found.no_padding()
    found.no_truncation()
    first, last = int(found.token_to_id("[CLS]") or 0), int(found.token_to_id("[SEP]") or 0)

    def pieces_of(texts: Sequence[str]) -> list[list[int]]:
        encoded = found.encode_batch([t.lower() for t in texts], add_special_tokens=False)
        return [[first, *e.ids, last] if e.ids else [] for e in encoded]

    return pieces_of


@cache
def load_challenge_encoder(folder: Path = WEIGHTS) -> ChallengeEncoder:
    """The bundled encoder, loaded once.

    Raises:
        ModelError: if it is missing or damaged.
    """
    run = load_network(folder / "challenges.onnx", load_pieces(folder / "pieces.npz"))
    return ChallengeEncoder(run, reader(folder / "tokenizer.json"))


class NamedEncoder:
    """Any sentence-transformers model, by name or folder (needs the extra ``bench``)."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelError(
                "Another model needs sentence-transformers: pip install sentence-transformers."
            ) from error
        try:
            self._model = SentenceTransformer(name)
        except Exception as error:  # whatever the hub or the folder fails with
            raise ModelError(
                f"'{name}' is no model that sentence-transformers can load here: give a folder, or "
                "a model's name with a network."
            ) from error

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors of texts, shape (texts, width)."""
        found = self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=progress is not None
        )
        return np.asarray(found, dtype=np.float32)

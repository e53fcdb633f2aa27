"""The encoder at work: one small transformer as int8 ONNX, run by onnxruntime, without torch."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from als_nlp.models.pieces import Run, load_network, load_pieces
from als_nlp.models.scores import WIDTH, Scores
from als_nlp.models.tokens import FRAME, Reader, Tokens, windows
from als_nlp.transcript import Transcript

SIZE: Final = 256
"""Tokens of a window, its frame included."""
MARGIN: Final = 32
"""Tokens on either side of the used part of a window that are read as context only."""
BATCH: Final = 8


class Encoder:
    """Scores for every token of a transcript, by whatever runs the network."""

    def __init__(self, run: Run, reader: Reader) -> None:
        self._run = run
        self._reader = reader

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """Read the encoder of a folder of weights, and its vocabulary.

        Raises:
            ModelError: if a file is missing or damaged.
        """
        run = load_network(folder / "tagger.onnx", load_pieces(folder / "pieces.npz"))
        return cls(run, Reader.load(folder / "tokenizer.json"))

    def knows(self, word: str) -> bool:
        """Whether a word is a common piece of the vocabulary by itself."""
        return self._reader.knows(word)

    def read(self, transcript: Transcript, *, placed: bool = True) -> tuple[Tokens, Scores]:
        """The tokens of a transcript and their scores, shape (tokens, WIDTH).

        ``placed``: read it as a session of a set, in which each window has its place; otherwise as
        any other talk.
        """
        tokens = self._reader.read(transcript)
        length = len(tokens.ids)
        scores = np.zeros((length, WIDTH), dtype=np.float32)
        if not length:
            return tokens, scores
        spans = list(windows(length, SIZE - sum(FRAME), MARGIN))
        for first in range(0, len(spans), BATCH):
            batch = spans[first : first + BATCH]
            rows = [
                self._reader.framed(tokens, begin, end, placed=placed) for begin, end, _, _ in batch
            ]
            longest = max(map(len, rows))
            ids = np.zeros((len(rows), longest), dtype=np.int64)
            mask = np.zeros_like(ids)
            for at, row in enumerate(rows):
                ids[at, : len(row)] = row
                mask[at, : len(row)] = 1
            found = self._run(ids, mask)
            for (begin, _, used_from, used_to), row in zip(batch, found, strict=True):
                at = FRAME[0] + used_from - begin
                scores[used_from:used_to] = row[at : at + used_to - used_from]
        return tokens, scores


@cache
def load_encoder(folder: Path) -> Encoder:
    """The encoder of a folder of weights, loaded once.

    Raises:
        ModelError: if it is missing or damaged.
    """
    return Encoder.load(folder)

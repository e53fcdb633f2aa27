"""The encoder at work: one small transformer as int8 ONNX, run by onnxruntime, without torch."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, cast

import numpy as np

from als_nlp.errors import ModelError
from als_nlp.models.scores import WIDTH, Scores
from als_nlp.models.tokens import FRAME, Ids, Reader, Tokens, windows
from als_nlp.transcript import Transcript

SIZE: Final = 256
"""Tokens of a window, its frame included."""
MARGIN: Final = 32
"""Tokens on either side of the used part of a window that are read as context only."""
BATCH: Final = 8


Run = Callable[[Ids, Ids], Scores]
"""Ids and mask of windows, (windows, tokens) each, to their scores (windows, tokens, WIDTH)."""


class Encoder:
    """Scores for every token of a transcript, by whatever runs the network."""

    def __init__(self, run: Run, reader: Reader) -> None:
        self._run = run
        self._reader = reader

    @classmethod
    def load(cls, model: Path, tokenizer: Path) -> Encoder:
        """Read the encoder and its vocabulary. ONNX is a graph of arithmetic: loading runs no code.

        Raises:
            ModelError: if a file is missing or damaged.
        """
        import onnxruntime as ort

        ort.set_default_logger_severity(4)
        options = ort.SessionOptions()
        options.log_severity_level = 4
        try:
            session = ort.InferenceSession(
                model.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library's own errors have no common ancestor
            raise ModelError(
                f"The model {model.name} is missing or damaged: install als-nlp again."
            ) from error

        def run(ids: Ids, mask: Ids) -> Scores:
            return cast(Scores, session.run(None, {"ids": ids, "mask": mask})[0])

        return cls(run, Reader.load(tokenizer))

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
    return Encoder.load(folder / "tagger.onnx", folder / "tokenizer.json")

"""A transcript as the encoder reads it: word pieces, with a mark where each turn begins.

The mark says whose turn it is: the facilitator's, or somebody's who holds much or little of the
floor around here (who presents, mostly, holds it). Names of speakers are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.errors import ModelError
from als_nlp.models.floor import Floor
from als_nlp.transcript import Transcript

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

Ids = NDArray[np.int64]

CLS, SEP = "[CLS]", "[SEP]"
PARTS: Final = ("[unused1]", "[unused2]", "[unused3]", "[unused4]", "[unused5]")
"""Marks of turns: facilitator; much, some, little of the floor; nobody knows whose voice."""
TENTHS: Final = tuple(f"[unused{10 + i}]" for i in range(10))
"""Marks of the part of the session that a window begins in."""
UNPLACED: Final = "[unused20]"
"""Instead of a tenth, where nothing is known of the whole."""
MUCH, LITTLE = 0.5, 0.2
COMMON_WORDS: Final = 14_000
"""The vocabulary is ordered by how common a piece is: those before this number are ordinary."""


@dataclass(frozen=True)
class Tokens:
    """One entry a token, in order.

    ``ids`` in the tokenizer's vocabulary; ``turn`` the number of the turn; ``word`` the number of
    the word in the session, −1 for marks; ``last`` true for the last piece of a word; ``tenth``
    which tenth (0–9) of the session the token stands in.
    """

    ids: Ids
    turn: Ids
    word: Ids
    last: NDArray[np.bool_]
    tenth: Ids


class Reader:
    """Turns transcripts into tokens with one vocabulary."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._marks = {mark: self._id(mark) for mark in (*PARTS, *TENTHS, UNPLACED, CLS, SEP)}

    @classmethod
    def load(cls, path: Path) -> Reader:
        """Read a tokenizer (``tokenizer.json``).

        Raises:
            ModelError: if it is missing or damaged.
        """
        from tokenizers import Tokenizer

        try:
            return cls(Tokenizer.from_str(path.read_text(encoding="utf-8")))
        except Exception as error:  # the library raises nothing narrower
            raise ModelError(
                f"The model {path.name} is missing or damaged: install als-nlp again."
            ) from error

    def read(self, transcript: Transcript) -> Tokens:
        """The tokens of a transcript; its cuts into segments and its codes are not looked at."""
        turns = transcript.turns
        encoded = self._tokenizer.encode_batch(
            [[word.text.lower() for word in turn.words] for turn in turns],
            is_pretokenized=True,
            add_special_tokens=False,
        )
        parts = _parts(transcript)
        ids: list[int] = []
        where: list[int] = []
        words: list[int] = []
        begin = 0
        for number, (turn, pieces) in enumerate(zip(turns, encoded, strict=True)):
            ids.append(self._marks[parts[number]])
            ids.extend(pieces.ids)
            where.extend([number] * (len(pieces.ids) + 1))
            words.append(-1)
            words.extend(begin + word for word in pieces.word_ids if word is not None)
            begin += len(turn.words)
        word = np.asarray(words, dtype=np.int64)
        following = np.append(word[1:], -1)
        return Tokens(
            np.asarray(ids, dtype=np.int64),
            np.asarray(where, dtype=np.int64),
            word,
            (word >= 0) & (word != following),
            np.arange(len(ids)) * 10 // max(1, len(ids)),
        )

    def framed(self, tokens: Tokens, begin: int, end: int, *, placed: bool = True) -> Ids:
        """The ids of a window of tokens with what stands around it: two tokens before, one after.

        ``placed`` tells the encoder which tenth of the session this is.
        """
        tenth = TENTHS[int(tokens.tenth[begin])] if placed else UNPLACED
        head = [self._marks[CLS], self._marks[tenth]]
        return np.concatenate([head, tokens.ids[begin:end], [self._marks[SEP]]])

    def knows(self, word: str) -> bool:
        """Whether a word is a common piece of the vocabulary by itself."""
        found = self._tokenizer.token_to_id(word.casefold())
        return found is not None and int(found) < COMMON_WORDS

    def _id(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ModelError(f"The tokenizer lacks {token}: install als-nlp again.")
        return int(found)


FRAME: Final = (2, 1)
"""Tokens that ``framed`` puts before and after a window."""


def windows(length: int, size: int, margin: int) -> Iterator[tuple[int, int, int, int]]:
    """Overlapping windows over so many tokens: begin, end, and from where to where it is used.

    Every token is used in exactly one window, with at least ``margin`` tokens around it wherever
    the session has them.
    """
    step = size - 2 * margin
    begin = 0
    while True:
        end = min(length, begin + size)
        used_from = 0 if begin == 0 else begin + margin
        if end == length:
            yield begin, end, used_from, end
            return
        yield begin, end, used_from, end - margin
        begin += step


def _parts(transcript: Transcript) -> list[str]:
    floor = Floor(transcript.turns)
    facilitator = transcript.facilitator
    out = []
    for number, turn in enumerate(transcript.turns):
        share = floor.share(number)
        if turn.speaker is None:
            out.append(PARTS[4])
        elif turn.speaker == facilitator:
            out.append(PARTS[0])
        else:
            out.append(PARTS[1] if share > MUCH else PARTS[3] if share < LITTLE else PARTS[2])
    return out

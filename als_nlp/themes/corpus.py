"""The corpus of challenges: one file a trade, one challenge a line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from als_nlp.errors import CorpusError

Split = Literal["train", "dev", "test"]


@dataclass(frozen=True, slots=True)
class CodedChallenge:
    """An invented challenge with its theme, the trade it is set in, and who may see it."""

    trade: str
    theme: str
    text: str
    split: Split


def load_challenges(folder: Path) -> tuple[CodedChallenge, ...]:
    """All challenges of a folder, by trade.

    ``splits.toml`` names the trades and the themes of ``dev`` and ``test``: a challenge belongs to
    ``test`` if its trade or its theme does, else to ``dev`` if its trade or its theme does.

    Raises:
        CorpusError: if a line breaks the format, naming file and line.
    """
    splits = tomllib.loads((folder / "splits.toml").read_text(encoding="utf-8"))
    out: list[CodedChallenge] = []
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        if not lines or not lines[0].startswith("trade: "):
            raise CorpusError(f"{path}, line 1: begin with 'trade: …'.")
        trade = path.stem
        for number, line in enumerate(lines[1:], start=2):
            if not line.strip():
                continue
            theme, bar, text = (part.strip() for part in line.partition("|"))
            if not bar or not theme or not text:
                raise CorpusError(f"{path}, line {number}: write 'theme | text'.")
            split: Split = "train"
            for name in ("test", "dev"):
                part = splits[name]
                if trade in part["trades"] or theme in part["themes"]:
                    split = "test" if name == "test" else "dev"
                    break
            out.append(CodedChallenge(trade, theme, text, split))
    return tuple(out)


def of_split(challenges: Iterable[CodedChallenge], split: Split) -> list[CodedChallenge]:
    """Those of one split."""
    return [c for c in challenges if c.split == split]

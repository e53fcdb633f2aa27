"""What models come with the package, where they came from, and whether they are whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from als_nlp.errors import ModelError
from als_nlp.files import write_whole

WEIGHTS = Path(__file__).parent / "weights"
SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class BundledModel:
    """One file of weights; ``state`` is ``whole``, ``damaged`` or ``missing``; size in bytes."""

    name: str
    size: int
    state: str
    origin: str


def bundled() -> Iterator[BundledModel]:
    """Every file that ``SHA256SUMS`` lists, checked.

    Raises:
        ModelError: if the list itself is missing.
    """
    try:
        listed = (WEIGHTS / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ModelError("The list of models is missing: install als-nlp again.") from error
    for line in listed:
        expected, name = line.split()
        path = WEIGHTS / name
        found = path.exists()
        whole = found and sha256(path.read_bytes()).hexdigest() == expected
        state = "whole" if whole else "damaged" if found else "missing"
        size = path.stat().st_size if found else 0
        command = "challenges" if path.stem == "challenges" else "tagger"
        yield BundledModel(name, size, state, f"trained with 'als train {command}'")


def write_sums(folder: Path) -> None:
    """Write ``SHA256SUMS`` for all files of a folder."""
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.iterdir())
        if path.name != SUMS
    ]
    write_whole(folder / SUMS, "".join(lines))

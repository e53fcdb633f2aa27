"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from als_nlp.errors import InputError
from als_nlp.files import write_whole


def test_folders_on_the_way_are_made(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b.txt", "x")
    assert (tmp_path / "a" / "b.txt").read_text(encoding="utf-8") == "x"


def test_a_failure_half_way_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"page\.html cannot be written: No space left"):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]

"""Two coders beside each other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from als_nlp import corpus
from als_nlp.errors import CorpusError
from als_nlp.evaluate.agreement import cohen_kappa, krippendorff_alpha, twice_coded
from tests.conftest import CORPUS


def test_kappa_and_alpha_of_textbook_tables() -> None:
    # Cohen (1960)-style: 20 both yes, 15 both no, 5 and 10 apart
    a = ["y"] * 25 + ["n"] * 25
    b = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert cohen_kappa(a, b) == pytest.approx(0.4)
    # Krippendorff (2011), section A: two observers, ten articles, binary
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha(first, second) == pytest.approx(0.095, abs=0.001)


def test_coders_who_agree_in_everything_reach_one() -> None:
    assert cohen_kappa("aab", "aab") == 1
    assert krippendorff_alpha("aab", "aab") == 1


def test_at_least_ten_sessions_have_been_coded_twice() -> None:
    assert len(twice_coded(corpus.load_all(CORPUS))) >= 10


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lines: lines[:-1], "codes for"),
        (lambda lines: ["1 chat", *lines[1:]], "line 1: reads"),
        (lambda lines: ["1 open/colour", *lines[1:]], "is no purpose"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "line 1: reads"),
    ],
)
def test_a_second_coding_that_does_not_fit_is_refused(
    tmp_path: Path, change: object, why: str
) -> None:
    for name in ("rowan-2.als.txt", "rowan-2.second.txt"):
        shutil.copy(CORPUS / "rowan" / name, tmp_path / name)
    second = tmp_path / "rowan-2.second.txt"
    lines = second.read_text(encoding="utf-8").splitlines()
    second.write_text("\n".join(change(lines)), encoding="utf-8")  # type: ignore[operator]
    with pytest.raises(CorpusError, match=why):
        twice_coded([corpus.load(tmp_path / "rowan-2.als.txt")])

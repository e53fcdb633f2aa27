"""How talk is read: tokens, windows, and the many ways in which lessons are written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from als_nlp.corpus import AnnotatedSession
from als_nlp.errors import ModelError
from als_nlp.models.bundled import WEIGHTS
from als_nlp.models.encoder import load_encoder
from als_nlp.models.lessons import plainly, session_lesson, slipped, unasked, vary, written
from als_nlp.models.tokens import Reader, windows
from als_nlp.transcript import Transcript


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The bundled vocabulary."""
    return Reader.load(WEIGHTS / "tokenizer.json")


def test_every_word_is_read_once_and_every_turn_begins_with_a_mark(
    reader: Reader, full_session: AnnotatedSession
) -> None:
    transcript = full_session.transcript
    tokens = reader.read(transcript)
    assert sorted(set(tokens.word[tokens.word >= 0])) == list(
        range(sum(len(t.words) for t in transcript.turns))
    )
    assert (tokens.word < 0).sum() == len(transcript.turns)
    assert tokens.last.sum() == sum(len(t.words) for t in transcript.turns)


def test_who_facilitates_is_read_but_no_name(reader: Reader, small: Transcript) -> None:
    renamed = replace(small, speakers=tuple(replace(s, name="X" + s.id) for s in small.speakers))
    unled = replace(small, speakers=tuple(replace(s, role=None) for s in small.speakers))
    assert (reader.read(small).ids == reader.read(renamed).ids).all()
    assert (reader.read(small).ids != reader.read(unled).ids).any()


@pytest.mark.parametrize("length", [1, 10, 64, 65, 200, 1001])
def test_windows_use_every_token_exactly_once_with_room_around_it(length: int) -> None:
    size, margin = 64, 8
    used = []
    for begin, end, used_from, used_to in windows(length, size, margin):
        assert end - begin <= size
        assert begin == 0 or used_from >= begin + margin
        assert end == length or used_to <= end - margin
        used += range(used_from, used_to)
    assert used == list(range(length))


@pytest.mark.parametrize("write", [plainly, slipped, unasked])
def test_however_a_lesson_is_written_its_codes_stay_with_their_words(
    full_session: AnnotatedSession, write: object
) -> None:
    lesson = session_lesson(full_session)
    anew = written(lesson, write, np.random.default_rng(3))  # type: ignore[arg-type]
    segments = anew.transcript.segments
    assert len(segments) == len(anew.targets) == len(anew.purposes) == len(anew.weights)
    kinds = [s.kind for s in segments]
    from als_nlp.transcript import KINDS

    assert kinds == [KINDS[int(row.argmax())] for row in anew.targets]


def test_lessons_vary_from_epoch_to_epoch_but_not_from_run_to_run(
    full_session: AnnotatedSession,
) -> None:
    lesson = session_lesson(full_session)

    def text(seed: int) -> str:
        return " ".join(
            s.text for s in vary(lesson, np.random.default_rng(seed)).transcript.segments
        )

    assert text(1) == text(1)
    assert len({text(seed) for seed in range(6)}) > 2


@pytest.mark.parametrize("file", ["tagger.onnx", "pieces.npz", "tokenizer.json"])
@pytest.mark.parametrize("damage", [b"", b"not a model"])
def test_damaged_weights_are_one_sentence(tmp_path: Path, file: str, damage: bytes) -> None:
    for name in ("tagger.onnx", "pieces.npz", "tokenizer.json"):
        (tmp_path / name).write_bytes((WEIGHTS / name).read_bytes())
    (tmp_path / file).write_bytes(damage)
    with pytest.raises(ModelError, match="missing or damaged"):
        load_encoder(tmp_path)

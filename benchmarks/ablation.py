"""What was tried for the tagger, and what each step gained: taught on ``train``, scored on ``dev``.

    python benchmarks/ablation.py --public FOLDER

Needs the extra ``train``. Every variant takes a quarter of an hour or so on two cores; those that
``benchmarks/results/ablation.json`` has already are left out, so it can be interrupted. Segments
are given as the coder cut them, to compare the coding alone; the test cohorts are not touched.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch

from als_nlp.corpus import AnnotatedSession
from als_nlp.evaluate.scores import macro_f1, score
from als_nlp.evaluate.tagger import kinds, labels, purpose_accuracy
from als_nlp.files import write_whole
from als_nlp.models import encoder, network, tokens
from als_nlp.models.encoder import Encoder
from als_nlp.models.lessons import Lesson, public_lessons, session_lesson, vary
from als_nlp.models.losses import padded, pooled
from als_nlp.models.network import Network, Settings
from als_nlp.models.scores import COLUMNS
from als_nlp.models.splits import read_splits
from als_nlp.models.style import as_raw
from als_nlp.models.tagger import Rows, decided_kinds, opinions, softmax
from als_nlp.models.teach import fit
from als_nlp.models.tokens import Ids, Reader
from als_nlp.models.windows import UNKNOWN, Window
from als_nlp.transcript import LABEL_OF, PURPOSES, Segment, Transcript

RESULTS = Path(__file__).parent / "results" / "ablation.json"
CORPUS = Path(__file__).parents[1] / "corpora" / "als"
BEFORE = 2
"""Segments before the one to be coded that pair classification sees."""
MOST = 60
"""Tokens of each."""

Coder = Callable[[Transcript], tuple[Rows, Rows]]
"""Probabilities of kinds and purposes for each segment of a transcript."""


def main() -> None:
    """Teach and score every variant that is not in the table yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path, required=True)
    public = list(public_lessons(parser.parse_args().public))
    splits = read_splits(CORPUS)
    taught, dev = splits["train"], splits["dev"]
    reader = Reader.load(network.trunk_folder() / "tokenizer.json")
    sets = Settings(public=0)
    variants: dict[str, Callable[[], Coder]] = {
        "each segment with the two before it": lambda: pairs(taught, reader),
        "all tokens of a window of 128": lambda: windowed(taught, [], reader, 128, sets),
        "window of 256": lambda: windowed(taught, [], reader, 256, sets),
        "window of 448": lambda: windowed(taught, [], reader, 448, sets),
        "256 and public rows": lambda: windowed(taught, public, reader, 256, Settings()),
        "256, public talk first, then public rows beside": lambda: windowed(
            taught, public, reader, 256, Settings(), start=grounded(public, reader)
        ),
    }
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else _empty()
    found["about"] = (
        f"Taught on sessions of the `train` cohorts, scored on {len(dev)} of the `dev` cohorts, "
        "with the coder's own cuts; one seed each, so differences of a point or two are noise. "
        "In brackets: without case and punctuation. The rows were measured as the corpus grew, so "
        "compare those with the same number of sessions. Averaging the weights of the three fold "
        "networks gained nothing over the best of them; int8 costs at most two points."
    )
    for name, teach in variants.items():
        if any(row[0] == name for row in found["rows"]):
            continue
        found["rows"].append([name, str(len(taught)), *figures(teach(), dev)])
        write_whole(RESULTS, json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        print(*found["rows"][-1])


def _empty() -> dict[str, object]:
    columns = [
        "", "sessions taught", "question F1", "advice F1", "disguised F1", "kinds macro F1",
        "purpose accuracy",
    ]  # fmt: skip
    return {"title": "What was tried", "columns": columns, "rows": []}


def figures(coder: Coder, dev: Sequence[AnnotatedSession]) -> list[str]:
    """The figures of one row."""
    written = _scores(coder, [s.transcript for s in dev])
    raw = _scores(coder, [as_raw(s.transcript) for s in dev])
    return [f"{w:.2f} ({r:.2f})" for w, r in zip(written, raw, strict=True)]


def _scores(coder: Coder, transcripts: Sequence[Transcript]) -> list[float]:
    gold: list[Segment] = []
    found: list[Segment] = []
    for transcript in transcripts:
        chances, purposes = coder(transcript)
        best = [PURPOSES[int(row.argmax())] for row in purposes]
        gold += transcript.segments
        found += [
            replace(s, kind=k, purpose=p if LABEL_OF[k] == "question" else None)
            for s, k, p in zip(transcript.segments, decided_kinds(chances), best, strict=True)
        ]
    return [
        score(labels(gold), labels(found), "question").f1,
        score(labels(gold), labels(found), "advice").f1,
        score(kinds(gold), kinds(found), "disguised").f1,
        macro_f1(kinds(gold), kinds(found)),
        purpose_accuracy(gold, found),
    ]


def windowed(
    taught: Sequence[AnnotatedSession],
    public: Sequence[Lesson],
    reader: Reader,
    size: int,
    settings: Settings,
    start: Network | None = None,
) -> Coder:
    """Every token of a window is scored at once."""
    batch = max(1, settings.batch * 256 // size)
    settings = replace(settings, size=size, overlap=size // 4, batch=batch)
    lessons = [session_lesson(s) for s in taught]
    learned = fit(lessons, public, reader, settings, start=start)
    return partial(_read, learned, reader, size)


def _read(learned: Network, reader: Reader, size: int, transcript: Transcript) -> tuple[Rows, Rows]:
    with patch.object(encoder, "SIZE", size):
        return opinions(transcript, *Encoder(learned.run, reader).read(transcript))


def grounded(public: Sequence[Lesson], reader: Reader) -> Network:
    """A network that has seen public talk alone."""
    return fit(public, [], reader, Settings(epochs=1, public=0, frozen=0))


def pairs(taught: Sequence[AnnotatedSession], reader: Reader) -> Coder:
    """Plain classification of each segment beside what was said just before it."""
    settings = Settings(epochs=5, batch=16, public=0, frozen=0)

    def batches(
        lessons: Sequence[Lesson],
        public: Sequence[Lesson],
        reader: Reader,
        settings: Settings,
        epoch: int,
    ) -> list[list[Window]]:
        random = np.random.default_rng([settings.seed, epoch])
        drawn = [w for s in lessons for w in _pair_windows(vary(s, random), reader)]
        drawn.sort(key=lambda w: len(w.ids) // 8)
        made = [drawn[i : i + settings.batch] for i in range(0, len(drawn), settings.batch)]
        random.shuffle(made)
        return made

    lessons = [session_lesson(s) for s in taught]
    learned = fit(lessons, [], reader, settings, batches_of=batches)
    return partial(_read_pairs, learned, reader)


def _pair_windows(lesson: Lesson, reader: Reader) -> Iterator[Window]:
    read = reader.read(lesson.transcript)
    segments = lesson.transcript.segments
    of_word = np.asarray([n for n, s in enumerate(segments) for _ in s.words])
    owner = np.where(read.word >= 0, of_word[read.word], -1)
    turn = [n for n, t in enumerate(lesson.transcript.turns) for _ in t.segments]
    mark = read.ids[read.word < 0]
    cls, end = (reader._id(name) for name in (tokens.CLS, tokens.SEP))
    for number in range(len(segments)):
        ids: list[int] = [cls]
        for at in range(max(0, number - BEFORE), number + 1):
            ids += [int(mark[turn[at]]), *read.ids[owner == at][-MOST:].tolist()]
        own = int(min(MOST, (owner == number).sum()))
        inside: Ids = np.full(len(ids) + 1, -1)
        inside[-1 - own : -1] = 0
        nothing: Ids = np.full(len(ids) + 1, UNKNOWN)
        yield Window(
            np.asarray([*ids, end]), inside, nothing, nothing, nothing, nothing, lesson, [number]
        )


def _read_pairs(learned: Network, reader: Reader, transcript: Transcript) -> tuple[Rows, Rows]:
    blank = session_lesson(_coded_anyhow(transcript))
    read = list(_pair_windows(blank, reader))
    chances, purposes = [], []
    for first in range(0, len(read), 32):
        batch = read[first : first + 32]
        ids = padded([w.ids for w in batch], 0).numpy()
        mask = padded([np.ones_like(w.ids) for w in batch], 0).numpy()
        owner = padded([np.where(w.owner >= 0, n, -1) for n, w in enumerate(batch)], -1)
        found = pooled(torch.from_numpy(learned.run(ids, mask)), owner, len(batch)).numpy()
        chances.append(softmax(found[:, COLUMNS["kind"]].astype(float)))
        purposes.append(softmax(found[:, COLUMNS["purpose"]].astype(float)))
    return np.concatenate(chances), np.concatenate(purposes)


def _coded_anyhow(transcript: Transcript) -> AnnotatedSession:
    return AnnotatedSession(Path(), {"captions": "raw"}, transcript, (), (), (), ())


if __name__ == "__main__":
    main()

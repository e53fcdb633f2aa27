"""How good the tagger is: on unseen annotated sessions, on public corpora, against the "?" rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from als_nlp.corpus import AnnotatedSession
from als_nlp.evaluate.scores import accuracy, boundary_f1, interval, macro_f1, projected, score
from als_nlp.measures.uncertainty import GROUPS, CountModel, Estimate, counts, summary
from als_nlp.models.facilitator import find_facilitator
from als_nlp.models.public import load_public
from als_nlp.models.style import as_raw, plain
from als_nlp.models.tagger import Tagger, load_facilitation
from als_nlp.transcript import KINDS, LABELS, Kind, Segment, Transcript

Table = NDArray[Any]


@dataclass(frozen=True)
class Result:
    """One unseen session, analysed from words and names alone, beside its codes.

    ``gold`` and ``tagged`` hold the same turns and words; ``matched`` has for each gold segment the
    tagged one that shares most of its words. ``raw`` says that case and punctuation were taken away
    (or never there).
    """

    session: AnnotatedSession
    raw: bool
    gold: Transcript
    tagged: Transcript
    matched: tuple[Segment, ...]

    @property
    def phases(self) -> float:
        """Share of turns with the right phase and cycle."""
        return accuracy(
            [(t.phase, t.cycle) for t in self.gold.turns],
            [(t.phase, t.cycle) for t in self.tagged.turns],
        )

    @property
    def facilitator(self) -> bool:
        """Whether the right person was found to facilitate."""
        return self.tagged.facilitator == self.gold.facilitator

    def f1(self, label: str) -> float:
        """F1 of a label in this session."""
        return score(labels(self.gold.segments), labels(self.matched), label).f1


def evaluate_sessions(
    sessions: Sequence[AnnotatedSession], tagger: Tagger, *, raw: bool
) -> list[Result]:
    """Analyse sessions from words and names alone."""
    found = []
    for session in sessions:
        gold = as_raw(session.transcript) if raw else session.transcript
        tagged = tagger.tag(find_facilitator(untagged(gold), load_facilitation()))
        found.append(Result(session, raw, gold, tagged, tuple(projected(gold, tagged))))
    return found


def labels(segments: Sequence[Segment]) -> list[str]:
    """The labels of segments."""
    return [str(s.label) for s in segments]


def kinds(segments: Sequence[Segment]) -> list[str]:
    """The kinds of segments."""
    return [str(s.kind) for s in segments]


def untagged(transcript: Transcript) -> Transcript:
    """The words and names alone, as captions would give them: one segment a turn, no roles."""
    speakers = tuple(replace(s, role=None) for s in transcript.speakers)
    turns = (
        replace(t, segments=(Segment(t.words),), phase=None, cycle=0) for t in transcript.turns
    )
    return replace(transcript, speakers=speakers).with_turns(turns)


def question_mark_rule(segments: Sequence[Segment]) -> list[str]:
    """The peer: what ends in "?" is a question, all else is not."""
    return ["question" if s.text.rstrip("\"'”’ ").endswith("?") else "other" for s in segments]


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    name: str
    figures: tuple[str, ...]


SESSION_COLUMNS = (
    "", "question F1", "advice F1", "disguised F1", "kinds macro F1", "purpose accuracy",
    "cuts F1", "phase and cycle", "facilitator",
)  # fmt: skip


def session_rows(name: str, results: Sequence[Result]) -> Iterator[Row]:
    """The tagger and the "?" rule on the same sessions."""
    gold = [s for r in results for s in r.gold.segments]
    tagged = [s for r in results for s in r.matched]
    cuts = [boundary_f1(r.gold, r.tagged) for r in results]
    yield Row(
        f"als-nlp, {name}",
        (
            _with_interval(gold, tagged, results, "question"),
            _with_interval(gold, tagged, results, "advice"),
            f"{score(kinds(gold), kinds(tagged), 'disguised').f1:.2f}",
            f"{macro_f1(kinds(gold), kinds(tagged)):.2f}",
            f"{purpose_accuracy(gold, tagged):.2f}",
            f"{np.mean(cuts):.2f}",
            f"{np.mean([r.phases for r in results]):.2f}",
            f"{sum(r.facilitator for r in results)} of {len(results)}",
        ),
    )
    rule = score(labels(gold), question_mark_rule(gold), "question").f1
    yield Row(f"“?” rule, {name}", (f"{rule:.2f}", "0.00", "0.00", *["–"] * 5))


def _with_interval(
    gold: Sequence[Segment], tagged: Sequence[Segment], results: Sequence[Result], label: str
) -> str:
    low, high = interval([r.f1(label) for r in results])
    return f"{score(labels(gold), labels(tagged), label).f1:.2f} ({low:.2f}–{high:.2f})"


def purpose_accuracy(gold: Sequence[Segment], tagged: Sequence[Segment]) -> float:
    """Of the questions that were seen as such, the share with the right purpose."""
    both = [
        (g.purpose, t.purpose)
        for g, t in zip(gold, tagged, strict=True)
        if g.label == "question" == t.label
    ]
    return accuracy([g for g, _ in both], [t for _, t in both])


def kind_rows(results: Sequence[Result]) -> Iterator[Row]:
    """Precision, recall, F1 and number of each label and kind."""
    gold = [s for r in results for s in r.gold.segments]
    tagged = [s for r in results for s in r.matched]
    for name, read in (*((n, labels) for n in LABELS), *((n, kinds) for n in KINDS)):
        found = score(read(gold), read(tagged), name)
        figures = (found.precision, found.recall, found.f1)
        yield Row(name, (*(f"{figure:.2f}" for figure in figures), str(found.support)))


@dataclass(frozen=True)
class Bin:
    """Segments whose label was given about the same probability: mean of that, share right."""

    said: float
    right: float
    count: int


def reliability(results: Sequence[Result], bins: int = 10) -> list[Bin]:
    """The bins of a reliability diagram, by equal steps of probability; empty ones left out."""
    gold = [s.label for r in results for s in r.gold.segments]
    tagged = [s for r in results for s in r.matched]
    said = np.asarray([s.probability for s in tagged])
    right = np.asarray([g == t.label for g, t in zip(gold, tagged, strict=True)])
    where = np.minimum((said * bins).astype(int), bins - 1)
    return [
        Bin(float(said[here].mean()), float(right[here].mean()), int(here.sum()))
        for number in range(bins)
        if (here := where == number).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: mean gap between what is said and what is right."""
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.said - b.right) for b in bins) / total


SIMULATED = 60
"""Sessions made from the turns of each unseen one."""


def coverage(results: Sequence[Result], tagger: Tagger, *, seed: int = 1) -> dict[str, list[bool]]:
    """Whether 90 % intervals hold the true figure, in sessions simulated from unseen ones.

    Each simulated session draws as many turns from one unseen session as it has, with replacement:
    it is as hard as that session is, but has other counts.
    """
    random = np.random.default_rng(seed)
    held: dict[str, list[bool]] = {name: [] for name in _FIGURES}
    for result in results:
        model = tagger.count_model(result.gold)
        true, said = _counts_by_turn(result.gold), _counts_by_turn(result.tagged)
        for _ in range(SIMULATED):
            drawn = random.integers(0, len(true), len(true))
            for name, is_held in _held(true[drawn].sum(axis=0), said[drawn].sum(axis=0), model):
                held[name].append(is_held)
    return held


def _counts_by_turn(transcript: Transcript) -> Table:
    return np.asarray([counts([k for s in t.segments if (k := s.kind)]) for t in transcript.turns])


_Figure = Callable[[Table], Table]


def _of(*groups: str) -> _Figure:
    columns = [GROUPS.index(group) for group in groups]
    return lambda table: np.asarray(table[..., columns].sum(axis=-1))


_FIGURES: dict[str, tuple[_Figure, _Figure | None]] = {
    "question count": (_of("open", "closed"), None),
    "advice count": (_of("direct", "disguised", "experience"), None),
    "inquiry balance": (
        _of("open", "closed", "reflection"),
        _of("open", "closed", "reflection", "direct", "disguised", "experience"),
    ),
}


def _held(true: Table, said: Table, model: CountModel) -> Iterator[tuple[str, bool]]:
    draws, value = model.draws(said.tolist()), model.adjusted(said.tolist())
    for name, (part, whole) in _FIGURES.items():
        if whole is None:
            right = float(part(true))
            found = summary(part(draws), float(part(value)), float(part(said)))
        else:
            if not float(whole(true)) or not float(whole(said)):
                continue
            right = float(part(true) / whole(true))
            found = _ratio(part, whole, draws, value)
        yield (
            name,
            round(found.low) <= right <= round(found.high)
            if whole is None
            else (found.low <= right <= found.high),
        )


def _ratio(part: _Figure, whole: _Figure, draws: Table, value: Table) -> Estimate:
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = part(draws) / whole(draws)
    return summary(drawn, float(part(value) / whole(value)), 0.0)


GROUPINGS: dict[str, Callable[[Result, str | None], str | None]] = {
    "trade": lambda r, _: f"{r.session.cohort}: {r.session.header['trade']}",
    "speech": lambda r, _: f"{r.session.cohort}: {r.session.header['speech']}",
    "speaker": lambda r, who: (
        "English as a second language"
        if r.session.transcript.speaker(who or "").name in r.session.second_language
        else "English as a first language"
    ),
    "recognition": lambda r, _: (
        "raw from the start"
        if r.session.header["captions"] == "raw"
        else "stripped of case and punctuation"
        if r.raw
        else "as written"
    ),
    "facilitation": lambda r, _: r.session.header["facilitation"],
    "role": lambda r, who: str(r.session.transcript.speaker(who or "").role),
}
"""What segments are grouped by: from a result and the speaker of a segment to a group's name."""


def group_rows(results: Sequence[Result], grouping: str) -> Iterator[Row]:
    """Segments, F1 of question and advice, and share of wrong labels, for each group."""
    of = GROUPINGS[grouping]
    found: dict[str, list[tuple[Segment, Segment]]] = {}
    for result in results:
        matched = iter(result.matched)
        for turn in result.gold.turns:
            name = of(result, turn.speaker)
            for piece in turn.segments:
                found.setdefault(str(name), []).append((piece, next(matched)))
    for name in sorted(found):
        gold, tagged = labels([g for g, _ in found[name]]), labels([t for _, t in found[name]])
        wrong = [g != t for g, t in zip(gold, tagged, strict=True)]
        low, high = interval([float(w) for w in wrong])
        yield Row(
            name,
            (
                str(len(gold)),
                f"{score(gold, tagged, 'question').f1:.2f}",
                f"{score(gold, tagged, 'advice').f1:.2f}",
                f"{np.mean(wrong):.3f} ({low:.3f}–{high:.3f})",
            ),
        )


PUBLIC = (("icsi_mrda", "question"), ("ami", "question"), ("advice_needadvice", "advice"))


def public_rows(public: Path, tagger: Tagger, split: str = "test") -> Iterator[Row]:
    """F1 on all rows of public corpora, their own segmentation given, beside the "?" rule."""
    for corpus, label in PUBLIC:
        dialogues = load_public(public, corpus, split)
        figures = []
        for raw in (False, True):
            gold: list[str] = []
            guess: list[str] = []
            rule: list[str] = []
            for dialogue in dialogues:
                given = as_raw(dialogue.transcript) if raw else dialogue.transcript
                kept = [
                    not raw or any(plain(w.text) for w in s.words)
                    for s in dialogue.transcript.segments
                ]
                gold += [x for x, keep in zip(dialogue.labels, kept, strict=True) if keep]
                guess += labels(tagger.code(given).segments)
                rule += question_mark_rule(given.segments)
            for said in (guess, rule):
                figures.append(f"{score(gold, said, label).f1:.2f}")
        yield Row(f"{corpus}.{split}, {label}", tuple(figures))


def confusion(results: Sequence[Result]) -> dict[tuple[Kind, Kind], int]:
    """How often each gold kind was tagged as each kind."""
    table: dict[tuple[Kind, Kind], int] = {}
    for result in results:
        for gold, tagged in zip(result.gold.segments, result.matched, strict=True):
            if gold.kind and tagged.kind:
                pair = (gold.kind, tagged.kind)
                table[pair] = table.get(pair, 0) + 1
    return table

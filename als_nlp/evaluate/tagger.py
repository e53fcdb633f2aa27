"""How good the tagger is: on unseen annotated sessions, on public corpora, against the "?" rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from als_nlp.corpus import AnnotatedSession
from als_nlp.evaluate.scores import accuracy, boundary_f1, interval, macro_f1, projected, score
from als_nlp.measures.inquiry import inquiry
from als_nlp.measures.uncertainty import CountModel
from als_nlp.models.facilitator import find_facilitator
from als_nlp.models.phases import find_phases
from als_nlp.models.public import load_public
from als_nlp.models.tagger import Tagger, load_part, load_tagger
from als_nlp.models.train import as_raw
from als_nlp.transcript import KINDS, LABELS, Segment, Transcript

EXACT = CountModel(np.array([np.eye(7) * 1e6]), np.full((1, 7), 1e6))


@dataclass(frozen=True)
class SessionResult:
    """Gold and tagged segments of one session, and what follows from them."""

    name: str
    gold: tuple[Segment, ...]
    tagged: tuple[Segment, ...]
    boundary: float
    phases: float
    """Share of turns with the right phase and cycle."""
    facilitator: bool
    coverage: dict[str, bool]
    """Whether the 90 % interval of each count holds the gold count."""

    def f1(self, label: str) -> float:
        """F1 of a label in this session."""
        return score(labels(self.gold), labels(self.tagged), label).f1


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


def evaluate_session(session: AnnotatedSession, tagger: Tagger, *, raw: bool) -> SessionResult:
    """Analyse one session from words and names alone and hold it against its codes."""
    gold = as_raw(session.transcript) if raw else session.transcript
    named = find_facilitator(untagged(gold), load_part("facilitator"))
    tagged = find_phases(tagger.tag(named), load_part("phases"))
    truth, found = inquiry(gold, EXACT), inquiry(tagged, tagger.count_model(tagged))
    covered = {
        "questions": found.questions.low <= truth.questions.counted <= found.questions.high,
        "advice": found.advice.low <= truth.advice.counted <= found.advice.high,
    }
    if truth.balance and found.balance:
        covered["balance"] = found.balance.low <= truth.balance.counted <= found.balance.high
    same = [
        (a.phase, a.cycle) == (b.phase, b.cycle)
        for a, b in zip(gold.turns, tagged.turns, strict=True)
    ]
    return SessionResult(
        name=session.name,
        gold=gold.segments,
        tagged=tuple(projected(gold, tagged)),
        boundary=boundary_f1(gold, tagged),
        phases=float(np.mean(same)),
        facilitator=tagged.facilitator == gold.facilitator,
        coverage=covered,
    )


def question_mark_rule(segments: Sequence[Segment]) -> list[str]:
    """The peer: what ends in "?" is a question, all else is not."""
    return ["question" if s.text.rstrip("\"'”’ ").endswith("?") else "other" for s in segments]


@dataclass(frozen=True)
class Row:
    """One line of the table: who tagged, and F1 with its interval over sessions where there are."""

    name: str
    figures: tuple[str, ...]


def session_table(sessions: Sequence[AnnotatedSession]) -> list[Row]:
    """The table for annotated sessions: tagger and "?" rule, as written and without punctuation."""
    tagger = load_tagger()
    rows = []
    for raw in (False, True):
        results = [evaluate_session(s, tagger, raw=raw) for s in sessions]
        gold = [s for r in results for s in r.gold]
        tagged = [s for r in results for s in r.tagged]
        text = "no case, no punctuation" if raw else "as written"
        rule = question_mark_rule(gold)
        rows.append(
            Row(
                f"als-nlp, {text}",
                (
                    _with_interval(gold, tagged, results, "question"),
                    _with_interval(gold, tagged, results, "advice"),
                    f"{score(kinds(gold), kinds(tagged), 'disguised').f1:.2f}",
                    f"{macro_f1(kinds(gold), kinds(tagged)):.2f}",
                    f"{_purpose_accuracy(gold, tagged):.2f}",
                    f"{np.mean([r.boundary for r in results]):.2f}",
                    f"{np.mean([r.phases for r in results]):.2f}",
                    f"{sum(r.facilitator for r in results)} of {len(results)}",
                ),
            )
        )
        question = score(labels(gold), rule, "question").f1
        rows.append(
            Row(f"“?” rule, {text}", (f"{question:.2f}", "0.00", "0.00", "–", "–", "–", "–", "–"))
        )
    return rows


SESSION_COLUMNS = (
    "", "question F1", "advice F1", "disguised F1", "kinds macro F1", "purpose accuracy",
    "cuts F1", "phase and cycle", "facilitator",
)  # fmt: skip


def _with_interval(
    gold: Sequence[Segment], tagged: Sequence[Segment], results: Sequence[SessionResult], label: str
) -> str:
    low, high = interval([r.f1(label) for r in results])
    return f"{score(labels(gold), labels(tagged), label).f1:.2f} ({low:.2f}–{high:.2f})"


def _purpose_accuracy(gold: Sequence[Segment], tagged: Sequence[Segment]) -> float:
    """Of the questions that were seen as such, the share with the right purpose."""
    both = [
        (g.purpose, t.purpose)
        for g, t in zip(gold, tagged, strict=True)
        if g.label == "question" == t.label
    ]
    return accuracy([g for g, _ in both], [t for _, t in both])


def kind_table(sessions: Sequence[AnnotatedSession]) -> list[Row]:
    """Precision, recall, F1 and number of each label and kind, as written."""
    tagger = load_tagger()
    results = [evaluate_session(s, tagger, raw=False) for s in sessions]
    gold = [s for r in results for s in r.gold]
    tagged = [s for r in results for s in r.tagged]
    rows = []
    for name, read in (*((n, labels) for n in LABELS), *((n, kinds) for n in KINDS)):
        found = score(read(gold), read(tagged), name)
        rows.append(
            Row(
                name,
                (f"{found.precision:.2f}", f"{found.recall:.2f}", f"{found.f1:.2f}",
                 str(found.support)),
            )
        )  # fmt: skip
    return rows


def coverage_table(sessions: Sequence[AnnotatedSession]) -> list[Row]:
    """How often the 90 % intervals hold the true count, as written and without punctuation."""
    tagger = load_tagger()
    results = [evaluate_session(s, tagger, raw=raw) for s in sessions for raw in (False, True)]
    rows = []
    for what in ("questions", "advice", "balance"):
        held = [r.coverage[what] for r in results if what in r.coverage]
        rows.append(Row(what, (f"{sum(held)} of {len(held)}",)))
    return rows


def public_table(public: Path) -> list[Row]:
    """F1 on the test rows of the public corpora, all rows, their own segmentation given."""
    tagger = load_tagger()
    rows = []
    for corpus, label in (
        ("icsi_mrda", "question"),
        ("ami", "question"),
        ("advice_needadvice", "advice"),
    ):
        dialogues = load_public(public, corpus, "test")
        figures = []
        for raw in (False, True):
            gold: list[str] = []
            guess: list[str] = []
            rule: list[str] = []
            for dialogue in dialogues:
                given = as_raw(dialogue.transcript) if raw else dialogue.transcript
                kept = _kept(dialogue.transcript) if raw else [True] * len(dialogue.labels)
                gold += [x for x, keep in zip(dialogue.labels, kept, strict=True) if keep]
                guess += labels(tagger.code(given).segments)
                rule += question_mark_rule(given.segments)
            figures += [
                f"{score(gold, guess, label).f1:.2f}",
                f"{score(gold, rule, label).f1:.2f}",
            ]
        rows.append(Row(f"{corpus}.test, {label}", tuple(figures)))
    return rows


def _kept(transcript: Transcript) -> list[bool]:
    """Which segments have words left without punctuation."""
    return [bool(as_raw_text(s)) for s in transcript.segments]


def as_raw_text(segment: Segment) -> str:
    """The text without case and punctuation, as ``as_raw`` leaves it."""
    from als_nlp.transcript import Source, Speaker, Turn

    one = Transcript(Source("", ""), (Speaker("S1"),), (Turn("S1", (segment,)),))
    return " ".join(turn.text for turn in as_raw(one).turns)

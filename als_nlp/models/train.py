"""Remake the tagger and what goes with it from annotated sessions and public corpora.

Every figure that is kept comes from sessions that the model in question had not seen: the second
look and the confusions learn from out-of-fold codes, folds being whole cohorts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from als_nlp import corpus
from als_nlp.corpus import AnnotatedSession
from als_nlp.errors import CorpusError
from als_nlp.measures.uncertainty import GROUP_OF, GROUPS, counts
from als_nlp.models import facilitator, phases, segmenting
from als_nlp.models.bundled import WEIGHTS, write_sums
from als_nlp.models.features import session_features
from als_nlp.models.fitting import Task, as_targets, fit_head, fit_model, stack
from als_nlp.models.linear import Head, LinearModel
from als_nlp.models.public import ADVICE, load_public, training_files
from als_nlp.models.tagger import (
    KINDS_OF,
    Rows,
    Tagger,
    first_look,
    second_look_inputs,
)
from als_nlp.transcript import KINDS, LABELS, PHASES, PURPOSES, Kind, Segment, Transcript, Word

NAME = "light-1"
PUBLIC_WEIGHT = 0.1
"""Of a public row against one of a set: they must not drown the sets."""
PUBLIC_OTHERS = 8
"""One in so many of the public rows that are neither question nor advice is used."""
FOLDS = 4

Report = Callable[[str], None]


def read_splits(folder: Path) -> dict[str, list[AnnotatedSession]]:
    """The sessions of ``train``, ``dev`` and ``test``, as ``splits.toml`` in the folder says.

    Raises:
        CorpusError: if a cohort is in no split or in two.
    """
    splits = tomllib.loads((folder / "splits.toml").read_text(encoding="utf-8"))
    where: dict[str, str] = {}
    for split, cohorts in splits.items():
        for cohort in cohorts:
            if cohort in where:
                raise CorpusError(f"splits.toml puts {cohort} in {where[cohort]} and in {split}.")
            where[cohort] = split
    out: dict[str, list[AnnotatedSession]] = {split: [] for split in splits}
    for session in corpus.load_all(folder):
        if session.cohort not in where:
            raise CorpusError(f"splits.toml does not say where {session.cohort} belongs.")
        out[where[session.cohort]].append(session)
    return out


def as_raw(transcript: Transcript) -> Transcript:
    """The transcript as speech recognition would write it: no letter case, no punctuation."""
    turns = []
    for turn in transcript.turns:
        segments = []
        for piece in turn.segments:
            words = tuple(
                Word(text, word.start, word.end)
                for word in piece.words
                if (text := word.text.lower().replace("’", "'").strip(".,!?;:…-–—\"'“”()[]"))
            )
            if words:
                segments.append(replace(piece, words=words))
        if segments:
            turns.append(replace(turn, segments=tuple(segments)))
    return transcript.with_turns(turns)


def train(sessions: Path, public: Path | None, out: Path = WEIGHTS, report: Report = print) -> None:
    """Train all parts on the ``train`` split and write them to ``out``.

    Args:
        sessions: a folder of annotated sessions with ``splits.toml``.
        public: a folder of public corpora, or ``None`` to do without.
        report: is told in a sentence what is being done.
    """
    splits = read_splits(sessions)
    taught = splits["train"]
    report(f"Training on {len(taught)} sessions; tuning on {len(splits['dev'])}.")
    boundaries = fit_boundaries(taught, splits["dev"])
    report("Segmentation is trained.")
    material = PublicMaterial(public)
    tagger, coded = fit_tagger(taught, boundaries, material, report)
    for part in ("first", "second", "boundaries"):
        cast(LinearModel, getattr(tagger, part)).save(out / f"{part}.npz")
    report("Tagger is trained.")
    fit_facilitator(taught).save(out / "facilitator.npz")
    fit_phases(coded).save(out / "phases.npz")
    write_sums(out)
    report("Facilitator and phases are trained.")


class PublicMaterial:
    """Features and labels of the public rows that teach; empty without a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.features: list[list[str]] = []
        self.labels: list[str] = []
        self.weights: list[float] = []
        others = 0
        for name, split in training_files(folder) if folder else ():
            for dialogue in load_public(cast(Path, folder), name, split):
                features = session_features(dialogue.transcript)
                for row, label, strict in zip(
                    features, dialogue.labels, dialogue.strict, strict=True
                ):
                    # what ends in "?" counts as a question in the advice sets: no use as a teacher
                    if not strict or (name in ADVICE and label == "question"):
                        continue
                    others += label == "other"
                    if label != "other" or others % PUBLIC_OTHERS == 0:
                        self.features.append(row)
                        self.labels.append(label)
                        self.weights.append(PUBLIC_WEIGHT)


def fit_boundaries(
    taught: Sequence[AnnotatedSession], tuned: Sequence[AnnotatedSession]
) -> LinearModel:
    """The segmenters for punctuated and raw text, each with the threshold best on ``tuned``."""
    features, targets, styles = _gaps([v for s in taught for v in _versions(s)])
    tasks = {
        head: Task(
            ("no", "yes"),
            [t if s == head else None for t, s in zip(targets, styles, strict=True)],
            [1.0] * len(targets),
            strength=3.0,
        )
        for head in ("punctuated", "raw")
    }
    model = fit_model(features, tasks, card={})
    features, targets, styles = _gaps([v for s in tuned for v in _versions(s)])
    truth = np.array([t == "yes" for t in targets])
    thresholds, reached = {}, {}
    for head in tasks:
        here = np.array([s == head for s in styles])
        chances = model.probabilities(head, model.encode(features))[:, 1]
        scored = {t: f1(truth[here], chances[here] >= t) for t in np.arange(0.2, 0.8, 0.02)}
        best = max(scored, key=lambda t: scored[t])
        thresholds[head], reached[head] = float(best), scored[best]
    return replace(model, card={"name": NAME, "thresholds": thresholds, "dev_f1": reached})


def f1(truth: Any, guess: Any) -> float:
    """F1 of two boolean arrays."""
    hits = float((truth & guess).sum())
    return 2 * hits / max(1.0, float(truth.sum() + guess.sum()))


def fit_tagger(
    taught: Sequence[AnnotatedSession],
    boundaries: LinearModel,
    public: PublicMaterial,
    report: Report,
) -> tuple[Tagger, list[Transcript]]:
    """The tagger, and the taught sessions coded by models that had not seen them."""
    versions = [(s.cohort, v) for s in taught for v in _versions(s)]
    features = [session_features(v) for _, v in versions]
    folds = _folds([cohort for cohort, _ in versions])
    looks: list[Rows] = [np.empty(0)] * len(versions)
    recut = [segmenting.segment(v, boundaries) for _, v in versions]
    recut_inputs: list[Rows] = [np.empty(0)] * len(versions)
    for number, held in enumerate(folds, start=1):
        kept = [i for i in range(len(versions)) if i not in held]
        model = fit_first([versions[i][1] for i in kept], [features[i] for i in kept], public)
        for i in held:
            looks[i] = first_look(model, model.encode(features[i]))
            own_cuts = first_look(model, model.encode(session_features(recut[i])))
            recut_inputs[i] = second_look_inputs(own_cuts, recut[i])
        report(f"First look: fold {number} of {len(folds)}.")
    first = fit_first([v for _, v in versions], features, public)
    inputs = [second_look_inputs(look, v) for look, (_, v) in zip(looks, versions, strict=True)]
    gold = [[cast(Kind, s.kind) for s in v.segments] for _, v in versions]
    measured, coded = [], []
    for held in folds:
        kept = [i for i in range(len(versions)) if i not in held]
        blind = fit_second([inputs[i] for i in kept], [gold[i] for i in kept])
        for i in held:
            kinds = _decided(blind, inputs[i])
            measured.append(
                {
                    "session": versions[i][1].source.file,
                    "style": segmenting.style(versions[i][1]),
                    "confusion": _confusion(gold[i], kinds).tolist(),
                    "counted": counts(_decided(blind, recut_inputs[i])),
                }
            )
            coded.append(_with_kinds(versions[i][1], kinds))
    card = {
        "name": NAME,
        "sessions": sorted(s.name for s in taught),
        "public_rows": len(public.labels),
        "measured": measured,
    }
    second = LinearModel({}, {"kind": fit_second(inputs, gold)}, card)
    return Tagger(first, second, boundaries), coded


def fit_first(
    versions: Sequence[Transcript], features: Sequence[list[list[str]]], public: PublicMaterial
) -> LinearModel:
    """The first look: heads for label, for the kinds within each label, and for purpose."""
    rows = [row for session in features for row in session]
    segments = [s for v in versions for s in v.segments]
    weights = [1.0] * len(segments)
    kinds = [str(s.kind) for s in segments]
    nothing: list[str | None] = [None] * len(public.labels)
    every = weights + public.weights
    tasks = {
        "label": Task(LABELS, [*(str(s.label) for s in segments), *public.labels], every, 10.0)
    }
    for label in LABELS:
        within = tuple(KINDS_OF[label])
        tasks[label] = Task(within, as_targets(kinds, within) + nothing, every, 10.0)
    purposes = as_targets([s.purpose for s in segments], PURPOSES)
    tasks["purpose"] = Task(PURPOSES, purposes + nothing, every, 10.0)
    return fit_model([*rows, *public.features], tasks, card={"name": NAME})


def fit_second(inputs: Sequence[Rows], gold: Sequence[Sequence[Kind]]) -> Head:
    """The second look: one head over the first look's opinions."""
    targets: list[str | None] = [kind for session in gold for kind in session]
    task = Task(KINDS, targets, [1.0] * len(targets), 0.02)
    return fit_head(stack(inputs), task)


def fit_facilitator(taught: Sequence[AnnotatedSession]) -> LinearModel:
    """Which turns a facilitator says."""
    features: list[list[str]] = []
    targets: list[str | None] = []
    for session in taught:
        for version in _versions(session):
            features.extend(facilitator.turn_features(version))
            lead = version.facilitator
            targets.extend("yes" if t.speaker == lead else "no" for t in version.turns)
    task = Task(("no", "yes"), targets, [1.0] * len(targets), strength=3.0)
    card = {"name": NAME, "margin": 1.2, "floor": -0.8}
    return fit_model(features, {"facilitates": task}, card=card)


def fit_phases(coded: Sequence[Transcript]) -> LinearModel:
    """What each phase looks like, from sessions coded as the tagger codes unseen ones.

    Each is shown a second time as if nobody knew who facilitates, which happens.
    """
    coded = [*coded, *(_without_roles(version) for version in coded)]
    features = [row for v in coded for row in phases.turn_features(v)]
    looks: list[str | None] = [str(t.phase) for v in coded for t in v.turns]
    begins: list[str | None] = []
    for version in coded:
        previous = None
        for turn in version.turns:
            here = (turn.phase, turn.cycle)
            begins.append(str(turn.phase) if previous not in (None, here) else "none")
            previous = here
    every = [1.0] * len(looks)
    tasks = {
        "phase": Task(PHASES, looks, every, strength=2.0),
        "begins": Task((*PHASES, "none"), begins, every, strength=10.0),
    }
    habits = {
        "lengths": {phase: _share(coded, phase) for phase in PHASES},
        "cycles": [-8.0, 0.0, -10.0, -16.0],
        "missing": -8.0,
        "turns": 0.15,
        "begins": 0.7,
    }
    card = {"name": NAME, "habits": habits, "poorest_beginnings": -2.6}
    return fit_model(features, tasks, card=card)


def _without_roles(transcript: Transcript) -> Transcript:
    speakers = tuple(replace(s, role=None) for s in transcript.speakers)
    return replace(transcript, speakers=speakers)


def _share(coded: Sequence[Transcript], phase: str) -> tuple[float, float]:
    """Mean and deviation of the log share of words of one phase of one cycle."""
    shares = []
    for version in coded:
        total = sum(len(t.words) for t in version.turns)
        for cycle in {t.cycle for t in version.turns if t.phase == phase}:
            inside = [t for t in version.turns if (t.phase, t.cycle) == (phase, cycle)]
            shares.append(np.log(sum(len(t.words) for t in inside) / total))
    # no narrower than what a handful of sessions can tell
    return float(np.mean(shares)), max(0.35, float(np.std(shares)))


def _versions(session: AnnotatedSession) -> list[Transcript]:
    """A session as it is, and without case and punctuation if it has them."""
    if session.header["captions"] == "raw":
        return [session.transcript]
    return [session.transcript, as_raw(session.transcript)]


def _folds(cohorts: Sequence[str]) -> list[set[int]]:
    """Indices held out together: whole cohorts, dealt out to ``FOLDS`` folds."""
    names = sorted(dict.fromkeys(cohorts))
    dealt = [set(names[fold::FOLDS]) for fold in range(min(FOLDS, len(names)))]
    return [{i for i, cohort in enumerate(cohorts) if cohort in fold} for fold in dealt]


def _gaps(
    versions: Sequence[Transcript],
) -> tuple[list[list[str]], list[str | None], list[str]]:
    """Features of every gap, whether a segment ends there, and the style of its transcript."""
    features: list[list[str]] = []
    targets: list[str | None] = []
    styles: list[str] = []
    for version in versions:
        style = segmenting.style(version)
        for turn in version.turns:
            words = turn.words
            position = -1
            for piece in turn.segments:
                for since in range(1, len(piece.words) + 1):
                    position += 1
                    if position < len(words) - 1:
                        features.append(segmenting.gap_features(words, position, since))
                        targets.append("yes" if since == len(piece.words) else "no")
                        styles.append(style)
    return features, targets, styles


def _decided(second: Head, inputs: Rows) -> list[Kind]:
    return [KINDS[best] for best in (inputs @ second.weights + second.bias).argmax(axis=1)]


def _with_kinds(transcript: Transcript, kinds: Sequence[Kind]) -> Transcript:
    coded = iter(kinds)
    return transcript.with_turns(
        replace(turn, segments=tuple(_recoded(s, next(coded)) for s in turn.segments))
        for turn in transcript.turns
    )


def _recoded(segment: Segment, kind: Kind) -> Segment:
    return replace(segment, kind=kind, purpose=None)


def _confusion(gold: Sequence[Kind], tagged: Sequence[Kind]) -> Any:
    table = np.zeros((len(GROUPS), len(GROUPS)), dtype=int)
    for g, t in zip(gold, tagged, strict=True):
        table[GROUPS.index(GROUP_OF[g]), GROUPS.index(GROUP_OF[t])] += 1
    return table

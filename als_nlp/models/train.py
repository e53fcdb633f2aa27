"""Remake the tagger and what goes with it from annotated sessions and public corpora.

First a network learns from public talk alone, then from the sessions of the ``train`` cohorts with
public talk beside them. Thresholds and temperature are set on the ``dev`` cohorts, which it has not
seen; its errors are measured there, too, so that counts can be put right. The ``test`` cohorts are
not touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

import numpy as np

from als_nlp import corpus
from als_nlp.corpus import AnnotatedSession
from als_nlp.evaluate.scores import boundary_f1
from als_nlp.files import write_whole
from als_nlp.measures.uncertainty import GROUP_OF, GROUPS, counts
from als_nlp.models import facilitator
from als_nlp.models.bundled import WEIGHTS, write_sums
from als_nlp.models.encoder import Encoder, load_encoder
from als_nlp.models.fitting import Task, fit_model
from als_nlp.models.lessons import public_lessons, session_lesson
from als_nlp.models.linear import LinearModel
from als_nlp.models.scores import Scores
from als_nlp.models.splits import read_splits
from als_nlp.models.style import as_raw, style
from als_nlp.models.tagger import IN_LABEL, cut, decided_kinds, opinions
from als_nlp.models.tokens import Reader, Tokens
from als_nlp.transcript import LABELS, PHASES, Kind, Transcript

NAME: Final = "minilm-3"
CUT_AT: Final = np.arange(0.1, 0.75, 0.05)
TEMPERATURES: Final = np.arange(0.5, 2.01, 0.05)
WORK: Final = Path(".als-training")

Report = Callable[[str], None]


@dataclass(frozen=True)
class Version:
    """A session as it is or without case and punctuation, with what an encoder says of it."""

    session: AnnotatedSession
    transcript: Transcript
    tokens: Tokens
    scores: Scores

    @property
    def gold(self) -> list[Kind]:
        """The coder's kinds."""
        return [cast(Kind, s.kind) for s in self.transcript.segments]


def train(
    sessions: Path,
    public: Path | None,
    *,
    extend: Path | None = None,
    out: Path = WEIGHTS,
    work: Path = WORK,
    report: Report = print,
) -> None:
    """Train everything on the ``train`` split and write it to ``out``.

    Interrupted, it goes on from the last whole epoch when it is called again.

    Args:
        sessions: a folder of annotated sessions with ``splits.toml``.
        public: a folder of public corpora, or ``None`` to do without.
        extend: a folder of one's own annotated sessions, which are taught as well.
        work: a folder for checkpoints.
        report: is told in a sentence what is being done.

    Raises:
        CorpusError: if a session breaks the format or is in no split.
        ModelError: if the packages for training are missing.
    """
    from als_nlp.models import network
    from als_nlp.models.export import kept_pieces, write_encoder
    from als_nlp.models.teach import fit

    splits = read_splits(sessions)
    taught = [*splits["train"], *(corpus.load_all(extend) if extend else ())]
    material = list(public_lessons(public)) if public else []
    settings = network.Settings()
    source = network.trunk_folder() / "tokenizer.json"
    reader = Reader.load(source)
    report(
        f"Teaching on {len(taught)} sessions and {len(material)} public dialogues; "
        f"tuning on {len(splits['dev'])} sessions."
    )

    grounded = None
    if material:
        once = replace(settings, epochs=1, public=0)
        grounded = fit(material, [], reader, once, checkpoint=work / "public.pt", report=report)
    lessons = [session_lesson(s) for s in taught]
    final = fit(
        lessons, material, reader, settings,
        start=grounded, checkpoint=work / "final.pt", report=report,
    )  # fmt: skip
    vocabulary = json.loads(source.read_text(encoding="utf-8"))["model"]["vocab"]
    seen = {int(i) for lesson in [*lessons, *material] for i in reader.read(lesson.transcript).ids}
    write_encoder(final, source.read_text(encoding="utf-8"), kept_pieces(vocabulary, seen), out)
    load_encoder.cache_clear()
    tuned = versions(splits["dev"], load_encoder(out))
    thresholds = {written: best_threshold(tuned, written) for written in ("punctuated", "raw")}
    temperature = best_temperature(tuned)
    card = {
        "name": NAME,
        "made_by": "als train tagger",
        "trunk": network.TRUNK,
        "settings": asdict(settings),
        "sessions": sorted(s.name for s in taught),
        "synthetic": "All sessions are invented; none is a record of real people.",
        "public_rows": int(sum(len(m.targets) for m in material)),
        "tuned_on": sorted(s.name for s in splits["dev"]),
        "use": "Support a facilitator's own reflection on a whole session.",
        "not_for": "Appraising people, single segments taken as proof, or therapy.",
        "thresholds": thresholds,
        "temperature": temperature,
        "habits": habits(taught),
        "measured": [measured(v, thresholds, temperature) for v in tuned],
    }
    write_whole(out / "tagger.json", json.dumps(card, indent=1) + "\n")
    fit_facilitator(taught).save(out / "facilitator.npz")
    write_sums(out)
    report(f"The tagger is in {out}.")


def versions(sessions: Sequence[AnnotatedSession], encoder: Encoder) -> list[Version]:
    """Each session as it is, and without case and punctuation if it has them, read."""
    out = []
    for session in sessions:
        written = [session.transcript]
        if session.header["captions"] != "raw":
            written.append(as_raw(session.transcript))
        out += [Version(session, w, *encoder.read(w)) for w in written]
    return out


def best_threshold(tuned: Sequence[Version], written: str) -> float:
    """The probability from which on a segment ends, best for transcripts of one style."""
    here = [v for v in tuned if style(v.transcript) == written]

    def reached(threshold: float) -> float:
        return float(
            np.mean(
                [
                    boundary_f1(v.transcript, cut(v.transcript, v.tokens, v.scores, threshold))
                    for v in here
                ]
            )
        )

    return round(float(max(CUT_AT, key=reached)), 2)


def best_temperature(tuned: Sequence[Version]) -> float:
    """The temperature under which the true labels are likeliest (Guo et al. 2017)."""
    gold = [LABELS.index(s.label) for v in tuned for s in v.transcript.segments if s.label]

    def surprise(temperature: float) -> float:
        kinds = [opinions(v.transcript, v.tokens, v.scores, temperature)[0] for v in tuned]
        labels = np.concatenate(kinds) @ IN_LABEL
        return -float(np.log(labels[np.arange(len(gold)), gold] + 1e-9).mean())

    return round(float(min(TEMPERATURES, key=surprise)), 2)


def measured(version: Version, thresholds: dict[str, float], temperature: float) -> dict[str, Any]:
    """How codes of an unseen session go wrong: by segment (cuts given), and in its counts."""
    written = style(version.transcript)
    own = cut(version.transcript, version.tokens, version.scores, thresholds[written])
    table = np.zeros((len(GROUPS), len(GROUPS)), dtype=int)

    def kinds(transcript: Transcript) -> list[Kind]:
        found, _ = opinions(transcript, version.tokens, version.scores, temperature)
        return decided_kinds(found)

    for gold, found in zip(version.gold, kinds(version.transcript), strict=True):
        table[GROUPS.index(GROUP_OF[gold]), GROUPS.index(GROUP_OF[found])] += 1
    return {
        "session": version.session.name,
        "style": written,
        "confusion": table.tolist(),
        "counted": counts(kinds(own)),
    }


def habits(taught: Sequence[AnnotatedSession]) -> dict[str, Any]:
    """What courses of sessions are like; see ``phases.Habits``."""
    transcripts = [s.transcript for s in taught]
    return {
        "lengths": {phase: _share(transcripts, phase) for phase in PHASES},
        "cycles": [-8.0, 0.0, -10.0, -16.0],
        "missing": -8.0,
        "turns": 0.15,
        "begins": 1.0,
        "poorest": -1.5,
    }


def _share(transcripts: Sequence[Transcript], phase: str) -> tuple[float, float]:
    """Mean and deviation of the log share of words of one phase of one cycle."""
    shares = []
    for transcript in transcripts:
        total = sum(len(t.words) for t in transcript.turns)
        for cycle in {t.cycle for t in transcript.turns if t.phase == phase}:
            inside = [t for t in transcript.turns if (t.phase, t.cycle) == (phase, cycle)]
            shares.append(np.log(sum(len(t.words) for t in inside) / total))
    # no narrower than what some dozens of sessions can tell
    return round(float(np.mean(shares)), 4), round(max(0.35, float(np.std(shares))), 4)


def fit_facilitator(taught: Sequence[AnnotatedSession]) -> LinearModel:
    """Which turns a facilitator says."""
    features: list[list[str]] = []
    targets: list[str | None] = []
    for session in taught:
        written = [session.transcript]
        if session.header["captions"] != "raw":
            written.append(as_raw(session.transcript))
        for version in written:
            features.extend(facilitator.turn_features(version))
            lead = version.facilitator
            targets.extend("yes" if t.speaker == lead else "no" for t in version.turns)
    task = Task(("no", "yes"), targets, [1.0] * len(targets), strength=3.0)
    card = {"name": NAME, "margin": 1.2, "floor": -0.8}
    # with rarer features the file is five times as large and finds no more facilitators
    return fit_model(features, {"facilitates": task}, rarest=4, card=card)

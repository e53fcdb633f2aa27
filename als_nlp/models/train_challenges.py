"""Teach MiniLM what a challenge is about. Needs torch (extra ``train``).

Texts of one theme attract, others repel. On talk of any other kind the network is held to what
MiniLM said before (relational distillation, Park et al. 2019), so that it does not forget the rest
of the language.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from als_nlp.files import write_whole
from als_nlp.models.bundled import WEIGHTS, write_sums
from als_nlp.models.challenge_encoder import load_challenge_encoder, reader
from als_nlp.models.challenge_lessons import Lesson, batches, general_texts, session_lessons
from als_nlp.models.challenge_network import (
    LAYERS,
    WHOLE,
    ChallengeNetwork,
    ChallengeSettings,
    new_network,
    vectors_of,
)
from als_nlp.models.network import TRUNK
from als_nlp.models.pieces import Pieces, load_pieces
from als_nlp.models.splits import read_splits
from als_nlp.models.teach import Report, save_checkpoint
from als_nlp.models.train import WORK
from als_nlp.themes.known import Theme, bundled_themes, read_themes

NAME: Final = "challenges-4"
SHORTEN_BATCH: Final = 48
SHORTEN_RATE: Final = 2e-4
TAUGHT: Final = 0.85
"""How much of the weights is as taught, the rest as before; chosen on ``dev``."""


def contrast(vectors: Tensor, batch: Sequence[Lesson], temperature: float) -> Tensor:
    """Supervised contrastive loss: like themes attract, others repel (Khosla et al. 2020).

    Texts of one theme and one trade do neither: they are alike for more reasons than one.
    """
    themes, trades = (
        torch.tensor([names.index(name) for name in names])
        for names in ([x.theme for x in batch], [x.trade for x in batch])
    )
    same_theme = themes[:, None] == themes[None, :]
    ignored = same_theme & (trades[:, None] == trades[None, :])
    likeness = (vectors @ vectors.T / temperature).masked_fill(ignored, -1e9)
    chance = likeness - torch.logsumexp(likeness, dim=1, keepdim=True)
    positive = same_theme & ~ignored
    has = positive.any(1)
    return -((chance * positive).sum(1)[has] / positive.sum(1)[has]).mean()


def shorten(
    texts: Sequence[str],
    pieces: Pieces,
    tokenizer: Path,
    settings: ChallengeSettings,
    *,
    layers: int = LAYERS,
    checkpoint: Path | None = None,
    report: Report = print,
) -> ChallengeNetwork:
    """MiniLM with a layer less that says the same of texts of any kind (distillation)."""
    torch.manual_seed(settings.seed)
    pieces_of = reader(tokenizer)
    network, whole = new_network(pieces, layers), new_network(pieces, WHOLE).eval()
    made_from = sha256(repr((settings.seed, texts, layers)).encode()).hexdigest()
    if checkpoint and checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True)
        if kept["made_from"] == made_from:
            network.load_state_dict(kept["network"])
            return network
    optimiser = torch.optim.AdamW(
        [p for p in network.parameters() if p.requires_grad], lr=SHORTEN_RATE
    )
    random = np.random.default_rng(settings.seed)
    network.train()
    # texts of like length together waste no time on padding
    order = sorted(range(len(texts)), key=lambda i: (len(texts[i]) // 40, random.random()))
    batched = [order[i : i + SHORTEN_BATCH] for i in range(0, len(order), SHORTEN_BATCH)]
    random.shuffle(batched)
    losses: list[float] = []
    for number, batch in enumerate(batched):
        for group in optimiser.param_groups:
            done = number / len(batched)
            group["lr"] = SHORTEN_RATE * min(1.0, done / 0.05 + 0.05) * (1 - done)
        read = pieces_of([texts[i] for i in batch])
        with torch.no_grad():
            was = vectors_of(whole, read)
        now = vectors_of(network, read)
        loss = (1 - (was * now).sum(1)).mean() + ((now @ now.T - was @ was.T) ** 2).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
        if (number + 1) % 100 == 0 or number + 1 == len(batched):
            report(
                f"shorter: batch {number + 1} of {len(batched)}, loss {np.mean(losses[-100:]):.4f}."
            )
    if checkpoint:
        _save(checkpoint, network, optimiser, 1, made_from)
    return network


def teach(
    lessons: Sequence[Lesson],
    themes: Sequence[Theme],
    general: Sequence[str],
    pieces: Pieces,
    tokenizer: Path,
    settings: ChallengeSettings,
    *,
    start: ChallengeNetwork,
    checkpoint: Path | None = None,
    report: Report = print,
) -> ChallengeNetwork:
    """Teach a network, from ``checkpoint`` on if that was made from the same lessons and settings.

    Args:
        lessons: texts with theme and trade.
        themes: descriptions of those themes that have one.
        general: texts of any other kind.
        pieces: the shared word pieces.
        tokenizer: their ``tokenizer.json``.
        start: the network to begin from; it stays as it is.
    """
    torch.manual_seed(settings.seed)
    pieces_of = reader(tokenizer)
    network: ChallengeNetwork = copy.deepcopy(start)
    network.train()
    before = new_network(pieces, WHOLE).eval()
    first = next(start.parameters()).detach().numpy().tobytes()
    made_from = sha256(repr((settings, lessons, themes, general)).encode() + first).hexdigest()
    optimiser = torch.optim.AdamW(
        [p for p in network.parameters() if p.requires_grad],
        lr=settings.rate, weight_decay=settings.decay,
    )  # fmt: skip
    done = 0
    if checkpoint and checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True)
        if kept["made_from"] == made_from:
            network.load_state_dict(kept["network"])
            optimiser.load_state_dict(kept["optimiser"])
            done = int(kept["epochs"])
            report(f"challenges: going on after epoch {done}.")
    began = time.monotonic()
    for epoch in range(done, settings.epochs):
        random = np.random.default_rng([settings.seed, epoch])
        torch.manual_seed(settings.seed * 1000 + epoch)
        drawn = list(batches(lessons, themes, settings, random))
        losses = []
        for number, batch in enumerate(drawn):
            progress = (epoch + number / len(drawn)) / settings.epochs
            for group in optimiser.param_groups:
                group["lr"] = settings.rate * min(1.0, progress / 0.1 + 0.05) * (1 - progress)
            vectors = vectors_of(network, pieces_of([lesson.text for lesson in batch]))
            loss = contrast(vectors, batch, settings.temperature)
            if general and settings.keep:
                some = [general[i] for i in random.integers(len(general), size=settings.general)]
                read = pieces_of(some)
                with torch.no_grad():
                    was = vectors_of(before, read)
                now = vectors_of(network, read)
                loss = loss + settings.keep * ((now @ now.T - was @ was.T) ** 2).mean()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            losses.append(float(loss.detach()))
        left = (time.monotonic() - began) / (epoch + 1 - done) * (settings.epochs - epoch - 1)
        report(
            f"challenges: epoch {epoch + 1} of {settings.epochs}, loss {np.mean(losses):.3f}, "
            f"about {round(left / 60)} minutes left."
        )
        if checkpoint:
            _save(checkpoint, network, optimiser, epoch + 1, made_from)
    network.eval()
    return network


def blend(taught: ChallengeNetwork, start: ChallengeNetwork) -> None:
    """Mix some of the weights from before teaching back in (WiSE-FT, Wortsman et al. 2022).

    Themes that were never taught hold together better for it, at little cost to those that were.
    """
    before = dict(start.named_parameters())
    with torch.no_grad():
        for name, weight in taught.named_parameters():
            weight.lerp_(before[name], 1 - TAUGHT)


def _save(
    path: Path, network: nn.Module, optimiser: torch.optim.Optimizer, epochs: int, made_from: str
) -> None:
    state = {
        "network": network.state_dict(), "optimiser": optimiser.state_dict(),
        "epochs": epochs, "made_from": made_from,
    }  # fmt: skip
    save_checkpoint(path, state)


def train_challenges(
    folder: Path,
    sessions: Path,
    public: Path | None,
    *,
    out: Path = WEIGHTS,
    work: Path = WORK,
    report: Report = print,
) -> None:
    """Remake the bundled encoder of challenges from the ``train`` part of a corpus.

    Interrupted, it goes on from the last whole epoch when it is called again. The tagger must be
    there: the two share their word pieces.

    Args:
        folder: the corpus, with ``splits.toml`` and ``themes.toml`` for themes that are not
            bundled.
        sessions: annotated sessions with ``splits.toml``, whose challenges are taught as well.
        public: a folder of public corpora, for talk on which nothing should change.
        work: a folder for checkpoints.
        report: is told in a sentence what is being done.

    Raises:
        CorpusError: if the corpus breaks its format.
        ModelError: if the packages for training or the tagger are missing.
    """
    from als_nlp.models.export import write_network
    from als_nlp.themes.corpus import load_challenges, of_split

    coded = load_challenges(folder)
    lessons = [Lesson(c.trade, c.theme, c.text) for c in of_split(coded, "train")]
    ids = {lesson.theme for lesson in lessons}
    told_in_sets = session_lessons(read_splits(sessions)["train"])
    lessons += [lesson for lesson in told_in_sets if lesson.theme in ids]
    described = [*bundled_themes(), *read_themes(folder / "themes.toml")]
    settings = ChallengeSettings()
    general = general_texts(public) if public else []
    report(f"Teaching on {len(lessons)} texts of {len(ids)} themes.")
    pieces, tokenizer = load_pieces(out / "pieces.npz"), out / "tokenizer.json"
    start = new_network(pieces)
    if general:
        start = shorten(
            general, pieces, tokenizer, settings, checkpoint=work / "shorter.pt", report=report
        )
    network = teach(
        lessons,
        [t for t in described if t.id in ids],
        general,
        pieces,
        tokenizer,
        settings,
        start=start,
        checkpoint=work / "challenges.pt",
        report=report,
    )
    if general:
        blend(network, start)
    write_network(network, out / "challenges.onnx")
    load_challenge_encoder.cache_clear()
    card = {
        "name": NAME,
        "made_by": "als train challenges",
        "trunk": f"{TRUNK}, {LAYERS} of its layers",
        "settings": asdict(settings),
        "texts": len(lessons),
        "trades_and_cohorts": sorted({lesson.trade for lesson in lessons}),
        "themes": sorted(ids),
        "general_texts": len(general),
        "synthetic": "All challenges are invented; none is a record of real people.",
        "use": "Group anonymised challenges by what people struggle with.",
        "not_for": "Judging people, or any single challenge taken as proof.",
    }
    write_whole(out / "challenges.json", json.dumps(card, indent=1) + "\n")
    write_sums(out)
    report(f"The encoder of challenges is in {out}.")

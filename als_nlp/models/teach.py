"""Teach a network, epoch by epoch, from a checkpoint on if there is one."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from als_nlp.files import write_whole
from als_nlp.models.lessons import Lesson
from als_nlp.models.losses import loss_of
from als_nlp.models.network import Network, Settings, new_network
from als_nlp.models.tokens import Reader
from als_nlp.models.windows import Window, epoch_batches

Report = Callable[[str], None]
Batches = Callable[[Sequence[Lesson], Sequence[Lesson], Reader, Settings, int], list[list[Window]]]
"""Lessons, public talk, reader, settings and the number of an epoch to its batches."""


def fit(
    lessons: Sequence[Lesson],
    public: Sequence[Lesson],
    reader: Reader,
    settings: Settings,
    *,
    batches_of: Batches = epoch_batches,
    start: Network | None = None,
    checkpoint: Path | None = None,
    report: Report = print,
) -> Network:
    """Teach a network, from ``checkpoint`` on if that was made from the same lessons and settings.

    The same seed, lessons and machine give the same network, interrupted or not.

    Args:
        lessons: all of them are taught in every epoch.
        public: of these a draw is taught in every epoch, as much as ``settings`` says.
        batches_of: how lessons become the batches of an epoch.
        start: a network to begin from instead of MiniLM as it comes; it stays as it is.
    """
    torch.manual_seed(settings.seed)
    network = new_network()
    if start is not None:
        network.load_state_dict(start.state_dict())
    made_from = fingerprint([*lessons, *public], settings, network)
    trunk = [p for p in network.trunk.parameters() if p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not n.startswith("trunk.")]
    optimiser = torch.optim.AdamW(
        [{"params": trunk, "lr": settings.rate}, {"params": heads, "lr": settings.head_rate}],
        weight_decay=settings.decay,
    )
    rates = [group["lr"] for group in optimiser.param_groups]
    done = 0
    if checkpoint and checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True, map_location=network.device)
        if kept["made_from"] == made_from:
            network.load_state_dict(kept["network"])
            optimiser.load_state_dict(kept["optimiser"])
            done = int(kept["epochs"])
            report(f"{checkpoint.stem}: going on after epoch {done}.")
    name = checkpoint.stem if checkpoint else "network"
    began = told = time.monotonic()
    for epoch in range(done, settings.epochs):
        torch.manual_seed(settings.seed * 1000 + epoch)
        network.train()
        batches = batches_of(lessons, public, reader, settings, epoch)
        losses = []
        for number, batch in enumerate(batches):
            progress = (epoch + number / len(batches)) / settings.epochs
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * min(1.0, progress / 0.06 + 0.05) * (1 - progress)
            loss = loss_of(network, batch, settings)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            losses.append(float(loss.detach()))
            whole = epoch + (number + 1) / len(batches)
            if time.monotonic() - told >= 60 or number + 1 == len(batches):
                told = time.monotonic()
                left = (told - began) / (whole - done) * (settings.epochs - whole)
                report(
                    f"{name}: epoch {whole:.1f} of {settings.epochs}, "
                    f"loss {np.mean(losses[-100:]):.3f}, about {round(left / 60)} minutes left."
                )
        if checkpoint:
            save_checkpoint(
                checkpoint,
                {
                    "network": network.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "epochs": epoch + 1,
                    "made_from": made_from,
                },
            )
    network.eval()
    return network


def fingerprint(lessons: Sequence[Lesson], settings: Settings, start: Network) -> str:
    """Tells whether lessons, settings or the network to begin from have changed."""
    digest = sha256(repr(settings).encode())
    digest.update(start.hidden.weight.detach().cpu().numpy().tobytes())
    for lesson in lessons:
        digest.update(" ".join(s.text for s in lesson.transcript.segments).encode())
        digest.update(lesson.targets.tobytes() + lesson.purposes.tobytes())
    return digest.hexdigest()


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint, whole or not at all."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    write_whole(path, buffer.getvalue())

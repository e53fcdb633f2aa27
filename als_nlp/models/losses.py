"""What the network is taught by: the joint loss of a batch of windows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from als_nlp.models.lessons import NO_PURPOSE
from als_nlp.models.network import Network, Settings, half
from als_nlp.models.scores import COLUMNS, WIDTH
from als_nlp.models.tokens import Ids
from als_nlp.models.windows import UNKNOWN, Window
from als_nlp.transcript import KINDS, LABEL_OF, LABELS


def padded(rows: Sequence[Ids], value: int, longest: int = 0) -> Tensor:
    """Rows of unequal length as one (rows, longest) tensor."""
    out = np.full((len(rows), max(longest, *map(len, rows))), value, dtype=np.int64)
    for at, row in enumerate(rows):
        out[at, : len(row)] = row
    return torch.from_numpy(out)


def pooled(scores: Tensor, owner: Tensor, count: int) -> Tensor:
    """Scores of segments (count, WIDTH) from those of tokens; ``owner`` −1 belongs to none."""
    flat, who = scores.reshape(-1, WIDTH), owner.reshape(-1)
    inside = who >= 0
    flat, who = flat[inside], who[inside]
    weight = torch.exp(flat[:, COLUMNS["weight"]].clamp(-8, 8))
    total = flat.new_zeros(count, 1).index_add(0, who, weight)
    return flat.new_zeros(count, WIDTH).index_add(0, who, flat * weight) / total


def loss_of(network: Network, batch: Sequence[Window], settings: Settings) -> Tensor:
    """The joint loss of a batch of windows."""
    device = network.device
    ids = padded([w.ids for w in batch], 0).to(device)
    mask = padded([np.ones_like(w.ids) for w in batch], 0).to(device)
    with half(device):
        scores = network(ids, mask)
    # the losses themselves are small work: the CPU does it in full precision
    scores = scores.float().cpu()
    offsets = np.cumsum([0, *(len(w.rows) for w in batch)])
    owner = padded(
        [np.where(w.owner >= 0, w.owner + o, -1) for w, o in zip(batch, offsets, strict=False)], -1
    )
    total = scores.sum() * 0.0
    if count := int(offsets[-1]):
        total = total + _segment_loss(pooled(scores, owner, count), batch, settings)
    # forums are written text, cut by its full stops alone: nothing to learn from
    talk = [n for n, w in enumerate(batch) if w.lesson.known != "advice"]
    if talk:
        total = total + _course_loss(
            scores[talk], [batch[n] for n in talk], scores.shape[1], settings
        )
    return total


def _course_loss(
    scores: Tensor, batch: Sequence[Window], longest: int, settings: Settings
) -> Tensor:
    """Where segments end, which phase each turn belongs to and begins, what is personal data."""
    cut = padded([w.cuts for w in batch], UNKNOWN, longest)
    known = cut != UNKNOWN
    total = scores.sum() * 0.0
    if known.any():
        guess = scores[..., COLUMNS["cut"]].squeeze(-1)[known]
        right = cut[known].float()
        total = total + settings.cuts * nn.functional.binary_cross_entropy_with_logits(guess, right)
    for column, weight, targets in (
        ("phase", 0.2, [w.phase for w in batch]),
        ("begins", 0.2, [w.begins for w in batch]),
        ("personal", settings.personal, [w.personal for w in batch]),
    ):
        marks = padded(targets, UNKNOWN, longest)
        if (marks != UNKNOWN).any():
            guess = scores[..., COLUMNS[column]]
            total = total + weight * nn.functional.cross_entropy(
                guess.reshape(-1, guess.shape[-1]), marks.reshape(-1), ignore_index=UNKNOWN
            )
    return total


_IN_LABEL: Final = torch.tensor(
    [[float(LABEL_OF[kind] == label) for label in LABELS] for kind in KINDS]
)


def _segment_loss(segments: Tensor, batch: Sequence[Window], settings: Settings) -> Tensor:
    kinds = torch.log_softmax(segments[:, COLUMNS["kind"]], dim=-1)
    labels = (kinds.exp() @ _IN_LABEL).clamp(1e-6, 1 - 1e-6)
    begin, total, weight = 0, segments.sum() * 0.0, 0.0
    for window in batch:
        rows = slice(begin, begin + len(window.rows))
        begin += len(window.rows)
        if not window.rows:
            continue
        right = torch.from_numpy(window.lesson.targets[window.rows])
        weights = torch.from_numpy(window.lesson.weights[window.rows])
        if window.lesson.known == "kinds":
            smooth = (1 - settings.smoothing) * right + settings.smoothing / len(KINDS)
            own = -(smooth * kinds[rows]).sum(-1)
            own = own - 0.5 * ((right @ _IN_LABEL) * labels[rows].log()).sum(-1)
            purposes = torch.from_numpy(window.lesson.purposes[window.rows])
            if (purposes != NO_PURPOSE).any():
                guess = segments[rows][:, COLUMNS["purpose"]]
                total = total + settings.purpose * nn.functional.cross_entropy(
                    guess, purposes, ignore_index=NO_PURPOSE, reduction="sum", label_smoothing=0.05
                )
        else:
            chance = labels[rows][:, LABELS.index(window.lesson.known)]
            own = nn.functional.binary_cross_entropy(chance, right[:, 0], reduction="none")
        total = total + (own * weights).sum()
        weight += float(weights.sum())
    return total / max(weight, 1.0)

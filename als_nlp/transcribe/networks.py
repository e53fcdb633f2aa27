"""The two networks that tell voices apart, run by onnxruntime without PyTorch.

Their graphs (``graphs/``, made by ``graphs/make.py``) hold no weights: these are read from the
package that carries them and handed over in memory.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from als_nlp.errors import ModelError
from als_nlp.transcribe.memory import keep_memory
from als_nlp.transcribe.weights import assembled, tensors

Floats = NDArray[np.float32]
GRAPHS: Final = Path(__file__).parent / "graphs"


@cache
def voice_network() -> Callable[[Floats], Floats]:
    """CAM++: features of windows, shape (windows, 148, 80), to voiceprints, (windows, 192).

    Wang et al., *CAM++: A Fast and Efficient Network for Speaker Verification*, 2023.
    """
    return _network("campplus", "voices")


@cache
def segmentation_network() -> Callable[[Floats], Floats]:
    """Segmentation 3.0: sound, shape (chunks, 1, 160000), to log probabilities, (chunks, 589, 7).

    The seven are nobody, one of three voices, or two of them. Plaquet & Bredin, *Powerset
    multi-class cross entropy loss for neural speaker diarization*, 2023.
    """
    return _network("segmentation", "segmentation")


def _network(graph: str, weights: str) -> Callable[[Floats], Floats]:
    import onnxruntime as ort

    keep_memory()
    data, _ = assembled(weights)
    found = tensors(data)
    ort.set_default_logger_severity(4)
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1  # batches run side by side
    try:
        wanted = json.loads((GRAPHS / "names.json").read_text(encoding="utf-8"))[graph]
        arrays = {name: np.ascontiguousarray(found[name]) for name in wanted}
        listed = gzip.decompress((GRAPHS / f"{graph}.onnx.gz").read_bytes())
        options.add_external_initializers(
            list(arrays), [ort.OrtValue.ortvalue_from_numpy(a) for a in arrays.values()]
        )
        session: Any = ort.InferenceSession(listed, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's own errors have no common ancestor
        raise ModelError(f"The model '{weights}' does not fit: als models fetch voices.") from error
    name = session.get_inputs()[0].name

    def run(rows: Floats) -> Floats:
        # the arrays must outlive the session, which does not copy them
        _ = arrays
        return cast(Floats, session.run(None, {name: rows})[0])

    return run

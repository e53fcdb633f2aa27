"""A check-in spoken by seven voices (synthetic), heard once by the real models."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from als_nlp.transcribe import Recording, transcribe
from als_nlp.transcribe.audio import RATE, Samples, decode
from tests.conftest import ROOT

CLIP = ROOT / "corpora" / "recordings" / "willow-1-check-in.ogg"


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return transcribe([CLIP], tmp_path_factory.mktemp("work"), model="tiny.en")


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """The first twelve seconds of the clip."""
    return decode(CLIP, tmp_path_factory.mktemp("clip") / "clip.pcm").read(0, 12)


def write_sound(
    path: Path,
    samples: Samples,
    *,
    codec: str = "pcm_s16le",
    rate: int = RATE,
    layout: str = "mono",
    gaps: Sequence[float] = (),
) -> Path:
    """A recording as a phone or a meeting tool would save it; ``gaps`` are left in its clock."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=rate)
        whole = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
        clock = 0.0
        for number, begin in enumerate(range(0, len(whole), RATE)):
            block = whole[begin : begin + RATE].reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
            frame.sample_rate = RATE
            frame.time_base = Fraction(1, RATE)
            frame.pts = round(clock * RATE)
            clock += block.shape[1] / RATE + (gaps[number] if number < len(gaps) else 0.0)
            made = [frame] if gaps else resampler.resample(frame)
            for one in made:
                container.mux(stream.encode(one))
        if not gaps:
            for one in resampler.resample(None):
                container.mux(stream.encode(one))
        container.mux(stream.encode(None))
    return path

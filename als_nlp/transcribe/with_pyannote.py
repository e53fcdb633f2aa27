"""Voices told apart by pyannote.audio, for those who have it and a token for its models.

    pip install '.[pyannote]'

The models are downloaded once from the Hugging Face hub, where their conditions must be accepted;
the token is taken from ``HF_TOKEN``. The recording itself stays on this machine, and pyannote.audio
is told not to report its use before it is imported.
"""

from __future__ import annotations

import os
from typing import Final

from als_nlp.errors import ModelError
from als_nlp.transcribe.audio import RATE, Progress, Sound
from als_nlp.transcribe.diarise import Stretch, numbered
from als_nlp.transcribe.speech import Hearing

PIPELINE: Final = "pyannote/speaker-diarization-community-1"
SILENT: Final = {
    "PYANNOTE_METRICS_ENABLED": "false",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "OTEL_SDK_DISABLED": "true",
}
"""What keeps pyannote.audio and the hub from reporting their use."""


def diarise_with_pyannote(
    sound: Sound,
    hearing: Hearing,
    *,
    voices: tuple[int, int] | None = None,
    progress: Progress | None = None,
) -> tuple[Stretch, ...]:
    """Who spoke when, as ``diarise`` says it. The whole recording is held in memory.

    What was heard already (``hearing``) is not used: pyannote.audio listens for itself.

    Raises:
        ModelError: if pyannote.audio or its models are not here.
    """
    os.environ.update(SILENT)
    try:
        import torch
        from pyannote.audio import Pipeline
    except ImportError as error:
        raise ModelError("This needs pyannote.audio: pip install '.[pyannote]'.") from error
    try:
        pipeline = Pipeline.from_pretrained(PIPELINE, token=os.environ.get("HF_TOKEN"))
    except Exception as error:  # the hub, the token, the disk
        raise ModelError(f"{PIPELINE} cannot be loaded: {type(error).__name__}.") from error
    if pipeline is None:
        raise ModelError(
            f"{PIPELINE} cannot be loaded: accept its conditions at huggingface.co/{PIPELINE} and "
            "set HF_TOKEN to your token."
        )

    def told(
        *_: object, completed: int | None = None, total: int | None = None, **__: object
    ) -> None:
        if progress and completed is not None and total:
            progress(sound.seconds * completed / total, sound.seconds)

    least, most = voices or (None, None)
    found = pipeline(
        {"waveform": torch.from_numpy(sound.read()).unsqueeze(0), "sample_rate": RATE},
        min_speakers=least, max_speakers=most, hook=told,
    ).speaker_diarization  # fmt: skip
    order: dict[str, int] = {}
    return numbered(
        Stretch(round(turn.start, 3), round(turn.end, 3), order.setdefault(who, len(order)))
        for turn, _, who in found.itertracks(yield_label=True)
    )

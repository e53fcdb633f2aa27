"""From a transcript to a captions file."""

from __future__ import annotations

from pathlib import Path

from als_nlp.captions.formats import formats
from als_nlp.errors import InputError
from als_nlp.files import write_whole
from als_nlp.transcript import Transcript

BY_SUFFIX = {".vtt": "webvtt", ".srt": "srt"}


def write(transcript: Transcript, path: Path | str) -> None:
    """Write accessible captions with speakers; the file's ending decides between .vtt and .srt.

    Raises:
        InputError: for another ending, a transcript without times, or a place that cannot be
            written.
    """
    path = Path(path)
    name = BY_SUFFIX.get(path.suffix.lower())
    if name is None:
        raise InputError(f"{path.name}: captions are written as .vtt or .srt.")
    if not transcript.timed:
        raise InputError(
            f"{transcript.source.file} has no times, so no captions can be made of it."
        )
    writer = formats()[name].write
    assert writer is not None
    write_whole(path, writer(transcript))

"""From a file on disk to a transcript."""

from __future__ import annotations

from pathlib import Path

from als_nlp.captions.decode import Content
from als_nlp.captions.formats import detect, formats
from als_nlp.captions.turns import assemble
from als_nlp.errors import CaptionError
from als_nlp.transcript import Transcript

LARGEST = 64 * 1024 * 1024
"""Bytes; the captions of a long session take less than a hundredth of this."""


def read(path: Path | str, *, format: str | None = None) -> Transcript:
    """Read captions from a file; the format is recognised from what is in it.

    Raises:
        CaptionError: if the file cannot be read, is too large, is no captions file, or holds
            nothing that anybody says; the message says which and what to do.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise CaptionError(f"{path} is a folder: name the captions file in it.")
        size = path.stat().st_size
        if size > LARGEST:
            raise _too_large(path.name, f"is {size // (1024 * 1024)} MB,")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)  # a pipe or device has no size before it is read
    except FileNotFoundError as error:
        raise CaptionError(f"{path} does not exist: check the name.") from error
    except OSError as error:
        raise CaptionError(f"{path} cannot be read: {error.strerror}.") from error
    return read_bytes(data, name=path.name, format=format)


def read_bytes(data: bytes, *, name: str, format: str | None = None) -> Transcript:
    """Read captions that are already in memory; ``name`` appears in messages only.

    Raises:
        CaptionError: as ``read``.
    """
    if len(data) > LARGEST:
        raise _too_large(name, "is")
    if not data.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise CaptionError(f"{name} is empty.")
    content = Content(name, data)
    if format is None:
        chosen = detect(content)
    elif format in formats():
        chosen = formats()[format]
    else:
        raise CaptionError(f"'{format}' is no caption format: 'als formats' lists them.")
    transcript = assemble(chosen.read(content), file=name)
    if not transcript.turns:
        raise CaptionError(f"{name} holds no words that anybody says.")
    return transcript


def _too_large(name: str, size: str) -> CaptionError:
    return CaptionError(
        f"{name} {size} too large for captions (at most {LARGEST // (1024 * 1024)} MB): "
        "is it a recording?"
    )

"""Files are written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from als_nlp.errors import InputError


def write_whole(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write a file so that a reader sees either the old one or all of the new one.

    A ``private`` file can be read by its owner only (mode 600).

    Raises:
        InputError: if the place cannot be written (no such folder, no right, disk full).
    """
    # names of files that are not UTF-8 come as lone surrogates: a mark stands in for them
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".als-", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o600 if private else 0o666 & ~umask)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write a text file, or to standard output for ``-``; see ``write_whole`` for ``private``.

    Raises:
        InputError: if the place is a folder or cannot be written.
    """
    if str(path) == "-":
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.flush()
    elif path.is_dir():
        raise InputError(f"{path} is a folder: name a file in it.")
    else:
        write_whole(path, text, private=private)

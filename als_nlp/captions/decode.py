"""Bytes from a stranger's file to text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Content:
    """A file as it was given: its name (for messages only) and its bytes."""

    name: str
    data: bytes

    @cached_property
    def text(self) -> str | None:
        """The decoded text with ``\\n`` line ends, or ``None`` for a binary file.

        A byte order mark decides; without one UTF-8 is tried, then UTF-16 by its zero bytes, then
        Windows-1252, which is what older Windows tools write.
        """
        decoded = _decode(self.data)
        return None if decoded is None else decoded.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without line ends; empty for a binary file."""
        return (self.text or "").split("\n")

    @property
    def is_zip(self) -> bool:
        """Whether this is a zip archive, as every .docx is."""
        return self.data.startswith(b"PK\x03\x04")


def _decode(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    head = data[:4096]
    if b"\x00" in head:
        odd, even = head[1::2].count(0), head[0::2].count(0)
        if odd > len(head) * 0.3 and even < len(head) * 0.1:
            return data.decode("utf-16-le", errors="replace")
        if even > len(head) * 0.3 and odd < len(head) * 0.1:
            return data.decode("utf-16-be", errors="replace")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut off in the middle of a character
            return data[: error.start].decode("utf-8")
    return data.decode("cp1252", errors="replace")

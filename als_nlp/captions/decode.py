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
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1b"))
_LEADS = bytes(range(0xC2, 0xF5))  # the bytes that begin a character of several in UTF-8


@dataclass(frozen=True)
class Content:
    """A file as it was given: its name (for messages only) and its bytes."""

    name: str
    data: bytes

    @cached_property
    def text(self) -> str | None:
        """The decoded text with ``\\n`` line ends, or ``None`` for a binary file.

        A byte order mark decides; without one UTF-16 is known by its zero bytes, UTF-8 may have a
        few damaged ones, and what else is text is Windows-1252, as older Windows tools write it.
        """
        decoded = _decode(self.data)
        if decoded is None:
            return None
        return decoded.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without line ends; empty for a binary file."""
        return (self.text or "").split("\n")

    @cached_property
    def beginning(self) -> list[str]:
        """The first lines that are not blank, without spaces around; at most three."""
        return [line.strip() for line in self.lines[:60] if line.strip()][:3]

    @property
    def is_zip(self) -> bool:
        """Whether this is a zip archive, as every .docx is."""
        return self.data.startswith(b"PK\x03\x04")


def _decode(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace").rstrip("\ufffd")
    head = data[:4096].rstrip(b"\x00")  # a crash may leave a file padded with zeros
    odd, even = head[1::2].count(0), head[0::2].count(0)
    for ours, others, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if ours > 0.1 * len(head) and others < 0.1 * ours:
            return data.decode(encoding, errors="replace").rstrip("\ufffd")
    if _count(head, _CONTROLS) > 0.01 * len(head):
        return None
    return _eight_bits(data)


def _eight_bits(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut off in the middle of a character
            return data[: error.start].decode("utf-8")
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    if damaged < _count(data, _LEADS) - damaged:
        return text
    return data.decode("cp1252", errors="replace")


def _count(data: bytes, which: bytes) -> int:
    return len(data) - len(data.translate(None, which))

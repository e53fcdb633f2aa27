"""Lines of a transcript that was saved as plain text or as a Word document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from functools import lru_cache

from als_nlp.captions.decode import Content
from als_nlp.errors import CaptionError

LARGEST = 32 * 1024 * 1024
"""Bytes of text that a Word document may hold; that of a long session takes a few million."""

DENSEST = 100
"""Times by which that text may be packed from a megabyte on; Word's own reach about thirty."""

_TEXT = "word/document.xml"


def is_word(content: Content) -> bool:
    """Whether this is a Word document (.docx), whole enough to look inside."""
    return content.is_zip and _unpacked_size(content) is not None


def lines_of(content: Content) -> Sequence[str]:
    """The lines of a text file, or of a Word document's paragraphs with a blank line between them.

    Raises:
        CaptionError: for a Word document that is damaged or would unpack to an absurd size.
    """
    return _word_lines(content) if is_word(content) else content.lines


@lru_cache(maxsize=1)
def _word_lines(content: Content) -> tuple[str, ...]:
    size = _unpacked_size(content)
    if size is not None and size > LARGEST:
        raise CaptionError(
            f"{content.name} would unpack to far more than a transcript holds: "
            "download the transcript again, or save it as text."
        )
    from docx import Document
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    try:
        document = Document(io.BytesIO(content.data))
        paragraphs = [Paragraph(p, document) for p in document.element.body.iter(qn("w:p"))]
        texts = [paragraph.text for paragraph in paragraphs]
    except Exception as error:  # the library lets errors of zip, XML and its own through
        raise CaptionError(
            f"{content.name} is a damaged Word document: open it in Word and save it anew."
        ) from error
    return tuple(line for text in texts for line in (*text.split("\n"), ""))


def _unpacked_size(content: Content) -> int | None:
    """Bytes of a Word document's text; more than ``LARGEST`` for one packed to do harm."""
    try:
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            entry = archive.getinfo(_TEXT)
            parts = [one for one in archive.infolist() if one.file_size > 1024 * 1024]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError):
        return None
    if any(one.file_size > DENSEST * max(1, one.compress_size) for one in parts):
        return LARGEST + 1
    return max([entry.file_size, *(p.file_size for p in parts if p.filename.endswith(".xml"))])

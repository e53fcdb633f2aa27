"""Word documents: what is in them is read, what would do harm is not opened."""

from __future__ import annotations

import time

import pytest

from als_nlp.captions.decode import Content
from als_nlp.captions.documents import lines_of
from als_nlp.errors import CaptionError
from tests.captions.documents import with_part, word
from tests.captions.helpers import fitting, said, transcript

TURNS = ("Helen: Shall we begin?", "Dev: Yes.", "Helen: Who is first?", "Dev: Me.")
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
NAMESPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_line_breaks_tabs_and_paragraphs_are_kept_apart() -> None:
    assert list(lines_of(Content("x", word("One\ttwo\nthree", "four")))) == [
        "One\ttwo", "three", "", "four", "",
    ]  # fmt: skip


def test_a_transcript_somebody_put_into_a_table_is_read() -> None:
    data = word("Session three", table=tuple((turn,) for turn in TURNS))
    assert said(data) == [
        ("Helen", "Shall we begin?"), ("Dev", "Yes."), ("Helen", "Who is first?"), ("Dev", "Me."),
    ]  # fmt: skip


def test_a_document_that_is_no_transcript_is_refused() -> None:
    with pytest.raises(CaptionError, match="not a captions file"):
        transcript(word("Minutes of the meeting", "Apologies were received from Tom."))


def test_a_document_without_words_is_refused() -> None:
    with pytest.raises(CaptionError, match="not a captions file"):
        transcript(word())


@pytest.mark.parametrize("data", [b"PK\x03\x04" + bytes(50), word(*TURNS)[:-300]])
def test_a_zip_that_broke_off_is_refused(data: bytes) -> None:
    assert fitting(data) == []


def test_a_damaged_document_is_refused_in_a_sentence() -> None:
    broken = with_part(word(*TURNS), "word/document.xml", HEAD + b"<w:document>")
    with pytest.raises(CaptionError, match="damaged Word document: open it in Word"):
        transcript(broken)


def test_a_document_packed_to_fill_the_memory_is_not_opened() -> None:
    paragraphs = b"<w:p/>" * 10_000_000
    bomb = with_part(
        word(*TURNS),
        "word/document.xml",
        HEAD + b"<w:document " + NAMESPACE + b"><w:body>" + paragraphs + b"</w:body></w:document>",
    )
    begun = time.perf_counter()
    with pytest.raises(CaptionError, match="would unpack to far more than a transcript holds"):
        transcript(bomb)
    assert time.perf_counter() - begun < 2


def test_a_part_beside_the_text_packed_to_fill_the_memory_is_not_opened_either() -> None:
    bomb = with_part(word(*TURNS), "word/styles.xml", b" " * 50_000_000)
    with pytest.raises(CaptionError, match="would unpack to far more"):
        transcript(bomb)


def test_entities_that_multiply_are_not_filled_in() -> None:
    entities = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(12)
    ) + b"]>"  # fmt: skip
    text = HEAD + entities + b"<w:document " + NAMESPACE + b"><w:body><w:p><w:r><w:t>Helen: &m;"
    text += b"</w:t></w:r></w:p></w:body></w:document>"
    begun = time.perf_counter()
    with pytest.raises(CaptionError):
        transcript(with_part(word(*TURNS), "word/document.xml", text))
    assert time.perf_counter() - begun < 2

"""Captions of a session, in whatever format the meeting software saved them, to a Transcript."""

from als_nlp.captions.formats import Format, formats
from als_nlp.captions.reading import read, read_bytes
from als_nlp.captions.writing import write

__all__ = ["Format", "formats", "read", "read_bytes", "write"]

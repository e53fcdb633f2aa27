"""A recording of a session, on this machine alone, to a transcript with speakers."""

from als_nlp.transcribe.audio import is_recording
from als_nlp.transcribe.recording import Recording, transcribe

__all__ = ["Recording", "is_recording", "transcribe"]

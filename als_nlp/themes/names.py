"""What a theme is called: what its people say that others do not, in words that go together.

Phrases are noun phrases and verbs with their object, weighted by class-based TF-IDF over lemmas
(Grootendorst 2022) and by how near they are to the middle of the theme. None is one person's alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
FEWEST: Final = 2
"""People who must have used the very words of a phrase."""
MOST: Final = 3
"""Phrases that are told of a theme."""
_EMPTY: Final = frozenset(
    (
        "thing lot bit way kind sort one something anything everything nothing everyone somebody "
        "anyone someone people time day week month year today moment end half part fact case "
        "reason point be have do get go say know think want make take come feel keep tell ask see "
        "look try need mean let start give seem like happen put work he she they it we none other"
    ).split()
)
_VAGUE: Final = frozenset("he she they it i we you who which that this what".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words as they were said, their lemmas, and the numbers of the texts that hold them."""

    said: str
    lemmas: tuple[str, ...]
    texts: tuple[int, ...] = ()


def key_phrases(
    groups: Sequence[Sequence[str]],
    people: Sequence[Sequence[str]],
    middles: Vectors,
    *,
    english: Language,
    encoder: TextEncoder,
) -> list[tuple[Phrase, ...]]:
    """The phrases that tell each group of texts from the others, best first.

    Args:
        groups: the texts of each theme, those nearest to its middle first; anonymised.
        people: whose text each is: a phrase counts only if several people said it.
        middles: (themes, width) the themes' middles, of length 1.
        english: a spaCy pipeline with tagger, parser and lemmas.
        encoder: what the middles were made with.
    """
    read = [
        [(list(_phrases(doc)), f" {_said(doc)} ") for doc in english.pipe(g[:LOOKED_AT])]
        for g in groups
    ]
    words = [
        Counter(w for phrases, _ in docs for w in {w for p in phrases for w in p.lemmas})
        for docs in read
    ]
    overall = sum(words, Counter[str]())
    average = max(1.0, overall.total() / max(1, len(words)))
    out: list[tuple[Phrase, ...]] = []
    for number, docs in enumerate(read):
        # the same words count in whatever phrase they stand
        found = [
            replace(p, texts=tuple(n for n, (_, text) in enumerate(docs) if f" {p.said} " in text))
            for p in dict.fromkeys(p for phrases, _ in docs for p in phrases)
        ]
        shared = [p for p in found if len({people[number][n] for n in p.texts}) >= FEWEST]
        if not shared:
            out.append(())
            continue
        shared = sorted(shared, key=lambda p: (-len(p.texts), len(p.said), p.said))[:400]
        near = encoder.encode([p.said for p in shared]) @ middles[number]
        telling = np.array(
            [
                np.mean(
                    [
                        words[number][w] / max(1, len(docs)) * np.log(1 + average / overall[w])
                        for w in p.lemmas
                    ]
                )
                for p in shared
            ]
        )
        score = telling / max(telling.max(), 1e-9) + 2.0 * near
        out.append(tuple(shared[n] for n in np.argsort(-score, kind="stable")))
    return out


def different(ranked: Iterable[Phrase]) -> tuple[str, ...]:
    """The best few phrases that do not repeat each other's words."""
    out: list[str] = []
    used: set[str] = set()
    for phrase in ranked:
        if used.isdisjoint(phrase.lemmas) and len(out) < MOST:
            out.append(phrase.said)
            used.update(phrase.lemmas)
    return tuple(out)


def title(id: str, phrases: Sequence[str]) -> str:
    """The name of an open theme: its best phrase, or its number (``Theme 1`` of ``open-1``)."""
    return phrases[0][:1].upper() + phrases[0][1:] if phrases else f"Theme {id.split('-')[1]}"


def _phrases(doc: Doc) -> Iterator[Phrase]:
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


def _phrase(tokens: Sequence[Token]) -> Phrase | None:
    if not 1 <= len(tokens) <= LONGEST or any(_hidden(t) for t in tokens):
        return None
    lemmas = tuple(
        t.lemma_.lower()
        for t in tokens
        if t.pos_ in ("NOUN", "VERB", "ADJ") and t.lemma_.lower() not in _EMPTY
    )
    if not lemmas or (len(tokens) == 1 and len(lemmas[0]) < 4):
        return None
    return Phrase(_said(tokens), lemmas)


def _said(tokens: Iterable[Token]) -> str:
    said = re.sub(r"\s+", " ", " ".join(t.text.lower() for t in tokens)).strip()
    return said.replace(" 's", "'s").replace(" n't", "n't")


def _hidden(token: Token) -> bool:
    """Names and stand-ins have no place in the name of a theme."""
    return token.pos_ == "PROPN" or "[" in token.text or "]" in token.text or token.like_num

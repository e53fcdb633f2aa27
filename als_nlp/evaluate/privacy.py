"""How well personal data is found: recall by type, and needless replacements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from als_nlp.corpus import AnnotatedSession
from als_nlp.errors import ModelError
from als_nlp.privacy.found import Found
from als_nlp.transcript import Transcript

VAGUE: Final = "DATE, a weekday or month alone"
"""What some writers marked although it identifies no event: it is left to stand, on purpose."""
_EXACT: Final = re.compile(
    r"\d|\b(?:\w+teenth|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh"
    r"|twelfth|twentieth|thirtieth)\b",
    re.I,
)

Finder = Callable[[Transcript], Sequence[Found]]


@dataclass(frozen=True)
class PrivacyScores:
    """``there`` and ``hidden`` by type; ``needless`` replacements among so many ``words``.

    Something is hidden if every word of it is replaced, by whatever type.
    """

    there: Counter[str]
    hidden: Counter[str]
    needless: int
    words: int
    missed: tuple[str, ...]
    spoilt: tuple[str, ...]

    def recall(self, kind: str | None = None) -> float:
        """Share that is hidden, of one type or of all but vague dates; 1 if there is nothing."""
        there, hidden = self.there[kind or ""], self.hidden[kind or ""]
        if kind is None:
            there = self.there.total() - self.there[VAGUE]
            hidden = self.hidden.total() - self.hidden[VAGUE]
        return hidden / there if there else 1.0

    @property
    def words_per_needless(self) -> float:
        """How many words are said for each needless replacement."""
        return self.words / self.needless if self.needless else float("inf")


def privacy_scores(sessions: Sequence[AnnotatedSession], finder: Finder) -> PrivacyScores:
    """Score a finder of personal data on what the coders marked."""
    there: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    missed, spoilt = [], []
    needless = words = 0
    for session in sessions:
        begins, said = [], 0
        for turn in session.transcript.turns:
            begins.append(said)
            said += len(turn.words)
        words += said
        everything = [w.text for t in session.transcript.turns for w in t.words]
        found = finder(session.transcript)
        covered = {
            n for f in found for n in range(begins[f.turn] + f.begin, begins[f.turn] + f.end)
        }
        marked: set[int] = set()
        for mark in session.personal:
            span = range(mark.word, mark.word + mark.words)
            marked.update(span)
            kind = VAGUE if mark.type == "DATE" and not _EXACT.search(mark.text) else mark.type
            there[kind] += 1
            context = " ".join(everything[max(0, mark.word - 4) : span.stop + 3])
            if covered.issuperset(span):
                hidden[kind] += 1
            else:
                missed.append(f"{session.name}: {mark.type} {mark.text}: {context}")
        for one in found:
            span = range(begins[one.turn] + one.begin, begins[one.turn] + one.end)
            if marked.isdisjoint(span):
                needless += 1
                context = " ".join(everything[max(0, span.start - 4) : span.stop + 3])
                text = " ".join(everything[span.start : span.stop])
                spoilt.append(f"{session.name}: {one.type} {text} ({one.by}): {context}")
    return PrivacyScores(there, hidden, needless, words, tuple(missed), tuple(spoilt))


def ours(transcript: Transcript) -> Sequence[Found]:
    """What als-nlp finds; it knows the speakers' names, as captions have them."""
    from als_nlp.pipeline import personal_data

    return personal_data(transcript)


def presidio() -> Finder:
    """Presidio as it comes, with spaCy's small English model.

    Raises:
        ModelError: if it is not installed.
    """
    try:
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import SpacyNlpEngine
    except ImportError as error:
        raise ModelError(
            "The peer is missing: pip install '.[peers]' in the project's folder."
        ) from error
    from als_nlp.models.english import whole

    class Engine(SpacyNlpEngine):  # type: ignore[misc]
        """The engine with the pipeline that is here, instead of one to be downloaded."""

        def __init__(self) -> None:
            super().__init__()
            self.nlp = {"en": whole()}

        def load(self) -> None:
            """It is loaded."""

    analyser = AnalyzerEngine(nlp_engine=Engine(), supported_languages=["en"])

    def finder(transcript: Transcript) -> list[Found]:
        out = []
        for number, turn in enumerate(transcript.turns):
            edges, at = [], 0
            for word in turn.words:
                edges.append((at, at + len(word.text)))
                at += len(word.text) + 1
            for one in analyser.analyze(turn.text, language="en"):
                inside = [n for n, (a, b) in enumerate(edges) if a < one.end and b > one.start]
                if inside:
                    out.append(
                        Found(number, inside[0], inside[-1] + 1, one.entity_type, "", "peer", 1.0)
                    )
        return out

    return finder

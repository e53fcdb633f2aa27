"""How far two coders agree: the ceiling for any tagger that learns from one of them.

A second coder's codes stand beside the session, in ``NAME.second.txt``: one line a segment, in
order, ``number kind`` or ``number kind/purpose``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from als_nlp.corpus import AnnotatedSession
from als_nlp.errors import CorpusError
from als_nlp.transcript import KINDS, LABEL_OF, PURPOSES, Kind, Purpose

Code = tuple[Kind, Purpose | None]


@dataclass(frozen=True, slots=True)
class TwiceCoded:
    """A session with both coders' codes, one a segment."""

    session: AnnotatedSession
    first: tuple[Code, ...]
    second: tuple[Code, ...]


def twice_coded(sessions: Sequence[AnnotatedSession]) -> list[TwiceCoded]:
    """Those of the sessions that have been coded a second time.

    Raises:
        CorpusError: if a second coding does not fit its session.
    """
    found = []
    for session in sessions:
        path = session.path.with_name(f"{session.name}.second.txt")
        if path.exists():
            segments = session.transcript.segments
            first = tuple((cast(Kind, s.kind), s.purpose) for s in segments)
            found.append(TwiceCoded(session, first, _second(path, len(segments))))
    return found


def _second(path: Path, count: int) -> tuple[Code, ...]:
    codes: list[Code] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        words = line.split()
        kind, _, purpose = words[-1].partition("/")
        if len(words) != 2 or words[0] != str(len(codes) + 1) or kind not in KINDS:
            raise CorpusError(
                f"{path}, line {number}: reads 'number kind' or 'number kind/purpose'."
            )
        if purpose and purpose not in PURPOSES:
            raise CorpusError(f"{path}, line {number}: '{purpose}' is no purpose.")
        codes.append((kind, cast(Purpose, purpose) or None))
    if len(codes) != count:
        raise CorpusError(f"{path}: has {len(codes)} codes for {count} segments.")
    return tuple(codes)


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Agreement beyond chance, each coder with their own habits (Cohen 1960); 1 if all agree."""
    n = len(a)
    observed = sum(x == y for x, y in zip(a, b, strict=True)) / n
    left, right = Counter(a), Counter(b)
    expected = sum(left[c] * right[c] for c in left) / n**2
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def krippendorff_alpha(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Nominal alpha for two coders who coded everything (Krippendorff 2011); 1 if all agree."""
    pooled = Counter([*a, *b])
    n = len(a) + len(b)
    disagreed = 2 * sum(x != y for x, y in zip(a, b, strict=True))
    expected = n * n - sum(count**2 for count in pooled.values())
    return 1.0 if expected == 0 else 1 - (n - 1) * disagreed / expected


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two coders on one class (or on all): kappa, alpha, F1 of one against the other, how often."""

    name: str
    kappa: float
    alpha: float
    f1: float
    support: int


def agreements(coded: Sequence[TwiceCoded]) -> list[Agreement]:
    """Labels and kinds as a whole, then each one by itself against all the rest, then purposes."""
    first = [kind for c in coded for kind, _ in c.first]
    second = [kind for c in coded for kind, _ in c.second]
    labels = [LABEL_OF[k] for k in first], [LABEL_OF[k] for k in second]
    purposes = [
        (one, other)
        for c in coded
        for (_, one), (_, other) in zip(c.first, c.second, strict=True)
        if one and other
    ]
    out = [_whole("label", *labels)]
    out += [_one(label, *labels) for label in ("question", "advice", "other")]
    out.append(_whole("kind", first, second))
    out += [_one(kind, first, second) for kind in KINDS]
    if purposes:
        mine, theirs = [p for p, _ in purposes], [p for _, p in purposes]
        out.append(_whole("purpose", mine, theirs))
        out += [_one(purpose, mine, theirs) for purpose in PURPOSES]
    return out


def _whole(name: str, a: Sequence[str], b: Sequence[str]) -> Agreement:
    same = sum(x == y for x, y in zip(a, b, strict=True)) / len(a)
    return Agreement(name, cohen_kappa(a, b), krippendorff_alpha(a, b), same, len(a))


def _one(name: str, a: Sequence[str], b: Sequence[str]) -> Agreement:
    mine, theirs = [x == name for x in a], [x == name for x in b]
    both = sum(x and y for x, y in zip(mine, theirs, strict=True))
    said = sum(mine) + sum(theirs)
    f1 = 2 * both / said if said else float("nan")
    return Agreement(
        name, cohen_kappa(mine, theirs), krippendorff_alpha(mine, theirs), f1, sum(mine)
    )

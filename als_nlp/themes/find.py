"""Themes of challenges: by a list of known ones, open, or both together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from als_nlp.models.challenge_encoder import (
    Progress,
    TextEncoder,
    Vectors,
    load_challenge_encoder,
    unit,
)
from als_nlp.themes.group import Grouping, group
from als_nlp.themes.known import Theme
from als_nlp.themes.names import Phrase, different, key_phrases, title

SHARPNESS: Final = 14.0
"""How much likelier a theme gets with its likeness; fitted on dev challenges."""
ALONE: Final = 0.45
"""Likeness that a text needs to be given a theme: below, it stands alone. From dev as well, one
known challenge in twenty is below .60 and half of those of themes never taught are."""
APART: Final = 0.6
"""The same where new themes may form: a text that half fits is better off with its own kind."""


@dataclass(frozen=True, slots=True)
class Item:
    """A challenge: anonymised text, who presented it and in which cohort, where that is known."""

    id: str
    text: str
    presenter: str | None = None
    cohort: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Which theme a challenge has (``None``: it stands alone), how likely, and the second guess.

    Of themes that were found openly the probability is how often the challenge was found again
    with its theme when others were left out.
    """

    id: str
    theme: str | None
    probability: float
    second: str | None = None


@dataclass(frozen=True, slots=True)
class FoundTheme:
    """A theme with its challenges (numbers of the items), largest first.

    ``stability`` (0 to 1) tells how far it holds when some challenges are left out; ``None`` for a
    known theme. ``middle`` is the mean of its challenges. ``shared`` are all phrases of an open
    theme that several people used, best first, with the numbers of their items.
    """

    id: str
    name: str
    phrases: tuple[str, ...]
    items: tuple[int, ...]
    known: bool
    stability: float | None
    middle: Vectors
    shared: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Themes:
    """Every challenge with its theme, in the order given, and the themes there are."""

    placed: tuple[Placed, ...]
    themes: tuple[FoundTheme, ...]


def find_themes(
    items: Sequence[Item],
    *,
    known: Sequence[Theme] = (),
    open: bool | None = None,
    encoder: TextEncoder | None = None,
    seed: int = 1,
    progress: Progress | None = None,
) -> Themes:
    """Themes of challenges. The same challenges in another order get the same themes.

    Args:
        items: the challenges, from a handful to a hundred thousand.
        known: themes to look for; none for an open search.
        open: whether what fits no known theme may form new ones; by default, only if there is none.
        encoder: turns texts into vectors; the bundled one if not given.
        seed: decides which texts are left out to see whether open themes hold.
        progress: is told how many texts are read.
    """
    encoder = encoder or load_challenge_encoder()
    open = not known if open is None else open
    order = sorted(range(len(items)), key=lambda i: (_mixed(items[i].text), items[i].text))
    vectors = encoder.encode([items[i].text for i in order], progress)
    placed: list[Placed] = [Placed(items[i].id, None, 0.0) for i in order]
    if known and items:
        least = APART if open else ALONE
        placed = guided([items[i].id for i in order], vectors, known, encoder, least=least)
    groups: Grouping | None = None
    rest = [n for n, p in enumerate(placed) if p.theme is None] if open else []
    if rest:
        groups = group(vectors[rest], seed=seed)
        for n, g, sure in zip(rest, groups.group, groups.sure, strict=True):
            if g >= 0:
                placed[n] = Placed(placed[n].id, f"open-{g + 1}", round(float(sure), 3))
    found = _themes(placed, vectors, order, known, groups, [items[i] for i in order], encoder)
    back = {i: n for n, i in enumerate(order)}
    return Themes(tuple(placed[back[i]] for i in range(len(items))), found)


def _mixed(text: str) -> bytes:
    """An order that does not depend on how the texts came nor on how they begin."""
    return blake2b(text.encode(), digest_size=8).digest()


def guided(
    ids: Sequence[str],
    vectors: Vectors,
    known: Sequence[Theme],
    encoder: TextEncoder,
    *,
    least: float = ALONE,
) -> list[Placed]:
    """The likeliest known theme of each text (none if it is less like it than ``least``), and the
    second."""
    likeness = theme_likeness(vectors, known, encoder)
    chance = np.exp(SHARPNESS * (likeness - likeness.max(1, keepdims=True)))
    chance /= chance.sum(1, keepdims=True)
    out = []
    for id, near, row in zip(ids, likeness, chance, strict=True):
        ranked = np.argsort(-row, kind="stable")
        best = int(ranked[0])
        second = known[int(ranked[1])].id if len(known) > 1 else None
        fits = near[best] >= least
        theme = known[best].id if fits else None
        out.append(
            Placed(id, theme, round(float(row[best]), 3), second if fits else known[best].id)
        )
    return out


def theme_likeness(
    vectors: Vectors, known: Sequence[Theme], encoder: TextEncoder
) -> NDArray[np.float64]:
    """How much each text (rows) is like each theme (columns), −1 to 1.

    A theme is the mean of its description and its phrases, beside the phrase that is nearest.
    """
    columns = []
    for theme in known:
        sayings = encoder.encode([theme.sentence, f"{theme.name}. {theme.about}", *theme.phrases])
        middle = unit(sayings.mean(0, keepdims=True))[0]
        nearest = np.sort(vectors @ sayings[2:].T, axis=1)[:, -2:].mean(1) if theme.phrases else 0
        columns.append(vectors @ middle + 0.3 * nearest)
    return np.stack(columns, axis=1).astype(np.float64)


def _themes(
    placed: Sequence[Placed],
    vectors: Vectors,
    order: Sequence[int],
    known: Sequence[Theme],
    groups: Grouping | None,
    items: Sequence[Item],
    encoder: TextEncoder,
) -> tuple[FoundTheme, ...]:
    members: dict[str, list[int]] = {}
    for n, one in enumerate(placed):
        if one.theme is not None:
            members.setdefault(one.theme, []).append(n)
    listed = {t.id: t for t in known}
    ids = sorted(members, key=lambda t: (-len(members[t]), t))
    middles = {t: unit(vectors[members[t]].mean(0, keepdims=True))[0] for t in ids}
    fresh = [t for t in ids if t not in listed]
    shared: dict[str, tuple[Phrase, ...]] = {}
    if fresh:
        from als_nlp.models.english import english

        nearest = [_nearest_first(members[t], vectors, middles[t]) for t in fresh]
        found = key_phrases(
            [[items[n].text for n in near] for near in nearest],
            # where nobody knows whose a text is, it is taken for somebody's own
            [[str(items[n].presenter or items[n].id) for n in near] for near in nearest],
            np.stack([middles[t] for t in fresh]),
            english=english(),
            encoder=encoder,
        )
        for t, near, phrases in zip(fresh, nearest, found, strict=True):
            shared[t] = tuple(
                replace(p, texts=tuple(order[near[n]] for n in p.texts)) for p in phrases
            )
    out = []
    for t in ids:
        where = tuple(order[n] for n in members[t])
        if t in listed:
            theme = listed[t]
            out.append(FoundTheme(t, theme.name, theme.phrases, where, True, None, middles[t]))
        else:
            assert groups is not None
            said = different(shared[t])
            held = round(float(groups.stability[int(t.split("-")[1]) - 1]), 2)
            out.append(
                FoundTheme(t, title(t, said), said, where, False, held, middles[t], shared[t])
            )
    return tuple(out)


def _nearest_first(members: Sequence[int], vectors: Vectors, middle: Vectors) -> list[int]:
    near = vectors[list(members)] @ middle
    return [members[int(n)] for n in np.argsort(-near, kind="stable")]

"""The pages of figures on privacy and themes, ``docs/privacy.md`` and ``docs/themes.md``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from als_nlp.errors import InputError
from als_nlp.evaluate.privacy import VAGUE, PrivacyScores, ours, presidio, privacy_scores
from als_nlp.evaluate.report import table
from als_nlp.evaluate.tagger import Row
from als_nlp.evaluate.themes import (
    DRAWS,
    SMALL,
    Finder,
    guided_right,
    known_themes,
    mean_agreement,
    peers,
    public_comments,
    session_challenges,
    unseen,
)
from als_nlp.evaluate.themes import ours as our_themes
from als_nlp.models.challenge_encoder import NamedEncoder
from als_nlp.models.splits import read_splits
from als_nlp.themes.corpus import load_challenges
from als_nlp.transcript import PERSONAL_TYPES

PRIVACY: Final = """# Taking names out

This page is written by `als evaluate privacy`; do not edit it by hand.

    als anonymise captions.vtt -o shareable.txt --people people.csv --key key.json

hides names of people and of places and organisations that point at somebody, numbers, contacts and
exact dates, and roles that single somebody out (“the only Polish-speaking matron”). It looks in
this order: the set’s names, with nicknames, initials, possessives and misspellings by speech
recognition (compared by spelling and by sound); what the tagger’s encoder has learned about where
names stand; common first names, titles, capitals, spaCy’s entities; shapes (NHS numbers by their
check digit, incident and staff numbers, phones, postcodes, e-mail addresses, dates); wards,
hospitals and trusts by how they are called. A name that is certain once is hidden throughout.
General words, drugs, tools named after somebody (“the Waterlow score”) and sayings stay.

Stand-ins are the same over all sessions that share a key. **The key says who is who**: it is
written only if you ask for it, can be read by you alone, and should be kept apart. Beside the text
comes a page on which each replacement can be checked, undone or added, for you alone.

**No program finds everything.** A story can give somebody away without a name. Read it once
through before you share it. In the feedback report of a cohort nothing rests on names alone: see
the limits on small numbers in [cohort.md](cohort.md).
"""
PRIVACY_ABOUT: Final = """{about} All of it invented and marked by its writers. Something counts as
found if every word of it is replaced, by whatever stand-in; *words for each needless one* is how
many words are said for one replacement of something that is not marked. The tagger had not seen
these sessions. Weekdays and months alone (“in February”) were marked by some writers; they identify
no event and stay as they are.
"""
THEMES: Final = """# How well themes are found

This page is written by `als evaluate themes`; do not edit it by hand.

Challenges are turned into vectors by a small encoder that was taught what people struggle with,
whatever the trade, then grouped: by a list of known themes, openly, or both. *NMI* is normalised
mutual information, *ARI* the adjusted Rand index, both with the themes that the writers meant (1 is
perfect, 0 is chance for ARI); what stands alone counts as a group of its own. The challenges are
**synthetic**: invented by a language model from a list of themes, so expect lower figures on real
ones.

It is made for challenges. Other texts, comments of patients say, are better grouped with a general
model (`als themes comments.jsonl -o themes.jsonl --model all-MiniLM-L6-v2`): that is *our grouping
on MiniLM* below.
"""


def privacy_report(folder: Path, split: str, *, peers: bool) -> str:
    """``docs/privacy.md``: how it works, and recall by type on unseen sessions.

    Raises:
        InputError: if there is no such split.
        ModelError: if the peer is asked for and not installed.
    """
    splits = read_splits(folder)
    if split not in splits:
        raise InputError(f"{folder / 'splits.toml'} has no '{split}': {', '.join(splits)}.")
    sessions = splits[split]
    finders = {"als-nlp": ours, **({"Presidio as it comes": presidio()} if peers else {})}
    scores = {name: privacy_scores(sessions, finder) for name, finder in finders.items()}
    first = next(iter(scores.values()))
    rows = [
        *(
            Row(kind, (*(f"{s.recall(kind):.3f}" for s in scores.values()), str(first.there[kind])))
            for kind in (*PERSONAL_TYPES, VAGUE)
            if first.there[kind]
        ),
        Row(
            "all but vague dates",
            (
                *(f"{s.recall():.3f}" for s in scores.values()),
                str(first.there.total() - first.there[VAGUE]),
            ),
        ),
        Row("words for each needless one", (*map(_needless, scores.values()), "")),
    ]
    about = PRIVACY_ABOUT.format(
        about=f"{len(sessions)} sessions, {first.words:,} words, the `{split}` cohorts."
    )
    columns = ("share found", *scores, "there are")
    return "\n".join([PRIVACY, table("How much is found", columns, rows, about)])


def _needless(scores: PrivacyScores) -> str:
    return f"{scores.words_per_needless:,.0f}"


def themes_report(folder: Path, sessions: Path, public: Path | None, model: str | None) -> str:
    """``docs/themes.md``.

    Args:
        folder: the corpus of challenges.
        sessions: annotated sessions, whose challenges were written by others.
        public: a folder of public corpora, for their hand-coded comments.
        model: a sentence-transformers model for the peers; none without it.
    """
    challenges = load_challenges(folder)
    finders: dict[str, Finder] = {"als-nlp": our_themes, **(peers(model) if model else {})}
    parts = [THEMES]
    sets = list(unseen(challenges))
    unseen_sessions = read_splits(sessions)
    texts, gold = session_challenges([*unseen_sessions["dev"], *unseen_sessions["test"]])
    sets.append(("challenges of the sessions kept for dev and test", texts, gold))
    if public is not None:
        name = "themes_nhs_negative_single"
        sets.append(
            ("patients’ comments, hand-coded by two trusts", *public_comments(public, name))
        )
    for name, these, themes in sets:
        if len(these) > 3:
            parts.append(_open(name, these, themes, finders))
    rows = []
    for name, these, themes in sets:
        if set(themes) <= known_themes():
            rows.append(Row(f"{name}: als-nlp", _guided(these, themes, None)))
            if model:
                rows.append(Row(f"{name}: MiniLM", _guided(these, themes, model)))
    columns = ("", "first guess right", "first or second", "given no theme", "texts")
    parts.append(table("By the bundled list of themes", columns, rows))
    if public is not None:
        parts.append(_large(public))
    return "\n".join(parts)


def _guided(texts: Sequence[str], gold: Sequence[str], model: str | None) -> tuple[str, ...]:
    found = guided_right(texts, gold, NamedEncoder(model) if model else None)
    return (*(f"{share:.0%}" for share in found), str(len(texts)))


def _open(name: str, texts: Sequence[str], gold: Sequence[str], finders: dict[str, Finder]) -> str:
    sizes = [*(n for n in SMALL if n < len(texts)), len(texts)]
    rows = []
    for title, finder in finders.items():
        for size in sizes:
            found = mean_agreement(texts, gold, finder, size)
            figures = (str(size), f"{found.nmi:.2f}", f"{found.ari:.2f}", f"{found.alone:.0%}",
                       f"{found.groups:.0f}")  # fmt: skip
            rows.append(Row(title, figures))
    about = f"{len(texts)} texts of {len(set(gold))} themes; smaller: means of {DRAWS} draws.\n"
    columns = ("", "texts", "NMI", "ARI", "stand alone", "groups")
    return table(f"Openly: {name}", columns, rows, about)


def _large(public: Path) -> str:
    """Ten and a hundred thousand texts: how long, and how far two seeds agree."""
    from sklearn.metrics import adjusted_rand_score

    from als_nlp.themes.find import Item, find_themes

    texts, gold = public_comments(public, "themes_banking77_train")
    rows = []
    for times in (1, 10):
        # the same text again, but for a number, is a new text to the grouping
        many = [f"{t} {n}" if n else t for n in range(times) for t in texts]
        items = [Item(str(n), t) for n, t in enumerate(many)]
        began = time.monotonic()
        first = find_themes(items, seed=1)
        took = time.monotonic() - began
        second = find_themes(items, seed=2)
        labels = [[p.theme or p.id for p in f.placed] for f in (first, second)]
        rows.append(
            Row(
                f"{len(items):,} short questions",
                (
                    f"{took:.0f} s",
                    str(len(first.themes)),
                    f"{adjusted_rand_score(*labels):.3f}",
                    f"{adjusted_rand_score(gold * times, labels[0]):.2f}",
                ),
            )
        )
    columns = ("", "took", "themes", "ARI of two seeds", "ARI with the hand-made intents")
    return table("Many texts (banking77, two cores)", columns, rows)

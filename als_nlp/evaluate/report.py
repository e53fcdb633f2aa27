"""The page of figures on the tagger, ``docs/tagger.md``, and its reliability diagram."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from als_nlp.corpus import AnnotatedSession
from als_nlp.errors import InputError
from als_nlp.evaluate.agreement import TwiceCoded, agreements, twice_coded
from als_nlp.evaluate.tagger import (
    GROUPINGS,
    SESSION_COLUMNS,
    Bin,
    Result,
    Row,
    calibration_error,
    coverage,
    evaluate_sessions,
    group_rows,
    kind_rows,
    public_rows,
    reliability,
    session_rows,
)
from als_nlp.files import write_whole
from als_nlp.models.splits import read_splits
from als_nlp.models.tagger import Tagger, load_tagger

HEAD = """# How good the tagger is

This page is written by `als evaluate tagger`; do not edit it by hand.

Tagger **{name}**, taught on {count} annotated sessions ({cohorts} cohorts, synthetic) and
{public:,} rows of public corpora; thresholds and temperature were set on {tuned}. Unless said
otherwise, figures are on cohorts that were not looked at while training or tuning. The sessions are
synthetic: invented, and coded by their writers. On real meetings (below), which are no sets,
questions are found less well: expect lower figures on your own sessions, too. The tagger gets words
and speakers' names only: it finds segments, facilitator and phases by itself. Brackets hold 90 %
bootstrap intervals: over sessions in the first table, over segments where errors stand by group,
which makes those too narrow, as segments of one session are alike.
"""

AGREEMENT = """{count} sessions ({segments:,} segments) were coded a second time, blind: the second
coder had the words, the phases and the codebook, not the codes. Both coders are language models
from one family, so they agree more than two people would: read this as the ceiling for *this*
corpus, not as the difficulty of the task. `F1` is of one coder against the other; for the whole
lines it is plain agreement.
"""

CALIBRATION = """Segments grouped by the probability that the tagger gives to its label. On the line
from corner to corner, what it says is right as often as it says. Expected calibration error:
**{error:.3f}** ({written:.3f} as written, {raw:.3f} without case and punctuation).

![Reliability diagram: for each tenth of probability, the share of labels that were right; the same
figures stand in the table](tagger-reliability.svg)
"""

COVERAGE = """90 % intervals of counts, corrected with the confusion measured on unseen sessions.
From each test session (as written and without punctuation) {simulated} sessions were simulated by
drawing its turns with replacement. Held should be 85–95 %.
"""


def tagger_report(
    folder: Path, split: str, public: Path | None, results: Path | None, output: Path | None = None
) -> str:
    """All tables as Markdown; the diagram is written beside ``output``.

    Args:
        folder: annotated sessions with ``splits.toml``.
        split: which cohorts to score.
        public: a folder of public corpora, for their test rows.
        results: a folder with ``ablation.json`` and ``speed.json``, as the benchmarks write them.
        output: where the page goes.

    Raises:
        InputError: if the folder has no such split, or a public corpus is missing.
    """
    splits = read_splits(folder)
    if split not in splits:
        raise InputError(f"{folder / 'splits.toml'} has no '{split}': {', '.join(splits)}.")
    sessions, tagger = splits[split], load_tagger()
    written = evaluate_sessions(sessions, tagger, raw=False)
    raw = evaluate_sessions(sessions, tagger, raw=True)
    card = tagger.card
    parts = [
        HEAD.format(
            name=card["name"],
            count=len(card["sessions"]),
            cohorts=len({s.rsplit("-", 1)[0] for s in card["sessions"]}),
            public=card["public_rows"],
            tuned=", ".join(card["tuned_on"]),
        ),
        _about(sessions, split),
        table(
            "On whole sessions",
            SESSION_COLUMNS,
            [*session_rows("as written", written), *session_rows("no case, no punctuation", raw)],
        ),
        table(
            "Each label and kind, as written",
            ("", "precision", "recall", "F1", "segments"),
            kind_rows(written),
        ),
        *_agreement([s for part in splits.values() for s in part]),
        *_calibration(written, raw, output),
        *_coverage([*written, *raw], tagger),
        *_groups(written, raw),
    ]
    if public is not None:
        parts.append(
            table(
                "On public corpora (all test rows, their own segments given), F1",
                ("", "als-nlp", "“?” rule", "als-nlp, raw", "“?” rule, raw"),
                public_rows(public, tagger),
            )
        )
    if results is not None:
        there = (results / name for name in ("ablation.json", "speed.json"))
        parts += [_measured(path) for path in there if path.exists()]
    return "\n".join(parts)


def _about(sessions: Sequence[AnnotatedSession], split: str) -> str:
    segments = sum(len(s.transcript.segments) for s in sessions)
    cohorts = ", ".join(dict.fromkeys(f"{s.cohort} ({s.header['trade']})" for s in sessions))
    return f"The `{split}` split: {len(sessions)} sessions, {segments:,} segments; {cohorts}.\n"


def _agreement(sessions: Sequence[AnnotatedSession]) -> list[str]:
    coded: list[TwiceCoded] = twice_coded(sessions)
    if not coded:
        return []
    rows = [
        Row(a.name, (f"{a.kappa:.2f}", f"{a.alpha:.2f}", f"{a.f1:.2f}", str(a.support)))
        for a in agreements(coded)
    ]
    columns = ("", "Cohen's kappa", "Krippendorff's alpha", "F1", "segments")
    about = AGREEMENT.format(count=len(coded), segments=sum(len(c.first) for c in coded))
    return [table("What two coders agree on", columns, rows, about)]


def _calibration(
    written: Sequence[Result], raw: Sequence[Result], output: Path | None
) -> list[str]:
    bins = reliability([*written, *raw])
    if output is not None and str(output) != "-":
        write_whole(output.with_name("tagger-reliability.svg"), diagram(bins))
    about = CALIBRATION.format(
        error=calibration_error(bins),
        written=calibration_error(reliability(written)),
        raw=calibration_error(reliability(raw)),
    )
    rows = [Row(f"about {b.said:.2f}", (f"{b.right:.2f}", str(b.count))) for b in bins]
    columns = ("probability", "share right", "segments")
    return [table("Do its probabilities mean what they say?", columns, rows, about)]


def diagram(bins: Sequence[Bin]) -> str:
    """The reliability diagram as SVG."""
    import altair as alt
    import vl_convert as vlc

    def chart_of(values: list[dict[str, float]]) -> alt.Chart:
        return alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call]

    points = [{"said": b.said, "right": b.right, "count": b.count} for b in bins]
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("said:Q", scale=scale, title="probability that the tagger gives")
    y = alt.Y("right:Q", scale=scale, title="share that is right")
    line = chart_of([{"said": 0, "right": 0}, {"said": 1, "right": 1}])
    ideal = line.mark_line(color="#666666", strokeDash=[4, 4]).encode(x=x, y=y)
    found = chart_of(points)
    joined = found.mark_line(color="#00507a").encode(x=x, y=y)
    dots = found.mark_point(filled=True, color="#00507a", size=60).encode(x=x, y=y)
    chart = (ideal + joined + dots).properties(width=320, height=320)
    return str(vlc.vegalite_to_svg(chart.to_json(validate=False)))


def _coverage(results: Sequence[Result], tagger: Tagger) -> list[str]:
    from als_nlp.evaluate.tagger import SIMULATED

    held = coverage(results, tagger)
    rows = [Row(name, (f"{np.mean(h):.0%}", str(len(h)))) for name, h in held.items()]
    about = COVERAGE.format(simulated=SIMULATED)
    columns = ("", "held the true figure", "simulated sessions")
    return [table("Do the 90 % intervals hold?", columns, rows, about)]


def _groups(written: Sequence[Result], raw: Sequence[Result]) -> list[str]:
    columns = ("", "segments", "question F1", "advice F1", "share of wrong labels")
    return [
        table(
            f"Errors by {grouping}",
            columns,
            group_rows([*written, *raw] if grouping == "recognition" else written, grouping),
        )
        for grouping in GROUPINGS
    ]


def _measured(path: Path) -> str:
    """A table that a benchmark has written: title, about, columns, rows."""
    found = json.loads(path.read_text(encoding="utf-8"))
    rows = [Row(str(row[0]), tuple(str(cell) for cell in row[1:])) for row in found["rows"]]
    return table(found["title"], found["columns"], rows, found["about"] + "\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Row], about: str = "") -> str:
    """A section with a Markdown table."""
    lines = [f"## {title}", "", *([about] if about else []), _line(columns)]
    lines.append(_line(["---"] * len(columns)))
    lines += [_line([row.name, *row.figures]) for row in rows]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""The charts of a feedback report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from als_nlp.measures.series import Step, mean_of
from als_nlp.measures.uncertainty import Estimate
from als_nlp.privacy.disclosure import Limits
from als_nlp.reports.cohort_words import ThemeLine
from als_nlp.reports.drawing import BLUE, INK, PLUM, TEAL, Chart, data, name_axis, svg

WIDTH = 420


def series(steps: Sequence[Step]) -> Chart:
    """The inquiry balance session by session, with its interval."""
    found = [(s, s.balance) for s in steps if s.balance is not None]
    rows = [
        {"session": f"Session {s.number}", "value": b.value, "low": b.low, "high": b.high,
         "text": f"{round(100 * b.value)} %"}
        for s, b in found
    ]  # fmt: skip
    base = alt.Chart(data(rows))
    x = alt.X("session:N", title=None, sort=None, axis=alt.Axis(labelAngle=0, ticks=False))
    y = alt.Y("value:Q", title="share that was inquiry",
              axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
              scale=alt.Scale(domain=[0, 1]))  # fmt: skip
    line = base.mark_line(color=BLUE, strokeWidth=2).encode(x=x, y=y)
    rule = base.mark_rule(color=INK, strokeWidth=1.5).encode(x=x, y="low:Q", y2="high:Q")
    point = base.mark_point(color=BLUE, filled=True, size=70, opacity=1).encode(x=x, y=y)
    text = base.mark_text(align="left", dx=8, dy=-9, fontSize=13, color=INK).encode(
        x=x, y=y, text="text:N"
    )
    table = tuple(
        (str(r["session"]), str(r["text"]), f"{100 * b.low:.0f} to {100 * b.high:.0f} %")
        for r, (_, b) in zip(rows, found, strict=True)
    )
    alternative = "Share of inquiry in what was offered to presenters: " + "; ".join(
        f"{name} {value} ({span})" for name, value, span in table
    )
    drawn = (line + rule + point + text).properties(width=WIDTH, height=190)
    return Chart(svg(drawn), alternative + ".", ("Session", "Inquiry", "90 % between"), table)


def themes(lines: Sequence[ThemeLine]) -> Chart:
    """How many people stand behind each theme."""
    rows = [{"theme": t.name, "people": t.count, "text": t.people} for t in lines]
    return _bars(rows, "theme", "people", TEAL, ("Theme", "People"), "People behind each theme: ")


def outcomes(counts: Mapping[str, int], limits: Limits) -> Chart:
    """What became of actions."""
    rows: list[dict[str, object]] = [
        {"outcome": name, "actions": count, "text": limits.shown(count)}
        for name, count in counts.items()
    ]
    return _bars(
        rows, "outcome", "actions", PLUM, ("What became of it", "Actions"),
        "What became of what was agreed: ",
    )  # fmt: skip


def _bars(
    rows: Sequence[Mapping[str, object]],
    name: str,
    figure: str,
    colour: str,
    columns: tuple[str, str],
    said: str,
) -> Chart:
    # a bar's length must not tell more than its label does
    drawn_rows = [{**r, figure: float(str(r["text"]))} for r in rows]
    base = alt.Chart(data(drawn_rows))
    y = alt.Y(f"{name}:N", sort=None, title=None, axis=name_axis(260))
    top = max((float(str(r["text"])) for r in rows), default=1.0)
    x = alt.X(f"{figure}:Q", axis=None, scale=alt.Scale(domain=[0, max(1.0, top * 1.15)]))
    bars = base.mark_bar(color=colour, height=15).encode(x=x, y=y)
    text = base.mark_text(align="left", dx=5, fontSize=13, color=INK).encode(
        x=x, y=y, text="text:N"
    )
    table = tuple((str(r[name]), str(r["text"])) for r in rows)
    alternative = said + "; ".join(f"{a} {b}" for a, b in table) + "."
    drawn = (bars + text).properties(width=WIDTH - 100, height=max(40, 26 * len(rows)))
    return Chart(svg(drawn), alternative, columns, table)


def mean_balance(balances: Sequence[Estimate]) -> Estimate | None:
    """The mean inquiry balance of a series."""
    return mean_of(balances)

"""How charts are drawn: SVG with direct labels, a text alternative and a table each.

Four colours at most, each at least 3:1 against white and its neighbours, and never alone: shape,
position or a label says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

BLUE, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
INK = "#222222"
FONT = "Arial, Helvetica, sans-serif"


@dataclass(frozen=True, slots=True)
class Chart:
    """An SVG picture with what it says in words (``alt``) and in a table."""

    svg: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def png(self) -> bytes:
        """The picture for documents that take no SVG."""
        return bytes(vl_convert.svg_to_png(self.svg, scale=2.5))


def data(rows: list[dict[str, Any]]) -> Any:
    """Rows for a chart; an empty chart still needs one."""
    return alt.Data(values=rows or [{}])  # type: ignore[no-untyped-call]


def legend() -> alt.Legend:
    """The legend of every chart."""
    return alt.Legend(
        title=None, orient="top", labelFontSize=12, labelLimit=300, symbolSize=90,
        columnPadding=32,  # letters are wider in some browsers than where the chart is laid out
    )  # fmt: skip


def name_axis(limit: int = 220) -> alt.Axis:
    """An axis of names."""
    return alt.Axis(labelFontSize=13, labelLimit=limit, ticks=False, domain=False, labelPadding=6)


def svg(chart: Any) -> str:
    """A chart as SVG, decorative to assistive technology: its figure carries the alternative."""
    spec = chart.configure(
        font=FONT, background="white", aria=False, padding=4
    ).configure_view(stroke=None).configure_axis(
        grid=False, labelColor=INK, titleColor=INK, titleFontWeight="normal", titleFontSize=12,
        labelFontSize=12,
    ).configure_legend(labelColor=INK).to_dict()  # fmt: skip
    drawn = vl_convert.vegalite_to_svg(spec)
    return str(drawn).replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)

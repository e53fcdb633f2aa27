"""Figures in words that a tired person takes in: "about 3 in 4, give or take 1"."""

from __future__ import annotations

import math
from collections.abc import Sequence

from als_nlp.measures.uncertainty import Estimate
from als_nlp.transcript import Phase

PHASE_NAMES: dict[Phase, str] = {
    "check_in": "Check-in",
    "present": "Present",
    "inquiry": "Inquiry",
    "reflect_decide": "Reflect and decide",
    "check_out": "Check-out",
}
_SMALL = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def phase_name(phase: Phase, cycle: int) -> str:
    """``Inquiry 2``; phases outside a cycle carry no number."""
    return f"{PHASE_NAMES[phase]} {cycle}" if cycle else PHASE_NAMES[phase]


def number(n: int) -> str:
    """Small whole numbers as words, others as digits."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else str(n)


def plural(n: int, one: str, many: str | None = None) -> str:
    """``three questions``, ``one question``, ``no questions``."""
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


def count(estimate: Estimate) -> str:
    """``about 42, give or take 5``; an exact figure stands alone."""
    value, spread = round(estimate.value), _spread(estimate)
    if spread < 0.5:
        return str(value)
    return f"about {value}, give or take {math.ceil(spread - 0.5)}"


def bracketed(estimate: Estimate) -> str:
    """``about 42 (give or take 5)``, for the middle of a sentence."""
    said = count(estimate)
    before, comma, after = said.partition(", ")
    return f"{before} ({after})" if comma else said


def share(estimate: Estimate) -> str:
    """``about 3 in 4, give or take 1,``: in the coarsest parts that the interval allows.

    It stands in the middle of a sentence, so what it adds ends in a comma. Below a twentieth either
    way, ``about 8 in 10`` already says as much as is known.
    """
    spread = _spread(estimate)
    parts = next((n for n in (4, 5, 10) if spread * n >= 0.5), 10)
    if round(estimate.value * parts) in (0, parts):
        parts = 10
    value, take = round(estimate.value * parts), max(0, math.ceil(spread * parts - 0.5))
    if (value, parts) == (2, 4):
        return "about half, give or take a quarter,"
    said = {0: "hardly any", parts: "nearly all"}.get(value, f"about {value} in {parts}")
    if take == 0:
        return said
    if value + take > parts:
        return f"{said}, at least {value - take} in {parts},"
    if value - take < 0:
        return f"{said}, at most {value + take} in {parts},"
    return f"{said}, give or take {take},"


def span(estimate: Estimate) -> str:
    """``37–48``, for tables."""
    low, high = round(estimate.low), round(estimate.high)
    return str(low) if low == high else f"{low}–{high}"


def clock(seconds: float | None) -> str:
    """``1:02:03`` or ``2:03``; empty without a time."""
    if seconds is None:
        return ""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def minutes(seconds: float) -> str:
    """``12 minutes``, ``1 minute``, ``40 seconds``."""
    if seconds < 55:
        return f"{round(seconds)} seconds"
    whole = max(1, round(seconds / 60))
    return "1 minute" if whole == 1 else f"{whole} minutes"


def percent(fraction: float) -> str:
    """``14 %``, with a narrow no-break space."""
    return f"{round(100 * fraction)}\u202f%"


def listing(items: Sequence[str], joint: str = "and") -> str:
    """``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"


def _spread(estimate: Estimate) -> float:
    return max(estimate.high - estimate.value, estimate.value - estimate.low)

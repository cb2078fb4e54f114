"""One measured figure, what we aim at, and whether it was reached."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

EXACT: Final = 1e-9


class BenchmarkFailed(Exception):
    """A benchmark ended without figures."""


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Args:
        what: the thing measured, in words.
        value: the figure.
        unit: its unit; empty for a ratio.
        at_most: the aim, where smaller is better.
        at_least: the aim, where larger is better.
        note: how to read it.
    """

    what: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def aim(self) -> str:
        """The aim in words; a dash where the figure only tells."""
        if self.at_most is not None:
            return f"≤ {shown(self.at_most)} {self.unit}".strip()
        if self.at_least is not None:
            return f"≥ {shown(self.at_least)} {self.unit}".strip()
        return "-"

    @property
    def missed_by(self) -> float | None:
        """How far the aim was missed as a part of it; 0 when it was met, None without an aim."""
        if self.at_most is not None:
            return _over(self.value - self.at_most, self.at_most)
        if self.at_least is not None:
            return _over(self.at_least - self.value, self.at_least)
        return None

    @property
    def verdict(self) -> str:
        """``met``, or by how much it was missed."""
        missed = self.missed_by
        if missed is None:
            return ""
        if missed <= EXACT:
            return "met"
        return "missed" if math.isinf(missed) else f"missed by {missed:.0%}"


def median(values: Sequence[float]) -> float:
    """Return the middle one."""
    return statistics.median(values)


def in_turn(these: Sequence[float], those: Sequence[float]) -> float:
    """Return the median of the ratios of two things measured in turn; a busy moment falls on both."""
    return median([this / that for this, that in zip(these, those, strict=True)])


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 do not pass."""
    return sorted(values)[max(0, math.ceil(0.95 * len(values)) - 1)]


def shown(value: float) -> str:
    """Return three digits that matter, whole numbers with separators."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _over(excess: float, aim: float) -> float:
    if excess <= 0:
        return 0.0
    return excess / aim if aim else math.inf

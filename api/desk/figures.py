"""Figures as their readers see them: the numbers of the API, words for codes, and a dash for a hidden number.

Source: DOM-7, DOM-5.11, DOM-R60.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.desk.children import TWO_LETTERS, age_in
from api.desk.visit import Visit
from api.desk.words import DeskWords
from cases.rules.indicators import FROM_CASES, SHARES, Indicator, Period, period_of
from cases.rules.suppression import Cell
from cases.service import statistics
from core.errors import NotAllowed
from core.packs.lookup import countries
from transfers.rules.bilateral import Sheet, Spans
from transfers.service import bilateral

FIRST_YEAR: Final = 2024
QUARTERS: Final = ("", "Q1", "Q2", "Q3", "Q4")
SHEET_READERS: Final = bilateral.READERS
HIDDEN: Final = "–"
"""A number under five is not shown to a statistician, nor what would give it away."""


@dataclass(frozen=True)
class Line:
    """One indicator in a list: its code leads to its splits."""

    code: str
    name: str
    children: str
    share: str


@dataclass(frozen=True)
class Split:
    """A further split of an indicator, with its lines."""

    name: str
    rows: tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True)
class Table:
    """One indicator with its splits."""

    name: str
    children: str
    share: str
    is_suppressed: bool
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], str], ...]
    beside: tuple[Split, ...]


def asked_period(year: str, quarter: str, today: date) -> Period:
    """Return the period of a form; this year where nothing sensible was asked."""
    known = {str(one) for one in years(today)}
    chosen = year if year in known else str(today.year)
    return period_of(f"{chosen}-{quarter}" if quarter in QUARTERS[1:] else chosen)


def years(today: date) -> Sequence[int]:
    """Return the years one may ask about, newest first."""
    return range(today.year, min(FIRST_YEAR, today.year) - 1, -1)


def sees_numbers(visit: Visit) -> bool:
    """Whether the reader sees numbers about cases."""
    return visit.actor.has(*statistics.NATIONAL, *statistics.OFFICE)


def sees_sheets(visit: Visit) -> bool:
    """Whether the reader sees the sheet of two countries."""
    return visit.actor.has(*SHEET_READERS)


def require_reader(visit: Visit) -> None:
    """Refuse whoever sees neither.

    Raises:
        NotAllowed: no role that sees numbers.
    """
    if not sees_numbers(visit) and not sees_sheets(visit):
        raise NotAllowed("statistics_role")


def overview(visit: Visit, period: Period) -> list[Line]:
    """Return every indicator of a period on one line."""
    return [_line(visit, one, period) for one in Indicator if one in FROM_CASES]


def waiting(visit: Visit) -> list[tuple[str, str, str, str]]:
    """Return what waits: state, priority, days in that state, children."""
    words = visit.words
    return [
        (words.of("state", state), words.of("priority", priority), words.of("figures_days", days), _number(count))
        for state, priority, days, count in statistics.backlog_ages(visit.session, visit.actor, now=visit.now)
    ]  # fmt: skip


def workload(visit: Visit) -> tuple[int, str, str]:
    """Return how many workers have open cases, the mean, and the most one has."""
    workers, mean, most = statistics.open_cases_per_worker(
        visit.session, visit.actor, now=visit.now
    )
    return workers, HIDDEN if mean is None else f"{mean:g}", _number(most)


def table(visit: Visit, indicator: Indicator, period: Period) -> Table:
    """Return one indicator with its splits."""
    found = statistics.indicator_table(
        visit.session, visit.actor, indicator, period.code, now=visit.now
    )
    words = visit.words
    heads = tuple(words.of("dimension", one) for one in found.dimensions)
    return Table(
        name=words.of("indicator", indicator),
        children=_number(found.children),
        share=_share(indicator, found.percent),
        is_suppressed=found.is_suppressed,
        heads=heads,
        rows=_rows(visit, found.cells, found.dimensions),
        beside=tuple(
            Split(words.of("dimension", name), _rows(visit, cells, (*found.dimensions[:-3], name)))
            for name, cells in found.beside.items()
        ),
    )  # fmt: skip


def partners(visit: Visit) -> list[tuple[str, str]]:
    """Return the other countries, by name."""
    others = (one for one in countries() if one != visit.actor.country)
    return sorted(((one, visit.words.country(one)) for one in others), key=lambda pair: pair[1])


def sheet(visit: Visit, partner: str, period: Period) -> list[tuple[str, str, str]]:
    """Return the sheet of two countries: what it is, from us, to us."""
    found = bilateral.read_sheet(visit.session, visit.actor, partner, period.code, now=visit.now)
    words = visit.words
    ours, theirs = _sheet(visit, found.outbound), _sheet(visit, found.inbound)
    return [(words.of("sheet", name), ours[name], theirs[name]) for name in ours]


def _line(visit: Visit, indicator: Indicator, period: Period) -> Line:
    found = statistics.indicator_table(
        visit.session, visit.actor, indicator, period.code, now=visit.now
    )
    name = visit.words.of("indicator", indicator)
    return Line(indicator.value, name, _number(found.children), _share(indicator, found.percent))


def _rows(
    visit: Visit, cells: Iterable[Cell], dimensions: Sequence[str]
) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the lines of the deepest split, each with the words of its path."""
    deepest = len(dimensions)
    return tuple(
        (
            tuple(_place(visit, name, code) for name, code in zip(dimensions, one.path, strict=True)),
            _number(one.count),
        )
        for one in cells
        if len(one.path) == deepest and one.count != 0
    )  # fmt: skip


def _place(visit: Visit, dimension: str, code: str) -> str:
    words = visit.words
    if dimension == "district":
        return visit.place(code) if code else words("figures.not_known")
    if dimension == "age_band":
        return age_in(words, code)
    if dimension == "nationality":
        return _nation(words, code)
    return words.of(f"by_{dimension}", code)


def _nation(words: DeskWords, code: str) -> str:
    if len(code) == TWO_LETTERS:
        return words.country(code)
    is_own = words.knows("by_nationality", code)
    return words.of("by_nationality" if is_own else "nationality", code)


def _sheet(visit: Visit, found: Sheet) -> dict[str, str]:
    return {
        "enquiries": str(found.enquiries),
        "requests": str(found.requests),
        "accepted": str(found.accepted),
        "declined": str(found.declined),
        "unanswered": str(found.unanswered),
        "received": str(sum(found.received.values())),
        "reunified": str(found.reunified),
        "to_acknowledge": _hours(visit, found.to_acknowledge),
        "to_answer": _hours(visit, found.to_answer),
        "to_handover": _hours(visit, found.to_handover),
        "reports": visit.words(
            "figures.on_time", done=found.reports_on_time, due=found.reports_due
        ),
    }


def _hours(visit: Visit, spans: Spans) -> str:
    if spans.median_hours is None:
        return HIDDEN
    return visit.words("figures.median", days=f"{spans.median_hours / 24:.1f}", count=spans.count)


def _number(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def _share(indicator: Indicator, percent: int | None) -> str:
    if indicator not in SHARES:
        return ""
    return HIDDEN if percent is None else f"{percent} %"

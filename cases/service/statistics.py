"""Numbers about children's cases that give no child away.

A statistician gets numbers only, suppressed. Supervisors, assessors and coordinators get the exact
numbers of their office, the secretariat those of its country: they see those cases anyway. A share
is told as children who qualify (``yes``) and who do not (``no``) in one tree, because two separate
tables could be subtracted. ``panels`` and ``transfers`` bring their own facts through
``count_facts``.

Source: DOM-7, DOM-2.2, DOM-R60.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.rules.children import Accompaniment, Sex
from cases.rules.clocks import ClockCode
from cases.rules.detention import DaysHeld, days_counted, days_held
from cases.rules.indicators import (
    CARE_WITHIN,
    FROM_CASES,
    NO,
    SHARES,
    YES,
    Fact,
    Indicator,
    Period,
    Times,
    children_in,
    filled,
    gathered,
    percent_of,
    period_of,
    times_of,
)
from cases.rules.suppression import (
    SMALLEST,
    STANDARD,
    Cell,
    Dimension,
    Path,
    may_combine,
    publish,
)
from cases.store import statistics as store
from cases.store.statistics import Scope, Span
from core import audit
from core.actors import Actor, Role, ScopeKind
from core.errors import NotAllowed, NotThere
from core.packs.lookup import pack_of
from core.packs.models import Pack

NATIONAL: Final = frozenset({Role.STATISTICIAN, Role.SECRETARIAT, Role.SECRETARIAT_HEAD})
OFFICE: Final = frozenset({Role.SUPERVISOR, Role.ASSESSOR, Role.COORDINATOR})
BESIDE: Final = (Dimension.DISTRICT, Dimension.NATIONALITY, Dimension.PRIORITY)


@dataclass(frozen=True)
class IndicatorTable:
    """One indicator for one period.

    Args:
        indicator: code.
        period: code of the period.
        is_suppressed: whether small numbers are hidden, as in everything that is published.
        children: all children counted; for a share those among whom it is taken.
        percent: for a share, whole per cent.
        dimensions: what the cells are split by, in order; a share begins with yes and no.
        cells: the tree of counts.
        beside: further splits, each for itself, never crossed with the tree.
    """

    indicator: Indicator
    period: str
    is_suppressed: bool
    children: int | None
    percent: int | None
    dimensions: tuple[str, ...]
    cells: tuple[Cell, ...]
    beside: Mapping[str, tuple[Cell, ...]]


def indicator_table(
    session: Session, actor: Actor, indicator: Indicator, period: str, *, now: datetime
) -> IndicatorTable:
    """Count the children of one indicator in one period.

    Raises:
        NotAllowed: not a role that sees numbers.
        NotThere: this indicator needs facts from panels or transfers.
        BadInput: not a year, quarter or month.

    Source: DOM-7.3.
    """
    if indicator not in FROM_CASES:
        raise NotThere("indicator")
    scope, span = _scope(actor), _span(actor, period_of(period), now)
    if indicator is Indicator.REFERRED_TO_CARE:
        placed = store.care_within(session, scope, span)
        ids = {case for case, found, began in placed if began - found <= CARE_WITHIN}
        return _of_ids(session, actor, indicator, period, {YES: ids}, now=now)
    if indicator is Indicator.BROKEN_PLACEMENTS:
        begun = store.broken_placements(session, scope, span)
        broken = {case for case, broke in begun if broke}
        whole = {case for case, _ in begun} - broken
        return _of_ids(session, actor, indicator, period, {YES: broken, NO: whole}, now=now)
    queries = {YES: store.qualifying(indicator, span)}
    if indicator in SHARES:
        among = store.candidates(indicator, span)
        queries[NO] = among.except_(queries[YES])
    tables = {
        dimensions: {
            answer: store.tally(session, scope, query, dimensions)
            for answer, query in queries.items()
        }
        for dimensions in (STANDARD, *((d,) for d in BESIDE))
    }
    return _table(session, actor, indicator, period, tables, now=now)


def count_facts(
    session: Session,
    actor: Actor,
    indicator: Indicator,
    period: str,
    facts: Collection[Fact],
    *,
    among: Collection[Fact] | None = None,
    now: datetime,
) -> IndicatorTable:
    """Count the children another layer names: each once, by the first day in the period.

    Args:
        session: the unit of work.
        actor: who asks.
        indicator: for example I5, cases considered by panels.
        period: year, quarter or month.
        facts: which child qualified on which day.
        among: for a share, the children among whom it is taken.
        now: when.

    Raises:
        NotAllowed: not a role that sees numbers.
        BadInput: not a year, quarter or month.

    Source: DOM-7.1.
    """
    when = period_of(period)
    yes = children_in(facts, when)
    ids: dict[str, Collection[str]] = {YES: yes}
    if among is not None:
        ids[NO] = children_in(among, when) - yes
    return _of_ids(session, actor, indicator, period, ids, now=now)


def days_in_detention(
    session: Session, actor: Actor, period: str, *, now: datetime
) -> DaysHeld | None:
    """Return how many children were released in a period, and for how long they were held.

    A statistician gets None where fewer than five children were released.

    Source: DOM-7.3/I8, DOM-R60.
    """
    spans = store.releases(session, _scope(actor), _span(actor, period_of(period), now))
    longest: dict[str, int] = {}
    for case, since, released in spans:
        longest[case] = longest.get(case, 0) + days_counted(since, released)
    _note(session, actor, "I8", period, now)
    if len(longest) < SMALLEST and _must_suppress(actor):
        return None
    return days_held(sorted(longest.values()))


def times_for(
    session: Session, actor: Actor, code: ClockCode, period: str, *, now: datetime
) -> Times:
    """Return how long a step took in a period, of the limits that were met in it.

    Source: DOM-7.3/I13.
    """
    span = _span(actor, period_of(period), now)
    _note(session, actor, f"I13.{code}", period, now)
    return times_of(store.met_limits(session, _scope(actor), code.value, span))


def open_cases_per_worker(
    session: Session, actor: Actor, *, now: datetime
) -> tuple[int, float | None, int | None]:
    """Return how many workers have open cases, the mean and the most one has; small numbers are hidden.

    Source: DOM-7.3/I25, DOM-R60.
    """
    counts = store.open_cases_by_worker(session, _scope(actor))
    _note(session, actor, "I25", "now", now)
    if not counts:
        return 0, 0.0, 0
    total, most = sum(counts.values()), max(counts.values())
    mean = round(total / len(counts), 1)
    if not _must_suppress(actor):
        return len(counts), mean, most
    least = _smallest(pack_of(_scope(actor).country, on=now.date()))
    return len(counts), mean if total >= least else None, most if most >= least else None


def backlog_ages(
    session: Session, actor: Actor, *, now: datetime
) -> tuple[tuple[str, str, str, int | None], ...]:
    """Return open cases by state, priority and time in that state; small counts are hidden.

    Source: DOM-7.3/I14.
    """
    found: dict[Path, int] = {}
    for state, priority, days in store.age_of_states(session, _scope(actor), now):
        path = (state, priority, _age(days))
        found[path] = found.get(path, 0) + 1
    _note(session, actor, "I14.ages", "now", now)
    pack = pack_of(_scope(actor).country, on=now.date())
    cells = _cells(found, pack, suppress=_must_suppress(actor))
    return tuple((*cell.path, cell.count) for cell in cells if len(cell.path) == 3)  # noqa: PLR2004  # type: ignore[misc]


def _of_ids(
    session: Session,
    actor: Actor,
    indicator: Indicator,
    period: str,
    ids: Mapping[str, Collection[str]],
    *,
    now: datetime,
) -> IndicatorTable:
    scope = _scope(actor)
    tables = {
        dimensions: {
            answer: store.tally_of(session, scope, cases, dimensions)
            for answer, cases in ids.items()
        }
        for dimensions in (STANDARD, *((d,) for d in BESIDE))
    }
    return _table(session, actor, indicator, period, tables, now=now)


def _table(
    session: Session,
    actor: Actor,
    indicator: Indicator,
    period: str,
    tables: Mapping[tuple[Dimension, ...], Mapping[str, Mapping[Path, int]]],
    *,
    now: datetime,
) -> IndicatorTable:
    suppress, pack = _must_suppress(actor), pack_of(_scope(actor).country, on=now.date())
    share = NO in tables[STANDARD]
    cells: dict[tuple[Dimension, ...], tuple[Cell, ...]] = {}
    for dimensions, answers in tables.items():
        may_combine(dimensions).require()
        leaves: dict[Path, int] = {}
        for answer, counts in answers.items():
            prefix = (answer,) if share else ()
            whole = _prepared(counts, dimensions, pack, suppress=suppress)
            leaves.update({(*prefix, *path): count for path, count in whole.items()})
        cells[dimensions] = _cells(leaves, pack, suppress=suppress)
    standard = cells.pop(STANDARD)
    by_path = {cell.path: cell.count for cell in standard}
    _note(session, actor, indicator.value, period, now)
    return IndicatorTable(
        indicator=indicator,
        period=period,
        is_suppressed=suppress,
        children=by_path.get((), 0),
        percent=percent_of(by_path.get((YES,)), by_path.get(())) if share else None,
        dimensions=(*(("qualifies",) if share else ()), *STANDARD),
        cells=standard,
        beside={dimensions[0].value: found for dimensions, found in cells.items()},
    )


def _prepared(
    counts: Mapping[Path, int], dimensions: Sequence[Dimension], pack: Pack, *, suppress: bool
) -> Mapping[Path, int]:
    if not suppress:
        return counts
    if tuple(dimensions) == (Dimension.NATIONALITY,):
        return gathered(counts, _smallest(pack))
    return filled(counts, [_values(dimension, pack) for dimension in dimensions])


def _values(dimension: Dimension, pack: Pack) -> Collection[str]:
    known: dict[Dimension, Collection[str]] = {
        Dimension.SEX: [sex.value for sex in Sex],
        Dimension.ACCOMPANIMENT: [value.value for value in Accompaniment],
        Dimension.AGE_BAND: [*(band.code for band in pack.statistics.bands), "unknown", "adult"],
        Dimension.PRIORITY: [level.value for level in pack.priorities.order],
        Dimension.DISTRICT: list(pack.places),
    }
    return known.get(dimension, ())


def _smallest(pack: Pack) -> int:
    """Never less than five, whatever a pack says."""
    return max(SMALLEST, pack.statistics.suppress_below)


def _cells(leaves: Mapping[Path, int], pack: Pack, *, suppress: bool) -> tuple[Cell, ...]:
    if suppress:
        return publish(leaves, _smallest(pack))
    totals: dict[Path, int] = {(): 0}
    for path, count in leaves.items():
        for depth in range(len(path) + 1):
            totals[path[:depth]] = totals.get(path[:depth], 0) + count
    return tuple(Cell(p, totals[p]) for p in sorted(totals, key=lambda p: (len(p), p)))


def _must_suppress(actor: Actor) -> bool:
    """Whoever is a statistician gets suppressed numbers, whatever else they are."""
    return actor.has(Role.STATISTICIAN)


def _scope(actor: Actor) -> Scope:
    for grant in actor.grants:
        if grant.role in NATIONAL and grant.scope is ScopeKind.COUNTRY:
            return Scope(grant.ref)
    countries = {g.ref for g in actor.grants if g.role in OFFICE and g.scope is ScopeKind.COUNTRY}
    if countries:
        return Scope(min(countries))
    offices = {g.ref for g in actor.grants if g.role in OFFICE and g.scope is ScopeKind.OFFICE}
    if not offices:
        raise NotAllowed("statistics_role")
    return Scope(actor.country, tuple(sorted(offices)))


def _span(actor: Actor, period: Period, now: datetime) -> Span:
    zone: ZoneInfo = pack_of(_scope(actor).country, on=now.date()).calendar().zone
    return Span(
        datetime.combine(period.start, time(), tzinfo=zone),
        datetime.combine(period.until, time(), tzinfo=zone),
    )


def _age(days: int) -> str:
    for limit in (7, 30, 90, 180):
        if days <= limit:
            return f"<={limit}"
    return ">180"


def _note(session: Session, actor: Actor, indicator: str, period: str, now: datetime) -> None:
    codes: dict[str, Any] = {"period": period, "suppressed": _must_suppress(actor)}
    audit.record(
        session,
        actor,
        "statistics.read",
        thing="indicator",
        thing_id=indicator,
        now=now,
        codes=codes,
    )

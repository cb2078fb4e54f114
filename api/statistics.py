"""Numbers that give no child away: one indicator for one period, with small numbers hidden."""

from typing import Annotated

from fastapi import Query

from api.dependencies import ActorDep, NowDep, SessionDep
from api.fields import View
from api.routing import Reach, feature_router, reach
from cases.rules.clocks import ClockCode
from cases.rules.indicators import Indicator
from cases.service import statistics

router = feature_router("/statistics", "statistics")
STATISTICS = reach(Reach.STATISTICS)
PeriodQuery = Annotated[
    str,
    Query(pattern=r"^20\d\d(-(Q[1-4]|0[1-9]|1[0-2]))?$", description="2026, 2026-Q1 or 2026-03"),
]


class CellView(View):
    """One place of a table; ``count`` is null where the number is hidden."""

    path: tuple[str, ...]
    count: int | None


class IndicatorView(View):
    """One indicator for one period. ``beside`` has further splits, never crossed with the tree."""

    indicator: Indicator
    period: str
    is_suppressed: bool
    children: int | None
    percent: int | None
    dimensions: tuple[str, ...]
    cells: tuple[CellView, ...]
    beside: dict[str, tuple[CellView, ...]]


class DetentionDaysView(View):
    """Released children and the days they were held; null where fewer than five."""

    children: int | None
    median_days: float | None
    longest_days: int | None


class TimesView(View):
    """How long a step took; null where fewer than five times are known."""

    count: int | None
    median_hours: float | None
    p90_hours: float | None
    within_limit: int | None


class WorkloadView(View):
    """Workers with open cases, the mean and the most one has; null where it would count fewer than five children."""

    workers: int
    mean: float | None
    most: int | None


class BacklogView(View):
    """Open cases in one state, of one priority, for so many days."""

    state: str
    priority: str
    days: str
    count: int | None


@router.get("/indicator", openapi_extra=STATISTICS)
def read_indicator(
    *,
    indicator: Indicator,
    period: PeriodQuery,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> IndicatorView:
    """Count the children of one indicator in one period."""
    return IndicatorView.model_validate(
        statistics.indicator_table(session, actor, indicator, period, now=now)
    )


@router.get("/detention-days", openapi_extra=STATISTICS)
def read_detention_days(
    period: PeriodQuery, session: SessionDep, actor: ActorDep, now: NowDep
) -> DetentionDaysView:
    """Read how many children were released, and after how many days."""
    held = statistics.days_in_detention(session, actor, period, now=now)
    if held is None:
        return DetentionDaysView(children=None, median_days=None, longest_days=None)
    return DetentionDaysView.model_validate(held)


@router.get("/times", openapi_extra=STATISTICS)
def read_times(
    *, clock: ClockCode, period: PeriodQuery, session: SessionDep, actor: ActorDep, now: NowDep
) -> TimesView:
    """Read how long a step took, of the limits that were met in a period."""
    return TimesView.model_validate(statistics.times_for(session, actor, clock, period, now=now))


@router.get("/workload", openapi_extra=STATISTICS)
def read_workload(session: SessionDep, actor: ActorDep, now: NowDep) -> WorkloadView:
    """Read how many open cases workers carry."""
    workers, mean, most = statistics.open_cases_per_worker(session, actor, now=now)
    return WorkloadView(workers=workers, mean=mean, most=most)


@router.get("/backlog", openapi_extra=STATISTICS)
def read_backlog(session: SessionDep, actor: ActorDep, now: NowDep) -> list[BacklogView]:
    """Read what waits: open cases by state, priority and time in that state."""
    return [
        BacklogView(state=state, priority=priority, days=days, count=count)
        for state, priority, days, count in statistics.backlog_ages(session, actor, now=now)
    ]

"""Queries that count children. They return counts by code and moments, never a child's words.

Source: DOM-7.1.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.rules.indicators import BREAKDOWN_WITHIN, Indicator
from cases.rules.suppression import Dimension, Path
from cases.tables.access import CaseAccessRow, SensitiveRequestRow
from cases.tables.assessment import AssessmentRow
from cases.tables.case_file import CaseRow
from cases.tables.clock import DeadlineRow
from cases.tables.consent import OverrideRow
from cases.tables.detention import DetentionRow
from cases.tables.followup import FollowUpReportRow
from cases.tables.guardian import GuardianRow
from cases.tables.history import CaseHistoryRow
from cases.tables.placement import PlacementRow

CHUNK: Final = 500
SEPARATED: Final = ("unaccompanied", "separated")
URGENT: Final = ("emergency", "high")
BROKEN: Final = ("abuse", "breakdown")

_COLUMNS: Final[Mapping[Dimension, Any]] = {
    Dimension.SEX: CaseRow.sex,
    Dimension.AGE_BAND: CaseRow.age_band,
    Dimension.ACCOMPANIMENT: CaseRow.accompaniment,
    Dimension.DISTRICT: CaseRow.district,
    Dimension.NATIONALITY: CaseRow.nationality_code,
    Dimension.PRIORITY: CaseRow.priority,
    Dimension.STATE: CaseRow.state,
    Dimension.DETENTION: CaseRow.detained,
}


@dataclass(frozen=True)
class Scope:
    """Whose children are counted: a country, or some of its offices."""

    country: str
    offices: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Span:
    """A span of time in UTC; ``until`` is no longer in it."""

    start: datetime
    until: datetime


def tally(
    session: Session, scope: Scope, ids: Any, dimensions: Sequence[Dimension]
) -> dict[Path, int]:
    """Count the children of a subquery of case ids by some dimensions."""
    columns = [col(_COLUMNS[dimension]) for dimension in dimensions]
    query = (
        sa.select(*columns, sa.func.count())
        .where(*_in_scope(scope), col(CaseRow.id).in_(ids))
        .group_by(*columns)
    )
    return {tuple(_text(v) for v in row[:-1]): int(row[-1]) for row in session.execute(query)}


def tally_of(
    session: Session, scope: Scope, case_ids: Collection[str], dimensions: Sequence[Dimension]
) -> dict[Path, int]:
    """Count children named by id, in portions."""
    ordered, found = sorted(case_ids), dict[Path, int]()
    for start in range(0, len(ordered), CHUNK):
        part = tally(session, scope, ordered[start : start + CHUNK], dimensions)
        for path, count in part.items():
            found[path] = found.get(path, 0) + count
    return found


def qualifying(indicator: Indicator, span: Span) -> Any:
    """Return the subquery of the children who qualify for an indicator in a span of time."""
    return _QUALIFYING[indicator](span)


def candidates(indicator: Indicator, span: Span) -> Any:
    """Return the subquery of the children among whom a share is taken."""
    return _CANDIDATES[indicator](span)


def care_within(session: Session, scope: Scope, span: Span) -> list[tuple[str, datetime, datetime]]:
    """Return first placements of children identified in a span: id, identified, placed."""
    query = (
        sa.select(col(CaseRow.id), col(CaseRow.opened_at), sa.func.min(PlacementRow.started_at))
        .join(PlacementRow, col(PlacementRow.case_id) == col(CaseRow.id))
        .where(*_in_scope(scope), *_within(CaseRow.opened_at, span))
        .group_by(col(CaseRow.id), col(CaseRow.opened_at))
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def broken_placements(session: Session, scope: Scope, span: Span) -> list[tuple[str, bool]]:
    """Return for each placement begun in a span its child and whether it broke within a year."""
    query = (
        select(PlacementRow)
        .join(CaseRow)
        .where(*_in_scope(scope), *_within(PlacementRow.started_at, span))
    )
    return [(row.case_id, _broke(row)) for row in session.exec(query)]


def releases(session: Session, scope: Scope, span: Span) -> list[tuple[str, datetime, datetime]]:
    """Return the releases in a span: child, locked up since, released at."""
    query = (
        sa.select(col(DetentionRow.case_id), col(DetentionRow.since), col(DetentionRow.released_at))
        .join(CaseRow, col(CaseRow.id) == col(DetentionRow.case_id))
        .where(*_in_scope(scope), *_within(DetentionRow.released_at, span))
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def met_limits(
    session: Session, scope: Scope, code: str, span: Span
) -> list[tuple[datetime, datetime, datetime]]:
    """Return start, limit and end of the limits of one code met in a span."""
    query = (
        sa.select(col(DeadlineRow.started_at), col(DeadlineRow.due_at), col(DeadlineRow.met_at))
        .join(CaseRow, col(CaseRow.id) == col(DeadlineRow.case_id))
        .where(*_in_scope(scope), col(DeadlineRow.code) == code, *_within(DeadlineRow.met_at, span))
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def open_cases_by_worker(session: Session, scope: Scope) -> dict[str, int]:
    """Return the number of open cases of each worker, by person id."""
    query = (
        sa.select(col(CaseRow.owner_person), sa.func.count())
        .where(*_in_scope(scope), col(CaseRow.is_open).is_(True))
        .where(col(CaseRow.owner_person).is_not(None))
        .group_by(col(CaseRow.owner_person))
    )
    return {row[0]: int(row[1]) for row in session.execute(query)}


def age_of_states(session: Session, scope: Scope, now: datetime) -> list[tuple[str, str, int]]:
    """Return state, priority and days in that state of every open case."""
    query = sa.select(col(CaseRow.state), col(CaseRow.priority), col(CaseRow.state_since)).where(
        *_in_scope(scope), col(CaseRow.is_open).is_(True)
    )
    return [(row[0], row[1], (now - row[2]).days) for row in session.execute(query)]


def _in_scope(scope: Scope) -> list[Any]:
    where: list[Any] = [CaseRow.country == scope.country, col(CaseRow.merged_into).is_(None)]
    where.append(CaseRow.state != "not_eligible")
    if scope.offices is not None:
        where.append(col(CaseRow.office).in_(scope.offices))
    return where


def _within(column: Any, span: Span) -> tuple[Any, Any]:
    return col(column) >= span.start, col(column) < span.until


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "unknown"


def _broke(row: PlacementRow) -> bool:
    ended = row.ended_on
    soon = ended is not None and ended - row.started_on <= BREAKDOWN_WITHIN
    return soon and row.end_reason in BROKEN


def _identified(span: Span) -> Any:
    return sa.select(col(CaseRow.id)).where(*_within(CaseRow.opened_at, span))


def _urgent(span: Span) -> Any:
    return _identified(span).where(col(CaseRow.priority).in_(URGENT))


def _supported(span: Span) -> Any:
    approved = sa.select(col(AssessmentRow.case_id)).where(
        col(AssessmentRow.approved_at).is_not(None), col(AssessmentRow.approved_at) < span.until
    )
    return _urgent(span).where(col(CaseRow.id).in_(approved))


def _separated_open(span: Span) -> Any:
    return sa.select(col(CaseRow.id)).where(
        col(CaseRow.accompaniment).in_(SEPARATED),
        col(CaseRow.opened_at) < span.until,
        sa.or_(col(CaseRow.closed_at).is_(None), col(CaseRow.closed_at) >= span.until),
    )


def _in_care(span: Span) -> Any:
    day = span.until.date()
    placed = sa.select(col(PlacementRow.case_id)).where(
        col(PlacementRow.started_at) < span.until,
        sa.or_(col(PlacementRow.ended_on).is_(None), col(PlacementRow.ended_on) >= day),
    )
    approved = sa.select(col(AssessmentRow.case_id)).where(
        col(AssessmentRow.approved_at).is_not(None), col(AssessmentRow.approved_at) < span.until
    )
    return _separated_open(span).where(
        col(CaseRow.id).in_(placed),
        col(CaseRow.id).in_(approved),
        col(CaseRow.detained).is_(False),
    )


def _released(span: Span) -> Any:
    return sa.select(col(DetentionRow.case_id)).where(*_within(DetentionRow.released_at, span))


def _backlog(span: Span) -> Any:
    return sa.select(col(CaseRow.id)).where(
        col(CaseRow.opened_at) < span.until,
        sa.or_(col(CaseRow.closed_at).is_(None), col(CaseRow.closed_at) >= span.until),
    )


def _report_due(span: Span) -> Any:
    return sa.select(col(FollowUpReportRow.case_id)).where(
        col(FollowUpReportRow.due_on) >= span.start.date(),
        col(FollowUpReportRow.due_on) < span.until.date(),
    )


def _reports_on_time(span: Span) -> Any:
    late = _report_due(span).where(
        sa.or_(
            col(FollowUpReportRow.written_at).is_(None),
            sa.func.date(col(FollowUpReportRow.written_at))
            > sa.func.date(col(FollowUpReportRow.due_on)),
        )
    )
    return _report_due(span).where(col(FollowUpReportRow.case_id).not_in(late))


def _decided(span: Span) -> Any:
    return sa.select(col(CaseHistoryRow.case_id)).where(
        col(CaseHistoryRow.to_state) == "bid_decided", *_within(CaseHistoryRow.at, span)
    )


def _guarded(span: Span) -> Any:
    guarded = sa.select(col(GuardianRow.case_id)).where(
        col(GuardianRow.case_id) == col(CaseHistoryRow.case_id),
        sa.func.date(col(GuardianRow.from_on)) <= sa.func.date(col(CaseHistoryRow.at)),
    )
    return _decided(span).where(guarded.exists())


def _appealed(span: Span) -> Any:
    return sa.select(col(CaseHistoryRow.case_id)).where(
        col(CaseHistoryRow.to_state) == "under_appeal", *_within(CaseHistoryRow.at, span)
    )


def _sensitive_access(span: Span) -> Any:
    granted = sa.select(col(SensitiveRequestRow.case_id)).where(
        col(SensitiveRequestRow.approved).is_(True), *_within(SensitiveRequestRow.answered_at, span)
    )
    overridden = sa.select(col(OverrideRow.case_id)).where(*_within(OverrideRow.answered_at, span))
    broken = sa.select(col(CaseAccessRow.case_id)).where(
        col(CaseAccessRow.basis) == "break_glass", *_within(CaseAccessRow.from_at, span)
    )
    either = sa.or_(
        col(CaseRow.id).in_(granted), col(CaseRow.id).in_(overridden), col(CaseRow.id).in_(broken)
    )
    return sa.select(col(CaseRow.id)).where(either)


_QUALIFYING: Final = {
    Indicator.IDENTIFIED: _identified,
    Indicator.SUPPORTED: _supported,
    Indicator.IN_APPROPRIATE_CARE: _in_care,
    Indicator.RELEASED: _released,
    Indicator.BACKLOG: _backlog,
    Indicator.FOLLOWED_UP: _reports_on_time,
    Indicator.GUARDED: _guarded,
    Indicator.APPEALS: _appealed,
    Indicator.SENSITIVE_ACCESS: _sensitive_access,
}
_CANDIDATES: Final = {
    Indicator.SUPPORTED: _urgent,
    Indicator.IN_APPROPRIATE_CARE: _separated_open,
    Indicator.FOLLOWED_UP: _report_due,
    Indicator.GUARDED: _decided,
}

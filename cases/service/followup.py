"""Following a child up: visits done or missed, what they set off, and written reports.

Visits and reports are planned by the procedure (``plan_visits``), one after the other.

Source: DOM-4.9/followup, DOM-3.2/D18, DOM-3.2/D19, DOM-3.2/D20.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.followup import (
    Aspect,
    ConcernLevel,
    MissedReason,
    Recommend,
    Scale,
    VisitFacts,
    VisitMethod,
    VisitStatus,
    after_visit,
    visit_report,
)
from cases.service import clocks, prompts, steps
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.childfacts import today_of
from cases.service.files import Purpose
from cases.service.forms import RESTRICTED, SENSITIVE, open_value, seal_value, shows_sensitive
from cases.store import followup as store
from cases.tables.case_file import CaseRow
from cases.tables.followup import FollowUpReportRow, VisitRow
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import BadInput, Gap, Incomplete, NotThere, WrongState
from core.packs.sections import FollowUp

SECTION: Final = "new_harm"
FIRST_VISIT: Final = 1
VISITORS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.ASSESSOR})


@dataclass(frozen=True)
class VisitReport:
    """What a visitor writes down.

    Args:
        not_alone_because: why the child was not seen alone.
        views: the child's own words; or ``no_views_because``.
        notes: words on each aspect that is not well.
        new_harm: what happened; highly sensitive. Any text here asks for an emergency action.
        placement_broken: the child no longer lives where placed, or cannot stay.
    """

    done_on: date
    method: VisitMethod | None = None
    seen_alone: bool | None = None
    not_alone_because: str = ""
    views: str = ""
    no_views_because: str = ""
    scales: Mapping[Aspect, Scale] = field(default_factory=dict)
    notes: Mapping[Aspect, str] = field(default_factory=dict)
    concern: ConcernLevel | None = None
    recommend: Recommend | None = None
    new_harm: str = ""
    placement_broken: bool = False


@dataclass(frozen=True)
class VisitView:
    """A visit as one person may see it; new harm only with the right to see it."""

    id: str
    case_id: str
    no: int
    due_on: date
    status: VisitStatus
    done_on: date | None
    method: str | None
    seen_alone: bool | None
    missed_reason: str | None
    concern: str | None
    recommend: str | None
    has_new_harm: bool
    words: Mapping[str, Any]
    new_harm: str
    visitor: str | None
    version: int


@dataclass(frozen=True)
class WrittenReportView:
    """A written follow-up report."""

    id: str
    case_id: str
    no: int
    due_on: date
    written_at: datetime | None
    text: str
    version: int


def record_visit(
    session: Session,
    actor: Actor,
    case_id: str,
    visit_id: str,
    report: VisitReport,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> VisitView:
    """Record a planned visit as done.

    An urgent concern alerts the supervisor, new harm asks for an emergency action, a broken
    placement asks whether to reopen; people decide all three.

    Raises:
        Incomplete: with everything missing.
        WrongState: it was recorded already.
        BadInput: done in the future.
        StaleWrite: it changed since it was read.

    Source: DOM-4.9/followup.
    """
    row, visit = _planned(session, actor, case_id, visit_id, "record_visit", now=now)
    check_version(visit, "visit", expected_version)
    if report.done_on > today_of(row, now):
        raise BadInput(pointer="/done_on", code="lies_ahead")
    visit_report(_facts(report, pack_for(row, on=now.date()).follow_up)).require()
    visit.status = VisitStatus.DONE.value
    visit.done_on = report.done_on
    visit.method, visit.seen_alone = str(report.method), report.seen_alone
    visit.concern, visit.recommend = str(report.concern), str(report.recommend)
    visit.has_new_harm = bool(report.new_harm.strip())
    _seal(session, visit, report)
    _keep(session, actor, visit, "visit.recorded", now)
    _meet_clock(session, actor, visit, now=now)
    _prompt(session, row, visit, report, now=now)
    return _view(session, visit, shows=True)


def miss_visit(
    session: Session,
    actor: Actor,
    case_id: str,
    visit_id: str,
    reason: MissedReason,
    *,
    words: str,
    now: datetime,
    expected_version: int | None = None,
) -> VisitView:
    """Record that a planned visit did not take place; the next one is planned afterwards.

    The limit for seeing the child keeps running: a missed visit meets nothing.

    Raises:
        WrongState: it was recorded already.
        StaleWrite: it changed since it was read.
    """
    _, visit = _planned(session, actor, case_id, visit_id, "miss_visit", now=now)
    check_version(visit, "visit", expected_version)
    visit.status = VisitStatus.MISSED.value
    visit.missed_reason = reason.value
    visit.restricted = seal_value(session, case_id, visit, {"missed": words}, RESTRICTED)
    _keep(session, actor, visit, "visit.missed", now)
    return _view(session, visit, shows=True)


def list_visits(
    session: Session, actor: Actor, case_id: str, *, now: datetime, purpose: Purpose | None = None
) -> tuple[VisitView, ...]:
    """Read every visit of a case, by number.

    Raises:
        NotThere: no such case, or not yours.
    """
    seen = reach_of(session, actor, case_id, now=now)
    if seen.level < Level.FULL:
        raise NotThere("case")
    shows = shows_sensitive(seen, SECTION, purpose)
    audit.record(
        session, actor, "visit.read", thing="case", thing_id=case_id, case_id=case_id, now=now,
        codes={"harm": shows},
    )  # fmt: skip
    return tuple(_view(session, row, shows=shows) for row in store.visits_of(session, case_id))


def write_report(
    session: Session,
    actor: Actor,
    case_id: str,
    report_id: str,
    text: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> WrittenReportView:
    """Write a follow-up report that is due; once written it stays.

    Raises:
        Incomplete: it is empty.
        WrongState: it was written already.
        StaleWrite: it changed since it was read.

    Source: DOM-3.2/D20.
    """
    case_for(session, actor, case_id, roles=VISITORS, now=now)
    row = store.find_report(session, case_id, report_id)
    if row is None:
        raise NotThere("follow_up_report")
    check_version(row, "follow_up_report", expected_version)
    if row.written_at is not None:
        raise WrongState(kind="follow_up_report", state="written", act="write_report")
    if not text.strip():
        raise Incomplete("write_report", (Gap("report_text_missing"),))
    row.written_at, row.by_person = now, actor.person_id
    row.restricted = seal_value(session, case_id, row, {"text": text}, RESTRICTED)
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "followup_report.written", thing="follow_up_report", thing_id=row.id,
        case_id=case_id, now=now, codes={"no": row.no},
    )  # fmt: skip
    clocks.meet_clock(session, case_id, "D20", now=now, occurrence=row.no - 1, actor=actor)
    steps.wake(session, case_id, now=now)
    return _report_view(session, row)


def list_reports(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[WrittenReportView, ...]:
    """Read the written reports of a case, by number, those that are due included.

    Raises:
        NotThere: no such case, or not yours.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    audit.record(
        session, actor, "followup_report.read", thing="case", thing_id=case_id, case_id=case_id,
        now=now,
    )  # fmt: skip
    return tuple(_report_view(session, row) for row in store.reports_of(session, case_id))


def has_open_visit(session: Session, case_id: str) -> bool:
    """Whether a planned visit waits to be done."""
    newest = store.newest_visit(session, case_id)
    return newest is not None and newest.status == VisitStatus.PLANNED


def last_visit_on(session: Session, case_id: str) -> date | None:
    """Return the day of the last visit that took place; for closing a case."""
    done = [visit.done_on for visit in store.visits_of(session, case_id) if visit.done_on]
    return max(done, default=None)


def has_open_report(session: Session, case_id: str) -> bool:
    """Whether a written report is due; for closing a case. Source: DOM-R55."""
    return any(row.written_at is None for row in store.reports_of(session, case_id))


def _planned(
    session: Session, actor: Actor, case_id: str, visit_id: str, act: str, *, now: datetime
) -> tuple[CaseRow, VisitRow]:
    row = case_for(session, actor, case_id, roles=VISITORS, now=now)
    visit = store.find_visit(session, case_id, visit_id)
    if visit is None:
        raise NotThere("visit")
    if visit.status != VisitStatus.PLANNED:
        raise WrongState(kind="visit", state=visit.status, act=act)
    visit.recorded_at, visit.visitor_person = now, actor.person_id
    return row, visit


def _facts(report: VisitReport, law: FollowUp) -> VisitFacts:
    return VisitFacts(
        method=report.method,
        seen_alone=report.seen_alone,
        not_alone_because=bool(report.not_alone_because.strip()),
        views_recorded=bool(report.views.strip() or report.no_views_because.strip()),
        scales=report.scales,
        aspects_written=frozenset(a for a, text in report.notes.items() if text.strip()),
        concern=report.concern,
        recommend=report.recommend,
        alone_expected=law.seen_alone_expected,
        methods=law.methods,
    )


def _seal(session: Session, visit: VisitRow, report: VisitReport) -> None:
    words = {
        "not_alone_because": report.not_alone_because,
        "views": report.views,
        "no_views_because": report.no_views_because,
        "scales": {aspect.value: scale.value for aspect, scale in report.scales.items()},
        "notes": {aspect.value: text for aspect, text in report.notes.items()},
    }
    visit.restricted = seal_value(session, visit.case_id, visit, words, RESTRICTED)
    if visit.has_new_harm:
        harm = {"new_harm": report.new_harm}
        visit.sensitive = seal_value(session, visit.case_id, visit, harm, SENSITIVE)


def _meet_clock(session: Session, actor: Actor, visit: VisitRow, *, now: datetime) -> None:
    """End every limit for seeing this child that is still open: the child has been seen."""
    for code in ("D18", "D19"):
        clocks.meet_clock(session, visit.case_id, code, now=now, actor=actor)


def _prompt(
    session: Session, row: CaseRow, visit: VisitRow, report: VisitReport, *, now: datetime
) -> None:
    if report.concern is None or report.recommend is None:
        return
    due = after_visit(
        report.concern,
        report.recommend,
        new_harm=visit.has_new_harm,
        placement_broken=report.placement_broken,
    )
    if due.alert:
        prompts.urgent_visit(session, row, visit.id, now=now)
    if due.emergency_prompt:
        prompts.emergency(session, row, visit.id, now=now)
    if due.reopening:
        code = "breakdown" if report.placement_broken else "new_harm"
        prompts.reopening(
            session, row, visit.id, code if due.emergency_prompt or report.placement_broken else "visit",
            now=now,
        )  # fmt: skip


def _keep(session: Session, actor: Actor, visit: VisitRow, action: str, now: datetime) -> None:
    session.add(visit)
    session.flush()
    audit.record(
        session, actor, action, thing="follow_up_visit", thing_id=visit.id, case_id=visit.case_id,
        now=now, codes={"no": visit.no, "concern": visit.concern, "missed": visit.missed_reason},
    )  # fmt: skip
    steps.wake(session, visit.case_id, now=now)


def _view(session: Session, row: VisitRow, *, shows: bool) -> VisitView:
    hidden = open_value(session, row.case_id, row, SENSITIVE) if shows else {}
    return VisitView(
        id=row.id,
        case_id=row.case_id,
        no=row.no,
        due_on=row.due_on,
        status=VisitStatus(row.status),
        done_on=row.done_on,
        method=row.method,
        seen_alone=row.seen_alone,
        missed_reason=row.missed_reason,
        concern=row.concern,
        recommend=row.recommend,
        has_new_harm=row.has_new_harm,
        words=open_value(session, row.case_id, row),
        new_harm=hidden.get("new_harm", ""),
        visitor=row.visitor_person,
        version=row.version,
    )


def _report_view(session: Session, row: FollowUpReportRow) -> WrittenReportView:
    return WrittenReportView(
        id=row.id,
        case_id=row.case_id,
        no=row.no,
        due_on=row.due_on,
        written_at=row.written_at,
        text=open_value(session, row.case_id, row).get("text", ""),
        version=row.version,
    )

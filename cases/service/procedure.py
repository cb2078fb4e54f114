"""What the procedure does for a case by itself, step by step, and what it waits for.

Every step may run twice: it looks at what is on file, does what has become possible, and answers
whether it did something. None of them decides anything that belongs to a person.

Source: DOM-3.1, DOM-3.2, DOM-3.3, DOM-R34.
"""

from datetime import UTC, date, datetime, time
from typing import Final

from sqlmodel import Session

from cases.rules.assessment_form import AssessmentForm
from cases.rules.assessments import limits_met_by
from cases.rules.followup import VisitStatus, next_due
from cases.rules.machine import CaseState, Step
from cases.rules.triggers import UNACCOMPANIED_OR_SEPARATED
from cases.rules.waiting import Progress, Stage, Waiting, waiting
from cases.service import clocks, effects, plans, steps
from cases.service.access import reach_of
from cases.service.assessments import approved_form
from cases.service.case_packs import pack_for
from cases.service.childfacts import today_of
from cases.service.followup import has_open_visit
from cases.service.guardians import guardian_kinds
from cases.service.triggers import requirement_of
from cases.store import assessment as assessments
from cases.store import case_files
from cases.store import followup as visits
from cases.store import placement as placements
from cases.store import report as reports
from cases.tables.case_file import CaseRow
from cases.tables.followup import FollowUpReportRow, VisitRow
from core import audit, outbox
from core.actors import Actor, procedure_actor
from core.errors import NotThere
from core.packs.codes import LimitCode

__all__ = [
    "Stage",
    "Waiting",
    "begin_plan",
    "enter_follow_up",
    "offer_for_listing",
    "open_assessment_clocks",
    "plan_visits",
    "read_waiting",
    "settle_assessment",
    "waiting_for",
]

TIED: Final = "tie"  # reason with which a panel moves a case it refers to the review panel
_SETTLES: Final = frozenset(
    {CaseState.BIA_IN_PROGRESS, CaseState.PLANNED, CaseState.IMPLEMENTING, CaseState.FOLLOW_UP}
)
_FOLLOWED: Final = frozenset({CaseState.FOLLOW_UP, CaseState.IMPLEMENTING})


def open_assessment_clocks(session: Session, case_id: str, *, now: datetime) -> bool:
    """Start the limits of guardian and assessments once a case is registered, and again once reopened.

    D1 and D2 run from the alert and are opened with it (``cases.service.registration``).

    Source: DOM-3.2/D3, DOM-3.2/D4, DOM-3.2/D5, DOM-3.2/D23.
    """
    row = steps.lock(session, case_id)
    if row.state not in {CaseState.REGISTERED, CaseState.BIA_IN_PROGRESS, CaseState.REOPENED}:
        return False
    times = _times_entered(session, case_id, CaseState.REOPENED)
    if not effects.once(session, case_id, "open_assessment_clocks", occurrence=times, now=now):
        return False
    start = row.registered_at if times == 0 and row.registered_at else row.state_since
    for code in ("D4", "D5") if times == 0 else ("D5",):  # reopening starts its own D4
        occurrence = clocks.next_occurrence(session, case_id, code)
        clocks.open_clock(session, case_id, code, started_at=start, occurrence=occurrence, now=now)
    _meet_assessed(session, row, now=now)
    if times == 0 and row.accompaniment in UNACCOMPANIED_OR_SEPARATED:
        for code in ("D3", "D23"):
            clocks.open_clock(session, case_id, code, started_at=row.opened_at, now=now)
        if guardian_kinds(session, case_id, on=today_of(row, now)):  # named before we came to look
            clocks.meet_clock(session, case_id, "D3", now=now)
    return True


def _meet_assessed(session: Session, row: CaseRow, *, now: datetime) -> None:
    """End the limits of assessments that were approved before we came to look."""
    done = assessments.newest(session, row.id, approved=True)
    if done is None or done.approved_at is None or _is_stale(session, row, done.approved_at):
        return
    for code in limits_met_by(done.kind):
        clocks.meet_clock(session, row.id, code, now=now, begun_by=done.submitted_at)


def settle_assessment(session: Session, case_id: str, *, now: datetime) -> bool:
    """Move a case on once its BIA is approved: to a panel when a trigger is true, else to its plan.

    Also takes a case that was planned, carried out or followed up to the panel when a later BIA
    found a trigger.

    Source: DOM-3.3/T6, DOM-3.3/T7, DOM-R3.
    """
    row = steps.lock(session, case_id)
    found = approved_form(session, case_id)
    if row.state not in _SETTLES or found is None or _is_stale(session, row, found[0].approved_at):
        return False
    needed = requirement_of(session, case_id)
    if row.state != CaseState.BIA_IN_PROGRESS and not needed.is_required:
        return False
    if not effects.once(session, case_id, "settle_assessment", occurrence=found[0].no, now=now):
        return False
    if needed.is_required:
        _require_determination(session, row, needed.codes, now=now)
    else:
        _plan(session, row, found[1], now=now)
    return True


def offer_for_listing(session: Session, case_id: str, *, now: datetime) -> bool:
    """Start the limit for a sitting and tell the coordinators, once for each report that is ready.

    While the report is still to be written, its own limit is started instead, whoever asked for it.

    Source: DOM-3.2/D6, DOM-3.2/D7, DOM-3.3/T9.
    """
    row = steps.lock(session, case_id)
    report = reports.newest(session, case_id)
    if row.state in {CaseState.BID_REQUIRED, CaseState.BID_REPORT_DRAFT}:
        return _open_report_clock(session, case_id, now=now)
    if row.state != CaseState.BID_READY or report is None:
        return False
    times = _times_entered(session, case_id, CaseState.BID_READY)
    if not effects.once(session, case_id, "offer_for_listing", occurrence=times, now=now):
        return False
    clocks.open_clock(
        session,
        case_id,
        "D7",
        started_at=report.ready_at or row.state_since,
        occurrence=times - 1,
        now=now,
    )
    outbox.post(
        session,
        topic="case.ready_for_listing",
        key=f"ready:{case_id}:{times}",
        subject=case_id,
        payload={"office": row.office, "priority": row.priority},
        now=now,
    )
    return True


def begin_plan(session: Session, case_id: str, *, now: datetime) -> bool:
    """Begin to carry out an agreed plan, and give its actions to their owners.

    Source: DOM-3.1/PLANNED.
    """
    row = steps.lock(session, case_id)
    if row.state != CaseState.PLANNED or not plans.is_agreed(session, case_id):
        return False
    if requirement_of(session, case_id).is_required:
        return False
    times = _times_entered(session, case_id, CaseState.PLANNED)
    if not effects.once(session, case_id, "begin_plan", occurrence=times, now=now):
        return False
    plans.begin_implementation(session, case_id, actor=procedure_actor(row.country), now=now)
    return True


def enter_follow_up(session: Session, case_id: str, *, now: datetime) -> bool:
    """Let follow-up begin once every action is done or replaced and the child lives somewhere.

    Source: DOM-3.3/T17.
    """
    row = steps.lock(session, case_id)
    if row.state != CaseState.IMPLEMENTING:
        return False
    if not plans.completion_of(session, case_id).is_possible:
        return False
    times = _times_entered(session, case_id, CaseState.IMPLEMENTING)
    if not effects.once(session, case_id, "enter_follow_up", occurrence=times, now=now):
        return False
    actor = procedure_actor(row.country)
    steps.move(
        session, case_id, CaseState.FOLLOW_UP, transition=Step.FOLLOW_UP, actor=actor, now=now
    )
    return True


def plan_visits(session: Session, case_id: str, *, now: datetime) -> bool:
    """Plan the next visit and the next written report, one at a time, with their limits.

    Visits begin when a child moves in, not only when everything is done.

    Source: DOM-3.2/D18, DOM-3.2/D19, DOM-3.2/D20.
    """
    row = steps.lock(session, case_id)
    placed = placements.running(session, case_id)
    if row.state not in _FOLLOWED or (placed is None and row.state != CaseState.FOLLOW_UP):
        return False
    start = _since(row, placed.started_at if placed else None)
    visit = _plan_visit(session, row, start, placed.id if placed else None, now=now)
    report = _plan_report(session, row, start, now=now)
    return visit or report


def waiting_for(session: Session, case_id: str) -> Waiting:
    """Name the human act a case waits for.

    Raises:
        NotThere: no such case.
    """
    row = case_files.find_case(session, case_id)
    if row is None:
        raise NotThere("case")
    return waiting(row.state, _progress(session, row))


def read_waiting(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Waiting:
    """Read what a case waits for, and note that it was read.

    Raises:
        NotThere: no such case, or not yours.
    """
    if not reach_of(session, actor, case_id, now=now).sees:
        raise NotThere("case")
    audit.record(
        session, actor, "case.wait_read", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return waiting_for(session, case_id)


def _progress(session: Session, row: CaseRow) -> Progress:
    newest = assessments.newest(session, row.id)
    stale = newest is not None and _is_stale(session, row, newest.approved_at or newest.begun_at)
    done = plans.completion_of(session, row.id) if row.state == CaseState.IMPLEMENTING else None
    missing = {gap.code for gap in done.gaps} if done else set()
    return Progress(
        assessment=newest.status if newest and not stale else "",
        plan_agreed=plans.is_agreed(session, row.id),
        open_actions=plans.open_actions(session, row.id),
        placement_recorded="placement_or_receipt_missing" not in missing,
        visit_due=has_open_visit(session, row.id),
        nothing_planned="plan_actions_missing" in missing,
        is_tied=row.state == CaseState.BID_DEFERRED and _is_tied(session, row.id),
    )


def _is_tied(session: Session, case_id: str) -> bool:
    """Whether the panel last put it off because it was tied. Source: DOM-3.5 (tie)."""
    put_off = [
        step for step in case_files.history_of(session, case_id) if step.transition == Step.DEFER
    ]
    return bool(put_off) and put_off[-1].facts.get("reason") == TIED


def _is_stale(session: Session, row: CaseRow, at: datetime | None) -> bool:
    """Whether an assessment belongs to the time before the case was reopened."""
    if row.state != CaseState.BIA_IN_PROGRESS or at is None:
        return False
    reopened = [
        step.at
        for step in case_files.history_of(session, row.id)
        if step.to_state == CaseState.REOPENED
    ]
    return bool(reopened) and at < max(reopened)


def _times_entered(session: Session, case_id: str, state: CaseState) -> int:
    history = case_files.history_of(session, case_id)
    return sum(1 for step in history if step.to_state == state)


def _require_determination(
    session: Session, row: CaseRow, codes: tuple[str, ...], *, now: datetime
) -> None:
    actor = procedure_actor(row.country)
    steps.move(
        session,
        row.id,
        CaseState.BID_REQUIRED,
        transition=Step.REQUIRE_BID,
        actor=actor,
        now=now,
        facts={"triggers": ",".join(codes)},
    )
    _open_report_clock(session, row.id, now=now)


def _open_report_clock(session: Session, case_id: str, *, now: datetime) -> bool:
    """Start the limit of the report, whoever asked for it. Source: DOM-3.2/D6."""
    times = _times_entered(session, case_id, CaseState.BID_REQUIRED)
    if not effects.once(session, case_id, "report_clock", occurrence=times, now=now):
        return False
    occurrence = clocks.next_occurrence(session, case_id, "D6")
    row = steps.lock(session, case_id)
    start = row.state_since if row.state == CaseState.BID_REQUIRED else now
    clocks.open_clock(session, case_id, "D6", started_at=start, occurrence=occurrence, now=now)
    return True


def _plan(session: Session, row: CaseRow, form: AssessmentForm, *, now: datetime) -> None:
    actor = procedure_actor(row.country)
    steps.move(
        session,
        row.id,
        CaseState.PLANNED,
        transition=Step.APPROVE_ASSESSMENT,
        actor=actor,
        now=now,
    )
    wanted = [
        plans.NewAction(note.kind, note.what, note.owner, note.due_on) for note in form.actions
    ]
    plans.draft_from_assessment(session, actor, row.id, wanted, now=now)


def _since(row: CaseRow, placed_at: datetime | None) -> datetime:
    return placed_at or row.state_since


def _plan_visit(
    session: Session, row: CaseRow, start: datetime, placement_id: str | None, *, now: datetime
) -> bool:
    newest = visits.newest_visit(session, row.id)
    if newest is not None and newest.status == VisitStatus.PLANNED:
        return False
    no = newest.no + 1 if newest else 1
    if not effects.once(session, row.id, "plan_visit", occurrence=no, now=now):
        return False
    code, begun = _visit_clock(newest, start, placement_id)
    occurrence = clocks.next_occurrence(session, row.id, code)
    clocks.open_clock(session, row.id, code, started_at=begun, occurrence=occurrence, now=now)
    visit = VisitRow(
        case_id=row.id,
        placement_id=placement_id,
        no=no,
        due_on=_due(row, code, begun, occurrence=0, now=now),
        planned_at=now,
        status=VisitStatus.PLANNED.value,
    )
    session.add(visit)
    session.flush()
    return True


def _visit_clock(
    newest: VisitRow | None, start: datetime, placement_id: str | None
) -> tuple[str, datetime]:
    """D18 after a child has moved in; D19 from one visit to the next."""
    if newest is None or newest.placement_id != placement_id:
        return "D18", start
    if newest.done_on is not None:
        return "D19", datetime.combine(newest.done_on, time(12), tzinfo=UTC)
    return "D19", newest.recorded_at or start


def _plan_report(session: Session, row: CaseRow, start: datetime, *, now: datetime) -> bool:
    written = visits.reports_of(session, row.id)
    if any(report.written_at is None for report in written):
        return False
    no = len(written) + 1
    if not effects.once(session, row.id, "plan_report", occurrence=no, now=now):
        return False
    begun = start if no == 1 else written[-1].written_at or start
    clocks.open_clock(session, row.id, "D20", started_at=begun, occurrence=no - 1, now=now)
    due = _due(row, "D20", begun, occurrence=no - 1, now=now)
    session.add(FollowUpReportRow(case_id=row.id, no=no, due_on=due))
    session.flush()
    return True


def _due(row: CaseRow, code: str, start: datetime, *, occurrence: int, now: datetime) -> date:
    pack = pack_for(row, on=now.date())
    limit = pack.limits[LimitCode(code)].for_priority(row.priority, occurrence)
    return next_due(start, limit, pack.calendar(row.office))

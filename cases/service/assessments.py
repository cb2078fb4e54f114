"""Assessing a child: begin, write, submit, approve or return a BIA, and read it.

Source: DOM-4.3, DOM-3.3/T5, DOM-3.3/T6.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from cases.errors import NotTheAuthor
from cases.rules.assessment_form import (
    AssessmentForm,
    assessment_facts,
)
from cases.rules.assessments import (
    AssessmentKind,
    AssessmentStatus,
    ImmediateConcern,
    check_approver,
    limits_met_by,
    status_of,
)
from cases.rules.clocks import ClockCode
from cases.rules.machine import ENDED, TO_BE_DETERMINED, CaseState
from cases.rules.triggers import Trigger
from cases.service import clocks, duties, prompts, steps
from cases.service.access import case_for
from cases.service.assessment_views import (
    AssessmentView,
    approved_form,
    form_of,
    keep_form,
    list_assessments,
    read_assessment,
    record,
    submission_of,
    triggers_from,
    view_of,
)
from cases.service.forms import (
    RESTRICTED,
    changed,
    seal_value,
)
from cases.service.triggers import (
    add_determination,
    note_triggers,
    requirement_of,
)
from cases.store import assessment as store
from cases.tables.assessment import AssessmentReturnRow, AssessmentRow
from cases.tables.case_file import CaseRow
from core.actors import Actor, Role
from core.db import check_version
from core.errors import Gap, Incomplete, NotThere, WrongState

__all__ = [
    "NOT_ASSESSABLE",
    "AssessmentView",
    "approve_assessment",
    "approved_form",
    "begin_assessment",
    "list_assessments",
    "read_assessment",
    "return_assessment",
    "save_assessment",
    "submit_assessment",
]

NOT_ASSESSABLE: Final = ENDED | {
    CaseState.IDENTIFIED,
    CaseState.REGISTERED,
    CaseState.REOPENED,
    CaseState.ON_HOLD,
    CaseState.TRANSFERRED_OUT,
}
WRITERS: Final = frozenset({Role.CASEWORKER, Role.ASSESSOR})


def begin_assessment(
    session: Session, actor: Actor, case_id: str, kind: AssessmentKind, *, now: datetime
) -> AssessmentView:
    """Begin a BIA; whoever begins it is its author.

    Raises:
        WrongState: the case is not allocated yet, held, ended, or another BIA is still open.

    Source: DOM-4.3/kind.
    """
    row = case_for(session, actor, case_id, roles=WRITERS, now=now)
    newest = store.newest(session, case_id)
    if row.state in NOT_ASSESSABLE:
        raise WrongState(kind="case", state=row.state, act="begin_assessment")
    if newest is not None and newest.status != AssessmentStatus.COMPLETED:
        raise WrongState(kind="assessment", state=newest.status, act="begin_assessment")
    begun = AssessmentRow(
        case_id=case_id,
        no=store.next_number(session, case_id),
        kind=kind.value,
        status=AssessmentStatus.PENDING_INTERVIEW.value,
        author_person=actor.person_id,
        begun_at=now,
        restricted=b"",
    )
    keep_form(session, begun, AssessmentForm())
    session.add(begun)
    session.flush()
    record(session, actor, begun, "assessment.begun", now)
    return view_of(session, actor, row, begun, now=now)


def save_assessment(
    session: Session,
    actor: Actor,
    case_id: str,
    assessment_id: str,
    changes: Mapping[str, Any],
    *,
    now: datetime,
    expected_version: int | None = None,
) -> AssessmentView:
    """Keep parts of the form; parts not named stay as they are.

    Raises:
        NotTheAuthor: somebody else writes it.
        WrongState: it lies with the supervisor or is approved.
        StaleWrite: it changed since it was read.
    """
    row, found = _for_author(session, actor, case_id, assessment_id, "save_assessment", now=now)
    check_version(found, "assessment", expected_version)
    form = changed(form_of(session, found), changes)
    keep_form(session, found, form)
    facts = assessment_facts(
        form, AssessmentKind(found.kind), age_years=None, child_languages=frozenset()
    )
    found.status = status_of(facts).value
    _keep(session, actor, found, "assessment.saved", now, fields=sorted(changes))
    return view_of(session, actor, row, found, now=now)


def submit_assessment(
    session: Session,
    actor: Actor,
    case_id: str,
    assessment_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> AssessmentView:
    """Hand the BIA to the supervisor; everything missing is listed at once.

    Raises:
        Incomplete: with every gap.
        NotTheAuthor: somebody else writes it.

    Source: DOM-4.3, DOM-R6, DOM-R7, DOM-R10.
    """
    row, found = _for_author(session, actor, case_id, assessment_id, "submit_assessment", now=now)
    check_version(found, "assessment", expected_version)
    form = form_of(session, found)
    submission_of(session, row, found, form, now=now).require()
    found.status = AssessmentStatus.PENDING_REVIEW.value
    found.submitted_at = now
    found.immediate_concern = str(form.immediate_concern)
    found.priority_result = str(form.priority_result)
    found.bid_required = form.bid_required
    _keep(session, actor, found, "assessment.submitted", now)
    clocks.meet_clock(session, case_id, ClockCode.FIRST_RESPONSE, now=now, actor=actor)
    if form.immediate_concern is not ImmediateConcern.NONE:
        prompts.immediate_concern(session, row, found.id, str(form.immediate_concern), now=now)
    steps.wake(session, case_id, now=now)
    return view_of(session, actor, row, found, now=now)


def approve_assessment(
    session: Session,
    actor: Actor,
    case_id: str,
    assessment_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> AssessmentView:
    """Approve a BIA: its triggers stand from now on, its priority becomes the case's.

    The case itself moves afterwards, by the procedure (``settle_assessment``).

    Raises:
        AuthorApprovesOwn: approver and author are one person.
        WrongState: it was not submitted.

    Source: DOM-3.3/T6, DOM-2.3, DOM-R3.
    """
    row, found = _for_review(session, actor, case_id, assessment_id, "approve_assessment", now=now)
    check_version(found, "assessment", expected_version)
    form = form_of(session, found)
    submission_of(session, row, found, form, now=now).require()
    note_triggers(session, actor, case_id, triggers_from(session, row, form, now=now), now=now)
    if form.bid_required and not triggers_from(session, row, form, now=now):
        _note_authors_wish(session, actor, case_id, now=now)
    found.status = AssessmentStatus.COMPLETED.value
    found.approved_at = now
    found.approver_person = actor.person_id
    _keep(session, actor, found, "assessment.approved", now)
    _meet_clocks(session, actor, row, found, now=now)
    prompts.set_priority(session, actor, row, str(form.priority_result), now=now)
    steps.wake(session, case_id, now=now)
    return view_of(session, actor, row, found, now=now)


def return_assessment(
    session: Session,
    actor: Actor,
    case_id: str,
    assessment_id: str,
    points: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> AssessmentView:
    """Give a BIA back to its author with points to work on.

    Raises:
        Incomplete: no points were given.

    Source: DOM-3.3/T6.
    """
    row, found = _for_review(session, actor, case_id, assessment_id, "return_assessment", now=now)
    check_version(found, "assessment", expected_version)
    if not points.strip():
        raise Incomplete("return_assessment", (Gap("points_missing"),))
    note = AssessmentReturnRow(
        case_id=case_id,
        assessment_id=found.id,
        by_person=actor.person_id,
        at=now,
        restricted=b"",
    )
    note.restricted = seal_value(session, case_id, note, {"points": points}, RESTRICTED)
    session.add(note)
    found.status = AssessmentStatus.PENDING_RECOMMENDATION.value
    found.submitted_at = None
    found.returns += 1
    _keep(session, actor, found, "assessment.returned", now)
    prompts.returned_to_author(session, row, found.id, found.author_person, found.returns, now=now)
    steps.wake(session, case_id, now=now)
    return view_of(session, actor, row, found, now=now)


def _for_author(
    session: Session, actor: Actor, case_id: str, assessment_id: str, act: str, *, now: datetime
) -> tuple[CaseRow, AssessmentRow]:
    row = case_for(session, actor, case_id, roles=WRITERS, now=now)
    found = store.find(session, case_id, assessment_id)
    if found is None:
        raise NotThere("assessment")
    if found.author_person != actor.person_id:
        raise NotTheAuthor
    if found.status in {AssessmentStatus.PENDING_REVIEW, AssessmentStatus.COMPLETED}:
        raise WrongState(kind="assessment", state=found.status, act=act)
    return row, found


def _for_review(
    session: Session, actor: Actor, case_id: str, assessment_id: str, act: str, *, now: datetime
) -> tuple[CaseRow, AssessmentRow]:
    row = case_for(session, actor, case_id, roles={Role.SUPERVISOR}, now=now)
    found = store.find(session, case_id, assessment_id)
    if found is None:
        raise NotThere("assessment")
    check_approver(found.author_person, actor.person_id, is_human=actor.is_human)
    if found.status != AssessmentStatus.PENDING_REVIEW:
        raise WrongState(kind="assessment", state=found.status, act=act)
    return row, found


def _note_authors_wish(session: Session, actor: Actor, case_id: str, *, now: datetime) -> None:
    """Keep an approved "BID needed" that no trigger asks for, as the supervisor's addition."""
    add_determination(session, actor, case_id, Trigger.EXCEPTIONAL_RISK, now=now)


def _meet_clocks(
    session: Session, actor: Actor, row: CaseRow, found: AssessmentRow, *, now: datetime
) -> None:
    """End the limits it answers; an urgent act since it was handed in asks for another one."""
    handed_in = found.submitted_at or now
    for code in limits_met_by(found.kind):
        clocks.meet_clock(session, found.case_id, code, now=now, actor=actor, begun_by=handed_in)
    needed = row.state in TO_BE_DETERMINED or requirement_of(session, row.id).is_required
    duties.assessed(
        session, actor, found.case_id,
        handed_in_at=handed_in, needs_determination=needed, now=now,
    )  # fmt: skip


def _keep(
    session: Session,
    actor: Actor,
    found: AssessmentRow,
    action: str,
    now: datetime,
    *,
    fields: list[str] | None = None,
) -> None:
    session.add(found)
    session.flush()
    record(session, actor, found, action, now, fields=fields)

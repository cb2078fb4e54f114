"""Assessing a child: begin, write, submit, approve or return a BIA, and read it.

Source: DOM-4.3, DOM-3.3/T5, DOM-3.3/T6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from cases.errors import NotTheAuthor
from cases.rules.access import Level
from cases.rules.assessment_form import (
    SENSITIVE_FIELDS,
    AssessmentForm,
    assessment_facts,
    trigger_facts,
)
from cases.rules.assessments import (
    AssessmentKind,
    AssessmentStatus,
    ImmediateConcern,
    check_approver,
    status_of,
    submission,
)
from cases.rules.machine import ENDED, CaseState
from cases.rules.triggers import Considered, Trigger, mandatory_triggers
from cases.service import clocks, prompts, steps
from cases.service.access import case_for, reach_of
from cases.service.childfacts import child_facts, today_of
from cases.service.files import Purpose
from cases.service.forms import (
    RESTRICTED,
    SENSITIVE,
    changed,
    form_from,
    open_value,
    plain,
    seal_value,
    shows_sensitive,
)
from cases.service.triggers import (
    add_determination,
    has_earlier_determination,
    in_force,
    note_triggers,
)
from cases.store import assessment as store
from cases.tables.assessment import AssessmentReturnRow, AssessmentRow
from cases.tables.case_file import CaseRow
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import Answer, Gap, Incomplete, NotThere, WrongState

NOT_ASSESSABLE: Final = ENDED | {
    CaseState.IDENTIFIED,
    CaseState.REGISTERED,
    CaseState.REOPENED,
    CaseState.ON_HOLD,
    CaseState.TRANSFERRED_OUT,
}
_WRITERS: Final = frozenset({Role.CASEWORKER, Role.ASSESSOR})
SECTION: Final = "risk"


@dataclass(frozen=True)
class AssessmentView:
    """A BIA as one person may see it.

    Args:
        form: without the risk part unless ``shows_risk``.
        points: what a supervisor returned it with, oldest first.
        gaps: what is missing before it can be submitted; empty once it was.
        triggers: codes that follow from this form and the file.
    """

    id: str
    case_id: str
    no: int
    kind: str
    status: str
    author: str
    approver: str | None
    begun_at: datetime
    submitted_at: datetime | None
    approved_at: datetime | None
    form: AssessmentForm
    shows_risk: bool
    points: tuple[str, ...]
    gaps: tuple[Gap, ...]
    triggers: tuple[str, ...]
    version: int


def begin_assessment(
    session: Session, actor: Actor, case_id: str, kind: AssessmentKind, *, now: datetime
) -> AssessmentView:
    """Begin a BIA; whoever begins it is its author.

    Raises:
        WrongState: the case is not allocated yet, held, ended, or another BIA is still open.

    Source: DOM-4.3/kind.
    """
    row = case_for(session, actor, case_id, roles=_WRITERS, now=now)
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
    _keep_form(session, begun, AssessmentForm())
    session.add(begun)
    session.flush()
    _record(session, actor, begun, "assessment.begun", now)
    return _view(session, actor, row, begun, now=now)


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
    form = changed(_form(session, found), changes)
    _keep_form(session, found, form)
    facts = assessment_facts(
        form, AssessmentKind(found.kind), age_years=None, child_languages=frozenset()
    )
    found.status = status_of(facts).value
    _keep(session, actor, found, "assessment.saved", now, fields=sorted(changes))
    return _view(session, actor, row, found, now=now)


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
    form = _form(session, found)
    _answer(session, row, found, form, now=now).require()
    found.status = AssessmentStatus.PENDING_REVIEW.value
    found.submitted_at = now
    found.immediate_concern = str(form.immediate_concern)
    found.priority_result = str(form.priority_result)
    found.bid_required = form.bid_required
    _keep(session, actor, found, "assessment.submitted", now)
    if form.immediate_concern is not ImmediateConcern.NONE:
        prompts.immediate_concern(session, row, found.id, str(form.immediate_concern), now=now)
    steps.wake(session, case_id, now=now)
    return _view(session, actor, row, found, now=now)


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
    form = _form(session, found)
    _answer(session, row, found, form, now=now).require()
    note_triggers(session, actor, case_id, _triggers(session, row, form, now=now), now=now)
    if form.bid_required and not _triggers(session, row, form, now=now):
        _note_authors_wish(session, actor, case_id, now=now)
    found.status = AssessmentStatus.COMPLETED.value
    found.approved_at = now
    found.approver_person = actor.person_id
    _keep(session, actor, found, "assessment.approved", now)
    _meet_clocks(session, actor, found, now=now)
    prompts.set_priority(session, actor, row, str(form.priority_result), now=now)
    steps.wake(session, case_id, now=now)
    return _view(session, actor, row, found, now=now)


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
    return _view(session, actor, row, found, now=now)


def read_assessment(
    session: Session,
    actor: Actor,
    case_id: str,
    assessment_id: str,
    *,
    now: datetime,
    purpose: Purpose | None = None,
) -> AssessmentView:
    """Read a BIA; the risk part only for those who may see highly sensitive parts.

    Raises:
        NotThere: no such BIA, or not yours.

    Source: DOM-2.2, DOM-R50.
    """
    row = _readable(session, actor, case_id, now=now)
    found = store.find(session, case_id, assessment_id)
    if found is None:
        raise NotThere("assessment")
    view = _view(session, actor, row, found, now=now, purpose=purpose)
    _record(session, actor, found, "assessment.read", now, risk=view.shows_risk)
    return view


def list_assessments(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[AssessmentView, ...]:
    """Read every BIA of a case, oldest first, without risk parts.

    Raises:
        NotThere: no such case, or not yours.
    """
    row = _readable(session, actor, case_id, now=now)
    rows = store.of_case(session, case_id)
    for found in rows:
        _record(session, actor, found, "assessment.read", now, risk=False)
    return tuple(_view(session, actor, row, found, now=now, risk=False) for found in rows)


def approved_form(session: Session, case_id: str) -> tuple[AssessmentRow, AssessmentForm] | None:
    """Return the newest approved BIA with its form, for services that may; None when there is none."""
    found = store.newest(session, case_id, approved=True)
    return (found, _form(session, found)) if found is not None else None


def _readable(session: Session, actor: Actor, case_id: str, *, now: datetime) -> CaseRow:
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    return steps.lock(session, case_id)


def _for_author(
    session: Session, actor: Actor, case_id: str, assessment_id: str, act: str, *, now: datetime
) -> tuple[CaseRow, AssessmentRow]:
    row = case_for(session, actor, case_id, roles=_WRITERS, now=now)
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


def _form(session: Session, found: AssessmentRow) -> AssessmentForm:
    values = open_value(session, found.case_id, found)
    return form_from(
        AssessmentForm, {**values, **open_value(session, found.case_id, found, SENSITIVE)}
    )


def _keep_form(session: Session, found: AssessmentRow, form: AssessmentForm) -> None:
    values = plain(form)
    risk = {name: values.pop(name) for name in SENSITIVE_FIELDS}
    found.restricted = seal_value(session, found.case_id, found, values, RESTRICTED)
    found.sensitive = seal_value(session, found.case_id, found, risk, SENSITIVE)


def _answer(
    session: Session, row: CaseRow, found: AssessmentRow, form: AssessmentForm, *, now: datetime
) -> Answer:
    child = child_facts(session, row, today=today_of(row, now))
    facts = assessment_facts(
        form,
        AssessmentKind(found.kind),
        age_years=child.age_years,
        child_languages=child.languages,
    )
    return submission(facts, _triggers(session, row, form, now=now))


def _triggers(
    session: Session, row: CaseRow, form: AssessmentForm, *, now: datetime
) -> frozenset[Trigger]:
    reconsiders = bool(set(form.considered) - {Considered.SERVICES_ONLY})
    earlier = reconsiders and has_earlier_determination(session, row.id)
    facts = trigger_facts(form, accompaniment=row.accompaniment, earlier_determination=earlier)
    return mandatory_triggers(facts, in_force(row, now=now))


def _note_authors_wish(session: Session, actor: Actor, case_id: str, *, now: datetime) -> None:
    """Keep an approved "BID needed" that no trigger asks for, as the supervisor's addition."""
    add_determination(session, actor, case_id, Trigger.EXCEPTIONAL_RISK, now=now)


def _meet_clocks(session: Session, actor: Actor, found: AssessmentRow, *, now: datetime) -> None:
    clocks.meet_clock(session, found.case_id, "D4", now=now, actor=actor)
    if found.kind == AssessmentKind.COMPREHENSIVE:
        clocks.meet_clock(session, found.case_id, "D5", now=now, actor=actor)


def _view(
    session: Session,
    actor: Actor,
    row: CaseRow,
    found: AssessmentRow,
    *,
    now: datetime,
    purpose: Purpose | None = None,
    risk: bool = True,
) -> AssessmentView:
    form = _form(session, found)
    seen = reach_of(session, actor, row.id, now=now)
    writes = found.author_person == actor.person_id
    shows = risk and (writes or shows_sensitive(seen, SECTION, purpose))
    is_open = found.status in {
        AssessmentStatus.PENDING_INTERVIEW,
        AssessmentStatus.PENDING_RECOMMENDATION,
    }
    notes = store.returns_of(session, found.id)
    return AssessmentView(
        id=found.id,
        case_id=found.case_id,
        no=found.no,
        kind=found.kind,
        status=found.status,
        author=found.author_person,
        approver=found.approver_person,
        begun_at=found.begun_at,
        submitted_at=found.submitted_at,
        approved_at=found.approved_at,
        form=form if shows else replace(form, risk_factors=(), risk_text=""),
        shows_risk=shows,
        points=tuple(open_value(session, row.id, note)["points"] for note in notes),
        gaps=_answer(session, row, found, form, now=now).gaps if is_open else (),
        triggers=tuple(sorted(_triggers(session, row, form, now=now))),
        version=found.version,
    )


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
    _record(session, actor, found, action, now, fields=fields)


def _record(
    session: Session,
    actor: Actor,
    found: AssessmentRow,
    action: str,
    now: datetime,
    *,
    fields: list[str] | None = None,
    risk: bool | None = None,
) -> None:
    audit.record(
        session, actor, action, thing="assessment", thing_id=found.id, case_id=found.case_id,
        now=now, fields=fields or (), codes={"kind": found.kind, "status": found.status, "risk": risk},
    )  # fmt: skip

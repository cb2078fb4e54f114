"""Ending a case with two people and nothing left open. Opening it again is ``reopening``.

``block``, ``clear`` and ``blockers`` live in ``blockers``. A closed case has no running clock and no
open task; its file stays, read-only, until its retention runs out.

Source: DOM-3.3/T18, DOM-R55, DOM-R57.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from sqlmodel import Session

from cases.errors import SamePersonApproves
from cases.rules.access import Level
from cases.rules.closing import (
    ClosingFacts,
    ClosureReason,
    may_close,
)
from cases.rules.holding import HoldEnd
from cases.rules.machine import CaseState, Step
from cases.service import ageing, blockers, endings, holding, steps, tasks
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.forms import RESTRICTED, open_value, seal_value
from cases.store import closing as store
from cases.tables.case_file import CaseRow
from cases.tables.closing import ClosingRow
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import Gap, NotThere, WrongState
from core.packs.models import Pack
from core.packs.values import limit_of
from core.worktime import add_months, due_at, local_day

ASKERS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
MONTHS: Final = 12


@dataclass(frozen=True)
class ClosingRequest:
    """What the worker says when asking to close; words are kept sealed.

    Args:
        reason: why the case ends.
        words: why it can end, in words.
        last_visit_on: when the child was last seen.
        last_contact_on: when the child was last reached, where that is the question.
        child_view: what the child thinks of the ending.
        no_view_reason: coded reason when there is no view.
    """

    reason: ClosureReason
    words: str
    last_visit_on: date | None = None
    last_contact_on: date | None = None
    child_view: str = ""
    no_view_reason: str = ""


@dataclass(frozen=True)
class ClosingView:
    """A request to close and its answer (``approved``, ``refused`` or empty), with its words."""

    id: str
    reason: str
    last_visit_on: date | None
    last_contact_on: date | None
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    words: str
    child_view: str
    no_view_reason: str
    answer_words: str
    version: int


def closing_gaps(
    session: Session, actor: Actor, case_id: str, request: ClosingRequest, *, now: datetime
) -> tuple[Gap, ...]:
    """Return everything that still stands against closing for this reason; changes nothing.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: not the worker or a supervisor.
    """
    case = case_for(session, actor, case_id, roles=ASKERS, now=now)
    audit.record(
        session, actor, "closing.checked", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return may_close(_facts(session, case, request, now)).gaps


def ask_to_close(
    session: Session,
    actor: Actor,
    case_id: str,
    request: ClosingRequest,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Ask that a case be closed; a supervisor who is somebody else answers.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: not the worker or a supervisor.
        WrongState: a request waits for an answer already, or the case has ended.
        Incomplete: listing everything that is missing or still open.
        StaleWrite: somebody changed the case after it was read.

    Source: DOM-3.3/T18, DOM-R55.
    """
    case = case_for(
        session, actor, case_id, roles=ASKERS, now=now, expected_version=expected_version
    )
    if not case.is_open:
        raise WrongState(kind="case", state=case.state, act="ask_to_close")
    if store.lock_open(session, case_id) is not None:
        raise WrongState(kind="closing_request", state="waiting", act="ask_to_close")
    may_close(_facts(session, case, request, now)).require()
    row = ClosingRow(
        case_id=case_id,
        open_case=case_id,
        reason=request.reason.value,
        last_visit_on=request.last_visit_on,
        last_contact_on=request.last_contact_on,
        no_view_reason=request.no_view_reason,
        asked_by=actor.person_id,
        asked_at=now,
    )
    words = {"words": request.words, "child_view": request.child_view}
    row.restricted = seal_value(session, case_id, row, words, RESTRICTED)
    session.add(row)
    session.flush()
    _note(session, actor, row, "closing.asked", now)
    tasks.open_task(
        session,
        case_id,
        "answer_closing_request",
        key=f"closing:{row.id}",
        actor=actor,
        now=now,
        role=Role.SUPERVISOR,
        ref=row.id,
    )
    return row.id


def approve_closing(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Close the case: every precondition is looked at again, every clock and task ends.

    Raises:
        NotThere: no such case, not yours, or nobody asked.
        RoleMayNot: not a supervisor.
        SamePersonApproves: the supervisor asked.
        Incomplete: something has opened since.
        NoSuchStep: the case is in a panel's hands.
        StaleWrite: somebody changed the request after it was read.

    Source: DOM-3.3/T18, DOM-R55.
    """
    case, row = _waiting(session, actor, case_id, expected_version, now)
    may_close(_facts(session, case, _request(session, row), now)).require()
    _answer(session, actor, row, "approved", "", now)
    case = steps.move(
        session,
        case_id,
        CaseState.CLOSED,
        transition=Step.CLOSE,
        actor=actor,
        now=now,
        facts={"reason": row.reason},
    )
    holding.end_hold(session, actor, case, ended_as=HoldEnd.CLOSED, now=now)
    endings.silence(session, actor, case_id, now=now)
    endings.keep_until(session, case, _retain_until(session, case, now))


def refuse_closing(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    words: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Answer that a case goes on, and why.

    Raises:
        NotThere: no such case, not yours, or nobody asked.
        RoleMayNot: not a supervisor.
        SamePersonApproves: the supervisor asked.
        StaleWrite: somebody changed the request after it was read.
    """
    _, row = _waiting(session, actor, case_id, expected_version, now)
    _answer(session, actor, row, "refused", words, now)
    tasks.finish_task(session, case_id, f"closing:{row.id}", actor=actor, now=now)


def requests_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[ClosingView, ...]:
    """Return every request to close a case with its answer, and note that they were read.

    Raises:
        NotThere: no such case, or not enough of it is yours.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    audit.record(
        session, actor, "closing.read", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return tuple(_view(session, row) for row in store.requests_of(session, case_id))


def _facts(session: Session, case: CaseRow, request: ClosingRequest, now: datetime) -> ClosingFacts:
    pack = pack_for(case, on=now.date())
    calendar = pack.calendar(case.office)
    attempts = store.attempts_of(session, case.id)
    reached = [local_day(row.tried_at, calendar) for row in attempts if row.reached]
    stated = [request.last_contact_on] if request.last_contact_on is not None else []
    contacts = [*reached, *stated]
    return ClosingFacts(
        reason=request.reason,
        today=local_day(now, calendar),
        last_visit_on=request.last_visit_on,
        child_view_recorded=bool(request.child_view.strip()),
        no_view_reason=request.no_view_reason,
        words_given=bool(request.words.strip()),
        last_contact_on=max(contacts, default=None),
        attempts=tuple(local_day(r.tried_at, calendar) for r in attempts if not r.reached),
        is_adult=ageing.is_of_age(session, case, now=now),
        has_transition_plan=ageing.has_approved_plan(session, case.id),
        receipt_signed=case.state == CaseState.TRANSFERRED_OUT,
        blockers=blockers.blockers(session, case.id, now=now),
        attempts_needed=pack.follow_up.no_contact_min_attempts,
        absent_until=_absent_until(pack, case, max(contacts, default=None)),
    )


def _absent_until(pack: Pack, case: CaseRow, last_contact_on: date | None) -> date | None:
    """Return the day on which the country's limit of absence (D24) has run out."""
    if last_contact_on is None:
        return None
    calendar = pack.calendar(case.office)
    start = datetime.combine(last_contact_on, time(), tzinfo=calendar.zone)
    return local_day(due_at(start, limit_of(pack, "D24", case.priority), calendar), calendar)


def _request(session: Session, row: ClosingRow) -> ClosingRequest:
    said: dict[str, Any] = dict(open_value(session, row.case_id, row))
    return ClosingRequest(
        reason=ClosureReason(row.reason),
        words=str(said.get("words", "")),
        last_visit_on=row.last_visit_on,
        last_contact_on=row.last_contact_on,
        child_view=str(said.get("child_view", "")),
        no_view_reason=row.no_view_reason,
    )


def _waiting(
    session: Session, actor: Actor, case_id: str, expected_version: int | None, now: datetime
) -> tuple[CaseRow, ClosingRow]:
    case = case_for(session, actor, case_id, roles=(Role.SUPERVISOR,), now=now)
    row = store.lock_open(session, case_id)
    if row is None:
        raise NotThere("closing_request")
    if row.asked_by == actor.person_id:
        raise SamePersonApproves
    check_version(row, "closing_request", expected_version)
    return case, row


def _answer(  # noqa: PLR0917  private, all of it is needed
    session: Session, actor: Actor, row: ClosingRow, answer: str, words: str, now: datetime
) -> None:
    row.open_case, row.answer = None, answer
    row.answered_by, row.answered_at = actor.person_id, now
    if words:
        row.answer_restricted = seal_value(
            session, row.case_id, row, {"words": words}, "answer_restricted"
        )
    session.add(row)
    session.flush()
    _note(session, actor, row, f"closing.{answer}", now)


def _retain_until(session: Session, case: CaseRow, now: datetime) -> date:
    """Return the day from which the file may be erased: the later of closing and majority rules."""
    pack = pack_for(case, on=now.date())
    closed_on = local_day(now, pack.calendar(case.office))
    from_closing = add_months(closed_on, pack.retention.years_after_closing * MONTHS)
    day = ageing.majority_of(session, case, now=now)
    if day is None:
        return from_closing
    # First of a month: the day itself would give the birthday away.
    after = add_months(day.certain, pack.retention.years_after_majority * MONTHS + 1)
    return max(from_closing, after.replace(day=1))


def _note(session: Session, actor: Actor, row: ClosingRow, action: str, now: datetime) -> None:
    audit.record(
        session,
        actor,
        action,
        thing="closing_request",
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"reason": row.reason},
    )
    steps.wake(session, row.case_id, now=now)


def _view(session: Session, row: ClosingRow) -> ClosingView:
    said: dict[str, Any] = dict(open_value(session, row.case_id, row))
    answer: dict[str, Any] = dict(open_value(session, row.case_id, row, "answer_restricted"))
    return ClosingView(
        id=row.id,
        reason=row.reason,
        last_visit_on=row.last_visit_on,
        last_contact_on=row.last_contact_on,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        answer=row.answer,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        words=str(said.get("words", "")),
        child_view=str(said.get("child_view", "")),
        no_view_reason=row.no_view_reason,
        answer_words=str(answer.get("words", "")),
        version=row.version,
    )

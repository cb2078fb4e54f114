"""Putting a case on hold with a review date, looking at it again, and going on where it stood.

Source: DOM-3.1/ON_HOLD, DOM-3.2, DOM-5.9.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.clocks import ClockCode
from cases.rules.holding import HoldEnd, HoldReason, MissingReport, may_hold, may_review
from cases.rules.machine import CaseState, Step
from cases.service import clocks, steps, tasks
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.forms import RESTRICTED, open_value, seal_value
from cases.store import holding as store
from cases.tables.case_file import CaseRow
from cases.tables.hold import HoldRow
from core import audit, outbox
from core.actors import Actor, Role
from core.errors import NotThere, WrongState
from core.worktime import local_day

MAY_HOLD: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
REVIEW_TASK: Final = "review_hold"
SEARCH_TASK: Final = "search_missing_child"
ABSENT: Final = frozenset({HoldReason.CHILD_MISSING, HoldReason.CHILD_UNREACHABLE})


@dataclass(frozen=True)
class HoldRequest:
    """Why a case stands still and until when. ``words`` are kept sealed."""

    reason: HoldReason
    review_on: date
    words: str = ""
    missing: MissingReport | None = None


@dataclass(frozen=True)
class HoldView:
    """One hold as somebody with the file sees it."""

    id: str
    reason: str
    previous_state: str
    since: datetime
    review_on: date
    reviews: int
    missing_since: datetime | None
    police_told: bool
    guardian_told: bool
    ended_at: datetime | None
    ended_as: str
    words: str
    version: int


def hold_case(
    session: Session,
    actor: Actor,
    case_id: str,
    request: HoldRequest,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Put a case on hold: its clocks stand still, a review date is fixed, the state is remembered.

    A missing child's case also opens the search task and D24, the earliest date for closing.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: not the worker or a supervisor.
        Incomplete: no review date within the longest pause, or a missing child and no police report.
        NoSuchStep: the case is in a panel's hands, on hold already, or ended.
        StaleWrite: somebody changed the case after it was read.

    Source: DOM-3.1/ON_HOLD.
    """
    case = case_for(
        session, actor, case_id, roles=MAY_HOLD, now=now, expected_version=expected_version
    )
    may_hold(
        request.reason,
        review_on=request.review_on,
        today=_today(case, now),
        missing=request.missing,
        now=now,
        longest=_longest(case, now),
    ).require()
    previous = case.state
    case = steps.move(
        session,
        case_id,
        CaseState.ON_HOLD,
        transition=Step.HOLD,
        actor=actor,
        now=now,
        facts={"reason": request.reason.value},
    )
    row = _row(session, actor, case, previous, request, now)
    case.hold_review_on = request.review_on
    session.add(case)
    clocks.pause_all(session, actor, case_id, review_on=request.review_on, now=now)
    _open_duties(session, actor, case, row, now)
    return row.id


def review_hold(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    review_on: date,
    words: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Look at a hold and let it go on until another date; a new pause of the clocks begins.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: only a supervisor lets it go on.
        WrongState: the case is not on hold.
        Incomplete: no reason in words, or a review date that lies further ahead than a pause may last.
        StaleWrite: somebody changed the case after it was read.

    Source: DOM-3.1/ON_HOLD, DOM-3.2.
    """
    case = case_for(
        session,
        actor,
        case_id,
        roles=(Role.SUPERVISOR,),
        now=now,
        expected_version=expected_version,
    )
    row = _standing(session, case, "review_hold")
    may_review(
        review_on=review_on,
        today=_today(case, now),
        reason_given=bool(words.strip()),
        longest=_longest(case, now),
    ).require()
    said = dict(open_value(session, case_id, row))
    said[f"review_{row.reviews + 1}"] = words
    row.restricted = seal_value(session, case_id, row, said, RESTRICTED)
    row.reviews += 1
    row.review_on = review_on
    session.add(row)
    case.hold_review_on = review_on
    steps.touch(session, case, actor=actor, now=now)
    clocks.resume_all(session, actor, case_id, now=now)
    clocks.pause_all(session, actor, case_id, review_on=review_on, now=now)
    tasks.finish_task(session, case_id, _review_key(row, row.reviews - 1), actor=actor, now=now)
    _open_review(session, actor, case, row, now)
    _note(session, actor, row, "hold.reviewed", now)


def resume_case(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    now: datetime,
    ended_as: HoldEnd = HoldEnd.CAN_GO_ON,
    expected_version: int | None = None,
) -> str:
    """Take a case off hold: it goes on in the state it was held from, its clocks run again.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: not the worker or a supervisor.
        WrongState: the case is not on hold.
        StaleWrite: somebody changed the case after it was read.
    """
    case = case_for(
        session, actor, case_id, roles=MAY_HOLD, now=now, expected_version=expected_version
    )
    row = _standing(session, case, "resume_case")
    previous = row.previous_state
    case = steps.move(session, case_id, previous, transition=Step.RESUME, actor=actor, now=now)
    clocks.resume_all(session, actor, case_id, now=now)
    if row.reason in ABSENT:
        clocks.close_clock(session, case_id, ClockCode.NOT_CONTACTABLE, now=now, actor=actor)
    end_hold(session, actor, case, ended_as=ended_as, now=now)
    return previous


def end_hold(
    session: Session, actor: Actor, case: CaseRow, *, ended_as: HoldEnd, now: datetime
) -> None:
    """End the hold record of a locked case that moved on or closed; nothing when there is none."""
    row = store.lock_open(session, case.id)
    case.hold_review_on = None
    session.add(case)
    if row is None:
        return
    row.open_case, row.ended_at = None, now
    row.ended_by, row.ended_as = actor.person_id, ended_as.value
    session.add(row)
    session.flush()
    for key in (_review_key(row, row.reviews), f"{SEARCH_TASK}:{row.id}"):
        tasks.finish_task(session, case.id, key, actor=actor, now=now)
    _note(session, actor, row, "hold.ended", now)


def holds_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[HoldView, ...]:
    """Return every hold of a case, oldest first, and note that it was read.

    Raises:
        NotThere: no such case, or not enough of it is yours.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    audit.record(
        session, actor, "hold.read", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return tuple(_view(session, row) for row in store.of_case(session, case_id))


def remind_of_reviews(session: Session, *, now: datetime, limit: int) -> int:
    """Tell supervisors of holds whose review date has come, once for each date; return how many.

    The sweep calls this. Nothing is resumed or closed by it.
    """
    rows = store.to_review(session, today=now.date(), limit=limit)
    for row in rows:
        case = steps.lock(session, row.case_id)
        person = case.supervisor_person
        outbox.post(
            session,
            topic="hold.review_due",
            key=f"hold-review:{row.id}:{row.review_on.isoformat()}",
            subject=row.case_id,
            now=now,
            payload={"person": person}
            if person
            else {"role": Role.SUPERVISOR.value, "office": case.office},
        )
        row.reminded_for = row.review_on
        session.add(row)
    session.flush()
    return len(rows)


def _row(  # noqa: PLR0917  private, all of it is needed
    session: Session,
    actor: Actor,
    case: CaseRow,
    previous: str,
    request: HoldRequest,
    now: datetime,
) -> HoldRow:
    missing = request.missing
    row = HoldRow(
        case_id=case.id,
        open_case=case.id,
        reason=request.reason.value,
        previous_state=previous,
        since=now,
        review_on=request.review_on,
        missing_since=missing.missing_since if missing is not None else None,
        police_told=missing is not None and missing.reported_to_police,
        guardian_told=missing is not None and missing.guardian_told,
        held_by=actor.person_id,
    )
    if request.words:
        row.restricted = seal_value(session, case.id, row, {"words": request.words}, RESTRICTED)
    session.add(row)
    session.flush()
    _note(session, actor, row, "hold.placed", now)
    return row


def _open_duties(
    session: Session, actor: Actor, case: CaseRow, row: HoldRow, now: datetime
) -> None:
    _open_review(session, actor, case, row, now)
    if row.reason not in ABSENT:
        return
    clocks.open_clock(
        session,
        case.id,
        ClockCode.NOT_CONTACTABLE,
        started_at=row.missing_since or now,
        occurrence=clocks.next_occurrence(session, case.id, ClockCode.NOT_CONTACTABLE),
        now=now,
    )
    tasks.open_task(
        session,
        case.id,
        SEARCH_TASK,
        key=f"{SEARCH_TASK}:{row.id}",
        actor=actor,
        now=now,
        role=Role.CASEWORKER,
        person_id=case.owner_person,
        ref=row.id,
    )


def _open_review(
    session: Session, actor: Actor, case: CaseRow, row: HoldRow, now: datetime
) -> None:
    tasks.open_task(
        session,
        case.id,
        REVIEW_TASK,
        key=_review_key(row, row.reviews),
        actor=actor,
        now=now,
        role=Role.SUPERVISOR,
        person_id=case.supervisor_person,
        ref=row.id,
    )


def _standing(session: Session, case: CaseRow, act: str) -> HoldRow:
    row = store.lock_open(session, case.id)
    if row is None:
        raise WrongState(kind="case", state=case.state, act=act)
    return row


def _review_key(row: HoldRow, number: int) -> str:
    return f"{REVIEW_TASK}:{row.id}:{number}"


def _longest(case: CaseRow, now: datetime) -> timedelta:
    return timedelta(days=pack_for(case, on=now.date()).pause.max_days)


def _today(case: CaseRow, now: datetime) -> date:
    return local_day(now, pack_for(case, on=now.date()).calendar(case.office))


def _note(session: Session, actor: Actor, row: HoldRow, action: str, now: datetime) -> None:
    audit.record(
        session,
        actor,
        action,
        thing="case_hold",
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={
            "reason": row.reason,
            "review_on": row.review_on.isoformat(),
            "ended_as": row.ended_as or None,
        },
    )
    steps.wake(session, row.case_id, now=now)


def _view(session: Session, row: HoldRow) -> HoldView:
    return HoldView(
        id=row.id,
        reason=row.reason,
        previous_state=row.previous_state,
        since=row.since,
        review_on=row.review_on,
        reviews=row.reviews,
        missing_since=row.missing_since,
        police_told=row.police_told,
        guardian_told=row.guardian_told,
        ended_at=row.ended_at,
        ended_as=row.ended_as,
        words=str(open_value(session, row.case_id, row).get("words", "")),
        version=row.version,
    )

"""Recording urgent protection at once, in any state of the case, and the duties that follow.

Two doors lead here. Whoever knows of the case names it by id. A first-line officer or a colleague of
another office who has the child in front of them names it by the child code: that is write-only and
shows nothing of the file. Neither waits for a state, a consent or a decision.

Source: DOM-3.3/T3, DOM-5.9, DOM-R4.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.clocks import ClockCode
from cases.rules.emergency import (
    TRIGGERS,
    Crossing,
    Danger,
    Duty,
    FollowUpDuty,
    Measure,
    duties,
    may_cross,
    require_responder,
)
from cases.service import clocks, steps, tasks
from cases.service.access import case_for, reach_of
from cases.service.forms import RESTRICTED, open_value, seal_value
from cases.store import case_files
from cases.store import emergency as store
from cases.tables.case_file import CaseRow
from cases.tables.emergency import EmergencyActionRow
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import BadInput, NotThere, WrongState

EMERGENCY: Final = "emergency"


@dataclass(frozen=True)
class CrossingRequest:
    """The telephone consent of both duty officers before an emergency crossing.

    Args:
        destination: ISO 3166-1 alpha-2.
        our_officer: person id of our duty officer.
        our_consent_at: when ours agreed.
        their_officer: name and office of the other duty officer; kept sealed.
        their_consent_at: when they agreed.
    """

    destination: str
    our_officer: str
    our_consent_at: datetime | None
    their_officer: str
    their_consent_at: datetime | None


@dataclass(frozen=True)
class EmergencyRequest:
    """What somebody did at once to protect a child.

    Args:
        danger: why.
        measure: what was done.
        acted_at: when it was done.
        words: what happened, in words; kept sealed. May be empty: it can be added later.
        decided_by: person id of whoever decided; the reporter when empty.
        triggers: codes B1 to B6 that are true after the act.
        crossing: set only for an emergency crossing of a border.
    """

    danger: Danger
    measure: Measure
    acted_at: datetime
    words: str = ""
    decided_by: str = ""
    triggers: tuple[str, ...] = ()
    crossing: CrossingRequest | None = None


@dataclass(frozen=True)
class EmergencyView:
    """One urgent act as somebody with the file sees it."""

    id: str
    case_id: str
    n: int
    danger: str
    measure: str
    acted_at: datetime
    recorded_at: datetime
    recorded_by: str
    decided_by: str
    case_state: str
    triggers: tuple[str, ...]
    destination: str
    written_at: datetime | None
    words: str
    version: int


def record_emergency_action(
    session: Session, actor: Actor, case_id: str, request: EmergencyRequest, *, now: datetime
) -> str:
    """Put an urgent act on record and return its id. Always possible, whatever the case's state.

    Raises:
        NotThere: no such case, or not yours.
        NotAllowed: not one of the roles that act at once.
        BadInput: an unknown trigger.
        Incomplete: only for the crossing of a border, without the word of both duty officers.

    Source: DOM-3.3/T3, DOM-R4.
    """
    require_responder(actor)
    if reach_of(session, actor, case_id, now=now).level < Level.CODED:
        raise NotThere("case")
    return _record(session, actor, steps.lock(session, case_id), request, now).id


def record_for_child_code(
    session: Session, actor: Actor, child_code: str, request: EmergencyRequest, *, now: datetime
) -> str:
    """Put an urgent act on record for the child whose code one holds; shows nothing of the file.

    Raises:
        NotThere: no child with this code in the actor's country: raise an alert instead.
        NotAllowed: not one of the roles that act at once.

    Source: DOM-3.3/T3, DOM-R4.
    """
    require_responder(actor)
    case_id = case_files.id_of_code(session, child_code.strip().upper())
    row = case_files.find_case(session, case_id) if case_id is not None else None
    if row is None or row.country != actor.country:
        raise NotThere("case")
    return _record(session, actor, steps.lock(session, row.id), request, now).id


def actions_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[EmergencyView, ...]:
    """Return the urgent acts of a case with their words, and note that they were read.

    Raises:
        NotThere: no such case, or not enough of it is yours.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    audit.record(
        session,
        actor,
        "emergency.read",
        thing="case",
        thing_id=case_id,
        case_id=case_id,
        now=now,
        fields=("words",),
    )
    return tuple(_view(session, row) for row in store.of_case(session, case_id))


def confirm_crossing_in_writing(
    session: Session,
    actor: Actor,
    action_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Note that both sides' consent to an emergency crossing is now there in writing.

    Raises:
        NotThere: no such act, or not yours.
        RoleMayNot: only the secretariat and supervisors hold the papers.
        WrongState: no crossing, or already in writing.

    Source: DOM-5.9.
    """
    found = store.lock(session, action_id)
    if found is None:
        raise NotThere("emergency_action")
    case_for(
        session,
        actor,
        found.case_id,
        roles=(Role.SECRETARIAT, Role.SECRETARIAT_HEAD, Role.SUPERVISOR),
        now=now,
        level=Level.CODED,
    )
    check_version(found, "emergency_action", expected_version)
    if not found.is_crossing or found.written_at is not None:
        raise WrongState(kind="emergency_action", state="no_consent_due", act="confirm")
    found.written_at = now
    session.add(found)
    session.flush()
    tasks.finish_task(
        session, found.case_id, _key(found, Duty.WRITTEN_CONSENT), actor=actor, now=now
    )
    _note(session, actor, found, "emergency.consent_written", now)


def _record(
    session: Session, actor: Actor, case: CaseRow, request: EmergencyRequest, now: datetime
) -> EmergencyActionRow:
    if set(request.triggers) - TRIGGERS:
        raise BadInput(pointer="/body/triggers", code="unknown_trigger")
    crossing = request.crossing
    is_crossing = crossing is not None or request.measure is Measure.EMERGENCY_CROSSING
    if is_crossing:
        may_cross(request.danger, _crossing(crossing), now=now).require()
    row = EmergencyActionRow(
        case_id=case.id,
        n=store.next_number(session, case.id),
        danger=request.danger.value,
        measure=request.measure.value,
        triggers=sorted(set(request.triggers)),
        acted_at=min(request.acted_at, now),  # a telephone whose clock is wrong loses no record
        recorded_at=now,
        recorded_by=actor.person_id,
        decided_by=request.decided_by or actor.person_id,
        case_state=case.state,
        is_crossing=is_crossing,
    )
    words = {"words": request.words}
    if crossing is not None:
        row.destination, row.our_officer = crossing.destination, crossing.our_officer
        row.our_consent_at, row.their_consent_at = (
            crossing.our_consent_at,
            crossing.their_consent_at,
        )
        words["their_officer"] = crossing.their_officer
    if any(words.values()):
        row.restricted = seal_value(session, case.id, row, words, RESTRICTED)
    session.add(row)
    session.flush()
    _note(session, actor, row, "emergency.recorded", now)
    clocks.meet_clock(session, case.id, ClockCode.FIRST_RESPONSE, now=now, actor=actor)
    for duty in duties(acted_at=row.acted_at, is_crossing=is_crossing, triggers=row.triggers):
        _open_duty(session, actor, case, row, duty, now)
    steps.wake(session, case.id, now=now)
    return row


def _open_duty(  # noqa: PLR0917  private, all of it is needed
    session: Session,
    actor: Actor,
    case: CaseRow,
    row: EmergencyActionRow,
    duty: FollowUpDuty,
    now: datetime,
) -> None:
    ref, due = row.id, duty.due_at
    if duty.duty is Duty.SHORT_ASSESSMENT:
        code = ClockCode.SHORT_ASSESSMENT
        ref = clocks.open_clock(
            session,
            case.id,
            code,
            started_at=row.acted_at,
            occurrence=clocks.next_occurrence(session, case.id, code),
            priority=EMERGENCY,
            due_at=due,
            now=now,
        )
        due = clocks.due_of_clock(session, ref)
    owner = case.owner_person if duty.role is Role.CASEWORKER else None
    tasks.open_task(
        session,
        case.id,
        duty.duty.value,
        key=_key(row, duty.duty),
        actor=actor,
        now=now,
        role=duty.role,
        person_id=owner,
        due_at=due,
        ref=ref,
    )


def _crossing(request: CrossingRequest | None) -> Crossing:
    if request is None:
        return Crossing("", "", None, theirs_named=False, theirs_at=None)
    return Crossing(
        request.destination,
        request.our_officer,
        request.our_consent_at,
        theirs_named=bool(request.their_officer.strip()),
        theirs_at=request.their_consent_at,
    )


def _key(row: EmergencyActionRow, duty: Duty) -> str:
    return f"{duty.value}:{row.id}"


def _note(
    session: Session, actor: Actor, row: EmergencyActionRow, action: str, now: datetime
) -> None:
    audit.record(
        session,
        actor,
        action,
        thing="emergency_action",
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"danger": row.danger, "measure": row.measure, "crossing": row.is_crossing},
    )


def _view(session: Session, row: EmergencyActionRow) -> EmergencyView:
    return EmergencyView(
        id=row.id,
        case_id=row.case_id,
        n=row.n,
        danger=row.danger,
        measure=row.measure,
        acted_at=row.acted_at,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        decided_by=row.decided_by,
        case_state=row.case_state,
        triggers=tuple(row.triggers),
        destination=row.destination,
        written_at=row.written_at,
        words=str(open_value(session, row.case_id, row).get("words", "")),
        version=row.version,
    )

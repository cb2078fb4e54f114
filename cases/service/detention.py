"""A child in detention: emergency at once, a counter, a task to get them out, and the release.

``note_detention`` is for other services that hear of it (an alert, an import); people come through
``record_detention``.

Source: DOM-4.1/in_detention, DOM-R27.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.clocks import ClockCode
from cases.rules.detention import (
    DetentionPlace,
    ReleasedTo,
    TimeHeld,
    may_record,
    may_release,
    time_held,
)
from cases.rules.machine import CaseState
from cases.service import clocks, steps, tasks
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.forms import SENSITIVE, open_value, seal_value
from cases.store import detention as store
from cases.tables.case_file import CaseRow
from cases.tables.detention import DetentionRow
from core import audit, outbox
from core.actors import Actor, Role
from core.db import check_version
from core.errors import NotThere

EMERGENCY: Final = "emergency"
MAY_RECORD: Final = frozenset(
    {
        Role.CASEWORKER,
        Role.SUPERVISOR,
        Role.ASSESSOR,
        Role.COORDINATOR,
        Role.GUARDIAN,
        Role.LAWYER,
        Role.SECRETARIAT,
        Role.SECRETARIAT_HEAD,
    }
)


@dataclass(frozen=True)
class DetentionRequest:
    """What is known of a detention. ``details`` (which cell, by whom, why) are kept sealed."""

    since: datetime
    place_type: DetentionPlace
    details: str = ""


@dataclass(frozen=True)
class ReleaseRequest:
    """What is known of a release. ``order`` (which order, who took the child) is kept sealed."""

    released_at: datetime
    released_to: ReleasedTo
    order: str = ""


@dataclass(frozen=True)
class DetentionView:
    """One detention as somebody with the file sees it; ``details`` only at the sensitive level."""

    id: str
    place_type: str
    since: datetime
    released_at: datetime | None
    released_to: str
    held: TimeHeld
    details: str
    order: str
    version: int


def record_detention(
    session: Session, actor: Actor, case_id: str, request: DetentionRequest, *, now: datetime
) -> str:
    """Put on record that a child is locked up: the case becomes an emergency at once.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: a role that has nothing to do with it.
        Incomplete: a detention lasts already, or begins in the future.

    Source: DOM-R27.
    """
    case = case_for(session, actor, case_id, roles=MAY_RECORD, now=now, level=Level.CODED)
    may_record(
        since=request.since, is_held_already=store.is_open(session, case_id), now=now
    ).require()
    return _open(session, actor, case, request, now)


def note_detention(
    session: Session, actor: Actor, case_id: str, request: DetentionRequest, *, now: datetime
) -> str:
    """Note a detention another act has learned of; one that lasts already is left as it is."""
    case = steps.lock(session, case_id)
    standing = store.lock_open(session, case_id)
    return standing.id if standing is not None else _open(session, actor, case, request, now)


def record_release(
    session: Session,
    actor: Actor,
    case_id: str,
    request: ReleaseRequest,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> TimeHeld:
    """Put on record that a child is free again, and say how long it was held.

    The priority stays what it is: a supervisor lowers it when the child is safe.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: a role that has nothing to do with it.
        Incomplete: the child is not on record as detained, or the moment cannot be.
        StaleWrite: somebody changed the record after it was read.

    Source: DOM-R27, DOM-7.3/I8.
    """
    case = case_for(session, actor, case_id, roles=MAY_RECORD, now=now, level=Level.CODED)
    row = store.lock_open(session, case_id)
    since = row.since if row is not None else None
    may_release(since=since, until=request.released_at, now=now).require()
    if row is None:
        raise NotThere("detention")
    check_version(row, "detention", expected_version)
    row.released_at, row.released_to = request.released_at, request.released_to.value
    row.open_case, row.release_recorded_by = None, actor.person_id
    if request.order:
        row.release_sensitive = seal_value(
            session, case_id, row, {"order": request.order}, "release_sensitive"
        )
    session.add(row)
    case.detained, case.released_at = False, request.released_at
    steps.touch(session, case, actor=actor, now=now)
    tasks.finish_task(session, case_id, _task_key(row), actor=actor, now=now)
    clocks.meet_clock(session, case_id, ClockCode.FIRST_RESPONSE, now=now, actor=actor)
    _note(session, actor, row, "detention.released", now)
    return time_held(row.since, request.released_at)


def detentions_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[DetentionView, ...]:
    """Return every detention of a child with the days and hours counted, and note the read.

    Raises:
        NotThere: no such case, or not enough of it is yours.
    """
    reach = reach_of(session, actor, case_id, now=now)
    if reach.level < Level.SUMMARY:
        raise NotThere("case")
    opens = reach.level >= Level.SENSITIVE and not reach.purpose_needed
    opens = opens and (reach.sections is None or "in_detention" in reach.sections)
    audit.record(
        session,
        actor,
        "detention.read",
        thing="case",
        thing_id=case_id,
        case_id=case_id,
        now=now,
        fields=("details", "order") if opens else (),
    )
    return tuple(_view(session, row, now, opens=opens) for row in store.of_case(session, case_id))


def _open(
    session: Session, actor: Actor, case: CaseRow, request: DetentionRequest, now: datetime
) -> str:
    row = DetentionRow(
        case_id=case.id,
        open_case=case.id,
        place_type=request.place_type.value,
        since=request.since,
        recorded_at=now,
        recorded_by=actor.person_id,
    )
    if request.details:
        row.sensitive = seal_value(session, case.id, row, {"details": request.details}, SENSITIVE)
    session.add(row)
    case.detained, case.detained_since, case.released_at = True, request.since, None
    if case.priority != EMERGENCY:
        steps.prioritise(session, case, EMERGENCY, actor=actor, now=now)
    steps.touch(session, case, actor=actor, now=now)
    template = pack_for(case, on=now.date()).detention.release_task
    tasks.open_task(
        session,
        case.id,
        template.code,
        key=_task_key(row),
        actor=actor,
        now=now,
        role=Role.CASEWORKER,
        person_id=case.owner_person,
        due_at=now,
        ref=row.id,
    )
    if case.state == CaseState.CLOSED:
        _tell_closed(session, case, row, now)
    _note(session, actor, row, "detention.recorded", now)
    return row.id


def _tell_closed(session: Session, case: CaseRow, row: DetentionRow, now: datetime) -> None:
    """A closed case has no owner at work: the supervisors of the office hear that it must reopen."""
    outbox.post(
        session,
        topic="detention.closed_case",
        key=f"detention:{row.id}",
        subject=case.id,
        now=now,
        payload={"role": Role.SUPERVISOR.value, "office": case.office, "detention": row.id},
    )


def _task_key(row: DetentionRow) -> str:
    return f"release:{row.id}"


def _note(session: Session, actor: Actor, row: DetentionRow, action: str, now: datetime) -> None:
    audit.record(
        session,
        actor,
        action,
        thing="detention",
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"place": row.place_type, "released_to": row.released_to or None},
    )
    steps.wake(session, row.case_id, now=now)


def _view(session: Session, row: DetentionRow, now: datetime, *, opens: bool) -> DetentionView:
    inside = open_value(session, row.case_id, row, SENSITIVE) if opens else {}
    release = open_value(session, row.case_id, row, "release_sensitive") if opens else {}
    return DetentionView(
        id=row.id,
        place_type=row.place_type,
        since=row.since,
        released_at=row.released_at,
        released_to=row.released_to,
        held=time_held(row.since, row.released_at or now),
        details=str(inside.get("details", "")),
        order=str(release.get("order", "")),
        version=row.version,
    )

"""Disagreeing with a decision: taken in at once, heard by others, and what it stops meanwhile.

Every appeal suspends a journey abroad the moment it is stored, whatever the country's pack says: the
stricter reading of R42. What is under way inside the country is stopped for the matters the pack
names. No clock ends an appeal or its window. How an appeal ends is in ``appeal_results``.

Source: DOM-3.3 (T15), DOM-R42, DOM-2.3.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.closing import Blocker
from cases.rules.machine import CaseState, Step, edge
from cases.rules.movement import HoldOnMovement
from cases.service import blockers, clocks, movement, steps, tasks
from cases.service.guardians import GuardianKind, guardian_kinds, guardian_persons
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import Gap, Incomplete, NotAllowed, NotThere
from core.ids import new_id
from core.vault import Place, seal, unseal
from panels.rules.appeal import (
    AppealBy,
    Draft,
    is_late,
    matters_of,
    may_appeal,
    may_waive,
    stops_what_is_under_way,
)
from panels.service import decision_rows, hearers, telling
from panels.service.child import Child
from panels.service.decision_rows import Decided, taken, talk_about, window_of
from panels.store import appeal as store
from panels.tables.appeal import AppealRow

TABLE: Final = "appeal"
UNDER_WAY: Final = frozenset({CaseState.IMPLEMENTING, CaseState.FOLLOW_UP})
LODGERS: Final = frozenset({Role.GUARDIAN, Role.LAWYER, Role.CASEWORKER})
_OWN_VOICE: Final = {Role.GUARDIAN: AppealBy.GUARDIAN, Role.LAWYER: AppealBy.LAWYER}


@dataclass(frozen=True)
class AppealView:
    """One appeal as it is shown."""

    id: str
    determination_id: str
    by: str
    received_at: datetime
    is_late: bool
    suspensive: bool
    grounds: str
    reason_for_lateness: str
    result: str
    reasons: str
    decided_at: datetime | None
    replacement_id: str | None
    version: int


def lodge_appeal(
    session: Session, actor: Actor, determination_id: str, draft: Draft, *, now: datetime
) -> str:
    """Take an appeal in, suspend any journey abroad, and move the case if it can move.

    Raises:
        NotThere: no such decision, or not yours.
        RoleMayNot: neither guardian, lawyer nor caseworker.
        NotAllowed: a guardian or lawyer speaks in somebody else's name.
        Incomplete: not told yet, open already, or late without a reason.

    Source: DOM-3.3 (T15), DOM-R42.
    """
    found = taken(session, actor, determination_id, roles=LODGERS, now=now)
    _require_own_voice(actor, draft)
    window = window_of(talk_about(session, found.row))
    has_open = store.open_of(session, found.child.case_id) is not None
    may_appeal(
        draft,
        window,
        has_open_appeal=has_open,
        now=now,
        late_allowed=found.child.pack.appeal.late_allowed_with_reason,
    ).require()
    row = _keep(session, actor, found, draft, late=is_late(draft, window), now=now)
    _stop_everything(session, actor, found, row, now)
    audit.record(
        session,
        actor,
        "appeal.lodged",
        thing=TABLE,
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"by": row.by, "late": row.is_late, "suspensive": row.suspensive},
    )
    return row.id


def waive_window(
    session: Session,
    actor: Actor,
    determination_id: str,
    *,
    child_was_asked: bool,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Give up the rest of the appeal window: the guardian alone, after asking the child.

    Raises:
        NotThere: no such decision, not yours, or the child was not told yet.
        RoleMayNot: not a guardian.
        Incomplete: the country does not allow it, the child was not asked, an appeal is open.
        StaleWrite: the caller read an older version.

    Source: DOM-3.3 (T16).
    """
    found = taken(session, actor, determination_id, roles=frozenset({Role.GUARDIAN}), now=now)
    talk = talk_about(session, found.row)
    if talk is None:
        raise NotThere("communication")
    check_version(talk, "communication", expected_version)
    if not found.child.pack.appeal.guardian_may_waive_window:
        raise Incomplete("waive_appeal", (Gap("waiver_not_allowed"),))
    may_waive(
        by_guardian=_is_guardian(session, actor, found.child),
        child_was_asked=child_was_asked,
        has_open_appeal=store.open_of(session, found.child.case_id) is not None,
    ).require()
    talk.waived_at, talk.waived_by = now, actor.person_id
    session.add(talk)
    clocks.close_clock(session, found.child.case_id, "D12", now=now, actor=actor)
    audit.record(
        session,
        actor,
        "appeal.window_waived",
        thing=decision_rows.KIND,
        thing_id=found.row.id,
        case_id=found.child.case_id,
        now=now,
    )
    steps.wake(session, found.child.case_id, now=now)


def appeals_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[AppealView, ...]:
    """Return every appeal of a child's case, newest first, and note that they were read.

    Raises:
        NotThere: no such case, or not yours.
    """
    decision_rows.case_seen(session, actor, case_id, now=now)
    audit.record(
        session, actor, "appeal.read", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return tuple(_view(session, row) for row in store.of_case(session, case_id))


def _is_guardian(session: Session, actor: Actor, child: Child) -> bool:
    """Whether the actor is the child's guardian today; a stop-gap adviser is not one."""
    kinds = guardian_kinds(session, child.case_id, on=child.today)
    persons = guardian_persons(session, child.case_id, on=child.today)
    return actor.is_human and GuardianKind.GUARDIAN in kinds and actor.person_id in persons


def _require_own_voice(actor: Actor, draft: Draft) -> None:
    """A guardian appeals as guardian, a lawyer as lawyer; a caseworker takes down anybody's word."""
    if actor.has(Role.CASEWORKER):
        return
    voices = {_OWN_VOICE[role] for role in _OWN_VOICE if actor.has(role)}
    if draft.by not in voices | {AppealBy.CHILD}:
        raise NotAllowed("appeal_in_own_name")


def _keep(
    session: Session, actor: Actor, found: Decided, draft: Draft, *, late: bool, now: datetime
) -> AppealRow:
    row_id = new_id()
    case_id = found.child.case_id
    words = {"grounds": draft.grounds, "lateness": draft.reason_for_lateness}
    row = AppealRow(
        id=row_id,
        determination_id=found.row.id,
        case_id=case_id,
        open_case=case_id,
        by=draft.by.value,
        received_at=draft.received_at,
        is_late=late,
        suspensive=_stops_all(found),
        lodged_by=actor.person_id,
        lodged_at=now,
        hearers=[],
        restricted=seal(
            session, owner=case_id, place=Place(TABLE, "restricted", row_id), value=words
        ),
    )
    session.add(row)
    session.flush()
    return row


def _stops_all(found: Decided) -> bool:
    matters = matters_of(found.row.outcome, is_abroad=found.row.is_abroad)
    named = {matter.value for matter in found.child.pack.appeal.suspensive_for}
    return stops_what_is_under_way(matters, named)


def stop_key(appeal_id: str) -> str:
    """Return the key of the task to stop what an appeal found under way."""
    return f"stop:{appeal_id}"


def _ask_to_stop(session: Session, actor: Actor, row: AppealRow, now: datetime) -> None:
    """Ask the coordinator to stop what has begun; safe care of the child goes on."""
    tasks.open_task(
        session,
        row.case_id,
        "stop_carrying_out",
        key=stop_key(row.id),
        actor=actor,
        now=now,
        role=Role.COORDINATOR,
        ref=row.id,
    )


def _stop_everything(
    session: Session, actor: Actor, found: Decided, row: AppealRow, now: datetime
) -> None:
    """Hold the child here, keep the case open, and tell those who hear appeals. Source: DOM-R42."""
    case_id = found.child.case_id
    movement.hold(session, case_id, HoldOnMovement.APPEAL, actor=actor, now=now, ref=row.id)
    blockers.block(session, case_id, Blocker.OPEN_APPEAL, row.id, now=now)
    if edge(Step.APPEAL, found.child.state) is not None:
        steps.move(
            session,
            case_id,
            CaseState.UNDER_APPEAL,
            transition=Step.APPEAL,
            actor=actor,
            now=now,
            facts={"appeal": row.id},
        )
    clocks.close_clock(session, case_id, "D12", now=now, actor=actor)
    if row.suspensive and found.child.state in UNDER_WAY:
        _ask_to_stop(session, actor, row, now)
    body = hearers.open_to_body(session, actor, found.child, row, now=now)
    _tell(session, found, row, body, now)
    steps.wake(session, case_id, now=now)


def _tell(
    session: Session, found: Decided, row: AppealRow, body: tuple[str, ...], now: datetime
) -> None:
    """Tell those who hear it and those who hold the case; without a body, who can call one."""
    told = telling.Holders(
        office=found.child.office, persons=body, country="" if body else found.child.country
    )
    telling.tell(
        session,
        told,
        topic="appeal.lodged",
        key=f"appeal:{row.id}",
        subject=row.case_id,
        payload={"appeal": row.id, "by": row.by},
        now=now,
    )


def _view(session: Session, row: AppealRow) -> AppealView:
    words = unseal(
        session,
        owner=row.case_id,
        place=Place(TABLE, "restricted", row.id),
        sealed=row.restricted,
    )
    place = Place(TABLE, "answer", row.id)
    answer = (
        unseal(session, owner=row.case_id, place=place, sealed=row.answer) if row.answer else {}
    )
    return AppealView(
        id=row.id,
        determination_id=row.determination_id,
        by=row.by,
        received_at=row.received_at,
        is_late=row.is_late,
        suspensive=row.suspensive,
        grounds=words["grounds"],
        reason_for_lateness=words["lateness"],
        result=row.result,
        reasons=answer.get("reasons", ""),
        decided_at=row.decided_at,
        replacement_id=row.replacement_id,
        version=row.version,
    )

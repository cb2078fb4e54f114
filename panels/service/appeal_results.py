"""How an appeal ends: heard by people who took no part in the decision; upheld, sent back, or replaced.

A replacement is a decision of its own: signed by all who heard the appeal, and told to the child again.

Source: DOM-3.3 (T15), DOM-2.3, DOM-R20.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.closing import Blocker
from cases.rules.machine import CaseState, Step, edge
from cases.rules.movement import HoldOnMovement
from cases.rules.triggers import Trigger
from cases.service import blockers, movement, steps, tasks, triggers
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import Answer, NotAllowed, NotThere, WrongState
from core.vault import Place, seal
from panels.rules.appeal import APPEAL_RULE, Result, may_decide_appeal, may_hear
from panels.rules.determination import Draft as Decision
from panels.service import decision_rows, hearers
from panels.service.appeals import TABLE, stop_key
from panels.service.child import Child, child_for
from panels.service.recording import decide_without_panel
from panels.store import appeal as store
from panels.store import determination as determinations
from panels.tables.appeal import AppealRow

HEARERS: Final = frozenset({Role.CHAIR, Role.MEMBER, Role.SECRETARIAT_HEAD, Role.SECRETARIAT})


@dataclass(frozen=True)
class Ruling:
    """How an appeal ends.

    Args:
        result: upheld, returned to a panel, or replaced by another decision.
        reasons: of those who heard it.
        hearers: person ids; called to hear this appeal, and none of them took part in the decision.
        replacement: the new decision, when replaced.
    """

    result: Result
    reasons: str
    hearers: tuple[str, ...]
    replacement: Decision | None = None


def decide_appeal(
    session: Session,
    actor: Actor,
    appeal_id: str,
    ruling: Ruling,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> str | None:
    """End an appeal. Nobody who took part in the decision hears it. Returns a replacement's id.

    Raises:
        NotThere: no such appeal, or not yours.
        RoleMayNot: the act belongs to another role.
        WrongState: it was decided already.
        NotAllowed: a machine decides, or the actor is not one of those who heard it.
        Incomplete: hearers, reasons or the replacement lack something.
        StaleWrite: the caller read an older version.

    Source: DOM-3.3 (T15), DOM-2.3, DOM-R20.
    """
    row, child = _locked(session, actor, appeal_id, now)
    check_version(row, TABLE, expected_version)
    if row.open_case is None:
        raise WrongState(TABLE, row.result, "decide_appeal")
    _require_hearer(actor, ruling)
    decision = determinations.find(session, row.determination_id)
    if decision is None:
        raise NotThere(TABLE)
    replacement = "asked" if ruling.replacement else None
    gaps = (
        *may_hear(
            ruling.hearers,
            decision.voters,
            prepared=hearers.took_part(session, decision, now=now) | {row.lodged_by},
            called=row.hearers,
        ).gaps,
        *may_decide_appeal(ruling.result, ruling.reasons, replacement_id=replacement).gaps,
    )
    Answer("decide_appeal", gaps).require()
    _end(session, actor, row, ruling, now)
    return _follow(session, actor, child, row, ruling, now)


def _locked(
    session: Session, actor: Actor, appeal_id: str, now: datetime
) -> tuple[AppealRow, Child]:
    row = store.find(session, appeal_id)
    if row is None:
        raise NotThere(TABLE)
    try:
        child = child_for(session, actor, row.case_id, roles=HEARERS, now=now)
    except NotThere as error:
        raise NotThere(TABLE) from error
    session.refresh(row)
    return row, child


def _require_hearer(actor: Actor, ruling: Ruling) -> None:
    if not actor.is_human:
        raise NotAllowed("machine_decides")
    if actor.person_id not in ruling.hearers:
        raise NotAllowed("hearer_records_result")


def _end(session: Session, actor: Actor, row: AppealRow, ruling: Ruling, now: datetime) -> None:
    place = Place(TABLE, "answer", row.id)
    row.result, row.open_case = ruling.result.value, None
    row.decided_at, row.decided_by = now, actor.person_id
    row.hearers = sorted(set(ruling.hearers))
    row.answer = seal(session, owner=row.case_id, place=place, value={"reasons": ruling.reasons})
    session.add(row)
    session.flush()
    movement.release(session, row.case_id, HoldOnMovement.APPEAL, actor=actor, now=now, ref=row.id)
    blockers.clear(session, row.case_id, Blocker.OPEN_APPEAL, row.id, now=now)
    tasks.finish_task(session, row.case_id, stop_key(row.id), actor=actor, now=now)
    audit.record(
        session,
        actor,
        "appeal.decided",
        thing=TABLE,
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"result": row.result, "hearers": len(row.hearers)},
    )
    steps.wake(session, row.case_id, now=now)


def _follow(  # noqa: PLR0917  private, all of it is needed
    session: Session,
    actor: Actor,
    child: Child,
    row: AppealRow,
    ruling: Ruling,
    now: datetime,
) -> str | None:
    """Upheld: the decision stands. Returned: a new report. Replaced: a decision of the hearers."""
    if ruling.result is not Result.REPLACED:
        hearers.close_to_body(session, actor, row, now=now)
    if ruling.result is Result.UPHELD:
        return None
    decision = determinations.find(session, row.determination_id)
    if ruling.result is Result.RETURNED:
        if decision is not None:
            decision_rows.end(session, decision, decision_rows.SET_ASIDE, now=now)
        _send_back(session, actor, child, row, now)
        return None
    if ruling.replacement is None:
        raise NotThere(TABLE)
    row.replacement_id = decide_without_panel(
        session,
        actor,
        child,
        ruling.replacement,
        rule_used=APPEAL_RULE,
        voters=ruling.hearers,
        now=now,
    )
    session.add(row)
    session.flush()
    return row.replacement_id


def _send_back(session: Session, actor: Actor, child: Child, row: AppealRow, now: datetime) -> None:
    triggers.note_triggers(session, actor, child.case_id, [Trigger.REPLACES_DETERMINATION], now=now)
    if edge(Step.SEND_BACK, child.state) is not None:
        steps.move(
            session,
            child.case_id,
            CaseState.BID_REQUIRED,
            transition=Step.SEND_BACK,
            actor=actor,
            now=now,
            facts={"appeal": row.id, "trigger": "B6"},
        )

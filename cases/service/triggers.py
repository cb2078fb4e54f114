"""Which triggers of a determination stand for a case: those that follow from facts, those added.

Source: DOM-3.4, DOM-R3.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.machine import CaseState, Step
from cases.rules.triggers import Requirement, Trigger, waive
from cases.service import steps
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.store import assessment as store
from cases.store import case_files
from cases.tables.assessment import CaseTriggerRow
from cases.tables.case_file import CaseRow
from core import audit
from core.actors import Actor, Role
from core.errors import BadInput, NotThere


def requirement_of(session: Session, case_id: str) -> Requirement:
    """Return which triggers stand and were not yet taken up by a report."""
    rows = store.open_triggers(session, case_id)
    return Requirement(
        mandatory=frozenset(Trigger(row.code) for row in rows if row.is_mandatory),
        added=frozenset(Trigger(row.code) for row in rows if not row.is_mandatory),
    )


def in_force(row: CaseRow, *, now: datetime) -> frozenset[str]:
    """Return the trigger codes that are mandatory in the country's pack."""
    pack = pack_for(row, on=now.date())
    return frozenset(str(code) for code, trigger in pack.triggers.items() if trigger.mandatory)


def has_earlier_determination(session: Session, case_id: str) -> bool:
    """Whether a panel has decided about this child before."""
    history = case_files.history_of(session, case_id)
    return any(step.to_state == CaseState.BID_DECIDED for step in history)


def note_triggers(
    session: Session, actor: Actor, case_id: str, codes: Iterable[Trigger], *, now: datetime
) -> None:
    """Keep mandatory triggers that have become true; one that stands already becomes mandatory."""
    standing = {row.code: row for row in store.open_triggers(session, case_id)}
    for code in sorted(codes):
        row = standing.get(code) or _row(actor, case_id, code, now=now, mandatory=True)
        row.is_mandatory = True
        _keep(session, actor, row, "trigger.found", now)


def add_determination(
    session: Session, actor: Actor, case_id: str, trigger: Trigger, *, now: datetime
) -> Requirement:
    """Ask for a panel although no trigger is true; a supervisor may always add one.

    A case that is planned, being carried out or followed up goes to ``BID_REQUIRED`` at once; one
    that is still being assessed goes there when the assessment is approved.

    Raises:
        NotThere: not a case of this supervisor.

    Source: DOM-3.3/T7, DOM-R3.
    """
    row = case_for(session, actor, case_id, roles={Role.SUPERVISOR}, now=now)
    if trigger not in requirement_of(session, case_id).codes:
        added = _row(actor, case_id, trigger, now=now, mandatory=False)
        _keep(session, actor, added, "trigger.added", now)
    if row.state in _AT_ONCE:
        steps.move(
            session,
            case_id,
            CaseState.BID_REQUIRED,
            transition=Step.REQUIRE_BID,
            actor=actor,
            now=now,
            facts={"trigger": trigger.value},
        )
    return requirement_of(session, case_id)


def waive_trigger(
    session: Session, actor: Actor, case_id: str, trigger: Trigger, *, now: datetime
) -> Requirement:
    """Take back a determination a supervisor had added, while no report was begun.

    Raises:
        TriggerIsMandatory: it follows from the facts; nobody waives it.
        BadInput: no such trigger stands.

    Source: DOM-R3.
    """
    case_for(session, actor, case_id, roles={Role.SUPERVISOR}, now=now)
    standing = {row.code: row for row in store.open_triggers(session, case_id)}
    if trigger not in standing:
        raise BadInput(pointer="/trigger", code="not_standing")
    waive(requirement_of(session, case_id), trigger)
    row = standing[trigger]
    audit.record(
        session, actor, "trigger.taken_back", thing="case_trigger", thing_id=row.id,
        case_id=case_id, now=now, codes={"trigger": row.code},
    )  # fmt: skip
    session.delete(row)
    session.flush()
    return requirement_of(session, case_id)


def take_up(session: Session, case_id: str, report_id: str) -> tuple[str, ...]:
    """Give every standing trigger to the report that answers it; return their codes."""
    rows = store.open_triggers(session, case_id)
    for row in rows:
        row.report_id = report_id
        session.add(row)
    session.flush()
    return tuple(row.code for row in rows)


_AT_ONCE = frozenset({CaseState.PLANNED, CaseState.IMPLEMENTING, CaseState.FOLLOW_UP})


def _row(
    actor: Actor, case_id: str, code: Trigger, *, now: datetime, mandatory: bool
) -> CaseTriggerRow:
    return CaseTriggerRow(
        case_id=case_id, code=code, is_mandatory=mandatory, by_person=actor.person_id, at=now
    )


def _keep(session: Session, actor: Actor, row: CaseTriggerRow, action: str, now: datetime) -> None:
    session.add(row)
    session.flush()
    audit.record(
        session, actor, action, thing="case_trigger", thing_id=row.id, case_id=row.case_id,
        now=now, codes={"trigger": row.code},
    )  # fmt: skip
    steps.wake(session, row.case_id, now=now)


def read_requirement(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Requirement:
    """Read which triggers stand, and note that they were read.

    Raises:
        NotThere: no such case, or not so much of it.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    audit.record(
        session, actor, "trigger.read", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return requirement_of(session, case_id)

"""Attempts to reach a child who does not answer. Source: DOM-R55."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.closing import ContactMethod
from cases.service import steps
from cases.service.access import case_for
from cases.service.forms import RESTRICTED, seal_value
from cases.tables.closing import ContactAttemptRow
from core import audit
from core.actors import Actor, Role

CALLERS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.GUARDIAN})


def record_contact_attempt(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    tried_at: datetime,
    method: ContactMethod,
    reached: bool,
    words: str = "",
    now: datetime,
) -> str:
    """Note that somebody tried to reach the child, and whether they did.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: not the worker, a supervisor or the guardian.

    Source: DOM-R55.
    """
    case_for(session, actor, case_id, roles=CALLERS, now=now)
    row = ContactAttemptRow(
        case_id=case_id,
        tried_at=min(tried_at, now),
        method=method.value,
        reached=reached,
        recorded_by=actor.person_id,
        recorded_at=now,
    )
    if words:
        row.restricted = seal_value(session, case_id, row, {"words": words}, RESTRICTED)
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        "contact.tried",
        thing="contact_attempt",
        thing_id=row.id,
        case_id=case_id,
        now=now,
        codes={"method": row.method, "reached": reached},
    )
    steps.wake(session, case_id, now=now)
    return row.id

"""What a child does not want told, and to whom; honoured from the moment it is on file.

Source: DOM-4.2, DOM-R48.
"""

from datetime import datetime

from sqlmodel import Session

from cases.rules import consent as rules
from cases.rules.access import Basis
from cases.service.access import case_for
from cases.service.consents import RECORDERS, guardian_level
from cases.service.notes import note, seal_words
from cases.store import access as access_store
from cases.store import consents as store
from cases.tables.consent import WithholdRow
from core.actors import Actor, Role
from core.errors import NotThere


def withhold(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    item: str,
    from_whom: str,
    reason: rules.WithholdReason,
    now: datetime,
    words: str = "",
) -> str:
    """Note what the child does not want told to whom; honoured from this moment.

    A child who keeps highly sensitive parts from the guardian closes them at once.

    Source: DOM-4.2, DOM-2.2 (guardian: unless child objects).
    """
    row = case_for(session, actor, case_id, roles=RECORDERS - {Role.GUARDIAN}, now=now)
    kept = WithholdRow(
        case_id=row.id,
        item=item,
        from_whom=from_whom,
        reason=str(reason),
        asked_at=now,
        recorded_by=actor.person_id,
    )
    seal_words(session, kept, {"words": words})
    session.add(kept)
    session.flush()
    note(session, actor, "consent.item_withheld", kept, now=now, item=item, who=from_whom)
    _level_guardians(session, row.id)
    return kept.id


def lift_withhold(
    session: Session, actor: Actor, case_id: str, withhold_id: str, *, now: datetime
) -> None:
    """Note that the child no longer minds; twice is once."""
    row = case_for(session, actor, case_id, roles=RECORDERS - {Role.GUARDIAN}, now=now)
    kept = store.lock_withhold(session, row.id, withhold_id)
    if kept is None:
        raise NotThere("withheld item")
    if kept.lifted_at is None:
        kept.lifted_at = now
        kept.lifted_by = actor.person_id
        session.add(kept)
        session.flush()
        note(session, actor, "consent.item_released", kept, now=now, item=kept.item)
        _level_guardians(session, row.id)


def _level_guardians(session: Session, case_id: str) -> None:
    level = guardian_level(session, case_id)
    for basis in (Basis.GUARDIAN, Basis.LAWYER):
        for row in access_store.unclosed(session, case_id, basis=basis):
            row.level = int(level)
            session.add(row)
    session.flush()

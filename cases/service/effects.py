"""What the procedure has done, so that a step that runs twice has the effect of once."""

from datetime import datetime

from sqlmodel import Session

from cases.tables.effect import EffectRow
from core.ids import new_id
from core.upsert import insert_once


def once(session: Session, case_id: str, step: str, *, occurrence: int = 0, now: datetime) -> bool:
    """Claim an effect: True exactly once for a case, step and occurrence, then False.

    With two runners at the same moment the second waits for the first: if that one commits, the
    answer is False; if it rolls back, the effect is the second one's to do.
    """
    values = {
        "id": new_id(),
        "case_id": case_id,
        "step": step,
        "occurrence": occurrence,
        "done_at": now,
    }
    table = EffectRow.__table__  # type: ignore[attr-defined]
    return insert_once(session, table, values, unique=["case_id", "step", "occurrence"])

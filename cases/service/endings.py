"""What a case that ends leaves behind: no limit runs on and nobody is asked for more.

Source: DOM-3.1, DOM-3.2.
"""

from datetime import datetime

from sqlmodel import Session

from cases.service import clocks, tasks
from core.actors import Actor


def silence(session: Session, actor: Actor, case_id: str, *, now: datetime) -> None:
    """End every limit and withdraw every task of a case that was closed, merged or set aside."""
    clocks.close_all(session, case_id, now=now, actor=actor)
    tasks.withdraw_open(session, actor, case_id, now=now)

"""Time limits between two countries, on the sender's record: they remind and they show, they never answer.

Working days are those of the country that has to act, which is the receiving one (DOM-R59); the corridor may agree on
other lengths than that country's own pack. When a limit passes nothing about a transfer changes (DOM-R34).

Source: DOM-3.2 (D13 to D17), DOM-R34, DOM-R59.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.service import clocks
from core.actors import Actor
from core.packs.codes import LimitCode
from core.packs.lookup import pack_of
from core.packs.values import limit_of
from core.worktime import close_of_day, due_at
from transfers.rules.codes import Direction
from transfers.rules.machine import ENDED, Step, TransferState
from transfers.service.corridors import find_corridor
from transfers.store import transfers as store
from transfers.tables.transfer import TransferRow

ACKNOWLEDGE, ANSWER, OUTER, ACCEPTANCE, RECEIPT = "D13", "D14", "D15", "D16", "D17"
OPENS: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.DELIVER: (ACKNOWLEDGE,),
    Step.ACKNOWLEDGE: (ANSWER, OUTER),
    Step.ACCEPT: (ACCEPTANCE,),
    Step.ACCEPT_WITH_CONDITIONS: (ACCEPTANCE,),
    Step.HAND_OVER: (RECEIPT,),
}
_ANSWERED: Final = (ACKNOWLEDGE, ANSWER, OUTER)
MEETS: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.ACKNOWLEDGE: (ACKNOWLEDGE,),
    Step.ANSWER_YES: _ANSWERED,
    Step.ANSWER_NO: _ANSWERED,
    Step.ACCEPT: _ANSWERED,
    Step.ACCEPT_WITH_CONDITIONS: _ANSWERED,
    Step.DECLINE: (*_ANSWERED, ACCEPTANCE),
    Step.DEPART: (ACCEPTANCE,),
    Step.RECEIVE: (RECEIPT,),
}
ALL: Final = (ACKNOWLEDGE, ANSWER, OUTER, ACCEPTANCE, RECEIPT)


def follow(session: Session, row: TransferRow, step: Step, *, actor: Actor, now: datetime) -> None:
    """Start and end the limits that a step of an outbound transfer starts and ends."""
    if row.direction != Direction.OUTBOUND or row.case_id is None:
        return
    number = _number(session, row)
    over = TransferState(row.state) in ENDED
    for code in ALL if over else MEETS.get(step, ()):
        clocks.meet_clock(session, row.case_id, code, now=now, occurrence=number, actor=actor)
    for code in () if over else OPENS.get(step, ()):
        clocks.open_clock(
            session, row.case_id, code, started_at=now, occurrence=number,
            due_at=_due(row, code, now=now),
        )  # fmt: skip


def _due(row: TransferRow, code: str, *, now: datetime) -> datetime:
    acting = pack_of(row.destination, on=now.date())
    if code == ACCEPTANCE and row.accepted_until is not None:
        return close_of_day(row.accepted_until, acting.calendar())
    corridor = find_corridor(row.origin, row.destination, now=now, version=row.corridor_version)
    agreed = corridor.limits.get(LimitCode(code)) if corridor else None
    length = agreed.for_priority(row.priority) if agreed else limit_of(acting, code, row.priority)
    return due_at(now, length, acting.calendar())


def _number(session: Session, row: TransferRow) -> int:
    """The place of this transfer among those of its case: one clock of each kind for each."""
    ids = [one.id for one in store.of_case(session, str(row.case_id))]
    return ids.index(row.id)

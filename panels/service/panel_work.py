"""What waits for somebody around sittings: to sign, to answer, to prepare, to write, to look at.

Read from the record each time; nothing here is a task that could be left over.

Source: DOM-R16 (undertaking), DOM-R22 (signatures), DOM-3.5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from cases.service import access
from core.actors import Actor
from panels.rules.minutes import MinutesState
from panels.rules.planning import Cause, PlanState
from panels.rules.sittings import SittingState
from panels.service.own_seat import seats_of, sittings_of
from panels.service.panels import list_panels
from panels.service.standing import is_clerk
from panels.store import determination as determinations
from panels.store import member as members
from panels.store import minutes as minutes_store
from panels.store import planning
from panels.store import sitting as sittings
from panels.tables.panel import PanelRow
from panels.tables.sitting import SittingRow

MOST: Final = 200
SINCE: Final = timedelta(days=180)
AHEAD: Final = timedelta(days=60)


class Kind(StrEnum):
    """What is to be done."""

    UNDERTAKING = "undertaking"
    ANSWER = "answer"
    SIGN_DECISION = "sign_decision"
    SIGN_MINUTES = "sign_minutes"
    PREPARE = "prepare"
    WRITE_MINUTES = "write_minutes"
    PROPOSAL = "proposal"


@dataclass(frozen=True)
class ToDo:
    """One thing that waits; ``thing_id`` is the sitting, decision, plan or membership it is about.

    Args:
        panel: its name; empty where the reader knows it anyway.
        at: the hour of the sitting, or when the proposal was made.
        case_id: of a decision.
        cause: why a proposal was made.
    """

    kind: Kind
    thing_id: str
    panel: str
    at: datetime | None = None
    timezone: str = ""
    case_id: str = ""
    cause: str = ""


def to_do(session: Session, actor: Actor, *, now: datetime) -> tuple[ToDo, ...]:
    """Return what waits for the reader around sittings, in the order in which it can be done."""
    kept = [row for row in list_panels(session, actor, now=now, limit=MOST) if is_clerk(actor, row)]
    return (
        *_of_member(session, actor, now=now),
        *_to_sign(session, actor, now=now),
        *_of_clerk(session, kept, now=now),
    )


def _of_member(session: Session, actor: Actor, *, now: datetime) -> Iterator[ToDo]:
    seats = seats_of(session, actor, now=now)
    for seat in seats:
        if not seat.is_signed:
            yield ToDo(Kind.UNDERTAKING, seat.holder.member_id, seat.panel)
    for one in sittings_of(session, actor, now=now) if seats else ():
        if one.may_answer and one.comes is None:
            row = one.sitting
            yield ToDo(Kind.ANSWER, row.id, one.panel, row.starts_at, row.timezone)


def _to_sign(session: Session, actor: Actor, *, now: datetime) -> Iterator[ToDo]:
    """Decisions one took part in and minutes of sittings one presided that wait for one's signature."""
    mine = [row.id for row in members.of_person(session, actor.person_id)]
    if not mine:
        return
    barred = access.barred_cases(session, actor)
    for row in determinations.unsigned_near(session, mine):
        signed = {one.person_id for one in determinations.signatures(session, row.id)}
        if actor.person_id in row.voters and actor.person_id not in signed | barred:
            yield ToDo(Kind.SIGN_DECISION, row.id, "", case_id=row.case_id)
    for sitting in sittings.presided(session, mine, since=now - SINCE):
        if _waits_for(session, sitting, "chair"):
            yield _about(Kind.SIGN_MINUTES, sitting, "")


def _waits_for(session: Session, sitting: SittingRow, role: str) -> bool:
    newest = next(iter(minutes_store.of_sitting(session, sitting.id)), None)
    if newest is None or newest.state != MinutesState.DRAFT:
        return False
    return role not in {one.role for one in minutes_store.signatures(session, newest.id)}


def _of_clerk(session: Session, kept: list[PanelRow], *, now: datetime) -> Iterator[ToDo]:
    for panel in kept:
        for row in planning.drafts(session, panel.id):
            if row.state == PlanState.DRAFT and row.cause != Cause.ASKED:
                yield ToDo(Kind.PROPOSAL, row.id, panel.name, row.made_at, cause=row.cause)
        rows = sittings.of_panels(
            session, [panel.id], since=now - SINCE, until=now + AHEAD, limit=MOST
        )
        for sitting in sorted(rows, key=lambda one: one.starts_at):
            yield from _around(session, sitting, panel.name, now=now)


def _around(session: Session, sitting: SittingRow, panel: str, *, now: datetime) -> Iterator[ToDo]:
    state = SittingState(sitting.state)
    if state is SittingState.DRAFT and sitting.starts_at > now:
        yield _about(Kind.PREPARE, sitting, panel)
    if state is not SittingState.ENDED:
        return
    if not minutes_store.of_sitting(session, sitting.id):
        yield _about(Kind.WRITE_MINUTES, sitting, panel)
    elif _waits_for(session, sitting, "secretary"):
        yield _about(Kind.SIGN_MINUTES, sitting, panel)


def _about(kind: Kind, sitting: SittingRow, panel: str) -> ToDo:
    return ToDo(kind, sitting.id, panel, sitting.starts_at, sitting.timezone)

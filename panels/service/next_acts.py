"""What somebody may do next about a child's newest decision: tell the child, disagree, begin to carry it out.

A list to lead people, not a permission: every service judges its act again.

Source: DOM-3.3 (T14, T15, T16).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.machine import CaseState, Step, edge
from cases.service.access import reach_of
from core.actors import Actor, Role
from panels.service.appeals import LODGERS
from panels.service.communication import TELLERS
from panels.service.implementation import STARTERS
from panels.store import communication as talks
from panels.store import deferral as deferrals
from panels.store import determination as store
from panels.tables.determination import DeterminationRow

TOLD: Final = frozenset({CaseState.COMMUNICATED, CaseState.IMPLEMENTING, CaseState.FOLLOW_UP})


class NextAct(StrEnum):
    """Acts on a decision, the most pressing first."""

    ANSWER = "answer_question"
    TELL = "tell"
    APPEAL = "appeal"
    WAIVE = "waive"
    BEGIN = "begin"


@dataclass(frozen=True)
class OfDecision:
    """One act that is possible now, with the decision or the question it is about."""

    act: NextAct
    ref: str
    version: int


@dataclass(frozen=True)
class Printable:
    """A signed decision of which papers can be printed by this person."""

    determination_id: str
    child_page: bool
    letter: bool


def acts_on_decision(
    session: Session, actor: Actor, case_id: str, state: str, *, now: datetime
) -> tuple[OfDecision, ...]:
    """Return what this person may do about the decision in force; nothing where there is none.

    Source: DOM-3.3 (T14, T15, T16).
    """
    asked = _of_questions(session, actor, case_id, now=now)
    row = _in_force(session, actor, case_id, now=now)
    if row is None:
        return asked
    talk = talks.of_determination(session, row.id)
    found: list[OfDecision] = []
    if talk is None and edge(Step.COMMUNICATE, state) is not None and actor.has(*TELLERS):
        found.append(OfDecision(NextAct.TELL, row.id, row.version))
    if talk is not None and state in TOLD and actor.has(*LODGERS):
        found.append(OfDecision(NextAct.APPEAL, row.id, row.version))
    if talk is not None and state == CaseState.COMMUNICATED:
        if actor.has(Role.GUARDIAN) and talk.waived_at is None and now < talk.window_ends_at:
            found.append(OfDecision(NextAct.WAIVE, row.id, talk.version))
        if actor.has(*STARTERS) and not row.is_abroad:
            found.append(OfDecision(NextAct.BEGIN, row.id, row.version))
    return (*asked, *found)


def _of_questions(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[OfDecision, ...]:
    """Return what a panel asked this person to find out about the child."""
    if not actor.is_human or not reach_of(session, actor, case_id, now=now).sees:
        return ()
    return tuple(
        OfDecision(NextAct.ANSWER, one.id, one.version)
        for one in deferrals.open_questions_of(session, actor.person_id)
        if one.case_id == case_id
    )


def printable(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Printable | None:
    """Return which papers of the decision in force this person may print; None where there is none."""
    row = _in_force(session, actor, case_id, now=now)
    if row is None:
        return None
    return Printable(row.id, child_page=actor.has(*TELLERS), letter=True)


def _in_force(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> DeterminationRow | None:
    """Return the signed decision in force, to whoever reads the whole file."""
    if not actor.is_human or reach_of(session, actor, case_id, now=now).level < Level.FULL:
        return None
    rows = store.of_case(session, case_id)
    return next(
        (one for one in rows if one.current_case is not None and one.sealed_at is not None), None
    )

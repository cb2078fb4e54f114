"""What somebody may do next about a child's newest decision: tell the child, disagree, begin to carry it out.

A list to lead people, not a permission: every service judges its act again.

Source: DOM-3.3 (T14, T15, T16).
"""

from collections.abc import Iterator
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
    """A signed decision whose letter this person may print; the child's page, for those who tell the child."""

    determination_id: str
    child_page: bool


@dataclass(frozen=True)
class Next:
    """What somebody may do next about a decision, and what they may print of it."""

    acts: tuple[OfDecision, ...]
    papers: Printable | None


def next_about(session: Session, actor: Actor, case_id: str, state: str, *, now: datetime) -> Next:
    """Return what this person may do about the decision in force and a panel's questions, and what they may print.

    Source: DOM-3.3 (T14, T15, T16).
    """
    reach = reach_of(session, actor, case_id, now=now)
    if not actor.is_human or not reach.sees:
        return Next((), None)
    asked = _of_questions(session, actor, case_id)
    row = _in_force(session, case_id) if reach.level >= Level.FULL else None
    if row is None:
        return Next(asked, None)
    papers = Printable(row.id, child_page=actor.has(*TELLERS))
    return Next((*asked, *_of_decision(session, actor, row, state, now=now)), papers)


def _of_decision(
    session: Session, actor: Actor, row: DeterminationRow, state: str, *, now: datetime
) -> Iterator[OfDecision]:
    talk = talks.of_determination(session, row.id)
    if talk is None:
        if edge(Step.COMMUNICATE, state) is not None and actor.has(*TELLERS):
            yield OfDecision(NextAct.TELL, row.id, row.version)
        return
    if state in TOLD and actor.has(*LODGERS):
        yield OfDecision(NextAct.APPEAL, row.id, row.version)
    if state == CaseState.COMMUNICATED:
        if actor.has(Role.GUARDIAN) and talk.waived_at is None and now < talk.window_ends_at:
            yield OfDecision(NextAct.WAIVE, row.id, talk.version)
        if actor.has(*STARTERS) and not row.is_abroad:
            yield OfDecision(NextAct.BEGIN, row.id, row.version)


def _of_questions(session: Session, actor: Actor, case_id: str) -> tuple[OfDecision, ...]:
    """Return what a panel asked this person to find out about the child."""
    return tuple(
        OfDecision(NextAct.ANSWER, one.id, one.version)
        for one in deferrals.open_questions_of(session, actor.person_id)
        if one.case_id == case_id
    )


def _in_force(session: Session, case_id: str) -> DeterminationRow | None:
    """Return the signed decision in force."""
    rows = store.of_case(session, case_id)
    return next(
        (one for one in rows if one.current_case is not None and one.sealed_at is not None), None
    )

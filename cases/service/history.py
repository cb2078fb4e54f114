"""The steps a case has taken, as shown to somebody with the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.rules.access import Level
from cases.service.access import reach_of
from cases.service.notes import note_read
from cases.store import case_files as store
from core.actors import Actor
from core.errors import NotThere


@dataclass(frozen=True)
class StepTaken:
    """One step of a case."""

    n: int
    at: datetime
    transition: str
    from_state: str | None
    to_state: str
    person_id: str
    is_human: bool
    facts: Mapping[str, str | int | bool | None]


@dataclass(frozen=True)
class History:
    """The steps of a case, oldest first, and the cases that were merged into it."""

    steps: tuple[StepTaken, ...]
    merged_from: tuple[str, ...]


def history_of(session: Session, actor: Actor, case_id: str, *, now: datetime) -> History:
    """Show the steps a case has taken. After a merge each file keeps its own.

    Raises:
        NotThere: no such case, or not so much of it.

    Source: DOM-R53.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.SUMMARY:
        raise NotThere("case")
    rows = store.history_of(session, case_id)
    note_read(session, actor, "case_history", case_id, now=now, count=len(rows))
    steps = tuple(
        StepTaken(
            n=row.n,
            at=row.at,
            transition=row.transition,
            from_state=row.from_state,
            to_state=row.to_state,
            person_id=row.person_id,
            is_human=row.is_human,
            facts=row.facts,
        )
        for row in rows
    )
    return History(steps, tuple(store.merged_into(session, case_id)))

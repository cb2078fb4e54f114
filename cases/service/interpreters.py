"""Interpreters: who they are, that they signed an undertaking, and for which languages.

Never a relative, a co-traveller or an official of the country of origin.

Source: DOM-2.1/A14, DOM-R10.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Basis, Level
from cases.rules.assessments import Assignment
from cases.service import steps
from cases.service.access import case_for, close_access, grant_access, reach_of
from cases.service.notes import note, note_read, seal_words, words_of
from cases.store import guardians as store
from cases.tables.guardian import InterpreterRow
from core.actors import Actor, Role
from core.errors import Gap, NotThere, answer
from core.languages import languages as known

ASSIGNERS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.ASSESSOR, Role.COORDINATOR})


@dataclass(frozen=True)
class NewInterpreter:
    """An interpreter as a worker assigns one.

    Args:
        name: sealed.
        contact: sealed.
        languages: ISO 639 codes.
        undertaking_on: day the confidentiality undertaking was signed.
        undertaking_until: last day it holds.
        is_tied: a relative, co-traveller or official of the country of origin.
        child_aware: trained to work with children.
        person_id: the person, when there is an account.
    """

    name: str
    languages: tuple[str, ...]
    undertaking_on: date | None
    undertaking_until: date | None
    is_tied: bool
    child_aware: bool = False
    contact: str = ""
    person_id: str | None = None


@dataclass(frozen=True)
class InterpreterView:
    """An interpreter as shown to somebody with the file."""

    id: str
    name: str
    contact: str
    languages: tuple[str, ...]
    undertaking_on: date
    undertaking_until: date
    child_aware: bool
    person_id: str | None
    ended_on: date | None


def assign_interpreter(
    session: Session, actor: Actor, case_id: str, new: NewInterpreter, *, now: datetime
) -> str:
    """Assign an interpreter to a child and return the id of the assignment.

    Raises:
        Incomplete: no valid undertaking, no language, or somebody tied to the child or the origin.

    Source: DOM-R10, DOM-2.1/A14.
    """
    row = case_for(session, actor, case_id, roles=ASSIGNERS, now=now, level=Level.CODED)
    signed, until = new.undertaking_on, new.undertaking_until
    holds = signed is not None and until is not None and signed <= now.date() <= until
    answer(
        "assign_interpreter",
        [
            None if holds else Gap("interpreter_undertaking_missing"),
            None if new.languages else Gap("interpreter_language_missing"),
            Gap("interpreter_tied") if new.is_tied else None,
        ],
    ).require()
    kept = InterpreterRow(
        case_id=row.id,
        person_id=new.person_id,
        languages=sorted(new.languages),
        undertaking_on=signed or now.date(),
        undertaking_until=until or now.date(),
        child_aware=new.child_aware,
        from_on=now.date(),
        recorded_by=actor.person_id,
        recorded_at=now,
    )
    seal_words(session, kept, {"name": new.name, "contact": new.contact})
    session.add(kept)
    session.flush()
    if new.person_id is not None:
        grant_access(
            session, actor, case_id=row.id, person_id=new.person_id, basis=Basis.TASK,
            level=Level.NONE, ref=kept.id, now=now,
        )  # fmt: skip
    note(session, actor, "interpreter.assigned", kept, now=now)
    steps.wake(session, row.id, now=now)
    return kept.id


def end_interpreter(
    session: Session, actor: Actor, case_id: str, interpreter_id: str, *, now: datetime
) -> None:
    """End an assignment; twice is once."""
    row = case_for(session, actor, case_id, roles=ASSIGNERS, now=now, level=Level.CODED)
    kept = store.lock_interpreter(session, row.id, interpreter_id)
    if kept is None:
        raise NotThere("interpreter")
    if kept.ended_on is None:
        kept.ended_on = now.date()
        session.add(kept)
        session.flush()
        close_access(session, actor, case_id=row.id, now=now, basis=Basis.TASK, ref=kept.id)
        note(session, actor, "interpreter.ended", kept, now=now)


def interpreters_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[InterpreterView, ...]:
    """Show the interpreters of a child, ended ones included, newest first.

    Raises:
        NotThere: no such case, or not so much of it.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    rows = store.interpreters_of(session, case_id)
    note_read(session, actor, "interpreter", case_id, now=now, count=len(rows))
    return tuple(_view(session, row) for row in rows)


def assignments_of(session: Session, case_id: str) -> dict[str, Assignment]:
    """Return the interpreters of a case by id, ended ones included; for rules of interviews."""
    return {
        row.id: Assignment(
            known(row.languages), row.undertaking_on, row.undertaking_until, row.ended_on
        )
        for row in store.interpreters_of(session, case_id)
    }


def valid_interpreters(
    session: Session, case_id: str, *, on: date, languages: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return the assignments that hold on a day, for these languages if any are given.

    Source: DOM-R10.
    """
    asked = known(languages)
    return tuple(
        row.id
        for row in store.interpreters_of(session, case_id)
        if row.ended_on is None
        and row.undertaking_on <= on <= row.undertaking_until
        and (not asked or asked & known(row.languages))
    )


def _view(session: Session, row: InterpreterRow) -> InterpreterView:
    words = words_of(session, row)
    return InterpreterView(
        id=row.id,
        name=str(words.get("name", "")),
        contact=str(words.get("contact", "")),
        languages=tuple(row.languages),
        undertaking_on=row.undertaking_on,
        undertaking_until=row.undertaking_until,
        child_aware=row.child_aware,
        person_id=row.person_id,
        ended_on=row.ended_on,
    )

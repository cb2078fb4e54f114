"""Two files, one child: merged only by the word of two people, and both histories are kept.

The losing file becomes ``DUPLICATE`` and points to the kept one. Nothing is copied over by the
machine; both codes still open a file.

Source: DOM-R53.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.errors import OnePersonMerges
from cases.rules.access import Level
from cases.rules.machine import CaseState, Step
from cases.service import endings, steps
from cases.service.access import bar, case_for, reach_of
from cases.store import access as accesses
from cases.store import case_files as store
from cases.tables.case_file import CaseRow
from cases.tables.history import CaseMergeRow
from core import audit
from core.actors import Actor, Role
from core.errors import BadInput, NotThere, WrongState

PROPOSERS = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.COORDINATOR})
CONFIRMERS = frozenset({Role.SUPERVISOR})


@dataclass(frozen=True)
class MergeView:
    """A proposal to merge, and what became of it."""

    id: str
    losing_id: str
    kept_id: str
    asked_by: str
    asked_at: datetime
    answered_by: str | None
    confirmed: bool | None


def propose_merge(
    session: Session,
    actor: Actor,
    losing_id: str,
    *,
    kept_id: str,
    now: datetime,
    signals: tuple[str, ...] = (),
) -> str:
    """Say that two files are one child, and which is to be kept. Nothing changes yet.

    Raises:
        NotThere: one of the two is not there, or not yours.
        BadInput: a file cannot be merged with itself.
        WrongState: one of the two was merged or erased, or the pair waits for an answer.

    Source: DOM-R53.
    """
    losing, kept = _both(session, actor, losing_id, kept_id, roles=PROPOSERS, now=now)
    earlier = [m for m in store.merges_of(session, losing.id) if _same(m, losing.id, kept.id)]
    if any(m.confirmed is None for m in earlier):
        raise WrongState(kind="merge", state="proposed", act="propose_merge")
    row = CaseMergeRow(
        losing_id=losing.id,
        kept_id=kept.id,
        attempt=1 + len(earlier),
        asked_by=actor.person_id,
        asked_at=now,
        signals=list(signals),
    )
    session.add(row)
    session.flush()
    _note(session, actor, row, "case.merge_proposed", now)
    return row.id


def answer_merge(
    session: Session, actor: Actor, merge_id: str, *, confirm: bool, now: datetime
) -> None:
    """Confirm or refuse a merge; never the person who proposed it.

    Raises:
        NotThere: no such proposal, or not yours.
        OnePersonMerges: the same person, whichever account or role.
        WrongState: answered before, or one of the files was merged or erased meanwhile.

    Source: DOM-R53.
    """
    row = store.find_merge(session, merge_id)
    if row is None:
        raise NotThere("merge")
    losing, kept = _both(session, actor, row.losing_id, row.kept_id, roles=CONFIRMERS, now=now)
    session.refresh(row)
    if row.confirmed is not None:
        raise WrongState(kind="merge", state="answered", act="answer_merge")
    if row.asked_by == actor.person_id:
        raise OnePersonMerges
    row.confirmed = confirm
    row.answered_by = actor.person_id
    row.answered_at = now
    session.add(row)
    session.flush()
    _note(session, actor, row, "case.merge_answered", now)
    if confirm:
        _merge(session, actor, losing, kept, now)


def merges_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[MergeView, ...]:
    """Show the proposals that concern a case, newest first.

    Raises:
        NotThere: no such case, or not so much of it.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    rows = store.merges_of(session, case_id)
    audit.record(
        session, actor, "case.merges_read", thing="case", thing_id=case_id, case_id=case_id,
        now=now,
    )  # fmt: skip
    return tuple(
        MergeView(
            row.id,
            row.losing_id,
            row.kept_id,
            row.asked_by,
            row.asked_at,
            row.answered_by,
            row.confirmed,
        )
        for row in rows
    )


def _both(
    session: Session,
    actor: Actor,
    losing_id: str,
    kept_id: str,
    *,
    roles: frozenset[Role],
    now: datetime,
) -> tuple[CaseRow, CaseRow]:
    if losing_id == kept_id:
        raise BadInput(pointer="/body/kept_case_id", code="same_case")
    for case_id in sorted((losing_id, kept_id)):  # in order of id: no two merges wait in a ring
        case_for(session, actor, case_id, roles=roles, now=now, level=Level.FULL)
    losing, kept = steps.lock(session, losing_id), steps.lock(session, kept_id)
    for row in (losing, kept):
        if row.merged_into is not None or row.erased_at is not None:
            raise WrongState(kind="case", state=row.state, act="merge")
    return losing, kept


def _merge(session: Session, actor: Actor, losing: CaseRow, kept: CaseRow, now: datetime) -> None:
    losing.merged_into = kept.id
    session.add(losing)
    steps.move(
        session, losing.id, CaseState.DUPLICATE,
        transition=Step.MERGE, actor=actor, now=now, facts={"kept": kept.id},
    )  # fmt: skip
    endings.silence(session, actor, losing.id, now=now)
    _carry_bars(session, actor, losing, kept, now)
    steps.wake(session, kept.id, now=now)


def _carry_bars(
    session: Session, actor: Actor, losing: CaseRow, kept: CaseRow, now: datetime
) -> None:
    """Close both files to whoever was barred from one of them: it is one child. Source: DOM-R14."""
    for one, other in ((losing, kept), (kept, losing)):
        barred = accesses.barred_persons(session, one.id)
        for person_id in sorted(barred - accesses.barred_persons(session, other.id)):
            bar(
                session, actor, case_id=other.id, person_id=person_id, ref=one.id,
                ground="barred_from_merged_file", now=now,
            )  # fmt: skip


def _same(row: CaseMergeRow, losing_id: str, kept_id: str) -> bool:
    return {row.losing_id, row.kept_id} == {losing_id, kept_id}


def _note(session: Session, actor: Actor, row: CaseMergeRow, action: str, now: datetime) -> None:
    for case_id in (row.losing_id, row.kept_id):
        audit.record(
            session, actor, action, thing="case_merge", thing_id=row.id, case_id=case_id, now=now,
            codes={"losing": row.losing_id, "kept": row.kept_id, "confirmed": row.confirmed},
        )  # fmt: skip

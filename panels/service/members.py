"""Members: who takes a seat and until when, what they sign, and what they have learnt.

A member is a person; being one opens nothing until papers are released (``papers``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.db import check_version
from core.errors import BadInput, NotAllowed, NotThere
from core.worktime import add_months
from panels.errors import TermsOverlap
from panels.rules.roster import Holder, terms_overlap
from panels.service.panels import rules_of
from panels.service.standing import panel_kept, panel_seen
from panels.store import member as store
from panels.store import panel as panel_store
from panels.tables.member import MemberRow, TrainingRow, UndertakingRow


@dataclass(frozen=True)
class NewMember:
    """A person's term in a seat; ``alternate_rank`` 0 is the titular, 1, 2, ... step in for them."""

    seat_id: str
    person_id: str
    alternate_rank: int
    term_from: date
    term_to: date | None


@dataclass(frozen=True)
class MemberView:
    """A member as colleagues see them; names come from the directory of accounts."""

    member: MemberRow
    holder: Holder
    trainings: tuple[TrainingRow, ...]


def add_member(
    session: Session,
    actor: Actor,
    panel_id: str,
    new: NewMember,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Give a person a term in a seat and return the id of the membership.

    Raises:
        TermsOverlap: the person already sits on this panel during these dates.
        BadInput: the seat is not of this panel, the term ends before it begins, or the rank is
            already held in these dates.
    """
    panel = panel_kept(session, actor, panel_id, now=now, expected_version=expected_version)
    seat = panel_store.seat(session, new.seat_id)
    if seat is None or seat.panel_id != panel.id:
        raise BadInput("/seat_id", "not_of_this_panel")
    if new.term_to is not None and new.term_to < new.term_from:
        raise BadInput("/term_to", "before_term_from")
    _refuse_overlap(session, panel_id, new)
    row = MemberRow(
        panel_id=panel.id,
        seat_id=new.seat_id,
        person_id=new.person_id,
        alternate_rank=new.alternate_rank,
        term_from=new.term_from,
        term_to=new.term_to,
    )
    session.add(row)
    session.add(panel)
    session.flush()
    _note(session, actor, row, "member.added", now=now)
    return row.id


def _refuse_overlap(session: Session, panel_id: str, new: NewMember) -> None:
    for row in store.of_panel(session, panel_id):
        if not terms_overlap((row.term_from, row.term_to), (new.term_from, new.term_to)):
            continue
        if row.person_id == new.person_id:
            raise TermsOverlap
        if row.seat_id == new.seat_id and row.alternate_rank == new.alternate_rank:
            raise BadInput("/alternate_rank", "held_by_another")


def end_term(
    session: Session,
    actor: Actor,
    member_id: str,
    last_day: date,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Set the last day of a member's term.

    Raises:
        BadInput: before the term began.
    """
    row = _kept(session, actor, member_id, now=now)
    check_version(row, "member", expected_version)
    if last_day < row.term_from:
        raise BadInput("/last_day", "before_term_from")
    row.term_to = last_day
    session.add(row)
    session.flush()
    _note(session, actor, row, "member.term_ended", now=now)


def record_undertaking(
    session: Session,
    actor: Actor,
    member_id: str,
    *,
    signed_on: date,
    document_sha256: str,
    now: datetime,
) -> date:
    """Keep a signed undertaking of confidentiality and return the last day it holds.

    Raises:
        BadInput: dated in the future.

    Source: DOM-R16, DOM-3.5 (valid 12 months).
    """
    row = _seen(session, actor, member_id, now=now)
    panel = panel_seen(session, actor, row.panel_id, now=now)
    if not (panel.is_keeper or panel.is_clerk or row.person_id == actor.person_id):
        raise NotAllowed("panel_secretary_only")
    if signed_on > now.date():
        raise BadInput("/signed_on", "in_the_future")
    months = rules_of(session, row.panel_id, panel.panel.rules_number).undertaking_months
    until = add_months(signed_on, months)
    session.add(
        UndertakingRow(
            member_id=row.id,
            signed_on=signed_on,
            valid_until=until,
            document_sha256=document_sha256,
            recorded_by=actor.person_id,
            recorded_at=now,
        )
    )
    session.flush()
    _note(session, actor, row, "member.undertaking_signed", now=now)
    return until


def record_training(
    session: Session,
    actor: Actor,
    member_id: str,
    *,
    subject: str,
    completed_on: date,
    now: datetime,
) -> None:
    """Keep that a member completed a training; the same one twice is kept once.

    Source: DOM-4.5/member.training.
    """
    row = _seen(session, actor, member_id, now=now)
    panel = panel_seen(session, actor, row.panel_id, now=now)
    if not (panel.is_keeper or panel.is_clerk):
        raise NotAllowed("panel_secretary_only")
    known = {(one.subject, one.completed_on) for one in store.trainings(session, [row.id])}
    if (subject, completed_on) not in known:
        session.add(TrainingRow(member_id=row.id, subject=subject, completed_on=completed_on))
        session.flush()
    _note(session, actor, row, "member.trained", now=now)


def list_members(
    session: Session, actor: Actor, panel_id: str, *, now: datetime
) -> Sequence[MemberView]:
    """Return everybody who holds or held a seat of a panel.

    Raises:
        NotThere: no such panel, or nothing to do with it.
    """
    panel_seen(session, actor, panel_id, now=now)
    rows = store.of_panel(session, panel_id)
    ids = [row.id for row in rows]
    holders = {holder.member_id: holder for holder in store.holders(session, ids)}
    learnt = store.trainings(session, ids)
    return [
        MemberView(row, holders[row.id], tuple(one for one in learnt if one.member_id == row.id))
        for row in rows
    ]


def _seen(session: Session, actor: Actor, member_id: str, *, now: datetime) -> MemberRow:
    row = store.find(session, member_id)
    if row is None:
        raise NotThere("member")
    try:
        panel_seen(session, actor, row.panel_id, now=now)
    except NotThere as error:
        raise NotThere("member") from error
    return row


def _kept(session: Session, actor: Actor, member_id: str, *, now: datetime) -> MemberRow:
    row = _seen(session, actor, member_id, now=now)
    panel_kept(session, actor, row.panel_id, now=now, expected_version=None)
    return row


def _note(session: Session, actor: Actor, row: MemberRow, action: str, *, now: datetime) -> None:
    audit.record(
        session,
        actor,
        action,
        thing="panel_member",
        thing_id=row.id,
        now=now,
        codes={"panel": row.panel_id, "seat": row.seat_id},
    )

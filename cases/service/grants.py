"""Opening more than a role shows: item by item with a second person, or by breaking the glass.

Source: DOM-2.2 (break-glass), DOM-2.3, DOM-R45.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from cases.errors import BreakGlassNotYours, SamePersonApproves
from cases.rules.access import BREAK_GLASS_LASTS, BREAK_GLASS_ROLES, Basis, Level
from cases.rules.children import ATTACHMENTS_PART, SENSITIVE_FIELDS
from cases.service import steps
from cases.service.access import case_for, grant_access, reach_into
from cases.service.files import Purpose
from cases.service.notes import note, seal_words, words_of
from cases.store import access as store
from cases.store import case_files
from cases.tables.access import CaseAccessRow, SensitiveRequestRow
from cases.tables.case_file import CaseRow
from core import outbox
from core.actors import Actor, Role
from core.errors import BadInput, NotThere, WrongState

LONGEST_GRANT: Final = timedelta(days=90)
APPROVERS: Final = frozenset({Role.SUPERVISOR, Role.SECRETARIAT_HEAD, Role.CHAIR})
SHORTEST_REASON: Final = 10


@dataclass(frozen=True)
class GrantRequestView:
    """A request for highly sensitive parts, and what became of it."""

    id: str
    asked_by: str
    person_id: str
    sections: tuple[str, ...]
    purpose: str
    until_at: datetime
    approved: bool | None
    reason: str


def ask_sensitive(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    sections: Iterable[str],
    purpose: Purpose,
    reason: str,
    until: datetime,
    now: datetime,
    person_id: str | None = None,
    ref: str = "",
) -> str:
    """Ask for named highly sensitive parts of a file one sees in full already; somebody else answers.

    Args:
        session: the unit of work.
        actor: who asks.
        case_id: the child's case.
        sections: names of ``SENSITIVE_FIELDS``, or ``attachments``.
        purpose: coded purpose.
        reason: in words; sealed.
        until: when the grant ends, at most 90 days from now.
        now: when.
        person_id: for whom, when not for oneself.
        ref: the agenda item, if any.

    Raises:
        NotThere: no such case, or not so much of it.
        BadInput: no such part, or an end that is past or too far.

    Source: DOM-R45.
    """
    row = _seen(session, actor, case_id, Level.FULL, now)
    wanted = sorted(set(sections))
    if not wanted or set(wanted) - SENSITIVE_FIELDS - {ATTACHMENTS_PART}:
        raise BadInput(pointer="/body/sections", code="no_such_part")
    if not now < until <= now + LONGEST_GRANT:
        raise BadInput(pointer="/body/until", code="within_90_days")
    kept = SensitiveRequestRow(
        case_id=row.id,
        asked_by=actor.person_id,
        person_id=person_id or actor.person_id,
        sections=wanted,
        purpose=str(purpose),
        ref=ref,
        until_at=until,
        asked_at=now,
    )
    seal_words(session, kept, {"reason": reason})
    session.add(kept)
    session.flush()
    note(session, actor, "sensitive.asked", kept, now=now, purpose=kept.purpose)
    return kept.id


def answer_sensitive(
    session: Session, actor: Actor, case_id: str, request_id: str, *, approve: bool, now: datetime
) -> None:
    """Grant or refuse; never the person who asked, nor the person it is for.

    Raises:
        SamePersonApproves: one of the two.
        WrongState: answered before, or too late.

    Source: DOM-2.3, DOM-R45.
    """
    row = case_for(session, actor, case_id, roles=APPROVERS, now=now)
    kept = store.lock_request(session, request_id)
    if kept is None or kept.case_id != row.id:
        raise NotThere("request")
    if actor.person_id in {kept.asked_by, kept.person_id}:
        raise SamePersonApproves
    if kept.approved is not None or kept.until_at <= now:
        raise WrongState(kind="request", state="answered", act="answer_sensitive")
    kept.approved = approve
    kept.answered_by = actor.person_id
    kept.answered_at = now
    session.add(kept)
    session.flush()
    note(session, actor, "sensitive.answered", kept, now=now, approved=approve)
    if approve:
        grant_access(
            session, actor, case_id=row.id, person_id=kept.person_id, basis=Basis.SENSITIVE_GRANT,
            ref=kept.id, until=kept.until_at, sections=kept.sections, purpose=kept.purpose, now=now,
        )  # fmt: skip


def sensitive_requests(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[GrantRequestView, ...]:
    """Show the requests of a case with their reasons, newest first."""
    _seen(session, actor, case_id, Level.FULL, now)
    rows = store.requests_of(session, case_id)
    for row in rows:
        note(session, actor, "sensitive.request_read", row, now=now)
    return tuple(
        GrantRequestView(
            id=row.id,
            asked_by=row.asked_by,
            person_id=row.person_id,
            sections=tuple(row.sections),
            purpose=row.purpose,
            until_at=row.until_at,
            approved=row.approved,
            reason=str(words_of(session, row).get("reason", "")),
        )
        for row in rows
    )


def break_glass(
    session: Session, actor: Actor, child_code: str, *, reason: str, now: datetime
) -> str:
    """Open a whole file for 24 hours because a life is at risk, and return the case id.

    The reason is typed and sealed; the data protection officers are told at once. A person who is
    barred from the case stays barred.

    Args:
        session: the unit of work.
        actor: supervisor, chair or head of the secretariat of the child's country.
        child_code: the code, from whoever called.
        reason: in words.
        now: when.

    Raises:
        BreakGlassNotYours: any other role, or a machine.
        BadInput: no reason worth the name.
        NotThere: no such child in this country, or barred.

    Source: DOM-2.2.
    """
    if not actor.has(*BREAK_GLASS_ROLES) or not actor.is_human:
        raise BreakGlassNotYours
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadInput(pointer="/body/reason", code="say_what_is_at_risk")
    case_id = case_files.id_of_code(session, child_code.strip().upper())
    row = case_files.find_case(session, case_id) if case_id is not None else None
    if row is None or row.country != actor.country or row.erased_at is not None:
        raise NotThere("case")
    if store.is_barred(session, row.id, actor.person_id):
        raise NotThere("case")
    _open_by_force(session, actor, row, reason, now)
    return row.id


def _open_by_force(
    session: Session, actor: Actor, row: CaseRow, reason: str, now: datetime
) -> None:
    steps.lock(session, row.id)
    kept = CaseAccessRow(
        case_id=row.id,
        person_id=actor.person_id,
        basis=str(Basis.BREAK_GLASS),
        level=int(Level.SENSITIVE),
        purpose=str(Purpose.SAFETY),
        from_at=now,
        until_at=now + BREAK_GLASS_LASTS,
        granted_by=actor.person_id,
    )
    seal_words(session, kept, {"reason": reason})
    session.add(kept)
    session.flush()
    note(session, actor, "access.glass_broken", kept, now=now, person=actor.person_id)
    outbox.post(
        session,
        topic="access.glass_broken",
        key=f"access.glass_broken:{kept.id}",
        subject=row.id,
        now=now,
        # Not "person": that would tell whoever broke the glass instead of data protection.
        payload={
            "case": row.id,
            "opened_by": actor.person_id,
            "role": str(Role.DATA_PROTECTION),
            "country": row.country,
        },
    )


def _seen(session: Session, actor: Actor, case_id: str, level: Level, now: datetime) -> CaseRow:
    row = case_files.find_case(session, case_id)
    if row is None or reach_into(session, actor, row, now=now).level < level:
        raise NotThere("case")
    return row

"""Erasing a child's file at the end of its retention, or on lawful request: by destroying its key.

Two different people. What stays is a stub without content that still counts in every total.

Source: DOM-R54.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from sqlmodel import Session

from cases.errors import OnePersonErases, RoleMayNot
from cases.service import steps
from cases.service.access import close_access
from cases.store import case_files as store
from cases.store import erasures, names
from cases.tables.case_file import CaseRow
from cases.tables.history import CaseErasureRow
from core import audit, idempotency, outbox
from core.actors import Actor, Role
from core.errors import Gap, NotThere, WrongState, answer
from core.vault import vault_of

ERASERS = frozenset({Role.DATA_PROTECTION, Role.SECRETARIAT_HEAD})


class ErasureGround(StrEnum):
    """Why a file is erased."""

    RETENTION_OVER = "retention_over"
    LAWFUL_REQUEST = "lawful_request"
    OPENED_IN_ERROR = "opened_in_error"


@dataclass(frozen=True)
class DueFile:
    """A file that may go: where it lies, until when it had to be kept, whether somebody has asked."""

    case_id: str
    child_code: str
    office: str
    state: str
    retain_until: date | None
    is_asked: bool


def ask_erasure(
    session: Session, actor: Actor, child_code: str, ground: ErasureGround, *, now: datetime
) -> str:
    """Ask that a closed file be erased. Nothing changes yet; somebody else answers.

    Raises:
        NotThere: no such code in this country.
        RoleMayNot: neither data protection officer nor head of the secretariat.
        Incomplete: the case is open, or its retention has not run out.
        WrongState: erased before, or a request waits for an answer.
    """
    row = _case(session, actor, store.id_of_code(session, child_code.strip().upper()))
    _erasable(row, ground, now.date())
    earlier = store.erasures_of(session, row.id)
    if any(e.approved is None for e in earlier):
        raise WrongState(kind="erasure", state="asked", act="ask_erasure")
    asked = CaseErasureRow(
        case_id=row.id,
        attempt=1 + len(earlier),
        ground=str(ground),
        asked_by=actor.person_id,
        asked_at=now,
    )
    session.add(asked)
    session.flush()
    _note(session, actor, asked, "case.erasure_asked", now)
    return asked.id


def answer_erasure(
    session: Session, actor: Actor, child_code: str, *, approve: bool, now: datetime
) -> None:
    """Approve or refuse an erasure; never the person who asked. Approval cannot be undone.

    Raises:
        NotThere: no such code in this country, or nobody asked.
        OnePersonErases: the same person, whichever account or role.

    Source: DOM-R54.
    """
    row = _case(session, actor, store.id_of_code(session, child_code.strip().upper()))
    asked = next((e for e in store.erasures_of(session, row.id) if e.approved is None), None)
    if asked is None:
        raise NotThere("erasure")
    if asked.asked_by == actor.person_id:
        raise OnePersonErases
    asked.approved = approve
    asked.answered_by = actor.person_id
    asked.answered_at = now
    session.add(asked)
    session.flush()
    _note(session, actor, asked, "case.erasure_answered", now)
    if approve:
        _erasable(row, ErasureGround(asked.ground), now.date())
        _erase(session, actor, row, now)


def cases_past_retention(
    session: Session, *, today: date, limit: int = 100, country: str = "", after: str = ""
) -> list[str]:
    """Return the ids of ended cases whose retention has run out, longest first."""
    rows = erasures.past_retention(session, today=today, limit=limit, country=country, after=after)
    return [row.id for row in rows]


def list_due(
    session: Session, actor: Actor, *, now: datetime, limit: int = 50, after: str = ""
) -> tuple[DueFile, ...]:
    """Show which files of the own country have been kept long enough, and note that they were listed.

    Nothing happens to them by itself: one officer asks, another answers.

    Raises:
        RoleMayNot: neither data protection officer nor head of the secretariat.

    Source: DOM-R54.
    """
    _require_eraser(actor)
    ids = cases_past_retention(
        session, today=now.date(), limit=limit, country=actor.country, after=after
    )
    asked = erasures.asked_of(session, ids)
    audit.record(
        session, actor, "case.retention_listed", thing="case_list", thing_id="retention",
        now=now, codes={"count": len(ids)},
    )  # fmt: skip
    rows = [row for row in map(partial(store.find_case, session), ids) if row is not None]
    return tuple(
        DueFile(row.id, row.child_code, row.office, row.state, row.retain_until, row.id in asked)
        for row in rows
    )


def tell_of_retention(session: Session, *, now: datetime, limit: int) -> int:
    """Tell data protection officers that files have been kept long enough; once for each day it grew.

    The sweep calls this. It lists; it erases nothing. Returns how many messages are new.

    Args:
        session: the unit of work.
        now: when.
        limit: ignored: there is one message for each country.
    """
    del limit
    return sum(
        outbox.post(
            session,
            topic="case.retention_over",
            key=f"retention:{due.country}:{due.latest.isoformat()}",
            subject=due.country,
            now=now,
            payload={
                "role": str(Role.DATA_PROTECTION),
                "country": due.country,
                "count": due.count,
            },
        )
        for due in erasures.due_by_country(session, today=now.date())
    )


def _require_eraser(actor: Actor) -> None:
    if not actor.has_in(ERASERS, office="", country=actor.country) or not actor.is_human:
        raise RoleMayNot


def _case(session: Session, actor: Actor, case_id: str | None) -> CaseRow:
    _require_eraser(actor)
    if case_id is None:
        raise NotThere("case")
    row = steps.lock(session, case_id)
    if row.country != actor.country:
        raise NotThere("case")
    if row.erased_at is not None:
        raise WrongState(kind="case", state="erased", act="erase")
    return row


def _erasable(row: CaseRow, ground: ErasureGround, today: date) -> None:
    kept_on = ground is ErasureGround.RETENTION_OVER and (
        row.retain_until is None or row.retain_until > today
    )
    until = row.retain_until.isoformat() if row.retain_until else ""
    answer(
        "erase",
        [
            Gap("case_still_open") if row.is_open else None,
            Gap("retention_runs", {"until": until}) if kept_on else None,
        ],
    ).require()


def _erase(session: Session, actor: Actor, row: CaseRow, now: datetime) -> None:
    vault_of(session).erase(session, row.id, now=now)
    idempotency.forget_answers(session)
    names.remove_keys(session, row.id)
    store.replace_external_ids(session, row.id, set())
    row.restricted = b""
    row.sensitive = b""
    row.local_number = None
    row.erased_at = now
    close_access(session, actor, case_id=row.id, now=now)
    steps.touch(session, row, actor=actor, now=now)
    outbox.post(
        session,
        topic="case.erased",
        key=f"case.erased:{row.id}",
        subject=row.id,
        now=now,
        payload={"case": row.id, "role": str(Role.DATA_PROTECTION), "country": row.country},
    )


def _note(session: Session, actor: Actor, row: CaseErasureRow, action: str, now: datetime) -> None:
    audit.record(
        session, actor, action, thing="case_erasure", thing_id=row.id, case_id=row.case_id,
        now=now, codes={"ground": row.ground, "approved": row.approved},
    )  # fmt: skip

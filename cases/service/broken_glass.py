"""What data protection officers look at afterwards: who opened a file by force, and why.

What the officer found is an act of the audit log and kept nowhere else: it cannot be changed, and holds no words.

Source: DOM-2.2 (break-glass), DOM-2.1/A25.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from cases.errors import RoleMayNot, SamePersonApproves
from cases.service.notes import note, words_of
from cases.store import access
from cases.store import broken_glass as store
from cases.tables.access import CaseAccessRow
from cases.tables.case_file import CaseRow
from core import audit, audit_search, outbox
from core.actors import Actor, Role
from core.errors import NotThere

READERS = frozenset({Role.DATA_PROTECTION})
REVIEWED: Final = "access.glass_reviewed"


class Finding(StrEnum):
    """What an officer found about a file opened by force."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"
    ASKED_FURTHER = "asked_further"


@dataclass(frozen=True)
class BrokenGlass:
    """One file opened by force: by whom, from when until when. The reason is read apart.

    Args:
        finding: what an officer found last; None while nobody has looked.
        found_by: who found it.
    """

    id: str
    case_id: str
    child_code: str
    office: str
    opened_by: str
    from_at: datetime
    until_at: datetime | None
    finding: Finding | None = None
    found_by: str = ""


@dataclass(frozen=True)
class BrokenGlassReason:
    """The same with the reason that was typed; empty once the file was erased."""

    opening: BrokenGlass
    reason: str


def list_broken_glass(
    session: Session, actor: Actor, *, now: datetime, limit: int = 50, after: str = ""
) -> tuple[BrokenGlass, ...]:
    """Show which files of the own country were opened by force, newest first, without the reasons.

    Raises:
        RoleMayNot: not a data protection officer of the country.
    """
    if not _may_read(actor, actor.country):
        raise RoleMayNot
    rows = store.page(
        session, country=actor.country, person_id=actor.person_id, after=after, limit=limit
    )
    audit.record(
        session, actor, "access.glass_listed", thing="case_list", thing_id="broken_glass",
        now=now, codes={"count": len(rows)},
    )  # fmt: skip
    found = audit_search.last_by_thing(session, REVIEWED, {case.id for _, case in rows})
    return tuple(_found(_view(*row), found) for row in rows)


def review(
    session: Session, actor: Actor, access_id: str, finding: Finding, *, now: datetime
) -> None:
    """Put on record what was found about a file opened by force; the last finding counts.

    What was not justified is told to the head of the secretariat.

    Raises:
        NotThere: no such opening, one of another country, or not a data protection officer.
        SamePersonApproves: by whoever opened the file.
    """
    row, case = _opening(session, actor, access_id)
    if row.person_id == actor.person_id:
        raise SamePersonApproves
    note(session, actor, REVIEWED, row, now=now, finding=str(finding))
    if finding is Finding.NOT_JUSTIFIED:
        outbox.post(
            session, topic="access.glass_not_justified", key=f"glass:{row.id}", subject=case.id,
            now=now, payload={"role": str(Role.SECRETARIAT_HEAD), "country": case.country},
        )  # fmt: skip


def read_reason(
    session: Session, actor: Actor, access_id: str, *, now: datetime
) -> BrokenGlassReason:
    """Open the reason for which a file was opened by force; the reading is on record with the case.

    Raises:
        NotThere: no such opening, one of another country, or not a data protection officer.
    """
    row, case = _opening(session, actor, access_id)
    note(session, actor, "access.glass_reason_read", row, now=now, opened_by=row.person_id)
    words = {} if case.erased_at is not None else words_of(session, row)
    found = audit_search.last_by_thing(session, REVIEWED, {case.id})
    return BrokenGlassReason(_found(_view(row, case), found), str(words.get("reason", "")))


def _opening(session: Session, actor: Actor, access_id: str) -> tuple[CaseAccessRow, CaseRow]:
    found = store.find(session, access_id)
    if found is None or not _may_read(actor, found[1].country):
        raise NotThere("case_access")
    if access.is_barred(session, found[1].id, actor.person_id):
        raise NotThere("case_access")
    return found


def _found(opening: BrokenGlass, found: Mapping[str, audit_search.Trace]) -> BrokenGlass:
    last = found.get(opening.id)
    if last is None:
        return opening
    return replace(opening, finding=Finding(str(last.detail["finding"])), found_by=last.person_id)


def _may_read(actor: Actor, country: str) -> bool:
    is_own = country == actor.country
    return is_own and actor.is_human and actor.has_in(READERS, office="", country=country)


def _view(row: CaseAccessRow, case: CaseRow) -> BrokenGlass:
    return BrokenGlass(
        id=row.id,
        case_id=case.id,
        child_code=case.child_code,
        office=case.office,
        opened_by=row.person_id,
        from_at=row.from_at,
        until_at=row.until_at,
    )

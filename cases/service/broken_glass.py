"""What data protection officers look at afterwards: who opened a file by force, and why.

Source: DOM-2.2 (break-glass), DOM-2.1/A25.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.service.notes import note, words_of
from cases.store import access
from cases.store import broken_glass as store
from cases.tables.access import CaseAccessRow
from cases.tables.case_file import CaseRow
from core import audit
from core.actors import Actor, Role
from core.errors import NotThere

READERS = frozenset({Role.DATA_PROTECTION})


@dataclass(frozen=True)
class BrokenGlass:
    """One file opened by force: by whom, from when until when. The reason is read apart."""

    id: str
    case_id: str
    child_code: str
    office: str
    opened_by: str
    from_at: datetime
    until_at: datetime | None


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
    return tuple(_view(*row) for row in rows)


def read_reason(
    session: Session, actor: Actor, access_id: str, *, now: datetime
) -> BrokenGlassReason:
    """Open the reason for which a file was opened by force; the reading is on record with the case.

    Raises:
        NotThere: no such opening, one of another country, or not a data protection officer.
    """
    found = store.find(session, access_id)
    if found is None or not _may_read(actor, found[1].country):
        raise NotThere("case_access")
    row, case = found
    if access.is_barred(session, case.id, actor.person_id):
        raise NotThere("case_access")
    note(session, actor, "access.glass_reason_read", row, now=now, opened_by=row.person_id)
    words = {} if case.erased_at is not None else words_of(session, row)
    return BrokenGlassReason(_view(row, case), str(words.get("reason", "")))


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

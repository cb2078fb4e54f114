"""Who saw and did what, for data protection officers and auditors: the audit log by child, person, act and day.

Whoever looks sees codes and ids, no child's data; the look is on record. A case that is closed to the reader stays
closed here too, and a code nobody has answers like one of another country.

Source: DOM-R50, DOM-2.1/A25, A28.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.store import access
from cases.store import case_files as store
from core import audit, audit_search
from core.actors import Actor, Role, ScopeKind
from core.audit_search import Sought, Trace
from core.errors import BadInput

READERS: Final = frozenset({Role.DATA_PROTECTION, Role.AUDITOR})


@dataclass(frozen=True)
class Found:
    """One act, and the child code of its case if it has one."""

    trace: Trace
    child_code: str


def search(
    session: Session,
    actor: Actor,
    sought: Sought,
    *,
    child_code: str = "",
    before: int | None = None,
    limit: int = 50,
    export: bool = False,
    now: datetime,
) -> Sequence[Found]:
    """Return what was done and seen, newest first.

    Args:
        session: the unit of work.
        actor: who looks.
        sought: by whom, what kind of act, when; the case goes by its code.
        child_code: of the child whose file it is about; empty for all.
        before: number of the last row of the page before.
        limit: how many at most.
        export: whether what is found leaves as a file; on record as such.
        now: when.

    Raises:
        RoleMayNot: neither data protection officer nor auditor of the country.
        BadInput: nobody has this code, or the case is closed to the reader.
    """
    require_reader(actor)
    barred = access.barred_cases(session, actor.person_id)
    case_id = _case(session, actor, child_code, barred) if child_code.strip() else None
    wanted = replace(sought, case_id=case_id, without_cases=barred)
    found = audit_search.search(session, wanted, before=before, limit=limit)
    audit.record(
        session, actor, "audit.exported" if export else "audit.searched", thing="audit",
        thing_id="log", case_id=case_id, now=now,
        codes={"rows": len(found), "kind": sought.kind, "by_account": sought.accounts is not None},
    )  # fmt: skip
    codes = {one: _code(session, one) for one in {t.case_id for t in found if t.case_id}}
    return [Found(trace, codes.get(trace.case_id or "", "")) for trace in found]


def require_reader(actor: Actor) -> None:
    """Refuse whoever may not look things up.

    Raises:
        RoleMayNot: neither data protection officer nor auditor of the country.
    """
    if not actor.is_human or not actor.has_for(READERS, ScopeKind.COUNTRY, actor.country):
        raise RoleMayNot


def _case(session: Session, actor: Actor, child_code: str, barred: set[str]) -> str:
    case_id = store.id_of_code(session, child_code.strip().upper())
    row = store.find_case(session, case_id) if case_id is not None else None
    if row is None or row.country != actor.country or row.id in barred:
        raise BadInput("/child_code", "unknown")
    return row.id


def _code(session: Session, case_id: str) -> str:
    row = store.find_case(session, case_id)
    return "" if row is None else row.child_code

"""Who may open a case: granting and closing access, bars, and the one answer to "how far do I see?".

Panels write here when papers are released (``grant_access`` with basis ``panel_item``) and when a
member is recused (``bar``); one row then closes file, attachments and search hits together.

Source: DOM-2.2, DOM-R14.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.rules.access import Access, Basis, Level, Reach, covers, reach
from cases.service import steps
from cases.store import access as store
from cases.store import case_files
from cases.tables.access import CaseAccessRow, CaseBarRow
from cases.tables.case_file import CaseRow
from core import audit
from core.actors import Actor, Grant, Role, ScopeKind
from core.db import check_version
from core.errors import NotThere


@dataclass(frozen=True)
class Related:
    """A person who has, or had, to do with a child.

    Args:
        person_id: the person.
        basis: owner, supervisor, assessor, coordinator, guardian, ...
        case_id: the child's case, or that of a linked child.
        is_sibling: whether the tie is through a linked child only.
        is_open: whether the tie still stands.
    """

    person_id: str
    basis: str
    case_id: str
    is_sibling: bool
    is_open: bool


def reach_of(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Reach:
    """Answer how far this actor sees into this case; nothing for a case that does not exist.

    The procedure itself sees nothing: it works with states and ids.
    """
    row = case_files.find_case(session, case_id)
    return reach_into(session, actor, row, now=now) if row is not None else Reach()


def reach_into(session: Session, actor: Actor, row: CaseRow, *, now: datetime) -> Reach:
    """Answer how far this actor sees into a case that was already loaded."""
    return reach(
        barred=store.is_barred(session, row.id, actor.person_id),
        accesses=(
            Access(Basis(found.basis), Level(found.level), frozenset(found.sections))
            for found in store.open_accesses(session, row.id, actor.person_id, now)
        ),
        grants=actor.grants,
        office=row.office,
        country=row.country,
    )


def is_barred(session: Session, case_id: str, actor: Actor) -> bool:
    """Answer whether a conflict closes everything of this case to the actor. Source: DOM-R14."""
    return store.is_barred(session, case_id, actor.person_id)


def barred_cases(session: Session, actor: Actor) -> frozenset[str]:
    """Return the cases that a conflict closes to the actor, for lists that leave them out. Source: DOM-R14."""
    return frozenset(store.barred_cases(session, actor.person_id))


def refs_open_to(session: Session, actor: Actor, basis: Basis, *, now: datetime) -> frozenset[str]:
    """Return what the actor's access rows of one basis were given for, for example the transfers taken on."""
    return frozenset(store.refs_open_to(session, actor.person_id, basis, now))


def has_lost_access(session: Session, person_id: str, *, since: datetime, now: datetime) -> bool:
    """Answer whether a person may see less of any case than at an earlier moment: nothing is told twice then.

    Source: DOM-R14.
    """
    return store.has_lost_access(session, person_id, since=since, now=now)


def case_for(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    roles: Collection[Role],
    now: datetime,
    level: Level = Level.FULL,
    expected_version: int | None = None,
) -> CaseRow:
    """Lock a case for an act of one of these roles. Every write about a child starts here.

    Raises:
        NotThere: no such case, or the actor does not see that much of it.
        RoleMayNot: seen, but the act belongs to another role (or the role is for another office).
        StaleWrite: the caller read an older version.
    """
    if reach_of(session, actor, case_id, now=now).level < level:
        raise NotThere("case")
    row = steps.lock(session, case_id)
    require_role(actor, row, roles)
    check_version(row, "case", expected_version)
    return row


def require_role(actor: Actor, row: CaseRow, roles: Collection[Role]) -> None:
    """Refuse unless one of the actor's roles is among these and reaches this case.

    A role with the scope *own* or *panel* reaches through an access row, which the caller has
    checked by level.

    Raises:
        RoleMayNot: none of the roles does.
    """
    if not any(grant.role in roles and _reaches(grant, row) for grant in actor.grants):
        raise RoleMayNot


def grant_access(
    session: Session,
    actor: Actor,
    *,
    case_id: str,
    person_id: str,
    basis: Basis | str,
    now: datetime,
    level: Level = Level.SENSITIVE,
    ref: str = "",
    until: datetime | None = None,
    sections: Iterable[str] = (),
    purpose: str = "",
) -> str:
    """Open a case to a person and return the id of the access row.

    Asking twice for the same person, basis and ``ref`` keeps the first row. The table of DOM-2.2
    may show less than ``level``.
    """
    same = store.unclosed(session, case_id, person_id=person_id, basis=basis, ref=ref)
    standing = [row for row in same if row.until_at is None or row.until_at > now]
    if standing and until is None:
        return standing[0].id
    row = CaseAccessRow(
        case_id=case_id,
        person_id=person_id,
        basis=str(Basis(basis)),
        level=int(level),
        ref=ref,
        sections=sorted(sections),
        purpose=purpose,
        from_at=now,
        until_at=until,
        granted_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        "access.granted",
        thing="case_access",
        thing_id=row.id,
        case_id=case_id,
        now=now,
        fields=row.sections,
        codes={"person": person_id, "basis": row.basis, "level": row.level, "ref": ref},
    )
    return row.id


def close_access(
    session: Session,
    actor: Actor,
    *,
    case_id: str,
    now: datetime,
    person_id: str | None = None,
    basis: Basis | str | None = None,
    ref: str | None = None,
) -> int:
    """Close the access rows of a case that match everything given; return how many."""
    rows = store.unclosed(session, case_id, person_id=person_id, basis=basis, ref=ref)
    for row in rows:
        row.closed_at = now
        session.add(row)
        audit.record(
            session,
            actor,
            "access.closed",
            thing="case_access",
            thing_id=row.id,
            case_id=case_id,
            now=now,
            codes={"person": row.person_id, "basis": row.basis, "ref": row.ref},
        )
    session.flush()
    return len(rows)


def bar(
    session: Session,
    actor: Actor,
    *,
    case_id: str,
    person_id: str,
    ref: str,
    ground: str,
    now: datetime,
) -> None:
    """Close everything of a case to a person, whatever else they may be. Twice is once.

    Args:
        session: the unit of work.
        actor: who ruled or declared.
        case_id: the child's case.
        person_id: the recused or conflicted person.
        ref: the matter, usually the agenda item.
        ground: code of the ground.
        now: when.

    Source: DOM-R14.
    """
    row = store.find_bar(session, case_id, person_id, ref)
    if row is None:
        row = CaseBarRow(
            case_id=case_id,
            person_id=person_id,
            ref=ref,
            ground=ground,
            barred_by=actor.person_id,
            barred_at=now,
        )
    row.lifted_at = row.lifted_by = None
    session.add(row)
    session.flush()
    _record_bar(session, actor, row, "access.barred", now)


def unbar(
    session: Session, actor: Actor, *, case_id: str, person_id: str, ref: str, now: datetime
) -> bool:
    """Lift a bar that was ruled unfounded; return whether one stood."""
    row = store.find_bar(session, case_id, person_id, ref)
    if row is None or row.lifted_at is not None:
        return False
    row.lifted_at = now
    row.lifted_by = actor.person_id
    session.add(row)
    session.flush()
    _record_bar(session, actor, row, "access.bar_lifted", now)
    return True


def persons_related(session: Session, case_id: str) -> tuple[Related, ...]:
    """Name everybody who has or had to do with the child or a linked child, for conflict hints.

    Panel members reading papers are left out: that is not a tie to the child.

    Source: DOM-3.5 (conflict of interest).
    """
    siblings = [link.other_id for link in case_files.links_of(session, case_id)]
    rows = store.all_accesses(session, [case_id, *siblings])
    found = {
        Related(
            row.person_id, row.basis, row.case_id, row.case_id != case_id, row.closed_at is None
        )
        for row in rows
        if row.basis in _TIES
    }
    return tuple(sorted(found, key=lambda r: (r.is_sibling, r.case_id, r.basis, r.person_id)))


def _reaches(grant: Grant, row: CaseRow) -> bool:
    if grant.scope in {ScopeKind.OWN, ScopeKind.PANEL}:
        return True
    return covers(grant, office=row.office, country=row.country)


def _record_bar(
    session: Session, actor: Actor, row: CaseBarRow, action: str, now: datetime
) -> None:
    audit.record(
        session,
        actor,
        action,
        thing="case_bar",
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"person": row.person_id, "ref": row.ref, "ground": row.ground},
    )


_TIES = frozenset(
    {
        Basis.OWNER,
        Basis.SUPERVISOR,
        Basis.ASSESSOR,
        Basis.COORDINATOR,
        Basis.GUARDIAN,
        Basis.LAWYER,
        Basis.TASK,
    }
)

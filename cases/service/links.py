"""Children who belong together: siblings, own child, travel group. Always noted in both files.

Source: DOM-4.1/linked_children.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.children import INVERSE, Relation
from cases.service import steps
from cases.service.access import case_for, reach_of
from cases.store import case_files as store
from cases.tables.case_file import ChildLinkRow
from core import audit
from core.actors import Actor, Role
from core.errors import BadInput, NotThere

LINKERS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.ASSESSOR, Role.COORDINATOR})


@dataclass(frozen=True)
class Linked:
    """A child linked to another: opaque references and the relation."""

    case_id: str
    child_code: str
    relation: str


def link_children(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    other_id: str,
    relation: Relation,
    now: datetime,
) -> None:
    """Note that two children belong together, in both files; a second time corrects the relation.

    Raises:
        NotThere: one of the two is not there, or not yours.
        BadInput: a child cannot be linked to itself.
    """
    if case_id == other_id:
        raise BadInput(pointer="/body/other_case_id", code="same_child")
    _lock_both(session, case_id, other_id)
    row = case_for(session, actor, case_id, roles=LINKERS, now=now)
    if not reach_of(session, actor, other_id, now=now).sees:
        raise NotThere("case")
    _keep(session, actor, row.id, other_id, relation, now=now)
    _keep(session, actor, other_id, row.id, INVERSE[relation], now=now)
    session.flush()
    for one, other in ((row.id, other_id), (other_id, row.id)):
        _note(session, actor, "children.linked", one, other=other, relation=str(relation), now=now)
        steps.wake(session, one, now=now)


def unlink_children(
    session: Session, actor: Actor, case_id: str, *, other_id: str, now: datetime
) -> None:
    """Take back a link made in error, in both files; twice is once.

    Without a link the other file is not looked at: its existence is nobody's business here.
    """
    if store.find_link(session, case_id, other_id) is None:
        case_for(session, actor, case_id, roles=LINKERS, now=now)
        return
    _lock_both(session, case_id, other_id)
    row = case_for(session, actor, case_id, roles=LINKERS, now=now)
    for one, other in ((row.id, other_id), (other_id, row.id)):
        link = store.find_link(session, one, other)
        if link is not None:
            session.delete(link)
            _note(
                session,
                actor,
                "children.unlinked",
                one,
                other=other,
                relation=link.relation,
                now=now,
            )
            steps.wake(session, one, now=now)
    session.flush()


def linked_children(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[Linked, ...]:
    """Show which children belong to this one.

    Raises:
        NotThere: no such case, or not so much of it.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.SUMMARY:
        raise NotThere("case")
    links = store.links_of(session, case_id)
    rows = {row.id: row for row in store.by_ids(session, [link.other_id for link in links])}
    _note(session, actor, "children.read", case_id, relation=str(len(links)), now=now)
    return tuple(
        Linked(link.other_id, rows[link.other_id].child_code, link.relation) for link in links
    )


def siblings_of(session: Session, case_id: str) -> frozenset[str]:
    """Return the ids of a child's brothers and sisters, for services."""
    return frozenset(
        link.other_id
        for link in store.links_of(session, case_id)
        if link.relation == Relation.SIBLING
    )


def _lock_both(session: Session, one: str, other: str) -> None:
    # In order of id, so that two workers linking the same pair never wait for each other.
    for case_id in sorted((one, other)):
        steps.lock(session, case_id)


def _keep(
    session: Session,
    actor: Actor,
    case_id: str,
    other_id: str,
    relation: Relation,
    *,
    now: datetime,
) -> None:
    link = store.find_link(session, case_id, other_id) or ChildLinkRow(
        case_id=case_id,
        other_id=other_id,
        relation=str(relation),
        linked_by=actor.person_id,
        linked_at=now,
    )
    link.relation = str(relation)
    session.add(link)


def _note(
    session: Session,
    actor: Actor,
    action: str,
    case_id: str,
    *,
    other: str = "",
    relation: str,
    now: datetime,
) -> None:
    audit.record(
        session, actor, action, thing="child_link", thing_id=case_id, case_id=case_id, now=now,
        codes={"other": other, "relation": relation},
    )  # fmt: skip

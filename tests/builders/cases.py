"""Ordinary children's cases and the people around them. A test states only what it is about."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases.rules.access import Basis, Level
from cases.rules.children import PRIORITY_RANK
from cases.rules.machine import ENDED, CaseState
from cases.service import steps
from cases.service.access import grant_access
from cases.service.files import seal_into
from cases.tables.case_file import CaseRow
from core.actors import Actor, Grant, Role, ScopeKind
from core.ids import new_child_code, new_id
from core.vault import vault_of
from tests.conftest import NOON

OFFICE = "ZM-07-LIV"
OTHER_OFFICE = "ZM-03-CHP"


def a_person(*roles: Role, office: str = OFFICE, country: str = "ZM", **changes: Any) -> Actor:
    """A human with these roles over one office."""
    person = str(changes.pop("person_id", new_id()))
    return Actor(
        account_id=str(changes.pop("account_id", new_id())),
        person_id=person,
        country=country,
        grants=frozenset(Grant(role, ScopeKind.OFFICE, office) for role in roles),
        **changes,
    )


def a_person_of_the_country(*roles: Role, country: str = "ZM") -> Actor:
    """A human with these roles over a whole country."""
    return Actor(
        account_id=new_id(),
        person_id=new_id(),
        country=country,
        grants=frozenset(Grant(role, ScopeKind.COUNTRY, country) for role in roles),
    )


def a_person_on_own_cases(*roles: Role, country: str = "ZM", person_id: str = "") -> Actor:
    """A human whose roles reach only cases opened to them (a guardian, a lawyer, a carer)."""
    return Actor(
        account_id=new_id(),
        person_id=person_id or new_id(),
        country=country,
        grants=frozenset(Grant(role, ScopeKind.OWN) for role in roles),
    )


def a_caseworker(office: str = OFFICE, **changes: Any) -> Actor:
    """A caseworker of a district."""
    return a_person(Role.CASEWORKER, office=office, **changes)


def a_supervisor(office: str = OFFICE, **changes: Any) -> Actor:
    """A supervisor of a district."""
    return a_person(Role.SUPERVISOR, office=office, **changes)


def a_registered_case(
    session: Session,
    *,
    owner: Actor | None = None,
    supervisor: Actor | None = None,
    state: CaseState = CaseState.REGISTERED,
    now: datetime = NOON,
    restricted: dict[str, Any] | None = None,
    sensitive: dict[str, Any] | None = None,
    **columns: Any,
) -> CaseRow:
    """A case in any state, with its data key, its history begun, and access for its people."""
    case_id = str(columns.pop("id", new_id()))
    priority = str(columns.pop("priority", "medium"))
    values: dict[str, Any] = {
        "child_code": new_child_code(),
        "country": "ZM",
        "office": OFFICE,
        "district": OFFICE,
        "sex": "female",
        "age_band": "12-14",
        "accompaniment": "unaccompanied",
        "nationality_code": "CD",
        "pack_version": 1,
        "created_by": new_id(),
        "changed_by": new_id(),
        "registered_at": now,
        **columns,
    }
    row = CaseRow(
        id=case_id,
        state=str(state),
        is_open=state not in ENDED,
        priority=priority,
        priority_rank=PRIORITY_RANK[priority],
        opened_at=values.pop("opened_at", now),
        state_since=values.pop("state_since", now),
        changed_at=now,
        owner_person=owner.person_id if owner else None,
        supervisor_person=supervisor.person_id if supervisor else None,
        **values,
    )
    vault_of(session).make_key(session, case_id, now=now)
    session.add(row)
    session.flush()
    seal_into(
        session,
        row,
        restricted={"names": {"given": "Amani"}} if restricted is None else restricted,
        sensitive={} if sensitive is None else sensitive,
    )
    session.flush()
    steps.begin(session, row, actor=owner or a_caseworker(), now=now)
    _open_to(session, row, owner, Basis.OWNER, now)
    _open_to(session, row, supervisor, Basis.SUPERVISOR, now)
    return row


def _open_to(
    session: Session, row: CaseRow, person: Actor | None, basis: Basis, now: datetime
) -> None:
    if person is not None:
        grant_access(
            session,
            person,
            case_id=row.id,
            person_id=person.person_id,
            basis=basis,
            level=Level.SENSITIVE,
            now=now,
        )

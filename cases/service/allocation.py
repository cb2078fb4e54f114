"""Giving a case to a worker (T5), and passing it on later. A supervisor's act.

Source: DOM-3.3/T5, DOM-2.1/A5.
"""

from datetime import datetime

from sqlmodel import Session

from cases.rules.access import Basis, Level
from cases.rules.machine import CaseState, Step
from cases.service import files, steps
from cases.service.access import case_for, close_access, grant_access
from cases.service.interpreters import valid_interpreters
from cases.store import access as store
from cases.tables.case_file import CaseRow
from core import audit
from core.accounts.grants import persons_reaching, persons_with
from core.actors import Actor, Role, ScopeKind
from core.errors import BadInput, Gap, answer

SUPERVISORS = frozenset({Role.SUPERVISOR})


def allocate(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    owner_person: str,
    now: datetime,
    expected_version: int | None = None,
) -> int:
    """Give a registered or reopened case to a worker; the assessment begins. Returns the version.

    The supervisor who allocates stays the case's supervisor.

    Raises:
        Incomplete: an interpreter is needed and none with a valid undertaking is assigned.
        BadInput: not a caseworker of the office, or barred from the case.
        NoSuchStep: the case is not waiting for allocation.

    Source: DOM-3.3/T5, DOM-R10.
    """
    row = case_for(
        session, actor, case_id, roles=SUPERVISORS, now=now, level=Level.CODED,
        expected_version=expected_version,
    )  # fmt: skip
    needed = bool(files.restricted_of(session, row).get("interpreter_needed"))
    missing = needed and not valid_interpreters(session, row.id, on=now.date())
    answer("allocate", [Gap("interpreter_missing") if missing else None]).require()
    require_worker(session, row, owner_person, now=now)
    _assign(session, actor, row, owner_person, now)
    steps.move(
        session, row.id, CaseState.BIA_IN_PROGRESS,
        transition=Step.ALLOCATE, actor=actor, now=now, facts={"owner": owner_person},
    )  # fmt: skip
    return row.version


def reassign(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    owner_person: str,
    now: datetime,
    expected_version: int | None = None,
) -> int:
    """Pass a case to another worker in whatever state it is; the former one sees it no longer.

    Raises:
        BadInput: not a caseworker of the office, or barred from the case.
    """
    row = case_for(
        session, actor, case_id, roles=SUPERVISORS, now=now, level=Level.CODED,
        expected_version=expected_version,
    )  # fmt: skip
    require_worker(session, row, owner_person, now=now)
    _assign(session, actor, row, owner_person, now)
    steps.touch(session, row, actor=actor, now=now)
    steps.wake(session, row.id, now=now)
    return row.version


def require_worker(session: Session, row: CaseRow, person_id: str, *, now: datetime) -> None:
    """Refuse to give a case to anybody but a caseworker of its office whom no conflict bars.

    Raises:
        BadInput: no caseworker there, or barred from this case.
    """
    if person_id not in caseworkers_of(session, row.office, row.country, now=now):
        raise BadInput("/owner_person", "no_caseworker_there")
    if store.is_barred(session, row.id, person_id):
        raise BadInput("/owner_person", "barred_from_case")


def caseworkers_of(session: Session, office: str, country: str, *, now: datetime) -> frozenset[str]:
    """Return the persons who may keep cases of an office: of the office, of the country, or with cases of their own."""
    near = persons_reaching(session, Role.CASEWORKER, office=office, country=country, now=now)
    own = persons_with(session, Role.CASEWORKER, ScopeKind.OWN, "", now=now)
    return frozenset({*near, *own})


def _assign(session: Session, actor: Actor, row: CaseRow, owner_person: str, now: datetime) -> None:
    for basis, person, before in (
        (Basis.OWNER, owner_person, row.owner_person),
        (Basis.SUPERVISOR, actor.person_id, row.supervisor_person),
    ):
        if before is not None and before != person:
            close_access(session, actor, case_id=row.id, now=now, person_id=before, basis=basis)
        grant_access(session, actor, case_id=row.id, person_id=person, basis=basis, now=now)
    row.owner_person = owner_person
    row.supervisor_person = actor.person_id
    session.add(row)
    audit.record(
        session, actor, "case.allocated", thing="case", thing_id=row.id, case_id=row.id, now=now,
        codes={"owner": owner_person, "supervisor": actor.person_id},
    )  # fmt: skip

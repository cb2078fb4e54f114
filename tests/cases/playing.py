"""A child's case on a small database of its own, the people around it, and a clock that only they move."""

import tempfile
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cases.rules.access import Basis
from cases.rules.children import Alert, Source, Tri
from cases.service import registration, steps
from cases.service.access import grant_access
from core.actors import Actor, Role, procedure_actor
from core.db import Database, Session
from core.errors import DomainError
from core.vault import Vault
from tests.builders.appeals import in_secretariat
from tests.builders.cases import OFFICE, a_caseworker, a_person, a_supervisor
from tests.builders.decided import DECIDED, SIGNED, TOLD, in_force, recorded, told, with_guardian
from tests.builders.procedure import Team, a_case_at_report, a_ready_report
from tests.builders.sittings import STARTS, Court, a_court, convened, in_deliberation
from tests.conftest import MASTER_KEYS, NOON
from tests.databases import create_schema, make_quick

SEATS = ("chair", "deputy", "welfare", "police", "school")
OTHERS = (
    "worker", "supervisor", "colleague", "assessor", "coordinator", "secretary", "head", "body", "guardian",
    "lawyer", "first_line", "stranger", "machine", "engine",
)  # fmt: skip
EVERYBODY = (*OTHERS, *SEATS)


@dataclass(frozen=True)
class Beginning:
    """A point of the way from which people go on: a stored database and who was there."""

    stored: bytes
    case_id: str
    court: Court
    people: dict[str, Actor]
    now: datetime


class Play:
    """One run: everything people try is either done whole or refused with a reason."""

    def __init__(self, beginning: Beginning, folder: Path) -> None:
        path = folder / "play.sqlite3"
        path.write_bytes(beginning.stored)
        self.database = _opened(path)
        self.case_id, self.now = beginning.case_id, beginning.now
        self.court, self.people = copy(beginning.court), beginning.people
        self.refusals: list[str] = []

    def attempt(self, act: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Let somebody try something; ``None`` when it is refused. Anything but a refusal is a bug."""
        try:
            with self.database.unit_of_work() as session:
                return act(session, *given, now=self.now, **named)
        except DomainError as refusal:
            self.refusals.append(type(refusal).__name__)
            return None

    def rows(self, table: Any, *wanted: Any, order: Any = None) -> list[Any]:
        """Read rows of this case as they are stored, past every service."""
        found = table_of(table)
        query = sa.select(found).where(found.c.case_id == self.case_id, *wanted)
        with self.database.engine.connect() as connection:
            return list(connection.execute(query.order_by(order) if order is not None else query))


def table_of(kind: Any) -> Any:
    """Return the table of a row class, to read it as it is stored."""
    return kind.__table__


@cache
def beginning(name: str) -> Beginning:
    """Bring a case to a point once, and keep the database for every run that begins there."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "beginning.sqlite3"
        database = _opened(path)
        create_schema(database.engine)
        with database.unit_of_work() as session:
            court, now = BEGINNINGS[name](session)
            people = _people(session, court)
        database.dispose()
        assert court.team is not None
        return Beginning(path.read_bytes(), people.pop("case").person_id, court, people, now)


def _opened(path: Path) -> Database:
    database = make_quick(Database(f"sqlite:///{path}", Vault(MASTER_KEYS)))

    @sa.event.listens_for(database.engine, "connect")
    def _hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")  # nothing here has to survive a power cut

    return database


def _people(session: Session, court: Court) -> dict[str, Actor]:
    team = court.team
    assert team is not None
    body, lawyer = in_secretariat(session), a_person(Role.LAWYER)
    grant_access(
        session,
        team.supervisor,
        case_id=team.case_id,
        person_id=lawyer.person_id,
        basis=Basis.LAWYER,
        now=NOON,
    )
    return court.people | {
        "case": replace(body, person_id=team.case_id),
        "worker": team.worker,
        "supervisor": team.supervisor,
        "colleague": a_supervisor(),
        "assessor": team.assessor,
        "coordinator": team.coordinator,
        "secretary": court.secretary,
        "head": court.head,
        "body": body,
        "guardian": with_guardian(session, court),
        "lawyer": lawyer,
        "first_line": a_person(Role.FIRST_LINE),
        "stranger": a_caseworker(office="ZM-99"),
        "machine": replace(team.supervisor, is_human=False),
        "engine": procedure_actor("ZM"),
    }


def _alerted(session: Session) -> tuple[Court, datetime]:
    court, worker, supervisor = a_court(session), a_caseworker(), a_supervisor()
    alert = Alert(office=OFFICE, source=Source.BORDER, in_danger=Tri.NO, in_detention=Tri.NO)
    opened = registration.raise_alert(session, worker, alert, now=NOON)
    coordinator = a_person(Role.COORDINATOR)
    for person, basis in (
        (worker, Basis.OWNER), (supervisor, Basis.SUPERVISOR), (coordinator, Basis.COORDINATOR),
    ):  # fmt: skip
        grant_access(
            session, worker, case_id=opened.case_id, person_id=person.person_id, basis=basis, now=NOON
        )  # fmt: skip
    row = steps.lock(session, opened.case_id)
    court.team = Team(row, worker, supervisor, a_person(Role.ASSESSOR), coordinator)
    return court, NOON


def _with_team(make: Callable[[Session], Team]) -> Callable[[Session], tuple[Court, datetime]]:
    def begin(session: Session) -> tuple[Court, datetime]:
        court = a_court(session)
        court.team = make(session)
        return court, NOON

    return begin


BEGINNINGS: dict[str, Callable[[Session], tuple[Court, datetime]]] = {
    "alerted": _alerted,
    "at_report": _with_team(a_case_at_report),
    "ready": _with_team(a_ready_report),
    "convened": lambda session: (convened(session), NOON),
    "in_deliberation": lambda session: (in_deliberation(session), STARTS),
    "recorded": lambda session: (recorded(session).court, DECIDED),
    "in_force": lambda session: (in_force(session).court, SIGNED),
    "told": lambda session: (told(session).court, TOLD),
}

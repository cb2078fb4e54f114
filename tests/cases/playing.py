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
from cases.service import registration, reports, steps
from cases.service.access import grant_access
from core.actors import Actor, Role, procedure_actor
from core.db import Database, Session
from core.errors import DomainError
from core.vault import Vault
from panels.rules.items import Invited
from panels.service import communication, determinations, listing, procedure, sittings
from panels.service.listing import Invitation
from tests.builders.accounts import employ
from tests.builders.appeals import in_secretariat
from tests.builders.cases import OFFICE, a_caseworker, a_person, a_supervisor
from tests.builders.decided import (
    DECIDED,
    SIGNED,
    TOLD,
    Decided,
    a_decision,
    a_talk,
    sign,
    with_guardian,
)
from tests.builders.procedure import Team, a_case_at_report, a_submitted_report
from tests.builders.sittings import STARTS, Court, a_court, a_sitting, in_deliberation
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


class Walk:
    """One case on its way, with the panel and the people around it."""

    court: Court
    people: dict[str, Actor]
    case_id: str
    decision_id: str = ""

    def set_out(self, session: Session, court: Court) -> None:
        """Gather everybody around a case that has its team."""
        self.court, self.people = court, _people(session, court)
        self.case_id = self.team.case_id

    @property
    def team(self) -> Team:
        """The workers of the case."""
        assert self.court.team is not None
        return self.court.team

    @property
    def decided(self) -> Decided:
        """The decision with the people around it."""
        return Decided(self.court, self.decision_id, self.people["guardian"])


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
    """A point of the way, made once and kept for every run that begins there."""
    return _walked()[name] if name in WAY else _made(_alerted)


@cache
def _walked() -> dict[str, Beginning]:
    """Walk one case from the report to the talk with the child, and keep the database at every point."""
    found, walk = {}, Walk()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walk.sqlite3"
        path.write_bytes(_nothing_yet())
        database = _opened(path)
        for name, step in WAY.items():
            with database.unit_of_work() as session:
                now = step(session, walk)
            database.dispose()
            found[name] = Beginning(
                path.read_bytes(), walk.case_id, copy(walk.court), walk.people, now
            )
    return found


def _made(begin: Callable[[Session, Walk], datetime]) -> Beginning:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "beginning.sqlite3"
        path.write_bytes(_nothing_yet())
        database, walk = _opened(path), Walk()
        with database.unit_of_work() as session:
            now = begin(session, walk)
        database.dispose()
        return Beginning(path.read_bytes(), walk.case_id, walk.court, walk.people, now)


@cache
def _nothing_yet() -> bytes:
    """An empty database with its schema, made once by the migrations for all beginnings."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite3"
        database = _opened(path)
        create_schema(database.engine)
        database.dispose()
        return path.read_bytes()


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
    employ(session, team.worker)
    return court.people | {
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


def _alerted(session: Session, walk: Walk) -> datetime:
    court, worker, supervisor = a_court(session), a_caseworker(), a_supervisor()
    employ(session, worker)
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
    walk.set_out(session, court)
    return NOON


def _at_report(session: Session, walk: Walk) -> datetime:
    court = a_court(session)
    court.team = a_case_at_report(session)
    walk.set_out(session, court)
    return NOON


def _ready(session: Session, walk: Walk) -> datetime:
    team = walk.team
    a_submitted_report(session, team)
    reports.pass_report(session, team.coordinator, walk.case_id, now=NOON)
    return NOON


def _convened(session: Session, walk: Walk) -> datetime:
    court = a_sitting(session, walk.court)
    court.item_id = listing.list_case(
        session,
        court.secretary,
        court.sitting_id,
        walk.case_id,
        invited=(Invitation(Invited.GUARDIAN), Invitation(Invited.INTERPRETER)),
        now=NOON,
    )
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    return NOON


def _deliberating(session: Session, walk: Walk) -> datetime:
    in_deliberation(session, court=walk.court)
    return STARTS


def _recorded(session: Session, walk: Walk) -> datetime:
    court = walk.court
    for name in SEATS:
        court.vote(session, name)
    walk.decision_id = determinations.record_determination(
        session, court.people["chair"], court.item_id, a_decision(), now=DECIDED
    )
    return DECIDED


def _in_force(session: Session, walk: Walk) -> datetime:
    assert sign(session, walk.decided, "chair", "deputy", "welfare")
    procedure.enter_decision(session, walk.case_id, now=SIGNED)
    return SIGNED


def _told(session: Session, walk: Walk) -> datetime:
    communication.communicate_determination(
        session, walk.team.worker, walk.decision_id, a_talk(), now=TOLD
    )
    procedure.open_appeal_window(session, walk.case_id, now=TOLD)
    return TOLD


WAY: dict[str, Callable[[Session, Walk], datetime]] = {
    "at_report": _at_report,
    "ready": _ready,
    "convened": _convened,
    "in_deliberation": _deliberating,
    "recorded": _recorded,
    "in_force": _in_force,
    "told": _told,
}
BEGINNINGS = ("alerted", *WAY)

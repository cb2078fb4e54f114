"""Take rows in: each whole or not at all, each told about, and none twice."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from cases.rules.consent import NotAskedReason
from cases.rules.imports import Complaint, FieldMap, Read, SourceRow, read_row
from cases.service import registration
from cases.service.allocation import caseworkers_of
from cases.service.registration import Registered
from cases.service.search import Hints, Listed, hints_of_list
from cases.store import imported as store
from cases.tables.imported import ImportedRow
from core import audit, gathering
from core.actors import Actor
from core.db import Database
from core.errors import BadInput, DomainError, Incomplete
from core.gathering import AlreadyWritten
from core.vault import keyed_hash, vault_of

BATCH: Final = 200


class Result(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    KNOWN = "known"  # here already, unchanged at the source
    CHANGED = "changed"  # here already; the source says something else now: a person looks
    HELD = "held"  # something in it cannot be taken as it stands
    CLOSED = "closed"  # closed, moved or merged at the source
    REFUSED = "refused"  # our own rules refuse it


@dataclass(frozen=True)
class Outcome:
    """What became of one row, without anything about the child.

    Args:
        number: the row in the file, as people count it there.
        shown_id: the id people quote in the other system.
        result: what became of it.
        complaints: why not, or what was taken as unknown.
        child_code: of the case here, if there is one.
        hints: how many files may be about the same child.
    """

    number: int
    shown_id: str
    result: Result
    complaints: tuple[Complaint, ...] = ()
    child_code: str = ""
    hints: int = 0


@dataclass
class Tally:
    """Counts of an import, and every code that did not map."""

    results: Counter[Result] = field(default_factory=Counter)
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one row."""
        self.rows += 1
        self.results[outcome.result] += 1
        for complaint in outcome.complaints:
            if complaint.code == "unmapped":
                self.unmapped[complaint.field, complaint.value] += 1


@dataclass(frozen=True)
class Plan:
    """How an import is to be done.

    Args:
        mapping: fields and codes.
        office: place code of the office that takes the rows.
        dry_run: look only; everything is rolled back.
        accept_unknown: take values whose code does not map as unknown, and say so.
        owners: login name at the source to person id here; others are allocated later.
    """

    mapping: FieldMap
    office: str
    dry_run: bool = False
    accept_unknown: bool = False
    owners: Callable[[Session, str], str | None] = lambda _session, _login: None


class _Rehearsal(Exception):
    """Ends a batch without keeping it."""


@dataclass(frozen=True)
class _Batch:
    """What the rows of one unit of work have in common.

    Args:
        now: when they are taken.
        known: rows of the source that are here, with the hash of what they said; grows with the batch.
        owners: login name at the source to person id here.
        workers: caseworkers of each office that rows name an owner for.
    """

    actor: Actor
    plan: Plan
    now: datetime
    known: dict[str, str]
    owners: Mapping[str, str | None]
    workers: Mapping[str, frozenset[str]]

    def owner_of(self, read: Read) -> str | None:
        """Return who keeps the case here: whom the source names, if that is a caseworker of the office."""
        person = self.owners.get(read.owner)
        return person if person in self.workers.get(read.alert.office, frozenset()) else None

    def complaints(self, read: Read) -> tuple[Complaint, ...]:
        """Return what to say of a row that is taken: what is unknown, and a worker nobody here goes by."""
        nobody = bool(read.owner) and self.owner_of(read) is None
        return (*read.complaints, *([Complaint("owner", "no_caseworker_there")] if nobody else []))


@dataclass(frozen=True)
class _Keyed:
    """A row that was read, with the keyed hashes of its id and of all it says."""

    row: SourceRow
    read: Read
    source_key: str
    content_key: str


def take_rows(
    database: Database,
    actor: Actor,
    rows: Iterable[SourceRow],
    plan: Plan,
    *,
    clock: Callable[[], datetime],
) -> Iterator[Outcome]:
    """Take rows in batches, each batch one unit of work, each row whole or not at all.

    The rows of a batch are written together. If the database refuses that, the batch begins again, row
    by row. Memory does not grow with the file. Stopping anywhere loses nothing: the same file can be
    given again.
    """
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        try:
            outcomes = _unit(database, actor, batch, plan, _together, clock)
        except (IntegrityError, AlreadyWritten):
            outcomes = _unit(database, actor, batch, plan, _one_by_one, clock)
        yield from outcomes


def _unit(  # noqa: PLR0917  private, all of it is needed
    database: Database,
    actor: Actor,
    rows: Sequence[SourceRow],
    plan: Plan,
    take: "Callable[[Session, _Batch, Sequence[_Keyed | Outcome]], list[Outcome]]",
    clock: Callable[[], datetime],
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    try:
        with database.unit_of_work() as session:
            now = clock()
            keyed = [_keyed(session, row, plan, now) for row in rows]
            outcomes.extend(take(session, _batch(session, actor, keyed, plan, now), keyed))
            _keep_unless(rehearsal=plan.dry_run)
    except _Rehearsal:  # the codes given to new children went with everything else
        return [
            replace(one, child_code="") if one.result is Result.TAKEN else one for one in outcomes
        ]
    return outcomes


def _keep_unless(*, rehearsal: bool) -> None:
    if rehearsal:
        raise _Rehearsal


def _keyed(session: Session, row: SourceRow, plan: Plan, now: datetime) -> _Keyed | Outcome:
    if row.fault:
        return Outcome(row.number, "", Result.HELD, (Complaint("row", row.fault),))
    read = read_row(row, plan.mapping, office=plan.office, now=now)
    index = vault_of(session).index_key(session, now=now)
    return _Keyed(
        row, read,
        source_key=keyed_hash(index, "import", f"{plan.mapping.system}|{read.source_id}"),
        content_key=keyed_hash(index, "content", _canonical(row)),
    )  # fmt: skip


def _batch(
    session: Session, actor: Actor, keyed: Sequence[_Keyed | Outcome], plan: Plan, now: datetime
) -> _Batch:
    read = [item for item in keyed if isinstance(item, _Keyed)]
    known = store.contents(
        session, country=actor.country, system=plan.mapping.system,
        source_keys=[item.source_key for item in read],
    )  # fmt: skip
    logins = {item.read.owner for item in read if item.read.owner and item.source_key not in known}
    owners = {login: plan.owners(session, login) for login in sorted(logins)}
    offices = sorted({item.read.alert.office for item in read if owners.get(item.read.owner)})
    workers = {one: caseworkers_of(session, one, actor.country, now=now) for one in offices}
    return _Batch(actor, plan, now, known, owners, workers)


def _together(session: Session, batch: _Batch, keyed: Sequence[_Keyed | Outcome]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    listed: dict[int, Listed] = {}
    with gathering.gathering(session, forget=True):
        for item in keyed:
            outcome, taken = _take(session, batch, item)
            if taken is not None:
                listed[len(outcomes)] = taken
            outcomes.append(outcome)
    hints = hints_of_list(session, batch.actor, list(listed.values()), now=batch.now)
    for place, found in zip(listed, hints, strict=True):
        outcomes[place] = _with_hints(outcomes[place], found)
    return outcomes


def _one_by_one(
    session: Session, batch: _Batch, keyed: Sequence[_Keyed | Outcome]
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for item in keyed:
        outcome, taken = _take(session, batch, item)
        if taken is not None:
            (found,) = hints_of_list(session, batch.actor, [taken], now=batch.now)
            outcome = _with_hints(outcome, found)
        outcomes.append(outcome)
    return outcomes


def _with_hints(outcome: Outcome, found: Hints) -> Outcome:
    return replace(outcome, hints=len(found.seen) + found.elsewhere)


def _take(session: Session, batch: _Batch, item: _Keyed | Outcome) -> tuple[Outcome, Listed | None]:
    if isinstance(item, Outcome):
        return item, None
    number, read = item.row.number, item.read
    before = batch.known.get(item.source_key)
    if before is not None:
        same = before == item.content_key
        return Outcome(number, read.shown_id, Result.KNOWN if same else Result.CHANGED), None
    if read.is_closed:
        return Outcome(number, read.shown_id, Result.CLOSED), None
    if _must_wait(read, accept_unknown=batch.plan.accept_unknown):
        return Outcome(number, read.shown_id, Result.HELD, read.complaints), None
    return _register(session, batch, item)


def _must_wait(read: Read, *, accept_unknown: bool) -> bool:
    blocking = [c for c in read.complaints if not (accept_unknown and c.code == "unmapped")]
    return bool(blocking)


def _register(session: Session, batch: _Batch, item: _Keyed) -> tuple[Outcome, Listed | None]:
    number, read = item.row.number, item.read
    before = audit.mark(session)
    try:
        with _whole(session):
            done = _keep(session, batch, item)
    except (DomainError, IntegrityError) as error:
        audit.forget_since(session, before)
        return Outcome(number, read.shown_id, Result.REFUSED, _why(error)), None
    batch.known[item.source_key] = item.content_key
    listed = Listed(done.case_id, read.child, read.alert.district or read.alert.office)
    said = batch.complaints(read)
    return Outcome(number, read.shown_id, Result.TAKEN, said, done.child_code), listed


@contextmanager
def _whole(session: Session) -> Iterator[None]:
    """Take one row whole or not at all: in memory among gathered rows, else by a savepoint."""
    if gathering.is_gathering(session):
        with gathering.part(session):
            yield
        return
    with session.begin_nested():
        yield
        session.flush()


def _keep(session: Session, batch: _Batch, item: _Keyed) -> Registered:
    actor, plan, read, now = batch.actor, batch.plan, item.read, batch.now
    done = registration.take_in(
        session, actor, read.alert, read.child, now=now, priority=read.priority,
        not_asked=NotAskedReason.NOT_RECORDED_BY_SOURCE,
        owner_person=batch.owner_of(read),
    )  # fmt: skip
    row = ImportedRow(
        country=actor.country, system=plan.mapping.system, source_key=item.source_key,
        content_key=item.content_key, mapping=plan.mapping.name, case_id=done.case_id,
        imported_at=now,
    )  # fmt: skip
    session.add(row)
    codes: dict[str, str | int | bool | None] = {"mapping": plan.mapping.name}
    audit.record(
        session, actor, "case.imported", thing="case", thing_id=done.case_id,
        case_id=done.case_id, now=now, codes=codes,
    )  # fmt: skip
    return done


def _why(error: Exception) -> tuple[Complaint, ...]:
    if isinstance(error, Incomplete):
        return tuple(Complaint("row", gap.code) for gap in error.gaps)
    if isinstance(error, BadInput):
        return (Complaint(error.pointer.rpartition("/")[2], error.code),)
    return (Complaint("row", type(error).__name__),)


def _canonical(row: SourceRow) -> str:
    return json.dumps(dict(row.values), sort_keys=True, default=str, ensure_ascii=False)

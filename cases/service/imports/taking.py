"""Take rows in: each whole or not at all, each told about, and none twice."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from cases.rules.consent import NotAskedReason
from cases.rules.imports import Complaint, FieldMap, Read, SourceRow, read_row
from cases.service import registration
from cases.store import imported as store
from cases.tables.imported import ImportedRow
from core import audit
from core.actors import Actor
from core.db import Database
from core.errors import BadInput, DomainError, Incomplete
from core.vault import keyed_hash, vault_of

BATCH: Final = 100


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


def take_rows(
    database: Database,
    actor: Actor,
    rows: Iterable[SourceRow],
    plan: Plan,
    *,
    clock: Callable[[], datetime],
) -> Iterator[Outcome]:
    """Take rows in batches, each batch one unit of work, each row whole or not at all.

    Memory does not grow with the file. Stopping anywhere loses nothing: the same file can be given again.
    """
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        outcomes: list[Outcome] = []
        try:
            with database.unit_of_work() as session:
                now = clock()
                outcomes.extend(_take(session, actor, row, plan, now=now) for row in batch)
                _keep_unless(rehearsal=plan.dry_run)
        except _Rehearsal:
            pass
        yield from outcomes


def _keep_unless(*, rehearsal: bool) -> None:
    if rehearsal:
        raise _Rehearsal


def _take(session: Session, actor: Actor, row: SourceRow, plan: Plan, *, now: datetime) -> Outcome:
    if row.fault:
        return Outcome(row.number, "", Result.HELD, (Complaint("row", row.fault),))
    read = read_row(row, plan.mapping, office=plan.office, now=now)
    index = vault_of(session).index_key(session, now=now)
    source_key = keyed_hash(index, "import", f"{plan.mapping.system}|{read.source_id}")
    content_key = keyed_hash(index, "content", _canonical(row))
    known = store.find(
        session, country=actor.country, system=plan.mapping.system, source_key=source_key
    )
    if known is not None:
        same = known.content_key == content_key
        return Outcome(row.number, read.shown_id, Result.KNOWN if same else Result.CHANGED)
    if read.is_closed:
        return Outcome(row.number, read.shown_id, Result.CLOSED)
    if _must_wait(read, accept_unknown=plan.accept_unknown):
        return Outcome(row.number, read.shown_id, Result.HELD, read.complaints)
    keys = (source_key, content_key)
    return _register(session, actor, read, plan, keys, number=row.number, now=now)


def _must_wait(read: Read, *, accept_unknown: bool) -> bool:
    blocking = [c for c in read.complaints if not (accept_unknown and c.code == "unmapped")]
    return bool(blocking)


def _register(
    session: Session,
    actor: Actor,
    read: Read,
    plan: Plan,
    keys: tuple[str, str],
    *,
    number: int,
    now: datetime,
) -> Outcome:
    mark = session.begin_nested()
    before = audit.mark(session)
    try:
        done = registration.register_new(
            session, actor, read.alert, read.child, now=now, priority=read.priority,
            not_asked=NotAskedReason.NOT_RECORDED_BY_SOURCE,
            owner_person=plan.owners(session, read.owner) if read.owner else None,
        )  # fmt: skip
        row = ImportedRow(
            country=actor.country, system=plan.mapping.system, source_key=keys[0],
            content_key=keys[1], mapping=plan.mapping.name, case_id=done.case_id, imported_at=now,
        )  # fmt: skip
        session.add(row)
        codes: dict[str, str | int | bool | None] = {"mapping": plan.mapping.name}
        audit.record(
            session, actor, "case.imported", thing="case", thing_id=done.case_id,
            case_id=done.case_id, now=now, codes=codes,
        )  # fmt: skip
        session.flush()
        mark.commit()
    except (DomainError, IntegrityError) as error:
        mark.rollback()
        audit.forget_since(session, before)
        return Outcome(number, read.shown_id, Result.REFUSED, _why(error))
    hints = len(done.hints.seen) + done.hints.elsewhere
    return Outcome(number, read.shown_id, Result.TAKEN, read.complaints, done.child_code, hints)


def _why(error: Exception) -> tuple[Complaint, ...]:
    if isinstance(error, Incomplete):
        return tuple(Complaint("row", gap.code) for gap in error.gaps)
    if isinstance(error, BadInput):
        return (Complaint(error.pointer.rpartition("/")[2], error.code),)
    return (Complaint("row", type(error).__name__),)


def _canonical(row: SourceRow) -> str:
    return json.dumps(dict(row.values), sort_keys=True, default=str, ensure_ascii=False)

"""Rows about something new, written together.

What a unit of work has begun itself (a case it opened) nobody else can have written about. While rows are
gathered, questions about it are answered from what this unit of work holds (``held``), and its rows go to the
database in one statement for each table. Any other question writes first what was gathered and gathers no
more about what was begun so far, so that every answer is the one the database would have given.

Only a ``GatheringSession`` gathers; with any other session everything here does nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, make_transient_to_detached
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session, SQLModel

from core.ids import new_id

APART: Final = "apart_from_gathered"
Row = TypeVar("Row", bound=SQLModel)
Keep = Callable[[Session, Mapping[str, Any]], None]


class AlreadyWritten(Exception):
    """A part cannot be taken back without the database: some of it is there. Roll everything back."""


@dataclass
class _Gathered:
    """What one unit of work holds back."""

    rows: list[SQLModel] = field(default_factory=list)
    plain: list[tuple[type[SQLModel], dict[str, Any]]] = field(default_factory=list)
    counts: Counter[tuple[type[SQLModel], str]] = field(default_factory=Counter)
    about: dict[tuple[type[SQLModel], str], list[Any]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    notes: dict[Keep, dict[str, Any]] = field(default_factory=dict)
    undone: list[tuple[dict[str, Any], str, Any]] = field(default_factory=list)
    written: int = 0
    is_writing: bool = False
    is_apart: bool = False

    def drop(self) -> None:
        """Forget everything that waits to be written."""
        for waiting in (self.rows, self.plain, self.about, self.counts, self.begun, self.notes):
            waiting.clear()


class GatheringSession(Session):
    """A session that can hold back the rows of what it has begun."""

    gathered: _Gathered | None = None

    def flush(self, objects: Any = None) -> None:
        """Write changes now, unless they are being gathered: then when somebody asks for them."""
        if self.gathered is None or self.gathered.is_writing:
            super().flush(objects)

    def begin_nested(self) -> SessionTransaction:
        """Open a savepoint; what was gathered before lies outside it."""
        _write(self)
        return super().begin_nested()


@contextmanager
def gathering(session: Session, *, forget: bool = False) -> Iterator[None]:
    """Gather rows until the block ends, then write them. Inside another such block it changes nothing.

    Args:
        session: the unit of work.
        forget: the rows are not used again by this unit of work; a list is taken in without keeping it.
    """
    if not isinstance(session, GatheringSession) or session.gathered is not None:
        yield
        return
    session.flush()
    session.gathered = _Gathered()
    for name, hear in _HEARD.items():
        event.listen(session, name, hear)
    try:
        yield
        _write(session, forget=forget)
    finally:
        for name, hear in _HEARD.items():
            event.remove(session, name, hear)
        session.gathered = None
    session.flush()


@contextmanager
def part(session: Session) -> Iterator[None]:
    """Gather one thing of several: when the block raises, what it gathered is taken back.

    Raises:
        AlreadyWritten: it failed after something of it was written; the caller rolls everything back.
    """
    gathered = _of(session)
    if gathered is None:
        yield
        return
    positions, written = (len(gathered.rows), len(gathered.plain)), gathered.written
    gathered.undone.clear()
    try:
        yield
    except Exception as error:
        if gathered.written != written:
            raise AlreadyWritten from error
        _take_back(session, gathered, *positions)
        raise


@contextmanager
def apart(session: Session) -> Iterator[None]:
    """Ask the database about other things only: what was gathered need not be there for the answers."""
    gathered = _of(session)
    if gathered is None:
        yield
        return
    before, gathered.is_apart = gathered.is_apart, True
    try:
        yield
    finally:
        gathered.is_apart = before


def begin(session: Session, subject: str, row: SQLModel) -> None:
    """Say that this unit of work has begun a subject with this row, under an id nobody else knows."""
    gathered = _of(session)
    if gathered is not None:
        gathered.begun.add(subject)
        gathered.about[type(row), subject] = [row]


def append(session: Session, table: type[SQLModel], **values: Any) -> None:
    """Add a row that this unit of work does not change afterwards; cheaper among gathered rows."""
    gathered = _of(session)
    if gathered is None:
        session.add(table(**values))
        return
    gathered.plain.append((table, {"id": new_id(), **values}))
    gathered.counts[table, values.get("case_id", "")] += 1


def is_gathering(session: Session) -> bool:
    """Whether rows are held back now."""
    return _of(session) is not None


def held(session: Session, table: type[Row], subject: str) -> list[Row] | None:
    """Return every row about a subject in the order in which they were added; None: ask the database."""
    gathered = _of(session)
    if gathered is None or subject not in gathered.begun:
        return None
    if gathered.counts[table, subject]:  # kept without being rows that can be changed
        _write(session)
        return None
    return list(gathered.about.get((table, subject), ()))


def count(session: Session, table: type[SQLModel], subject: str) -> int | None:
    """Return how many rows there are about a subject; None: ask the database."""
    gathered = _of(session)
    if gathered is None or subject not in gathered.begun:
        return None
    return len(gathered.about.get((table, subject), ())) + gathered.counts[table, subject]


def noted(session: Session, keep: Keep, key: str) -> Any:
    """Return what was noted for later under a key, None without it."""
    gathered = _of(session)
    return None if gathered is None else gathered.notes.get(keep, {}).get(key)


def note(session: Session, keep: Keep, key: str, value: Any) -> bool:
    """Note a value that ``keep`` writes with the others; False when nothing is gathered: write it now."""
    gathered = _of(session)
    if gathered is None:
        return False
    notes = gathered.notes.setdefault(keep, {})
    gathered.undone.append((notes, key, notes.get(key)))
    notes[key] = value
    return True


def _of(session: OrmSession) -> _Gathered | None:
    return session.gathered if isinstance(session, GatheringSession) else None


def _before_statement(state: ORMExecuteState) -> None:
    gathered = _of(state.session)
    if gathered is not None and not gathered.is_apart and not state.execution_options.get(APART):
        _write(state.session)


def _take_up(session: OrmSession, row: Any) -> None:
    gathered = _of(session)
    if gathered is None or gathered.is_writing:
        return
    gathered.rows.append(row)
    subject = getattr(row, "case_id", None)
    if subject in gathered.begun:
        gathered.about.setdefault((type(row), subject), []).append(row)


def _savepoint_undone(session: OrmSession, _rolled_back: SessionTransaction) -> None:
    """Drop everything that waits: what came before the savepoint was written when it was opened."""
    gathered = _of(session)
    if gathered is not None:
        gathered.drop()


def _write(session: OrmSession, *, forget: bool = False) -> None:
    gathered = _of(session)
    if gathered is None or gathered.is_writing or not isinstance(session, GatheringSession):
        return
    gathered.is_writing = True
    try:
        _write_rows(session, gathered, forget=forget)
        gathered.begun.clear()
        gathered.about.clear()
        gathered.counts.clear()
        notes, gathered.notes = gathered.notes, {}
        for keep, values in notes.items():
            if values:
                keep(session, values)
                gathered.written += 1
        session.flush()
    finally:
        gathered.is_writing = False


def _write_rows(session: GatheringSession, gathered: _Gathered, *, forget: bool) -> None:
    rows, gathered.rows = gathered.rows, []
    plain, gathered.plain = gathered.plain, []
    if not rows and not plain:
        return
    gathered.written += 1
    by_table: dict[sa.Table, list[dict[str, Any]]] = {}
    for row in rows:
        session.expunge(row)
        by_table.setdefault(_table_of(type(row)), []).append(_values(row))
    for kind, values in plain:
        by_table.setdefault(_table_of(kind), []).append(_whole(kind, values))
    for table in SQLModel.metadata.sorted_tables:  # what is pointed at comes before what points
        if table in by_table:
            session.connection().execute(table.insert(), by_table[table])
    if not forget:
        for row in rows:
            make_transient_to_detached(row)
            session.add(row)


def _table_of(kind: type[SQLModel]) -> sa.Table:
    table: sa.Table = kind.__table__  # type: ignore[attr-defined]
    return table


def _values(row: SQLModel) -> dict[str, Any]:
    return {column.key: row.__dict__[column.key] for column in _table_of(type(row)).columns}


def _whole(kind: type[SQLModel], values: dict[str, Any]) -> dict[str, Any]:
    """Complete the values of a row with what the table says when nothing is given."""
    return {**_defaults(kind), **values}


@cache
def _defaults(kind: type[SQLModel]) -> dict[str, Any]:
    return {
        name: found.default
        for name, found in kind.model_fields.items()
        if not found.is_required() and found.default_factory is None
    }


def _take_back(session: Session, gathered: _Gathered, position: int, plain: int) -> None:
    for row in gathered.rows[position:]:
        session.expunge(row)
        subject = str(getattr(row, "case_id", None) or getattr(row, "id", ""))
        gathered.begun.discard(subject)
        gathered.about.pop((type(row), subject), None)
    del gathered.rows[position:]
    for kind, values in gathered.plain[plain:]:
        gathered.counts[kind, values.get("case_id", "")] -= 1
    del gathered.plain[plain:]
    for notes, key, before in reversed(gathered.undone):
        if before is None:
            notes.pop(key, None)
        else:
            notes[key] = before


_HEARD: Final[dict[str, Callable[..., None]]] = {
    "do_orm_execute": _before_statement,
    "transient_to_pending": _take_up,
    "before_commit": _write,  # of a savepoint that is kept
    "after_soft_rollback": _savepoint_undone,
}

"""Which rows of the panels nobody changes or removes, whoever holds the database.

A decision and minutes keep what they say; only their standing moves. Erasing a child's key leaves these
rows where they are, unreadable.

Source: DOM-R18, DOM-R22, DOM-R54.
"""

from typing import Final

from core import guards
from core.guards import Guard
from panels.tables.attendance import AttendanceRow
from panels.tables.determination import MAY_CHANGE, DeterminationRow, DissentRow, SignatureRow
from panels.tables.minutes import MinutesRow, MinutesSignatureRow
from panels.tables.sitting import QuorumLogRow, SittingEventRow
from panels.tables.vote import OpinionRow, VoteRow

_STANDING_OF_MINUTES: Final = frozenset({"state", "signed_at", "version"})
_ONLY_ADDED: Final = (
    VoteRow,
    OpinionRow,
    DissentRow,
    SignatureRow,
    MinutesSignatureRow,
    QuorumLogRow,
    SittingEventRow,
    AttendanceRow,
)


def _but(row: type[DeterminationRow | MinutesRow], standing: frozenset[str]) -> Guard:
    fixed = tuple(sorted(set(row.model_fields) - standing))
    return Guard(str(row.__tablename__), fixed)


GUARDS: Final = (
    *(Guard(str(row.__tablename__)) for row in _ONLY_ADDED),
    _but(DeterminationRow, MAY_CHANGE),
    _but(MinutesRow, _STANDING_OF_MINUTES),
)


def guard_statements(dialect: str) -> tuple[str, ...]:
    """Return what makes a database keep these rows; migrations run it."""
    return (*guards.function_statements(dialect), *guards.guard_statements(dialect, GUARDS))


def drop_statements(dialect: str) -> tuple[str, ...]:
    """Return what takes these guards off again; the function stays for other features."""
    return guards.drop_statements(dialect, GUARDS)

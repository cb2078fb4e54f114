"""Which rows of a child's case nobody changes or removes, whoever holds the database.

Merging and erasing leave a case's history as it is: a merge adds a step, erasing destroys the key.

Source: DOM-R53, DOM-R54.
"""

from typing import Final

from cases.tables.history import CaseHistoryRow
from core import guards
from core.guards import Guard

GUARDS: Final = (Guard(str(CaseHistoryRow.__tablename__)),)


def guard_statements(dialect: str) -> tuple[str, ...]:
    """Return what makes a database keep these rows; migrations run it."""
    return (*guards.function_statements(dialect), *guards.guard_statements(dialect, GUARDS))


def drop_statements(dialect: str) -> tuple[str, ...]:
    """Return what takes these guards off again; the function stays for other features."""
    return guards.drop_statements(dialect, GUARDS)

"""What the panel's papers have in common."""

from collections.abc import Iterable
from typing import Final

from sqlmodel import Session

from core.packs.models import Pack
from core.papers.paper import Block, facts, heading, quiet, strong
from core.papers.words import Words, words_in
from core.worktime import WorkingCalendar
from panels.rules.sittings import SittingState
from panels.store import panel as panels
from panels.tables.determination import DeterminationRow
from panels.tables.sitting import SittingRow

LETTER: Final = "decision_letter"
CHILD_PAGE: Final = "child_page"
MINUTES: Final = "minutes"
AGENDA: Final = "agenda"
BUNDLE: Final = "hearing_bundle"
NOT_HELD: Final = frozenset({SittingState.CANCELLED, SittingState.INQUORATE})
"""What was printed for a sitting that is not held counts no more."""


def words_for(wished: str, pack: Pack) -> Words:
    """Return the words asked for, else those of the country's own language."""
    return words_in(wished, pack.languages.default)


def zone_of(calendar: WorkingCalendar) -> str:
    """Return the name of the zone on whose wall a paper is dated."""
    return str(calendar.zone)


def panel_name(session: Session, sitting: SittingRow | None, pack: Pack | None = None) -> str:
    """Return who speaks: the panel of a sitting, else the country."""
    panel = panels.find(session, sitting.panel_id) if sitting is not None else None
    if panel is not None:
        return panel.name
    return "" if pack is None else pack.title


def short(record_id: str) -> str:
    """Return the part of an id that people compare."""
    return record_id[:8]


def version_line(words: Words, row: DeterminationRow, reason: str) -> Iterable[Block]:
    """Say that a decision is a corrected version, and why."""
    if row.number > 1:
        yield quiet(
            words("version.replaces", number=row.number, before=row.number - 1, reason=reason)
        )


def helplines(words: Words, pack: Pack) -> Iterable[Block]:
    """Name whom one can call, in every case."""
    if pack.helplines:
        yield heading(words("helplines"), 2)
        yield facts((line.name, line.number) for line in pack.helplines)


def not_in_force(words: Words, row: DeterminationRow) -> Iterable[Block]:
    """Say on top that a decision counts no more."""
    if row.current_case is None:
        yield strong(words("decision.no_longer"))

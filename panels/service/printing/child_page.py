"""The page a child keeps, in large letters: approved sentences, and the panel's own words for the child.

What it says is the note of ``child_notes``; this gives it a sheet, and a code by which the child's people can prove it.

Source: DOM-3.3 (T14), DOM-R9, DOM-R50.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from core.actors import Actor
from core.papers.issuing import Desk, Issued, issue
from core.papers.paper import FOR_A_CHILD, Block, Paper, facts, quiet, strong, text
from core.papers.words import day_in, words_in
from core.worktime import local_day
from panels.service.child_notes import Note, note_for
from panels.service.printing.common import CHILD_PAGE, panel_name, zone_of
from panels.store import sitting as sittings


def child_page(
    session: Session, actor: Actor, determination_id: str, *, desk: Desk, now: datetime
) -> Issued:
    """Print the child's page. The sentences are in the child's language where there are some.

    Raises:
        NotThere, RoleMayNot, WrongState: as ``note_for`` says.
        NotPrintable, PressFailed: as ``issue`` says.
    """
    note = note_for(session, actor, determination_id, now=now)
    words = words_in(note.language, note.child.pack.languages.default)
    row = note.row
    paper = Paper(
        kind=CHILD_PAGE,
        language=note.language,
        words=words.code,
        title=note.words["title"],
        issuer=panel_name(session, sittings.find(session, row.sitting_id or ""), note.child.pack),
        about="",
        at=row.sealed_at or row.decided_at,
        zone=zone_of(note.child.calendar),
        blocks=tuple(_blocks(note)),
        series=row.id,
        template=FOR_A_CHILD,
        is_replaced=row.current_case is None,
    )
    return issue(session, actor, paper, desk, thing_id=row.id, case_id=row.case_id, now=now)


def _blocks(note: Note) -> Iterator[Block]:
    said = note.words
    until = local_day(note.window_ends_at, note.child.calendar)
    yield text(note.child_version)
    yield text(said["next"])
    if note.interim_care:
        yield text(f"{said['until_then']} {note.interim_care}")
    yield strong(said["disagree"])
    yield text(f"{said['until']} {day_in(note.language, until)}.")
    yield strong(said["complain"])
    yield facts((line.name, line.number) for line in note.child.pack.helplines)
    if note.for_reader:
        yield quiet(note.for_reader)

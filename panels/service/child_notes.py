"""The note a child keeps: what was decided in plain words, what comes next, how to disagree or complain.

The fixed sentences are short and in the child's language where there is a file of them in
``templates/panels/child_words/``, otherwise in the country's own language; the reasons are the panel's version for
the child. Sentences that no native reader has confirmed yet say so to the adult who reads them aloud.

Source: DOM-3.3 (T14), DOM-R9.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.errors import WrongState
from core.languages import language, languages
from core.papers.words import words_in
from core.worktime import local_day
from panels.service import decision_rows
from panels.service.child import Child
from panels.service.communication import TELLERS
from panels.service.decision_rows import draft_in, taken, talk_about
from panels.service.plain_texts import plain_text
from panels.tables.determination import DeterminationRow

FOLDER: Final = Path(__file__).resolve().parents[2] / "templates" / "panels" / "child_words"


@dataclass(frozen=True)
class Sentences:
    """The approved sentences of one language, by what each is for.

    Args:
        is_confirmed: a native reader has read them; until then whoever reads them to a child is told.
    """

    words: Mapping[str, str]
    is_confirmed: bool


@dataclass(frozen=True)
class Note:
    """What the note says.

    Args:
        language: of the fixed sentences.
        words: those sentences, by what each is for.
        child_version: the panel's reasons for the child, in its own words.
        interim_care: empty where it is written in another language than the sentences.
        for_reader: to the adult who reads it to the child, in the country's own language; empty where a native
            reader has confirmed the sentences.
        window_ends_at: until when an appeal is in time; before the talk, as if it were held now.
    """

    row: DeterminationRow
    child: Child
    language: str
    words: Mapping[str, str]
    child_version: str
    interim_care: str
    for_reader: str
    window_ends_at: datetime


@cache
def sentences() -> Mapping[str, Sentences]:
    """Return every language the child's page speaks: a file for each, added without a line of code."""
    found: dict[str, Sentences] = {}
    for file in sorted(FOLDER.glob("*.json")):
        table = json.loads(file.read_text("utf-8"))
        found[language(file.stem)] = Sentences(table["sentences"], table["confirmed"])
    return found


def note_for(session: Session, actor: Actor, determination_id: str, *, now: datetime) -> Note:
    """Write the note for the talk, and note that it was made.

    Raises:
        NotThere: no such decision, or not yours.
        RoleMayNot: only those who tell the child make the note.
        WrongState: not enough members have signed; until then nothing is decided.
    """
    found = taken(session, actor, determination_id, roles=TELLERS, now=now)
    if found.row.sealed_at is None:
        raise WrongState("decision", "not signed", "make_child_note")
    draft, child = draft_in(session, found.row), found.child
    spoken, own = language(draft.child_version_language), child.pack.languages
    known = (spoken, language(own.default), "en")
    written = next(code for code in known if code in sentences())
    ours = sentences()[written]
    is_confirmed = ours.is_confirmed or written in languages(own.confirmed_child_notes)
    audit.record(
        session,
        actor,
        "child_note.made",
        thing=decision_rows.KIND,
        thing_id=found.row.id,
        case_id=child.case_id,
        now=now,
        codes={"language": written},
    )
    talk = talk_about(session, found.row)
    return Note(
        row=found.row,
        child=child,
        language=written,
        words=ours.words,
        child_version=draft.child_version,
        interim_care=draft.interim_care if written == spoken else "",
        for_reader="" if is_confirmed else words_in(own.default)("child.not_confirmed"),
        window_ends_at=talk.window_ends_at if talk else child.due("D12", now),
    )


def child_note(session: Session, actor: Actor, determination_id: str, *, now: datetime) -> str:
    """Write the note as plain text, to be read aloud or copied.

    Raises:
        NotThere, RoleMayNot, WrongState: as ``note_for`` says.
    """
    note = note_for(session, actor, determination_id, now=now)
    return plain_text(
        "panels/child_note.txt.j2",
        words=note.words,
        child_version=note.child_version,
        interim_care=note.interim_care,
        for_reader=note.for_reader,
        window_ends_on=local_day(note.window_ends_at, note.child.calendar).isoformat(),
        helplines=note.child.pack.helplines,
    )

"""One child's case on one line of a list: who it is in words, never by name, and how long in detention."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from api.desk.visit import Visit
from api.desk.words import DeskWords
from cases.service.files import CodedRow

TWO_LETTERS: Final = 2
"""A country; codes for stateless and undetermined are longer."""


@dataclass(frozen=True)
class ChildLine:
    """A case as lists show it.

    Args:
        code: the child code people say on the telephone.
        who: girl or boy, age, with whom, where from and where now.
        held: hours in detention, in words; empty for a child who is free.
    """

    id: str
    code: str
    who: str
    priority: str
    state: str
    held: str


def child_line(visit: Visit, row: CodedRow) -> ChildLine:
    """Return the line of a case."""
    return ChildLine(
        id=row.id,
        code=row.child_code,
        who=who(visit, row),
        priority=row.priority,
        state=row.state,
        held=visit.words.hours(held_for(visit, row)) if row.detained else "",
    )


def who(visit: Visit, row: CodedRow) -> str:
    """Return who this is, in words: nothing that names the child."""
    words = visit.words
    parts = [words.of("sex", row.sex), age_in(words, row.age_band)]
    if row.accompaniment != "unknown":
        parts.append(words.of("accompaniment", row.accompaniment))
    if len(row.nationality_code) == TWO_LETTERS:
        parts.append(words("from_country", country=words.country(row.nationality_code)))
    parts.append(visit.place(row.district or row.office))
    return ", ".join(part for part in parts if part)


def held_for(visit: Visit, row: CodedRow) -> timedelta:
    """Return how long a detained child has been held; nothing for one who is free."""
    if not row.detained or row.detained_since is None:
        return timedelta()
    return visit.now - row.detained_since


def age_in(words: DeskWords, band: str) -> str:
    """Return an age band in words."""
    if band == "unknown":
        return words("age.unknown")
    if band == "adult":
        return words("age.adult")
    first, dash, last = band.partition("-")
    return (
        words("age.band", first=first, last=last) if dash and last else words("age.one", age=band)
    )

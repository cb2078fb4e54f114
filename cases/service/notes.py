"""Small habits of every act on a case: sealing a row's words, opening them, and putting it on record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.vault import Place, seal, unseal


class Sealed(Protocol):
    """A row of a case with words sealed in ``restricted``."""

    id: str
    case_id: str
    restricted: bytes
    __tablename__: ClassVar[Any]


def seal_words(session: Session, row: Sealed, value: Mapping[str, Any]) -> None:
    """Seal the words of a row under the key of its case."""
    place = Place(str(row.__tablename__), "restricted", row.id)
    row.restricted = seal(session, owner=row.case_id, place=place, value=dict(value))


def words_of(session: Session, row: Sealed) -> dict[str, Any]:
    """Open the words of a row."""
    if not row.restricted:
        return {}
    place = Place(str(row.__tablename__), "restricted", row.id)
    return dict(unseal(session, owner=row.case_id, place=place, sealed=row.restricted))


def note(
    session: Session,
    actor: Actor,
    action: str,
    row: Sealed,
    *,
    now: datetime,
    **codes: str | int | bool | None,
) -> None:
    """Put an act on a row of a case on record. Codes only."""
    audit.record(
        session,
        actor,
        action,
        thing=str(row.__tablename__),
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes=codes,
    )


def note_read(
    session: Session, actor: Actor, what: str, case_id: str, *, now: datetime, count: int
) -> None:
    """Put on record that somebody saw part of a case."""
    audit.record(
        session, actor, f"{what}.read", thing=what, thing_id=case_id, case_id=case_id, now=now,
        codes={"count": count},
    )  # fmt: skip

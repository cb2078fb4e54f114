"""The ladder of one disagreement on our record: begun, written on, climbed, by our people or by what theirs said.

Both countries keep the same ladder, each its own record of it: what one side puts on record goes to the other as a
message, and the higher rung counts on both. What never comes from abroad is an end: the child's movement here stands
still until our own head has said that it is over.

Source: DOM-5.8, DOM-R34, DOM-R36, DOM-R42.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session

from cases.rules.movement import HoldOnMovement
from cases.service import movement
from core.actors import Actor, procedure_actor
from core.exchange.tokens import LEEWAY_SECONDS
from core.packs.lookup import pack_of
from core.vault import Place, seal, unseal
from core.worktime import due_at
from transfers.rules.codes import MessageType
from transfers.rules.disagreement import LIMITS, End, Rung, Told, higher
from transfers.service import record
from transfers.service.bodies import IncidentAlert, LadderStep
from transfers.service.saying import SAID, said_in
from transfers.store import disagreements as store
from transfers.store import transfers as transfer_store
from transfers.tables.disagreement import DisagreementEntryRow, DisagreementRow
from transfers.tables.transfer import TransferRow

THEIRS: Final = "partner"
"""Who began or wrote something, where it was said by the other country."""
LEEWAY: Final = timedelta(seconds=LEEWAY_SECONDS)
"""How far the clocks of two countries may differ."""


class Entry(StrEnum):
    """What is put on record on a rung."""

    OUR_VIEW = "our_view"
    THEIR_VIEW = "their_view"
    MEETING = (
        "meeting"  # of the rung: conference, heads, committee, or the day of the adviser's opinion
    )
    THEIR_END = "their_end"  # they hold it to be over; only they can say so


@dataclass(frozen=True)
class NewEntry:
    """Something to put on record.

    Args:
        kind: whose view, or that a meeting was held.
        words: what was said, in the words of who said it.
        held_on: day of the meeting; only for one.
        guardian_heard: the guardian gave input to it.
        end: how they say that it ended; only for ``THEIR_END``.
    """

    kind: Entry
    words: str
    held_on: date | None = None
    guardian_heard: bool = False
    end: End | None = None


def begin(
    session: Session,
    actor: Actor,
    row: TransferRow,
    rung: Rung,
    *,
    by: str,
    at: datetime,
    now: datetime,
) -> DisagreementRow:
    """Open the ladder; the child's movement stands still from now on."""
    made = DisagreementRow(
        transfer_id=row.id, open_key=row.id, rung=rung.value, rung_since=now,
        due_at=due(row, rung, now), begun_at=at, begun_by=by,
    )  # fmt: skip
    session.add(made)
    session.flush()
    if row.case_id is not None:
        movement.hold(
            session, row.case_id, HoldOnMovement.DISAGREEMENT, actor=actor, now=now, ref=made.id
        )
    record.note(session, actor, row, "disagreement.begun", now=now, codes={"by": by})
    return made


def keep(
    session: Session,
    row: TransferRow,
    found: DisagreementRow,
    new: NewEntry,
    *,
    by: str,
    now: datetime,
) -> None:
    """Keep one thing as it was said; never changed."""
    entry = DisagreementEntryRow(
        disagreement_id=found.id, seq=len(store.entries(session, found.id)) + 1, rung=found.rung,
        kind=new.kind.value, held_on=new.held_on, guardian_heard=new.guardian_heard, at=now,
        by=by, restricted=b"",
    )  # fmt: skip
    told: Any = new.words if new.end is None else {"words": new.words, "end": new.end.value}
    entry.restricted = seal(session, owner=record.owner_of(row), place=_place(entry), value=told)
    session.add(entry)
    session.flush()


def words_of(
    session: Session, row: TransferRow, entry: DisagreementEntryRow
) -> tuple[str, End | None]:
    """Return what was said, and how they said that it ended."""
    told = unseal(session, owner=record.owner_of(row), place=_place(entry), sealed=entry.restricted)
    if isinstance(told, dict):
        return str(told["words"]), End(told["end"])
    return str(told), None


def raise_to(
    session: Session, row: TransferRow, found: DisagreementRow, rung: Rung, *, now: datetime
) -> None:
    """Stand on a rung from now on."""
    found.rung, found.rung_since = rung.value, now
    found.due_at = due(row, rung, now)
    session.add(found)
    session.flush()


def due(row: TransferRow, rung: Rung, now: datetime) -> datetime | None:
    """Working days of the country whose officers keep this record. Source: DOM-5.8, DOM-R59."""
    limit = LIMITS[rung]
    calendar = pack_of(row.country, on=now.date()).calendar()
    return due_at(now, limit, calendar) if limit is not None else None


def they_ended(session: Session, row: TransferRow, found: DisagreementRow) -> bool:
    """Whether the other country holds this disagreement to be over: an end is the last thing it said of any.

    It may have begun anew since, or the end of an earlier one may have come late.
    """
    if not any(one.kind == Entry.THEIR_END for one in store.entries(session, found.id)):
        return False
    last = max(((at, told is Told.ENDED) for at, told in _theirs(session, row)), default=None)
    return last is not None and last[1]


def follow(session: Session, row: TransferRow, said: IncidentAlert, *, now: datetime) -> None:
    """Put on our record what the other country said about the disagreement; messages may come in any order.

    An end of theirs ends nothing here. One that came before its beginning is found again when that comes.
    """
    step = said.ladder
    if step is None:
        return
    actor = procedure_actor(row.country)
    found = store.open_of(session, row.id)
    if found is None:
        if step.told is Told.ENDED or _is_over(session, row, said):
            return
        found = begin(session, actor, row, step.rung, by=THEIRS, at=min(said.at, now), now=now)
    above = higher(Rung(found.rung), step.rung)
    if above is not Rung(found.rung):
        raise_to(session, row, found, above, now=now)
    new = _entry(step)
    if new is not None:
        keep(session, row, found, new, by=THEIRS, now=now)
    record.note(
        session, actor, row, "disagreement.told", now=now,
        codes={"told": step.told.value, "rung": found.rung},
    )  # fmt: skip


def _is_over(session: Session, row: TransferRow, said: IncidentAlert) -> bool:
    """Whether this was said before an end of theirs that is here already: it overtook what it ended."""
    return any(told is Told.ENDED and at > said.at for at, told in _theirs(session, row))


def _theirs(session: Session, row: TransferRow) -> Iterator[tuple[datetime, Told]]:
    """Say when they told what of a ladder; nothing they say is later than it came, whatever their clock says."""
    for one in transfer_store.messages(session, row.id):
        if one.is_ours or one.type != MessageType.INCIDENT_ALERT or one.standing not in SAID:
            continue
        body = said_in(session, row, one).body
        if isinstance(body, IncidentAlert) and body.ladder is not None:
            yield min(body.at, one.written_at + LEEWAY), body.ladder.told


def _entry(step: LadderStep) -> NewEntry | None:
    match step.told:
        case Told.BEGUN | Told.VIEW:
            return NewEntry(Entry.THEIR_VIEW, step.words)
        case Told.MEETING:
            return NewEntry(Entry.MEETING, step.words, step.held_on, step.guardian_heard)
        case Told.ENDED:
            return NewEntry(Entry.THEIR_END, step.words, end=step.end)
    return None


def _place(entry: DisagreementEntryRow) -> Place:
    return Place("disagreement_entry", "restricted", entry.id)

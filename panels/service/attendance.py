"""Arrivals and departures: recorded, corrected by a further entry, and what follows for open items."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.actors import Actor
from core.errors import BadInput, NotAllowed, NotThere, WrongState
from core.vault import Place, seal
from panels.rules.attendance import ARRIVALS, Movement, in_force, repeats
from panels.rules.conflicts import presiding
from panels.rules.items import ItemState
from panels.rules.sittings import SittingState
from panels.service import papers
from panels.service.convening import bench_of
from panels.service.flags import flag_item
from panels.service.hearings import current_round, follow_all, hearing_of
from panels.service.record import note
from panels.service.standing import Floor, floor
from panels.store import attendance as store
from panels.store import item as item_store
from panels.store import sitting as sitting_store
from panels.tables.attendance import AttendanceRow

LIVE: Final = frozenset({SittingState.CONVENED, SittingState.OPEN, SittingState.ADJOURNED})
CORRECTABLE: Final = LIVE | {SittingState.ENDED}


def record_movement(
    session: Session,
    actor: Actor,
    sitting_id: str,
    member_id: str,
    movement: Movement,
    *,
    now: datetime,
    at: datetime | None = None,
) -> str:
    """Record that a member came or left, and return the id of the entry.

    A departure that breaks the quorum of an item in hand ends its hearing at once.

    Raises:
        NotAllowed: neither secretary, coordinator, presiding nor the member in person.
        WrongState: the sitting is not under way.
        BadInput: not on the roster, in the future, or already so.

    Source: DOM-4.5/sitting.attendance, DOM-R17.
    """
    found = _recorder(session, actor, sitting_id, member_id, now=now)
    _require_state(found, LIVE)
    moment = at or now
    if member_id not in sitting_store.roster(session, sitting_id):
        raise BadInput("/member_id", "not_on_roster")
    if moment > now:
        raise BadInput("/at", "in_the_future")
    if movement is Movement.VOID or repeats(
        store.passages(session, sitting_id), member_id, movement
    ):
        raise BadInput("/movement", "already_so")
    row = _append(session, actor, found, member_id, movement, at=moment, now=now)
    if movement in ARRIVALS:
        papers.release_missing(session, actor, found.sitting, now=now)
    follow_all(
        session, actor, found.sitting, now=now,
        moment="arrival" if movement in ARRIVALS else "departure",
    )  # fmt: skip
    return row.id


def correct_movement(
    session: Session,
    actor: Actor,
    entry_id: str,
    movement: Movement,
    *,
    reason: str,
    now: datetime,
    at: datetime | None = None,
) -> str:
    """Replace an entry by a further one that says why; the first stays readable.

    A correction that shows a voter was not there annuls the round; a decision already made is flagged.

    Raises:
        NotThere: no such entry, or nothing to do with the sitting.
        BadInput: the entry was corrected already, or the new time is in the future.
    """
    wrong = session.get(AttendanceRow, entry_id)
    if wrong is None:
        raise NotThere("attendance")
    found = _recorder(session, actor, wrong.sitting_id, "", now=now)
    _require_state(found, CORRECTABLE)
    standing = {passage.id for passage in in_force(store.passages(session, wrong.sitting_id))}
    if entry_id not in standing:
        raise BadInput("/entry_id", "corrected_already")
    moment = at or wrong.at
    if moment > now:
        raise BadInput("/at", "in_the_future")
    row = _append(
        session, actor, found, wrong.member_id, movement,
        at=moment, now=now, corrects=entry_id, reason=reason,
    )  # fmt: skip
    follow_all(session, actor, found.sitting, moment="correction", now=now)
    _flag_decided(session, actor, found, now=now)
    return row.id


def timeline(
    session: Session, actor: Actor, sitting_id: str, *, now: datetime
) -> Sequence[AttendanceRow]:
    """Return every entry of a sitting in the order it was recorded, corrected ones included."""
    floor(session, actor, sitting_id, now=now, lock=False)
    return store.of_sitting(session, sitting_id)


def _recorder(
    session: Session, actor: Actor, sitting_id: str, member_id: str, *, now: datetime
) -> Floor:
    found = floor(session, actor, sitting_id, now=now)
    lead = presiding(bench_of(session, found.sitting, now=now), ())
    leads = lead is not None and lead.person_id == actor.person_id
    if not (found.standing.is_clerk or leads or member_id in found.standing.members):
        raise NotAllowed("presiding_or_secretary_only")
    return found


def _require_state(found: Floor, states: frozenset[SittingState]) -> None:
    if SittingState(found.sitting.state) not in states:
        raise WrongState("sitting", found.sitting.state, "record_attendance")


def _append(
    session: Session,
    actor: Actor,
    found: Floor,
    member_id: str,
    movement: Movement,
    *,
    at: datetime,
    now: datetime,
    corrects: str | None = None,
    reason: str = "",
) -> AttendanceRow:
    row = AttendanceRow(
        sitting_id=found.sitting.id,
        seq=len(store.of_sitting(session, found.sitting.id)) + 1,
        member_id=member_id,
        kind=movement.value,
        at=at,
        corrects_id=corrects,
        recorded_by=actor.person_id,
        recorded_at=now,
    )
    if reason:
        place = Place("attendance", "restricted", row.id)
        row.restricted = seal(
            session, owner=found.sitting.id, place=place, value={"reason": reason}
        )
    session.add(row)
    session.flush()
    note(
        session, actor, found.sitting, "attendance", now=now,
        codes={"member": member_id, "movement": movement.value, "corrects": corrects},
    )  # fmt: skip
    return row


def _flag_decided(session: Session, actor: Actor, found: Floor, *, now: datetime) -> None:
    """Flag decisions in which a vote counted of somebody who, as it turns out, was not there."""
    for item in item_store.of_sitting(session, found.sitting.id):
        if item.state != ItemState.DECIDED or current_round(session, item) is None:
            continue
        ballots = hearing_of(session, found.sitting, item, now=now).ballots
        if not all(ballot.was_present for ballot in ballots):
            flag_item(session, actor, found.sitting, item, reason="attendance_corrected", now=now)

"""The ladder two countries climb when they see a child's interests differently.

While it is open the child does not travel: a hold stands on the movement. Each side's version is kept as it was
written, and both are shown. What we put on record is written to the other country in the same act, and told when
another officer signs it (``ladder`` takes theirs). Nothing here decides; a rung is left by people, and its time only
reminds them.

Source: DOM-5.8, DOM-R34, DOM-R42.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pydantic import ValidationError
from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.rules.movement import HoldOnMovement
from cases.service import movement
from core.actors import Actor, Role
from core.db import check_version
from core.errors import BadInput, Gap, Incomplete, NotThere, WrongState
from transfers.rules.codes import Incident, MessageType, Side
from transfers.rules.disagreement import End, Rung, RungFacts, Told, may_climb, next_rung
from transfers.rules.machine import ACCEPTANCE_STANDS, TransferState
from transfers.service import closing, ladder, messages, record
from transfers.service.bodies import IncidentAlert, LadderStep
from transfers.service.ladder import Entry, NewEntry
from transfers.service.officers import tell
from transfers.service.saying import WRITTEN, said_in
from transfers.store import disagreements as store
from transfers.store import transfers as transfer_store
from transfers.tables.disagreement import DisagreementEntryRow, DisagreementRow
from transfers.tables.transfer import TransferRow

KIND: Final = "disagreement"
TAKEN_BACK: Final = frozenset({TransferState.WITHDRAWN, TransferState.CANCELLED})


@dataclass(frozen=True)
class EntryView:
    """One thing on record, with its words."""

    rung: Rung
    kind: Entry
    words: str
    held_on: date | None
    guardian_heard: bool
    at: datetime
    by: str
    end: End | None = None


@dataclass(frozen=True)
class DisagreementView:
    """One disagreement with everything that was said.

    Args:
        due_at: when its rung should have been left; None where only the next meeting tells.
        is_late: that moment has passed.
        missing: what is missing before it goes one rung higher.
        untold: messages about this transfer's ladder that wait for another officer to sign them.
        end: how it ended; None while it is open.
    """

    id: str
    rung: Rung
    rung_since: datetime
    due_at: datetime | None
    is_late: bool
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None
    ended_by: str
    end: End | None
    missing: tuple[Gap, ...]
    entries: tuple[EntryView, ...]
    version: int
    untold: int


def begin(session: Session, actor: Actor, transfer_id: str, words: str, *, now: datetime) -> str:
    """Put on record that the two countries disagree, with our view; the child's movement stands still from now on.

    Raises:
        NotThere: no such transfer, or not yours.
        RoleMayNot: not an officer of the secretariat.
        WrongState: one is open already, or nothing was sent yet.

    Source: DOM-5.8.
    """
    row = record.held(session, actor, transfer_id, now=now)
    if row.state in {TransferState.DRAFT, TransferState.INTERNAL_CHECK}:
        raise WrongState("transfer", row.state, "begin_disagreement")
    if store.is_open(session, row.id):
        raise WrongState(KIND, "open", "begin_disagreement")
    made = ladder.begin(
        session, actor, row, Rung.WRITTEN_VIEWS, by=actor.person_id, at=now, now=now
    )
    ladder.keep(session, row, made, NewEntry(Entry.OUR_VIEW, words), by=actor.person_id, now=now)
    _tell(session, actor, row, made, Told.BEGUN, words=words, now=now)
    return made.id


def put_on_record(
    session: Session, actor: Actor, disagreement_id: str, new: NewEntry, *, now: datetime
) -> None:
    """Keep a view of either side, or that a meeting was held, as it is; a correction is another entry.

    Raises:
        NotThere: no such disagreement, or not yours.
        RoleMayNot: not an officer of the secretariat.
        WrongState: it has ended.
        BadInput: a day for a view, a meeting without a day, or a day to come.
    """
    row, found = _held(session, actor, disagreement_id, "put_on_record", now=now)
    if new.kind is Entry.THEIR_END:
        raise BadInput("/kind", "only_they_say_so")
    if (new.kind is Entry.MEETING) is not (new.held_on is not None):
        raise BadInput("/held_on", "only_for_a_meeting" if new.held_on else "day_missing")
    if new.held_on is not None and new.held_on > record.today_of(row, now):
        raise BadInput("/held_on", "in_the_future")
    ladder.keep(session, row, found, new, by=actor.person_id, now=now)
    if new.kind is not Entry.THEIR_VIEW:
        told = Told.MEETING if new.kind is Entry.MEETING else Told.VIEW
        _tell(
            session, actor, row, found, told, words=new.words, now=now, held_on=new.held_on,
            guardian_heard=new.guardian_heard,
        )  # fmt: skip
    record.note(session, actor, row, "disagreement.entry", now=now, codes={"kind": new.kind.value})


def climb(
    session: Session,
    actor: Actor,
    disagreement_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> Rung:
    """Take a disagreement one rung higher and return the rung.

    Raises:
        NotThere, RoleMayNot, WrongState: as for ``put_on_record``.
        Incomplete: what this rung asks for is not on record.
    """
    row, found = _held(
        session, actor, disagreement_id, "climb", now=now, expected_version=expected_version
    )
    above = next_rung(Rung(found.rung))
    may_climb(Rung(found.rung), _facts(session, row, found, now=now)).require()
    if above is None:
        raise TypeError(found.rung)
    ladder.raise_to(session, row, found, above, now=now)
    _tell(session, actor, row, found, Told.CLIMBED, now=now)
    record.note(session, actor, row, "disagreement.climbed", now=now, codes={"rung": above.value})
    return above


def end(
    session: Session,
    actor: Actor,
    disagreement_id: str,
    how: End,
    words: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """End a disagreement; the head of the secretariat answers for it, and the record has to bear it out.

    Every other reason that keeps the child here goes on standing.

    Raises:
        NotThere, WrongState: as for ``put_on_record``.
        RoleMayNot: not the head of the secretariat.
        Incomplete: the determination was not reopened, the answer did not change, or the request still stands.
    """
    row, found = _held(
        session, actor, disagreement_id, "end", now=now, expected_version=expected_version
    )
    if not actor.has(Role.SECRETARIAT_HEAD):
        raise RoleMayNot
    gaps = (*_theirs_to_end(session, row, found, how), *_not_so(session, row, how, now=now))
    if gaps:
        raise Incomplete("end_disagreement", gaps)
    ladder.keep(session, row, found, NewEntry(Entry.OUR_VIEW, words), by=actor.person_id, now=now)
    _tell(session, actor, row, found, Told.ENDED, words=words, now=now, end=how)
    found.open_key, found.due_at = None, None
    found.ended_at, found.ended_by, found.outcome = now, actor.person_id, how.value
    session.add(found)
    session.flush()
    if row.case_id is not None:
        movement.release(
            session, row.case_id, HoldOnMovement.DISAGREEMENT, actor=actor, now=now, ref=found.id
        )
    record.note(session, actor, row, "disagreement.ended", now=now, codes={"end": how.value})


def list_disagreements(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> tuple[DisagreementView, ...]:
    """Return the disagreements about a transfer, both versions side by side, oldest first.

    Raises:
        NotThere: no such transfer, or not yours.
    """
    row = record.seen(session, actor, transfer_id, now=now)
    found = store.of_transfer(session, row.id)
    record.note(session, actor, row, "disagreement.read", now=now)
    return tuple(_view(session, row, one, now=now) for one in found)


def remind(session: Session, *, now: datetime, limit: int) -> int:
    """Tell officers of rungs whose time is over, once for each; nothing moves by it. Returns how many were new."""
    told = 0
    for one in store.overdue(session, now):
        if told >= limit:
            break
        row = transfer_store.find(session, one.transfer_id)
        if row is None:
            continue
        told += tell(
            session, topic="disagreement.late", subject=one.transfer_id,
            occasion=f"{one.id}:{one.rung}", role=Role.SECRETARIAT, now=now,
            facts={"country": row.country, "rung": one.rung},
        )  # fmt: skip
    return told


def _held(
    session: Session,
    actor: Actor,
    disagreement_id: str,
    act: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> tuple[TransferRow, DisagreementRow]:
    first = session.get(DisagreementRow, disagreement_id)
    if first is None:
        raise NotThere(KIND)
    row = record.held(session, actor, first.transfer_id, now=now)
    found = store.lock(session, disagreement_id)
    if found is None:
        raise NotThere(KIND)
    check_version(found, KIND, expected_version)
    if found.ended_at is not None:
        raise WrongState(KIND, "ended", act)
    return row, found


def _view(
    session: Session, row: TransferRow, found: DisagreementRow, *, now: datetime
) -> DisagreementView:
    is_open = found.ended_at is None
    asked = may_climb(Rung(found.rung), _facts(session, row, found, now=now))
    said = tuple(_entry_view(session, row, one) for one in store.entries(session, found.id))
    return DisagreementView(
        found.id, Rung(found.rung), found.rung_since, found.due_at, _is_late(found, now),
        found.begun_at, _who(row, found.begun_by), found.ended_at, found.ended_by,
        End(found.outcome) if found.outcome else None, asked.gaps if is_open else (), said, found.version,
        _untold(session, row),
    )  # fmt: skip


def _entry_view(session: Session, row: TransferRow, one: DisagreementEntryRow) -> EntryView:
    words, end_ = ladder.words_of(session, row, one)
    return EntryView(
        Rung(one.rung), Entry(one.kind), words, one.held_on, one.guardian_heard, one.at,
        _who(row, one.by), end_,
    )  # fmt: skip


def _untold(session: Session, row: TransferRow) -> int:
    waiting = (
        said_in(session, row, one).body for one in transfer_store.messages(session, row.id)
        if one.is_ours and one.standing == WRITTEN and one.type == MessageType.INCIDENT_ALERT
    )  # fmt: skip
    return sum(isinstance(one, IncidentAlert) and one.ladder is not None for one in waiting)


def _who(row: TransferRow, by: str) -> str:
    return row.partner if by == ladder.THEIRS else by


def _tell(
    session: Session,
    actor: Actor,
    row: TransferRow,
    found: DisagreementRow,
    told: Told,
    *,
    words: str = "",
    now: datetime,
    held_on: date | None = None,
    guardian_heard: bool = False,
    end: End | None = None,
) -> None:
    """Write to the other country what was put on record here; it leaves when another officer has signed it.

    Raises:
        BadInput: the words hold signs that cannot be seen.
    """
    try:
        step = LadderStep(
            told=told, rung=Rung(found.rung), words=words, held_on=held_on,
            guardian_heard=guardian_heard, end=end,
        )  # fmt: skip
    except ValidationError:
        raise BadInput("/words", "hidden_signs") from None
    body = IncidentAlert(incident=Incident.DISAGREEMENT, at=now, ladder=step)
    messages.compose(session, actor, row, MessageType.INCIDENT_ALERT, body, now=now)


def _theirs_to_end(
    session: Session, row: TransferRow, found: DisagreementRow, how: End
) -> tuple[Gap, ...]:
    """Who said that there is a disagreement says first that there is none any more. Source: DOM-5.8, DOM-R36."""
    waits = found.begun_by == ladder.THEIRS and not ladder.they_ended(session, row, found)
    return (Gap("disagreement_theirs_to_end"),) if how is End.AGREED and waits else ()


def _facts(
    session: Session, row: TransferRow, found: DisagreementRow, *, now: datetime
) -> RungFacts:
    said = store.entries(session, found.id)
    here = [one for one in said if one.rung == found.rung]
    today = record.today_of(row, now)
    met = [one for one in here if one.kind == Entry.MEETING and _was_held(one, today)]
    return RungFacts(
        our_view=any(one.kind == Entry.OUR_VIEW for one in said),
        their_view=any(one.kind == Entry.THEIR_VIEW for one in said),
        limit_passed=_is_late(found, now),
        guardian_heard=any(one.guardian_heard for one in met),
        held_on=met[-1].held_on if met else None,
    )


def _was_held(meeting: DisagreementEntryRow, today: date) -> bool:
    """Whether its day has come; the other country may tell of one that it only plans."""
    return meeting.held_on is not None and meeting.held_on <= today


def _is_late(found: DisagreementRow, now: datetime) -> bool:
    return found.due_at is not None and found.due_at <= now


def _not_so(session: Session, row: TransferRow, how: End, *, now: datetime) -> tuple[Gap, ...]:
    """Name what the record does not bear out of an end."""
    state = TransferState(row.state)
    match how:
        case End.SENDER_REOPENED_DETERMINATION:
            ours = record.our_side(row) is Side.SENDER
            open_again = closing.facts_of(session, row, now=now).child_decision_open
            return () if not ours or open_again else (Gap("disagreement_not_reopened"),)
        case End.RECEIVER_CHANGED_ANSWER:
            return () if state in ACCEPTANCE_STANDS else (Gap("disagreement_answer_stands"),)
        case End.REQUEST_TAKEN_BACK:
            return () if state in TAKEN_BACK else (Gap("disagreement_request_stands"),)
    return ()

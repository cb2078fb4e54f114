"""The record of a transfer: who sees it, its words, and the only writer of its state.

Source: DOM-2.2, DOM-5.2, DOM-R36, DOM-R50.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.rules.access import Basis, Level
from cases.rules.closing import Blocker
from cases.service import blockers, steps
from cases.service.access import close_access, is_barred, reach_of
from core import audit
from core.actors import Actor, Role, ScopeKind
from core.db import check_version
from core.errors import NotThere
from core.packs.lookup import pack_of
from core.vault import Place, seal, unseal, vault_of
from core.worktime import local_day
from transfers.errors import NotOurStep
from transfers.rules.codes import Direction, Round, Side
from transfers.rules.machine import (
    ENDED,
    INTERRUPTIONS,
    Step,
    TransferState,
    Transition,
    edge,
    state_after,
)
from transfers.service import limits, paper_series
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow, TransferHistoryRow, TransferRow

OFFICERS: Final = frozenset({Role.SECRETARIAT, Role.SECRETARIAT_HEAD})
_TRANSFER, _MESSAGE = "transfer", "transfer_message"


def today_of(row: TransferRow, now: datetime) -> date:
    """Return the day on the wall of this country. Source: DOM-R59."""
    return day_of(row, now)


def day_of(row: TransferRow, moment: datetime) -> date:
    """Return the day a moment lies on here."""
    return local_day(moment, pack_of(row.country, on=moment.date()).calendar())


def our_side(row: TransferRow) -> Side:
    """Return which side we are on."""
    return Side.SENDER if row.direction == Direction.OUTBOUND else Side.RECEIVER


def their_side(row: TransferRow) -> Side:
    """Return which side the partner is on."""
    return Side.RECEIVER if our_side(row) is Side.SENDER else Side.SENDER


def other_country(row: TransferRow) -> str:
    """Return the country on the other side."""
    return row.destination if row.direction == Direction.OUTBOUND else row.origin


def seen(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> TransferRow:
    """Return a transfer the actor sees; everything else is not there.

    Officers of the secretariat see the transfers of their country, others those of cases they see in full.
    Whoever is barred from the case sees none of its transfers, whatever the role.

    Raises:
        NotThere: no such transfer, or not yours.
    """
    row = store.find(session, transfer_id)
    if row is None or not _sees(session, actor, row, now=now):
        raise NotThere("transfer")
    return row


def held(
    session: Session,
    actor: Actor,
    transfer_id: str,
    *,
    roles: Collection[Role] = OFFICERS,
    now: datetime,
    expected_version: int | None = None,
) -> TransferRow:
    """Lock a transfer for an act of one of these roles; the case first, where there is one.

    Raises:
        NotThere: no such transfer, or not yours.
        RoleMayNot: seen, but the act belongs to another role, or to a person and not a machine.
        StaleWrite: the caller read an older version.
    """
    found = seen(session, actor, transfer_id, now=now)
    if found.case_id is not None:
        steps.lock(session, found.case_id)
    row = store.lock(session, transfer_id)
    if row is None:
        raise NotThere("transfer")
    if not actor.is_human or not actor.has(*roles):
        raise RoleMayNot
    check_version(row, "transfer", expected_version)
    return row


def require_officer(actor: Actor) -> None:
    """Refuse whoever is no officer of the secretariat of the own country.

    Raises:
        RoleMayNot: another role.
    """
    if not actor.has_for(OFFICERS, ScopeKind.COUNTRY, actor.country):
        raise RoleMayNot


def our_edge(row: TransferRow, step: Step) -> Transition:
    """Return a step of our side from where the transfer stands.

    Raises:
        NotOurStep: there is none, or it is the other country's.
    """
    found = edge(step, TransferState(row.state), our_side(row), Round(row.round))
    if found is None:
        raise NotOurStep("transfer", row.state, step.value.lower())
    return found


def take(
    session: Session,
    row: TransferRow,
    step: Transition,
    *,
    side: Side,
    actor: Actor,
    now: datetime,
    message_id: str | None = None,
) -> None:
    """Take one step: state, history, audit and a wake-up of the case, together or not at all.

    The caller has asked who may, and that what the step needs is there.
    """
    source = TransferState(row.state)
    interrupted = TransferState(row.interrupted) if row.interrupted else None
    goal = state_after(step, source, interrupted)
    row.interrupted = source.value if step.code in INTERRUPTIONS else None
    row.state, row.state_since = goal.value, now
    row.is_open = goal not in ENDED
    if not row.is_open:
        row.open_case = None
    session.add(row)
    session.add(
        TransferHistoryRow(
            transfer_id=row.id, seq=store.next_seq(session, row.id), at=now, step=step.code.value,
            source=source.value, state=goal.value, side=side.value,
            person_id=actor.person_id if side is our_side(row) else "", message_id=message_id,
        )
    )  # fmt: skip
    session.flush()
    note(session, actor, row, f"transfer.{goal.value}", now=now, codes={"step": step.code.value})
    paper_series.end_where_stopped(session, row.id, row.state, now=now)
    if row.case_id is not None:
        _stand_in_the_way(session, row, actor=actor, now=now)
        limits.follow(session, row, step.code, actor=actor, now=now)
        steps.wake(session, row.case_id, now=now)


def _stand_in_the_way(session: Session, row: TransferRow, *, actor: Actor, now: datetime) -> None:
    """Keep the child's case open as long as the transfer is. Source: DOM-R55."""
    change = blockers.block if row.is_open else blockers.clear
    change(session, str(row.case_id), Blocker.OPEN_TRANSFER, row.id, now=now)
    if not row.is_open:  # whoever saw the file for the sake of this transfer does so no longer
        close_access(
            session, actor, case_id=str(row.case_id), basis=Basis.CROSS_BORDER, ref=row.id, now=now
        )


def note(
    session: Session,
    actor: Actor,
    row: TransferRow,
    action: str,
    *,
    now: datetime,
    codes: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    """Put an act on a transfer on record. Codes only."""
    audit.record(
        session, actor, action, thing=_TRANSFER, thing_id=row.id, case_id=row.case_id, now=now,
        codes=dict(codes or {}),
    )  # fmt: skip


def owner_of(row: TransferRow) -> str:
    """Return whose data key seals the words: the child's here, the transfer's own when they came from abroad."""
    if row.direction == Direction.OUTBOUND and row.case_id is not None:
        return row.case_id
    return row.id


def begin_key(session: Session, row: TransferRow, *, now: datetime) -> None:
    """Make the key under which an inbound transfer is sealed."""
    vault_of(session).ensure_key(session, owner_of(row), now=now)


def keep_words(session: Session, row: TransferRow, words: Mapping[str, Any]) -> None:
    """Seal what people wrote about a transfer."""
    place = Place(_TRANSFER, "restricted", row.id)
    row.restricted = seal(session, owner=owner_of(row), place=place, value=dict(words))
    session.add(row)


def words_of(session: Session, row: TransferRow) -> dict[str, Any]:
    """Open what people wrote about a transfer."""
    if not row.restricted:
        return {}
    place = Place(_TRANSFER, "restricted", row.id)
    found: dict[str, Any] = unseal(session, owner=owner_of(row), place=place, sealed=row.restricted)
    return found


def seal_in_message(
    session: Session, row: TransferRow, message: MessageRow, column: str, value: Any
) -> bytes:
    """Seal one part of a message."""
    return seal(
        session, owner=owner_of(row), place=Place(_MESSAGE, column, message.id), value=value
    )


def open_in_message(
    session: Session, row: TransferRow, message: MessageRow, column: str, sealed: bytes
) -> Any:
    """Open one part of a message."""
    place = Place(_MESSAGE, column, message.id)
    return unseal(session, owner=owner_of(row), place=place, sealed=sealed)


def _sees(session: Session, actor: Actor, row: TransferRow, *, now: datetime) -> bool:
    if row.case_id is not None:
        if is_barred(session, row.case_id, actor):
            return False
        if reach_of(session, actor, row.case_id, now=now).level >= Level.FULL:
            return True
    return any(
        grant.role in OFFICERS and grant.scope is ScopeKind.COUNTRY and grant.ref == row.country
        for grant in actor.grants
    )

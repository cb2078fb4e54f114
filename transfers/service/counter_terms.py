"""What the other country proposed instead, as the officers and the panel of the child see it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.actors import Actor
from panels.service.implementation import standpoint
from transfers.rules.codes import Direction, MessageType
from transfers.rules.counter_terms import Compared, Proposed, compare, must_sit_again
from transfers.service import record, viewing
from transfers.service.bodies import Accept, CounterTerm, Decline
from transfers.service.saying import SAID, said_in
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow, TransferRow


@dataclass(frozen=True)
class Comparison:
    """The newest answer that proposes something.

    Args:
        message_id: of the answer; empty when nothing was proposed.
        conditions: what it asks for besides, in its own words.
        terms: every proposed term with its verdict.
        must_sit_again: the decision does not cover them.
    """

    message_id: str
    conditions: tuple[str, ...]
    terms: tuple[Compared, ...]
    must_sit_again: bool


def read_counter_terms(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> Comparison:
    """Hold what was proposed against the decision in force, and note that it was read."""
    row = record.seen(session, actor, transfer_id, now=now)
    record.note(session, actor, row, "transfer.counter_terms_read", now=now)
    answer = _answer(session, row)
    if answer is None:
        return Comparison("", (), (), must_sit_again=False)
    message, body = answer
    if viewing.open_for(session, actor, [message], now=now):
        return Comparison(message.id, (), (), must_sit_again=False)  # it was taken back
    found = held_against(session, row, body.proposals, now=now)
    conditions = body.conditions if isinstance(body, Accept) else ()
    return Comparison(message.id, conditions, found, must_sit_again(found))


def held_against(
    session: Session, row: TransferRow, proposals: tuple[CounterTerm, ...], *, now: datetime
) -> tuple[Compared, ...]:
    """Hold terms against the decision a request stands on; against none when that is not in force."""
    decided = standpoint(session, str(row.case_id), now=now)
    stands = decided is not None and decided.determination_id == row.determination_id
    terms = [Proposed(one.what, one.asked, one.proposed) for one in proposals]
    return compare(
        terms,
        outcome=decided.outcome if stands and decided else "",
        care_type=decided.care_type if stands and decided else "",
    )


def _answer(session: Session, row: TransferRow) -> tuple[MessageRow, Accept | Decline] | None:
    """Return the newest answer to a request of ours that proposes something."""
    if row.direction != Direction.OUTBOUND:
        return None
    for message in reversed(store.messages(session, row.id)):
        is_answer = message.type in {MessageType.ACCEPT, MessageType.DECLINE}
        if message.is_ours or not is_answer or message.standing not in SAID:
            continue
        body = said_in(session, row, message).body
        if isinstance(body, Accept | Decline) and (
            body.proposals or (isinstance(body, Accept) and body.conditions)
        ):
            return message, body
        return None
    return None

"""Grants redeemed without a line: brought back to their owner in a package, answered with one.

The grant travels in an ``INFO_REQUEST`` without questions that two officers stand for; what it gives leaves as the same
``SUMMARY`` the line would have given. A grant that does not count refuses the whole package, with the one reason every
other thing that does not fit has.

Source: EXP-9, DOM-R45; docs/decisions/0025.
"""

from datetime import datetime

from sqlmodel import Session

from core.actors import Actor, Role
from core.errors import BadInput
from transfers.rules.codes import MessageType
from transfers.service import grants_held, messages, redeeming
from transfers.service.bodies import InfoRequest, Message
from transfers.service.correspondence import correspondent
from transfers.service.officers import tell
from transfers.service.saying import said_in
from transfers.store import disclosure as store
from transfers.store import transfers as transfer_store
from transfers.tables.transfer import MessageRow, TransferRow


def ask_by_file(session: Session, actor: Actor, held_id: str, *, now: datetime) -> str:
    """Have a grant brought back to its owner in a package; returns the message another officer signs.

    Raises:
        NotThere, RoleMayNot, WrongState: as ``grants_held.ask`` says.
    """
    row, grant = grants_held.asked(session, actor, held_id, now=now)
    body = InfoRequest(questions=(), redeem=(grant.token,))
    made = messages.compose(session, actor, row, MessageType.INFO_REQUEST, body, now=now)
    _waits_for_nobody(session, transfer_store.find_message(session, made), now=now)
    return made


def take(
    session: Session, row: TransferRow, message: MessageRow, said: Message, *, now: datetime
) -> None:
    """Make ready what the grants of ours that came back give.

    Raises:
        BadInput: one of them gives nothing; why is not told.
    """
    if not isinstance(said.body, InfoRequest) or not said.body.redeem:
        return
    partner = correspondent(session, row.partner, now=now)
    for text in said.body.redeem:
        is_given = partner is not None and redeeming.prepare(
            session, partner, text, transfer_id=row.id, now=now
        )
        if not is_given:
            raise BadInput("/body/redeem", "grant_gives_nothing")
    _waits_for_nobody(session, message, now=now)


def note_refused(session: Session, message_id: str, *, now: datetime) -> None:
    """Note that the owner refused the package that brought grants back; they may be asked for again, any way."""
    message = transfer_store.find_message(session, message_id)
    row = None if message is None else transfer_store.find(session, message.transfer_id)
    if message is None or row is None or message.type != MessageType.INFO_REQUEST:
        return
    body = said_in(session, row, message).body
    if not isinstance(body, InfoRequest):
        return
    for grant in store.held_on(session, row.id):
        if grant.token in body.redeem and grant.state == grants_held.ASKED:
            grant.state, grant.trouble = grants_held.HELD, "grant-refused"
            session.add(grant)
            session.flush()
            tell(
                session, topic="exchange.grant_refused_there", subject=row.id,
                occasion=f"{grant.id}:{message.id}", persons=[grant.asked_by],
                role=Role.SECRETARIAT, facts={"installation": row.partner}, now=now,
            )  # fmt: skip


def _waits_for_nobody(session: Session, message: MessageRow | None, *, now: datetime) -> None:
    """Note that nobody has to answer a message that only brings grants back: its answer is what they give."""
    if message is not None:
        message.answered_at = now
        session.add(message)
        session.flush()

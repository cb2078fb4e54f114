"""What a message needs before it is said, and what follows from it once it is: ours signed, or theirs taken.

Source: DOM-5.2, DOM-5.6, DOM-R24, DOM-R33, DOM-R36, DOM-R37, DOM-R41, DOM-R43, DOM-R56.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.service import movement
from core import outbox
from core.actors import Actor, Role
from core.errors import Gap, answer
from transfers.rules.closing import may_close
from transfers.rules.codes import Direction, Incident, MessageType, ResponsibilityModel, Side
from transfers.rules.disagreement import Told
from transfers.rules.machine import Step, Transition
from transfers.rules.responsibility import Ground, may_move
from transfers.service import asked_back, at_home, closing, handovers, ladder, misdirected, record
from transfers.service.bodies import (
    Accept,
    Body,
    Close,
    EnquiryReply,
    FollowUpReport,
    HandoverNotice,
    IncidentAlert,
    InfoReply,
    InfoRequest,
    Message,
    PlacementChange,
    Receipt,
    ResponsibilityChange,
    WrongRecipientNotice,
)
from transfers.service.saying import SAID, said_in
from transfers.service.telling import disclosure_gaps
from transfers.store import transfers as store
from transfers.tables.transfer import ResponsibilityRow, TransferRow


def require(session: Session, row: TransferRow, said: Message, *, now: datetime) -> None:
    """Refuse a message of ours when what it says is not true yet.

    Raises:
        Incomplete: with every gap.
    """
    ask = _ASKED.get(type(said.body))
    gaps = () if ask is None else ask(session, row, said, now)
    if row.taken_back_at is not None and _says_yes(said.body):
        gaps = (*gaps, Gap("request_taken_back"))
    answer("sign_message", (*gaps, *disclosure_gaps(session, row, said.type, now=now))).require()


def prepare(session: Session, row: TransferRow, said: Message, step: Transition | None) -> None:
    """Keep what the step itself needs to know: until when an acceptance is valid."""
    if isinstance(said.body, Accept) and step is not None:
        row.accepted_until = said.body.valid_until
        session.add(row)


def follow(
    session: Session,
    actor: Actor,
    row: TransferRow,
    said: Message,
    step: Transition | None,
    *,
    side: Side,
    now: datetime,
) -> None:
    """Do what follows: acceptance kept with its last day, responsibility moved, both countries told of an alarm."""
    body = said.body
    if step is not None and step.code in {Step.DECLINE, Step.CANCEL, Step.EXPIRE}:
        row.accepted_until = None
        session.add(row)
    if isinstance(body, Receipt) and step is not None:
        _receive(session, actor, row, body, said.no, now=now)
    if isinstance(body, ResponsibilityChange):
        _change(session, actor, row, body, side=side, no=said.no, now=now)
    is_theirs = side is not record.our_side(row)
    if _is_alarm(body) or (is_theirs and handovers.differs(session, row, body, now=now)):
        _alarm(session, row, said, now=now)
    if isinstance(body, IncidentAlert) and is_theirs:
        ladder.follow(session, row, body, now=now)
    if isinstance(body, WrongRecipientNotice):
        misdirected.follow(session, actor, row, said, now=now)
    if row.direction == Direction.OUTBOUND and row.case_id is not None:
        at_home.follow(session, row, said, step, now=now)
        asked_back.settle(session, row, now=now)
    session.flush()


def pass_to(
    session: Session,
    actor: Actor,
    row: TransferRow,
    *,
    to: Side,
    officer: str,
    ground: Ground,
    ref: str,
    at: datetime,
    now: datetime,
) -> None:
    """End the stretch that lasts and begin the next at the same moment: nobody and two are both impossible.

    Raises:
        Incomplete: the model of this transfer does not let it pass on this ground.

    Source: DOM-R37.
    """
    current = store.current_span(session, row.id)
    of = Side(current.side) if current else to
    may_move(
        ResponsibilityModel(row.responsibility), of=of, to=to, ground=ground, ref=ref,
        officer=officer,
    ).require()  # fmt: skip
    since = max(at, current.since) if current else at
    if current is not None:
        current.until = since
        session.add(current)
        session.flush()
    session.add(
        ResponsibilityRow(
            transfer_id=row.id, side=to.value, officer=officer, since=since, ground=ground.value,
            ref=ref,
        )
    )  # fmt: skip
    session.flush()
    record.note(
        session, actor, row, "responsibility.moved", now=now,
        codes={"to": to.value, "ground": ground.value},
    )  # fmt: skip


def _receive(
    session: Session, actor: Actor, row: TransferRow, body: Receipt, no: str, *, now: datetime
) -> None:
    """The signed receipt of the child moves responsibility where the corridor says so, and nowhere else.

    Never later than it came: a clock that is ahead over there leaves no child with nobody until then.
    """
    if row.responsibility != ResponsibilityModel.MOVES_ON_RECEIPT:
        return
    pass_to(
        session, actor, row, to=Side.RECEIVER, officer=body.responsible,
        ground=Ground.SIGNED_RECEIPT, ref=no, at=min(body.at, now), now=now,
    )  # fmt: skip


def _change(
    session: Session,
    actor: Actor,
    row: TransferRow,
    body: ResponsibilityChange,
    *,
    side: Side,
    no: str,
    now: datetime,
) -> None:
    to = side
    if body.ground is Ground.RETURNED:
        to = Side.SENDER
    elif body.ground is Ground.COURT_REFERENCE:
        to = Side.RECEIVER
    pass_to(
        session, actor, row, to=to, officer=body.officer, ground=body.ground,
        ref=body.ref or no, at=body.at, now=now,
    )  # fmt: skip


def _holds(session: Session, row: TransferRow, said: Message, _now: datetime) -> tuple[Gap, ...]:
    """Nobody says that it can go on while the child's movement is held at home. Source: DOM-R26, DOM-R42."""
    if not isinstance(said.body, IncidentAlert) or said.body.incident is not Incident.CAN_GO_ON:
        return ()
    if row.case_id is None or row.direction != Direction.OUTBOUND:
        return ()
    reasons = sorted({hold.reason.value for hold in movement.open_holds(session, row.case_id)})
    return tuple(Gap("movement_held", {"reason": reason}) for reason in reasons)


def _says_yes(body: Body) -> bool:
    return isinstance(body, Accept) or (
        isinstance(body, EnquiryReply) and body.answer == "positive"
    )


def _reply_gaps(
    session: Session, row: TransferRow, said: Message, _now: datetime
) -> tuple[Gap, ...]:
    """Each answer is to a question they asked, and to each there is one. Source: DOM-5.2/X4."""
    if not isinstance(said.body, InfoReply) or not said.body.answers:
        return ()
    asked = [
        one for one in store.messages(session, row.id)
        if not one.is_ours and one.type == MessageType.INFO_REQUEST and one.standing in SAID
    ]  # fmt: skip
    open_ones = [one for one in asked if one.answered_at is None] or asked
    named = [one for one in asked if one.no == said.reply_to] if said.reply_to else open_ones[-1:]
    body = said_in(session, row, named[-1]).body if named else None
    if not isinstance(body, InfoRequest):
        return (Gap("reply_without_question"),)
    known = {one.no for one in body.questions}
    numbers = [one.no for one in said.body.answers]
    strange = sorted({no for no in numbers if no not in known or numbers.count(no) > 1})
    return tuple(Gap("reply_to_another_question", {"number": no}) for no in strange)


def _acceptance_gaps(
    _session: Session, row: TransferRow, said: Message, now: datetime
) -> tuple[Gap, ...]:
    is_past = isinstance(said.body, Accept) and said.body.valid_until < record.today_of(row, now)
    return (Gap("acceptance_in_the_past"),) if is_past else ()


def _close_gaps(
    session: Session, row: TransferRow, _said: Message, now: datetime
) -> tuple[Gap, ...]:
    return may_close(closing.facts_of(session, row, now=now)).gaps


def _is_alarm(body: Body) -> bool:
    if isinstance(body, IncidentAlert) and body.ladder is not None:
        return body.ladder.told is Told.BEGUN
    if isinstance(body, IncidentAlert):
        return body.incident not in {Incident.CAN_GO_ON, Incident.CHILD_FOUND}
    is_harm = isinstance(body, FollowUpReport) and (
        body.new_harm or body.concern_level == "urgent_intervention"
    )
    return is_harm or isinstance(body, PlacementChange)


def _responsibility_gaps(
    session: Session, row: TransferRow, said: Message, _now: datetime
) -> tuple[Gap, ...]:
    body = said.body
    if not isinstance(body, ResponsibilityChange):
        return ()
    current = store.current_span(session, row.id)
    if body.ground in {Ground.SIGNED_RECEIPT, Ground.OPENED}:
        return (Gap("responsibility_needs", {"ground": Ground.SIGNED_RECEIPT.value}),)
    is_ours = current is not None and current.side == record.our_side(row).value
    if body.ground is Ground.HANDED_TO_COLLEAGUE and not is_ours:
        return (Gap("responsibility_not_ours"),)
    return ()


def _alarm(session: Session, row: TransferRow, said: Message, *, now: datetime) -> None:
    """Tell the secretariat at once, by id; the words stay in the message. Source: DOM-R41."""
    outbox.post(
        session,
        topic="transfer.alarm",
        key=f"transfer.alarm:{said.no}",
        subject=row.id,
        now=now,
        payload={"transfer": row.id, "type": said.type.value, "ref": row.ref,
                 "role": str(Role.SECRETARIAT_HEAD), "country": row.country},
    )  # fmt: skip


_ASKED: Final[
    Mapping[type[Body], Callable[[Session, TransferRow, Message, datetime], tuple[Gap, ...]]]
] = {
    Accept: _acceptance_gaps,
    InfoReply: _reply_gaps,
    ResponsibilityChange: _responsibility_gaps,
    HandoverNotice: handovers.gaps_of,
    Receipt: handovers.receipt_gaps,
    WrongRecipientNotice: misdirected.gaps_of,
    IncidentAlert: _holds,
    Close: _close_gaps,
}
"""What is asked before a message of ours is signed, by what it says."""

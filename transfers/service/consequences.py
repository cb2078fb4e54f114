"""What a message needs before it is said, and what follows from it once it is: ours signed, or theirs taken.

Source: DOM-5.2, DOM-5.6, DOM-R24, DOM-R33, DOM-R36, DOM-R37, DOM-R41, DOM-R43, DOM-R56.
"""

from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.consent import Receiver, Request, SharingPurpose
from cases.service import abroad, movement
from cases.service.consents import may_disclose
from core import outbox
from core.actors import Actor, Role
from core.errors import Gap, answer
from transfers.rules.closing import may_close
from transfers.rules.codes import Direction, Incident, MessageType, ResponsibilityModel, Side
from transfers.rules.machine import Step, Transition
from transfers.rules.responsibility import Ground, may_move
from transfers.service import asked_back, at_home, closing, record, travel
from transfers.service.bodies import (
    Accept,
    Body,
    Close,
    EnquiryReply,
    FollowUpReport,
    HandoverNotice,
    IncidentAlert,
    Message,
    PlacementChange,
    Receipt,
    ResponsibilityChange,
)
from transfers.store import transfers as store
from transfers.tables.transfer import ResponsibilityRow, TransferRow

TELLING: Final = {
    MessageType.ENQUIRY: SharingPurpose.CROSS_BORDER_SUMMARY,
    MessageType.REQUEST: SharingPurpose.CROSS_BORDER_SUMMARY,
    MessageType.INFO_REPLY: SharingPurpose.CROSS_BORDER_SUMMARY,
    MessageType.CORRECTION: SharingPurpose.CROSS_BORDER_SUMMARY,
    MessageType.PACKAGE: SharingPurpose.PACKAGE,
    MessageType.TRAVEL_PLAN: SharingPurpose.PACKAGE,
}
"""Messages of the sending country that tell more about the child, and what the consent to it is called."""


def require(session: Session, row: TransferRow, said: Message, *, now: datetime) -> None:
    """Refuse a message of ours when what it says is not true yet.

    Raises:
        Incomplete: with every gap.
    """
    today = record.today_of(row, now)
    match said.body:
        case Accept():
            gaps: tuple[Gap, ...] = _acceptance_gaps(said.body, today)
        case ResponsibilityChange():
            gaps = _responsibility_gaps(session, row, said.body)
        case HandoverNotice():
            gaps = _handover_gaps(said.body, travel.planned_person(session, row))
        case IncidentAlert() if said.body.incident is Incident.CAN_GO_ON:
            gaps = _holds(session, row)
        case Close():
            gaps = may_close(closing.facts_of(session, row, now=now)).gaps
        case _:
            gaps = ()
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
    if _is_alarm(body):
        _alarm(session, row, said, now=now)
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
    """The signed receipt of the child moves responsibility where the corridor says so, and nowhere else."""
    if row.responsibility != ResponsibilityModel.MOVES_ON_RECEIPT:
        return
    pass_to(
        session, actor, row, to=Side.RECEIVER, officer=body.responsible,
        ground=Ground.SIGNED_RECEIPT, ref=no, at=body.at, now=now,
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


def disclosure_gaps(
    session: Session, row: TransferRow, type_: MessageType, *, now: datetime
) -> tuple[Gap, ...]:
    """Whatever tells more about our child asks anew whether that country may learn it. Source: DOM-R26, R47, R48."""
    purpose = TELLING.get(type_)
    if purpose is None or row.case_id is None or row.direction != Direction.OUTBOUND:
        return ()
    standing = abroad.standing_abroad(session, row.case_id, row.destination, now=now)
    asked = Request(
        purpose=purpose, receiver=Receiver.PARTNER_COUNTRY, items=frozenset(),
        on=standing.today, partner=row.destination,
    )  # fmt: skip
    consents = may_disclose(session, row.case_id, asked).answer.is_possible
    found = (
        None if consents else Gap("disclosure_without_consent"),
        Gap("disclosure_to_feared_country") if standing.fears else None,
        *(Gap("disclosure_dangerous", {"reason": one}) for one in standing.dangers),
    )
    return tuple(gap for gap in found if gap is not None)


def _holds(session: Session, row: TransferRow) -> tuple[Gap, ...]:
    """Nobody says that it can go on while the child's movement is held at home. Source: DOM-R26, DOM-R42."""
    if row.case_id is None or row.direction != Direction.OUTBOUND:
        return ()
    reasons = sorted({hold.reason.value for hold in movement.open_holds(session, row.case_id)})
    return tuple(Gap("movement_held", {"reason": reason}) for reason in reasons)


def _says_yes(body: Body) -> bool:
    return isinstance(body, Accept) or (
        isinstance(body, EnquiryReply) and body.answer == "positive"
    )


def _acceptance_gaps(body: Accept, today: date) -> tuple[Gap, ...]:
    return (Gap("acceptance_in_the_past"),) if body.valid_until < today else ()


def _handover_gaps(body: HandoverNotice, planned: str) -> tuple[Gap, ...]:
    """Only to the person of the plan, whose identity was checked. Source: DOM-R39."""
    same = bool(planned) and body.to_person.casefold().split() == planned.casefold().split()
    gaps = (
        None if same else Gap("handover_to_another_person"),
        None if body.identity_checked else Gap("handover_identity_unchecked"),
    )
    return tuple(gap for gap in gaps if gap is not None)


def _is_alarm(body: Body) -> bool:
    if isinstance(body, IncidentAlert):
        return body.incident not in {Incident.CAN_GO_ON, Incident.CHILD_FOUND}
    is_harm = isinstance(body, FollowUpReport) and (
        body.new_harm or body.concern_level == "urgent_intervention"
    )
    return is_harm or isinstance(body, PlacementChange)


def _responsibility_gaps(
    session: Session, row: TransferRow, body: ResponsibilityChange
) -> tuple[Gap, ...]:
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

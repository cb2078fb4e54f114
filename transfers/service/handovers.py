"""The child given over and received, held against what both countries agreed and know.

Ours is refused where it cannot be true, or is not as agreed and gives no reason. Theirs is a fact already: it is taken
as it is, and whatever differs is an alarm here.

Source: DOM-5.2/X10, DOM-5.2/X11, DOM-R39.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from core.errors import Gap
from core.exchange.tokens import LEEWAY_SECONDS
from transfers.rules import handover as rules
from transfers.rules.codes import ChildCondition, Direction, MessageType, TransferKind
from transfers.rules.handover import Agreed, Given
from transfers.service.bodies import Body, HandoverNotice, Message, Package, Receipt, TravelPlan
from transfers.service.drafting import corridor_for
from transfers.service.saying import SAID, bodies_of_type, said_in
from transfers.store import transfers as store
from transfers.tables.transfer import TransferRow

LEEWAY: Final = timedelta(seconds=LEEWAY_SECONDS)
"""How far the clocks of two countries may differ; what they tell for later has not happened."""


def gaps_of(session: Session, row: TransferRow, said: Message, now: datetime) -> tuple[Gap, ...]:
    """Say what stands against telling that the child was given over."""
    if not isinstance(said.body, HandoverNotice):
        return ()
    return rules.may_tell(_agreed(session, row), _given(said.body), now=now).gaps


def receipt_gaps(
    session: Session, row: TransferRow, said: Message, now: datetime
) -> tuple[Gap, ...]:
    """Say what a receipt of ours names that nobody over there would know, and an hour that has not come."""
    body = said.body
    if not isinstance(body, Receipt):
        return ()
    unknown = rules.unknown_papers(body.documents_received, _papers(session, row, now=now))
    return (
        *((Gap("receipt_not_yet"),) if body.at > now else ()),
        *(Gap("receipt_paper_unknown", {"document": one}) for one in unknown),
    )


def differs(session: Session, row: TransferRow, body: Body, *, now: datetime) -> bool:
    """Whether what the other country tells of a handover or a receipt is not as agreed: an alarm here."""
    agreed = _agreed(session, row)
    if isinstance(body, HandoverNotice | Receipt) and body.at > now + LEEWAY:
        return True
    if isinstance(body, HandoverNotice):
        return not rules.is_as_agreed(agreed, _given(body))
    if isinstance(body, Receipt):
        is_other = agreed is not None and not rules.same_words(agreed.person, body.received_by)
        unknown = rules.unknown_papers(body.documents_received, _papers(session, row, now=now))
        return is_other or bool(unknown) or body.condition is not ChildCondition.WELL
    return False


def _agreed(session: Session, row: TransferRow) -> Agreed | None:
    """Return what the newest plan says; nothing without a plan. Source: DOM-R39.

    Also of a plan taken back since the child left: nobody else was agreed on, and the child is under way.
    """
    of_sender = row.direction == Direction.OUTBOUND
    for message in reversed(store.messages(session, row.id)):
        is_plan = message.type == MessageType.TRAVEL_PLAN and message.is_ours is of_sender
        if is_plan and message.standing in SAID:
            plan = said_in(session, row, message).body
            if not isinstance(plan, TravelPlan):
                return None
            return Agreed(plan.handover.person, plan.handover.place, plan.handover.at)
    return None


def _given(body: HandoverNotice) -> Given:
    return Given(body.to_person, body.place, body.at, body.identity_checked, body.not_as_agreed)


def _papers(session: Session, row: TransferRow, *, now: datetime) -> frozenset[str]:
    """Return the papers the two countries know: of their corridor, of the plan, and of the packages that went."""
    known = set(corridor_for(row, now=now).documents.get(TransferKind(row.kind), ()))
    for plan in bodies_of_type(session, row, MessageType.TRAVEL_PLAN):
        if isinstance(plan, TravelPlan):
            known |= {one.kind for one in plan.documents}
    for package in bodies_of_type(session, row, MessageType.PACKAGE):
        if isinstance(package, Package):
            known |= set(package.items)
    return frozenset(known)

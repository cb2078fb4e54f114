"""What tells another country more about our child, and whether that may be told now.

Source: DOM-R26, DOM-R47, DOM-R48.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.consent import Receiver, Request, SharingPurpose
from cases.service import abroad
from cases.service.consents import may_disclose
from core.errors import Gap
from transfers.rules.codes import Direction, MessageType
from transfers.tables.transfer import TransferRow

TELLING: Final = {
    MessageType.ENQUIRY: SharingPurpose.CROSS_BORDER_SUMMARY,
    MessageType.REQUEST: SharingPurpose.CROSS_BORDER_SUMMARY,
    MessageType.INFO_REPLY: SharingPurpose.CROSS_BORDER_SUMMARY,
    MessageType.CORRECTION: SharingPurpose.CROSS_BORDER_SUMMARY,
    MessageType.PACKAGE: SharingPurpose.PACKAGE,
    MessageType.TRAVEL_PLAN: SharingPurpose.PACKAGE,
}
"""Messages of the sending country that tell more about the child, and what the consent to it is called."""


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

"""The quarterly sheet of two countries, from our own record: what the secretariats bring to their meeting.

Exact numbers, for the two secretariats that know each child anyway; nothing in it names or describes one. It is not
a published table. Each country makes its own from its own record, so that the two can be held against each other.

Source: DOM-5.11, DOM-7.3, DOM-R50.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from typing import Final

from sqlmodel import Session

from cases.rules.indicators import Period, period_of
from core import audit
from core.actors import Actor, Role
from core.errors import BadInput
from core.packs.lookup import countries, pack_of
from core.vault import Erased
from transfers.rules.bilateral import Journey, Report, Sheet, sheet_of
from transfers.rules.codes import Direction, MessageType, Round, TransferKind
from transfers.rules.machine import Step
from transfers.service import closing, record, saying
from transfers.service.board import is_unanswered
from transfers.service.bodies import Decline, FollowUpReport
from transfers.service.officers import require
from transfers.store import board as board_store
from transfers.store import disagreements
from transfers.store import transfers as store
from transfers.tables.transfer import TransferHistoryRow, TransferRow

READERS: Final = record.OFFICERS | {Role.AUDITOR}
_SENT: Final = frozenset({Step.SEND.value, Step.SEND_ENQUIRY.value})
_ACCEPTED: Final = frozenset({Step.ACCEPT.value, Step.ACCEPT_WITH_CONDITIONS.value, Step.ANSWER_YES.value})  # fmt: skip
_DECLINED: Final = frozenset({Step.DECLINE.value, Step.ANSWER_NO.value})


@dataclass(frozen=True)
class Standing:
    """What is open at the moment, both ways.

    Args:
        open_transfers: by direction and state.
        late: whose reply is past its day.
        alarms: incidents nobody has ended, by code.
        disagreements: how many are open.
    """

    open_transfers: Mapping[str, int]
    late: int
    alarms: Mapping[str, int]
    disagreements: int


@dataclass(frozen=True)
class BilateralSheet:
    """One period between this country and another: what we sent, what they sent, what is open now."""

    country: str
    partner: str
    period: str
    outbound: Sheet
    inbound: Sheet
    open_now: Standing


def read_sheet(
    session: Session, actor: Actor, partner: str, period: str, *, now: datetime
) -> BilateralSheet:
    """Make the sheet of one period with one country, and note that it was read.

    Args:
        session: the unit of work.
        actor: officer of the secretariat, or auditor.
        partner: the other country, two capital letters.
        period: ``2026``, ``2026-Q1`` or ``2026-03``.
        now: when.

    Raises:
        NotThere: another role.
        BadInput: no such country or period.
    """
    require(actor, READERS)
    if partner == actor.country or partner not in countries():
        raise BadInput("/partner", "not_a_country_here")
    span = period_of(period)
    calendar = pack_of(actor.country, on=now.date()).calendar()
    until = min(datetime.combine(span.until, time(), tzinfo=calendar.zone), now)
    rows = board_store.between(session, actor.country, partner)
    ways = {
        way: [row for row in rows if row.direction == way]
        for way in (Direction.OUTBOUND, Direction.INBOUND)
    }
    audit.record(
        session, actor, "bilateral_sheet.read", thing="country", thing_id=partner, now=now,
        codes={"period": span.code},
    )  # fmt: skip
    outbound, inbound = (_sheet(session, found, span, until=until) for found in ways.values())
    return BilateralSheet(
        actor.country, partner, span.code, outbound, inbound, _standing(session, rows, now=now)
    )


def _sheet(
    session: Session, rows: Iterable[TransferRow], span: Period, *, until: datetime
) -> Sheet:
    found = (_journey(session, row) for row in rows)
    return sheet_of([one for one in found if one is not None], span, until=until)


def _journey(session: Session, row: TransferRow) -> Journey | None:
    """Read one transfer; None for one that never left."""
    zone = pack_of(row.country, on=row.opened_at.date()).calendar().zone
    steps = store.history(session, row.id)

    def first(*codes: str) -> TransferHistoryRow | None:
        return next((one for one in steps if one.step in codes), None)

    def at(step: TransferHistoryRow | None) -> datetime | None:
        return None if step is None else step.at.astimezone(zone)

    sent = (
        at(first(*_SENT)) if row.direction == Direction.OUTBOUND else row.opened_at.astimezone(zone)
    )
    if sent is None:
        return None
    answer = first(*_ACCEPTED, *_DECLINED)
    declined = answer is not None and answer.step in _DECLINED
    return Journey(
        kind=TransferKind(row.kind),
        is_request=row.round == Round.REQUEST,
        sent=sent,
        acknowledged=at(first(Step.ACKNOWLEDGE.value)),
        answered=at(answer),
        accepted=None if answer is None else not declined,
        declined_for=_reason(session, row) if declined else "",
        handed_over=at(first(Step.HAND_OVER.value)),
        received=at(first(Step.RECEIVE.value)),
        reports=tuple(_reports(session, row)),
        ended=_ended(row, zone),
    )


def _ended(row: TransferRow, zone: tzinfo) -> datetime | None:
    """When nothing was waited for any more: it was over, or what was asked had been taken back."""
    over = None if row.is_open else row.state_since
    moments = [moment for moment in (over, row.taken_back_at) if moment is not None]
    return min(moments).astimezone(zone) if moments else None


def _reason(session: Session, row: TransferRow) -> str:
    """The code of the first refusal; of an enquiry, or where the words were destroyed, none is known."""
    try:
        bodies = list(saying.bodies_of_type(session, row, MessageType.DECLINE))
    except Erased:
        return "destroyed"
    return next((body.reason.value for body in bodies if isinstance(body, Decline)), "not_stated")


def _reports(session: Session, row: TransferRow) -> Iterable[Report]:
    try:
        bodies = list(saying.bodies_of_type(session, row, MessageType.FOLLOWUP_REPORT))
    except Erased:
        return ()
    return [
        Report(body.due_on, body.done_on, body.child_seen_alone)
        for body in bodies
        if isinstance(body, FollowUpReport)
    ]


def _standing(session: Session, rows: Iterable[TransferRow], *, now: datetime) -> Standing:
    states: dict[str, int] = {}
    alarms: dict[str, int] = {}
    late = disputed = 0
    for row in rows:
        if not row.is_open:
            continue
        place = f"{row.direction}:{row.state}"
        states[place] = states.get(place, 0) + 1
        late += is_unanswered(row, now=now)
        disputed += disagreements.is_open(session, row.id)
        for incident in closing.open_alarms(session, row):
            alarms[incident] = alarms.get(incident, 0) + 1
    return Standing(dict(sorted(states.items())), late, dict(sorted(alarms.items())), disputed)

"""What is open between the two countries when one of them wants to close its file.

Source: DOM-5.2/X13, DOM-R41, DOM-R55, DOM-R56.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.machine import TO_BE_DETERMINED
from cases.service import steps
from core.packs.lookup import pack_of
from core.packs.values import limit_of
from core.worktime import due_at
from transfers.rules.closing import ClosingFacts
from transfers.rules.codes import Incident
from transfers.rules.machine import Step
from transfers.service import record, saying
from transfers.service.bodies import FollowUpReport, IncidentAlert
from transfers.service.drafting import corridor_for
from transfers.store import disagreements
from transfers.store import transfers as store
from transfers.tables.transfer import TransferRow

ENDS: Final = {
    Incident.CAN_GO_ON: frozenset(
        {Incident.CHILD_ILL, Incident.APPEAL, Incident.PROTECTION_REASON, Incident.INSECURITY,
         Incident.HARM_REPORTED, Incident.OTHER_PERSON_AT_HANDOVER}
    ),
    Incident.CHILD_FOUND: frozenset({Incident.CHILD_MISSING}),
}  # fmt: skip
"""Which word of either side ends which alarm."""


def facts_of(session: Session, row: TransferRow, *, now: datetime) -> ClosingFacts:
    """Return what stands on record today about an end of this transfer."""
    reports = [body for body in saying.bodies_of(session, row) if isinstance(body, FollowUpReport)]
    received = _received_on(session, row)
    return ClosingFacts(
        today=record.today_of(row, now),
        unanswered=saying.open_questions(session, row),
        child_decision_open=_is_being_determined(session, row),
        open_alarms=open_alarms(session, row),
        disagreement_open=disagreements.is_open(session, row.id),
        followed_since=reports[0].done_on if reports else None,
        followed_until=_followed_until(row, received, now=now) if received else None,
        last_report_says_close=bool(reports) and reports[-1].recommend == "close",
    )


def open_alarms(session: Session, row: TransferRow) -> tuple[str, ...]:
    """Return the incidents that nobody has ended yet, in the order in which they were said."""
    standing: list[Incident] = []
    for body in saying.bodies_of(session, row):
        if not isinstance(body, IncidentAlert) or body.ladder is not None:
            continue  # a disagreement that is open has a line of its own
        ended = ENDS.get(body.incident)
        if ended is None:
            standing.append(body.incident)
        else:
            standing = [one for one in standing if one not in ended]
    return tuple(one.value for one in standing)


def _received_on(session: Session, row: TransferRow) -> datetime | None:
    found: Iterable[datetime] = (
        one.at for one in store.history(session, row.id) if one.step == Step.RECEIVE
    )
    return max(found, default=None)


def _followed_until(row: TransferRow, received: datetime, *, now: datetime) -> date:
    """D21 of the corridor, else of this country's own pack."""
    pack = pack_of(row.country, on=now.date())
    rule = corridor_for(row, now=now).limits.get("D21")  # type: ignore[call-overload]
    limit = rule.for_priority(row.priority) if rule else limit_of(pack, "D21", row.priority)
    return record.day_of(row, due_at(received, limit, pack.calendar()))


def _is_being_determined(session: Session, row: TransferRow) -> bool:
    if row.case_id is None:
        return False
    return steps.lock(session, row.case_id).state in TO_BE_DETERMINED

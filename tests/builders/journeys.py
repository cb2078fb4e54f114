"""One child's request in both countries, as far as a test needs it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import select

from cases.service import steps
from cases.tables.task import TaskRow
from core.errors import Incomplete
from tests.builders.decided import Decided
from tests.builders.requests import (
    DAY,
    LEAVES,
    START,
    THERE,
    a_confirmation,
    a_request_sent,
    a_travel_plan,
    an_acceptance,
    everything_found,
)
from tests.builders.transfers import Office, an_enquiry, carried
from transfers.rules.codes import MessageType
from transfers.service import travel
from transfers.store import transfers as store
from transfers.tables.transfer import TransferRow

M = MessageType


@dataclass
class Journey:
    """One child's request in both countries."""

    decided: Decided
    zambia: Office
    namibia: Office
    ours: str
    theirs: str

    def theirs_say(self, type_: MessageType, *, now: datetime = START, **body: Any) -> None:
        """Namibia writes and signs, Zambia takes in."""
        letter = carried(self.namibia, self.namibia.say(self.theirs, type_, now=now, **body))
        self.zambia.take(letter, now=now)

    def ours_say(self, type_: MessageType, *, now: datetime = START, **body: Any) -> str:
        """Zambia writes and signs, Namibia takes in; returns the message."""
        message_id = self.zambia.say(self.ours, type_, now=now, **body)
        self.namibia.take(carried(self.zambia, message_id), now=now)
        return message_id

    def states(self) -> tuple[str, str]:
        """Where it stands on both sides."""
        return self.zambia.state(self.ours), self.namibia.state(self.theirs)

    def row(self) -> TransferRow:
        """Our record."""
        row = store.find(self.zambia.session, self.ours)
        assert row is not None
        return row

    def case_state(self) -> str:
        """Where the child's case stands at home."""
        return steps.lock(self.zambia.session, self.decided.case_id).state


def a_request(zambia: Office, namibia: Office) -> Journey:
    """A request that was sent and acknowledged."""
    decided, ours, sent = a_request_sent(zambia)
    theirs = namibia.take(carried(zambia, sent), now=START)
    journey = Journey(decided, zambia, namibia, ours, theirs)
    journey.theirs_say(M.ACK)
    return journey


def planned(journey: Journey, **confirm: Any) -> None:
    """Accepted, package released and opened, journey planned and confirmed by both."""
    journey.theirs_say(M.ACCEPT, **an_acceptance())
    package = journey.ours_say(M.PACKAGE)
    travel.note_viewed(journey.zambia.session, package, ref="receipt", now=START)
    journey.ours_say(M.TRAVEL_PLAN, **a_travel_plan())
    journey.theirs_say(M.TRAVEL_CONFIRM, now=LEAVES, **(a_confirmation() | confirm))


def all_found(journey: Journey, *, leave_out: str = "") -> None:
    """Every line of the checklist looked at and found good, but one."""
    team = journey.decided.court.team
    assert team is not None
    everything_found(journey.zambia, journey.ours, team, leave_out=leave_out)


def cleared(zambia: Office, namibia: Office) -> Journey:
    """A child cleared to travel today."""
    journey = a_request(zambia, namibia)
    planned(journey)
    all_found(journey)
    travel.clear_to_travel(zambia.session, zambia.head, journey.ours, on=DAY, now=LEAVES)
    return journey


def arrived(zambia: Office, namibia: Office) -> Journey:
    """A child received over there."""
    journey = cleared(zambia, namibia)
    travel.depart(zambia.session, zambia.writer, journey.ours, now=LEAVES)
    journey.ours_say(M.HANDOVER_NOTICE, now=THERE, at=THERE)
    journey.theirs_say(M.RECEIPT, now=THERE, at=THERE)
    return journey


def a_request_declined(zambia: Office, namibia: Office) -> str:
    """An enquiry about another child, answered with no."""
    _, ours, sent = an_enquiry(zambia)
    theirs = namibia.take(carried(zambia, sent))
    for type_, body in ((M.ACK, {}), (M.ENQUIRY_REPLY, {"answer": "negative"})):
        zambia.take(carried(namibia, namibia.say(theirs, type_, **body)))
    return ours


def open_tasks(journey: Journey) -> set[str]:
    query = select(TaskRow).where(TaskRow.case_id == journey.decided.case_id)
    return {task.code for task in journey.zambia.session.exec(query) if task.done_at is None}


def codes(error: pytest.ExceptionInfo[Incomplete]) -> set[str]:
    return {gap.code for gap in error.value.gaps}

"""A child goes to a country without an installation: an official there answers at our pages, officers here confirm."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from core.ids import new_id
from tests.builders.exchange import ZAMBIA
from tests.builders.guests import PHONE, WHO
from tests.builders.journeys import Journey, all_found
from tests.builders.messages import HANDOVER, VALUES, a_body
from tests.builders.requests import DAY, LEAVES, START, THERE, drafted, sent_to
from tests.builders.transfers import Office, trust
from transfers.errors import NotSent
from transfers.rules.codes import MessageType
from transfers.rules.guests import Carrier, Verified
from transfers.service import (
    guest_answers,
    guest_items,
    guest_links,
    guest_reading,
    guest_review,
    guests,
    travel,
)
from transfers.service.guest_links import OpenedLink
from transfers.store import transfers as store

# One journey is long; what differs between databases is tested step by step elsewhere.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
M = MessageType


class Official:
    """Somebody over there, with a new link for each message."""

    def __init__(self, office: Office, transfer_id: str) -> None:
        self.office, self.session, self.transfer_id = office, office.session, transfer_id
        ends_on = (START + timedelta(days=300)).date()
        self.id = guests.propose(self.session, office.writer, "NA", WHO, ends_on=ends_on, now=START)
        guests.verify(self.session, office.second, self.id, Verified.KNOWN_NUMBER, now=START)

    def answers(self, message_id: str, type_: M, *, now: datetime, **body: Any) -> str:
        """Read a message, answer it, and let another officer confirm; returns the state then."""
        item = guest_items.give(
            self.session, self.office.second, self.transfer_id, guest_id=self.id, message_id=message_id,
            view_only=True, ends_on=(now + timedelta(days=20)).date(), now=now,
        )  # fmt: skip
        made = guest_links.make_link(
            self.session,
            self.office.second,
            item,
            link_by=Carrier.LETTER,
            code_by=Carrier.PHONE,
            now=now,
        )
        found = guest_links.open_link(
            self.session, made.secret, made.code, address="192.0.2.7", device=PHONE, now=now
        )
        assert isinstance(found, OpenedLink)
        here = guest_reading.visitor(self.session, found.cookie, device=PHONE, now=now)
        opened = guest_reading.open_item(
            self.session, here, item, files=Path("no files are kept here"), now=now
        )
        if type_ not in opened.answers:
            return ""
        reply = guest_answers.answer(
            self.session, here, item, type_, a_body(type_, **body), no=new_id(), now=now
        )
        return guest_review.confirm(self.session, self.office.writer, reply, now=now)


@pytest.mark.rule("R34", "R36", "R37")
def test_a_child_is_accepted_travels_and_is_signed_for_by_an_official_at_our_pages(
    session: Session,
) -> None:
    zambia = Office(session, "ZM", ZAMBIA)
    trust(zambia, "NA.mgepesw")
    decided, ours = drafted(zambia)
    with pytest.raises(NotSent) as refused:
        sent_to(zambia, ours, "NA.paper")
    official = Official(zambia, ours)
    request = sent_to(zambia, ours, "NA.paper")

    study = VALUES[M.ACCEPT]["home_study"] | {"valid_until": (DAY + timedelta(days=90)).isoformat()}
    accepted = official.answers(
        request, M.ACCEPT, now=START, valid_until=DAY + timedelta(days=30), home_study=study
    )
    package = zambia.say(ours, M.PACKAGE, now=START)
    unasked = official.answers(package, M.ACK, now=START)  # opened, and too late to be acknowledged
    leaves = datetime(DAY.year, DAY.month, DAY.day, 7, tzinfo=UTC)
    handover = HANDOVER | {"at": (leaves + timedelta(hours=6)).isoformat()}
    plan = zambia.say(
        ours, M.TRAVEL_PLAN, now=START, departs_at=leaves, arrives_at=leaves + timedelta(hours=6),
        handover=handover, child_asked_on=DAY - timedelta(days=2),
    )  # fmt: skip
    confirmed = official.answers(
        plan, M.TRAVEL_CONFIRM, now=LEAVES, handover=handover,
        carer_confirmed_on=DAY - timedelta(days=3),
    )  # fmt: skip
    all_found(Journey(decided, zambia, zambia, ours, ours))
    travel.clear_to_travel(session, zambia.head, ours, on=DAY, now=LEAVES)
    travel.depart(session, zambia.writer, ours, now=LEAVES)
    notice = zambia.say(ours, M.HANDOVER_NOTICE, now=THERE, at=THERE)
    before = store.spans(session, ours)[-1].side
    received = official.answers(notice, M.RECEIPT, now=THERE, at=THERE)

    assert {gap.code for gap in refused.value.gaps} == {"partner_not_active"}
    assert unasked == ""
    assert (accepted, confirmed) == ("accepted", "pre_departure")
    assert (before, received) == ("sender", "received")
    assert [span.side for span in store.spans(session, ours)] == ["sender", "receiver"]

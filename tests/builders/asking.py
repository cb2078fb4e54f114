"""An enquiry both countries know of, in which one of them asked for more, and both installations at work."""

from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from cases.service import files
from cases.tables.case_file import CaseRow
from core.actors import Actor
from tests.builders.disclosure import WANTED
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.installations import Installation
from tests.builders.line import Wire, rows
from tests.builders.transfers import Office, an_enquiry
from transfers.rules.codes import MessageType
from transfers.service import grants_held
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryInRow
from transfers.tables.disclosure import GrantGivenRow, GrantHeldRow

HEALTH = "Takes medicine against asthma."
"""On file as highly sensitive; a marker that must show nowhere but in the opened document."""


@dataclass
class Scene:
    """An enquiry both countries know, and what Namibia asked for."""

    both: Any
    team: Any
    ours: str
    theirs: str
    asked: str
    writer: Actor

    def ours_at(self, office: Office) -> Office:
        """Our secretariat with the officer who took the transfer on and sees the child's file."""
        office.writer = self.writer
        return office

    @property
    def zambia(self) -> Installation:
        return self.both.zambia

    @property
    def namibia(self) -> Installation:
        return self.both.namibia

    def exchange(self) -> None:
        """Both look twice at what waits, a little later."""
        for one in (self.zambia, self.namibia, self.zambia, self.namibia):
            one.run()

    def given(self) -> GrantGivenRow:
        (row,) = rows(self.zambia.database, GrantGivenRow)
        found: GrantGivenRow = row
        return found

    def held(self) -> GrantHeldRow:
        (row,) = rows(self.namibia.database, GrantHeldRow)
        found: GrantHeldRow = row
        return found

    def wire(self, issuer: str = NAMIBIA) -> Wire:
        """Namibia's installation calling ours, call by call."""
        from fastapi.testclient import TestClient

        found = Wire(TestClient(self.zambia.app), issuer=issuer, audience=ZAMBIA)
        found.now = self.zambia.now
        return found

    def redeem_now(self) -> None:
        """An officer over there has the grant redeemed."""
        held = self.held().id
        self.namibia.do(
            lambda office: grants_held.ask(
                office.session, reader_of(office), held, now=self.namibia.now
            )
        )
        self.namibia.run()


def reader_of(office: Office) -> Any:
    """The same officer of Namibia in every unit of work."""
    return replace(office.writer, account_id=READER, person_id=READER)


READER = "77777777-2222-4333-8444-555555555555"


def with_sensitive(session: Session, case_id: str, **fields: Any) -> None:
    """Put highly sensitive fields on a child's file."""
    row = session.get(CaseRow, case_id)
    assert row is not None
    files.seal_into(session, row, sensitive=files.sensitive_of(session, row) | fields)


def asked(both: Any) -> Scene:
    """Namibia knows of the child and asked for what is needed for its care."""
    zambia, namibia = both.zambia, both.namibia

    def begin(office: Office) -> Any:
        team, ours, _ = an_enquiry(office)
        with_sensitive(office.session, team.case_id, health_for_care=HEALTH, asylum_claim="none")
        return team, ours, office.writer

    team, ours, writer = zambia.do(begin)
    zambia.run()
    (came,) = rows(namibia.database, DeliveryInRow)
    theirs = came.transfer_id
    namibia.do(lambda office: office.say(theirs, MessageType.ACK))
    question = namibia.do(
        lambda office: office.say(theirs, MessageType.INFO_REQUEST, wanted=WANTED)
    )
    namibia.run()
    no: str = namibia.do(
        lambda office: transfer_store.find_message(office.session, question).no  # type: ignore[union-attr]
    )
    return Scene(both, team, ours, theirs, no, writer)

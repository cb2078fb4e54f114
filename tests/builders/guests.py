"""Recipients in a country without an installation, and what they were given."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from core.actors import Actor, Role
from tests.builders.cases import a_person_of_the_country
from tests.builders.exchange import ZAMBIA
from tests.builders.partners import an_officer, set_up
from tests.builders.procedure import Team
from tests.builders.transfers import Office, a_child_to_tell_of, a_draft
from tests.conftest import NOON
from transfers.rules.guests import Carrier, Verified
from transfers.service import drafting, guest_items, guest_links, guest_reading, guests, sending
from transfers.service.guest_links import MadeLink, OpenedLink
from transfers.service.guest_reading import Visitor
from transfers.service.guests import Identity

NAME = "Selma Amukoshi"
WHO = Identity(
    NAME, "Ministry of Gender, Windhoek", "Social worker", "+264 61 000 000", "State directory"
)
UNTIL = date(2026, 4, 15)
PHONE = "Mozilla/5.0 (telephone)"


@dataclass
class Abroad:
    """Our secretariat, an enquiry that was signed, and somebody over there to read it."""

    session: Session
    is_first: bool = True
    office: Office = field(init=False)
    third: Actor = field(init=False)
    team: Team = field(init=False)
    transfer_id: str = field(init=False)
    message_id: str = field(init=False)
    case_id: str = field(init=False)
    guest_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(self.session, "ZM", ZAMBIA)
        if self.is_first:
            set_up(self.session, NOON, ZAMBIA, an_officer(Role.ADMINISTRATOR, "ZM"))
        self.third = a_person_of_the_country(Role.SECRETARIAT)
        self.guest_id = a_verified_guest(self.session, self.office)
        self.begin()

    def begin(self) -> None:
        """Sign an enquiry about a child to the country without an installation."""
        team = self.team = a_child_to_tell_of(self.session)
        self.case_id = team.case_id
        self.transfer_id = a_draft(self.office, team)
        office, found = self.office, self.transfer_id
        drafting.submit(self.session, office.writer, found, now=NOON)
        drafting.check(self.session, office.second, found, now=NOON)
        sending.name_receiver(self.session, office.second, found, "NA.paper", now=NOON)
        self.message_id = sending.send(self.session, office.head, found, now=NOON)

    def item(self, *, view_only: bool = True, now: datetime = NOON) -> str:
        """Give the enquiry to the recipient."""
        return guest_items.give(
            self.session, self.office.second, self.transfer_id, guest_id=self.guest_id,
            message_id=self.message_id, view_only=view_only, ends_on=UNTIL, now=now,
        )  # fmt: skip

    def link(self, item_id: str, *, now: datetime = NOON) -> MadeLink:
        """Make a link that goes by mail, with a code for the telephone."""
        return guest_links.make_link(
            self.session, self.office.second, item_id, link_by=Carrier.EMAIL,
            code_by=Carrier.PHONE, now=now,
        )  # fmt: skip

    def opened(self, made: MadeLink, *, now: datetime = NOON) -> OpenedLink:
        """Open a link as the recipient does."""
        found = guest_links.open_link(
            self.session, made.secret, made.code, address="192.0.2.7", device=PHONE, now=now
        )
        assert isinstance(found, OpenedLink)
        return found

    def here(self, item_id: str, *, now: datetime = NOON) -> Visitor:
        """The recipient, come by a link."""
        cookie = self.opened(self.link(item_id, now=now), now=now).cookie
        return guest_reading.visitor(self.session, cookie, device=PHONE, now=now)


def a_verified_guest(session: Session, office: Office, *, of_country: str = "NA") -> str:
    """Somebody proposed by one officer and verified by another."""
    found = guests.propose(session, office.writer, of_country, WHO, ends_on=UNTIL, now=NOON)
    guests.verify(session, office.second, found, Verified.KNOWN_NUMBER, now=NOON)
    return found

"""Two countries that trust each other, a child ready to be told about, and officers who write to one another."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from cases.rules.consent import Assent, GivenBy
from cases.rules.tracing import SafeToTrace
from cases.service import consents, tracing
from cases.service.consents import NewConsent
from cases.tables.placement import PlacementRow
from core.actors import Actor, Role, procedure_actor
from core.ids import new_id
from tests.builders import partners
from tests.builders.accounts import employ
from tests.builders.cases import a_person_of_the_country
from tests.builders.exchange import NAMIBIA, anchor_of
from tests.builders.messages import a_body
from tests.builders.procedure import Team, a_team, an_approved_assessment
from tests.conftest import NOON
from transfers.rules.codes import MessageType, Round, TransferKind, TransferReason
from transfers.rules.partnership import Channel
from transfers.service import drafting, messages, receiving, record, sending
from transfers.service import partners as partner_service
from transfers.service.drafting import NewTransfer
from transfers.service.receiving import Arrived
from transfers.service.summaries import Written
from transfers.store import transfers as store

CHILD: dict[str, Any] = {
    "names": {"given": "Amani", "family": "Mwila"},
    "languages": ["loz", "en"],
    "interpreter_needed": True,
    "age_years": 11,
    "age_stated_on": "2026-01-10",
    "age_basis": "stated",
    "nationalities": ["NA"],
    "family_links": [{"name": "Sepiso Nyambe", "relation": "aunt"}],
}
CONSENT = NewConsent(
    given_by=GivenBy.GUARDIAN,
    assent=Assent.YES,
    given_on=NOON.date(),
    purposes=("cross_border_summary", "package", "tracing"),
    share_with=("partner_country",),
    partners=("NA",),
    language="loz",
)
WRITTEN = Written(
    reason="The child wishes to live with an aunt, who may be in the north.",
    child_view="I want to live where my aunt is.",
    asked=("home_study",),
    reply_due=date(2026, 5, 1),
    contacts=({"office": "Secretariat", "role": "A15"},),
    trigger="B1",
)


@dataclass
class Office:
    """The secretariat of one country: two officers and a head, in its own database."""

    session: Session
    country: str
    name: str
    writer: Actor = field(init=False)
    second: Actor = field(init=False)
    head: Actor = field(init=False)
    machine: Actor = field(init=False)

    def __post_init__(self) -> None:
        role = Role.SECRETARIAT
        self.writer = a_person_of_the_country(role, country=self.country)
        self.second = a_person_of_the_country(role, country=self.country)
        self.head = a_person_of_the_country(Role.SECRETARIAT_HEAD, country=self.country)
        self.machine = procedure_actor(self.country)

    def say(
        self, transfer_id: str, type_: MessageType, *, now: datetime = NOON, **body: Any
    ) -> str:
        """Write a message and have the head sign it; returns its id."""
        reply_to = body.pop("reply_to", None)
        found = messages.write(
            self.session, self.writer, transfer_id, type_, a_body(type_, **body), now=now,
            reply_to=reply_to,
        )  # fmt: skip
        messages.sign(self.session, self.head, found, now=now)
        return found

    def state(self, transfer_id: str) -> str:
        """Where a transfer stands here."""
        row = store.find(self.session, transfer_id)
        assert row is not None
        return row.state

    def take(self, message: Arrived, *, now: datetime = NOON) -> str:
        """Take a message in."""
        return receiving.take_in(self.session, self.machine, message, now=now)


def trust(office: Office, other: str, *, now: datetime = NOON) -> None:
    """Set an installation up and let two officers confirm the other."""
    operator = partners.an_officer(Role.ADMINISTRATOR, office.country)
    partners.set_up(office.session, now, office.name, operator)
    first = partners.an_officer(country=office.country)
    second = partners.an_officer(country=office.country)
    issued = int((now - timedelta(days=1)).timestamp())
    file = partners.as_file(partners.a_statement(other, issued_at=issued))
    partner_id = partner_service.propose(office.session, first, file, now=now)
    heard = partners.last_groups(anchor_of(other))
    for officer, channel in ((first, Channel.LETTER), (second, Channel.VIDEO)):
        partner_service.confirm(
            office.session, officer, partner_id, channel=channel, groups=heard, now=now
        )


def employed(office: Office) -> None:
    """Let the first officer have an account, so that a transfer can be given to them. Twice is once."""
    employ(office.session, office.writer)


def a_child_to_tell_of(session: Session, **columns: Any) -> Team:
    """A case with an approved assessment, consent for Namibia, a safe search and a place to live."""
    restricted = CHILD | columns.pop("facts", {})
    team = a_team(session, restricted=restricted, nationality_code="NA", **columns)
    an_approved_assessment(session, team)
    consents.record_consent(session, team.worker, team.case_id, CONSENT, now=NOON)
    tracing.open_tracing(
        session, team.worker, team.case_id, sought="An aunt.", safe=SafeToTrace.YES,
        because="Nobody over there is a danger.", now=NOON,
    )  # fmt: skip
    session.add(
        PlacementRow(
            case_id=team.case_id, care="foster", started_on=NOON.date(), started_at=NOON,
            started_by_person=team.worker.person_id, review_due=date(2026, 6, 1), restricted=b"",
        )
    )  # fmt: skip
    session.flush()
    return team


def a_draft(office: Office, team: Team, *, round_: Round = Round.ENQUIRY, **written: Any) -> str:
    """A transfer with its summary written, checked by a second officer; returns its id."""
    new = NewTransfer(
        "NA", round_, TransferKind.FAMILY_REUNIFICATION, TransferReason.BETTER_PLACED,
        office.writer.person_id,
    )  # fmt: skip
    session = office.session
    employed(office)
    # Coordinators open it; officers of the secretariat see the file from then on.
    transfer_id = drafting.open_transfer(session, team.coordinator, team.case_id, new, now=NOON)
    values = {name: getattr(WRITTEN, name) for name in WRITTEN.__dataclass_fields__} | written
    drafting.write_summary(session, office.writer, transfer_id, Written(**values), now=NOON)
    return transfer_id


def checked(office: Office, transfer_id: str) -> None:
    """Submit a summary, and let a second officer find it right and name the receiver."""
    drafting.submit(office.session, office.writer, transfer_id, now=NOON)
    drafting.check(office.session, office.second, transfer_id, now=NOON)
    sending.name_receiver(office.session, office.second, transfer_id, NAMIBIA, now=NOON)


def an_enquiry(office: Office, **written: Any) -> tuple[Team, str, str]:
    """An enquiry that left: the child, the transfer and the message."""
    team = a_child_to_tell_of(office.session)
    transfer_id = a_draft(office, team, **written)
    checked(office, transfer_id)
    message_id = sending.send(office.session, office.head, transfer_id, now=NOON)
    return team, transfer_id, message_id


def carried(sender: Office, message_id: str) -> Arrived:
    """A message of one country as the other opens it."""
    session = sender.session
    message = store.find_message(session, message_id)
    assert message is not None
    row = store.find(session, message.transfer_id)
    assert row is not None
    raw = record.open_in_message(session, row, message, "restricted", message.restricted)
    summary = message.summary and record.open_in_message(
        session, row, message, "summary", message.summary
    )
    return Arrived(sender.name, sender.country, str(raw).encode(), summary or None, new_id())

"""Recipients without an installation: who they are, what they are given, how a link opens and closes."""

from datetime import date, timedelta
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest
from sqlmodel import Session, select

from cases.errors import RoleMayNot
from cases.service import consents
from cases.tables.consent import ConsentRow
from core.accounts import invitations, people
from core.accounts.grants import give_role
from core.actors import Grant, Role, ScopeKind
from core.db import Database
from core.errors import BadInput, Incomplete, NotThere, WrongState
from core.ids import new_id
from core.outbox import OutboxRow
from tests.builders.cases import a_person_of_the_country
from tests.builders.disclosure import PDF, a_paper, a_written
from tests.builders.guests import PHONE, UNTIL, WHO, Abroad, a_verified_guest
from tests.builders.messages import a_body
from tests.conftest import NOON
from transfers.errors import SecondOfficerNeeded, VisitOver
from transfers.rules.codes import MessageType
from transfers.rules.delivery import OutState
from transfers.rules.guests import Carrier, Verified
from transfers.service import (
    documents,
    guest_answers,
    guest_items,
    guest_links,
    guest_reading,
    guest_review,
    guests,
    messages,
    recalls,
)
from transfers.service.documents import Choice
from transfers.service.guest_links import NotOpened, OpenedLink
from transfers.store import guests as store
from transfers.store import transfers as transfer_store
from transfers.tables.evidence import EvidenceRow

ELSEWHERE = "198.51.100.9"
NO_FILES = Path("no files are kept here")


@pytest.fixture
def abroad(session: Session) -> Abroad:
    """An enquiry, and somebody verified to read it."""
    return Abroad(session)


def _try(abroad: Abroad, secret: str, code: str, *, seconds: int = 0) -> OpenedLink | NotOpened:
    return guest_links.open_link(
        abroad.session, secret, code, address=ELSEWHERE, device=PHONE,
        now=NOON + timedelta(seconds=seconds),
    )  # fmt: skip


def _evidence(session: Session, subject: str) -> list[str]:
    query = select(EvidenceRow).where(EvidenceRow.subject == subject).order_by(EvidenceRow.n)
    return [row.type for row in session.exec(query)]


def _told(session: Session, topic: str) -> list[OutboxRow]:
    return list(session.exec(select(OutboxRow).where(OutboxRow.topic == topic)))


def test_whoever_proposed_a_person_does_not_verify_them(abroad: Abroad) -> None:
    session, office = abroad.session, abroad.office
    found = guests.propose(session, office.writer, "NA", WHO, ends_on=UNTIL, now=NOON)

    with pytest.raises(SecondOfficerNeeded):
        guests.verify(session, office.writer, found, Verified.IN_PERSON, now=NOON)
    with pytest.raises(WrongState):
        guests.open_account(session, office.second, found, now=NOON)


def test_only_officers_of_the_secretariat_name_recipients(abroad: Abroad) -> None:
    for role in (Role.ADMINISTRATOR, Role.TRUST_OFFICER, Role.AUDITOR, Role.COORDINATOR):
        other = a_person_of_the_country(role)
        with pytest.raises(RoleMayNot):
            guests.propose(abroad.session, other, "NA", WHO, ends_on=UNTIL, now=NOON)
        with pytest.raises(NotThere):
            guests.verify(abroad.session, other, abroad.guest_id, Verified.IN_PERSON, now=NOON)


def test_a_recipient_of_another_country_is_given_nothing(abroad: Abroad) -> None:
    elsewhere = a_verified_guest(abroad.session, abroad.office, of_country="MX")

    with pytest.raises(BadInput) as refused:
        guest_items.give(
            abroad.session, abroad.office.second, abroad.transfer_id, guest_id=elsewhere,
            message_id=abroad.message_id, view_only=True, ends_on=UNTIL, now=NOON,
        )  # fmt: skip

    assert refused.value.code == "recipient_elsewhere"


@pytest.mark.rule("R48")
def test_a_consent_withdrawn_since_the_signature_keeps_a_message_here(abroad: Abroad) -> None:
    given = abroad.session.exec(
        select(ConsentRow.id).where(ConsentRow.case_id == abroad.case_id)
    ).all()
    for one in given:
        consents.withdraw_consent(abroad.session, abroad.team.worker, abroad.case_id, one, now=NOON)

    with pytest.raises(Incomplete) as refused:
        abroad.item()

    assert "disclosure_without_consent" in {gap.code for gap in refused.value.gaps}


@pytest.mark.rule("R47", "R48")
@pytest.mark.threat("TT53")
def test_what_was_given_closes_at_once_when_consent_is_withdrawn_or_the_request_taken_back(
    abroad: Abroad,
) -> None:
    here = abroad.here(abroad.item())
    guest_reading.open_item(abroad.session, here, str(here.only), files=NO_FILES, now=NOON)

    given = abroad.session.exec(
        select(ConsentRow.id).where(ConsentRow.case_id == abroad.case_id)
    ).all()
    for one in given:
        consents.withdraw_consent(abroad.session, abroad.team.worker, abroad.case_id, one, now=NOON)

    assert guest_reading.list_items(abroad.session, here, now=NOON) == ()
    with pytest.raises(NotThere):
        guest_reading.open_item(abroad.session, here, str(here.only), files=NO_FILES, now=NOON)

    other = Abroad(abroad.session, is_first=False)
    there = other.here(other.item())
    other.office.say(other.transfer_id, MessageType.WITHDRAW)
    with pytest.raises(NotThere):
        guest_reading.open_item(abroad.session, there, str(there.only), files=NO_FILES, now=NOON)


@pytest.mark.rule("R48")
@pytest.mark.threat("TT53")
def test_a_message_taken_back_closes_for_every_recipient_and_is_given_to_nobody_again(
    abroad: Abroad,
) -> None:
    item = abroad.item(view_only=False)
    made = abroad.link(item)
    here = guest_reading.visitor(abroad.session, abroad.opened(made).cookie, device=PHONE, now=NOON)
    guest_reading.open_item(abroad.session, here, item, files=NO_FILES, now=NOON)

    state = recalls.recall(
        abroad.session, abroad.office.writer, abroad.message_id, reason="wrong_recipient", now=NOON
    )

    with pytest.raises(NotThere):
        guest_reading.open_item(abroad.session, here, item, files=NO_FILES, now=NOON)
    with pytest.raises(NotThere):
        guest_reading.download(abroad.session, here, item, 1, files=NO_FILES, now=NOON)
    with pytest.raises(NotThere):
        guest_reading.acknowledge(abroad.session, here, item, now=NOON)
    with pytest.raises(WrongState):
        abroad.item()
    row = store.item(abroad.session, item)
    assert row is not None
    assert (row.ended_at, row.ended_by) == (NOON, abroad.office.writer.person_id)
    assert state is OutState.RECALLED  # somebody had read it: it is not as if it had never left
    assert "guest.taken-back" in _evidence(abroad.session, item)


@pytest.mark.rule("R26")
def test_a_country_that_has_answered_and_is_feared_since_reads_nothing_more(abroad: Abroad) -> None:
    here = abroad.here(abroad.item())
    row = transfer_store.find(abroad.session, abroad.transfer_id)
    assert row is not None
    given = abroad.session.exec(
        select(ConsentRow.id).where(ConsentRow.case_id == abroad.case_id)
    ).all()
    for one in given:
        consents.withdraw_consent(abroad.session, abroad.team.worker, abroad.case_id, one, now=NOON)

    for state in ("answered_positive", "answered_negative", "declined", "expired"):
        row.state = state
        abroad.session.add(row)
        assert guest_reading.list_items(abroad.session, here, now=NOON) == (), state


@pytest.mark.threat("TT60")
def test_five_wrong_codes_lock_a_link_and_tell_the_sender(abroad: Abroad) -> None:
    item = abroad.item()
    made = abroad.link(item)

    for at in range(5):
        assert isinstance(_try(abroad, made.secret, "00000000", seconds=60 * at), NotOpened)
    answer = _try(abroad, made.secret, made.code, seconds=600)

    link = store.newest_link(abroad.session, item)
    assert isinstance(answer, NotOpened)
    assert link is not None
    assert (link.ended_why, link.wrong_codes) == ("locked", 5)
    assert _evidence(abroad.session, item)[-6:] == ["guest.code-failed"] * 5 + ["guest.locked"]
    told = {
        row.payload.get("person") or row.payload.get("role")
        for row in _told(abroad.session, "guest.locked")
    }
    assert told == {abroad.office.second.person_id, "secretariat"}


@pytest.mark.threat("TT65")
def test_tries_of_a_code_wait_longer_and_longer_and_those_too_early_are_not_looked_at(
    abroad: Abroad,
) -> None:
    item = abroad.item()
    made = abroad.link(item)

    answers = [_try(abroad, made.secret, "00000000") for _ in range(8)]
    right_but_early = _try(abroad, made.secret, made.code)

    link = store.newest_link(abroad.session, item)
    assert link is not None
    assert link.wrong_codes == 4
    assert [one.wait_seconds > 0 for one in answers if isinstance(one, NotOpened)] == [
        False
    ] * 4 + [True] * 4
    assert isinstance(right_but_early, NotOpened)
    assert isinstance(_try(abroad, made.secret, made.code, seconds=30), OpenedLink)


@pytest.mark.threat("TT60", "TT61")
def test_a_link_opens_once_and_only_while_link_code_and_item_count(abroad: Abroad) -> None:
    item = abroad.item()
    made = abroad.link(item)
    assert isinstance(_try(abroad, made.secret, made.code), OpenedLink)

    again = _try(abroad, made.secret, made.code)
    late = abroad.link(item)
    after_code = _try(abroad, late.secret, late.code, seconds=24 * 3600)
    renewed = guest_links.renew_code(
        abroad.session,
        abroad.office.second,
        item,
        code_by=Carrier.LETTER,
        now=NOON + timedelta(hours=25),
    )
    old_code = _try(abroad, late.secret, late.code, seconds=25 * 3600)
    by_new = _try(abroad, late.secret, renewed.code, seconds=25 * 3600 + 60)

    assert isinstance(again, NotOpened)
    assert isinstance(after_code, NotOpened)
    assert isinstance(old_code, NotOpened)
    assert isinstance(by_new, OpenedLink)
    assert renewed.secret == ""


def test_a_new_link_ends_the_one_before_and_its_visits(abroad: Abroad) -> None:
    item = abroad.item()
    first = abroad.link(item)
    cookie = abroad.opened(first).cookie

    second = abroad.link(item)

    with pytest.raises(VisitOver):
        guest_reading.visitor(abroad.session, cookie, device=PHONE, now=NOON)
    assert isinstance(_try(abroad, second.secret, second.code), OpenedLink)


def test_link_and_code_never_go_the_same_way_and_the_code_no_way_others_read(
    abroad: Abroad,
) -> None:
    item = abroad.item()
    possible = set()

    for link_by, code_by in product(Carrier, Carrier):
        try:
            guest_links.make_link(
                abroad.session,
                abroad.office.second,
                item,
                link_by=link_by,
                code_by=code_by,
                now=NOON,
            )
        except BadInput:
            continue
        possible.add((link_by, code_by))

    safe = {Carrier.PHONE, Carrier.LETTER, Carrier.IN_PERSON}
    assert possible == {(one, other) for one in Carrier for other in safe if one is not other}


@pytest.mark.threat("TT62")
def test_a_visit_ends_at_another_device_when_idle_after_an_hour_and_when_taken_back(
    abroad: Abroad,
) -> None:
    def comes(cookie: str, device: str = PHONE, **passed: int) -> bool:
        try:
            guest_reading.visitor(
                abroad.session, cookie, device=device, now=NOON + timedelta(**passed)
            )
        except VisitOver:
            return False
        return True

    item = abroad.item()
    busy = abroad.opened(abroad.link(item)).cookie
    assert comes(busy)
    assert not comes(busy, "another browser")
    assert all(comes(busy, minutes=minutes) for minutes in (10, 20, 30, 40, 50, 59))
    assert not comes(busy, minutes=60)

    idle = abroad.opened(abroad.link(item)).cookie
    assert not comes(idle, minutes=15)

    left = abroad.opened(abroad.link(item)).cookie
    here = guest_reading.visitor(abroad.session, left, device=PHONE, now=NOON)
    guest_reading.leave(abroad.session, here, left, now=NOON)
    assert not comes(left)

    taken = abroad.opened(abroad.link(item)).cookie
    guest_items.take_back(abroad.session, abroad.third, item, now=NOON)
    assert not comes(taken)


def test_a_link_opens_its_own_item_and_no_other(abroad: Abroad) -> None:
    here = abroad.here(abroad.item())
    first_message = abroad.message_id
    abroad.begin()
    other = abroad.item()

    shown = guest_reading.list_items(abroad.session, here, now=NOON)
    with pytest.raises(NotThere):
        guest_reading.open_item(abroad.session, here, other, files=NO_FILES, now=NOON)

    assert [one.id for one in shown] == [here.only]
    assert first_message != abroad.message_id


def test_opening_and_acknowledging_are_evidence_and_move_nothing(abroad: Abroad) -> None:
    item = abroad.item()
    here = abroad.here(item)

    opened = guest_reading.open_item(abroad.session, here, item, files=NO_FILES, now=NOON)
    guest_reading.open_item(abroad.session, here, item, files=NO_FILES, now=NOON)
    guest_reading.acknowledge(abroad.session, here, item, now=NOON)
    guest_reading.acknowledge(abroad.session, here, item, now=NOON)

    assert opened.summary is not None
    assert opened.parts == ()
    assert MessageType.ENQUIRY_REPLY in opened.answers
    assert _evidence(abroad.session, item) == [
        "guest.given", "guest.link-made", "guest.link-opened", "guest.viewed", "guest.acknowledged",
    ]  # fmt: skip
    assert abroad.office.state(abroad.transfer_id) == "sent"
    newest = abroad.session.exec(select(EvidenceRow).order_by(EvidenceRow.n.desc())).first()
    assert newest is not None
    assert (newest.type, "checkpoint" in newest.detail) == ("token.sent", True)


def test_what_is_for_reading_only_is_not_downloaded(abroad: Abroad) -> None:
    item = abroad.item()
    here = abroad.here(item)

    with pytest.raises(NotThere):
        guest_reading.download(abroad.session, here, item, 1, files=NO_FILES, now=NOON)

    guest_items.take_back(abroad.session, abroad.office.writer, item, now=NOON)
    other = abroad.item(view_only=False)
    there = abroad.here(other)
    part, content = guest_reading.download(
        abroad.session, there, other, 1, files=NO_FILES, now=NOON
    )
    with content:
        assert (part.media, len(content.read())) == ("application/json", part.size)
    assert _evidence(abroad.session, other)[-1] == "guest.downloaded"


def test_links_that_are_over_are_noted_once(abroad: Abroad) -> None:
    item = abroad.item()
    abroad.link(item)

    later = NOON + timedelta(hours=72)
    noted = [guest_links.note_expired(abroad.session, now=later) for _ in range(2)]

    assert noted == [1, 0]
    assert _evidence(abroad.session, item)[-1] == "guest.expired"


def test_a_message_to_a_country_without_an_installation_is_never_sealed_for_one(
    abroad: Abroad,
) -> None:
    from transfers.service import sealing

    assert sealing.waiting(abroad.session) == []


def test_nothing_leaves_for_a_country_where_nobody_is_verified_any_more(abroad: Abroad) -> None:
    def somebody_there(*, days: int = 0) -> bool:
        on = NOON.date() + timedelta(days=days)
        return store.is_anybody_verified(abroad.session, "ZM", "NA", on=on)

    first = somebody_there()
    over = somebody_there(days=60)
    guests.end(abroad.session, abroad.office.head, abroad.guest_id, now=NOON)

    assert (first, over, somebody_there()) == (True, False, False)


def test_a_recipient_is_over_on_the_day_after_the_last(abroad: Abroad) -> None:
    item = abroad.item()
    last = date(2026, 4, 15)

    row = store.item(abroad.session, item)
    guest = store.guest(abroad.session, abroad.guest_id)

    assert row is not None
    assert guest is not None
    assert guest_items.is_open(row, guest, now=NOON.replace(month=last.month, day=last.day))
    assert not guest_items.is_open(row, guest, now=NOON.replace(month=last.month, day=last.day + 1))


@pytest.mark.threat("TT65")
def test_keepers_of_accounts_in_the_country_of_a_recipient_do_not_come_by_its_account(
    abroad: Abroad,
) -> None:
    session, item = abroad.session, abroad.item()
    guests.open_account(session, abroad.office.second, abroad.guest_id, now=NOON)
    row = store.guest(session, abroad.guest_id)
    assert row is not None
    account = str(row.account_id)
    keeper = a_person_of_the_country(Role.ADMINISTRATOR, country="NA")
    secretariat = Grant(Role.SECRETARIAT, ScopeKind.COUNTRY, "NA")

    for act in (
        lambda: invitations.invite(session, keeper, account, now=NOON),
        lambda: invitations.reset(session, keeper, account, now=NOON),
        lambda: people.suspend(session, keeper, account, now=NOON),
        lambda: people.read_account(session, keeper, account, now=NOON),
        lambda: give_role(session, keeper, account, secretariat, now=NOON),
    ):
        with pytest.raises(NotThere):
            act()

    assert people.list_accounts(session, keeper, now=NOON) == []
    assert store.item(session, item) is not None


@pytest.mark.threat("TT66")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_stolen_database_names_no_recipient_and_opens_no_link(
    abroad: Abroad, database: Database, tmp_path: Path
) -> None:
    item = abroad.item()
    made = abroad.link(item)
    account = guests.open_account(abroad.session, abroad.office.second, abroad.guest_id, now=NOON)
    cookie = abroad.opened(made).cookie
    abroad.session.commit()

    raw = b"".join(path.read_bytes() for path in tmp_path.glob("bid.sqlite3*"))

    assert database.engine.dialect.name == "sqlite"
    assert abroad.guest_id.encode() in raw
    hidden = (
        *vars(WHO).values(),
        made.secret,
        made.code,
        cookie,
        account.login,
        account.invitation.token,
    )
    assert [one for one in hidden if one.encode() in raw] == []
    plain = sha256(made.code.encode()).hexdigest()
    assert plain.encode() not in raw


@pytest.mark.parametrize("keeps", [True, False])
def test_documents_reach_a_recipient_only_where_the_message_lets_them_be_kept(
    abroad: Abroad, tmp_path: Path, *, keeps: bool
) -> None:
    session, office = abroad.session, abroad.office
    asked = guest_answers.answer(
        session, abroad.here(abroad.item()), str(store.items_of_guest(session, abroad.guest_id, on=NOON.date())[0].id),
        MessageType.INFO_REQUEST, a_body(MessageType.INFO_REQUEST), no=new_id(), now=NOON,
    )  # fmt: skip
    guest_review.confirm(session, office.writer, asked, now=NOON)
    paper = a_paper(session, abroad.team.worker, abroad.case_id, tmp_path)
    reply = a_written(
        office, abroad.transfer_id, MessageType.INFO_REPLY, a_body(MessageType.INFO_REPLY)
    )
    documents.choose(
        session,
        office.writer,
        reply,
        [Choice(paper)],
        files=tmp_path,
        view_only=not keeps,
        now=NOON,
    )
    messages.sign(session, office.head, reply, now=NOON)
    abroad.message_id = reply

    item = abroad.item(view_only=False)
    here = abroad.here(item)
    parts = guest_reading.open_item(session, here, item, files=tmp_path, now=NOON).parts

    assert [part.media for part in parts] == ["application/json", "application/pdf"][: 1 + keeps]
    if keeps:
        part, content = guest_reading.download(session, here, item, 2, files=tmp_path, now=NOON)
        with content:
            assert (content.read(), part.size) == (PDF, len(PDF))

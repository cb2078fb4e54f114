"""What recipients answer: a statement until an officer confirms it, and never a consent."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlmodel import Session, select

from cases.tables.consent import ConsentRow
from core.actors import Actor
from core.errors import BadInput, NotThere, WrongState
from core.ids import new_id
from core.outbox import OutboxRow
from core.scanning import ScannerAway
from core.vault import Unreadable
from tests.builders.guests import PHONE, Abroad
from tests.builders.messages import a_body
from tests.conftest import NOON
from transfers.errors import NotToBeTaken, PaperNotLookedAt, SecondOfficerNeeded
from transfers.rules.codes import MessageType
from transfers.rules.guests import Carrier, ReplyState, SetAside
from transfers.service import (
    guest_answers,
    guest_items,
    guest_links,
    guest_reading,
    guest_review,
    guests,
)
from transfers.service.guest_answers import Paper
from transfers.service.guest_reading import Visitor
from transfers.store import guests as store
from transfers.store import transfers as transfer_store
from transfers.tables.guest import GuestReplyRow

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
YES = MessageType.ENQUIRY_REPLY


@pytest.fixture
def abroad(session: Session) -> Abroad:
    """An enquiry, and somebody verified to read it."""
    return Abroad(session)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where sealed papers lie, beside nothing else."""
    return tmp_path / "files"


def _answered(abroad: Abroad, here: Visitor, type_: MessageType = YES, **body: object) -> str:
    values = {"answer": "positive", "consents": False} | body if type_ is YES else body
    return guest_answers.answer(
        abroad.session, here, str(here.only), type_, a_body(type_, **values), no=new_id(), now=NOON
    )


@pytest.mark.rule("R34", "R36")
@pytest.mark.threat("TT47")
def test_an_answer_changes_nothing_until_an_officer_who_did_not_give_it_confirms_it(
    abroad: Abroad,
) -> None:
    here = abroad.here(abroad.item())
    consents = len(abroad.session.exec(select(ConsentRow)).all())

    reply = _answered(abroad, here)
    before = abroad.office.state(abroad.transfer_id)
    with pytest.raises(SecondOfficerNeeded):
        guest_review.confirm(abroad.session, abroad.office.second, reply, now=NOON)
    after = guest_review.confirm(abroad.session, abroad.office.writer, reply, now=NOON)

    message = transfer_store.messages(abroad.session, abroad.transfer_id)[-1]
    assert (before, after) == ("sent", "answered_positive")
    assert (message.is_ours, message.type, message.standing) == (False, "ENQUIRY_REPLY", "admitted")
    assert len(abroad.session.exec(select(ConsentRow)).all()) == consents
    with pytest.raises(WrongState):
        guest_review.confirm(abroad.session, abroad.office.writer, reply, now=NOON)


@pytest.mark.rule("R36")
@pytest.mark.threat("TT56")
def test_whoever_held_link_and_code_does_not_confirm_what_was_answered_with_them(
    abroad: Abroad,
) -> None:
    item = abroad.item()
    alone = abroad.office.writer
    made = guest_links.make_link(
        abroad.session, alone, item, link_by=Carrier.EMAIL, code_by=Carrier.PHONE, now=NOON
    )
    cookie = abroad.opened(made).cookie  # with what only that officer was shown
    here = guest_reading.visitor(abroad.session, cookie, device=PHONE, now=NOON)
    reply = _answered(abroad, here)

    with pytest.raises(SecondOfficerNeeded):
        guest_review.confirm(abroad.session, alone, reply, now=NOON)

    assert abroad.office.state(abroad.transfer_id) == "sent"
    guest_review.confirm(abroad.session, abroad.third, reply, now=NOON)
    assert abroad.office.state(abroad.transfer_id) == "answered_positive"


@pytest.mark.rule("R36")
@pytest.mark.threat("TT56")
def test_whoever_opened_the_account_of_a_recipient_does_not_confirm_what_it_answered(
    abroad: Abroad,
) -> None:
    item = abroad.item()
    session, alone = abroad.session, abroad.office.writer
    guests.open_account(session, alone, abroad.guest_id, now=NOON)
    guest = store.guest(session, abroad.guest_id)
    assert guest is not None
    identity = guests.identity_of(session, guest)
    actor = Actor(str(guest.account_id), "the officer at the keyboard", "NA")
    here = Visitor(guest.id, "NA", identity, actor, None, "")
    reply = guest_answers.answer(
        session, here, item, YES, a_body(YES, answer="positive", consents=False), no=new_id(),
        now=NOON,
    )  # fmt: skip
    later = NOON + timedelta(minutes=1)
    guests.open_account(session, abroad.third, abroad.guest_id, now=later)  # begun anew since

    with pytest.raises(SecondOfficerNeeded):
        guest_review.confirm(session, alone, reply, now=later)

    guest_review.confirm(session, abroad.third, reply, now=later)
    assert abroad.office.state(abroad.transfer_id) == "answered_positive"


@pytest.mark.rule("R34")
def test_a_recipient_s_yes_is_never_the_signed_consent_of_the_state(abroad: Abroad) -> None:
    here = abroad.here(abroad.item())

    with pytest.raises(NotThere):
        _answered(abroad, here, consents=True)


def test_what_was_set_aside_stays_on_file_and_out_of_the_record(abroad: Abroad) -> None:
    here = abroad.here(abroad.item())
    reply = _answered(abroad, here)

    guest_review.set_aside(
        abroad.session, abroad.office.writer, reply, SetAside.NOT_FROM_THEM, now=NOON
    )

    row = abroad.session.get(GuestReplyRow, reply)
    assert row is not None
    assert (row.state, row.settled_why) == ("set_aside", "not_from_them")
    assert abroad.office.state(abroad.transfer_id) == "sent"
    assert guest_review.list_waiting(abroad.session, abroad.office.head, now=NOON).answers == ()


def test_questions_and_confirmations_enter_the_record_as_letters_do(abroad: Abroad) -> None:
    here = abroad.here(abroad.item())

    seen = _answered(abroad, here, MessageType.ACK)
    asked = _answered(abroad, here, MessageType.INFO_REQUEST)
    waiting = guest_review.list_waiting(abroad.session, abroad.office.head, now=NOON)
    states = [
        guest_review.confirm(abroad.session, abroad.office.writer, one, now=NOON)
        for one in (seen, asked)
    ]

    assert [one.type for one in waiting.answers] == [MessageType.ACK, MessageType.INFO_REQUEST]
    assert all(one.state is ReplyState.WAITING for one in waiting.answers)
    assert states == ["acknowledged", "info_requested"]


def test_an_answer_that_does_not_fit_where_the_transfer_stands_is_not_there(abroad: Abroad) -> None:
    here = abroad.here(abroad.item())

    with pytest.raises(NotThere):
        _answered(abroad, here, MessageType.RECEIPT)
    with pytest.raises(NotThere):
        _answered(abroad, here, MessageType.ACCEPT)


def test_an_answer_sent_twice_is_kept_once(abroad: Abroad) -> None:
    here = abroad.here(abroad.item())
    body, no = a_body(MessageType.ACK), new_id()

    kept = {
        guest_answers.answer(
            abroad.session, here, str(here.only), MessageType.ACK, body, no=no, now=NOON
        )
        for _ in range(3)
    }

    assert len(kept) == 1


def test_one_item_takes_thirty_answers_and_no_more(abroad: Abroad) -> None:
    here = abroad.here(abroad.item())
    for _ in range(30):
        _answered(abroad, here, MessageType.ACK)

    with pytest.raises(BadInput) as refused:
        _answered(abroad, here, MessageType.ACK)

    assert refused.value.code == "too_many_answers"


def test_a_paper_is_sealed_on_the_disk_and_opens_for_officers_only(
    abroad: Abroad, folder: Path
) -> None:
    here = abroad.here(abroad.item())
    secret = PDF + b"%" + b"the aunt's village" * 70_000 + b"\nstartxref\n9\n%%EOF\n"

    made = guest_answers.take_paper(
        abroad.session, here, str(here.only), Paper("consent of the aunt.pdf", secret),
        folder=folder, now=NOON,
    )  # fmt: skip
    waiting = guest_review.list_waiting(abroad.session, abroad.office.head, now=NOON)
    opened = guest_review.open_paper(
        abroad.session, abroad.office.head, made, folder=folder, now=NOON
    )
    guest_review.settle_paper(abroad.session, abroad.office.head, made, is_kept=True, now=NOON)

    on_disk = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"village" not in on_disk
    assert (len(waiting.papers), waiting.papers[0].name) == (1, "consent of the aunt.pdf")
    assert b"".join(opened.pieces) == secret
    assert len(opened.pieces) == 2
    with pytest.raises(NotThere):
        guest_review.open_paper(
            abroad.session, abroad.team.worker, new_id(), folder=folder, now=NOON
        )


def test_a_paper_that_was_changed_on_the_disk_does_not_open(abroad: Abroad, folder: Path) -> None:
    here = abroad.here(abroad.item())
    made = guest_answers.take_paper(
        abroad.session, here, str(here.only), Paper("a.pdf", PDF), folder=folder, now=NOON
    )
    path = next(path for path in folder.rglob("*") if path.is_file())
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(bytes(raw))

    with pytest.raises(Unreadable):
        guest_review.open_paper(abroad.session, abroad.office.head, made, folder=folder, now=NOON)


NOT_PAPERS = {
    "empty": b"",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "page": b"<html><script>alert(1)</script></html>",
    "script in pdf": PDF.replace(b"1 0 obj", b"<script>alert(1)</script>"),
    "page behind pdf": PDF + b"<html></html>",
    "program": b"MZ\x90\x00program",
    "archive": b"PK\x03\x04archive",
    "too large": PDF + b"\n" * (10 * 1024 * 1024) + b"startxref\n9\n%%EOF\n",
}


@pytest.mark.threat("TT34", "TT64")
def test_a_file_that_is_not_a_paper_from_its_first_byte_to_its_last_is_not_taken(
    abroad: Abroad, folder: Path
) -> None:
    here = abroad.here(abroad.item())
    taken = []

    for what, content in NOT_PAPERS.items():
        try:
            guest_answers.take_paper(
                abroad.session,
                here,
                str(here.only),
                Paper("paper.pdf", content),
                folder=folder,
                now=NOON,
            )
        except NotToBeTaken:
            continue
        taken.append(what)

    assert taken == []
    assert not any(folder.rglob("*"))


def _away(_content: BinaryIO) -> str | None:
    raise ScannerAway


@pytest.mark.parametrize("scan", [lambda _content: "Eicar-Test", _away], ids=["found", "away"])
def test_a_paper_the_scanner_does_not_clear_is_not_kept(
    abroad: Abroad, folder: Path, scan: Callable[[BinaryIO], str | None]
) -> None:
    here = abroad.here(abroad.item())

    with pytest.raises(PaperNotLookedAt):
        guest_answers.take_paper(
            abroad.session, here, str(here.only), Paper("a.pdf", PDF), folder=folder, scan=scan,
            now=NOON,
        )  # fmt: skip

    assert not any(folder.rglob("*"))
    guest_answers.take_paper(
        abroad.session, here, str(here.only), Paper("a.pdf", PDF), folder=folder,
        scan=lambda content: None if content.read(5) == b"%PDF-" else "?", now=NOON,
    )  # fmt: skip


def test_a_name_that_hides_what_a_paper_is_is_not_kept(abroad: Abroad, folder: Path) -> None:
    here = abroad.here(abroad.item())

    guest_answers.take_paper(
        abroad.session,
        here,
        str(here.only),
        Paper("../\u202efdp.exe", PDF),
        folder=folder,
        now=NOON,
    )

    waiting = guest_review.list_waiting(abroad.session, abroad.office.head, now=NOON)
    assert waiting.papers[0].name == "paper"


def test_the_answers_a_recipient_can_give_are_those_of_the_machine(abroad: Abroad) -> None:
    item = abroad.item()
    here = abroad.here(item)

    open_now = guest_reading.open_item(
        abroad.session, here, item, files=Path("none"), now=NOON
    ).answers
    reply = _answered(abroad, here)
    guest_review.confirm(abroad.session, abroad.office.writer, reply, now=NOON)
    afterwards = guest_reading.open_item(
        abroad.session, here, item, files=Path("none"), now=NOON
    ).answers

    assert open_now == (
        MessageType.ACK, MessageType.INFO_REQUEST, MessageType.ENQUIRY_REPLY, MessageType.INCIDENT_ALERT,
    )  # fmt: skip
    assert afterwards == ()


def test_an_alarm_of_a_recipient_tells_officers_at_once_and_suspends_when_confirmed(
    abroad: Abroad,
) -> None:
    here = abroad.here(abroad.item())

    reply = _answered(abroad, here, MessageType.INCIDENT_ALERT, incident="insecurity")
    told = [
        row.topic for row in abroad.session.exec(select(OutboxRow)) if row.topic == "guest.alarm"
    ]
    state = guest_review.confirm(abroad.session, abroad.office.writer, reply, now=NOON)

    assert len(told) == 2
    assert state == "suspended"


def test_a_paper_of_a_transfer_closed_to_an_officer_is_in_no_list(
    abroad: Abroad, folder: Path
) -> None:
    from cases.service.access import bar

    here = abroad.here(abroad.item())
    _answered(abroad, here)
    guest_answers.take_paper(
        abroad.session, here, str(here.only), Paper("a.pdf", PDF), folder=folder, now=NOON
    )

    bar(
        abroad.session, abroad.office.head, case_id=abroad.case_id,
        person_id=abroad.office.writer.person_id, ref=new_id(), ground="conflict", now=NOON,
    )  # fmt: skip
    found = guest_review.list_waiting(abroad.session, abroad.office.writer, now=NOON)

    assert (found.answers, found.papers) == ((), ())
    with pytest.raises(NotThere):
        guest_items.list_items(abroad.session, abroad.office.writer, abroad.transfer_id, now=NOON)

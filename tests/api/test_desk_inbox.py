"""What came from other countries: opened one by one, matched by a person, and alerts that stay until their cause is gone."""

from datetime import datetime, timedelta

import pytest

from cases.service import search
from core.actors import Role
from core.exchange import receipts
from core.exchange.encoding import digest
from core.exchange.kinds import Kind
from core.exchange.receipts import Event, Subject
from core.ids import new_id
from tests.api.abroad import (
    Secretariat,
    a_request,
    bare,
    came,
    day,
    links,
    moment,
    seen,
    they_say,
    zambia,
)
from tests.builders.cases import a_caseworker, a_registered_case
from tests.builders.exchange import HASH, NAMIBIA, ZAMBIA, signing_key_of
from tests.builders.requests import START
from tests.builders.transfers import a_child_to_tell_of, a_draft
from transfers.rules.codes import MessageType
from transfers.rules.delivery import InState, OutState
from transfers.rules.guests import Verified
from transfers.service import alerts, drafting, evidence, guests, sending
from transfers.service.guests import Identity
from transfers.store import deliveries
from transfers.store import transfers as store
from transfers.tables.delivery import (
    DeliveryInRow,
    DeliveryOutRow,
    RecallRow,
    ReceiptGivenRow,
    ReceiptTakenRow,
)
from transfers.tables.transfer import TransferRow

__all__ = ["zambia"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def delivered(zambia: Secretariat, transfer_id: str, state: InState = InState.ADMITTED) -> str:
    """The package that brought the last message of theirs; its message."""
    with zambia.database.unit_of_work() as session:
        message = [one for one in store.messages(session, transfer_id) if not one.is_ours][-1]
        session.add(
            DeliveryInRow(
                partner=NAMIBIA, delivery_id=new_id(), package_id=new_id(), chain=new_id(), seq=1,
                token=new_id(), token_sha256=digest(new_id().encode()), size=1, state=state.value,
                offered_at=START, moved_at=START, message_id=message.id, transfer_id=transfer_id,
                manifest_sha256=HASH,
            )
        )  # fmt: skip
        return message.id


def left(zambia: Secretariat, transfer_id: str, state: OutState) -> str:
    """The package that carries our last message; its id."""
    with zambia.database.unit_of_work() as session:
        message = [one for one in store.messages(session, transfer_id) if one.is_ours][-1]
        row = DeliveryOutRow(
            id=new_id(), number=1 + len(message.id), package_id=new_id(), message_id=message.id,
            transfer_id=transfer_id, partner=NAMIBIA, chain=new_id(), seq=1, token="t",
            token_sha256=new_id(), manifest_sha256="m", sealed_to="k", size=1, sealed_at=START,
            expires_at=START + timedelta(days=30), state=state.value, state_since=START,
            next_try_at=START + timedelta(minutes=5),
        )  # fmt: skip
        session.add(row)
        return row.id


def test_a_message_stays_in_the_inbox_until_somebody_opened_it(zambia: Secretariat) -> None:
    transfer = came(zambia)
    they_say(zambia, transfer, MessageType.INCIDENT_ALERT)
    message = delivered(zambia, transfer)

    work = seen(zambia.writer.open("/desk"))
    before = zambia.writer.open("/desk/inbox")
    board = seen(zambia.writer.open("/desk/transfers"))
    zambia.writer.open(f"/desk/messages/{message}")
    after = zambia.writer.open("/desk/inbox")

    assert f"/desk/messages/{message}" in before.text
    assert "Urgent message" in seen(before)
    assert "1 message from another country that nobody has read" in work
    assert "nobody has read" not in seen(zambia.writer.open("/desk"))
    assert "came in, not read yet" in board
    assert f"/desk/messages/{message}" not in after.text
    assert "Read by an officer of ours" in seen(zambia.writer.open(f"/desk/messages/{message}"))
    assert bare(before) == []


@pytest.mark.rule("R53")
def test_a_person_says_which_child_on_file_another_country_writes_of(zambia: Secretariat) -> None:
    transfer = came(zambia)
    path = f"/desk/transfers/{transfer}/child"
    with zambia.database.unit_of_work() as session:
        facts = {
            "names": {"given": "Amani", "family": "Mwila"}, "nationalities": ["ZM"],
            "age_years": 11, "age_stated_on": "2026-01-10",
        }  # fmt: skip
        case = a_registered_case(
            session, owner=a_caseworker(), restricted=facts, nationality_code="ZM"
        )
        case_id, code = case.id, case.child_code
        search.index_names(session, case_id, ("Amani", "Mwila"), now=START)

    plain = zambia.writer.open(path)
    looked = zambia.writer.fill(path, {"act": "look", "given": "Amani", "family": "Mwila"})
    matched = zambia.writer.fill(path, {"act": "match", "case": case_id})
    twice = zambia.writer.fill(path, {"act": "open", "office": "ZM-07-LIV"})

    assert "Open a case" in seen(plain)
    assert code in seen(looked)
    assert "name written alike" in seen(looked)
    assert "Amani" not in str(looked.url)
    assert matched.status_code == 303, seen(matched)
    assert twice.status_code == 409
    assert "Somebody has said who this child is" in seen(zambia.writer.open(path))
    assert bare(looked) == []


def test_a_case_is_opened_at_an_office_for_a_child_nobody_knows(zambia: Secretariat) -> None:
    transfer = came(zambia)
    path = f"/desk/transfers/{transfer}/child"
    office = zambia.writer.open(path).text.split('id="office"')[1].split('<option value="')[2]

    nowhere = zambia.writer.fill(path, {"act": "open", "office": ""})
    opened = zambia.writer.fill(path, {"act": "open", "office": office.split('"')[0]})

    assert nowhere.status_code == 409
    assert opened.status_code == 303
    with zambia.database.unit_of_work() as session:
        row = session.get(TransferRow, transfer)
        assert row is not None
        assert row.case_id is not None


@pytest.mark.threat("TT53")
def test_what_they_took_back_is_closed_and_answered_in_the_inbox(zambia: Secretariat) -> None:
    transfer = came(zambia)
    message = delivered(zambia, transfer, InState.RECALL_PENDING)
    with zambia.database.unit_of_work() as session:
        (package,) = deliveries.for_message(session, [message])
        session.add(
            RecallRow(
                notice_id=new_id(), is_ours=False, partner=NAMIBIA, package_id=package.package_id,
                text="t", token_sha256=digest(new_id().encode()), reason="error", action="delete", at=START,
                state="blocked", due_on=START.date() + timedelta(days=7), next_try_at=START,
            )
        )  # fmt: skip

    page = zambia.writer.open("/desk/inbox")
    closed = zambia.writer.open(f"/desk/messages/{message}")
    board = seen(zambia.writer.open("/desk/transfers"))
    recall = page.text.split('name="recall" value="')[1][:36]
    unchosen = zambia.writer.fill("/desk/inbox", {"act": "recall", "recall": recall, "answer": ""})
    kept = {"act": "recall", "recall": recall, "answer": "court_order"}
    answered = zambia.writer.fill("/desk/inbox", kept)

    assert "The other country took it back" in seen(page)
    assert "Namibia took something back" in board
    assert "The other country took this back" in seen(closed)
    assert "A visit to the home" not in seen(closed)
    assert unchosen.status_code == 409
    assert answered.status_code == 303, seen(answered)
    assert "took something back" not in seen(zambia.writer.open("/desk/transfers"))
    assert "a court ordered it" in seen(zambia.writer.open(f"/desk/messages/{message}"))
    assert bare(page) == []


def test_a_message_that_was_not_taken_in_time_is_on_the_board_until_it_is_sent_again(
    zambia: Secretariat,
) -> None:
    transfer = a_request(zambia)
    delivery = left(zambia, transfer, OutState.EXPIRED)

    board = zambia.writer.open("/desk/transfers")
    page = seen(zambia.writer.open(f"/desk/transfers/{transfer}"))
    with zambia.database.unit_of_work() as session:
        row = session.get(DeliveryOutRow, delivery)
        assert row is not None
        row.state = OutState.VIEWED.value
        session.add(row)
        session.add(_receipt(delivery))
    after = seen(zambia.writer.open("/desk/transfers"))

    assert "A message was not taken in time" in seen(board)
    assert "It stands still: not taken in time" in page
    assert "A message was not taken in time" not in after
    assert "Last package: read by an officer over there" in after
    assert bare(board) == []


def _receipt(delivery: str) -> ReceiptTakenRow:
    about = Subject(Kind.DELIVERY, delivery, new_id(), HASH, ZAMBIA, NAMIBIA, HASH)
    made = receipts.make(
        Event.VIEWED,
        about,
        receipt=new_id(),
        key=signing_key_of(NAMIBIA),
        now=START + timedelta(hours=2),
    )
    return ReceiptTakenRow(
        sha256=made.token.digest, partner=NAMIBIA, jti=made.id, subject=delivery, event="viewed",
        standing="valid", text=made.token.text, number=1, taken_at=START,
    )  # fmt: skip


def test_the_board_is_filtered_by_corridor_and_direction(zambia: Secretariat) -> None:
    came(zambia)
    a_request(zambia)

    def lines(query: str) -> int:
        page = zambia.writer.open(f"/desk/transfers?{query}").text
        return len([one for one in links(page, "/desk/transfers/") if one.count("/") == 3])

    assert lines("") == 2
    assert lines("direction=inbound") == 1
    assert lines("corridor=ZM-NA") == 1
    assert lines("corridor=ZM-CD") == 0
    assert lines("corridor=nonsense") == 2


def test_a_transfer_that_stands_still_is_an_alert_until_it_goes_on(zambia: Secretariat) -> None:
    transfer = a_request(zambia)
    form = {"incident": "insecurity"} | moment("at", START.date())
    made = zambia.writer.fill(f"/desk/transfers/{transfer}/say/urgent", form)
    path = str(made.headers["location"])
    quiet = seen(zambia.head.open("/desk/transfers"))
    zambia.head.fill(path, {"act": "sign", "version": "1"})

    assert "A transfer stands still" not in quiet
    assert "A transfer stands still" in seen(zambia.head.open("/desk/transfers"))


def test_an_evidence_log_nobody_else_can_vouch_for_is_an_alert_after_a_week(
    zambia: Secretariat,
) -> None:
    with zambia.database.unit_of_work() as session:
        evidence.sign_checkpoint(session, now=START, anew=True)

    def causes(days: int) -> set[alerts.Cause]:
        with zambia.database.unit_of_work() as session:
            at = START + timedelta(days=days)
            found = alerts.list_alerts(session, zambia.office.head, now=at)
        return {one.cause for one in found}

    # Namibia was trusted long before START, and the ceremony was signed for then.
    with zambia.database.unit_of_work() as session:
        session.add(_stored_receipt(START - timedelta(hours=1)))
    soon, late = causes(6), causes(8)
    with zambia.database.unit_of_work() as session:
        session.add(_stored_receipt(START + timedelta(days=1)))

    assert alerts.Cause.UNWITNESSED not in soon
    assert alerts.Cause.UNWITNESSED in late
    assert alerts.Cause.UNWITNESSED not in causes(8)


def _stored_receipt(signed_at: datetime) -> ReceiptGivenRow:
    """A receipt of ours that Namibia says it holds."""
    return ReceiptGivenRow(
        id=new_id(), partner=NAMIBIA, subject=new_id(), event="admitted", text="t", sha256="s",
        number=int(signed_at.timestamp()), signed_at=signed_at, stored_at=signed_at,
        next_try_at=signed_at,
    )  # fmt: skip


def test_others_than_officers_have_no_inbox(zambia: Secretariat) -> None:
    auditor = zambia.other(Role.AUDITOR)

    assert auditor.open("/desk/inbox").status_code == 404
    assert "Inbox" not in seen(auditor.open("/desk"))


PAPER = {
    "ref": "NA-2026-0017", "asked": "home_study", "child.child_code": "NA-KID-0017",
    "child.age_band": "10-12", "child.age_basis": "stated", "child.sex": "female",
    "child.nationality": "ZMB", "child.languages": "en", "child.accompaniment": "unaccompanied",
    "care.type": "foster", "care.priority": "high", "matter.kind": "family_reunification",
    "matter.reason": "An uncle is said to live in the north.", "contact.office": "Directorate",
    **day("reply_due", START.date() + timedelta(days=60)),
}  # fmt: skip


def test_an_enquiry_on_paper_becomes_a_transfer_and_its_answer_stays_with_two_officers(
    zambia: Secretariat,
) -> None:
    path = "/desk/inbox/paper/NA/enquiry"
    chosen = zambia.writer.open("/desk/inbox/paper")
    short = zambia.writer.fill(path, PAPER | {"child.sex": "", "matter.reason": ""})
    made = zambia.writer.fill(path, PAPER)
    transfer = str(made.headers.get("location", ""))
    page = zambia.writer.open(transfer)

    assert path in chosen.text
    assert "Sex: Fill this in." in seen(short)
    assert 'value="NA-KID-0017"' in short.text
    assert made.status_code == 303, seen(made)
    assert "From Namibia to Zambia" in seen(page)
    assert "An uncle is said to live in the north." in seen(
        zambia.writer.open(f"{transfer}/summary")
    )
    assert bare(page) == bare(zambia.writer.open(path)) == []
    assert zambia.writer.open("/desk/inbox/paper/ZM/enquiry").status_code == 404


@pytest.mark.rule("R36")
def test_an_answer_on_paper_is_typed_in_by_somebody_who_did_not_ask(zambia: Secretariat) -> None:
    with zambia.database.unit_of_work() as session:
        office = zambia.office
        office.session = session
        who = Identity("Selma Amukoshi", "Ministry", "Worker", "+264 61 000 000", "Directory")
        ends = START.date() + timedelta(days=60)
        guest = guests.propose(session, office.writer, "NA", who, ends_on=ends, now=START)
        guests.verify(session, office.second, guest, Verified.KNOWN_NUMBER, now=START)
        found = a_draft(office, a_child_to_tell_of(session))
        drafting.submit(session, office.writer, found, now=START)
        drafting.check(session, office.second, found, now=START)
        sending.name_receiver(session, office.second, found, "NA.paper", now=START)
        sending.send(session, office.head, found, now=START)
    path = f"/desk/transfers/{found}/paper"
    said = {"complete": "yes", "office.office": "Directorate"}

    listed = zambia.second.open(path)
    alone = zambia.writer.fill(f"{path}/seen", said)
    done = zambia.second.fill(f"{path}/seen", said)

    assert "They: Say that you have seen it" in seen(listed)
    assert alone.status_code == 422
    assert done.status_code == 303, seen(done)
    assert "Seen by an officer over there" in seen(zambia.writer.open(f"/desk/transfers/{found}"))

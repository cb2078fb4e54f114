"""Pages of recipients without an installation: two officers, secrets shown once, answers confirmed by another."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.api.abroad import VERSION, Secretariat, bare, day, links, seen, zambia
from tests.builders.messages import a_body
from tests.builders.requests import START
from tests.builders.transfers import a_child_to_tell_of, a_draft
from transfers.rules.codes import MessageType
from transfers.service import drafting, guest_answers, guest_links, guest_reading, sending
from transfers.service.guest_links import OpenedLink

__all__ = ["zambia"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LIST = "/desk/recipients"
UNTIL = START.date() + timedelta(days=30)
WHO = {
    "of_country": "NA", "name": "Selma Amukoshi", "office": "Ministry, Windhoek",
    "post": "Social worker", "phone": "+264 61 000 000", "number_from": "State directory",
    **day("ends", UNTIL),
}  # fmt: skip


def verified(zambia: Secretariat) -> str:
    """Somebody named by one officer and made sure of by another; the address of their page."""
    path = str(zambia.writer.fill(LIST, {"act": "propose", **WHO}).headers["location"])
    version = VERSION.search(zambia.second.open(path).text)
    assert version
    form = {"act": "verify", "how": "known_number", "version": version[1]}
    assert zambia.second.fill(path, form).status_code == 303
    return path


def on_paper(zambia: Secretariat) -> str:
    """An enquiry signed for a country without an installation."""
    with zambia.database.unit_of_work() as session:
        office = zambia.office
        office.session = session
        found = a_draft(office, a_child_to_tell_of(session))
        drafting.submit(session, office.writer, found, now=START)
        drafting.check(session, office.second, found, now=START)
        sending.name_receiver(session, office.second, found, "NA.paper", now=START)
        sending.send(session, office.head, found, now=START)
    return f"/desk/transfers/{found}/recipients"


@pytest.mark.threat("TT56")
def test_a_recipient_is_made_sure_of_by_a_second_officer_and_the_text_is_shown_once(
    zambia: Secretariat,
) -> None:
    empty = zambia.writer.fill(LIST, {"act": "propose", **WHO, "number_from": ""})
    path = str(zambia.writer.fill(LIST, {"act": "propose", **WHO}).headers["location"])
    own = zambia.writer.open(path)
    alone = zambia.writer.fill(path, {"act": "verify", "how": "in_person", "version": "1"})
    path = verified(zambia)
    made = zambia.writer.fill(path, {"act": "account"})
    again = zambia.writer.open(path)

    secret = made.text.split('class="desk-groups">')[2].split("<")[0]
    assert 'value="Ministry, Windhoek"' in empty.text
    assert "A colleague makes sure who it is" in seen(own)
    assert alone.status_code == 409
    assert "Write both down now" in seen(made)
    assert len(secret) > 20
    assert secret not in again.text
    assert bare(again) == bare(zambia.writer.open(LIST)) == []


@pytest.mark.rule("R36")
def test_what_a_recipient_answers_is_confirmed_by_an_officer_who_gave_nothing(
    zambia: Secretariat,
) -> None:
    verified(zambia)
    path = on_paper(zambia)
    page = zambia.second.open(path).text
    guest = page.split('id="recipient"')[1].split('<option value="')[2].split('"')[0]
    message = page.split('id="message"')[1].split('<option value="')[2].split('"')[0]
    form = {"act": "give", "recipient": guest, "message": message, **day("ends", UNTIL)}
    given = zambia.second.fill(path, form)
    item = zambia.second.open(path).text.split('name="item" value="')[1][:36]
    same_way = zambia.second.fill(
        path, {"act": "link", "item": item, "link_by": "phone", "code_by": "phone"}
    )
    made = zambia.second.fill(
        path, {"act": "link", "item": item, "link_by": "email", "code_by": "phone"}
    )
    shown = [one.split("<")[0] for one in made.text.split('class="desk-groups">')[1:]]
    with zambia.database.unit_of_work() as session:
        opened = guest_links.open_link(
            session, shown[0].rpartition("/r/")[2], shown[1].replace(" ", ""),
            address="192.0.2.7", device="phone", now=START,
        )  # fmt: skip
        assert isinstance(opened, OpenedLink)
        here = guest_reading.visitor(session, opened.cookie, device="phone", now=START)
        guest_answers.answer(
            session, here, item, MessageType.ACK, a_body(MessageType.ACK), now=START,
            no="11111111-2222-4333-8444-555555555555",
        )  # fmt: skip
    listed = zambia.second.open(LIST)
    answer = listed.text.split('name="answer" value="')[1][:36]
    by_giver = zambia.second.fill(LIST, {"act": "confirm", "answer": answer})
    by_other = zambia.head.fill(LIST, {"act": "confirm", "answer": answer})

    assert given.status_code == 303, seen(given)
    assert same_way.status_code == 409
    assert "What recipients sent back" in seen(listed)
    assert "1 answer or paper of a recipient waits" not in seen(zambia.head.open("/desk/inbox"))
    assert by_giver.status_code == 409
    assert by_other.status_code == 303, seen(by_other)
    assert "Seen by an officer over there" in seen(
        zambia.head.open(path.removesuffix("/recipients"))
    )
    assert bare(listed) == bare(zambia.second.open(path)) == []


def test_taking_an_item_back_closes_it_at_once(zambia: Secretariat, app: FastAPI) -> None:
    verified(zambia)
    path = on_paper(zambia)
    page = zambia.second.open(path).text
    guest = page.split('id="recipient"')[1].split('<option value="')[2].split('"')[0]
    message = page.split('id="message"')[1].split('<option value="')[2].split('"')[0]
    zambia.second.fill(
        path, {"act": "give", "recipient": guest, "message": message, **day("ends", UNTIL)}
    )
    item = zambia.second.open(path).text.split('name="item" value="')[1][:36]

    zambia.writer.fill(path, {"act": "take_back", "item": item})

    assert "Taken back" in seen(zambia.second.open(path))
    assert 'value="take_back"' not in zambia.second.open(path).text
    assert links(zambia.second.open(LIST).text, LIST + "/") != []
    assert TestClient(app).get(path).status_code == 401

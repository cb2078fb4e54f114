"""Answers on paper over HTTP and at the desk: print, bring, look, confirm; refused in words, for officers only."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from core.actors import Role
from core.db import Database
from tests.api.desks import Desks, desks
from tests.browser.desks import named
from tests.builders.accounts import country_wide
from tests.builders.filled_in import as_jpeg, drawn, ticked
from tests.builders.guests import Abroad
from transfers.service.answer_forms import laid_out

__all__ = ["desks"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


class Secretariat:
    """Two officers of the secretariat, and an enquiry to a country that answers by hand."""

    def __init__(self, desks: Desks, database: Database) -> None:
        with database.unit_of_work() as session:
            abroad = Abroad(session)
            self.transfer_id = abroad.transfer_id
            for officer in (abroad.office.writer, abroad.office.second, abroad.office.head):
                named(session, officer.person_id, "Bwalya Mulenga")
        self.printer = desks.holding("p.mulenga", country_wide(Role.SECRETARIAT))
        self.reader = desks.holding("r.banda", country_wide(Role.SECRETARIAT))
        self.page = f"/desk/transfers/{self.transfer_id}/answer-forms"

    def filled(self, *names: str) -> bytes:
        form = self.printer.client.get(f"/papers/answer-form/{self.transfer_id}")
        assert form.status_code == 200, form.text
        return as_jpeg(ticked(drawn(form.content), laid_out()["E1"], names))

    def token(self) -> str:
        found = TOKEN.search(self.reader.client.get(self.page).text)
        assert found
        return found[1]

    def bring(self, content: bytes, **fields: str) -> Any:
        return self.reader.client.post(
            self.page, data={"form_token": self.token(), **fields},
            files={"file": ("answer.jpg", content, "image/jpeg")}, follow_redirects=False,
        )  # fmt: skip

    def send(self, path: str, values: Mapping[str, str], desk: Any = None) -> Any:
        client = (desk or self.reader).client
        found = TOKEN.search(client.get(self.page).text)
        assert found
        return client.post(path, data={"form_token": found[1], **values}, follow_redirects=False)


@pytest.fixture
def office(desks: Desks, database: Database) -> Secretariat:
    """The secretariat."""
    return Secretariat(desks, database)


YES = {
    "answer": "yes-to-enquiry", "text": "The aunt is ready.", "family": "confirmed", "by.name": "S. Amukoshi",
    "by.office": "Ministry", "version": "1",
}  # fmt: skip


@pytest.mark.rule("R34", "R36")
def test_a_form_is_printed_brought_looked_at_and_put_on_record_at_the_desk(
    office: Secretariat,
) -> None:
    brought = office.bring(office.filled("answer:yes-to-enquiry", "family:confirmed"))
    assert brought.status_code == 303, brought.text
    at = brought.headers["location"]
    page = office.reader.client.get(at).text
    picture = office.reader.client.get(f"{at}/picture")

    missing = office.send(f"{at}/confirmation", YES | {"text": "", "by.name": ""})
    alone = office.send(f"{at}/confirmation", YES, office.printer)
    done = office.send(f"{at}/confirmation", YES)
    again = office.send(f"{at}/confirmation", YES)
    transfer = office.reader.client.get(f"/desk/transfers/{office.transfer_id}").text

    assert "They answer yes" in page
    assert '<option value="confirmed" selected>' in page
    assert picture.headers["content-type"] == "image/jpeg"
    assert missing.status_code == 409
    assert "Name of whoever signed it: " in missing.text
    assert 'value="Ministry"' in missing.text
    assert alone.status_code == 409
    assert "Whoever printed this form does not confirm" in alone.text
    assert "The aunt is ready." in alone.text
    assert (done.status_code, done.headers["location"]) == (
        303,
        f"/desk/transfers/{office.transfer_id}",
    )
    assert again.status_code == 409
    assert "Answers on paper" in transfer


def test_a_refused_file_is_said_in_words_and_nothing_typed_is_lost(office: Secretariat) -> None:
    page = drawn(office.printer.client.get(f"/papers/answer-form/{office.transfer_id}").content)
    cases = {
        "Choose the photograph or scan": b"",
        "This file cannot be taken": b"GIF89a not a picture",
        "No answer form is seen on it": as_jpeg(page.crop((0, 400, page.width, 1200))),
    }

    for words, content in cases.items():
        answer = office.bring(content, check_code="ABCD-EFGH")
        assert answer.status_code == 409, words
        assert words in answer.text
        assert 'value="ABCD-EFGH"' in answer.text


def test_an_unclear_answer_is_chosen_by_whoever_reads_the_paper_or_set_aside(
    office: Secretariat,
) -> None:
    both = office.bring(office.filled("answer:yes-to-enquiry", "answer:no-to-enquiry"))
    at = both.headers["location"]

    page = office.reader.client.get(at).text
    chosen = office.reader.client.get(f"{at}?answer=no-to-enquiry").text
    wrong = office.send(f"{at}/confirmation", YES | {"answer": "accept"})
    aside = office.send(f"{at}/aside", {"why": "mistake", "version": "1"})
    after = office.reader.client.get(office.page).text

    assert "More than one answer is ticked." in page
    assert 'name="text"' not in page
    assert 'name="alternatives"' in chosen
    assert "choose an answer that can be given now" in wrong.text
    assert aside.status_code == 303
    assert "Set aside" in after


@pytest.mark.threat("TT63")
def test_a_file_counts_only_from_a_page_of_ours_and_from_somebody_signed_in(
    office: Secretariat, app: FastAPI
) -> None:
    content = office.filled("answer:ask")
    stranger = TestClient(app, raise_server_exceptions=False)

    planted = office.bring(content, form_token="0" * 64)
    unknown = stranger.post(office.page, files={"file": ("a.jpg", content, "image/jpeg")})

    assert "open since before you last signed in" in planted.text
    assert unknown.status_code == 401
    assert office.reader.client.get(f"/transfers/{office.transfer_id}/paper-answers").json() == {
        "items": []
    }


def test_the_api_brings_reads_and_confirms_a_form(office: Secretariat) -> None:
    client = office.reader.client
    content = office.filled("answer:seen")
    octets = {"content-type": "application/octet-stream", "x-csrf-token": office.reader.csrf}

    made = client.put(
        f"/transfers/{office.transfer_id}/paper-answers/content", content=content, headers=octets
    )
    again = client.put(
        f"/transfers/{office.transfer_id}/paper-answers/content", content=content, headers=octets
    )
    at = f"/paper-answers/{made.json()['id']}"
    found = client.get(at).json()
    scan = client.get(f"{at}/content")
    said = {
        "type": "ACK",
        "body": {
            "handled_by": "NA.paper", "complete": True,
            "office": {"office": "Ministry", "role": "A17"},
        },
    }  # fmt: skip
    headers = {"x-csrf-token": office.reader.csrf}
    done = client.post(f"{at}/confirmations", json=said, headers=headers)
    late = client.post(f"{at}/refusals", json={"why": "mistake"}, headers=headers)

    assert (found["answer"], found["state"], found["doubts"]) == ("seen", "waiting", [])
    assert again.status_code == 409
    assert again.json()["missing"][0]["code"] == "form_here_already"
    assert scan.content == content
    assert scan.headers["content-disposition"] == "attachment"
    assert done.json() == {"state": "acknowledged"}
    assert late.status_code == 409


def test_no_path_of_this_installation_stands_in_what_is_sent_back(
    office: Secretariat, tmp_path: Path
) -> None:
    answer = office.bring(b"\xff\xd8\xff" + b"x" * 200)

    assert str(tmp_path) not in answer.text

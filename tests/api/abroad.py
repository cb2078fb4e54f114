"""Officers of two countries at their browsers, without script: pages of transfers, their messages and partners."""

import re
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any, Final, Protocol

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from core.actors import Role
from core.db import Database
from core.ids import new_id
from tests.api.desks import Desks
from tests.api.transferring import CAME
from tests.builders.accounts import country_wide, named
from tests.builders.cases import a_person_of_the_country
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.messages import a_body
from tests.builders.requests import START, a_request_sent
from tests.builders.transfers import Office, an_enquiry, employed, trust
from transfers.rules.codes import MessageType
from transfers.service import receiving
from transfers.service.bodies import write_message
from transfers.service.receiving import Arrived
from transfers.tables.transfer import TransferRow

TOKEN: Final = re.compile(r'name="form_token" value="([0-9a-f]{64})"')
VERSION: Final = re.compile(r'name="version" value="(\d+)"')
UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-")
RAW_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
BARE_CODE: Final = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[A-Z]+_[A-Z_]+\b|\bX\d{1,2}\b|\bZM-\d")
NAMES: Final = {"writer": "Thandiwe Zimba", "second": "Mutale Banda", "head": "Joseph Phiri"}


class _Seen(HTMLParser):
    """The words of a page as people read them; what fields hold is no part of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def seen(answer: Response) -> str:
    """The words of a page."""
    return " ".join(" ".join(_Seen(answer.text).words).split())


def bare(answer: Response) -> list[str]:
    """Ids, raw times and codes somebody would have to read."""
    text = seen(answer)
    return [one.group() for by in (UUID, RAW_TIME, BARE_CODE) for one in by.finditer(text)]


def links(page: str, begin: str) -> list[str]:
    """Where the links of a page lead, as far as they begin so."""
    return sorted({one for one in re.findall(r'href="([^"#]+)"', page) if one.startswith(begin)})


class Person:
    """One officer's browser, which runs no script."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        client.follow_redirects = False

    def open(self, path: str) -> Response:
        """Open a page."""
        return self.client.get(path)

    def send(self, path: str, page: str = "", **values: str) -> Response:
        """Send a form of a page (of its own address when none is named), with its token."""
        token = TOKEN.search(self.open(page or path).text)
        assert token, page or path
        fields = {name.replace("__", "."): value for name, value in values.items()}
        return self.client.post(path, data={"form_token": token[1], **fields})

    def fill(self, path: str, values: dict[str, str]) -> Response:
        """Send a form whose fields have names of their own."""
        token = TOKEN.search(self.open(path).text)
        assert token, path
        return self.client.post(path, data={"form_token": token[1], **values})


class Installation(Protocol):
    """Whatever holds the database of our installation."""

    database: Database


class Secretariat:
    """The secretariat of Zambia at three browsers; Namibia is trusted."""

    def __init__(self, app: FastAPI, database: Database, at: datetime = START) -> None:
        self.database, self.desks = database, Desks(app, database, at)
        app.state.clock = lambda: at
        with database.unit_of_work() as session:
            office = Office(session, "ZM", ZAMBIA)
            trust(office, NAMIBIA)
            employed(office)
            self.office = office
        for name, who in NAMES.items():
            role = Role.SECRETARIAT_HEAD if name == "head" else Role.SECRETARIAT
            person_id = getattr(office, name).person_id
            with database.unit_of_work() as session:
                named(session, person_id, who)
            desk = self.desks.holding(f"{name}.z", country_wide(role), person_id=person_id)
            setattr(self, name, Person(desk.client))

    writer: Person
    second: Person
    head: Person

    def other(self, role: Role, login: str = "other.z") -> Person:
        """Somebody with another role over the country."""
        return Person(self.desks.holding(login, country_wide(role)).client)


@pytest.fixture
def zambia(app: FastAPI, database: Database) -> Secretariat:
    """The secretariat of Zambia."""
    return Secretariat(app, database)


def a_request(zambia: Secretariat) -> str:
    """A request that was sent; its transfer."""
    with zambia.database.unit_of_work() as session:
        zambia.office.session = session
        _, transfer_id, _ = a_request_sent(zambia.office)
    return transfer_id


def an_enquiry_sent(zambia: Secretariat) -> str:
    """An enquiry that was sent; its transfer."""
    with zambia.database.unit_of_work() as session:
        zambia.office.session = session
        _, transfer_id, _ = an_enquiry(zambia.office)
    return transfer_id


def came(zambia: Installation, round_: str = "enquiry") -> str:
    """An enquiry or a request that came from Namibia; its transfer."""
    type_ = MessageType.ENQUIRY if round_ == "enquiry" else MessageType.REQUEST
    child = CAME["child"] | {"age_band": "10-12", "sex": "female", "nationality": ["ZMB"]}
    summary = {**CAME, "child": child, "matter": CAME["matter"] | {"round": round_}}
    raw = write_message(type_, a_body(type_), ref=CAME["ref"], no=new_id())
    with zambia.database.unit_of_work() as session:
        machine = a_person_of_the_country(Role.PROCEDURE)
        arrived = Arrived(NAMIBIA, "NA", raw, summary, new_id())
        return receiving.take_in(session, machine, arrived, now=START)


def they_say(zambia: Installation, transfer_id: str, type_: MessageType, **body: Any) -> None:
    """A message of theirs comes in."""
    with zambia.database.unit_of_work() as session:
        row = session.get(TransferRow, transfer_id)
        assert row is not None
        raw = write_message(type_, a_body(type_, **body), ref=row.ref, no=new_id())
        machine = a_person_of_the_country(Role.PROCEDURE)
        receiving.take_in(session, machine, Arrived(NAMIBIA, "NA", raw, None, new_id()), now=START)


def day(name: str, on: date) -> dict[str, str]:
    """A day as three fields."""
    return {
        f"{name}-day": str(on.day),
        f"{name}-month": str(on.month),
        f"{name}-year": str(on.year),
    }


def moment(name: str, on: date, time: str = "10:30") -> dict[str, str]:
    """A day and an hour as four fields."""
    return day(name, on) | {f"{name}-time": time}

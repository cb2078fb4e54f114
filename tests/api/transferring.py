"""Officers of the secretariat who send requests about a child to be told of; signing in is tested elsewhere."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlmodel import col, select

from api.dependencies import acting
from cases.service.access import bar
from core.actors import Actor, Role
from core.audit import AuditRow
from core.db import Database
from core.ids import new_id
from tests.builders.cases import a_person, a_person_of_the_country
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.messages import VALUES, a_body
from tests.builders.transfers import Office, a_child_to_tell_of, employed, trust
from tests.conftest import NOON
from transfers.rules.codes import MessageType
from transfers.service import receiving
from transfers.service.bodies import write_message
from transfers.service.receiving import Arrived

NEW: dict[str, Any] = {
    "destination": "NA",
    "round": "enquiry",
    "kind": "family_reunification",
    "reason": "better_placed",
}
SUMMARY: dict[str, Any] = {
    "reason": "The child wishes to live with an aunt, who may be in the north.",
    "child_view": "I want to live where my aunt is.",
    "asked": ["home_study"],
    "reply_due": "2026-05-01",
    "contacts": [{"office": "Secretariat", "role": "A15"}],
    "trigger": "B1",
}
CAME: dict[str, Any] = {
    "schema": "bidx-summary/1",
    "ref": "T7K2-M9QX-4HPC",
    "child": {"child_code": "KQ7M-3RTX-9A", "languages": ["en"]},
    "care": {"type": "foster", "priority": "high"},
    "matter": {"kind": "family_reunification", "round": "enquiry", "reason": "An uncle."},
}
ALERT: dict[str, Any] = {"type": "INCIDENT_ALERT", "body": VALUES[MessageType.INCIDENT_ALERT]}


class Desk:
    """Our secretariat over the application, and whoever else sends a request."""

    def __init__(self, app: FastAPI, client: TestClient, database: Database) -> None:
        self._client, self._database = client, database
        with database.unit_of_work() as session:
            office = Office(session, "ZM", ZAMBIA)
            trust(office, NAMIBIA)
            employed(office)
            team = a_child_to_tell_of(session)
        self.case_id, self.team = team.case_id, team
        self.people: dict[str, Actor] = {
            "writer": office.writer,
            "second": office.second,
            "head": office.head,
            "coordinator": team.coordinator,
            "worker": team.worker,
            "machine": replace(office.head, is_human=False),
            "administrator": a_person_of_the_country(Role.ADMINISTRATOR),
            "abroad": a_person_of_the_country(Role.SECRETARIAT_HEAD, country="NA"),
            "stranger": a_person(Role.CASEWORKER, office="ZM-99"),
        }
        app.dependency_overrides[acting] = self._who

    def _who(self, request: Request) -> Actor:
        request.state.actor = self.people[request.headers["x-person"]]
        return self.people[request.headers["x-person"]]

    def send(self, person: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request as one of the people."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.request(method, path, json=body, headers={"x-person": person, **named})

    def done(self, person: str, method: str, path: str, body: Any = None) -> Any:
        """Send a request that is expected to be carried out, and return what it answers."""
        answer = self.send(person, method, path, body)
        assert answer.is_success, f"{person} {method} {path}: {answer.text}"
        return answer.json() if answer.content else None

    def refused(self, person: str, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Send a request that is expected to be refused; return status and kind of the refusal."""
        answer = self.send(person, method, path, body)
        assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
        return answer.status_code, str(answer.json()["type"]).removeprefix("/problems/")

    def opened(self) -> str:
        """A transfer that a coordinator began and an officer of the secretariat took on."""
        body = NEW | {"officer": self.people["writer"].person_id}
        made = self.done("coordinator", "POST", f"/cases/{self.case_id}/transfers", body)
        return f"/transfers/{made['id']}"

    def ready(self) -> str:
        """A summary written, submitted, checked, its receiver found."""
        path = self.opened()
        self.done("writer", "PUT", f"{path}/summary", SUMMARY)
        self.done("writer", "POST", f"{path}/submissions")
        self.done("second", "POST", f"{path}/checks")
        self.done("second", "PUT", f"{path}/receiver", {"installation": NAMIBIA})
        return path

    def sent(self) -> str:
        """An enquiry that left."""
        path = self.ready()
        self.done("head", "POST", f"{path}/sendings", {})
        return path

    def inbound(self) -> str:
        """An enquiry that came from the other country."""
        raw = write_message(
            MessageType.ENQUIRY, a_body(MessageType.ENQUIRY), ref=CAME["ref"], no=new_id()
        )
        letter = Arrived(NAMIBIA, "NA", raw, CAME, new_id())
        with self._database.unit_of_work() as session:
            machine = a_person_of_the_country(Role.PROCEDURE)
            return f"/transfers/{receiving.take_in(session, machine, letter, now=NOON)}"

    def bar(self, person: str) -> None:
        """Close the child's case to somebody."""
        with self._database.unit_of_work() as session:
            bar(
                session, self.team.supervisor, case_id=self.case_id,
                person_id=self.people[person].person_id, ref="item", ground="recused", now=NOON,
            )  # fmt: skip

    def on_record(self, thing_id: str) -> list[str]:
        """What the audit log says of a transfer, oldest first."""
        with self._database.unit_of_work() as session:
            query = select(AuditRow.action).where(AuditRow.thing_id == thing_id)
            return list(session.exec(query.order_by(col(AuditRow.n))))


@pytest.fixture
def desk(app: FastAPI, client: TestClient, database: Database) -> Desk:
    """The secretariat, which trusts Namibia, and a child to tell of."""
    return Desk(app, client, database)

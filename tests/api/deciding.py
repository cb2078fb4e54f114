"""People around a child's decision who send requests; signing in is tested elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlmodel import col, select

from api.dependencies import acting
from core.accounts import people
from core.actors import Actor, Role
from core.audit import AuditRow
from core.db import Database, Session
from panels.service import procedure
from panels.service.panels import PanelKind
from tests.builders.accounts import OPERATOR
from tests.builders.appeals import in_secretariat
from tests.builders.cases import a_person
from tests.builders.decided import DAY, DECIDED, SIGNED, TOLD, with_guardian
from tests.builders.determinations import CHILD_VERSION, REASONS
from tests.builders.sittings import Court, a_court, in_deliberation

Begin = Callable[[Session], Court]
LATER = TOLD + timedelta(hours=1)


def words(**changes: Any) -> dict[str, Any]:
    """The first option of the ordinary report, as a panel words it in a request."""
    return {
        "outcome": "CARE_PLACEMENT",
        "destination_country": "ZM",
        "care_type": "kinship",
        "option_ref": "O1",
        "reasons": {group.value: text for group, text in REASONS.items()},
        "views_weight": "followed",
        "views_explanation": "The panel follows the wish of the child, stated freely twice.",
        "child_version": CHILD_VERSION,
        "child_version_language": "swa",
        "interim_care": "Stays with the present foster family until the move.",
        "actions": [
            {
                "kind": "other",
                "what": "Move to the relatives",
                "who": "00000000-1111-4222-8333-444444444444",
                "by_when": day(10),
            }
        ],
        "valid_until": day(80),
        "review_on": day(60),
    } | changes


def day(after: int) -> str:
    """A day after the sitting, as it is written in a request."""
    return (DAY + timedelta(days=after)).isoformat()


class Story:
    """One child's case, the people around it, and what they send."""

    def __init__(self, app: FastAPI, client: TestClient, database: Database) -> None:
        self._app, self._client, self._database = app, client, database
        self.people: dict[str, Actor] = {}
        app.dependency_overrides[acting] = self._who
        self.at(DECIDED)

    def begin(self, make: Begin = in_deliberation, *, guardian: bool = True) -> None:
        """Bring a case to a point; by default everybody is in deliberation about it."""
        with self._database.unit_of_work() as session:
            self.court = make(session)
            team = self.court.team
            assert team is not None
            self.case_id = team.case_id
            self.people = self.court.people | {
                "secretary": self.court.secretary,
                "worker": team.worker,
                "supervisor": team.supervisor,
                "coordinator": team.coordinator,
                "assessor": team.assessor,
                "stranger": a_person(Role.CASEWORKER, office="ZM-99"),
                "body": in_secretariat(session),
            }
            machine = replace(self.people["chair"], is_human=False)
            self.people["machine"] = machine
            if guardian:
                self.people["guardian"] = with_guardian(session, self.court)

    def _who(self, request: Request) -> Actor:
        return self.people[request.headers["x-person"]]

    def at(self, moment: datetime) -> None:
        """Let the application's clock stand at a moment."""
        self._app.state.clock = lambda: moment
        self.now = moment

    def send(self, person: str, method: str, path: str, *, version: int = 0, **body: Any) -> Any:
        """Send a request as one of the people."""
        headers = {"x-person": person} | ({"if-match": f'"{version}"'} if version else {})
        return self._client.request(method, path, json=body or None, headers=headers)

    def done(self, person: str, method: str, path: str, **body: Any) -> Any:
        """Send a request that is expected to be carried out, and return what it answers."""
        answer = self.send(person, method, path, **body)
        assert answer.is_success, f"{person} {method} {path}: {answer.text}"
        return answer.json() if answer.content else None

    def refused(self, status: int, person: str, method: str, path: str, **body: Any) -> set[str]:
        """Send a request that is expected to be refused; return the codes of what is missing."""
        answer = self.send(person, method, path, **body)
        assert answer.status_code == status, f"{person} {method} {path}: {answer.text}"
        assert answer.headers["content-type"].startswith("application/problem+json")
        return {one["code"] for one in answer.json().get("missing", [])}

    def follow(self) -> None:
        """Let the procedure do what follows from what people have stored."""
        with self._database.unit_of_work() as session:
            procedure.enter_decision(session, self.case_id, now=self.now)
            procedure.open_appeal_window(session, self.case_id, now=self.now)

    def employ(self, name: str, role: Role, *, person_id: str | None = None) -> Actor:
        """Let somebody begin to work in the national secretariat."""
        with self._database.unit_of_work() as session:
            who = in_secretariat(session, role, login=name, person_id=person_id)
        self.people[name] = who
        return who

    def dismiss(self, name: str) -> None:
        """Let somebody's account be in use no more."""
        with self._database.unit_of_work() as session:
            people.suspend(session, OPERATOR, self.people[name].account_id, now=self.now)

    def review_panel(self) -> None:
        """Set up the review panel of the country, with people called ``review_chair`` and so on."""
        with self._database.unit_of_work() as session:
            review = a_court(session, kind=PanelKind.REVIEW)
        self.people |= {f"review_{name}": who for name, who in review.people.items()}

    def access_of(self, name: str) -> list[str]:
        """What the audit log says about the file and one of the people, oldest first."""
        person = self.people[name].person_id
        with self._database.unit_of_work() as session:
            return [
                row.action
                for row in session.exec(select(AuditRow).order_by(col(AuditRow.n)))
                if row.action.startswith("access.") and person in row.detail
            ]

    def state(self) -> str:
        """Where the case stands, as its worker reads it."""
        return str(self.done("worker", "GET", f"/cases/{self.case_id}")["row"]["state"])

    # ---- points of the way ------------------------------------------------------------------

    @property
    def item(self) -> str:
        """The address of the agenda item."""
        return f"/agenda-items/{self.court.item_id}"

    @property
    def case(self) -> str:
        """The address of the case."""
        return f"/cases/{self.case_id}"

    def vote(self, **others: str) -> None:
        """Let everybody vote for the first option; keywords name those who choose another."""
        for name in self.court.people:
            option = others.get(name, "O1")
            opinion = {"opinion": "I would wait."} if option != "O1" else {}
            self.done(name, "POST", f"{self.item}/votes", option=option, **opinion)

    def record(self, **changes: Any) -> str:
        """Vote and record; return the decision's address."""
        self.vote()
        made = self.done("chair", "POST", f"{self.item}/determination", **words(**changes))
        self.decision = f"/determinations/{made['id']}"
        return self.decision

    def sign(self, *names: str) -> bool:
        """Let people sign what they read; True when the last signature put it in force."""
        found = False
        for name in names:
            read = self.done(name, "GET", self.decision)["line"]["content_hash"]
            answer = self.done(name, "POST", f"{self.decision}/signatures", content_hash=read)
            found = answer["in_force"]
        return found

    def in_force(self, **changes: Any) -> str:
        """Record and sign with a quorum; return the decision's address."""
        self.record(**changes)
        self.at(SIGNED)
        assert self.sign("chair", "deputy", "welfare")
        self.follow()
        return self.decision

    def tell(self, **changes: Any) -> dict[str, Any]:
        """What is on record after the talk with the child."""
        talk = {
            "told_at": TOLD.isoformat(),
            "language": "swa",
            "explained_by": self.people["worker"].person_id,
            "present": ["guardian"],
            "reaction": "agrees",
            "reaction_words": "Smiled.",
            "note": CHILD_VERSION,
            "complaint_route_explained": True,
            "appeal_route_explained": True,
        } | changes
        self.at(LATER)
        return talk

    def told(self) -> str:
        """A decision the child was told; return its address."""
        self.in_force()
        self.done("worker", "POST", f"{self.decision}/talk", **self.tell())
        self.follow()
        return self.decision


def a_wish(story: Story, **changes: Any) -> dict[str, Any]:
    """A deferral as the panel words it: one question to the caseworker."""
    due = (story.now.date()).isoformat()
    owner = story.people["worker"].person_id
    return {
        "questions": [{"text": "Is the aunt willing?", "owner": owner, "due_on": due}],
        "interim_care": "With the foster family.",
        "interim_care_is_safe": True,
    } | changes


@pytest.fixture
def story(app: FastAPI, client: TestClient, database: Database) -> Story:
    """People around one child, none of whom has done anything yet."""
    return Story(app, client, database)

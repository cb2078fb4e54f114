"""Correcting what is on file about a child, two people at once."""

import re
from html import unescape
from typing import Any, Final

import pytest
from httpx2 import Response

from cases.service import details, files
from core.actors import Actor, Role
from core.db import Database
from tests.api.desks import Desks, desks
from tests.builders.accounts import in_office
from tests.builders.cases import a_registered_case
from tests.conftest import NOON

__all__ = ["desks"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
BOX: Final = re.compile(r'<input class="govuk-input[^>]* name="([^"]+)" value="([^"]*)"')
TICKED: Final = re.compile(r'name="([^"]+)" value="([^"]+)" checked')


class Worker:
    """A caseworker with a child's file."""

    def __init__(self, desks: Desks, database: Database) -> None:
        self.database, self.seat = database, desks.of("t.zimba", Role.CASEWORKER)
        self.seat.client.follow_redirects = False
        self.actor: Actor = self.seat.who.actor(in_office(Role.CASEWORKER))
        facts = {"names": {"given": "Amani", "family": "Phiri"}, "languages": ["swa"], "age_years": 14, "age_basis": "stated"}  # fmt: skip
        with database.unit_of_work() as session:
            row = a_registered_case(session, owner=self.actor, restricted=facts, sex="female")
        self.path, self.case_id = f"/desk/cases/{row.id}/facts", row.id

    def page(self) -> dict[str, str]:
        """Everything the page carries and shows, as a browser would send it."""
        text = self.seat.client.get(self.path).text
        found = [*HIDDEN.findall(text), *BOX.findall(text), *TICKED.findall(text)]
        return {name: unescape(value) for name, value in found}

    def send(self, page: dict[str, str], **typed: str) -> Response:
        """Send the page with some of it changed."""
        names = {name.replace("__", "."): text for name, text in typed.items()}
        return self.seat.client.post(self.path, data={**page, **names})

    def facts(self) -> dict[str, Any]:
        """What is on file."""
        with self.database.unit_of_work() as session:
            return dict(files.open_file(session, self.actor, self.case_id, now=NOON).facts)

    def amends(self, **changes: Any) -> None:
        """Somebody else corrects the file meanwhile."""
        with self.database.unit_of_work() as session:
            details.amend_child(session, self.actor, self.case_id, changes, now=NOON)


@pytest.fixture
def worker(desks: Desks, database: Database) -> Worker:
    """Somebody who corrects a file."""
    return Worker(desks, database)


def test_what_is_corrected_is_kept_and_the_rest_stays(worker: Worker) -> None:
    done = worker.send(worker.page(), names__given="Amina", age_years="15")

    facts = worker.facts()
    assert done.status_code == 303
    assert facts["names"]["given"] == "Amina"
    assert facts["names"]["family"] == "Phiri"
    assert (facts["age_years"], facts["age_stated_on"]) == (15, NOON.date().isoformat())
    assert facts["languages"] == ["swa"]


def test_two_people_who_correct_different_things_keep_both(worker: Worker) -> None:
    opened = worker.page()
    worker.amends(age_years=13)

    done = worker.send(opened, languages__other="Lingala")

    facts = worker.facts()
    assert done.status_code == 303
    assert facts["age_years"] == 13
    assert facts["languages"] == ["sw", "ln"]


def test_two_people_who_correct_the_same_thing_see_both_and_one_chooses(worker: Worker) -> None:
    opened = worker.page()
    worker.amends(names={"given": "Aminata", "family": "Phiri"})

    both = worker.send(opened, names__given="Amina")
    kept = worker.facts()["names"]["given"]
    page = {name: unescape(value) for name, value in (*HIDDEN.findall(both.text), *BOX.findall(both.text), *TICKED.findall(both.text))}  # fmt: skip
    done = worker.send(page, **{"choose.names__given": "mine"})

    assert both.status_code == 409
    assert "Aminata" in both.text
    assert kept == "Aminata"
    assert done.status_code == 303
    assert worker.facts()["names"]["given"] == "Amina"

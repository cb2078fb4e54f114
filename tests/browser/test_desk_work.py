"""A caseworker's day in a real browser: signing in, what waits and is late, finding a child, the case as a timeline."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from cases.rules.detention import DetentionPlace
from cases.rules.machine import CaseState
from cases.service import clocks, detention, tasks
from cases.service.detention import DetentionRequest
from cases.service.search import index_names
from core.actors import Role, procedure_actor
from core.db import Database
from tests.browser.desks import Clock, a_desk, seat, staff
from tests.builders.accounts import in_office
from tests.builders.cases import a_registered_case
from tests.conftest import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


class Day:
    """One caseworker, a child in detention, a child whose assessment is late, and a task."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        self.clock = Clock(app)
        self.database = database
        self.who = staff(database, "t.zimba", [in_office(Role.CASEWORKER)])
        worker = self.who.actor(in_office(Role.CASEWORKER))
        with database.unit_of_work() as session:
            held = a_registered_case(session, owner=worker, state=CaseState.REGISTERED)
            since = NOON - timedelta(hours=31)
            detention.record_detention(
                session, worker, held.id,
                DetentionRequest(since=since, place_type=DetentionPlace.POLICE_CELL), now=NOON,
            )  # fmt: skip
            late = a_registered_case(
                session, owner=worker, state=CaseState.BIA_IN_PROGRESS, sex="male",
                restricted={"names": {"given": "Mwansa", "family": "Phiri"}, "languages": ["bem"]},
            )  # fmt: skip
            index_names(session, late.id, ["Mwansa", "Phiri"], now=NOON)
            clocks.open_clock(session, late.id, "D5", started_at=NOON - timedelta(days=60), now=NOON)
            tasks.open_task(
                session, late.id, "plan_action", key="plan_action:1", actor=procedure_actor("ZM"),
                now=NOON, person_id=self.who.person_id, due_at=NOON + timedelta(days=5),
            )  # fmt: skip
            self.held, self.late = held.id, late.id


@pytest.fixture
def day(app: FastAPI, database: Database) -> Day:
    """A day's work."""
    return Day(app, database)


def test_smoke(chromium: Any, address: str, day: Day, tmp_path: Path) -> None:
    desk = a_desk(chromium, address, bypass_csp=True)
    out = Path("/tmp/w/shots"); out.mkdir(exist_ok=True)
    desk.go("/desk")
    desk.picture(out, "signin")
    desk.sign_in(day.who, day.clock)
    desk.heading("My work today")
    desk.picture(out, "work")
    print(desk.faults(), desk.troubles(), desk.strangers(), desk.is_too_wide())
    desk.page.get_by_role("link", name="Cases").click()
    desk.picture(out, "cases")
    print(desk.faults(), desk.is_too_wide())
    desk.page.get_by_label("Find a child").fill("Muansa Piri")
    desk.press("Find")
    desk.heading("Children found")
    desk.picture(out, "found")
    print(desk.faults(), desk.is_too_wide())
    for n,c in (("held", day.held), ("late", day.late)):
        desk.go(f"/desk/cases/{c}")
        desk.picture(out, f"case-{n}")
        print(desk.faults(), desk.is_too_wide())
    print(desk.troubles())

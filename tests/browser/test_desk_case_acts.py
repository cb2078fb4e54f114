"""What people do on a child's case, in a real browser: the report for the panel, the talk with the child, a disagreement."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from core.accounts import store as accounts
from core.accounts.grants import give_role
from core.accounts.tables import ACTIVE
from core.actors import Actor
from core.db import Database, Session
from tests.browser.desks import NARROW, WIDE, Clock, Desk, a_desk, named, seat
from tests.builders.accounts import OPERATOR, Known, an_invited_account
from tests.builders.decided import TOLD, in_force
from tests.builders.procedure import a_case_at_report
from tests.conftest import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


def _known(session: Session, actor: Actor) -> Known:
    """An account of somebody who works on the case already."""
    named(session, actor.person_id, "Bwalya Mulenga")
    who = an_invited_account(session, NOON, "b.mulenga", person_id=actor.person_id)
    account = accounts.account(session, who.account_id)
    assert account is not None
    account.state = ACTIVE
    for grant in actor.grants:
        give_role(session, OPERATOR, who.account_id, grant, now=NOON)
    return who


def _look(desk: Desk, paths: list[str]) -> dict[tuple[str, int], tuple[list[str], bool]]:
    """Faults and sideways scroll of pages at both widths."""
    wrong = {}
    for path in paths:
        desk.go(path)
        for width in (WIDE, NARROW):
            desk.page.set_viewport_size({"width": width, "height": 800})
            found = (desk.faults(), desk.is_too_wide())
            if found != ([], False):
                wrong[path, width] = found
    desk.page.set_viewport_size({"width": WIDE, "height": 800})
    return wrong


def _day(desk: Desk, group: str, moment: datetime, time: str = "") -> None:
    box = desk.page.get_by_role("group", name=group)
    for part, number in (("Day", moment.day), ("Month", moment.month), ("Year", moment.year)):
        box.get_by_label(part).fill(str(number))
    if time:
        box.get_by_label("Time").fill(time)


def test_a_report_is_written_option_by_option_and_what_is_missing_leads_to_its_place(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    clock = Clock(app)
    clock.set(NOON)
    with database.unit_of_work() as session:
        team = a_case_at_report(session)
        who = _known(session, team.assessor)
    desk = seat(a_desk(chromium, address, bypass_csp=True), database, who, clock)
    page, path = desk.page, f"/desk/cases/{team.case_id}/report"

    desk.go(f"/desk/cases/{team.case_id}")
    page.get_by_role("link", name="Write the report for the panel").first.click()
    page.get_by_role("link", name="Describe the options").click()
    page.get_by_role("link", name="Add an option").click()
    page.get_by_label("Short name of the option").fill("O1")
    page.get_by_label("What it would be").select_option("Place in care")
    page.get_by_label("In which country").select_option("Namibia")
    page.get_by_role("group", name="Can it be done?").get_by_label("Yes").check()
    page.get_by_label("What the child says about this option").fill("I would like that.")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Change : O1, Place in care, Namibia").wait_for()
    wrong = _look(desk, [path, f"{path}/options", f"{path}/options/1", f"{path}/people"])
    desk.go(path)
    page.locator(f'a[href="{path}/options/1#pros"]').click()
    lead = page.url
    desk.go(path)
    page.locator(f'a[href="/desk/cases/{team.case_id}/acts/check_destination"]').first.click()
    desk.heading("Check whether a country is safe for the child")

    assert wrong == {}
    assert lead.endswith("/options/1#pros")
    assert desk.troubles() == []


def test_the_child_is_told_and_disagrees_and_the_case_says_so_at_a_phone_without_script(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    clock = Clock(app)
    clock.set(TOLD)
    with database.unit_of_work() as session:
        decided = in_force(session)
        who = _known(session, decided.worker)
    case = f"/desk/cases/{decided.case_id}"
    desk = seat(a_desk(chromium, address, width=NARROW, scripts=False), database, who, clock)
    page = desk.page

    desk.go(case)
    page.get_by_role("link", name="Tell the child what was decided").first.click()
    wide = [desk.is_too_wide()]
    _day(desk, "When", TOLD, "13:30")
    page.get_by_label("Who else was there; one to a line").fill("her aunt")
    page.get_by_role("group", name="In which language").get_by_label("Swahili").check()
    page.get_by_label("How the child took it").select_option("disagrees")
    page.get_by_label("What the child said or did").fill("No. Not without my <brother>.")
    desk.press("Put the talk on record")
    refused = (
        page.get_by_role("heading", name="Not done").count() + page.locator("[role=alert]").count()
    )
    kept = page.get_by_label("What the child said or did").input_value()
    page.get_by_label("The child knows how to complain").check()
    page.get_by_label("The child knows how to disagree").check()
    desk.press("Put the talk on record")
    page.get_by_role("link", name="Disagree with the decision").click()
    clock.pass_time(minutes=5)
    page.get_by_role("group", name="Who disagrees").get_by_label("the child").check()
    _day(desk, "When it was said or came in", TOLD, "14:10")
    wide.append(desk.is_too_wide())
    desk.press("Send the appeal")
    desk.heading("What is next")

    assert refused
    assert kept == "No. Not without my <brother>."
    assert "Appeal under way" in page.locator("main").inner_text()
    assert wide == [False, False]
    assert desk.troubles() == []


def test_forms_of_acts_have_no_fault_for_a_screen_reader_and_fit_both_widths(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    clock = Clock(app)
    clock.set(TOLD + timedelta(minutes=1))
    with database.unit_of_work() as session:
        decided = in_force(session)
        who = _known(session, decided.worker)
    case = f"/desk/cases/{decided.case_id}"
    desk = seat(a_desk(chromium, address, bypass_csp=True), database, who, clock)

    wrong = _look(
        desk,
        [case, f"{case}/facts", f"{case}/acts/tell/{decided.determination_id}", f"{case}/acts/placement"],
    )  # fmt: skip

    assert wrong == {}
    assert desk.troubles() == []

"""Pages of plans: asked for, made, read beside the calendar, questioned, fixed by hand, accepted or set aside."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI

from core.actors import Actor, Grant, Role, ScopeKind
from core.db import Database, Session
from core.ids import new_id
from panels.rules.planning import BusyKind, Cause, PlanState
from panels.service import proposals
from panels.service.busy_times import Hours, add_busy_time
from panels.store import planning as store
from tests.api.panel_desks import Panel, field_of, words_in
from tests.browser.desks import named
from tests.builders.accounts import in_office
from tests.builders.cases import OFFICE
from tests.builders.planning import a_planned_court, made, waiting_children
from tests.builders.sittings import Court, a_court
from tests.conftest import NOON

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-")
SLOT = re.compile(r"\b\d{6}-\d{4}\b")
RAW_TIME = re.compile(r"\d{4}-\d{2}-\d{2}")
JOINED = re.compile(r"\b[a-z]+_[a-z_]+\b")


def _planning(session: Session) -> Court:
    court = a_planned_court(session)
    waiting_children(session, 2)
    return court


@pytest.fixture
def panel(app: FastAPI, database: Database) -> Panel:
    return Panel(app, database, _planning)


def _home(panel: Panel) -> str:
    return f"/desk/plans/panels/{panel.court.panel_id}"


def _made(panel: Panel) -> None:
    with panel.database.unit_of_work() as session:
        made(session, now=NOON)


def _draft(panel: Panel) -> str:
    path = panel["secretary"].done(_home(panel), act="ask", seconds="8")
    _made(panel)
    return path


def _case_of(page: str) -> str:
    found = re.search(r"/children/([0-9a-f-]{36})", page)
    assert found
    return found[1]


def test_wishes_are_said_on_the_page_and_a_wrong_one_keeps_what_was_typed(
    app: FastAPI, database: Database
) -> None:
    panel = Panel(app, database, a_court)
    desk, path = panel["secretary"], _home(panel)
    values = {
        "weekday-1": "1", "starts-1": "09:00", "length-1": "180", "mode": "in_person",
        "place": "Boma & hall", "rooms": "A B", "minutes": "30", "opening": "15", "most": "12",
        "week": "2", "ahead": "42",
    }  # fmt: skip

    empty = desk.read(path)
    wrong = desk.send(path, act="wishes", **{**values, "starts-1": "nine"})
    desk.done(path, act="wishes", **values)
    kept = desk.get(path)

    assert "First say on which half-days the panel can sit." in empty
    assert wrong.status_code == 409
    assert 'value="Boma &amp; hall"' in wrong.text
    assert "Make a plan" in words_in(kept)
    assert 'value="A B"' in kept.text


def test_a_plan_is_asked_for_made_read_and_accepted(panel: Panel) -> None:
    desk = panel["secretary"]
    path = desk.done(_home(panel), act="ask", seconds="8")
    waiting = desk.get(path)
    _made(panel)
    draft = desk.get(path)

    desk.done(path, act="accept", version=field_of(draft, "version"))
    accepted = desk.read(path)

    assert waiting.headers["refresh"] == "4"
    assert "This page looks again by itself" in words_in(waiting)
    assert "refresh" not in draft.headers
    assert "1 sitting, 2 children heard, 0 not heard, 0 moved." in words_in(draft)
    assert "New sitting" in words_in(draft)
    assert "Comes: " in words_in(draft)
    assert "proven the least" in words_in(draft)
    assert "This plan was accepted." in accepted
    assert "Ordinary sitting" in desk.read("/desk/sittings")


def test_a_plan_and_its_reasons_are_told_without_codes_ids_or_raw_times(panel: Panel) -> None:
    desk, path = panel["secretary"], _draft(panel)
    page = desk.get(path)
    case = _case_of(page.text)
    slots = re.findall(r'<option value="(\d{6}-\d{4})"', page.text)

    why = desk.get(f"{path}/children/{case}")
    later = desk.get(f"{path}/children/{case}?slot={slots[-1]}")

    said = {"plan": words_in(page), "why": words_in(why), "later": words_in(later)}
    holes = {
        name: [found[0] for found in (one.search(text) for one in (UUID, SLOT, RAW_TIME, JOINED)) if found]
        for name, text in said.items()
    }  # fmt: skip
    assert holes == {"plan": [], "why": [], "later": []}
    assert "Why not earlier" in said["why"]
    assert "Not possible: too near: notice and papers need their time" in said["why"]
    assert "What would help" in said["why"]
    assert "What stands against" in said["later"]


def test_what_is_fixed_by_hand_holds_or_the_page_says_what_cannot_hold_together(
    panel: Panel,
) -> None:
    desk, path = panel["secretary"], _draft(panel)
    page = desk.get(path)
    case, slots = _case_of(page.text), re.findall(r'<option value="(\d{6}-\d{4})"', page.text)

    fixed = desk.done(path, act="fix", kind="case_slot", case=case, slot=slots[-1])
    _made(panel)
    held = desk.get(fixed)
    keep = field_of(held, "keep-1")
    again = desk.done(
        fixed, **{"act": "fix", "keep-1": keep, "kind": "slot_closed", "slot": slots[-1]}
    )
    _made(panel)
    conflict = desk.read(again)
    nothing = desk.send(fixed, act="fix", kind="case_slot", slot=slots[-1])

    assert "Fixed so far" in words_in(held)
    assert f"case_slot|{slots[-1]}|{case}|" == keep
    assert "What was fixed by hand cannot hold together" in conflict
    assert "No sitting on" in conflict
    assert "is heard on" in conflict
    assert "Accept the plan" not in conflict
    assert nothing.status_code == 409


def test_what_one_more_would_change_is_shown_and_cannot_be_accepted(panel: Panel) -> None:
    desk, path = panel["secretary"], _draft(panel)

    more = desk.done(
        path, **{"act": "more", "weekday-1": "4", "starts-1": "09:00", "length-1": "120"}
    )
    _made(panel)
    said = desk.read(more)

    assert "Made as if there were more: a half-day on Friday at 09:00." in said
    assert "Without it" in said
    assert "Accept the plan" not in said


def test_a_plan_of_another_record_is_not_accepted_and_says_what_changed(panel: Panel) -> None:
    desk, path = panel["secretary"], _draft(panel)
    version = field_of(desk.get(path), "version")
    hours = Hours(NOON + timedelta(days=2), NOON + timedelta(days=3))
    with panel.database.unit_of_work() as session:
        add_busy_time(
            session, panel.court.people["chair"], panel.court.members["chair"], BusyKind.LEAVE,
            hours, now=NOON,
        )  # fmt: skip

    refused = desk.send(path, act="accept", version=version)
    desk.done(path, act="set_aside", version=version)

    assert refused.status_code == 409
    assert "something changed: members or their absences" in words_in(refused)
    assert "Set aside" in desk.read(path)


def test_a_proposal_waits_on_my_work_until_somebody_looks(panel: Panel) -> None:
    with panel.database.unit_of_work() as session:
        assert proposals.propose(session, panel.court.panel_id, Cause.ABSENCE, "x", now=NOON)
    _made(panel)
    with panel.database.unit_of_work() as session:
        [row] = store.drafts(session, panel.court.panel_id)
        plan_id, state = row.id, row.state

    work = panel["secretary"].get("/desk")

    assert state == PlanState.DRAFT
    assert "Look at a proposal for new sittings: Panel (a member cannot come)" in words_in(work)
    assert f'href="/desk/plans/{plan_id}"' in work.text
    assert "Proposed because a member cannot come." in panel["secretary"].read(
        f"/desk/plans/{plan_id}"
    )


def test_members_and_other_secretaries_find_no_plan(panel: Panel) -> None:
    path = _draft(panel)

    member = [panel["chair"].get(one).status_code for one in (path, _home(panel))]
    sent = panel["chair"].send(path, page="/desk", act="accept", version="1")

    assert member == [404, 403]
    assert sent.status_code == 404


def test_the_year_is_told_to_the_secretary(panel: Panel) -> None:
    said = panel["secretary"].read(f"{_home(panel)}/year")

    assert "No sitting was held in this year." in said
    assert "Chipo Banda chair, social welfare" in said
    assert "alternate of the member, police" in said


def test_a_coordinator_sees_who_is_in_the_same_situation_and_plans_an_exercise(
    panel: Panel,
) -> None:
    grants = frozenset({in_office(Role.COORDINATOR, OFFICE), Grant(Role.SECRETARY, ScopeKind.PANEL, panel.court.panel_id)})  # fmt: skip
    with panel.database.unit_of_work() as session:
        person = new_id()
        named(session, person, "Hilda Sakala")
    desk = panel.of("hilda", Actor(new_id(), person, "ZM", grants))

    page = desk.get(f"{_home(panel)}/groups")
    path = desk.done(f"{_home(panel)}/groups", situation=field_of(page, "situation"))
    _made(panel)

    assert "Place in care" in words_in(page)
    assert "2 children" in words_in(page)
    assert "2 children heard" in desk.read(path)
    assert panel["secretary"].get(f"{_home(panel)}/groups").status_code == 403

"""Pages of a sitting that is prepared: what each child lacks is said, nothing is moved that cannot be."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import select

from cases.service import access
from core.db import Database, Session
from core.outbox import OutboxRow
from panels.rules.conflicts import Ground
from panels.service import conflicts
from panels.store import item as items
from panels.store import sitting as sittings
from tests.api.panel_desks import Panel, day, field_of, words_in
from tests.builders.procedure import a_ready_report
from tests.builders.sittings import STARTS, Court, a_court, a_sitting, convened
from tests.conftest import NOON

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def _draft(session: Session) -> Court:
    """A planned sitting and a child who waits, whose id the court keeps."""
    court = a_sitting(session, a_court(session))
    court.team = a_ready_report(session)
    return court


@pytest.fixture
def panel(app: FastAPI, database: Database) -> Panel:
    return Panel(app, database, _draft)


@pytest.fixture
def called(app: FastAPI, database: Database) -> Panel:
    return Panel(app, database, convened)


def _agenda(panel: Panel) -> str:
    return f"/desk/sittings/{panel.court.sitting_id}/agenda"


def _list(panel: Panel) -> None:
    assert panel.court.team is not None
    panel["secretary"].done(_agenda(panel), act="list", case=panel.court.team.case_id)


def test_a_secretary_plans_a_sitting_lists_the_child_and_calls_it(panel: Panel) -> None:
    desk, court = panel["secretary"], panel.court
    when = {**day("on", STARTS.date()), "at": "14:00", "minutes": "120"}

    path = desk.done(
        "/desk/sittings/new", panel=court.panel_id, type="ordinary", mode="in_person", place="Boma",
        **when,
    )  # fmt: skip
    empty = desk.read(path)
    assert court.team is not None
    desk.done(path, act="list", case=court.team.case_id)
    ready = desk.get(path)
    desk.done(path, act="convene", version=field_of(ready, "version"))
    after = desk.read(path)

    assert "The agenda is empty. List a case first." in empty
    assert "Enough members can sit for this child" in empty
    assert "Will be invited: guardian" in empty
    assert "Nothing is missing" in words_in(ready)
    assert "Invited: guardian" in words_in(ready)
    assert "The sitting is called and the papers are sent." in after


def test_before_listing_a_secretary_learns_only_how_urgent_a_child_is_and_what_its_hearing_needs(
    panel: Panel,
) -> None:
    assert panel.court.team is not None
    code = panel.court.team.row.child_code

    page = panel["secretary"].get(_agenda(panel))
    _list(panel)
    after = panel["secretary"].read(_agenda(panel))

    assert code not in page.text
    assert "Child 1 of this list" in words_in(page)
    assert f"Item 1: {code}" in after
    assert "Amani" not in page.text
    assert "Girl" not in words_in(page)
    assert f"/desk/cases/{panel.court.team.case_id}" not in page.text


@pytest.mark.rule("R17")
def test_the_page_says_when_recusals_leave_too_few_for_one_child(called: Panel) -> None:
    court = called.court
    with called.database.unit_of_work() as session:
        for name in ("chair", "welfare", "police"):
            conflicts.declare_conflict(
                session, court.people[name], court.item_id, ground=Ground.RELATIVE, words="",
                now=NOON,
            )  # fmt: skip

    said = called["secretary"].read(_agenda(called))

    assert "Too few can sit for this child" in said
    assert "2 voting members are present and free of conflict; 3 are needed" in said
    assert "has a conflict of interest" in said


def test_somebody_the_record_hints_at_is_to_be_asked_before_the_day(
    app: FastAPI, database: Database
) -> None:
    def make(session: Session) -> Court:
        court = a_sitting(session, a_court(session))
        court.team = a_ready_report(session)
        court.team.row.detained = True
        session.add(court.team.row)
        return court

    panel = Panel(app, database, make)
    said = panel["secretary"].read(_agenda(panel))

    assert "Ask before the day whether there is a conflict" in said
    assert "Took part in arrest or removal" in said


def test_a_member_who_cannot_come_is_counted_out_and_the_secretary_hears(called: Panel) -> None:
    path = "/desk/seat"
    for name in ("chair", "deputy", "welfare"):
        called[name].done(path, act="does_not", sitting=called.court.sitting_id)
    called["welfare"].done(path, act="comes", sitting=called.court.sitting_id)

    said = called["secretary"].read(_agenda(called))
    own = called["chair"].read(path)
    with called.database.unit_of_work() as session:
        told = session.exec(
            select(OutboxRow).where(OutboxRow.topic == "sitting.member_declined")
        ).all()

    assert "cannot come" in said
    assert "Neither the chair nor a deputy can sit for this item" in said
    assert "You said that you cannot come." in own
    assert len(told) == 3


def test_an_item_is_taken_off_with_a_reason_and_waits_again(panel: Panel) -> None:
    _list(panel)
    desk, path = panel["secretary"], _agenda(panel)
    with panel.database.unit_of_work() as session:
        [item] = items.of_sitting(session, panel.court.sitting_id)
        item_id, version = item.id, str(item.version)

    without = desk.send(path, act="take_off", item=item_id, version=version)
    desk.done(path, act="take_off", item=item_id, version=version, off_reason="report_needs_work")

    assert without.status_code == 409
    assert "Choose one from the list." in words_in(without)
    assert "Taken off" in desk.read(path)
    assert "Put on the agenda" in desk.read(path)


def test_a_sitting_put_off_keeps_its_people_and_children(called: Panel) -> None:
    desk, path = called["secretary"], _agenda(called)
    version = field_of(desk.get(path), "version")
    with called.database.unit_of_work() as session:
        held = sittings.find(session, called.court.sitting_id)
        assert held is not None
        version = str(held.version)
        before = set(sittings.roster(session, held.id))
    later = STARTS + timedelta(days=14)

    new = desk.done(
        path, act="put_off", version=version, later_at="09:00", **day("later", later.date())
    )
    said = desk.read(new)

    with called.database.unit_of_work() as session:
        made = new.split("/")[3]
        assert set(sittings.roster(session, made)) == before
        assert [one.state for one in items.of_sitting(session, made)] == ["listed"]
        old = sittings.find(session, called.court.sitting_id)
        assert old is not None
        assert (old.state, old.end_reason) == ("cancelled", "put_off")
    assert "Boma" in said
    assert "Nothing is missing" in said


def test_a_day_that_is_too_near_for_the_papers_moves_nothing(called: Panel) -> None:
    desk, path = called["secretary"], _agenda(called)
    with called.database.unit_of_work() as session:
        held = sittings.find(session, called.court.sitting_id)
        assert held is not None
        version = str(held.version)
    near = NOON + timedelta(days=1)

    refused = desk.send(
        path, act="put_off", version=version, later_at="09:00", later_place="Hall & Co",
        **day("later", near.date()),
    )  # fmt: skip

    assert refused.status_code == 409
    assert "The papers can no longer reach members in time" in words_in(refused)
    assert 'value="Hall &amp; Co"' in refused.text
    with called.database.unit_of_work() as session:
        kept = sittings.find(session, called.court.sitting_id)
        assert kept is not None
        assert kept.state == "convened"
        assert [one.state for one in items.of_sitting(session, kept.id)] == ["listed"]


def test_a_sitting_called_off_gives_every_case_back(called: Panel) -> None:
    desk, path = called["secretary"], _agenda(called)
    with called.database.unit_of_work() as session:
        held = sittings.find(session, called.court.sitting_id)
        assert held is not None
        version = str(held.version)

    desk.done(path, act="call_off", version=version, reason="no_place")

    with called.database.unit_of_work() as session:
        assert [one.state for one in items.of_sitting(session, called.court.sitting_id)] == [
            "not_reached"
        ]


def test_somebody_else_is_called_when_too_few_can_come(app: FastAPI, database: Database) -> None:
    def make(session: Session) -> Court:
        court = a_court(session)
        few = tuple(court.members[name] for name in ("chair", "deputy", "police"))
        court = a_sitting(session, court, roster=few)
        court.team = a_ready_report(session)
        return court

    panel = Panel(app, database, make)
    desk, path = panel["secretary"], _agenda(panel)
    before = desk.read(path)
    desk.done(path, act="call", member=panel.court.members["school"])
    after = desk.get(path)

    assert "Grace Lungu, member, education" in before
    assert "Grace Lungu member, education has not answered yet" in words_in(after)
    assert desk.send(path, act="call").status_code == 409


def test_a_called_sitting_that_cannot_open_gives_its_children_back(called: Panel) -> None:
    early = called["secretary"].send(_agenda(called), act="inquorate")
    called.at(STARTS + timedelta(minutes=30))
    desk = called["secretary"]

    offered = desk.read(_agenda(called))
    desk.done(_agenda(called), act="inquorate")

    assert early.status_code == 409
    assert "Record that the sitting could not open" in offered
    with called.database.unit_of_work() as session:
        held = sittings.find(session, called.court.sitting_id)
        assert held is not None
        assert held.state == "inquorate"


def test_members_and_strangers_prepare_nothing(called: Panel) -> None:
    path = _agenda(called)

    member = called["police"].get(path)
    sent = called["police"].send(path, page="/desk", act="papers")
    plan = called["police"].get("/desk/sittings/new")

    assert (member.status_code, sent.status_code, plan.status_code) == (403, 403, 404)


@pytest.mark.rule("R14")
def test_a_secretary_with_a_conflict_finds_nothing_of_that_child(called: Panel) -> None:
    court = called.court
    assert court.team is not None
    with called.database.unit_of_work() as session:
        access.bar(
            session, court.team.worker, case_id=court.team.case_id,
            person_id=court.secretary.person_id, ref=court.item_id, ground="relative", now=NOON,
        )  # fmt: skip

    page = called["secretary"].get(_agenda(called))

    assert court.team.row.child_code not in page.text
    assert "Something here is closed to you" in words_in(page)

"""The sitting screen in a real browser: the secretary at the laptop in the room, members at their own."""

from typing import Any

import pytest
from fastapi import FastAPI

from core.db import Database, Session
from panels.service import sittings
from tests.browser.desks import NARROW, WIDE, a_desk, seat
from tests.browser.rooms import NAMES, Room, words_of
from tests.builders.sittings import (
    Court,
    a_court,
    a_listed_item,
    a_sitting,
    arrive,
    convened,
    declare,
    opened,
)
from tests.conftest import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


def _two_items(session: Session) -> Court:
    court = a_listed_item(session, a_listed_item(session, a_sitting(session, a_court(session))))
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    return opened(session, "chair", "deputy", "welfare", court=court)


def test_the_room_sees_who_is_missing_for_this_child_and_a_recusal_closes_the_file_before_all_eyes(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, convened)
    laptop = room.desk(chromium, address, "secretary", scripts=False)

    empty = words_of(laptop)
    for name in ("chair", "deputy", "welfare"):
        laptop.page.get_by_role("button", name=f"Is here : {NAMES[name]}").click()
    full = words_of(laptop)
    chair = room.desk(chromium, address, "chair", width=NARROW, scripts=False)
    chair.press("I have none")
    welfare = room.desk(chromium, address, "welfare", width=NARROW, scripts=False)
    welfare.page.get_by_text("I have one").click()
    welfare.page.get_by_label("What the conflict is").select_option("relative")
    welfare.press("Declare my conflict and step out")
    closed = words_of(welfare)
    welfare.go(room.item)
    gone = words_of(welfare)
    laptop.go(room.item)
    after = words_of(laptop)

    assert "What the child says Place in care I want to live with my aunt." in empty
    assert "No quorum: 0 members may decide" in empty
    assert "Neither the chair nor a deputy can sit for this item" in empty
    assert "3 of 5 are here" in full
    assert "3 members may decide: there is a quorum" in full
    assert "my aunt" not in closed + gone
    assert "Nothing here for you" in gone
    assert "Esther Zulu member, social welfare Steps out: this file is closed to them" in after
    assert "No quorum: 2 members may decide" in after
    assert "2 voting members are present and free of conflict; 3 are needed" in after
    assert laptop.troubles() == welfare.troubles() == []


def test_an_item_is_put_off_nothing_typed_is_lost_and_the_next_one_is_in_hand(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, _two_items)
    with database.unit_of_work() as session:
        declare(session, room.court, "chair", "deputy", "welfare")
    chair = room.desk(chromium, address, "chair")
    page = chair.page

    put_off = page.locator(".desk-item__title").inner_text()
    chair.press("Call this item")
    page.get_by_text("Put this item off").click()
    page.get_by_label("What the panel has to know").first.fill("Is the aunt willing & <able>?")
    page.get_by_label("Where the child is safe until then").fill("With the foster family.")
    chair.press("Put the item off")
    page.get_by_role("alert").wait_for()
    refused = words_of(chair)
    kept = page.get_by_label("What the panel has to know").first.input_value()
    page.get_by_label("Who finds out").first.select_option(index=1)
    for part, value in zip(("Day", "Month", "Year"), ("30", "3", "2026"), strict=True):
        page.get_by_label(part, exact=True).first.fill(value)
    page.get_by_label("Somebody confirmed that this care is safe").check()
    chair.press("Put the item off")
    page.get_by_text("Put off", exact=True).first.wait_for()
    chair.go(room.path)
    after = words_of(chair)

    assert kept == "Is the aunt willing & <able>?"
    assert "Write the day as numbers" in refused
    assert page.locator(".desk-item__title").inner_text() != put_off
    assert "Put off" in after
    assert chair.troubles() == []


def test_the_screen_in_the_room_follows_who_comes_without_being_touched(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, convened)
    desk = a_desk(chromium, address)
    desk.page.clock.install()
    laptop = seat(desk, database, room.known["secretary"], room.clock)
    laptop.go(room.item)

    with database.unit_of_work() as session:
        arrive(session, room.court, "chair", "deputy", "welfare")
    laptop.page.clock.run_for(5100)
    laptop.page.get_by_text("3 members may decide: there is a quorum").wait_for()

    assert laptop.troubles() == laptop.strangers() == []


def test_the_calendar_and_the_screen_have_no_fault_for_a_screen_reader_and_fit_both_widths(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, _two_items)
    desk = room.desk(chromium, address, "chair", bypass_csp=True)
    seen: dict[tuple[str, int], tuple[list[str], bool]] = {}

    for path in ("/desk/sittings", "/desk/sittings/month?of=2026-03", room.item):
        desk.go(path)
        for width in (WIDE, NARROW):
            desk.page.set_viewport_size({"width": width, "height": 800})
            seen[path, width] = (desk.faults(), desk.is_too_wide())
    desk.go("/desk/sittings/month?of=2026-03")
    desk.page.get_by_role("link", name="Ordinary sitting").click()

    assert {page: wrong for page, wrong in seen.items() if wrong != ([], False)} == {}
    assert desk.page.get_by_role("heading", name="Ordinary sitting").is_visible()
    assert desk.troubles() == []

"""The sitting screen in a real browser: the secretary at the laptop in the room, members at their own."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from core.accounts import store as accounts
from core.accounts.grants import give_role
from core.accounts.tables import ACTIVE
from core.actors import Actor
from core.db import Database, Session
from panels.service import sittings
from tests.browser.desks import NARROW, WIDE, Clock, Desk, a_desk, named, seat
from tests.builders.accounts import OPERATOR, Known, an_invited_account
from tests.builders.decided import with_guardian
from tests.builders.determinations import CHILD_VERSION, REASONS
from tests.builders.sittings import (
    STARTS,
    Court,
    a_court,
    a_listed_item,
    a_sitting,
    arrive,
    convened,
    declare,
    in_deliberation,
    opened,
)
from tests.conftest import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
NAMES = {
    "secretary": "Bwalya Mulenga", "chair": "Chipo Banda", "deputy": "Dalitso Phiri",
    "welfare": "Esther Zulu", "police": "Friday Tembo", "school": "Grace Lungu",
}  # fmt: skip
Begin = Callable[[Session], Court]


class Room:
    """A sitting with accounts for everybody who comes to it."""

    def __init__(self, app: FastAPI, database: Database, make: Begin) -> None:
        self.clock, self.database = Clock(app), database
        self.clock.set(STARTS)
        self.known: dict[str, Known] = {}
        with database.unit_of_work() as session:
            self.court = make(session)
            for name, actor in {"secretary": self.court.secretary, **self.court.people}.items():
                self.known[name] = self._account(session, name, actor)
        self.path = f"/desk/sittings/{self.court.sitting_id}"
        self.item = f"{self.path}/items/{self.court.item_id}"

    def _account(self, session: Session, name: str, actor: Actor) -> Known:
        """An account of a person who already sits on the panel."""
        named(session, actor.person_id, NAMES[name])
        who = an_invited_account(session, NOON, f"{name}.a", person_id=actor.person_id)
        account = accounts.account(session, who.account_id)
        assert account is not None
        account.state = ACTIVE
        for grant in actor.grants:
            give_role(session, OPERATOR, who.account_id, grant, now=NOON)
        return who

    def desk(self, chromium: Any, address: str, name: str, **look: Any) -> Desk:
        """One of them at a browser, signed in, with the screen of the item open."""
        desk = seat(a_desk(chromium, address, **look), self.database, self.known[name], self.clock)
        desk.go(self.item)
        return desk


def _two_items(session: Session) -> Court:
    court = a_listed_item(session, a_listed_item(session, a_sitting(session, a_court(session))))
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    return opened(session, "chair", "deputy", "welfare", court=court)


def _deliberating(session: Session) -> Court:
    return in_deliberation(session, "chair", "deputy", "welfare")


def _agreed(session: Session) -> Court:
    court = _deliberating(session)
    for name in ("chair", "deputy", "welfare"):
        court.vote(session, name, now=STARTS)
    with_guardian(session, court)
    return court


def _seen(desk: Desk) -> str:
    return " ".join(desk.page.locator("main").inner_text().split())


def test_the_room_sees_who_is_missing_for_this_child_and_a_recusal_closes_the_file_before_all_eyes(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, convened)
    laptop = room.desk(chromium, address, "secretary", scripts=False)

    empty = _seen(laptop)
    for name in ("chair", "deputy", "welfare"):
        laptop.page.get_by_role("button", name=f"Is here : {NAMES[name]}").click()
    full = _seen(laptop)
    chair = room.desk(chromium, address, "chair", width=NARROW, scripts=False)
    chair.press("I have none")
    welfare = room.desk(chromium, address, "welfare", width=NARROW, scripts=False)
    welfare.page.get_by_text("I have one").click()
    welfare.page.get_by_label("What the conflict is").select_option("relative")
    welfare.press("Declare my conflict and step out")
    closed = _seen(welfare)
    welfare.go(room.item)
    gone = _seen(welfare)
    laptop.go(room.item)
    after = _seen(laptop)

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


@pytest.mark.rule("R18")
def test_votes_stay_sealed_until_all_have_voted_and_a_dissent_is_kept_word_for_word(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, _deliberating)
    laptop = room.desk(chromium, address, "secretary", scripts=False)

    def vote(name: str, option: str) -> Desk:
        desk = room.desk(chromium, address, name, width=NARROW, scripts=False)
        desk.page.get_by_label(option, exact=True).check()
        desk.press("Vote")
        return desk

    vote("chair", "Place in care")
    vote("deputy", "Place in care")
    laptop.go(room.item)
    sealed = _seen(laptop)
    other = vote("welfare", "Keep the present care")
    laptop.go(room.item)
    opened_votes = _seen(laptop)
    other.go(room.item)
    unanswered = _seen(other)
    chair = room.desk(chromium, address, "chair", scripts=False)
    chair.press("The facts are complete: hold another round")
    for name, option in (("chair", "Place in care"), ("deputy", "Place in care")):
        vote(name, option)
    other = vote("welfare", "Keep the present care")
    other.page.get_by_label("Why you would decide otherwise").fill("Her aunt is ill.")
    other.press("Write my dissent")
    written = _seen(other)

    assert "Still to vote: Esther Zulu" in sealed
    assert "How the members voted" not in sealed
    assert "The members do not agree yet." in opened_votes
    assert "Esther Zulu Keep the present care" in opened_votes
    assert "You voted otherwise" not in unanswered
    assert "Most chose: Place in care" in written
    assert "You voted otherwise" not in written
    assert not other.is_too_wide()
    assert laptop.troubles() == other.troubles() == []


def test_the_decision_is_worded_on_the_same_screen_and_says_what_it_lacks(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, _agreed)
    chair = room.desk(chromium, address, "chair", bypass_csp=True)
    page = chair.page

    faults = chair.faults()
    page.get_by_label("Reasons: a safe place").fill("Too short.")
    page.get_by_label("How the child's views counted").select_option("followed")
    for name, value in (("valid", "11 6 2026"), ("review", "22 5 2026"), ("by-1", "2 4 2026")):
        for part, number in zip(("day", "month", "year"), value.split(), strict=True):
            page.locator(f"#{name}-{part}").fill(number)
    page.get_by_label("What is done").first.fill("Move to the relatives")
    page.get_by_label("What it is about").first.select_option("placement")
    page.get_by_label("Who does it").first.select_option(index=1)
    chair.press("Record the decision")
    page.get_by_role("alert").wait_for()
    lacks = page.get_by_role("alert").locator("li").count()
    kept = page.get_by_label("Reasons: a safe place").input_value()
    for group, text in REASONS.items():
        page.locator(f"#reason-{group}").fill(text)
    page.get_by_label("Why they counted so").fill(
        "The panel follows the wish, stated freely twice."
    )
    page.get_by_label("The decision in words the child understands").fill(CHILD_VERSION)
    page.get_by_label("Language of these words").select_option("sw")
    page.get_by_label("Where the child is safe until it is carried out").fill("Stays where she is.")
    chair.press("Record the decision")
    page.get_by_text("Decided", exact=True).first.wait_for()

    assert faults == []
    assert lacks > 3
    assert kept == "Too short."
    assert "Record the decision" not in _seen(chair)
    assert chair.troubles() == []


def test_an_item_is_put_off_nothing_typed_is_lost_and_the_next_one_is_in_hand(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, _two_items)
    with database.unit_of_work() as session:
        declare(session, room.court, "chair", "deputy", "welfare")
    chair = room.desk(chromium, address, "chair")
    page = chair.page

    chair.press("Call this item")
    page.get_by_text("Put this item off").click()
    page.get_by_label("What the panel has to know").first.fill("Is the aunt willing & <able>?")
    page.get_by_label("Where the child is safe until then").fill("With the foster family.")
    chair.press("Put the item off")
    page.get_by_role("alert").wait_for()
    refused = _seen(chair)
    kept = page.get_by_label("What the panel has to know").first.input_value()
    page.get_by_label("Who finds out").first.select_option(index=1)
    for part, value in zip(("Day", "Month", "Year"), ("30", "3", "2026"), strict=True):
        page.get_by_label(part, exact=True).first.fill(value)
    page.get_by_label("Somebody confirmed that this care is safe").check()
    chair.press("Put the item off")
    page.get_by_text("Put off", exact=True).first.wait_for()
    chair.go(room.path)
    after = _seen(chair)

    assert kept == "Is the aunt willing & <able>?"
    assert "Write the day as numbers" in refused
    assert page.locator(".desk-item__title").inner_text().startswith("Item 2")
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

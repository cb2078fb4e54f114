"""Votes and decision on the sitting screen: sealed until all have voted, dissent word for word, the decision worded."""

from typing import Any

import pytest
from fastapi import FastAPI

from core.db import Database, Session
from tests.browser.desks import NARROW, Desk
from tests.browser.rooms import Room, words_of
from tests.builders.decided import with_guardian
from tests.builders.determinations import CHILD_VERSION, REASONS
from tests.builders.sittings import STARTS, Court, in_deliberation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


def _deliberating(session: Session) -> Court:
    return in_deliberation(session, "chair", "deputy", "welfare")


def _agreed(session: Session) -> Court:
    court = _deliberating(session)
    for name in ("chair", "deputy", "welfare"):
        court.vote(session, name, now=STARTS)
    with_guardian(session, court)
    return court


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
    sealed = words_of(laptop)
    other = vote("welfare", "Keep the present care")
    laptop.go(room.item)
    opened_votes = words_of(laptop)
    other.go(room.item)
    unanswered = words_of(other)
    chair = room.desk(chromium, address, "chair", scripts=False)
    chair.press("The facts are complete: hold another round")
    for name, option in (("chair", "Place in care"), ("deputy", "Place in care")):
        vote(name, option)
    other = vote("welfare", "Keep the present care")
    other.page.get_by_label("Why you would decide otherwise").fill("Her aunt is ill.")
    other.press("Write my dissent")
    written = words_of(other)

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
    assert "Record the decision" not in words_of(chair)
    assert chair.troubles() == []

"""A caseworker's writing in a real browser: a child registered, an assessment kept while it is written, a conflict."""

from typing import Any, Final

import pytest
from fastapi import FastAPI

from cases.rules.assessments import AssessmentKind
from cases.rules.machine import CaseState
from cases.service import assessments
from cases.service.access import bar
from cases.service.search import index_names
from core.actors import Actor, Role
from core.db import Database
from tests.browser.desks import NARROW, WIDE, Clock, Desk, a_desk, seat, staff
from tests.builders.accounts import in_office
from tests.builders.cases import a_registered_case
from tests.conftest import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
KEPT: Final = """async () => {
  const request = indexedDB.open("bid-desk", 1);
  await new Promise((done) => { request.onsuccess = done; request.onerror = done; });
  if (!request.result || !request.result.objectStoreNames.contains("written")) return [];
  const all = request.result.transaction("written").objectStore("written").getAll();
  await new Promise((done) => { all.onsuccess = done; });
  request.result.close();
  return all.result;
}"""
WRITTEN: Final = f"async () => (await ({KEPT})()).length === 1"
NOTHING: Final = f"async () => (await ({KEPT})()).length === 0"
SEALED: Final = f"async () => new TextDecoder().decode((await ({KEPT})())[0].sealed)"
HELD: Final = (in_office(Role.CASEWORKER), in_office(Role.ASSESSOR))


class Writing:
    """One caseworker with a child whose assessment is begun."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        self.clock, self.database = Clock(app), database
        self.clock.set(NOON)
        self.who = staff(database, "t.zimba", HELD)
        self.worker: Actor = self.who.actor(*HELD)
        with database.unit_of_work() as session:
            names = {"names": {"given": "Amani", "family": "Phiri"}, "languages": ["sw"]}
            row = a_registered_case(
                session, owner=self.worker, state=CaseState.BIA_IN_PROGRESS, restricted=names,
                sex="female", nationality_code="CD",
            )  # fmt: skip
            index_names(session, row.id, ["Amani", "Phiri"], now=NOON)
            begun = assessments.begin_assessment(
                session, self.worker, row.id, AssessmentKind.SHORT, now=NOON
            )
            self.case_id, self.code, self.record_id = row.id, row.child_code, begun.id
        self.path = f"/desk/cases/{row.id}/assessments/{begun.id}"

    def desk(self, chromium: Any, address: str, **look: Any) -> Desk:
        """The caseworker at a browser, signed in."""
        return seat(a_desk(chromium, address, **look), self.database, self.who, self.clock)

    def desk_with_a_clock(self, chromium: Any, address: str) -> Desk:
        """The same, at a browser whose clock a test can turn on."""
        desk = a_desk(chromium, address)
        desk.page.clock.install()
        return seat(desk, self.database, self.who, self.clock)

    def says(self) -> str:
        """What is on file of what the child says."""
        with self.database.unit_of_work() as session:
            return assessments.read_assessment(
                session, self.worker, self.case_id, self.record_id, now=NOON
            ).form.views.words

    def save(self, words: str) -> None:
        """The same person at another device."""
        with self.database.unit_of_work() as session:
            assessments.save_assessment(
                session, self.worker, self.case_id, self.record_id, {"views": {"words": words}},
                now=NOON,
            )  # fmt: skip


@pytest.fixture
def writing(app: FastAPI, database: Database) -> Writing:
    """Somebody who writes."""
    return Writing(app, database)


def _words(desk: Desk) -> str:
    return " ".join(desk.page.locator("main").inner_text().split())


def test_a_child_is_registered_at_a_phone_without_script_and_one_who_may_be_the_same_is_shown(
    chromium: Any, address: str, writing: Writing
) -> None:
    desk = writing.desk(chromium, address, width=NARROW, scripts=False)
    page = desk.page

    desk.go("/desk/cases")
    page.get_by_role("link", name="Register a child").click()
    page.get_by_label("Given names").fill("Amany")
    page.get_by_label("Family name").fill("Firi")
    page.get_by_label("Girl", exact=True).check()
    page.get_by_label("Congo - Kinshasa").check()
    wide = [desk.is_too_wide()]
    desk.press("Continue")
    known = _words(desk)
    wide.append(desk.is_too_wide())
    desk.press("It is another child: go on")
    page.get_by_role("group", name="Is the child in danger now?").get_by_label("No", exact=True).check()  # fmt: skip
    wide.append(desk.is_too_wide())
    desk.press("Continue")
    page.get_by_label("If nobody was asked: why").select_option("an emergency")
    desk.press("Register the child")
    desk.heading("What you can do now")

    assert "This child may be on file already" in known
    assert writing.code in known
    assert "names that sound alike" in known
    assert writing.code not in _words(desk)
    assert wide == [False, False, False]
    assert desk.troubles() == []


def test_what_is_written_is_kept_by_itself_stays_when_the_line_drops_and_is_never_overwritten(
    chromium: Any, address: str, writing: Writing
) -> None:
    desk = writing.desk_with_a_clock(chromium, address)
    page = desk.page
    desk.go(f"{writing.path}/views")
    box = page.get_by_label("What the child says, in the child's own words")

    box.fill("I want to live with my aunt.")
    page.clock.run_for(8100)
    page.get_by_text("Saved at").wait_for()
    first = writing.says()
    page.context.set_offline(True)
    box.fill("I want to live with my aunt, in town.")
    page.clock.run_for(8100)
    page.get_by_text("the line is down").wait_for()
    dropped = writing.says()
    page.context.set_offline(False)
    page.clock.run_for(15100)
    page.get_by_text("Saved at").wait_for()
    second = writing.says()
    writing.save("With my sister.")
    box.fill("With my aunt, she says.")
    page.clock.run_for(8100)
    page.get_by_text("Press Save to see both").wait_for()
    held = writing.says()
    page.get_by_role("button", name="Save", exact=True).click()
    both = _words(desk)
    page.get_by_label("Both, one under the other").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()

    assert first == dropped == "I want to live with my aunt."
    assert second == "I want to live with my aunt, in town."
    assert held == "With my sister."
    assert "Somebody changed the same thing while you wrote" in both
    assert "With my sister." in both
    assert writing.says() == "With my sister.\n\nWith my aunt, she says."


def test_an_answer_lost_on_the_way_and_a_save_pressed_meanwhile_make_no_second_version(
    chromium: Any, address: str, writing: Writing
) -> None:
    desk = writing.desk_with_a_clock(chromium, address)
    page = desk.page
    desk.go(f"{writing.path}/views")
    box = page.get_by_label("What the child says, in the child's own words")

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/views", lose, times=1)
    box.fill("My aunt.")
    page.clock.run_for(8100)
    page.get_by_text("the line is down").wait_for()
    kept = writing.says()
    box.fill("My aunt in town.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()

    assert kept == "My aunt."
    assert writing.says() == "My aunt in town."


def test_the_two_versions_and_the_children_on_file_have_no_fault_for_a_screen_reader(
    chromium: Any, address: str, writing: Writing
) -> None:
    desk = writing.desk(chromium, address, bypass_csp=True)
    page, wrong = desk.page, {}

    def look(name: str) -> None:
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 800})
            found = (desk.faults(), desk.is_too_wide())
            if found != ([], False):
                wrong[name, width] = found

    desk.go("/desk/register")
    page.get_by_label("Given names").fill("Amany")
    page.get_by_label("Family name").fill("Firi")
    page.get_by_label("Girl", exact=True).check()
    page.get_by_label("Congo - Kinshasa").check()
    desk.press("Continue")
    desk.heading("This child may be on file already")
    look("known")
    desk.go(f"{writing.path}/views")
    writing.save("With my sister, she said in the night when nobody else was there.")
    page.get_by_label("What the child says, in the child's own words").fill("With my aunt.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("alert").wait_for()
    focused = page.evaluate("document.activeElement.className")
    look("both")

    assert wrong == {}
    assert "govuk-error-summary" in focused


def test_a_session_that_ended_brings_what_was_written_back_to_its_page(
    chromium: Any, address: str, writing: Writing
) -> None:
    desk = writing.desk(chromium, address, width=NARROW, scripts=False)
    desk.go(f"{writing.path}/views")
    desk.page.get_by_label("What the child says, in the child's own words").fill("My <aunt>.")

    writing.clock.pass_time(hours=20)
    desk.page.get_by_role("button", name="Save", exact=True).click()
    desk.sign_in(writing.who, writing.clock)
    box = desk.page.get_by_label("What the child says, in the child's own words")
    brought = box.input_value()
    desk.page.get_by_role("button", name="Save", exact=True).click()
    desk.page.get_by_text("Saved.", exact=True).wait_for()

    assert brought == "My <aunt>."
    assert writing.says() == "My <aunt>."


def test_the_pages_of_writing_have_no_fault_for_a_screen_reader_and_fit_both_widths(
    chromium: Any, address: str, writing: Writing
) -> None:
    desk = writing.desk(chromium, address, bypass_csp=True)
    case = f"/desk/cases/{writing.case_id}"
    pages = (
        "/desk/register", case, writing.path, f"{writing.path}/views", f"{writing.path}/talks/new",
        f"{writing.path}/conclusion", f"{case}/acts/record_consent", f"{case}/acts/emergency",
    )  # fmt: skip

    wrong = {}
    for path in pages:
        desk.go(path)
        for width in (WIDE, NARROW):
            desk.page.set_viewport_size({"width": width, "height": 800})
            found = (desk.faults(), desk.is_too_wide())
            if found != ([], False):
                wrong[path, width] = found

    assert wrong == {}
    assert desk.troubles() == []


def test_a_talk_is_written_down_with_the_keyboard_alone(
    chromium: Any, address: str, writing: Writing
) -> None:
    desk = writing.desk(chromium, address)
    page = desk.page
    desk.go(f"{writing.path}/talks")

    page.get_by_role("link", name="Add a talk").focus()
    page.keyboard.press("Enter")
    page.get_by_role("group", name="Was it with the child?").get_by_label("Yes").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("her aunt")
    page.keyboard.press("Tab")
    for part in ("31", "2", "2026"):
        page.keyboard.type(part)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    page.get_by_role("link", name="Write the day as numbers").focus()
    page.keyboard.press("Enter")
    focused = page.evaluate("document.activeElement.id")

    assert focused == "held_on-day"
    assert page.get_by_label("With whom, if not the child").input_value() == "her aunt"


def _no_line(route: Any) -> None:
    """Nothing that is sent arrives; pages can still be looked at."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def _opened_again_with_a_line(desk: Desk) -> Any:
    """The device was shut while the line was down, and opened again days later."""
    context = desk.page.context
    desk.page.close()
    desk.page = context.new_page()
    desk.page.wait_for_timeout(300)  # what the page that was shut still sends is lost too
    context.unroute("**/views")
    desk.page.set_default_timeout(5000)
    return desk.page


def test_what_was_never_saved_is_still_on_the_device_sealed_and_gone_after_signing_out(
    chromium: Any, address: str, writing: Writing
) -> None:
    desk = writing.desk_with_a_clock(chromium, address)
    page = desk.page
    label = "What the child says, in the child's own words"
    desk.go(f"{writing.path}/views")
    page.context.route("**/views", _no_line)
    page.get_by_label(label).fill("My aunt in town, and nobody else.")
    page.clock.run_for(1100)
    page.wait_for_function(WRITTEN)
    sealed = page.evaluate(SEALED)
    page = _opened_again_with_a_line(desk)
    writing.save("With my sister.")

    desk.go("/desk")
    page.get_by_text("something you wrote that was never saved").wait_for()
    desk.go(f"{writing.path}/views")
    page.get_by_role("button", name="Put it back").click()
    back = page.get_by_label(label).input_value()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("alert").wait_for()
    both = _words(desk)
    page.get_by_label("Both, one under the other").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.", exact=True).wait_for()
    page.wait_for_function(NOTHING)
    before = page.evaluate("async () => (await indexedDB.databases()).length")
    page.get_by_role("button", name="Sign out").click()
    desk.heading("You have signed out")
    page.wait_for_function("async () => (await indexedDB.databases()).length === 0")

    assert back == "My aunt in town, and nobody else."
    assert "aunt" not in sealed
    assert before == 1
    assert "With my sister." in both
    assert "cannot be saved any more" not in both
    assert writing.says() == "With my sister.\n\nMy aunt in town, and nobody else."
    assert desk.strangers() == []


def test_what_can_no_longer_be_saved_is_said_openly(
    chromium: Any, address: str, writing: Writing
) -> None:
    desk = writing.desk_with_a_clock(chromium, address)
    page = desk.page
    desk.go(f"{writing.path}/views")
    page.context.route("**/views", _no_line)
    page.get_by_label("What the child says, in the child's own words").fill("My aunt.")
    page.clock.run_for(1100)
    page.wait_for_function(WRITTEN)
    page = _opened_again_with_a_line(desk)
    with writing.database.unit_of_work() as session:
        bar(
            session, writing.worker, case_id=writing.case_id, person_id=writing.worker.person_id,
            ref=writing.case_id, ground="kin", now=NOON,
        )  # fmt: skip

    desk.go(f"{writing.path}/views")
    page.get_by_text("It cannot be saved any more").wait_for()
    words = _words(desk)
    page.get_by_role("button", name="Throw it away").click()
    page.wait_for_function(NOTHING)

    assert "My aunt." not in words
    assert writing.code not in words

"""An answer that comes back on paper, at a real browser: printed, brought as a photograph, compared, put on record."""

from typing import Any

import pytest
from fastapi import FastAPI

from core.actors import Role
from core.db import Database
from core.papers.press import the_press
from tests.browser.desks import NARROW, WIDE, Clock, Desk, a_desk, named, seat, staff
from tests.builders.accounts import country_wide
from tests.builders.filled_in import as_jpeg, drawn, photographed, ticked
from tests.builders.guests import Abroad
from tests.builders.papers import a_desk as a_printer
from tests.conftest import NOON
from transfers.service import answer_forms

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


OTHER = "What else you can do"


class Post:
    """An enquiry answered by hand: the photograph of the form is on this officer's computer."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        the_press()
        self.clock, self.database = Clock(app), database
        self.who = staff(database, "t.zimba", [country_wide(Role.SECRETARIAT)])
        with database.unit_of_work() as session:
            abroad = Abroad(session)
            for officer in (abroad.office.writer, abroad.office.second, abroad.office.head):
                named(session, officer.person_id, "Bwalya Mulenga")
            form = answer_forms.printed_form(
                session, abroad.third, abroad.transfer_id, language="en", desk=a_printer(), now=NOON
            )
        self.at = f"/desk/transfers/{abroad.transfer_id}"
        page = ticked(
            drawn(form.content), answer_forms.laid_out()["E1"],
            ["answer:yes-to-enquiry", "family:confirmed", "family:partly"], hand="check",
        )  # fmt: skip
        self.photograph = {
            "name": "IMG_0412.jpg", "mimeType": "image/jpeg",
            "buffer": as_jpeg(photographed(page, turn=5, tilt=0.02, shadow=0.5)),
        }  # fmt: skip

    def desk(self, chromium: Any, address: str, **look: Any) -> Desk:
        """The officer at a browser, signed in."""
        return seat(a_desk(chromium, address, **look), self.database, self.who, self.clock)


@pytest.fixture
def post(app: FastAPI, database: Database) -> Post:
    """The mail room of the secretariat of Zambia."""
    return Post(app, database)


@pytest.mark.parametrize(("scripts", "width"), [(False, NARROW), (True, WIDE)])
def test_a_photographed_answer_is_compared_with_its_paper_completed_and_put_on_record(
    chromium: Any, address: str, post: Post, *, scripts: bool, width: int
) -> None:
    desk = post.desk(chromium, address, scripts=scripts, width=width)
    page = desk.page

    desk.go(post.at)
    page.get_by_text(OTHER).click()
    page.get_by_role("link", name="Answers on paper").click()
    page.get_by_label("Photograph or scan of the form").set_input_files([post.photograph])
    desk.press("Read the form")
    desk.heading("A form that came back")
    said = " ".join(page.locator("main").inner_text().split())
    picture = page.get_by_role("img").evaluate("image => image.naturalWidth") if scripts else 1050
    page.get_by_label("Name of whoever signed it").fill("Selma Amukoshi")
    desk.press("Put this answer on record")
    missing = page.get_by_role("alert").inner_text()
    page.get_by_label("Their office").fill("Ministry of Gender, Windhoek")
    page.get_by_label("family", exact=False).first.select_option("confirmed")
    page.locator("#text").fill("The aunt is ready to receive her.")
    desk.press("Put this answer on record")
    desk.page.get_by_role("heading", name="From Zambia to Namibia").wait_for()
    done = " ".join(page.locator("main").inner_text().split())

    assert "They answer yes" in said
    assert "More than one box is ticked under “Whether this is the child's family”." in said
    assert picture == 1050
    assert "Their office" in missing
    assert "Answered" in done
    assert not desk.is_too_wide()
    assert desk.troubles() == desk.strangers() == []


def test_pages_of_answers_on_paper_have_no_fault_for_a_screen_reader_and_fit_both_widths(
    chromium: Any, address: str, post: Post
) -> None:
    desk = post.desk(chromium, address, bypass_csp=True)
    seen: dict[tuple[str, int], tuple[list[str], bool]] = {}

    def look(name: str) -> None:
        for width in (WIDE, NARROW):
            desk.page.set_viewport_size({"width": width, "height": 800})
            seen[name, width] = (desk.faults(), desk.is_too_wide())

    desk.go(f"{post.at}/answer-forms")
    look("nothing here yet")
    desk.press("Read the form")
    desk.page.get_by_role("alert").wait_for()
    focused = desk.page.locator(":focus").get_attribute("class")
    look("no file")
    desk.page.get_by_label("Photograph or scan of the form").set_input_files([post.photograph])
    desk.press("Read the form")
    desk.heading("A form that came back")
    look("proposal")
    desk.press("Put this answer on record")
    desk.page.get_by_role("alert").wait_for()
    look("gaps")

    assert focused == "govuk-error-summary"
    assert len(seen) == 8
    assert {page: wrong for page, wrong in seen.items() if wrong != ([], False)} == {}
    assert desk.troubles() == []

"""Pages in every language, and in one that runs from right to left, in a real browser."""

from typing import Any

import pytest
from fastapi import FastAPI

from core.actors import Role
from core.db import Database
from tests.browser.desks import NARROW, WIDE, Clock, Desk, a_desk, seat, staff
from tests.builders.accounts import country_wide, in_office
from tests.builders.cases import a_registered_case

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


def _worker(app: FastAPI, database: Database, chromium: Any, address: str, **look: Any) -> Desk:
    who = staff(database, "t.zimba", [in_office(Role.CASEWORKER), country_wide(Role.SECRETARIAT)])
    with database.unit_of_work() as session:
        a_registered_case(session, owner=who.actor(in_office(Role.CASEWORKER)))
    return seat(a_desk(chromium, address, **look), database, who, Clock(app))


def test_a_page_turns_with_a_reader_who_reads_from_right_to_left(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"mirrored_language": True})
    desk = _worker(app, database, chromium, address, width=NARROW, bypass_csp=True)
    found: dict[str, Any] = {}

    desk.go("/desk")
    desk.press("Mirrored (for builders)")
    for width in (NARROW, WIDE):
        desk.page.set_viewport_size({"width": width, "height": 800})
        for path in ("/desk", "/desk/cases", "/desk/transfers", "/desk/panels"):
            desk.go(path)
            direction = desk.page.evaluate("getComputedStyle(document.body).direction")
            heading = desk.page.locator("h1").bounding_box()
            starts_right = heading["x"] + heading["width"] > width * 0.7
            found[f"{path} {width}"] = (direction, starts_right, desk.is_too_wide(), desk.faults())

    assert found == dict.fromkeys(found, ("rtl", True, False, []))
    assert desk.page.locator("html").get_attribute("lang") == "ar-XB"


def test_the_made_up_language_is_offered_to_nobody_else(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    desk = _worker(app, database, chromium, address, scripts=False)

    desk.go("/desk")
    offered = desk.page.locator(".desk-languages").inner_text()
    desk.page.context.add_cookies([{"name": "bid-language", "value": "ar-XB", "url": address}])
    desk.go("/desk")

    assert "Mirrored" not in offered
    assert desk.page.locator("html").get_attribute("dir") == "ltr"


def test_longer_languages_fit_a_phone_and_a_refusal_speaks_them_too(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    desk = _worker(app, database, chromium, address, width=NARROW, scripts=False)
    said: dict[str, Any] = {}

    desk.go("/desk")
    for name in ("Français", "Português", "Español"):
        desk.press(name)
        narrow = []
        for path in ("/desk", "/desk/cases", "/desk/transfers", "/desk/panels/new", "/desk/rules"):
            desk.go(path)
            narrow.append(desk.is_too_wide())
        desk.go("/desk/installation")
        said[name] = (any(narrow), desk.page.locator("h1").inner_text())

    assert said == {
        "Français": (False, "Il n'y a rien ici pour vous"),
        "Português": (False, "Aqui não há nada para si"),
        "Español": (False, "Aquí no hay nada para usted"),
    }

"""Registering a child on pages: who may be on file already is shown before anything is saved."""

import re
from typing import Final

import pytest
from httpx2 import Response
from sqlmodel import select

from cases.service import files
from cases.service.search import index_names
from cases.tables.case_file import CaseRow
from cases.tables.consent import ConsentRow, WithholdRow
from core.actors import Role
from core.db import Database
from tests.api.desks import Desks, desks
from tests.builders.accounts import in_office
from tests.builders.cases import OFFICE, OTHER_OFFICE, a_registered_case
from tests.conftest import NOON

__all__ = ["desks"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
CHILD: Final = {
    "child.names.given": "Amani", "child.names.family": "Mwansa", "child.sex": "female",
    "child.age_years": "14", "child.age_basis": "stated", "child.languages": "sw",
    "child.languages.other": "Kinyarwanda", "child.nationalities": "CD",
}  # fmt: skip
PLACE: Final = {"alert.office": OFFICE, "alert.in_danger": "no", "alert.in_detention": "no"}
AGREED: Final = {
    "consent.given_by": "child", "consent.assent": "yes", "consent.given_on-day": "2",
    "consent.given_on-month": "3", "consent.given_on-year": "2026",
    "consent.purposes": "case_management", "withheld.0.item": "exact_location",
    "withheld.0.from_whom": "family", "withheld.0.reason": "fear_of_harm",
}  # fmt: skip


class Registrar:
    """A caseworker who registers children."""

    def __init__(self, desks: Desks, database: Database) -> None:
        self.database, self.seat = database, desks.of("t.zimba", Role.CASEWORKER)
        self.client = self.seat.client
        self.client.follow_redirects = False
        self.actor = self.seat.who.actor(in_office(Role.CASEWORKER))
        self.path = "/desk/register"

    def send(self, before: Response | None, values: dict[str, str], act: str = "on") -> Response:
        """Fill in the page that was shown, and send it."""
        page = before or self.client.get(self.path)
        return self.client.post(
            self.path, data={**dict(HIDDEN.findall(page.text)), **values, "act": act}
        )

    def cases(self) -> list[CaseRow]:
        """Every case there is."""
        with self.database.unit_of_work() as session:
            return list(session.exec(select(CaseRow)))


@pytest.fixture
def registrar(desks: Desks, database: Database) -> Registrar:
    """Somebody who registers."""
    return Registrar(desks, database)


def _known(registrar: Registrar, office: str = OFFICE) -> str:
    with registrar.database.unit_of_work() as session:
        facts = {"names": {"given": "Amany", "family": "Mwanza"}, "nationalities": ["CD"]}
        row = a_registered_case(
            session, owner=registrar.actor if office == OFFICE else None, office=office,
            sex="female", nationality_code="CD", restricted=facts,
        )  # fmt: skip
        index_names(session, row.id, ["Amany", "Mwanza"], now=NOON)
        return row.child_code


def test_a_child_is_registered_in_three_steps_with_consent_and_what_it_wants_kept_back(
    registrar: Registrar,
) -> None:
    second = registrar.send(None, CHILD)
    third = registrar.send(second, PLACE)
    unsaved = registrar.cases()
    done = registrar.send(third, AGREED)

    (case,) = registrar.cases()
    with registrar.database.unit_of_work() as session:
        file = files.open_file(session, registrar.actor, case.id, now=NOON)
        consent = session.exec(select(ConsentRow)).one()
        withheld = session.exec(select(WithholdRow)).one()
        assert (consent.case_id, withheld.item) == (case.id, "exact_location")
    assert unsaved == []
    assert done.headers["location"] == f"/desk/cases/{case.id}"
    assert file.facts["names"]["family"] == "Mwansa"
    assert file.facts["languages"] == ["sw", "rw"]
    assert case.state == "registered"


@pytest.mark.rule("R53")
def test_a_child_who_may_be_on_file_is_shown_before_anything_is_saved_and_a_person_decides(
    registrar: Registrar,
) -> None:
    code = _known(registrar)

    shown = registrar.send(None, CHILD)
    after = len(registrar.cases())
    corrected = registrar.send(shown, {}, act="stay")
    second = registrar.send(shown, {})

    assert "This child may be on file already" in shown.text
    assert code in shown.text
    assert "names that sound alike" in shown.text
    assert after == 1
    assert 'value="Amani"' in corrected.text
    assert "Step 2 of 3" in second.text


@pytest.mark.rule("R53")
def test_a_child_who_came_on_file_while_somebody_registered_is_shown_before_saving_too(
    registrar: Registrar,
) -> None:
    third = registrar.send(registrar.send(None, CHILD), PLACE)

    code = _known(registrar)
    shown = registrar.send(third, AGREED)
    known = len(registrar.cases())
    done = registrar.send(shown, {})

    assert code in shown.text
    assert known == 1
    assert done.status_code == 303
    assert len(registrar.cases()) == 2


def test_a_child_on_file_elsewhere_is_counted_and_not_shown(registrar: Registrar) -> None:
    code = _known(registrar, OTHER_OFFICE)

    shown = registrar.send(None, CHILD)

    assert "1 more file that looks alike" in shown.text
    assert code not in shown.text


def test_a_refused_registration_shows_everything_that_was_typed(registrar: Registrar) -> None:
    third = registrar.send(registrar.send(None, CHILD), PLACE)

    refused = registrar.send(third, {"consent.words": "I told <nobody>", "consent_not_asked": ""})
    back = registrar.send(refused, {}, act="back")

    assert refused.status_code == 409
    assert "I told &lt;nobody&gt;" in refused.text
    assert "Step 2 of 3" in back.text
    assert f'value="{OFFICE}"' in back.text
    assert registrar.cases() == []


def test_a_newborn_is_registered_as_nought_years_old(registrar: Registrar) -> None:
    third = registrar.send(registrar.send(None, {**CHILD, "child.age_years": "0"}), PLACE)
    registrar.send(third, {"consent_not_asked": "too_young_no_adult"})

    (case,) = registrar.cases()
    with registrar.database.unit_of_work() as session:
        file = files.open_file(session, registrar.actor, case.id, now=NOON)
    assert file.facts["age_years"] == 0


def test_an_age_that_is_no_number_names_its_field(registrar: Registrar) -> None:
    refused = registrar.send(None, {**CHILD, "child.age_years": "about 14"})

    assert 'href="#child.age_years"' in refused.text
    assert 'value="about 14"' in refused.text


def test_an_alert_gives_a_code_to_quote_and_its_case_is_registered_afterwards(
    registrar: Registrar, desks: Desks
) -> None:
    officer = desks.of("border", Role.FIRST_LINE)
    page = officer.client.get("/desk/alert")
    typed = {**PLACE, "alert.in_danger": "yes", "alert.words": "A girl alone at the bridge."}
    said = officer.client.post("/desk/alert", data={**dict(HIDDEN.findall(page.text)), **typed})

    (case,) = registrar.cases()
    registrar.path = f"/desk/cases/{case.id}/register"
    second = registrar.send(None, CHILD)
    third = registrar.send(second, {})
    done = registrar.send(third, AGREED)

    assert case.child_code in said.text
    assert "Step 3 of 3" in third.text
    assert done.headers["location"] == f"/desk/cases/{case.id}"
    assert registrar.cases()[0].state == "registered"
    assert registrar.cases()[0].priority == "emergency"


def test_a_registration_sent_twice_makes_one_case_and_leads_to_it_both_times(
    registrar: Registrar,
) -> None:
    third = registrar.send(registrar.send(None, CHILD), PLACE)
    sent = {**dict(HIDDEN.findall(third.text)), **AGREED, "act": "on"}

    first = registrar.client.post(registrar.path, data=sent)
    again = registrar.client.post(registrar.path, data=sent)

    (case,) = registrar.cases()
    assert first.headers["location"] == again.headers["location"] == f"/desk/cases/{case.id}"


def test_an_alert_whose_answer_is_loaded_again_gives_the_same_code(
    registrar: Registrar, desks: Desks
) -> None:
    officer = desks.of("border", Role.FIRST_LINE).client
    page = officer.get("/desk/alert")
    typed = {
        **dict(HIDDEN.findall(page.text)),
        **PLACE,
        "alert.words": "A girl alone at the bridge.",
    }

    first, again = (officer.post("/desk/alert", data=typed) for _ in range(2))
    anew = officer.post(
        "/desk/alert", data={**typed, **dict(HIDDEN.findall(officer.get("/desk/alert").text))}
    )

    codes = {case.child_code for case in registrar.cases()}
    assert len(codes) == 2
    assert first.text == again.text
    assert {code for code in codes if code in first.text} != {
        code for code in codes if code in anew.text
    }


def test_what_was_refused_is_not_taken_for_done(registrar: Registrar) -> None:
    third = registrar.send(registrar.send(None, CHILD), PLACE)
    sent = {**dict(HIDDEN.findall(third.text)), "act": "on"}

    refused = registrar.client.post(registrar.path, data=sent)
    done = registrar.client.post(registrar.path, data=sent | AGREED)

    assert refused.status_code == 409
    assert done.headers["location"] == f"/desk/cases/{registrar.cases()[0].id}"

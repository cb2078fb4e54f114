"""Notices over HTTP: to the right people, by codes and ids only, until they are read."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.problems.notices import WORDS
from cases.service.access import bar
from core import notice_wishes, notices
from core.actors import Role
from core.db import Database
from core.ids import new_id
from core.notices import Recipient
from core.outbox import Message
from tests.api.desks import OFFICE, OTHER_OFFICE, Desks, desks
from tests.api.test_accounts_sign_in import Desk
from tests.builders.cases import a_person, a_registered_case

__all__ = ["desks"]

CASE = new_id()


@pytest.fixture
def supervisor(desks: Desks) -> Desk:
    return desks.of("supervisor", Role.SUPERVISOR)


def tell(database: Database, now: datetime, *keys: str, about: str = CASE, **to: str) -> None:
    """Deliver notices, one a minute."""
    with database.unit_of_work() as session:
        for minute, key in enumerate(keys):
            message = Message(new_id(), "deadline.reached", key, about, {"code": "D4", **to}, 1)
            recipient = notices.recipient_of(message, country="ZM")
            notices.put(session, message, recipient, now=now + timedelta(minutes=minute))


def listed(desk: Desk, query: str = "") -> dict[str, Any]:
    answer = desk.send("GET", f"/notices{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.rule("R50")
def test_a_notice_about_a_case_is_codes_and_an_opaque_id(
    supervisor: Desk, database: Database, now: datetime
) -> None:
    tell(database, now, "late", role="supervisor", office=OFFICE)

    (notice,) = listed(supervisor)["items"]

    assert set(notice) == {"id", "topic", "text", "subject", "facts", "made_at", "read_at"}
    assert notice["text"].startswith("Time limit “Short assessment”: ")
    assert (notice["topic"], notice["subject"]) == ("deadline.reached", CASE)
    assert notice["facts"] == {"code": "D4", "role": "supervisor", "office": OFFICE}


def test_a_read_notice_is_gone_from_the_list_and_found_among_all(
    supervisor: Desk, database: Database, now: datetime
) -> None:
    tell(database, now, "late", role="supervisor", office=OFFICE)
    (notice,) = listed(supervisor)["items"]

    first = supervisor.send("POST", f"/notices/{notice['id']}/read")
    again = supervisor.send("POST", f"/notices/{notice['id']}/read")

    assert (first.status_code, again.status_code) == (204, 204)
    assert listed(supervisor)["items"] == []
    (kept,) = listed(supervisor, "?unread=false")["items"]
    assert kept["read_at"] is not None


def test_newest_come_first_and_every_notice_is_on_one_page(
    supervisor: Desk, database: Database, now: datetime
) -> None:
    tell(database, now, "a", "b", "c", "d", "e", role="supervisor", office=OFFICE)
    pages, cursor = [], ""
    while True:
        page = listed(supervisor, f"?limit=2{cursor}")
        pages.append([item["made_at"] for item in page["items"]])
        if page["cursor"] is None:
            break
        cursor = f"&cursor={page['cursor']}"

    moments = [moment for page in pages for moment in page]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len(set(moments)) == 5
    assert moments == sorted(moments, reverse=True)


def test_a_made_up_cursor_is_refused(supervisor: Desk) -> None:
    assert supervisor.send("GET", "/notices?cursor=nonsense").status_code == 422


@pytest.mark.rule("R51")
def test_the_notice_of_another_office_is_neither_listed_nor_readable(
    supervisor: Desk, desks: Desks, database: Database, now: datetime
) -> None:
    tell(database, now, "late", role="supervisor", office=OFFICE)
    (notice,) = listed(supervisor)["items"]
    other = desks.of("other", Role.SUPERVISOR, OTHER_OFFICE)

    assert listed(other)["items"] == []
    foreign = other.send("POST", f"/notices/{notice['id']}/read")
    missing = other.send("POST", f"/notices/{new_id()}/read")
    assert foreign.status_code == missing.status_code == 404
    assert len(listed(supervisor)["items"]) == 1


def test_who_holds_a_role_over_the_country_hears_what_is_meant_for_its_offices(
    desks: Desks, database: Database, now: datetime
) -> None:
    """Else a notice for an office without such a person would be read by nobody."""
    tell(database, now, "ready", role="coordinator", office=OFFICE)

    assert len(listed(desks.of("all", Role.COORDINATOR, None))["items"]) == 1
    assert listed(desks.of("head", Role.SUPERVISOR, None))["items"] == []


def test_what_is_for_a_panel_goes_to_its_secretary() -> None:
    message = Message(new_id(), "item.referred", "k", CASE, {"panel": "p-1"}, 1)

    to = notices.recipient_of(message, country="ZM")

    assert to == Recipient(role="secretary", scope="panel", ref="p-1")


def test_a_notice_for_a_person_is_theirs_alone(
    supervisor: Desk, desks: Desks, database: Database, now: datetime
) -> None:
    tell(database, now, "question", person=supervisor.who.person_id)

    assert len(listed(supervisor)["items"]) == 1
    assert listed(desks.of("other", Role.SUPERVISOR))["items"] == []


@pytest.mark.rule("R14")
def test_a_conflict_closes_what_a_role_is_told_of_the_case_but_not_what_a_person_is_told(
    desks: Desks, supervisor: Desk, database: Database, now: datetime
) -> None:
    person = supervisor.who.person_id
    with database.unit_of_work() as session:
        case = a_registered_case(session).id
    tell(database, now, "role", about=case, role="supervisor", office=OFFICE)
    tell(database, now, "person", about=case, person=person)
    both = listed(supervisor)["items"]
    with database.unit_of_work() as session:
        bar(
            session, a_person(Role.SUPERVISOR), case_id=case, person_id=person, ref="item", ground="arrest",
            now=now,
        )  # fmt: skip

    (left,) = listed(supervisor)["items"]
    (hidden,) = [one["id"] for one in both if one["id"] != left["id"]]

    assert (len(both), left["facts"]["person"]) == (2, person)
    assert supervisor.send("POST", f"/notices/{hidden}/read").status_code == 404


def test_somebody_says_which_notices_also_come_by_mail(
    supervisor: Desk, database: Database
) -> None:
    first = supervisor.send("GET", "/me/notice-wishes").json()
    said = supervisor.send("PUT", "/me/notice-wishes", {"by_mail": "at_once"})
    wrong = supervisor.send("PUT", "/me/notice-wishes", {"by_mail": "never"})
    person = supervisor.who.person_id

    def mailed(*topics: str) -> list[str]:
        with database.unit_of_work() as session:
            return [one for one in topics if notice_wishes.who_wants(session, [person], one)]

    assert (first["by_mail"], said.status_code, wrong.status_code) == ("everything", 204, 422)
    assert supervisor.send("GET", "/me/notice-wishes").json()["by_mail"] == "at_once"
    urgent = ("transfer.alarm", "transfer.receipt_late")
    topics = (*urgent, "sitting.convened", "papers.unread", "case.ready_for_listing")
    assert mailed(*topics) == [*urgent]
    supervisor.send("PUT", "/me/notice-wishes", {"by_mail": "sittings"})
    assert mailed(*topics) == [*urgent, "sitting.convened", "papers.unread"]
    supervisor.send("PUT", "/me/notice-wishes", {"by_mail": "everything"})
    assert mailed(*topics) == list(topics)
    assert set(WORDS) >= notice_wishes.AT_ONCE

"""The day of travel on pages: cleared by the head, left on that day, handed over to the person of the plan."""

import pytest
from fastapi import FastAPI

from core.db import Database
from tests.api.abroad import VERSION, Secretariat, bare, day, links, moment, seen, they_say
from tests.builders.requests import (
    DAY,
    LEAVES,
    START,
    a_confirmation,
    a_request_sent,
    a_travel_plan,
    an_acceptance,
    everything_found,
)
from transfers.rules.codes import MessageType
from transfers.service import travel

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def zambia(app: FastAPI, database: Database) -> Secretariat:
    """The secretariat of Zambia on the day on which a child leaves."""
    return Secretariat(app, database, at=LEAVES)


@pytest.fixture
def path(zambia: Secretariat) -> str:
    """A request that was accepted, its journey planned and confirmed, every line looked at but the clinician's."""
    office = zambia.office
    with zambia.database.unit_of_work() as session:
        office.session = session
        decided, ours, _ = a_request_sent(office)
        team = decided.court.team
        assert team is not None
    they_say(zambia, ours, MessageType.ACK)
    they_say(zambia, ours, MessageType.ACCEPT, **an_acceptance())
    with zambia.database.unit_of_work() as session:
        office.session = session
        package = office.say(ours, MessageType.PACKAGE, now=START)
        travel.note_viewed(session, package, ref="receipt", now=START)
        office.say(ours, MessageType.TRAVEL_PLAN, now=START, **a_travel_plan())
    they_say(zambia, ours, MessageType.TRAVEL_CONFIRM, **a_confirmation())
    with zambia.database.unit_of_work() as session:
        office.session = session
        everything_found(office, ours, team, leave_out=travel.Fact.FIT_TO_TRAVEL)
    return f"/desk/transfers/{ours}"


def cleared(zambia: Secretariat, path: str) -> dict[str, str]:
    version = VERSION.search(zambia.head.open(path).text)
    assert version
    return {"act": "clear", "version": version[1], **day("on", DAY)}


@pytest.mark.rule("R33")
@pytest.mark.rule("R39")
def test_a_child_is_cleared_by_the_head_leaves_on_that_day_and_goes_to_the_person_of_the_plan(
    zambia: Secretariat, path: str
) -> None:
    early = zambia.head.fill(path, cleared(zambia, path))
    fact = {"fact": "fit_to_travel", "answer": "yes", **day("found", DAY)}
    found = zambia.writer.fill(path, fact)
    by_writer = zambia.writer.open(path)
    head_page = zambia.head.open(path)
    done = zambia.head.fill(path, cleared(zambia, path))
    before = zambia.writer.open(path)
    left = zambia.writer.fill(path, {"act": "depart"})
    form = zambia.writer.open(f"{path}/say/handover").text
    said = {
        "place": "Border post", "from_person": "Invented Escort", "identity_checked": "yes",
        "to_person": "Invented Receiver", **moment("at", DAY, "15:00"),
    }  # fmt: skip
    stranger = zambia.writer.fill(f"{path}/say/handover", said | {"to_person": "Somebody Else"})
    unsigned = zambia.head.fill(stranger.headers["location"], {"act": "sign", "version": "1"})
    right = zambia.writer.fill(f"{path}/say/handover", said)
    signed = zambia.head.fill(right.headers["location"], {"act": "sign", "version": "1"})

    assert early.status_code == 409
    assert "No clinician has said" in seen(early)
    assert found.status_code == 303
    assert 'value="clear"' not in by_writer.text
    assert 'value="clear"' in head_page.text
    assert done.status_code == 303, seen(done)
    assert "The child has left" in seen(before)
    assert left.status_code == 303, seen(left)
    assert 'value="Invented Receiver"' in form
    assert unsigned.status_code == 409
    assert signed.status_code == 303, seen(signed)
    assert "Handed over, not yet signed for" in seen(zambia.writer.open(path))
    assert bare(head_page) == bare(before) == []


def test_a_clearance_is_taken_back_by_any_officer(zambia: Secretariat, path: str) -> None:
    zambia.writer.fill(path, {"fact": "fit_to_travel", "answer": "yes", **day("found", DAY)})
    zambia.head.fill(path, cleared(zambia, path))

    answer = zambia.second.fill(path, {"act": "unclear"})
    page = seen(zambia.second.open(path))

    assert answer.status_code == 303, seen(answer)
    assert "Journey is being prepared" in page
    assert "The child has left" not in page


def test_the_travel_plan_is_printed_from_the_page_of_its_message(
    zambia: Secretariat, path: str
) -> None:
    message = next(
        one
        for one in links(zambia.writer.open(path).text, "/desk/messages/")
        if "Travel plan" in seen(zambia.writer.open(one))[:12]
    )
    (paper,) = links(zambia.writer.open(message).text, f"{path}/papers/")

    printed = zambia.writer.open(paper)

    assert paper.endswith("/papers/travel-plan")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")
    assert zambia.writer.open(f"{path}/papers/anything").status_code == 404

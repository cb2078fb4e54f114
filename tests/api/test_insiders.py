"""What somebody with an account of their own tries against a child's case: they get no further than their part."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from cases.service import access
from core.actors import Role
from core.db import Database
from tests.api.deciding import Story, a_wish, story
from tests.api.desks import Desks, desks
from tests.api.test_cases import NEW
from tests.api.test_cases_parties import PDF, announced
from tests.api.test_deferrals import answered
from tests.builders.accounts import OPERATOR
from tests.builders.decided import DECIDED, heard_again
from tests.builders.sittings import arrive

__all__ = ["desks", "story"]
KEY = {"Idempotency-Key": "a key of our own"}


@pytest.mark.rule("R14")
def test_a_recused_member_is_out_of_the_next_hearing_of_the_same_child_too(
    story: Story, database: Database
) -> None:
    story.begin()
    story.done("police", "POST", f"{story.item}/conflicts", ground="relative", words="My niece.")
    story.refused(404, "police", "GET", f"/cases/{story.case_id}")
    story.done("chair", "POST", f"{story.item}/deferral", **a_wish(story))
    answered(story)
    starts = DECIDED + timedelta(days=30)
    police = story.court.people.pop("police")
    with database.unit_of_work() as session:
        heard_again(session, story.court, starts=starts, now=story.now)
        story.court.people["police"] = police
        arrive(session, story.court, "police", now=starts)
    story.at(starts + timedelta(minutes=30))

    story.refused(404, "police", "POST", f"{story.item}/no-conflict")
    story.refused(404, "police", "POST", f"{story.item}/votes", option="O1")
    assert (
        story.court.item_id
        not in story.send("police", "GET", f"/sittings/{story.court.sitting_id}/items").text
    )


@pytest.mark.rule("R14")
def test_whoever_was_barred_meanwhile_is_not_told_again(
    desks: Desks, database: Database, now: datetime
) -> None:
    worker = desks.of("worker", Role.CASEWORKER)
    made = worker.send("POST", "/cases/registered", NEW).json()
    asked = {"name": NEW["child"]["names"]["given"]}
    first = worker.send("POST", "/cases/search", asked, **KEY)
    assert made["child_code"] in first.text
    with database.unit_of_work() as session:
        access.bar(
            session, OPERATOR, case_id=made["case_id"], person_id=worker.who.person_id,
            ref="", ground="relative", now=now,
        )  # fmt: skip

    again = worker.send("POST", "/cases/search", asked, **KEY)

    assert again.status_code == 409, again.text
    assert made["child_code"] not in again.text


@pytest.mark.rule("R50")
def test_an_answer_given_again_is_on_record(desks: Desks, database: Database) -> None:
    worker = desks.of("worker", Role.CASEWORKER)
    worker.send("POST", "/cases/registered", NEW, **KEY)

    again = worker.send("POST", "/cases/registered", NEW, **KEY)

    assert again.headers["idempotency-replayed"] == "true"
    with database.engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT person_id, detail FROM audit WHERE action = 'request.repeated'")
        ).all()
    assert [row[0] for row in rows] == [worker.who.person_id]
    assert "/cases/registered" in rows[0][1]


def test_a_file_that_broke_off_is_sent_again_under_the_same_key(desks: Desks) -> None:
    worker = desks.of("worker", Role.CASEWORKER)
    case = f"/cases/{worker.send('POST', '/cases/registered', NEW).json()['case_id']}"
    path = announced(worker, case)
    headers = {
        **KEY,
        "X-CSRF-Token": worker.csrf,
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/octet-stream",
    }
    broken = worker.client.put(path, content=b"not a letter at all", headers=headers)
    assert broken.status_code == 422

    answer = worker.client.put(path, content=PDF, headers=headers)

    assert answer.status_code == 204, answer.text
    assert worker.client.get(path).content == PDF

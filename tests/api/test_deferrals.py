"""Putting a child's item off over HTTP: twice at most, for named questions, with safe care meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from core.db import Database
from tests.api.deciding import Story, a_wish, day, story, words
from tests.builders.decided import DECIDED, heard_again

__all__ = ["story"]


def answered(story: Story) -> None:
    """The worker answers the question, and the coordinator finds the report complete again."""
    mine = story.done("worker", "GET", "/deferral-questions")["questions"]
    path = f"/deferral-questions/{mine[0]['id']}/answer"
    assert story.done("worker", "POST", path, answer="She is willing.")["in_force"]
    assert story.state() == "bid_quality_check"
    story.done("coordinator", "POST", f"{story.case}/report/quality-check")


@pytest.mark.rule("R21")
def test_a_child_is_put_off_twice_and_at_the_third_sitting_no_more(
    story: Story, database: Database
) -> None:
    story.begin()
    for round_no in (1, 2):
        story.done("chair", "POST", f"{story.item}/deferral", **a_wish(story))
        assert story.state() == "bid_deferred"
        answered(story)
        starts = DECIDED + timedelta(days=30 * round_no)
        with database.unit_of_work() as session:
            heard_again(session, story.court, starts=starts, now=story.now)
        story.at(starts + timedelta(minutes=30))

    missing = story.refused(409, "chair", "POST", f"{story.item}/deferral", **a_wish(story))

    assert missing == {"third_deferral"}
    kept = story.done("worker", "GET", f"{story.case}/deferrals")["deferrals"]
    assert [one["number"] for one in kept] == [1, 2]
    assert all(one["answered_at"] for one in kept)
    story.vote()
    story.done("chair", "POST", f"{story.item}/determination", **late_words())


def late_words() -> dict[str, Any]:
    """The same decision, worded two months later."""
    actions = [words()["actions"][0] | {"by_when": day(70)}]
    return words(actions=actions, valid_until=day(120), review_on=day(100))


@pytest.mark.rule("R21")
def test_a_deferral_names_question_owner_day_and_safe_care(story: Story) -> None:
    story.begin()
    path = f"{story.item}/deferral"
    owner = story.people["worker"].person_id

    no_question = story.refused(409, "chair", "POST", path, **a_wish(story, questions=[]))
    unsafe = story.refused(409, "chair", "POST", path, **a_wish(story, interim_care_is_safe=False))
    late = [{"text": "Is the aunt willing?", "owner": owner, "due_on": day(300)}]
    too_late = story.refused(409, "chair", "POST", path, **a_wish(story, questions=late))
    nobody = [{"text": "Is the aunt willing?", "due_on": day(1)}]
    no_owner = story.send("chair", "POST", path, **a_wish(story, questions=nobody))

    assert (no_question, unsafe, too_late) == (
        {"question_missing"}, {"interim_care_not_confirmed"}, {"question_due_too_late"},
    )  # fmt: skip
    assert no_owner.status_code == 422
    assert story.done("worker", "GET", f"{story.case}/deferrals") == {"deferrals": []}


def test_the_coordinator_brings_back_what_a_school_answered(story: Story) -> None:
    story.begin()
    school = story.people["school"].person_id
    question = [{"text": "Does the school know her?", "owner": school, "due_on": day(5)}]
    story.done("chair", "POST", f"{story.item}/deferral", **a_wish(story, questions=question))
    story.refused(409, "coordinator", "POST", f"{story.case}/deferrals/return")
    mine = story.done("school", "GET", "/deferral-questions")["questions"]
    path = f"/deferral-questions/{mine[0]['id']}/answer"
    assert story.send("worker", "POST", path, answer="Yes.").status_code == 403

    assert not story.done("school", "POST", path, answer="Yes.")["in_force"]
    story.done("coordinator", "POST", f"{story.case}/deferrals/return")

    assert story.state() == "bid_quality_check"

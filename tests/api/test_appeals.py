"""Disagreeing with a decision and looking at it again, over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.deciding import LATER, Story, day, story, words
from tests.builders.decided import TOLD, WINDOW_OVER

__all__ = ["story"]
REASONS = "Heard the child again and read the whole file before answering."


def an_appeal(**changes: Any) -> dict[str, Any]:
    """The child disagrees on the day it was told."""
    return {"by": "child", "received_at": LATER.isoformat()} | changes


def a_ruling(story: Story, hearer: str = "body", **changes: Any) -> dict[str, Any]:
    """One person who did not vote upholds the decision."""
    person = story.people[hearer].person_id
    return {"result": "upheld", "reasons": REASONS, "hearers": [person]} | changes


def lodged(story: Story) -> str:
    """A decision the child was told and disagrees with; returns the appeal's address."""
    story.begin()
    story.told()
    made = story.done("guardian", "POST", f"{story.decision}/appeals", **an_appeal())
    return f"/appeals/{made['id']}"


def test_the_guardian_gives_the_time_for_appeals_up_and_carrying_out_begins(story: Story) -> None:
    story.begin()
    decision = story.told()
    early = story.refused(409, "coordinator", "POST", f"{story.case}/implementation")
    story.refused(403, "worker", "POST", f"{decision}/waiver", child_was_asked=True)
    unasked = story.refused(409, "guardian", "POST", f"{decision}/waiver", child_was_asked=False)
    stale = story.send("guardian", "POST", f"{decision}/waiver", version=9, child_was_asked=True)

    story.done("guardian", "POST", f"{decision}/waiver", child_was_asked=True)
    story.done("coordinator", "POST", f"{story.case}/implementation")

    assert early == {"appeal_window_open"}
    assert unasked == {"child_not_asked_about_waiver"}
    assert stale.json()["type"] == "/problems/stale-write"
    assert story.state() == "implementing"


@pytest.mark.rule("R42", "R55")
def test_an_appeal_stops_everything_until_others_have_heard_it(story: Story) -> None:
    appeal = lodged(story)
    story.at(WINDOW_OVER)

    assert story.state() == "under_appeal"
    waits = story.refused(409, "coordinator", "POST", f"{story.case}/implementation")
    gate = story.done("coordinator", "GET", f"{story.case}/movement-gate")["missing"]
    assert "appeal_open" in waits
    assert {"code": "movement_held", "reason": "appeal"} in [
        {"code": one["code"], **one["facts"]} for one in gate if one["code"] == "movement_held"
    ]
    story.done("body", "POST", f"{appeal}/result", **a_ruling(story))
    story.done("coordinator", "POST", f"{story.case}/implementation")
    assert story.state() == "implementing"
    shown = story.done("guardian", "GET", f"{story.case}/appeals")["appeals"]
    assert [(one["result"], one["grounds"], one["is_late"]) for one in shown] == [
        ("upheld", "I disagree", False)
    ]


def test_nobody_who_voted_and_no_machine_ends_an_appeal(story: Story) -> None:
    appeal = lodged(story)
    chair = story.people["chair"].person_id

    voted = story.refused(409, "chair", "POST", f"{appeal}/result", **a_ruling(story, "chair"))
    machine = story.send("machine", "POST", f"{appeal}/result", **a_ruling(story, "chair"))
    absent = story.send("body", "POST", f"{appeal}/result", **a_ruling(story, "coordinator"))
    short = story.refused(
        409, "body", "POST", f"{appeal}/result",
        **a_ruling(story, reasons="No.", hearers=[story.people["body"].person_id, chair]),
    )  # fmt: skip

    assert voted == {"hearer_voted_on_decision"}
    assert (machine.status_code, absent.status_code) == (403, 403)
    assert short == {"hearer_voted_on_decision", "appeal_reasons_missing"}
    assert story.state() == "under_appeal"


def test_a_second_appeal_waits_and_one_ruling_is_enough(story: Story) -> None:
    appeal = lodged(story)
    twice = story.refused(409, "worker", "POST", f"{story.decision}/appeals", **an_appeal())
    waiver = story.refused(
        409, "guardian", "POST", f"{story.decision}/waiver", child_was_asked=True
    )

    story.done("body", "POST", f"{appeal}/result", **a_ruling(story))
    again = story.send("body", "POST", f"{appeal}/result", **a_ruling(story))

    assert twice == waiver == {"appeal_already_open"}
    assert again.json()["type"] == "/problems/wrong-state"


def test_an_appeal_sent_back_asks_for_a_new_report(story: Story) -> None:
    appeal = lodged(story)

    story.done("body", "POST", f"{appeal}/result", **a_ruling(story, result="returned"))

    assert story.state() == "bid_required"
    line = story.done("worker", "GET", story.decision)["line"]
    assert (line["state"], line["is_current"]) == ("set_aside", False)


@pytest.mark.rule("R9")
def test_a_replacement_is_signed_and_told_before_anything_is_done(story: Story) -> None:
    appeal = lodged(story)
    bare = story.refused(
        409, "body", "POST", f"{appeal}/result", **a_ruling(story, result="replaced")
    )
    ruling = a_ruling(story, result="replaced", replacement=words(review_on=day(70)))
    made = story.done("body", "POST", f"{appeal}/result", **ruling)
    old, story.decision = story.decision, f"/determinations/{made['replacement_id']}"
    assert story.sign("body")
    story.follow()
    story.at(WINDOW_OVER)

    missing = story.refused(409, "coordinator", "POST", f"{story.case}/implementation")

    assert bare == {"replacement_missing"}
    assert missing == {"child_not_told"}
    line = story.done("worker", "GET", story.decision)["line"]
    assert (line["is_current"], old.endswith(line["supersedes"])) == (True, True)


def test_a_late_appeal_is_heard_when_somebody_says_why_it_is_late(story: Story) -> None:
    story.begin()
    decision = story.told()
    story.at(WINDOW_OVER)
    late = an_appeal(received_at=WINDOW_OVER.isoformat())

    missing = story.refused(409, "worker", "POST", f"{decision}/appeals", **late)
    story.done(
        "worker", "POST", f"{decision}/appeals", **late, reason_for_lateness="She was in hospital."
    )

    assert missing == {"lateness_reason_missing"}
    assert story.done("worker", "GET", f"{story.case}/appeals")["appeals"][0]["is_late"]


def test_nobody_appeals_before_the_child_was_told_or_in_anothers_name(story: Story) -> None:
    story.begin()
    decision = story.in_force()
    too_soon = story.refused(
        409, "guardian", "POST", f"{decision}/appeals", **an_appeal(received_at=TOLD.isoformat())
    )
    story.done("worker", "POST", f"{decision}/talk", **story.tell())

    as_parent = story.send("guardian", "POST", f"{decision}/appeals", **an_appeal(by="parent"))

    assert "appeal_before_communication" in too_soon
    assert as_parent.status_code == 403
    assert "appeal_in_own_name" not in as_parent.text


def test_new_facts_stop_carrying_out_until_a_review_is_concluded(story: Story) -> None:
    story.begin()
    decision = story.told()
    wish = {"ground": "new_facts", "what_is_new": "An aunt was found in the next town."}
    review = story.done("worker", "POST", f"{decision}/reviews", **wish)["id"]
    again = story.refused(409, "worker", "POST", f"{decision}/reviews", **wish)
    story.at(WINDOW_OVER)
    waits = story.refused(409, "coordinator", "POST", f"{story.case}/implementation")
    finding = {
        "conclusion": "reopen",
        "reasons": REASONS,
        "reviewers": [story.people["coordinator"].person_id],
    }
    bare = story.refused(
        409, "coordinator", "POST", f"/reviews/{review}/conclusion", **finding | {"reasons": "Yes"}
    )

    story.done("coordinator", "POST", f"/reviews/{review}/conclusion", **finding)

    assert (again, waits) == ({"review_already_open"}, {"decision_under_review"})
    assert bare == {"review_reasons_missing"}
    assert story.state() == "bid_required"
    shown = story.done("guardian", "GET", f"{story.case}/reviews")["reviews"]
    assert [(one["ground"], one["conclusion"]) for one in shown] == [("new_facts", "reopen")]


@pytest.mark.rule("R58")
def test_a_decision_that_ran_out_is_not_carried_out(story: Story) -> None:
    story.begin()
    story.told()
    story.at(TOLD + timedelta(days=200))

    missing = story.refused(409, "coordinator", "POST", f"{story.case}/implementation")

    assert missing == {"decision_expired"}


def test_a_stranger_finds_no_appeal_and_no_review(story: Story) -> None:
    appeal = lodged(story)
    wish = {"ground": "new_facts", "what_is_new": "x"}
    for method, path, body in (
        ("GET", f"{story.case}/appeals", {}),
        ("GET", f"{story.case}/reviews", {}),
        ("POST", f"{story.decision}/appeals", an_appeal()),
        ("POST", f"{story.decision}/reviews", wish),
        ("POST", f"{story.decision}/waiver", {"child_was_asked": True}),
        ("POST", f"{appeal}/result", a_ruling(story)),
    ):
        assert story.send("stranger", method, path, **body).status_code == 404, f"{method} {path}"

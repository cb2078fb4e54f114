"""Disagreeing with a decision and looking at it again, over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from core.actors import Role
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
    assert again.status_code == 404


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


def test_lodging_opens_the_file_to_those_who_hear_it_and_the_result_closes_it(story: Story) -> None:
    story.begin()
    story.told()
    papers = (story.case, f"{story.case}/report", story.decision, f"{story.case}/appeals")
    before = [story.send("body", "GET", path).status_code for path in papers[1:]]
    made = story.done("guardian", "POST", f"{story.decision}/appeals", **an_appeal())

    for path in papers:
        story.done("body", "GET", path)
    story.done("body", "POST", f"/appeals/{made['id']}/result", **a_ruling(story))

    after = [story.send("body", "GET", path).status_code for path in papers[1:]]
    assert before == after == [404, 404, 404]
    assert story.access_of("body") == ["access.granted", "access.closed"]


def test_who_replaces_a_decision_keeps_the_file_until_the_new_one_is_signed(story: Story) -> None:
    appeal = lodged(story)
    ruling = a_ruling(story, result="replaced", replacement=words(review_on=day(70)))
    made = story.done("body", "POST", f"{appeal}/result", **ruling)
    story.decision = f"/determinations/{made['replacement_id']}"
    assert story.access_of("body") == ["access.granted"]

    assert story.sign("body")

    assert story.send("body", "GET", story.decision).status_code == 404
    assert story.access_of("body") == ["access.granted", "access.closed"]


def test_the_file_never_opens_to_a_head_who_voted_and_other_officers_hear_it(story: Story) -> None:
    story.begin()
    story.told()
    voter = story.people["police"].person_id
    story.employ("voting_head", Role.SECRETARIAT_HEAD, person_id=voter)
    story.dismiss("body")
    story.employ("officer", Role.SECRETARIAT)

    appeal = f"/appeals/{story.done('guardian', 'POST', f'{story.decision}/appeals', **an_appeal())['id']}"

    voted = story.refused(
        409, "voting_head", "POST", f"{appeal}/result", **a_ruling(story, "voting_head")
    )
    assert voted == {"hearer_voted_on_decision"}
    story.done("officer", "POST", f"{appeal}/result", **a_ruling(story, "officer"))


def test_nobody_who_prepared_the_decision_or_was_not_called_hears_the_appeal(story: Story) -> None:
    appeal = lodged(story)
    body = story.people["body"].person_id

    def named(*names: str) -> set[str]:
        hearers = [body, *(story.people[name].person_id for name in names)]
        ruling = a_ruling(story, hearers=hearers)
        return story.refused(409, "body", "POST", f"{appeal}/result", **ruling)

    assert named("coordinator") == named("assessor") == {"hearer_prepared_decision"}
    assert named("guardian") == {"hearer_prepared_decision"}  # who lodged it
    assert named("stranger") == {"hearer_not_called"}


def test_the_head_calls_others_to_hear_an_appeal_but_nobody_who_took_part(story: Story) -> None:
    appeal = lodged(story)
    officer = story.employ("officer", Role.SECRETARIAT)
    people = {name: who.person_id for name, who in story.people.items()}
    assert story.send("officer", "GET", story.decision).status_code == 404

    took_part = {"hearer_took_part", "hearer_not_eligible"}
    for name, missing in (
        ("chair", {"hearer_took_part"}),
        ("coordinator", took_part),
        ("guardian", took_part),
        ("stranger", {"hearer_not_eligible"}),
    ):
        path = f"{appeal}/hearers"
        assert story.refused(409, "body", "POST", path, person_id=people[name]) == missing, name
    mine = story.send("worker", "POST", f"{appeal}/hearers", person_id=officer.person_id)
    story.done("body", "POST", f"{appeal}/hearers", person_id=officer.person_id)
    story.done("body", "POST", f"{appeal}/hearers", person_id=officer.person_id)

    story.done("officer", "GET", story.decision)
    both = [people["body"], officer.person_id]
    story.done("officer", "POST", f"{appeal}/result", **a_ruling(story, hearers=both))
    assert mine.status_code == 403
    late = story.send("body", "POST", f"{appeal}/hearers", person_id=officer.person_id)
    assert late.json()["type"] == "/problems/wrong-state"
    assert story.access_of("officer") == ["access.granted", "access.closed"]


def test_members_of_the_review_panel_hear_an_appeal(story: Story) -> None:
    story.begin()
    story.review_panel()
    story.told()
    appeal = f"/appeals/{story.done('guardian', 'POST', f'{story.decision}/appeals', **an_appeal())['id']}"

    story.done("review_chair", "GET", f"{story.case}/report")
    story.done("review_police", "GET", story.decision)
    ruling = a_ruling(
        story, hearers=[story.people[f"review_{n}"].person_id for n in ("chair", "police")]
    )
    story.done("review_police", "POST", f"{appeal}/result", **ruling)

    assert story.send("review_chair", "GET", story.decision).status_code == 404

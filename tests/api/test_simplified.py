"""Deciding without the full panel over HTTP: only where the country allows it, and under its conditions."""

from typing import Any

import pytest

from core.db import Session
from tests.api.deciding import Story, day, story, words
from tests.builders.own_pack import ON, Says, country
from tests.builders.procedure import a_ready_report
from tests.builders.sittings import Court, a_court

__all__ = ["country", "story"]
FITS = {
    "child_objects": False,
    "both_sides_willing": True,
    "parents_verified": True,
    "no_concern_above_medium": True,
}


def ready(session: Session) -> Court:
    """A case that is ready for a panel and on no agenda; no member sees it."""
    court = a_court(session)
    court.team = a_ready_report(session)
    return court


def named(story: Story, *names: str) -> dict[str, Any]:
    return {"people": [story.people[name].person_id for name in names]}


def a_decision(story: Story, *others: str, **found: bool) -> dict[str, Any]:
    people = [story.people[name].person_id for name in others or ("deputy",)]
    return {"decision": words(review_on=day(60)), "other_people": people} | FITS | found


def test_two_people_named_by_the_coordinator_decide_and_sign(story: Story, country: Says) -> None:
    country(ON)
    story.begin(ready)
    path = f"{story.case}/simplified-determination"
    assert story.send("school", "POST", path, **a_decision(story)).status_code == 404

    for _ in range(2):
        story.done(
            "coordinator",
            "POST",
            f"{story.case}/simplified-reviewers",
            **named(story, "school", "deputy"),
        )
    story.done("school", "GET", f"{story.case}/report")
    made = story.done("school", "POST", path, **a_decision(story))
    story.decision = f"/determinations/{made['id']}"
    assert not story.sign("school")
    assert story.sign("deputy")
    story.follow()

    assert story.state() == "bid_decided"
    assert story.send("school", "GET", story.decision).status_code == 404
    assert story.access_of("school") == ["access.granted", "access.closed"]


@pytest.mark.parametrize(
    ("doubt", "code"),
    [
        ({"child_objects": True}, "simplified_child_objects"),
        ({"both_sides_willing": False}, "simplified_side_unwilling"),
        ({"parents_verified": False}, "simplified_parents_unverified"),
        ({"no_concern_above_medium": False}, "simplified_concern_too_high"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_condition_of_the_country_is_asked_and_named(
    story: Story, country: Says, doubt: dict[str, bool], code: str
) -> None:
    country(ON)
    story.begin(ready)
    story.done(
        "coordinator",
        "POST",
        f"{story.case}/simplified-reviewers",
        **named(story, "school", "deputy"),
    )
    path = f"{story.case}/simplified-determination"

    assert story.refused(409, "school", "POST", path, **a_decision(story, **doubt)) == {code}

    others = [one for one in CONDITIONS if CONDITIONS[one] != code]
    country(f"{ON}conditions = {others}\n".replace("'", '"'))
    story.done("school", "POST", path, **a_decision(story, **doubt))


CONDITIONS = {
    "child_not_objecting": "simplified_child_objects",
    "both_sides_willing": "simplified_side_unwilling",
    "verified_parents": "simplified_parents_unverified",
    "no_concern_above_medium": "simplified_concern_too_high",
}


def test_where_the_country_says_nothing_nobody_is_named_and_nobody_decides(story: Story) -> None:
    story.begin(ready)

    missing = story.refused(
        409,
        "coordinator",
        "POST",
        f"{story.case}/simplified-reviewers",
        **named(story, "school", "deputy"),
    )

    assert missing == {"simplified_not_allowed"}
    assert story.send("school", "GET", f"{story.case}/report").status_code == 404


@pytest.mark.rule("R15")
def test_who_had_to_do_with_the_case_or_sits_on_no_panel_is_not_named(
    story: Story, country: Says
) -> None:
    country(ON)
    story.begin(ready)
    path = f"{story.case}/simplified-reviewers"

    mine = story.refused(409, "coordinator", "POST", path, **named(story, "school", "assessor"))
    alone = story.refused(409, "coordinator", "POST", path, **named(story, "school"))
    worker = story.send("worker", "POST", path, **named(story, "school", "deputy"))

    assert mine == {"simplified_not_qualified", "simplified_not_independent"}
    assert alone == {"simplified_signatures_missing"}
    assert worker.status_code == 403
    assert story.send("school", "GET", f"{story.case}/report").status_code == 404


def test_the_file_closes_to_the_reviewers_when_the_full_panel_is_demanded(
    story: Story, country: Says
) -> None:
    country(ON)
    story.begin(ready)
    story.done(
        "coordinator",
        "POST",
        f"{story.case}/simplified-reviewers",
        **named(story, "school", "deputy"),
    )

    story.done("guardian", "POST", f"{story.case}/full-panel", by="guardian")

    assert story.send("school", "GET", f"{story.case}/report").status_code == 404
    again = story.refused(
        409,
        "coordinator",
        "POST",
        f"{story.case}/simplified-reviewers",
        **named(story, "school", "deputy"),
    )
    assert again == {"full_panel_demanded"}

"""What somebody with an account of their own tries against a child's case: they get no further than their part."""

from datetime import timedelta

import pytest

from core.db import Database
from tests.api.deciding import Story, a_wish, story
from tests.api.test_deferrals import answered
from tests.builders.decided import DECIDED, heard_again
from tests.builders.sittings import arrive

__all__ = ["story"]


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

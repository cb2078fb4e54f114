"""An acceptance on other terms: the officers see whether the decision covers it, and the child stays while it does not."""

from typing import Any

import pytest

from core.errors import NotThere
from tests.builders.cases import a_caseworker
from tests.builders.journeys import Journey, a_request, all_found, codes
from tests.builders.requests import DAY, LEAVES, START, a_confirmation, a_travel_plan, an_acceptance
from tests.builders.transfers import Office
from transfers.errors import MovementRefused
from transfers.rules.codes import MessageType as M
from transfers.service import counter_terms, travel

FOSTER = {"what": "care_type", "asked": "kinship", "proposed": "foster"}
LATER = {"what": "timing", "asked": "in May", "proposed": "in June"}


def accepted_with(
    zambia: Office, namibia: Office, *proposals: dict[str, str], **more: Any
) -> Journey:
    """A request accepted on other terms, all else ready for the day of travel."""
    journey = a_request(zambia, namibia)
    journey.theirs_say(M.ACCEPT, **an_acceptance(), proposals=proposals, **more)
    package = journey.ours_say(M.PACKAGE)
    travel.note_viewed(zambia.session, package, ref="receipt", now=START)
    journey.ours_say(M.TRAVEL_PLAN, **a_travel_plan())
    journey.theirs_say(M.TRAVEL_CONFIRM, now=LEAVES, **a_confirmation())
    all_found(journey)
    travel.record_fact(
        zambia.session,
        zambia.writer,
        journey.ours,
        "conditions_met",
        "yes",
        found_on=DAY,
        now=LEAVES,
    )
    return journey


def read(journey: Journey) -> counter_terms.Comparison:
    office = journey.zambia
    return counter_terms.read_counter_terms(office.session, office.head, journey.ours, now=LEAVES)


@pytest.mark.rule("R33")
def test_another_kind_of_care_keeps_the_child_here_whatever_an_officer_says(
    zambia: Office, namibia: Office
) -> None:
    journey = accepted_with(zambia, namibia, LATER, FOSTER)

    found = read(journey)
    with pytest.raises(MovementRefused) as refused:
        travel.clear_to_travel(zambia.session, zambia.head, journey.ours, on=DAY, now=LEAVES)

    assert [(one.term.what, one.decided, one.verdict.value) for one in found.terms] == [
        ("timing", "", "agree"), ("care_type", "kinship", "sit_again"),
    ]  # fmt: skip
    assert found.must_sit_again
    assert codes(refused) == {"move_conditions_not_met"}


@pytest.mark.rule("R33")
def test_what_the_two_offices_may_agree_on_needs_no_sitting(
    zambia: Office, namibia: Office
) -> None:
    journey = accepted_with(zambia, namibia, LATER, conditions=["Brings the school papers."])

    travel.clear_to_travel(zambia.session, zambia.head, journey.ours, on=DAY, now=LEAVES)

    found = read(journey)
    assert (found.must_sit_again, found.conditions) == (False, ("Brings the school papers.",))


def test_nothing_proposed_is_nothing_to_compare(zambia: Office, namibia: Office) -> None:
    journey = a_request(zambia, namibia)

    assert read(journey) == counter_terms.Comparison("", (), (), must_sit_again=False)
    with pytest.raises(NotThere):
        counter_terms.read_counter_terms(zambia.session, a_caseworker(), journey.ours, now=LEAVES)

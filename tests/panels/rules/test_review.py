from datetime import timedelta

import pytest

from panels.rules.review import Ground, Request, is_usable, may_conclude, may_request
from tests.builders.determinations import TODAY

REASONS = "The reviewers read the whole file and heard the member concerned."


def conclude_codes(
    ground: Ground,
    reviewers: tuple[str, ...] = ("r",),
    voters: tuple[str, ...] = ("v",),
    reasons: str = REASONS,
    by_person: bool = True,
    by: str = "r",
) -> list[str]:
    found = may_conclude(
        ground, reasons, reviewers=reviewers, voters=voters, by_person=by_person, by=by
    )
    return [gap.code for gap in found.gaps]


def test_a_review_says_what_is_new_and_runs_once():
    assert may_request(Request(Ground.NEW_FACTS, "Aunt found"), has_open_review=False).is_possible
    assert not may_request(Request(Ground.NEW_FACTS, " "), has_open_review=False).is_possible
    assert not may_request(Request(Ground.NEW_FACTS, "x"), has_open_review=True).is_possible


@pytest.mark.parametrize("ground", [Ground.LATE_CONFLICT, Ground.SAMPLE])
def test_a_late_conflict_is_reviewed_by_people_who_did_not_vote(ground):
    assert conclude_codes(ground, reviewers=("v", "r")) == ["hearer_voted_on_decision"]


@pytest.mark.parametrize("ground", [Ground.LATE_CONFLICT, Ground.SAMPLE])
def test_nobody_who_voted_writes_down_what_others_found(ground):
    assert conclude_codes(ground, reviewers=("r",), by="v") == ["review_not_by_reviewer"]
    assert conclude_codes(Ground.NEW_FACTS, reviewers=("r",), by="v") == []


def test_new_facts_may_go_back_to_those_who_decided():
    assert not conclude_codes(Ground.NEW_FACTS, reviewers=("v",))


@pytest.mark.rule("R20")
def test_a_machine_ends_no_review():
    assert conclude_codes(Ground.NEW_FACTS, by_person=False) == ["machine_may_not_decide"]


def test_a_review_ends_with_reviewers_and_reasons():
    assert conclude_codes(Ground.NEW_FACTS, reviewers=()) == ["hearers_missing"]
    assert conclude_codes(Ground.NEW_FACTS, reasons="ok") == ["review_reasons_missing"]


@pytest.mark.rule("R58")
def test_a_decision_is_usable_until_its_last_day_and_not_after():
    assert is_usable(is_sealed=True, replaced=False, valid_until=TODAY, on=TODAY)
    assert not is_usable(
        is_sealed=True, replaced=False, valid_until=TODAY, on=TODAY + timedelta(days=1)
    )
    assert not is_usable(is_sealed=True, replaced=True, valid_until=TODAY, on=TODAY)
    assert not is_usable(is_sealed=False, replaced=False, valid_until=TODAY, on=TODAY)

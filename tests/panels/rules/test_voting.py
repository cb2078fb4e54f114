"""Counting votes: consensus, majority, ties, abstentions; and order, hints, listing."""

from datetime import UTC, datetime, timedelta

import pytest

from panels.rules.conflicts import CaseRoles, Ground, hints, ruler
from panels.rules.items import (
    BatchLimits,
    Invited,
    ListingFacts,
    Waiting,
    agenda_order,
    batch_warnings,
    listing,
)
from panels.rules.voting import ABSTAINED, Consequence, RuleUsed, consequence, verdict
from tests.builders.panels import a_hearing, a_holder, a_vote, five_seats

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def counted(*choices: str, **given: object) -> tuple[RuleUsed, str]:
    names = ("chair", "deputy", "welfare", "police", "school")
    ballots = tuple(a_vote(name, choice) for name, choice in zip(names, choices, strict=False))
    found = verdict(a_hearing(ballots=ballots, **{"majority_open": True} | given))
    return found.rule_used, found.option


def test_worked_example_three_to_one_is_a_majority_with_one_dissent() -> None:
    assert counted("aunt", "aunt", "aunt", "stay") == (RuleUsed.MAJORITY, "aunt")


def test_everybody_of_one_mind_is_consensus_and_needs_no_further_round() -> None:
    assert counted("stay", "stay", "stay", majority_open=False) == (RuleUsed.CONSENSUS, "stay")


def test_before_facts_were_asked_for_once_a_majority_decides_nothing() -> None:
    assert counted("aunt", "aunt", "aunt", "stay", majority_open=False) == (
        RuleUsed.NO_CONSENSUS,
        "",
    )


def test_abstentions_count_among_those_entitled() -> None:
    assert counted("aunt", "aunt", "stay", ABSTAINED) == (RuleUsed.NO_MAJORITY, "")
    assert counted("aunt", "aunt", ABSTAINED) == (RuleUsed.MAJORITY, "aunt")


def test_a_tie_stays_a_tie() -> None:
    assert counted("aunt", "aunt", "stay", "stay") == (RuleUsed.TIE, "")


def test_a_casting_vote_never_sends_a_child_abroad_nor_separates() -> None:
    abroad = frozenset({"aunt"})

    assert counted("aunt", "aunt", "stay", "stay", casting_vote=True, no_casting_on=abroad) == (
        RuleUsed.TIE,
        "",
    )
    assert counted("foster", "foster", "stay", "stay", casting_vote=True, no_casting_on=abroad) == (
        RuleUsed.CASTING_VOTE,
        "foster",
    )


@pytest.mark.rule("R14", "R17")
def test_what_follows_from_a_conflict_a_departure_and_the_last_vote() -> None:
    voted = (a_vote("chair"), a_vote("welfare"), a_vote("police"))

    spoilt = a_hearing(ballots=voted, recused=frozenset({"p-police"}))
    lost = a_hearing("deputy", "police", "school")
    complete = a_hearing("deputy", "school", ballots=voted)

    assert consequence(spoilt) is Consequence.ANNUL_ROUND
    assert consequence(lost) is Consequence.LOSE_QUORUM
    assert consequence(complete) is Consequence.CLOSE_ROUND


def test_siblings_stand_together_behind_the_most_urgent_of_them() -> None:
    def waiting(item: str, priority: str, **given: object) -> Waiting:
        facts = {"in_detention": False, "under_five": False, "gbv_or_trafficking": False}
        return Waiting(item, priority, **{**facts, "ready_since": NOON, **given})  # type: ignore[arg-type]

    order = agenda_order(
        [
            waiting("low", "low"),
            waiting("brother", "low", sibling_group="family"),
            waiting("old", "high", ready_since=NOON - timedelta(days=9)),
            waiting("sister", "high", in_detention=True, sibling_group="family"),
            waiting("small", "high", under_five=True),
            waiting("now", "emergency"),
        ]
    )

    assert order == ["now", "sister", "brother", "small", "old", "low"]


def test_the_chairs_own_conflict_goes_to_the_deputy_and_nobody_rules_on_their_own() -> None:
    assert ruler(five_seats(), (), "p-police") == five_seats()[0]
    assert ruler(five_seats(), (), "p-chair") == five_seats()[1]
    assert ruler(five_seats(), {"p-chair", "p-deputy"}, "p-police") is None


def test_hints_name_police_when_the_child_was_arrested() -> None:
    police = a_holder("police", sector="police")

    assert hints(police, CaseRoles(enforcement_sectors=frozenset({"police"}))) == (
        Ground.ENFORCEMENT_OFFICER,
    )
    assert hints(police, CaseRoles(guardians=frozenset({"p-police"}))) == (Ground.GUARDIAN,)
    assert hints(police, CaseRoles()) == ()


@pytest.mark.rule("R15")
def test_everybody_behind_the_report_never_votes() -> None:
    roles = CaseRoles(frozenset({"w"}), frozenset({"s"}), "a", "q")

    assert roles.never_vote == {"w", "s", "a", "q"}


def test_listing_lists_every_gap_at_once() -> None:
    nothing = ListingFacts(False, False, False, None, True, True, frozenset(), True)
    fine = ListingFacts(True, True, False, NOON, True, True, frozenset(Invited))

    assert len(listing(nothing, now=NOON).gaps) == 6
    assert listing(fine, now=NOON).is_possible
    assert not listing(fine, now=NOON + timedelta(seconds=1)).is_possible


def test_batch_limits_warn() -> None:
    limits = BatchLimits(25, 8)

    assert [gap.code for gap in batch_warnings(items_today=26, minutes=7, limits=limits)] == [
        "daily_cap_passed",
        "too_little_time_per_child",
    ]
    assert batch_warnings(items_today=25, minutes=8, limits=limits) == ()

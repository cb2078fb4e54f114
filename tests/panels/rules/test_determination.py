from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.placements import CareType
from cases.rules.reports import DangerResult, FactorGroup, Outcome
from core.errors import Gap, Incomplete
from panels.rules.determination import (
    Action,
    Draft,
    LinkedDecision,
    ViewsWeight,
    Weight,
    may_be_decided,
    unexplained_splits,
)
from panels.rules.outcomes import Destination, Support
from tests.builders.determinations import (
    ABROAD,
    HOME,
    REASONS,
    TODAY,
    a_draft,
    circumstances,
    circumstances_for,
    going_abroad,
)


def codes(draft: Draft, **changes: Any) -> set[str]:
    return {gap.code for gap in may_be_decided(draft, circumstances_for(draft, **changes)).gaps}


def test_a_complete_decision_about_one_child_stands():
    assert may_be_decided(a_draft(), circumstances()).is_possible


@pytest.mark.rule("R19")
@pytest.mark.parametrize("group", list(FactorGroup))
def test_a_decision_without_reasons_for_one_factor_group_is_refused(group):
    reasons = {**REASONS, group: "   "}

    answer = may_be_decided(a_draft(reasons=reasons), circumstances())

    assert answer.gaps == (Gap("reasons_missing", {"group": group.value}),)
    with pytest.raises(Incomplete):
        answer.require()


@pytest.mark.rule("R19")
def test_reasons_of_a_few_words_are_not_reasons():
    reasons = {**REASONS, FactorGroup.SAFE_ENVIRONMENT: "It is safe."}

    assert codes(a_draft(reasons=reasons)) == {"reasons_too_short"}


@pytest.mark.rule("R19")
def test_a_decision_says_how_the_childs_views_were_weighed():
    assert codes(a_draft(weight=Weight(ViewsWeight.FOLLOWED, ""))) == {"views_weight_missing"}


@pytest.mark.rule("R19")
@pytest.mark.parametrize("weight", [ViewsWeight.NOT_FOLLOWED, ViewsWeight.FOLLOWED_IN_PART])
def test_a_decision_against_the_childs_wish_says_why(weight):
    explained = "The child wishes to travel alone; the panel heard this and took it seriously."

    assert codes(a_draft(weight=Weight(weight, explained))) == {"why_different_missing"}
    assert not codes(a_draft(weight=Weight(weight, explained, "The road is dangerous; " * 3)))


@pytest.mark.rule("R20")
def test_a_machine_cannot_decide():
    assert codes(a_draft(), decided_by_person=False) == {"machine_may_not_decide"}


@pytest.mark.rule("R20")
def test_no_field_of_a_decision_can_hold_a_score_or_a_rank():
    names = set(Draft.__dataclass_fields__) | set(Support.__dataclass_fields__)

    assert not [name for name in names if {"score", "rank", "points"} & set(name.split("_"))]
    assert not {"int", "float"} & {str(item.type) for item in Draft.__dataclass_fields__.values()}


@pytest.mark.rule("R11")
@pytest.mark.parametrize("accompaniment", ["unaccompanied", "separated"])
def test_nobody_decides_about_a_lone_child_without_a_guardian_or_adviser(accompaniment):
    assert codes(a_draft(), accompaniment=accompaniment, has_adult=False) == {
        "guardian_or_adviser_missing"
    }


def test_a_child_with_parents_needs_no_guardian():
    assert not codes(a_draft(), accompaniment="accompanied", has_adult=False)


@pytest.mark.rule("R17")
def test_a_panel_that_lost_its_quorum_decides_nothing():
    missing = (Gap("quorum_members", {"present": 2, "needed": 3}),)

    assert codes(a_draft(), quorum_gaps=missing) == {"quorum_members"}


@pytest.mark.rule("R13")
def test_separating_a_child_needs_law_and_court():
    draft = a_draft(destination=Destination(Outcome.SEPARATION_FROM_CARER, HOME))

    assert codes(draft) == {"legal_authority_missing", "court_reference_missing"}
    support = replace(draft.support, legal_authority="Children's Code", court_reference="J 12/26")
    assert not codes(replace(draft, support=support))


@pytest.mark.rule("R23")
@pytest.mark.parametrize("result", [None, DangerResult.RISK, DangerResult.UNKNOWN])
def test_no_child_is_decided_for_a_place_that_is_not_cleared(result):
    draft = going_abroad()

    assert codes(replace(draft, support=replace(draft.support, non_refoulement=result))) == {
        "non_refoulement_not_cleared"
    }
    assert not codes(draft)


@pytest.mark.parametrize(
    "outcome", [Outcome.VOLUNTARY_REPATRIATION, Outcome.RESETTLEMENT, Outcome.COMPLEMENTARY_PATHWAY]
)
def test_an_outcome_abroad_names_its_country(outcome):
    assert codes(a_draft(destination=Destination(outcome, HOME))) == {"destination_missing"}


def test_local_integration_abroad_is_a_contradiction():
    draft = going_abroad(destination=Destination(Outcome.LOCAL_INTEGRATION, "NA"))

    assert codes(draft) == {"outcome_is_not_abroad"}


@pytest.mark.rule("R31")
def test_kafala_waits_until_tracing_ended_without_result():
    draft = a_draft(destination=Destination(Outcome.CARE_PLACEMENT, HOME, CareType.KAFALA))

    assert codes(draft) == {"care_before_tracing_closed"}
    assert not codes(replace(draft, support=replace(draft.support, tracing_closed=True)))


@pytest.mark.rule("R31")
def test_adoption_is_no_outcome():
    assert not [outcome for outcome in Outcome if "ADOPT" in outcome.value]


@pytest.mark.rule("R29")
def test_residential_care_says_why_no_family_and_comes_back_within_three_months():
    draft = a_draft(
        destination=Destination(Outcome.CARE_PLACEMENT, HOME, CareType.RESIDENTIAL_SMALL),
        support=Support(review_on=TODAY + timedelta(days=120)),
    )

    assert codes(draft) == {"family_care_reason_missing", "residential_review_too_late"}


def test_no_solution_yet_is_looked_at_again_within_a_year():
    draft = a_draft(
        destination=Destination(Outcome.NO_SOLUTION_YET_REVIEW, HOME),
        support=Support(review_on=TODAY + timedelta(days=400)),
    )

    found = codes(draft, latest_validity=TODAY + timedelta(days=500))

    assert found == {"no_solution_review_too_late"}


@pytest.mark.rule("R32")
def test_siblings_sent_different_ways_need_a_reason():
    sister = LinkedDecision("case-2", ABROAD, gives_sibling_reason=True)

    assert codes(a_draft(), linked=(sister,)) == {"sibling_reason_missing"}
    reason = "The sister is grown enough to join the aunt; the brother stays near his clinic."
    assert not codes(a_draft(sibling_reason=reason), linked=(sister,))


@pytest.mark.rule("R32")
def test_the_other_siblings_decision_must_explain_the_split_too():
    silent = LinkedDecision("case-2", ABROAD, gives_sibling_reason=False)
    same_way = LinkedDecision("case-3", a_draft().destination, gives_sibling_reason=False)

    assert unexplained_splits(a_draft().destination, (silent, same_way)) == (silent,)


@pytest.mark.rule("R58")
def test_a_decision_is_never_valid_longer_than_its_priority_allows():
    draft = a_draft(valid_until=TODAY + timedelta(days=185))

    assert codes(draft) == {"valid_until_too_late"}


def test_a_decision_names_its_next_look_within_the_same_time():
    late = a_draft(support=Support(review_on=TODAY + timedelta(days=300)))

    assert codes(late) == {"review_date_too_late"}
    assert codes(a_draft(support=Support(review_on=None))) == {"review_date_missing"}


def test_every_action_has_somebody_and_a_day():
    nobody = Action("Move", " ", TODAY + timedelta(days=3))
    late = Action("Move", "caseworker", date(2026, 1, 1))

    assert codes(a_draft(actions=(nobody, late))) == {
        "action_incomplete",
        "action_due_in_the_past",
    }
    assert codes(a_draft(actions=())) == {"actions_missing"}


def test_the_child_version_is_in_a_language_the_child_understands():
    assert codes(a_draft(child_version_language="en")) == {"child_version_language"}
    assert not codes(a_draft(child_version_language="swa"))  # registered as "sw"
    assert codes(a_draft(child_version="")) == {"child_version_missing"}


def test_an_option_that_was_not_in_the_report_cannot_be_chosen():
    found = may_be_decided(a_draft(option_ref="O9"), circumstances(voted_for="O9"))

    assert [gap.code for gap in found.gaps] == ["option_not_in_report"]


def test_the_decision_is_what_the_panel_voted_for():
    other = a_draft(option_ref="O2", destination=Destination(Outcome.LOCAL_INTEGRATION, HOME))

    found = may_be_decided(other, circumstances())

    assert [gap.code for gap in found.gaps] == ["option_not_voted"]


def test_an_option_cannot_be_bent_into_another_outcome():
    bent = a_draft(destination=Destination(Outcome.MAINTAIN_CURRENT_CARE, HOME))

    found = may_be_decided(bent, circumstances())

    assert [gap.code for gap in found.gaps] == ["outcome_differs_from_option"]


@pytest.mark.rule("R27")
def test_a_placement_names_its_kind_of_care_and_detention_is_none():
    assert codes(a_draft(destination=Destination(Outcome.CARE_PLACEMENT, HOME))) == {
        "care_type_missing"
    }
    assert not [kind for kind in CareType if "detention" in kind.value]


def test_an_outcome_the_country_does_not_know_is_refused():
    assert codes(a_draft(), allowed_outcomes={"RESETTLEMENT"}) == {"outcome_unknown_to_pack"}


def test_a_child_is_somewhere_safe_until_the_decision_is_carried_out():
    assert codes(a_draft(interim_care="")) == {"interim_care_missing"}


@given(
    st.dictionaries(st.sampled_from(list(FactorGroup)), st.text(max_size=60), max_size=4),
    st.sampled_from(list(Outcome)),
    st.sampled_from([HOME, "NA"]),
)
def test_whatever_is_written_every_gap_is_listed_at_once(reasons, outcome, country):
    draft = a_draft(reasons=reasons, destination=Destination(outcome, country))

    found = codes(draft)

    short = [g for g in FactorGroup if len(reasons.get(g, "").strip()) < 40]
    assert bool(short) == bool(found & {"reasons_missing", "reasons_too_short"})
    assert (country != HOME) <= bool(
        found & {"non_refoulement_not_cleared", "outcome_is_not_abroad"}
    )

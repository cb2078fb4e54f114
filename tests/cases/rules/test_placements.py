"""Where a child may live: family first, institutions last and short, never a cell."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.facilities import FacilityException, Regime
from cases.rules.placements import (
    AfterBreakdown,
    BackgroundCheck,
    CareType,
    EndReason,
    HomeStudy,
    PlacementFacts,
    StudyResult,
    after_end,
    placement,
)
from tests.builders.assessments import TODAY, a_facility, a_placement, a_residential_placement


def gaps_of(facts: PlacementFacts) -> list[str]:
    return [gap.code for gap in placement(facts).gaps]


def test_foster_care_in_a_home_that_was_seen_is_possible():
    assert gaps_of(a_placement()) == []
    assert gaps_of(a_residential_placement()) == []


@pytest.mark.rule("R27")
def test_no_care_type_is_detention():
    words = ("detention", "detain", "prison", "cell", "custody", "jail", "locked")

    assert not [care for care in CareType if any(word in care for word in words)]


@pytest.mark.rule("R27")
@pytest.mark.rule("R28")
def test_a_closed_facility_is_never_a_placement():
    closed = a_facility(regime=Regime.CLOSED)

    assert gaps_of(a_residential_placement(facility=closed)) == ["facility_closed_regime"]


@pytest.mark.rule("R27")
def test_not_even_a_supervisors_exception_opens_a_closed_facility():
    closed = a_facility(regime=Regime.CLOSED, authorised_until=None)
    seen = FacilityException(inspected_on=TODAY, granted_by="supervisor")

    assert gaps_of(a_residential_placement(facility=closed, exception=seen)) == [
        "facility_closed_regime"
    ]


@pytest.mark.rule("R27")
def test_a_facility_of_immigration_control_is_refused_even_when_open():
    control = a_facility(immigration_control=True)

    assert "facility_immigration_control" in gaps_of(a_residential_placement(facility=control))


@pytest.mark.rule("R30")
@pytest.mark.parametrize(
    "facility",
    [
        a_facility(registry_number=""),
        a_facility(authorised_until=None),
        a_facility(authorised_until=TODAY - timedelta(days=1)),
    ],
)
def test_an_unauthorised_facility_needs_an_exception_with_a_fresh_inspection(facility):
    seen = FacilityException(TODAY - timedelta(days=3), "supervisor")
    long_ago = FacilityException(TODAY - timedelta(days=200), "supervisor")

    assert gaps_of(a_residential_placement(facility=facility)) == ["facility_not_authorised"]
    assert gaps_of(a_residential_placement(facility=facility, exception=seen)) == []
    assert gaps_of(a_residential_placement(facility=facility, exception=long_ago)) == [
        "inspection_out_of_date"
    ]


@pytest.mark.rule("R30")
def test_where_the_country_issues_measures_no_child_enters_a_shelter_without_one():
    assert gaps_of(a_residential_placement(measure_required=True)) == ["protection_measure_missing"]
    assert gaps_of(a_residential_placement(measure_required=True, protection_measure=True)) == []


@pytest.mark.rule("R29")
def test_residential_care_says_why_no_family_could_care_and_is_looked_at_within_three_months():
    assert gaps_of(a_residential_placement(no_family_care=None)) == [
        "no_family_care_reason_missing"
    ]
    assert gaps_of(a_residential_placement(review_due=TODAY + timedelta(days=93))) == [
        "placement_review_too_late"
    ]


@pytest.mark.rule("R31")
def test_kafala_comes_only_after_tracing_ended_without_result():
    kafala = a_placement(care=CareType.KAFALA)

    assert gaps_of(kafala) == ["tracing_not_exhausted"]
    assert gaps_of(a_placement(care=CareType.KAFALA, tracing_exhausted=True)) == []


@pytest.mark.rule("R31")
def test_adoption_is_no_care_type():
    assert not [care for care in CareType if "adopt" in care]


@pytest.mark.rule("R32")
def test_siblings_are_split_only_with_reasons():
    assert gaps_of(a_placement(splits_siblings=True)) == ["placement_sibling_reason_missing"]
    assert gaps_of(a_placement(splits_siblings=True, sibling_reason=True)) == []


def test_a_home_is_seen_before_a_child_moves_in():
    old = HomeStudy(StudyResult.POSITIVE, TODAY - timedelta(days=300), TODAY - timedelta(days=1))
    bad = HomeStudy(StudyResult.NEGATIVE, TODAY, TODAY + timedelta(days=90))

    assert gaps_of(a_placement(home_study=None)) == ["home_study_missing"]
    assert gaps_of(a_placement(home_study=old)) == ["home_study_expired"]
    assert gaps_of(a_placement(home_study=bad)) == ["home_study_negative"]


def test_a_carers_record_is_asked_about():
    assert gaps_of(a_placement(background=BackgroundCheck.PENDING)) == ["background_check_missing"]
    assert gaps_of(a_placement(background=BackgroundCheck.CONCERN)) == ["background_check_concern"]
    assert gaps_of(a_placement(background=BackgroundCheck.NOT_AVAILABLE)) == [
        "background_check_reason_missing"
    ]


def test_a_care_type_the_country_does_not_have_is_refused():
    assert gaps_of(a_placement(allowed=("kinship",))) == ["care_type_not_allowed"]


@given(occupancy=st.integers(0, 12), capacity=st.integers(0, 10))
def test_a_full_home_takes_nobody(occupancy, capacity):
    home = a_facility(occupancy=occupancy, capacity=capacity)

    full = "facility_full" in gaps_of(a_residential_placement(facility=home))

    assert full == (occupancy >= capacity)


def test_a_broken_placement_calls_for_a_new_assessment_and_overtakes_a_determination():
    assert after_end(EndReason.BREAKDOWN, rests_on_determination=True) == (
        AfterBreakdown.NEW_ASSESSMENT,
        AfterBreakdown.NEW_DETERMINATION,
    )
    assert after_end(EndReason.ABUSE, rests_on_determination=False) == (
        AfterBreakdown.NEW_ASSESSMENT,
    )
    assert after_end(EndReason.MOVED, rests_on_determination=True) == ()

"""Plain numbers and codes that rules get from a pack."""

import pytest

from core.packs import values
from core.packs.lookup import pack_of
from core.packs.models import Pack
from core.packs.sections import Requirement
from core.worktime import Limit, Unit

ZAMBIA = pack_of("ZM", 1)


def with_panel(**changes) -> Pack:
    return ZAMBIA.model_copy(update={"panel": ZAMBIA.panel.model_copy(update=changes)})


def test_the_limit_of_a_priority_is_found_by_its_code():
    assert values.limit_of(ZAMBIA, "D7", "emergency") == Limit(72, Unit.HOURS)
    assert values.limit_of(ZAMBIA, "D7", "low") == Limit(60, Unit.DAYS)


def test_an_emergency_reports_after_thirty_days_and_then_every_ninety():
    assert values.limit_of(ZAMBIA, "D20", "emergency") == Limit(30, Unit.DAYS)
    assert values.limit_of(ZAMBIA, "D20", "emergency", occurrence=1) == Limit(90, Unit.DAYS)


def test_a_limit_without_a_second_length_stays_as_it_is():
    assert values.limit_of(ZAMBIA, "D19", "high", occurrence=5) == Limit(1, Unit.WEEKS)


def test_an_unknown_limit_or_priority_is_refused():
    with pytest.raises(ValueError, match="D26"):
        values.limit_of(ZAMBIA, "D26", "high")
    with pytest.raises(ValueError, match="urgent"):
        values.limit_of(ZAMBIA, "D1", "urgent")


def test_the_owner_hears_first_and_the_supervisor_when_a_limit_has_passed():
    assert values.escalation_levels(ZAMBIA) == (75, 100, 150, 200)
    assert values.recipients(ZAMBIA, "D5", 75) == ("owner",)
    assert values.recipients(ZAMBIA, "D5", 100) == ("owner", "supervisor")
    assert values.recipients(ZAMBIA, "D5", 80) == ()


def test_the_other_country_hears_only_of_limits_that_concern_it():
    late_answer = values.recipients(ZAMBIA, "D14", 150, cross_border=True)
    late_visit = values.recipients(ZAMBIA, "D18", 150, cross_border=True)

    assert "counterpart" in late_answer
    assert "counterpart" not in late_visit
    assert "counterpart" not in values.recipients(ZAMBIA, "D14", 150)


def test_exactly_the_limits_of_the_domain_are_told_to_the_other_country():
    told = {code.value for code, rule in ZAMBIA.limits.items() if rule.counterpart}

    assert told == {"D13", "D14", "D15", "D17", "D20"}


@pytest.mark.rule("R3")
def test_every_trigger_is_mandatory_by_default():
    assert values.mandatory_triggers(ZAMBIA) == {"B1", "B2", "B3", "B4", "B5", "B6"}


@pytest.mark.rule("R17")
def test_the_quorum_is_three_from_two_agencies_with_a_chair_and_social_welfare():
    quorum = values.quorum_of(ZAMBIA)

    assert (quorum.voters, quorum.agencies, quorum.presiding) == (3, 2, True)
    assert quorum.sectors == {"social_welfare": 1}
    assert quorum.countries == {}


@pytest.mark.rule("R17")
def test_a_joint_panel_needs_somebody_of_each_country():
    quorum = values.quorum_of(ZAMBIA, countries=("ZM", "NA"))

    assert quorum.countries == {"ZM": 1, "NA": 1}


def test_an_emergency_has_the_ordinary_quorum_unless_the_pack_says_otherwise():
    lighter = ZAMBIA.panel.quorum.model_copy(update={"min_present": 2})
    with_lighter = with_panel(emergency_quorum=lighter)

    assert values.quorum_of(ZAMBIA, priority="emergency") == values.quorum_of(ZAMBIA)
    assert values.quorum_of(with_lighter, priority="emergency").voters == 2
    assert values.quorum_of(with_lighter, priority="high").voters == 3


def test_two_requirements_for_one_sector_never_weaken_one_another():
    needs = (
        Requirement(sectors=("health",), min=2),
        Requirement(sectors=("health",), min=1),
    )
    rule = ZAMBIA.panel.quorum.model_copy(update={"require": needs})

    assert values.quorum_of(with_panel(quorum=rule)).sectors == {"health": 2}
    assert not values.quorum_of(with_panel(quorum=rule)).presiding


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0-4"),
        (4, "0-4"),
        (5, "5-11"),
        (17, "15-17"),
        (18, "18+"),
        (40, "18+"),
        (None, "unknown"),
    ],
)
def test_an_age_is_counted_in_its_band(age, band):
    assert values.age_band(ZAMBIA, age) == band


def test_an_eighteen_year_old_is_counted_with_the_children_in_version_two():
    assert values.age_band(pack_of("ZM", 2), 18) == "15-18"


@pytest.mark.parametrize(("age", "band"), [(0, "0-2"), (3, "3-6"), (11, "7-11"), (18, None)])
def test_the_band_of_participation_follows_the_age(age, band):
    assert values.participation_band(ZAMBIA, age) == band


def test_an_emergency_is_exported_as_high_where_only_three_levels_exist():
    exported = [
        values.export_priority(ZAMBIA, one) for one in ("emergency", "high", "medium", "low")
    ]

    assert exported == ["high", "high", "medium", "low"]


def test_code_lists_have_english_labels():
    assert values.labels(ZAMBIA, "closure_reasons")["death"] == "Death of the child"


def test_a_province_contains_its_districts_and_a_country_everything():
    southern = values.places_within(ZAMBIA, "ZM-07")

    assert "ZM-07-LIV" in southern
    assert "ZM-09-LUS" not in southern
    assert values.places_within(ZAMBIA, "ZM") == set(ZAMBIA.places)
    assert values.places_within(ZAMBIA, "ZM-0") == set()


def test_places_are_known_by_code_and_found_by_the_border_they_are_on():
    assert values.is_place(ZAMBIA, "ZM-01-SES")
    assert not values.is_place(ZAMBIA, "NA-CA-KAT")
    assert {"ZM-01-SES", "ZM-07-KAZ"} <= values.places_bordering(ZAMBIA, "NA")

"""Plain numbers and codes that rules get from a pack."""

import pytest

from core.packs import values
from core.packs.lookup import pack_of
from core.worktime import Limit, Unit

ZAMBIA = pack_of("ZM", 1)


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


def test_an_emergency_is_exported_as_high_where_only_three_levels_exist():
    order = ("emergency", "high", "medium", "low")

    exported = [values.export_priority(ZAMBIA, one) for one in order]

    assert exported == ["high", "high", "medium", "low"]


def test_code_lists_have_english_labels():
    assert values.labels(ZAMBIA, "closure_reasons")["death"] == "Death of the child"


def test_a_province_contains_its_districts_and_a_country_everything():
    southern = values.places_within(ZAMBIA, "ZM-07")

    assert "ZM-07-LIV" in southern
    assert "ZM-09-LUS" not in southern
    assert values.places_within(ZAMBIA, "ZM") == set(ZAMBIA.places)
    assert values.places_within(ZAMBIA, "ZM-0") == set()


def test_places_are_found_by_the_border_they_are_on():
    assert {"ZM-01-SES", "ZM-07-KAZ"} <= values.places_bordering(ZAMBIA, "NA")
    assert "ZM-09-LUS" not in values.places_bordering(ZAMBIA, "NA")

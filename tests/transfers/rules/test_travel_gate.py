"""The fourteen lines of the day of travel: each one alone holds a child back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transfers.rules.test_movement_gate import DAY, READY
from transfers.rules.travel_gate import (
    LINE_OF_GAP,
    LINES,
    Escort,
    Handover,
    Journey,
    checklist,
    may_travel,
)

AT = datetime(2026, 5, 20, 9, tzinfo=UTC)
GOOD = Journey(
    movement=READY,
    carer_confirmed_on=DAY - timedelta(days=14),
    home_study_until=DAY,
    child_told=True,
    guardian_informed=True,
    escort=Escort(named=True, checked=True, contactable=True),
    fit=True,
    medicines_ready=True,
    handover=Handover("person-1", "Katima Mulilo", AT, confirmed_by_receiver=True),
    caseworker_named=True,
    visits_planned=True,
    package_opened=True,
    requested_by="officer",
    cleared_by="head",
)
BROKEN: dict[str, tuple[dict[str, Any], int, str]] = {
    "carer never confirmed": ({"carer_confirmed_on": None}, 5, "travel_carer_not_confirmed"),
    "carer confirmed 15 days ago": (
        {"carer_confirmed_on": DAY - timedelta(days=15)},
        5,
        "travel_carer_not_confirmed",
    ),
    "carer confirmed tomorrow": (
        {"carer_confirmed_on": DAY + timedelta(days=1)},
        5,
        "travel_carer_not_confirmed",
    ),
    "no home study": ({"home_study_until": None}, 5, "travel_home_study_missing"),
    "home study over": (
        {"home_study_until": DAY - timedelta(days=1)},
        5,
        "travel_home_study_expired",
    ),
    "child not told": ({"child_told": False}, 6, "travel_child_not_told"),
    "guardian not informed": ({"guardian_informed": False}, 7, "travel_guardian_not_informed"),
    "guardian objects": ({"guardian_objects": True}, 7, "travel_guardian_objects"),
    "paper missing": ({"documents_missing": ("travel_paper",)}, 8, "travel_document_missing"),
    "no escort": ({"escort": Escort()}, 9, "travel_escort_missing"),
    "escort not checked": (
        {"escort": Escort(named=True, contactable=True)},
        9,
        "travel_escort_not_checked",
    ),
    "escort without a number": (
        {"escort": Escort(named=True, checked=True)},
        9,
        "travel_escort_not_contactable",
    ),
    "not fit": ({"fit": False}, 10, "travel_not_fit"),
    "no medicines": ({"medicines_ready": False}, 10, "travel_medicines_missing"),
    "no handover agreed": ({"handover": Handover()}, 11, "travel_handover_not_agreed"),
    "receiver has not confirmed": (
        {"handover": Handover("person-1", "Katima Mulilo", AT)},
        11,
        "travel_not_confirmed_by_receiver",
    ),
    "no caseworker there": ({"caseworker_named": False}, 12, "travel_no_receiving_caseworker"),
    "no visits planned": ({"visits_planned": False}, 12, "travel_no_visit_schedule"),
    "package unopened": ({"package_opened": False}, 13, "travel_package_not_opened"),
    "cleared by whoever asked": ({"cleared_by": "officer"}, 14, "travel_cleared_by_requester"),
    "cleared by nobody": ({"cleared_by": ""}, 14, "travel_cleared_by_requester"),
}


def test_a_child_for_whom_all_is_true_may_travel() -> None:
    assert may_travel(GOOD).is_possible
    assert [line.number for line in checklist(GOOD)] == list(range(1, LINES + 1))
    assert all(line.holds for line in checklist(GOOD))


@pytest.mark.rule("R38")
@pytest.mark.rule("R39")
@pytest.mark.rule("R40")
@pytest.mark.parametrize("name", list(BROKEN))
def test_each_line_alone_holds_the_child_back_and_stands_on_its_line(name: str) -> None:
    changes, number, code = BROKEN[name]
    journey = replace(GOOD, **changes)

    assert [gap.code for gap in may_travel(journey).gaps] == [code]
    assert [line.number for line in checklist(journey) if not line.holds] == [number]


@pytest.mark.rule("R33")
def test_without_anything_on_record_no_line_is_true_but_what_nobody_stands_against() -> None:
    empty = Journey(movement=replace(READY, decision=None, asked=None, check=None, reception=None))
    open_lines = {line.number for line in checklist(empty) if not line.holds}

    assert open_lines == {1, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14}


@given(
    names=st.sets(st.sampled_from(sorted(BROKEN)), min_size=1, max_size=6),
    held=st.booleans(),
)
def test_every_missing_thing_stands_on_exactly_one_line(names: set[str], held: bool) -> None:
    journey = GOOD
    for name in sorted(names):
        journey = replace(journey, **BROKEN[name][0])
    if held:
        journey = replace(journey, movement=replace(READY, holds=("appeal",)))

    gaps = may_travel(journey).gaps

    assert sum(len(line.gaps) for line in checklist(journey)) == len(gaps) > 0
    assert {gap.code for gap in gaps} <= set(LINE_OF_GAP)


@pytest.mark.rule("R58")
@given(days=st.integers(-400, 400))
def test_a_decision_counts_to_its_last_day_and_not_one_day_longer(days: int) -> None:
    on: date = DAY + timedelta(days=days)
    assert READY.decision is not None
    decision = replace(READY.decision, valid_until=DAY)

    gaps = may_travel(replace(GOOD, movement=replace(READY, on=on, decision=decision))).gaps

    assert ("move_decision_expired" in {gap.code for gap in gaps}) is (days > 0)

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.indicators import Fact, children_in, gathered, period_of, times_of
from cases.rules.suppression import (
    SMALLEST,
    Cell,
    Dimension,
    Path,
    is_safe,
    may_combine,
    publish,
)
from core.errors import BadInput
from tests.conftest import NOON

COUNTS = st.integers(min_value=0, max_value=12)


@st.composite
def tables(draw: st.DrawFn) -> dict[Path, int]:
    """Two levels of up to three parts each."""
    outer = draw(st.integers(1, 3))
    inner = draw(st.integers(1, 3))
    return {(f"a{i}", f"b{j}"): draw(COUNTS) for i, j in product(range(outer), range(inner))}


def _consistent(cells: tuple[Cell, ...], leaves: dict[Path, int]) -> list[dict[Path, int]]:
    """Every table with small counts that agrees with what was printed (the attacker's view)."""
    shown = {cell.path: cell.count for cell in cells}
    free = [path for path in leaves if shown[path] is None]
    found = []
    for values in product(range(13), repeat=len(free)):
        table = {
            **{p: c for p, c in leaves.items() if shown[p] is not None},
            **dict(zip(free, values, strict=True)),
        }
        totals: dict[Path, int] = {}
        for path, count in table.items():
            for depth in range(len(path) + 1):
                totals[path[:depth]] = totals.get(path[:depth], 0) + count
        if all(totals[p] == c for p, c in shown.items() if c is not None):
            found.append(table)
    return found


@pytest.mark.rule("R60")
@given(tables())
@settings(max_examples=400, deadline=None)
def test_no_number_under_five_is_printed_and_nothing_hidden_can_be_worked_out(
    leaves: dict[Path, int],
) -> None:
    cells = publish(leaves)

    assert all(cell.count is None or cell.count >= SMALLEST for cell in cells)
    assert is_safe(cells)


@pytest.mark.rule("R60")
@pytest.mark.parametrize(
    "leaves",
    [
        {("f", "x"): 3, ("f", "y"): 9, ("m", "x"): 5, ("m", "y"): 6},
        {("f", "x"): 0, ("f", "y"): 6, ("m", "x"): 5, ("m", "y"): 5},
        {("f", "x"): 1, ("f", "y"): 1, ("m", "x"): 6, ("m", "y"): 6},
        {("f", "x"): 0, ("f", "y"): 0, ("m", "x"): 6, ("m", "y"): 0},
    ],
)
def test_whoever_knows_every_printed_number_is_left_with_several_answers_for_each_hidden_one(
    leaves: dict[Path, int],
) -> None:
    cells = publish(leaves)
    hidden = [c.path for c in cells if c.count is None and c.path in leaves]

    tables_left = _consistent(cells, leaves)

    assert hidden
    for path in hidden:
        assert len({table[path] for table in tables_left}) > 1


@pytest.mark.rule("R60")
def test_one_small_number_takes_a_second_with_it() -> None:
    cells = {c.path: c.count for c in publish({("f",): 3, ("m",): 40, ("i",): 20})}

    assert cells == {(): 63, ("f",): None, ("i",): None, ("m",): 40}


@pytest.mark.rule("R60")
def test_a_part_that_is_hidden_hides_its_own_parts() -> None:
    leaves: dict[Path, int] = {
        ("f", "0-4"): 2,
        ("f", "5-11"): 1,
        ("m", "0-4"): 30,
        ("m", "5-11"): 30,
        ("i", "0-4"): 9,
    }

    cells = {c.path: c.count for c in publish(leaves)}

    assert cells[("f",)] is None
    assert cells[("f", "0-4")] is None
    assert cells[("i",)] is None
    assert cells[("i", "0-4")] is None
    assert cells[("m", "0-4")] == 30


@pytest.mark.rule("R60")
def test_a_table_of_fewer_than_five_children_says_nothing_at_all() -> None:
    assert {c.count for c in publish({("f",): 2, ("m",): 2})} == {None}


@pytest.mark.rule("R60")
def test_a_table_without_small_numbers_is_printed_whole() -> None:
    assert [c.count for c in publish({("f",): 8, ("m",): 9})] == [17, 8, 9]


def test_the_last_check_notices_a_table_that_gives_a_child_away() -> None:
    assert not is_safe([Cell((), 10), Cell(("f",), 7), Cell(("m",), None)])
    assert not is_safe([Cell((), 10), Cell(("f",), 7), Cell(("m",), 3)])
    assert not is_safe([Cell((), None), Cell(("f",), 7), Cell(("m",), None)])


@pytest.mark.rule("R60")
def test_district_nationality_and_age_in_years_never_stand_together() -> None:
    together = (Dimension.DISTRICT, Dimension.NATIONALITY, Dimension.AGE_YEAR)

    assert [g.code for g in may_combine(together).gaps] == ["dimensions_identify_child"]
    assert may_combine((Dimension.DISTRICT, Dimension.NATIONALITY)).is_possible
    assert not may_combine((Dimension.SEX, Dimension.SEX)).is_possible


def test_a_rare_nationality_is_counted_among_others() -> None:
    assert gathered({("CD",): 40, ("ER",): 1, ("SO",): 2}) == {("CD",): 40, ("other",): 3}


def test_a_child_counts_once_in_a_period_however_often_it_qualifies() -> None:
    period = period_of("2026-Q1")
    facts = [
        Fact("a", date(2026, 1, 1)), Fact("a", date(2026, 3, 31)), Fact("b", date(2026, 4, 1)),
        Fact("c", date(2025, 12, 31)),
    ]  # fmt: skip

    assert children_in(facts, period) == {"a"}


@pytest.mark.parametrize("code", ["2026-13", "2026-Q5", "26", "2026-03-01", "", "2026-Q", "x"])
def test_a_period_is_a_year_a_quarter_or_a_month(code: str) -> None:
    with pytest.raises(BadInput):
        period_of(code)


def test_times_of_fewer_than_five_children_are_not_told() -> None:
    hour = timedelta(hours=1)
    spans = [(NOON, NOON + 10 * hour, NOON + n * hour) for n in range(1, 5)]

    assert times_of(spans).count is None
    assert times_of([*spans, (NOON, NOON, NOON + 5 * hour)]).median_hours == 3.0

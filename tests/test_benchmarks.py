"""Every benchmark runs, at a size that means nothing, and reports its lines."""

from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.figures import Figure, p95
from benchmarks.run import NAMES, apart

QUICK = (
    "act",
    "audit_chain",
    "case_lists",
    "imports",
    "sealed_files",
    "broken_files",
    "documents",
    "exchange",
    "papers",
    "planning",
    "planning_year",
)  # the others have tests of their own


@pytest.mark.slow
@pytest.mark.timeout(420)
@pytest.mark.parametrize("name", QUICK)
def test_benchmark_runs_at_a_tiny_size_and_reports_its_lines(name: str) -> None:
    figures, versions = apart(name, quick=True)

    assert len({figure.what for figure in figures}) == len(figures) > 1
    assert any(figure.missed_by is not None for figure in figures)
    assert all(figure.value >= 0 for figure in figures)
    never = [figure for figure in figures if figure.at_most == 0]  # losses and faults, at any size
    assert [figure.what for figure in never if figure.value] == []
    assert all(version.startswith("PostgreSQL") for version in versions)


def test_page_has_a_place_for_every_benchmark() -> None:
    text = report.PAGE.read_text()

    for name in NAMES:
        assert text.count(f"<!-- {name}: begin -->") == 1
        assert text.count(f"<!-- {name}: end -->") == 1


def test_an_aim_that_was_missed_says_by_how_much() -> None:
    assert Figure("x", 1.3, at_most=1.3).verdict == "met"
    assert Figure("x", 1.56, at_most=1.3).verdict == "missed by 20%"
    assert Figure("x", 50, at_least=100).verdict == "missed by 50%"
    assert Figure("x", 1, at_most=0).verdict == "missed"
    assert not Figure("x", 1).verdict


def test_writing_one_section_leaves_the_others_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- one: begin -->\nold\n<!-- one: end -->\n<!-- two: begin -->\nb")

    report.write("one", "new", page)

    assert (
        page.read_text() == "a\n<!-- one: begin -->\nnew\n<!-- one: end -->\n<!-- two: begin -->\nb"
    )


def test_machine_is_told_without_its_name() -> None:
    import platform

    assert platform.node() not in report.machine(["PostgreSQL 18"])


def test_ninety_five_of_a_hundred_values_do_not_pass_p95() -> None:
    assert p95([float(number) for number in range(1, 101)]) == 95

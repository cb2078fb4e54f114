"""Every hard rule that concerns one country has a test that carries its number."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| (R\d+) \| (now|both|second country) \| (.+) \|$", re.MULTILINE)
MARK = re.compile(r"""mark\.rule\(([^)]*)\)""")
WAITING = {
    "R35",
    "R36",
    "R37",
    "R38",
    "R39",
    "R40",
    "R41",
    "R43",
    "R44",
    "R45",
    "R51",
    "R52",
    "R56",
}


def _rules() -> dict[str, str]:
    return {code: when for code, when, _ in ROW.findall((ROOT / "docs" / "rules.md").read_text())}


def _tested() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for marks in MARK.findall(path.read_text()):
            found.update(re.findall(r"R\d+", marks))
    return found


def test_the_table_names_all_sixty_rules() -> None:
    assert set(_rules()) == {f"R{number}" for number in range(1, 61)}


def test_rules_that_wait_for_the_second_country_are_named_and_no_others() -> None:
    assert {code for code, when in _rules().items() if when == "second country"} == WAITING


@pytest.mark.parametrize("code", sorted(set(_rules()) - WAITING, key=lambda c: int(c[1:])))
def test_every_rule_of_one_country_has_a_test_of_its_own(code: str) -> None:
    assert code in _tested()


def test_no_test_cites_a_rule_that_does_not_exist() -> None:
    assert _tested() <= set(_rules())

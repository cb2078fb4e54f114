"""Every hard rule has a test that carries its number."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| (R\d+) \| (now|both) \| (.+) \|$", re.MULTILINE)
MARK = re.compile(r"""mark\.rule\(([^)]*)\)""")


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


CODES = [f"R{number}" for number in range(1, 61)]


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_a_test_of_its_own(code: str) -> None:
    assert code in _tested()


def test_no_test_cites_a_rule_that_does_not_exist() -> None:
    assert _tested() <= set(_rules())

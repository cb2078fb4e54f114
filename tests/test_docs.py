"""Promises of the documentation are kept."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("api", "cases", "cli", "core", "panels", "transfers", "workflows")
KEY = re.compile(r"\b(DOM|EXP)-([A-Z]*\d*)")


def _sources() -> set[str]:
    found: set[str] = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            found.update(match.group(0) for match in KEY.finditer(path.read_text()))
    return found


def test_every_source_key_in_the_code_is_explained() -> None:
    text = (ROOT / "docs" / "sources.md").read_text()
    known = set(re.findall(r"^\| ((?:DOM|EXP)-\w+)", text, re.MULTILINE))
    keys = _sources()
    rules = (ROOT / "docs" / "rules.md").read_text()

    unknown = {
        key
        for key in keys
        if key not in known
        and not (key.startswith("DOM-R") and f"| {key[4:]} |" in rules)
        and not key.startswith("EXP-TT")
    }

    assert keys
    assert unknown <= {"DOM-", "EXP-"}, unknown


def test_a_decision_number_is_used_once() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]

    assert numbers
    assert len(numbers) == len(set(numbers))


def test_the_readme_names_the_two_commands_and_every_folder() -> None:
    text = (ROOT / "README.md").read_text()

    for word in ("make demo", "make test", *FOLDERS, "countries", "templates", "migrations"):
        assert word in text


def test_every_address_the_api_guide_names_exists() -> None:
    from api.app import create_app
    from core.db import Database
    from core.settings import Settings

    text = (ROOT / "docs" / "api.md").read_text()
    paths = set(create_app(Settings(), Database("sqlite://")).openapi()["paths"])
    named = set(re.findall(r"`(?:GET|POST|PUT|PATCH|DELETE) (/[^` ]*)`", text)) - {
        "/problems/<slug>"
    }
    endings = set(re.findall(r"`(?:GET |POST )?…(/[^` ]*)`", text))

    assert len(named) > 10
    assert named - paths == set()
    assert {e for e in endings if not any(p.endswith(e) for p in paths)} == set()

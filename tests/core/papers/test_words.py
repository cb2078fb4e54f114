"""Every word of a paper exists in every language; what has no words yet is named."""

import json
import re
from pathlib import Path

import pytest

from core.papers.words import FOLDER, day_in, spoken, words_in
from tests.conftest import NOON

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(FOLDER.glob("*.json"))
KEY = re.compile(r'\bwords\(\s*"([a-z0-9_.]+)"')
PLACE = re.compile(r"{(\w+)}")
PRINTERS = ("cases/service/printing.py", "panels/service/printing", "transfers/service", "core/papers", "api/paper_checks.py")  # fmt: skip


def table(name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def fixed(name: str) -> set[str]:
    """Keys every language must have; words for codes may be missing, and codes are made readable then."""
    return {key for key in table(name) if not key.startswith("code.")}


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_no_language_lacks_a_word_or_has_one_too_many(name: str) -> None:
    assert fixed(name) == fixed("en")
    assert {"en", "fr"} <= {path.stem for path in FILES}


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_the_same_facts_stand_in_a_sentence_in_every_language(name: str) -> None:
    english, other = table("en"), table(name)

    for key in fixed("en"):
        assert set(PLACE.findall(other[key])) == set(PLACE.findall(english[key])), key
        assert other[key].strip(), key


def test_every_word_the_papers_ask_for_is_there() -> None:
    asked: set[str] = set()
    for part in PRINTERS:
        path = ROOT / part
        for file in [path] if path.is_file() else path.rglob("*.py"):
            asked |= set(KEY.findall(file.read_text("utf-8")))
    page = (ROOT / "templates" / "check" / "check.html").read_text("utf-8")
    asked |= set(re.findall(r"w\('([a-z0-9_.]+)'\)", page))

    assert len(asked) > 150
    assert asked - fixed("en") == set()


def test_a_language_nobody_translated_is_printed_in_english() -> None:
    assert words_in("loz", "bem").code == "en"
    assert words_in("loz", "fr_CD").code == "fr"
    assert words_in("", "").code == "en"


def test_a_code_without_words_is_made_readable_and_a_text_stays_as_it_is() -> None:
    words = spoken()["fr"]

    assert words.code_of("CARE_PLACEMENT") == "Placement"
    assert words.code_of("some_new_code") == "Some new code"
    assert words.code_of("Rue 12, Kabwe") == "Rue 12, Kabwe"


def test_a_day_is_written_in_any_language() -> None:
    assert day_in("fr", NOON.date()) == "2 mars 2026"
    assert day_in("sw", NOON.date()) == "2 Machi 2026"
    assert day_in("no-such", NOON.date()) == "2 March 2026"

"""Words of papers: one file for each language in ``templates/papers/words``, the same keys in each (a test compares).

What people wrote stays in the language they wrote it in. A language without a file is printed in English.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from core.languages import language

FOLDER: Final = Path(__file__).resolve().parents[2] / "templates" / "papers" / "words"
FIRST: Final = "en"
_AS_WRITTEN: Final = {"en": "en_GB"}  # the day before the month, as in the countries of this region
_CODE: Final = re.compile(r"[a-z]+(?:_[a-z0-9]+)*|[A-Z]+(?:_[A-Z0-9]+)*")


class Words:
    """The words of one language. A key without words is a mistake; a code without words is made readable."""

    def __init__(self, code: str, table: Mapping[str, str]) -> None:
        self.code = code
        self._locale = Locale.parse(_AS_WRITTEN.get(code, code))
        self._table = table

    def __call__(self, key: str, **facts: object) -> str:
        """Return the sentence of a key with its facts."""
        return self._table[key].format(**facts)

    def code_of(self, value: object) -> str:
        """Return a code as people say it; what is none comes back as it was written."""
        text = str(value)
        known = self._table.get(f"code.{text.lower()}")
        if known is not None:
            return known
        return text.replace("_", " ").capitalize() if _CODE.fullmatch(text) else text

    def yes_no(self, value: bool | None) -> str:
        """Say yes, no, or that it is not known."""
        return self("unknown" if value is None else "yes" if value else "no")

    def day(self, on: date | None) -> str:
        """Return a day as it is written in this language; a dash for none."""
        return "–" if on is None else format_date(on, "long", locale=self._locale)

    def moment(self, at: datetime | None, zone: str) -> str:
        """Return a moment by the clock of a place; a dash for none."""
        if at is None:
            return "–"
        there = at.astimezone(ZoneInfo(zone))
        return f"{self.day(there.date())}, {there:%H:%M}"

    def country(self, code: str) -> str:
        """Return the name of a country by its two letters."""
        return str(self._locale.territories.get(code, code))

    def language(self, code: str) -> str:
        """Return the name of a language by its code."""
        return str(self._locale.languages.get(language(code), code))


def day_in(code: str, on: date) -> str:
    """Return a day in any language, also one there are no words for; in English where nobody knows how."""
    try:
        locale = Locale.parse(_AS_WRITTEN.get(code, code))
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(_AS_WRITTEN[FIRST])
    return format_date(on, "long", locale=locale)


@cache
def spoken() -> Mapping[str, Words]:
    """Return every language there are words for."""
    files = sorted(FOLDER.glob("*.json"))
    return {one.stem: Words(one.stem, json.loads(one.read_text("utf-8"))) for one in files}


def words_in(*wished: str) -> Words:
    """Return the words of the first language wished for that there are words for, else English."""
    known = {language(code): words for code, words in spoken().items()}
    found = (known.get(language(code)) for code in wished if code.strip())
    return next((words for words in found if words is not None), known[FIRST])

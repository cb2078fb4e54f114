"""Words of the pages of people with accounts: a folder for each language in ``templates/desk/words/``.

Codes become words here and nowhere else; times are told by the clock of the office, and by how far away they are.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time

from api.portal.words import Words
from core.languages import asked_for, best_of, locale_of

FOLDER: Final = Path(__file__).resolve().parents[2] / "templates" / "desk" / "words"
FIRST: Final = "en"
MIRRORED: Final = "ar-XB"
"""No language of people: Unicode's name for one made up to try pages that run from right to left."""
_WORD: Final = re.compile(r"(?<![{\w])[^\W_]+(?![\w}])")
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})")
DAYS_IN_WORDS: Final = 3
"""Up to so many days are told in hours: a child in detention, or a first response, is counted so."""


class DeskWords(Words):
    """The words of one language for people who work with files."""

    def of(self, kind: str, code: str) -> str:
        """Return what a code of some kind means; a code of an older version is at least readable."""
        return self.table.get(f"{kind}.{code}") or self.code_of(code)

    def knows(self, kind: str, code: str) -> bool:
        """Whether there are words for a code of some kind."""
        return f"{kind}.{code}" in self.table

    def told(self, name: str, value: str, zone: str) -> str:
        """Return what a field of a message says: codes and moments as people say them, texts as they were written."""
        if self.knows("say.code", value):
            return self.of("say.code", value)
        if _MOMENT.fullmatch(value):
            return self.at(datetime.fromisoformat(value), zone)
        return self.said(name, value)

    def count(self, key: str, number: int) -> str:
        """Return a sentence about a number of things; one thing has a sentence of its own."""
        return self(f"{key}.one" if number == 1 else f"{key}.many", count=number)

    def span(self, length: timedelta) -> str:
        """Return how long something lasts: hours up to three days, then days."""
        length = abs(length)
        if length < HOUR:
            return self("span.less_than_hour")
        if length < DAYS_IN_WORDS * DAY:
            return self.count("span.hours", length // HOUR)
        return self.count("span.days", length // DAY)

    def hours(self, length: timedelta) -> str:
        """Return how long in whole hours, whatever the length."""
        return self.count("span.hours", max(length, timedelta()) // HOUR)

    def at(self, moment: datetime, zone: str) -> str:
        """Return a moment by the clock of an office: the day, and the time."""
        local = moment.astimezone(ZoneInfo(zone))
        return self("moment", day=self.day(local.date()), time=self.clock(moment, zone))

    def clock(self, moment: datetime, zone: str) -> str:
        """Return the time of day by the clock of an office."""
        local = moment.astimezone(ZoneInfo(zone))
        return str(format_time(local, "short", locale=self.locale))

    def weekday(self, moment: datetime, zone: str) -> str:
        """Return a moment with its weekday, as it is said in an invitation."""
        local = moment.astimezone(ZoneInfo(zone))
        day = format_date(local.date(), "full", locale=self.locale)
        return self("moment", day=day, time=self.clock(moment, zone))

    def due(self, moment: datetime, now: datetime) -> str:
        """Return how far away the end of a time limit is, or how long it has passed."""
        left = moment - now
        if timedelta() <= left < HOUR:
            return self("due.now")
        return self("due.in" if left > timedelta() else "due.late", span=self.span(left))


@cache
def spoken() -> Mapping[str, DeskWords]:
    """Return every language there are words for."""
    folders = sorted(one for one in FOLDER.iterdir() if one.is_dir())
    return {one.name: DeskWords(one.name, _table(one)) for one in folders}


def words_for(
    chosen: str, accepted: str, *, country: str = "", with_mirrored: bool = False
) -> DeskWords:
    """Return the language a person chose, else the first of their browser that we speak, else English.

    Args:
        chosen: on a page, kept by the browser.
        accepted: what the browser asks for.
        country: of the installation, for days and hours.
        with_mirrored: whether whoever builds pages may choose the mirrored language.
    """
    if with_mirrored and chosen == MIRRORED:
        return _mirrored()
    asked = asked_for(accepted)
    code = best_of([one for one in (chosen, *asked) if one], spoken()) or FIRST
    return _as_written(code, locale_of(code, country, asked))


@cache
def _as_written(code: str, locale: Locale) -> DeskWords:
    """Return the words of a language; what it lacks is told in English, for no page may fail for a word."""
    known = spoken()
    return DeskWords(code, {**known[FIRST].table, **known[code].table}, locale)


@cache
def _mirrored() -> DeskWords:
    """Return English as a language of the other direction, to see where a page does not turn with its reader."""
    english = spoken()[FIRST].table
    turned = {key: _WORD.sub("\u202e\\g<0>\u202c", text) for key, text in english.items()}
    return DeskWords(MIRRORED, turned, Locale.parse("ar"))


def _table(folder: Path) -> Mapping[str, str]:
    """Return the words of one language, gathered from a file for each part of the product."""
    parts = (json.loads(one.read_text("utf-8")) for one in sorted(folder.glob("*.json")))
    return {key: text for part in parts for key, text in part.items()}

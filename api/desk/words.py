"""Words of the pages of people with accounts: a folder for each language in ``templates/desk/words/``.

Codes become words here and nowhere else; times are told by the clock of the office, and by how far away they are.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from api.portal.words import Words
from core.languages import language

FOLDER: Final = Path(__file__).resolve().parents[2] / "templates" / "desk" / "words"
FIRST: Final = "en"
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
DAYS_IN_WORDS: Final = 3
"""Up to so many days are told in hours: a child in detention, or a first response, is counted so."""


class DeskWords(Words):
    """The words of one language for people who work with files."""

    def of(self, kind: str, code: str) -> str:
        """Return what a code of some kind means; a code of an older version is at least readable."""
        return self._table.get(f"{kind}.{code}") or self.code_of(code)

    def knows(self, kind: str, code: str) -> bool:
        """Whether there are words for a code of some kind."""
        return f"{kind}.{code}" in self._table

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


def words_for(chosen: str, accepted: str) -> DeskWords:
    """Return the language a person chose, else the first of their browser that we speak, else English."""
    known = spoken()
    if chosen in known:
        return known[chosen]
    for one in accepted.split(",")[:10]:
        found = known.get(language(one.partition(";")[0]))
        if found is not None:
            return found
    return known[FIRST]


def _table(folder: Path) -> Mapping[str, str]:
    """Return the words of one language, gathered from a file for each part of the product."""
    parts = (json.loads(one.read_text("utf-8")) for one in sorted(folder.glob("*.json")))
    return {key: text for part in parts for key, text in part.items()}

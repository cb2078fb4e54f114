"""Words of the pages recipients read: one file for each language, chosen by what the browser asks for.

Another language is another file beside ``en.json`` with the same keys (a test compares them); no page changes.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pycountry
from babel import Locale
from babel.core import get_global
from babel.dates import format_date

from core.languages import asked_for, best_of, language, locale_of
from core.packs.lookup import countries, pack_of, versions

FOLDER: Final = Path(__file__).resolve().parents[2] / "templates" / "guests" / "words"
FIRST: Final = "en"
_CODE: Final = re.compile(r"[a-z]+(?:_[a-z0-9]+)*|[A-Z]+(?:_[A-Z0-9]+)+")
_PLACE: Final = re.compile(r"[A-Z]{2}(?:-[0-9A-Z]+)+")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OF_CHILD: Final = (
    "child_code", "age_band", "age_basis", "sex", "nationality", "languages", "interpreter_needed",
    "communication", "accompaniment", "linked",
)  # fmt: skip
_ORDER: Final = (
    "child", "care", "matter", "flags", "asked", "reply_due", "contacts", "withheld", "ref",
)  # fmt: skip


class Words:
    """The words of one language; a key without words is a mistake, a code without words is made readable."""

    def __init__(self, code: str, table: Mapping[str, str], locale: Locale | None = None) -> None:
        self.code = code
        self.locale = locale or locale_of(code)
        self.table = table

    def __call__(self, key: str, **facts: object) -> str:
        """Return the sentence of a key with its facts."""
        return self.table[key].format(**facts)

    def code_of(self, value: str) -> str:
        """Return a code of the exchange as people say it; anything else as it was written."""
        known = self.table.get(f"code.{value}")
        if known is not None:
            return known
        if _CODE.fullmatch(value):
            return value.replace("_", " ").lower().capitalize()
        return value

    def said(self, name: str, value: str) -> str:
        """Return what a field says: days, languages and countries as people write them, codes as people say them."""
        if name in {"languages", "nationality"}:
            return self._place_or_tongue(name, value)
        if _DAY.fullmatch(value):
            return self.day(date.fromisoformat(value))
        return self._place(value) if _PLACE.fullmatch(value) else self.code_of(value)

    def day(self, on: date) -> str:
        """Return a day as it is written in this language."""
        return format_date(on, "long", locale=self.locale)

    def moment(self, at: datetime, of_country: str) -> str:
        """Return a moment by the clock of a country, and say whose clock that is."""
        zone = get_global("territory_zones").get(of_country, ["UTC"])[0]
        place = zone.rpartition("/")[2].replace("_", " ")
        return f"{self.day(at.astimezone(ZoneInfo(zone)).date())}, {at.astimezone(ZoneInfo(zone)):%H:%M} ({place})"

    def country(self, code: str) -> str:
        """Return the name of a country by its two letters."""
        return str(self.locale.territories.get(code, code))

    def _place(self, code: str) -> str:
        """Return the name of a place and its country by the code its country gave it."""
        of_country = code[:2]
        if of_country not in countries():
            return code
        found = pack_of(of_country, versions(of_country)[-1]).places.get(code)
        return code if found is None else f"{found.name} ({self.country(of_country)})"

    def _place_or_tongue(self, name: str, value: str) -> str:
        if name == "languages":
            return str(self.locale.languages.get(language(value), value))
        country = pycountry.countries.get(alpha_3=value)
        found = None if country is None else self.locale.territories.get(country.alpha_2)
        return self.code_of(value) if found is None else str(found)

    def label_of(self, name: str) -> str:
        """Return what a field is called."""
        plain = name.replace("_", " ").capitalize()
        return self.table.get(f"field.{name}", plain)

    def hint_of(self, name: str) -> str:
        """Return what helps to fill a field in; empty where nothing has to be said."""
        return self.table.get(f"hint.{name}", "")


def in_order(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return a summary in the order in which people read one: the child first, what only machines need left out."""
    rest = [name for name in summary if name not in {*_ORDER, "schema", "summary_version"}]
    whole = {name: summary[name] for name in (*_ORDER, *rest) if name in summary}
    child = whole.get("child")
    if not child:
        return whole
    first = [name for name in _OF_CHILD if name in child]
    return whole | {
        "child": {name: child[name] for name in (*first, *sorted(set(child) - set(first)))}
    }


@cache
def spoken() -> Mapping[str, Words]:
    """Return every language there are words for."""
    files = sorted(FOLDER.glob("*.json"))
    return {one.stem: Words(one.stem, json.loads(one.read_text("utf-8"))) for one in files}


def words_for(accepted: str) -> Words:
    """Return the first language of ``Accept-Language`` that we speak, else English."""
    asked = asked_for(accepted)
    code = best_of(asked, spoken()) or FIRST
    return Words(code, spoken()[code].table, locale_of(code, asked=asked))

"""Words of mails and of invitations in calendars: a file for each language in ``templates/mails/words``.

A mail is written in the first language of the country of its installation; whose it is beside that is not known to a
mail server. A language without a file is written in English.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from core.packs.lookup import countries, pack_of, versions

FOLDER: Final = Path(__file__).resolve().parents[1] / "templates" / "mails" / "words"
FIRST: Final = "en"


@cache
def spoken() -> Mapping[str, Mapping[str, str]]:
    """Return the words of every language, by key."""
    return {one.stem: json.loads(one.read_text("utf-8")) for one in sorted(FOLDER.glob("*.json"))}


def words_in(country: str) -> Mapping[str, str]:
    """Return the words of mails of an installation, by key."""
    language = FIRST
    if country in countries():
        language = pack_of(country, versions(country)[-1]).languages.default
    return spoken().get(language, spoken()[FIRST])

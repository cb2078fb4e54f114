"""One form for the code of a language, so that `sw`, `swa` and `swh` are the same language.

Codes are kept as people and other systems wrote them; whoever compares two compares this form of
them. The short code of ISO 639-1 where there is one, else the three letters of ISO 639-3; variants
that Unicode's CLDR counts as one language with their parent are that language. A country behind the
code (`pt-BR`) says how a word is spelled, not what a child understands, and is left out.

Nothing is read but the tables that come with Babel, so rules may use it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.core import get_global
from babel.localedata import exists

__all__ = ["asked_for", "best_of", "language", "languages", "locale_of"]
LONGEST: Final = 500
MOST: Final = 10
PLACE_LETTERS: Final = 2
MOST_KNOWN: Final = 2048
"""Codes kept in memory: strangers send whatever they like as the language they read."""
_NUMBER: Final = re.compile(r"[01](?:\.[0-9]{0,3})?")
_PLAIN: Final = {"en": "en_GB"}


@lru_cache(MOST_KNOWN)
def language(code: str) -> str:
    """Return the one form of a language code; a code nobody knows comes back in lower case."""
    found = _primary(code)
    return _primary(get_global("language_aliases").get(found, found))


def languages(codes: Iterable[str]) -> frozenset[str]:
    """Return several languages, each in its one form and once; empty codes are left out."""
    return frozenset(language(code) for code in codes if code.strip())


def _primary(code: str) -> str:
    return code.strip().replace("_", "-").partition("-")[0].lower()


def asked_for(header: str) -> Sequence[str]:
    """Return the languages a reader asks for (``Accept-Language``), dearest first; ten at most are looked at."""
    found: list[tuple[float, str]] = []
    for one in header[:LONGEST].split(",")[:MOST]:
        tag, _, rest = one.partition(";")
        weight = _weight(rest)
        if tag.strip() and weight > 0:
            found.append((-weight, tag.strip()))
    return [tag for _, tag in sorted(found, key=lambda pair: pair[0])]


def best_of(asked: Sequence[str], known: Iterable[str]) -> str | None:
    """Return the first language asked for that is known; None when none is."""
    by_form = {language(code): code for code in known}
    return next((by_form[form] for form in map(language, asked) if form in by_form), None)


def locale_of(code: str, country: str = "", asked: Sequence[str] = ()) -> Locale:
    """Return how days and numbers are written: as in this country, else as the reader's own place does.

    English without a place has the day before the month, as everywhere in the region.

    Args:
        code: the language the words are in.
        country: two capital letters of the installation; empty where a reader is elsewhere.
        asked: languages the reader asked for, some with a place: ``fr-CD``.
    """
    places = [country]
    if code != "en":
        places += [_place(tag) for tag in asked if language(tag) == language(code)]
    names = [f"{code}_{place}" for place in places if place]
    return Locale.parse(next((name for name in names if exists(name)), _PLAIN.get(code, code)))


def _place(tag: str) -> str:
    place = tag.replace("_", "-").rpartition("-")[2]
    is_place = len(place) == PLACE_LETTERS and place.isascii() and place.isalpha()
    return place.upper() if is_place and "-" in tag.replace("_", "-") else ""


def _weight(rest: str) -> float:
    name, _, number = rest.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    found = _NUMBER.fullmatch(number.strip())
    return float(number) if found else 0.0

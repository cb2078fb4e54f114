"""In which language a person reads refusals and notices.

English stands beside the refusals in the code; every other language is a folder in ``templates/refusals/words/`` with
the same keys (``translated.py`` names them, a test compares). What has no words there is told in English.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale

from core.languages import asked_for, best_of, locale_of

FOLDER: Final = Path(__file__).resolve().parents[2] / "templates" / "refusals" / "words"
FIRST: Final = "en"
LANGUAGE: Final = "bid-language"
"""Cookie in which a browser keeps the language that was chosen on a page."""


@dataclass(frozen=True)
class Reader:
    """Who reads: in which language, and how days are written there."""

    language: str
    locale: Locale


_NOBODY: Final = Reader(FIRST, locale_of(FIRST))
_READER: ContextVar[Reader] = ContextVar("reader", default=_NOBODY)


def reader() -> Reader:
    """Return who reads what is said in this request or command; English where nobody asked."""
    return _READER.get()


def listen(accepted: str, *, chosen: str = "", country: str = "") -> Reader:
    """Take up in which language this request, or this command, is answered.

    Args:
        accepted: what the reader's program asks for (``Accept-Language``).
        chosen: what the person chose on a page; goes before.
        country: of this installation, for days and numbers.
    """
    asked = asked_for(accepted)
    code = best_of([one for one in (chosen, *asked) if one], (FIRST, *spoken())) or FIRST
    found = Reader(code, locale_of(code, country, asked))
    _READER.set(found)
    return found


@contextmanager
def reading(language: str, country: str = "") -> Iterator[None]:
    """Let what is said in this block be read in a language."""
    before = _READER.set(Reader(language, locale_of(language, country)))
    try:
        yield
    finally:
        _READER.reset(before)


@cache
def spoken() -> Mapping[str, Mapping[str, str]]:
    """Return the words of every language but English, by key."""
    return {one.name: _table(one) for one in sorted(FOLDER.iterdir()) if one.is_dir()}


def said(key: str, english: str) -> str:
    """Return the words of a key in the reader's language."""
    return spoken().get(reader().language, {}).get(key, english)


def code_words(text: str) -> str:
    """Return a code among the facts of a sentence as people say it; what is none comes back as it was."""
    known = spoken().get(reader().language, {}).get(f"code.{text}")
    return known if known is not None else text.replace("_", " ")


def _table(folder: Path) -> Mapping[str, str]:
    parts = (json.loads(one.read_text("utf-8")) for one in sorted(folder.glob("*.json")))
    return {key: text for part in parts for key, text in part.items()}

"""Type set with nothing held in the database: asked for in one look at the record, set outside, found in the next look.

A look is a unit of work of its own and undone when something it needs is not set yet; the last one finds everything
and is kept. What is asked for is known by what it says: a record that changed meanwhile asks for other type, and that
is set too. So nothing is ever issued of a record as it was. Source: decision 0020, decision 0026.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from core.errors import DomainError
from core.papers.press import FileNotDrawn, Page, Typesetter

MOST_LOOKS: Final = 6
"""One to find the files, one to find the words, one to issue; the rest for a record that moves meanwhile."""
MOST_DRAWN: Final = 64 * 1024 * 1024
"""Bytes of all pictures of one paper together; files beyond are named and not drawn."""


class NotSetYet(Exception):
    """Something has to be set first; this look at the record is undone and done again."""


@dataclass(eq=False)
class PaperKeptChanging(DomainError):
    """What a paper prints changed at every look; nothing was issued."""


@dataclass(eq=False)
class OpenedInAdvance(DomainError):
    """A program asked for a paper before anybody did. Opening one is on record, and may count as read."""


class SetOutside:
    """The type of one paper: gives what was set before, and remembers what is still to be set."""

    def __init__(self, press: Typesetter) -> None:
        self._press = press
        self._done: dict[str, Any] = {}
        self._asked: dict[str, Callable[[], Any]] = {}
        self._drawn = 0

    def typeset(self, template: str, paper: Mapping[str, Any], *, at: datetime) -> bytes:
        """Give a paper as it was set.

        Raises:
            NotSetYet: it, or a file in it, was not set yet.
            NotPrintable, PressFailed: as the press said when it was set.
        """
        key = f"paper|{_digest([template, paper, int(at.timestamp())])}"
        if not self._asked and key not in self._done:
            self._asked[key] = lambda: self._press.typeset(template, paper, at=at)
        if self._asked:
            raise NotSetYet
        found: bytes = self._given(key)
        return found

    def drawn(self, file: str, load: Callable[[], bytes], *, media: str, most: int) -> list[Page]:
        """Give the pages of a file as they were drawn; none yet in the look that asks for them.

        Raises:
            FileNotDrawn: as the press said when it drew them.
        """
        key = f"file|{file}|{media}|{most}"
        if key not in self._done:
            content = load()
            self._asked[key] = lambda: self._press.drawn(
                file, lambda: content, media=media, most=most
            )
            return []
        found: list[Page] = self._given(key)
        return found

    def set_all(self) -> None:
        """Set what was asked for, one after the other; nothing of the database is needed for it."""
        while self._asked:
            key = next(iter(self._asked))
            self._done[key] = self._result(self._asked.pop(key))

    def _result(self, make: Callable[[], Any]) -> Any:
        if self._drawn > MOST_DRAWN:
            return FileNotDrawn()
        try:
            found = make()
        except (DomainError, FileNotDrawn) as refused:
            return refused
        if isinstance(found, list):
            self._drawn += sum(len(page.picture) for page in found)
            if self._drawn > MOST_DRAWN:
                return FileNotDrawn()
        return found

    def _given(self, key: str) -> Any:
        found = self._done[key]
        if isinstance(found, Exception):
            raise found
        return found


def _digest(said: Any) -> str:
    """Return a hash of plain values, piece by piece: a bundle holds many pictures, and once is enough."""
    found = sha256()
    for piece in json.JSONEncoder(sort_keys=True).iterencode(said):
        found.update(piece.encode())
    return found.hexdigest()

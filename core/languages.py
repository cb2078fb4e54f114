"""One form for the code of a language, so that `sw`, `swa` and `swh` are the same language.

Codes are kept as people and other systems wrote them; whoever compares two compares this form of
them. The short code of ISO 639-1 where there is one, else the three letters of ISO 639-3; variants
that Unicode's CLDR counts as one language with their parent are that language. A country behind the
code (`pt-BR`) says how a word is spelled, not what a child understands, and is left out.

Nothing is read but the tables that come with Babel, so rules may use it.
"""

from collections.abc import Iterable
from functools import cache

from babel.core import get_global

__all__ = ["language", "languages"]


@cache
def language(code: str) -> str:
    """Return the one form of a language code; a code nobody knows comes back in lower case."""
    found = _primary(code)
    return _primary(get_global("language_aliases").get(found, found))


def languages(codes: Iterable[str]) -> frozenset[str]:
    """Return several languages, each in its one form and once; empty codes are left out."""
    return frozenset(language(code) for code in codes if code.strip())


def _primary(code: str) -> str:
    return code.strip().replace("_", "-").partition("-")[0].lower()

"""Names of parts as people see them. Stored files are named by id, never by these.

A name is refused when it could hide what it is, mean another file on some computer, or look like another name.
Source: EXP-5.2; docs/decisions/0013.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MAX_CHARACTERS: Final = 120
MAX_BYTES: Final = 180
# Everything Unicode calls a bidirectional control: marks, embeddings, overrides, isolates.
BIDI_CONTROLS: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_SIGNS: Final = frozenset('/\\:*?"<>|')
_DEVICE: Final = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])", re.IGNORECASE
)
_LINES: Final = frozenset("\u2028\u2029")


def name_fault(name: str) -> str | None:
    """Return the code of the first thing wrong with a name; None when it may be used."""
    checks = (
        ("name_length", _has_wrong_length),
        ("name_control", _has_control),
        ("name_sign", lambda text: not _SIGNS.isdisjoint(text)),
        ("name_bidi", lambda text: not BIDI_CONTROLS.isdisjoint(text)),
        ("name_edge", lambda text: text.strip() != text or text.strip(".") != text),
        ("name_device", lambda text: _DEVICE.fullmatch(text.split(".")[0].strip()) is not None),
    )
    return next((code for code, is_wrong in checks if is_wrong(name)), None)


def are_distinct(names: Iterable[str]) -> bool:
    """Whether no two names are the same to somebody who ignores case and Unicode form."""
    seen = [_folded(name) for name in names]
    return len(set(seen)) == len(seen)


def _has_wrong_length(name: str) -> bool:
    try:
        size = len(name.encode("utf-8"))
    except UnicodeEncodeError:
        return True
    return not 1 <= len(name) <= MAX_CHARACTERS or size > MAX_BYTES


def _has_control(name: str) -> bool:
    return any(sign in _LINES or unicodedata.category(sign) == "Cc" for sign in name)


def _folded(name: str) -> str:
    """One writing for every writing of a name; folding may take a text out of its normal form again."""
    once = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", once).casefold()

"""Strict base64url, strict JSON and canonical JSON: each text has one meaning, or it is refused.

Nothing here is about keys or tokens. Junk never raises anything but ``NotStrict``. Source: EXP-2.1.
"""

import base64
import binascii
import json
import re
from hashlib import sha256
from typing import Any, Final

MAX_DEPTH: Final = 16
MAX_INTEGER: Final = 2**53 - 1  # beyond it programs disagree about what a JSON number is
_MAX_DIGITS: Final = 16
_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]*")
# One pass over strings and brackets. A string that never ends reaches the end of the text: without that a
# hostile text would be read again from each of its quotes.
_STRUCTURE: Final = re.compile(r'"(?:[^"\\]++|\\(?:.|\Z))*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class NotStrict(ValueError):
    """A text is not in the one form we take. Callers turn it into their own refusal."""


def b64(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def un_b64(text: object) -> bytes:
    """Read base64url: the alphabet only, no padding, and exactly what encoding again would give.

    Raises:
        NotStrict: anything else.
    """
    if not isinstance(text, str) or not _ALPHABET.fullmatch(text):
        raise NotStrict
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise NotStrict from error
    if b64(data) != text:
        raise NotStrict
    return data


def digest(data: bytes) -> str:
    """Return the SHA-256 hash as base64url, 43 characters. Source: EXP-1."""
    return b64(sha256(data).digest())


def read_object(data: bytes) -> dict[str, Any]:
    """Read one JSON object.

    UTF-8 without a mark, at most 16 levels, no member twice at any level, whole numbers only, no text that is
    not Unicode. Fractions, exponents, NaN and Infinity have no place in the protocol.

    Raises:
        NotStrict: anything else.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotStrict from error
    require_shallow(text)
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise NotStrict from error
    if not isinstance(value, dict):
        raise NotStrict
    if "\\u" in text and _has_surrogates(value):
        raise NotStrict
    return value


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of a value: members sorted, no spaces, UTF-8, nothing escaped without need.

    It is the form of RFC 8785 for what the protocol uses: ASCII member names, text, whole numbers, true, false, null.

    Raises:
        NotStrict: a fraction, a number too large, text that is not Unicode, a member name that is not ASCII.
    """
    _require_canonical(value, MAX_DEPTH)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotStrict from error


def require_shallow(text: str, most: int = MAX_DEPTH) -> None:
    """Refuse depth before the parser sees it.

    Raises:
        NotStrict: brackets within more than so many others.
    """
    if text.count("[") + text.count("{") <= most:
        return
    depth = 0
    for match in _STRUCTURE.finditer(text):
        sign = text[match.start()]
        if sign in "[{":
            depth += 1
            if depth > most:
                raise NotStrict
        elif sign in "]}":
            depth -= 1


def _require_canonical(value: Any, levels: int) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotStrict
        return
    if levels == 0 or not isinstance(value, dict | list | tuple):
        raise NotStrict
    if isinstance(value, dict) and not all(isinstance(k, str) and k.isascii() for k in value):
        raise NotStrict
    for item in value.values() if isinstance(value, dict) else value:
        _require_canonical(item, levels - 1)


def _has_surrogates(value: Any) -> bool:
    """Half a character written as an escape: it is valid JSON and cannot be written down again."""
    if isinstance(value, str):
        return _SURROGATE.search(value) is not None
    if isinstance(value, dict):
        return any(_has_surrogates(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_has_surrogates(part) for part in value)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrict
    return found


def _whole_number(text: str) -> int:
    if len(text.lstrip("-")) > _MAX_DIGITS or text == "-0" or abs(int(text)) > MAX_INTEGER:
        raise NotStrict
    return int(text)


def _refuse(_text: str) -> Any:
    raise NotStrict


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_int=_whole_number,
    parse_float=_refuse,
    parse_constant=_refuse,
)

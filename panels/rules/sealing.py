"""One hash over a record, the same wherever it is computed again.

Used for determinations and minutes: what was signed can be proven unchanged for as long as the
rows exist, and a difference is named, not only noticed.

Source: DOM-R22, DOM-4.5, DOM-4.6.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any


def canonical(content: Mapping[str, Any]) -> bytes:
    """Write a record as bytes that depend on its content alone.

    Keys are sorted, there is no optional white space, text is UTF-8. Only strings, whole numbers,
    booleans, ``None``, lists and mappings are allowed: dates are given as ISO text, so that no
    library's opinion on formats can change a hash.

    Raises:
        TypeError: for any other type.
    """
    _refuse_fractions(content)
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def seal_hash(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical form, in lower-case hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def differences(sealed: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[str, ...]:
    """Name every place where two records differ, as JSON pointers in order.

    Only places are named, never values: the answer may be shown and logged.
    """
    return tuple(_differing("", sealed, found))


def _differing(pointer: str, sealed: object, found: object) -> Iterator[str]:
    if isinstance(sealed, Mapping) and isinstance(found, Mapping):
        for key in sorted(set(sealed) | set(found)):
            yield from _differing(f"{pointer}/{key}", sealed.get(key), found.get(key))
    elif isinstance(sealed, list) and isinstance(found, list) and len(sealed) == len(found):
        for index, (left, right) in enumerate(zip(sealed, found, strict=True)):
            yield from _differing(f"{pointer}/{index}", left, right)
    elif sealed != found:
        yield pointer or "/"


def _refuse_fractions(value: object) -> None:
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_fractions(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_fractions(item)
    elif value is not None and not isinstance(value, str | int):
        raise TypeError("a sealed record holds text, whole numbers, booleans and lists only")

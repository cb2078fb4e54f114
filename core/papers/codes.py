"""The check code on a paper: twelve signs that read the same aloud, by hand and in print, the last a check sign.

No 0, 1, I or O. One wrong sign, or two that changed places, never give another code. Source: decision 0020.
"""

from typing import Final

from core.vault import keyed_hash

SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH: Final = 12
_BITS: Final = 5
_MASK: Final = 0b11111
_MODULUS: Final = 0b100101  # x^5 + x^2 + 1: every sign but the first is a power of 2 in this field


def code_for(key: bytes, content: str, attempt: int = 0) -> str:
    """Return the code of one content: always the same, and not to be guessed without the key.

    Args:
        key: of the blind indexes (``Vault.index_key``).
        content: what the paper says, as a keyed hash.
        attempt: counts on when another paper has the code already.
    """
    drawn = int(keyed_hash(key, "paper-code", f"{content}|{attempt}"), 16)
    body = [(drawn >> (_BITS * place)) & _MASK for place in range(LENGTH - 1)]
    return "".join(SIGNS[value] for value in (*body, _check(body)))


def grouped(code: str) -> str:
    """Return a code as it is printed: three groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def read_code(text: str) -> str | None:
    """Return the code somebody typed, in capitals and without gaps; None when it cannot be one."""
    signs = "".join(sign for sign in text.upper() if sign not in " -\t")
    values = [SIGNS.find(sign) for sign in signs]
    if len(values) != LENGTH or min(values) < 0 or _check(values[:-1]) != values[-1]:
        return None
    return signs


def _check(body: list[int]) -> int:
    """Weigh each place with another power of 2, so that signs that changed places show too."""
    total, weight = 0, 1
    for value in body:
        weight = _times(weight, 2)
        total ^= _times(weight, value)
    return total


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one > _MASK:
            one ^= _MODULUS
        other >>= 1
    return product

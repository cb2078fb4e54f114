"""A token as a QR code, for a screen or for paper: one receipt fits one code. Source: EXP-5.4.

The code holds the token and nothing else, so that whatever reads codes gives the text `bid exchange import` takes.
"""

import io
from typing import Final

import segno

MOST_SIGNS: Final = 2_900  # of one code of bytes at the lowest correction
_QUIET: Final = 4  # modules around a code, as its standard asks


class TooLong(ValueError):
    """A token is longer than one code holds."""


def as_text(token: str) -> str:
    """Return a code to be shown in a terminal.

    Raises:
        TooLong: it is longer than one code holds.
    """
    out = io.StringIO()
    _code(token).terminal(out=out, border=_QUIET, compact=True)
    return out.getvalue()


def as_svg(token: str) -> bytes:
    """Return a code to be printed, black on white.

    Raises:
        TooLong: it is longer than one code holds.
    """
    out = io.BytesIO()
    _code(token).save(out, kind="svg", scale=3, border=_QUIET, light="white")
    return out.getvalue()


def mark_picture(sign: str) -> bytes:
    """Return a small mark for the corner of a page, as coarse as can be, without the white around it."""
    out = io.BytesIO()
    segno.make_qr(sign, version=1, error="q").save(out, kind="svg", border=0, light="white")
    return out.getvalue()


def _code(token: str) -> segno.QRCode:
    if not 0 < len(token) <= MOST_SIGNS:
        raise TooLong
    return segno.make_qr(token, error="l", mode="byte", boost_error=True)

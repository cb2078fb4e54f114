"""The proof at the end of a paper's file: a token about its bytes, in one more section of the PDF behind its end.

The section names the token and the issuer's key statement and nothing else, in one form, so that a reader can write it
again and compare: whatever else was added, before or behind, the proof does not hold. Source: decision 0020.
"""

import re
from dataclasses import dataclass
from typing import Final

from core.exchange.encoding import digest

LARGEST_TEXT: Final = 32_000  # of one string in PDF/A
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_TAIL: Final = re.compile(
    rb"trailer\n<</Size ([0-9]{1,9})/Root ([0-9]{1,9} 0 R)(.{0,400}?)>>\nstartxref\n([0-9]{1,10})\n%%EOF\n?\Z",
    re.DOTALL,
)
_MARK: Final = b"/BIDP_Paper"
_ADDED: Final = re.compile(
    rb"([0-9]{1,9}) 0 obj\n<</Type/BIDP_Paper/Token\(([A-Za-z0-9_.-]{1,32000})\)"
    rb"/Keys\(([A-Za-z0-9_.-]{0,32000})\)>>\nendobj\n"
)


@dataclass(frozen=True)
class Proof:
    """What a paper's file says about itself.

    Args:
        token: of the kind ``PAPER``, not yet verified.
        statement: the issuer's key statement of that day; empty when it would have been too long.
        sha256: of the bytes before the proof, as they are now.
    """

    token: str
    statement: str
    sha256: str


def with_proof(printed: bytes, token: str, statement: str) -> bytes:
    """Return a printed PDF with its proof behind it; the printed bytes themselves stay as they are.

    Raises:
        ValueError: not a PDF as our press sets it, one with a proof already, or no token.
    """
    if len(statement) > LARGEST_TEXT:
        statement = ""
    found = _TAIL.search(printed, max(0, len(printed) - 2000))
    if (
        found is None
        or b"/Prev" in found[3]
        or not _TOKEN.fullmatch(token)
        or len(token) > LARGEST_TEXT
    ):
        raise ValueError
    size, rest = int(found[1]), found[3]
    base = ended(printed)
    body = b"%d 0 obj\n<</Type/BIDP_Paper/Token(%s)/Keys(%s)>>\nendobj\n" % (
        size, token.encode("ascii"), statement.encode("ascii"),
    )  # fmt: skip
    start = len(base) + len(body)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (size, len(base))
    trailer = b"trailer\n<</Size %d/Root %s%s/Prev %s/BIDP_Paper %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size + 1, found[2], rest, found[4], size, start,
    )  # fmt: skip
    return base + body + table + trailer


def ended(printed: bytes) -> bytes:
    """Return printed bytes with a line's end: the bytes a proof is about."""
    return printed if printed.endswith(b"\n") else printed + b"\n"


def read_proof(content: bytes) -> Proof | None:
    """Return the proof at the end of a file; None when there is none, or the file is not as it was issued.

    Nobody vouches for it yet: whoever asks verifies the token, and compares its hash.
    """
    added = list(_ADDED.finditer(content))
    if not added:
        return None
    last = added[-1]
    base = content[: last.start()]
    token, statement = last[2].decode("ascii"), last[3].decode("ascii")
    try:
        again = with_proof(base, token, statement)
    except ValueError:
        return None
    return Proof(token, statement, digest(base)) if again == content else None


def has_mark(content: bytes) -> bool:
    """Whether a file says somewhere that it is such a paper."""
    return _MARK in content

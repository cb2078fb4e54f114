"""Stamps of a time-stamping authority (RFC 3161) on a token: it existed at a time somebody else vouches for.

Only here is the library for them used. Whose stamps count is told by the root certificates people chose; without them
a stamp is nobody's word. Source: EXP-8.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.x509 import Certificate
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerifierBuilder,
    decode_timestamp_response,
)

from core.errors import DomainError

MOST_BYTES: Final = 64 * 1024
_SHA256: Final = "2.16.840.1.101.3.4.2.1"


@dataclass(eq=False)
class StampRefused(DomainError):
    """It is no stamp on this token by an authority whose root is known. ``why`` is a code."""

    why: str


@dataclass(frozen=True)
class Question:
    """What an authority is asked, and the number its answer must repeat."""

    data: bytes
    nonce: int


def ask(token: str) -> Question:
    """Return the request for a stamp on a token; only its hash leaves."""
    made = TimestampRequestBuilder(
        data=token.encode("ascii"), hash_algorithm=HashAlgorithm.SHA256, nonce=True, cert_req=True
    ).build()
    if made.nonce is None:
        raise TypeError
    return Question(made.as_bytes(), made.nonce)


def read_roots(path: Path) -> list[Certificate]:
    """Read the root certificates of authorities whose stamps count, from a PEM file.

    Raises:
        StampRefused: there is none in it.
    """
    try:
        return list(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise StampRefused("roots") from error


def told_time(answer: bytes) -> datetime:
    """Return the time a stamp tells; nobody vouches for it before ``read``.

    Raises:
        StampRefused: it is no stamp.
    """
    return _decoded(answer).tst_info.gen_time


def read(
    answer: bytes, digest: bytes, roots: Sequence[Certificate], *, nonce: int | None = None
) -> datetime:
    """Return when a token existed, as an authority under one of these roots signed.

    Args:
        answer: of the authority, as it came.
        digest: SHA-256 of the token.
        roots: of authorities whose stamps count.
        nonce: of our question, while it is fresh.

    Raises:
        StampRefused: no stamp, another token, or nobody under these roots.
    """
    stamp = _decoded(answer)
    if stamp.tst_info.message_imprint.hash_algorithm.dotted_string != _SHA256:
        raise StampRefused("hash")
    try:
        builder = VerifierBuilder(roots=list(roots), nonce=nonce)
        builder.build().verify(stamp, digest)
    except Exception as error:  # whatever the library raises, it is no stamp of theirs
        raise StampRefused("not_genuine") from error
    return stamp.tst_info.gen_time


def digest_of(token: str) -> bytes:
    """Return what is stamped of a token."""
    return sha256(token.encode("ascii")).digest()


def _decoded(answer: bytes) -> TimeStampResponse:
    if not 0 < len(answer) <= MOST_BYTES:
        raise StampRefused("form")
    try:
        stamp = decode_timestamp_response(answer)
        stamp.tst_info.gen_time.isoformat()
    except Exception as error:  # as above
        raise StampRefused("form") from error
    return stamp

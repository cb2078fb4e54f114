"""Refusals of the exchange. The reason is for the local log; an answer to a stranger never tells it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.errors import DomainError


class Reason(StrEnum):
    """Why a token was refused, in the order in which the questions are asked."""

    TEXT = (
        "text"  # not a string, not ASCII, too long, wrong number of segments, base64url not strict
    )
    JSON = "json"  # not one strict JSON object
    HEADER = "header"  # members other than exactly those allowed, or of a wrong type
    ALGORITHM = "algorithm"  # not the single one allowed
    TYPE = "type"  # a token of another kind than this place expects
    KEY = "key"  # not a pinned key of the expected issuer for this kind
    SIGNATURE = "signature"
    VERSION = "version"
    CLAIMS = "claims"  # missing, unknown, or of a wrong type
    ISSUER = "issuer"
    AUDIENCE = "audience"
    LIFETIME = "lifetime"
    EARLY = "early"  # issued in our future
    EXPIRED = "expired"
    BINDING = "binding"  # another method, path, query or body


_HINTS: Final = {
    Reason.VERSION: "claims",
    Reason.CLAIMS: "claims",
    Reason.ISSUER: "claims",
    Reason.AUDIENCE: "audience",
    Reason.LIFETIME: "lifetime",
    Reason.EARLY: "clock",
    Reason.EXPIRED: "clock",
    Reason.BINDING: "binding",
}


@dataclass(eq=False)
class TokenRefused(DomainError):
    """A token is not taken. ``reason`` goes to the local log; the answer is the same for every reason."""

    reason: Reason

    @property
    def hint(self) -> str | None:
        """What the answer may say about the transport once the signature held; None before. Source: EXP-4.1."""
        return _HINTS.get(self.reason)


@dataclass(eq=False)
class CannotOpen(DomainError):
    """A sealed box or part does not open. There is one refusal for every cause, on purpose. Source: EXP-2.1."""


@dataclass(eq=False)
class KeyNotUsable(DomainError):
    """A key is not of the one kind its use allows. ``why`` is a code, for example ``private_member``."""

    why: str


@dataclass(eq=False)
class CannotMake(DomainError):
    """What was to be signed or sealed does not fit the protocol. ``what`` is a code; nothing was made."""

    what: str


@dataclass(eq=False)
class UnsafeBackend(DomainError):
    """The token library fell back to another implementation of ``what``; the process must not start."""

    what: str


class Refusal(StrEnum):
    """Why a package is not admitted, in the codes of receipts. Source: EXP-7.2."""

    CANNOT_OPEN = "cannot-open"
    CONTENT_NOT_ALLOWED = "content-not-allowed"
    SCHEMA_INVALID = "schema-invalid"
    RECALLED = "recalled"
    VIRUS_FOUND = "virus-found"
    NOT_FOR_US = "not-for-us"


@dataclass(eq=False)
class PackageRefused(DomainError):
    """A package is refused whole and nothing of it is shown.

    ``reason`` goes into the receipt. ``detail`` is a code for the local log; it is empty for everything that
    does not open, so that no place tells one cause from another.
    """

    reason: Refusal
    detail: str = ""


@dataclass(eq=False)
class ContentRefused(DomainError):
    """What a package carries, or says it carries, is not allowed. ``what`` is a code, for example ``name_bidi``."""

    what: str


@dataclass(eq=False)
class SummaryInvalid(DomainError):
    """A case summary does not fit its schema. ``pointer`` names the place, never what stands there."""

    pointer: str


@dataclass(eq=False)
class DeliveryInvalid(DomainError):
    """A delivery token that is genuine announces what the protocol does not allow. ``what`` is a code."""

    what: str


@dataclass(eq=False)
class FileRefused(DomainError):
    """A file is no package or receipts as the protocol writes them. ``why`` is a code; the file is left as it is."""

    why: str


@dataclass(eq=False)
class ReceiptRefused(DomainError):
    """A genuine receipt or notice does not speak of what it was taken for. ``why`` is a code for the alarm."""

    why: str


@dataclass(eq=False)
class GrantRefused(DomainError):
    """A grant gives nothing. There is one refusal for every cause, on purpose. Source: EXP-9."""

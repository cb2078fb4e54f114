"""What an installation shows of its keys to anybody, and how a statement is found in what another one shows.

A plain list of keys is given for information and never read. Source: EXP-3.2.
"""

from typing import Any, Final

from core.exchange.encoding import NotStrict, read_object
from core.exchange.errors import Reason, TokenRefused
from core.exchange.statements import Statement, Status

PUBLISHED: Final = frozenset({"installation", "versions", "key_statement"})
_MOST_LINES: Final = 2


def jwks(statement: Statement) -> dict[str, list[dict[str, str]]]:
    """Return the plain list of keys in use, for information; nobody may trust it."""
    listed = (key for key in statement.keys if key.status is not Status.REVOKED)
    return {"keys": [key.key.public_jwk() for key in listed]}


def published(statement: Statement) -> dict[str, Any]:
    """Return what ``/.well-known/bid-exchange`` answers."""
    return {
        "installation": statement.issuer,
        "versions": list(statement.versions),
        "key_statement": statement.text,
    }


def statements_in(data: bytes) -> tuple[str, ...]:
    """Find the tokens in what a partner published or handed over as a file: one, or two of a change of anchors.

    A file has one token a line; an address answers with a JSON object. Nothing else in either is looked at.

    Raises:
        TokenRefused: neither.
    """
    try:
        if data.lstrip()[:1] == b"{":
            found = read_object(data)
            if found.keys() != PUBLISHED:
                raise TokenRefused(Reason.TEXT)
            return (str(found["key_statement"]),)
        lines = tuple(data.decode("ascii").split())
    except (NotStrict, UnicodeDecodeError) as error:
        raise TokenRefused(Reason.TEXT) from error
    if not 1 <= len(lines) <= _MOST_LINES:
        raise TokenRefused(Reason.TEXT)
    return lines

"""Recall: the sender takes back a package, at any time. The receiver answers with receipts about the notice.

Whose package it is, and blocking it at once, is the business of where packages are kept. Source: EXP-4, EXP-9.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from core.exchange import tokens
from core.exchange.keys import PinnedKeys, SigningKey
from core.exchange.kinds import Kind
from core.exchange.tokens import Token


class Action(StrEnum):
    """What the receiver is asked to do with what it has."""

    DELETE = "delete"
    STOP_USE = "stop_use"
    RETURN = "return"


@dataclass(frozen=True)
class Notice:
    """A recall whose signature and form hold."""

    token: Token
    id: str
    issuer: str
    audience: str
    package: str
    reason: str
    action: Action
    issued_at: datetime


def make(
    action: Action,
    *,
    issuer: str,
    audience: str,
    notice: str,
    package: str,
    reason: str,
    key: SigningKey,
    now: datetime,
) -> Notice:
    """Sign a recall.

    Args:
        action: what is asked.
        issuer: who sent the package.
        audience: who has it.
        notice: a new id.
        package: its id.
        reason: code; never free text.
        key: of the issuer.
        now: when.

    Raises:
        CannotMake: an id or code of another form.
    """
    claims = {
        "aud": audience, "iat": int(now.timestamp()), "jti": notice, "evt": "recall", "pkg": package,
        "reason": reason, "action": str(action),
    }  # fmt: skip
    text = tokens.make(Kind.NOTICE, issuer, claims, key)
    return _of(tokens.read_kept(text, Kind.NOTICE, PinnedKeys(issuer, signing=(key.public,))))


def read(text: object, keys: PinnedKeys, *, us: str, now: datetime) -> Notice:
    """Read a recall that has just come in. It counts only for packages of its issuer. Source: EXP-TT54.

    Raises:
        TokenRefused: not a recall of this partner for us.
    """
    return _of(tokens.read(text, Kind.NOTICE, keys, audience=us, now=now))


def _of(token: Token) -> Notice:
    claims = token.claims
    return Notice(
        token=token,
        id=claims["jti"],
        issuer=token.issuer,
        audience=claims["aud"],
        package=claims["pkg"],
        reason=claims["reason"],
        action=Action(claims["action"]),
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
    )

"""Grants: the owner of data lets one partner's office read one thing, for one purpose, for a while.

The owner signs a grant to itself; it is of no use to anybody but the partner it names, whose own signature redeems it.
How often it was used, whether it was revoked, and the domain's checks before issuing are the owner's records.
Source: EXP-4, EXP-9, DOM-5.4; docs/decisions/0013.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from core.exchange import tokens
from core.exchange.errors import GrantRefused, TokenRefused
from core.exchange.keys import PinnedKeys, SigningKey
from core.exchange.kinds import Kind
from core.exchange.manifests import Purpose, Redaction
from core.exchange.tokens import Token

SUMMARY_LASTS: Final = timedelta(hours=72)
PACKAGE_LASTS: Final = timedelta(days=14)
USES: Final = 1


@dataclass(frozen=True)
class Permission:
    """What a grant allows.

    Args:
        partner: installation that may redeem it.
        office: code of the office there.
        role: code of the role there.
        scope: codes of the fields and items, each once.
        ref: the shared reference of the transfer.
        version: of the record it is about.
        redaction: how much may be told.
        purpose: what for.
        uses: how often; asking again for the same package is no use.
    """

    partner: str
    office: str
    role: str
    scope: tuple[str, ...]
    ref: str
    version: int
    redaction: Redaction
    purpose: Purpose
    uses: int = USES


@dataclass(frozen=True)
class Grant:
    """A grant whose signature and form hold."""

    token: Token
    id: str
    owner: str
    permission: Permission
    issued_at: datetime
    expires_at: datetime


def lasts(permission: Permission) -> timedelta:
    """How long a grant lasts when nobody says otherwise: summaries are read sooner than packages."""
    return SUMMARY_LASTS if permission.redaction is Redaction.CODED else PACKAGE_LASTS


def make(
    permission: Permission,
    *,
    owner: str,
    grant: str,
    key: SigningKey,
    now: datetime,
    expires_at: datetime,
) -> Grant:
    """Sign a grant.

    Raises:
        CannotMake: a partner, code or time the protocol does not allow.
        GrantRefused: something listed twice, or the owner itself named as partner.
    """
    claims = {
        "aud": owner, "sub": permission.partner, "office": permission.office, "role": permission.role,
        "iat": int(now.timestamp()), "exp": int(expires_at.timestamp()), "jti": grant,
        "scope": list(permission.scope), "ref": permission.ref, "rec_ver": permission.version,
        "redaction": str(permission.redaction), "purpose": str(permission.purpose),
        "uses": permission.uses, "onward": False,
    }  # fmt: skip
    text = tokens.make(Kind.GRANT, owner, claims, key)
    return _of(tokens.read_kept(text, Kind.GRANT, PinnedKeys(owner, signing=(key.public,))))


def read(text: object, keys: PinnedKeys) -> Grant:
    """Read a grant a partner gave us, to show it to an officer; its owner decides whether it still counts.

    Raises:
        GrantRefused: for every cause.
    """
    try:
        return _of(tokens.read_kept(text, Kind.GRANT, keys))
    except TokenRefused as error:
        raise GrantRefused from error


def require_redeemable(
    text: object, keys: PinnedKeys, *, us: str, partner: str, now: datetime
) -> Grant:
    """Read a grant that is being redeemed with the owner; one refusal for every cause. Source: EXP-TT51.

    Args:
        text: what came in; anything.
        keys: our own public keys, old ones among them.
        us: the owner.
        partner: whose request signature redeems it.
        now: when.

    Raises:
        GrantRefused: forged, foreign, expired, not yet valid, or not this partner's.
    """
    try:
        grant = _of(tokens.read(text, Kind.GRANT, keys, audience=us, now=now))
    except TokenRefused as error:
        raise GrantRefused from error
    if grant.permission.partner != partner:
        raise GrantRefused
    return grant


def covers(
    grant: Grant, *, ref: str, version: int, redaction: Redaction, items: Collection[str]
) -> bool:
    """Whether what is about to be told stays within a grant: this record and version, no more and no further."""
    allowed = grant.permission
    same = (allowed.ref, allowed.version, allowed.redaction) == (ref, version, redaction)
    return same and set(items) <= set(allowed.scope)


def _of(token: Token) -> Grant:
    claims = token.claims
    purpose, redaction = _known_purpose(claims["purpose"]), Redaction(claims["redaction"])
    scope = tuple(claims["scope"])
    if claims["sub"] == token.issuer or len(set(scope)) < len(scope):
        raise GrantRefused
    permission = Permission(
        partner=claims["sub"], office=claims["office"], role=claims["role"], scope=scope, ref=claims["ref"],
        version=claims["rec_ver"], redaction=redaction, purpose=purpose, uses=claims["uses"],
    )  # fmt: skip
    return Grant(
        token=token,
        id=claims["jti"],
        owner=token.issuer,
        permission=permission,
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )


def _known_purpose(code: str) -> Purpose:
    try:
        return Purpose(code)
    except ValueError as error:
        raise GrantRefused from error

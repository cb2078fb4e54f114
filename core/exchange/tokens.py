"""Make and read the tokens two installations exchange.

A token is read whole or refused whole. Who is a partner, which keys are pinned on a day, and whether a token was
seen before is asked by the caller. Source: EXP-2.1, EXP-4, EXP-4.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.exchange import door
from core.exchange.encoding import NotStrict, canonical, digest, read_object
from core.exchange.errors import CannotMake, Reason, TokenRefused
from core.exchange.keys import PinnedKeys, SigningKey
from core.exchange.kinds import FORMS, MAX_JWS, VERSION, Form, Kind
from core.exchange.shapes import is_installation

LEEWAY_SECONDS: Final = 120


@dataclass(frozen=True)
class Token:
    """A token whose signature holds and whose claims have exactly the form of its kind.

    Args:
        kind: what it is.
        kid: the pinned key that verified it.
        claims: all claims, read from the verified bytes.
        text: the token as it came, to be kept word for word.
    """

    kind: Kind
    kid: str
    claims: Mapping[str, Any]
    text: str

    @property
    def issuer(self) -> str:
        """The installation that signed."""
        return str(self.claims["iss"])

    @property
    def digest(self) -> str:
        """The hash by which receipts and chains name this token. Source: EXP-1."""
        return digest(self.text.encode("ascii"))


def make(kind: Kind, issuer: str, claims: Mapping[str, Any], key: SigningKey) -> str:
    """Sign claims as a token of one kind; ``ver`` and ``iss`` are added.

    The signed bytes are read again by the rules of the partner, so that nothing leaves that would be refused there.

    Raises:
        CannotMake: the claims do not have exactly the form of this kind, or the token would be too long.
    """
    try:
        payload = canonical({**claims, "ver": VERSION, "iss": issuer})
    except NotStrict as error:
        raise CannotMake("claims") from error
    form = FORMS[kind]
    try:
        _require_lifetime(_claims(payload, form, issuer), form)
    except TokenRefused as error:
        raise CannotMake(str(error.reason)) from error
    token = door.sign(kind, payload, key)
    if len(token) > form.longest:
        raise CannotMake(str(Reason.TEXT))
    return token


def issuer_of(token: object, kind: Kind) -> str:
    """Return who a token says it is from. Nobody vouches for it: use it only to choose whose keys to try.

    Raises:
        TokenRefused: not a strict token, or no installation is named.
    """
    issuer = unverified_claims(token, kind).get("iss")
    if not is_installation(issuer):
        raise TokenRefused(Reason.CLAIMS)
    return str(issuer)


def unverified_claims(token: object, kind: Kind) -> Mapping[str, Any]:
    """Return what a token says of itself. Nobody vouches for it: use it only to choose which key to try.

    Raises:
        TokenRefused: not a strict token.
    """
    return _read_claims(door.unverified_payload(token, FORMS[kind].longest))


def kind_of(token: object) -> Kind | None:
    """Return what kind a token says it is; None when it is none of ours. Nobody vouches for it."""
    try:
        return Kind(door.unverified_type(token, MAX_JWS))
    except (TokenRefused, ValueError):
        return None


def read(
    token: object, kind: Kind, keys: PinnedKeys, *, audience: str | None, now: datetime
) -> Token:
    """Read a token that has just come in.

    Args:
        token: what came in; anything.
        kind: the kind expected in this place.
        keys: of the expected issuer; ``STRANGER`` when it is no partner.
        audience: the installation it must be for; None for the kinds that are for nobody.
        now: when, aware.

    Raises:
        TokenRefused: with the first reason in the order of ``Reason``.
    """
    taken = _verify(token, kind, keys)
    if taken.claims.get("aud") != audience:
        raise TokenRefused(Reason.AUDIENCE)
    _require_lifetime(taken.claims, FORMS[kind])
    _require_current(taken.claims, int(now.timestamp()))
    return taken


def read_kept(token: object, kind: Kind, keys: PinnedKeys) -> Token:
    """Read a token from our own records, or one being offered as evidence: time and addressee do not count.

    Raises:
        TokenRefused: as for ``read``.
    """
    taken = _verify(token, kind, keys)
    _require_lifetime(taken.claims, FORMS[kind])
    return taken


def require_call(request: Token, *, method: str, target: str) -> None:
    """Refuse a request token that was made for another call.

    Args:
        request: of kind ``REQUEST``.
        method: of the raw request line.
        target: path with query of the raw request line, not a rebuilt address.

    Raises:
        TokenRefused: another method or target, or another kind of token.
    """
    called = (request.claims.get("htm"), request.claims.get("htp"))
    if request.kind is not Kind.REQUEST or called != (method, target):
        raise TokenRefused(Reason.BINDING)


def require_body(request: Token, body_digest: str) -> None:
    """Refuse a request token that was made for another body; the hash of no body is that of no bytes.

    Raises:
        TokenRefused: another body, or another kind of token.
    """
    if request.kind is not Kind.REQUEST or request.claims.get("bdh") != body_digest:
        raise TokenRefused(Reason.BINDING)


def _verify(token: object, kind: Kind, keys: PinnedKeys) -> Token:
    form = FORMS[kind]
    signed = door.verify(
        token,
        typ=kind,
        longest=form.longest,
        find=lambda kid: keys.find(kid, anchor=form.by_anchor),
    )
    return Token(kind, signed.kid, _claims(signed.payload, form, keys.issuer), str(token))


def _claims(payload: bytes, form: Form, issuer: str) -> dict[str, Any]:
    """Read the claims of one kind of token as everybody reads them."""
    claims = _read_claims(payload)
    _require_form(claims, form)
    if claims["iss"] != issuer:
        raise TokenRefused(Reason.ISSUER)
    if "aud" in claims and (claims["aud"] == claims["iss"]) != form.to_itself:
        raise TokenRefused(Reason.AUDIENCE)
    return claims


def _read_claims(payload: bytes) -> dict[str, Any]:
    try:
        return read_object(payload)
    except NotStrict as error:
        raise TokenRefused(Reason.JSON) from error


def _require_form(claims: Mapping[str, Any], form: Form) -> None:
    version = claims.get("ver")
    if type(version) is int and version != VERSION:
        raise TokenRefused(Reason.VERSION)
    if not form.claims(claims):
        raise TokenRefused(Reason.CLAIMS)


def _require_lifetime(claims: Mapping[str, Any], form: Form) -> None:
    if form.most_seconds is None:
        return
    if not 1 <= claims["exp"] - claims["iat"] <= form.most_seconds:
        raise TokenRefused(Reason.LIFETIME)


def _require_current(claims: Mapping[str, Any], now: int) -> None:
    if claims["iat"] > now + LEEWAY_SECONDS:
        raise TokenRefused(Reason.EARLY)
    if "exp" in claims and claims["exp"] <= now - LEEWAY_SECONDS:
        raise TokenRefused(Reason.EXPIRED)

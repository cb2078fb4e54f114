"""Two installations with real keys, ordinary tokens of every kind, and a forger's bench that needs no library."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from core.exchange import tokens
from core.exchange.encoding import b64, digest, un_b64
from core.exchange.keys import OpeningKey, PinnedKeys, SigningKey
from core.exchange.kinds import FORMS, Kind

ZAMBIA, NAMIBIA, CONGO = "ZM.mcdss", "NA.mgepesw", "CD.minas"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
T = int(NOW.timestamp())
ID = "11111111-2222-4333-8444-555555555555"
OTHER_ID = "99999999-2222-4333-8444-555555555555"
HASH = digest(b"something")


@cache
def anchor_of(installation: str) -> SigningKey:
    return SigningKey.fresh()


@cache
def signing_key_of(installation: str) -> SigningKey:
    return SigningKey.fresh()


@cache
def opening_key_of(installation: str) -> OpeningKey:
    return OpeningKey.fresh()


def pinned_keys_of(installation: str) -> PinnedKeys:
    anchor, signing = anchor_of(installation), signing_key_of(installation)
    return PinnedKeys(installation, anchor.public, (signing.public,))


def key_for(kind: Kind, installation: str = ZAMBIA) -> SigningKey:
    return (anchor_of if FORMS[kind].by_anchor else signing_key_of)(installation)


def audience_of(kind: Kind) -> str | None:
    aud: str | None = claims_of(kind).get("aud")
    return aud


def a_listed_key(**changes: Any) -> dict[str, Any]:
    key = signing_key_of(ZAMBIA).public.public_jwk()
    return {**key, "nbf": T, "exp": T + 86_400, "status": "active", **changes}


def claims_of(kind: Kind, **changes: Any) -> dict[str, Any]:
    """Ordinary claims of a token from Zambia to Namibia, without ``ver`` and ``iss``."""
    sent = {"aud": NAMIBIA, "iat": T}
    manifest_part = {
        "n": 1, "name": "Résumé.json", "media": "application/json", "role": "summary", "size": 2, "sha256": HASH,
    }  # fmt: skip
    handling = {
        "view_only": True,
        "onward": False,
        "retain_until": "2027-03-02",
        "on_expiry": "delete",
    }
    ordinary: dict[Kind, dict[str, Any]] = {
        Kind.REQUEST: {**sent, "exp": T + 60, "jti": ID, "htm": "POST", "htp": "/exchange/v1/deliveries", "bdh": HASH},
        Kind.DELIVERY: {
            **sent, "exp": T + 30 * 86_400, "jti": ID, "pkg": ID, "chain": ID, "seq": 1, "prev": None,
            "ekid": HASH, "keys": {"size": 900, "sha256": HASH}, "parts": [{"n": 1, "size": 18, "sha256": HASH}],
        },
        Kind.MANIFEST: {
            **sent, "pkg": ID, "ref": "KQ7M-3RTX-9A", "msg": "REQUEST", "purpose": "cross_border_summary",
            "basis": "consent", "redaction": "R0", "handling": handling, "parts": [manifest_part],
            "approvals": [{"role": "author", "by": "p1", "at": T}, {"role": "checker", "by": "p2", "at": T}],
        },
        Kind.RECEIPT: {**sent, "jti": ID, "sub": ID, "pkg": ID, "evt": "admitted", "obj": HASH, "mobj": HASH},
        Kind.NOTICE: {**sent, "jti": ID, "evt": "recall", "pkg": ID, "reason": "consent_withdrawn", "action": "delete"},
        Kind.GRANT: {
            "aud": ZAMBIA, "iat": T, "sub": NAMIBIA, "office": "windhoek", "role": "caseworker", "exp": T + 259_200,
            "jti": ID, "scope": ["summary"], "ref": "KQ7M-3RTX-9A", "rec_ver": 1, "redaction": "R0",
            "purpose": "cross_border_summary", "uses": 1, "onward": False,
        },
        Kind.KEYS: {
            "iat": T, "exp": T + 86_400, "seq": 1, "versions": [1],
            "anchor": anchor_of(ZAMBIA).public.public_jwk(), "keys": [a_listed_key()],
        },
        Kind.CHECKPOINT: {"iat": T, "n": 1, "head": HASH},
        Kind.PAPER: {"iat": T, "code": "ABCDEFGHJKLM", "kind": "decision_letter", "obj": HASH},
    }  # fmt: skip
    return {**ordinary[kind], **changes}


def a_token(kind: Kind = Kind.REQUEST, issuer: str = ZAMBIA, **changes: Any) -> str:
    return tokens.make(kind, issuer, claims_of(kind, **changes), key_for(kind, issuer))


def forge(
    payload: bytes | Mapping[str, Any],
    *,
    header: bytes | Mapping[str, Any] | None = None,
    kind: Kind = Kind.REQUEST,
    signer: SigningKey | None = None,
) -> str:
    """Sign anything with a real key, past every check of ours."""
    signer = signer or key_for(kind)
    head = {"alg": "ES256", "kid": signer.kid, "typ": str(kind)} if header is None else header
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode() for part in (head, payload)
    ]
    text = ".".join(map(b64, parts))
    return f"{text}.{b64(raw_signature(signer.key, text.encode()))}"


def raw_signature(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def whole_claims(kind: Kind = Kind.REQUEST, **changes: Any) -> dict[str, Any]:
    """Claims as they stand in a token, for the forger."""
    return {"ver": 1, "iss": ZAMBIA, **claims_of(kind), **changes}


def header_of(token: str) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(un_b64(token.split(".", maxsplit=1)[0]))
    return header

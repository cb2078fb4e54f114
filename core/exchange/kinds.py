"""The eight kinds of token of the exchange and one of ours, each with its ``typ`` and exactly its claims.

``PAPER`` never goes to another installation by itself: it stands in the file of a printed paper (decision 0020).

Shapes only: what a claim means (whose grant, which package, which chain) is asked where the token is used.
Source: EXP-4; where the text leaves a form open, docs/decisions/0011.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from core.exchange.errors import KeyNotUsable
from core.exchange.keys import read_sealing_key, read_verifying_key
from core.exchange.shapes import (
    LAST_SECOND,
    Shape,
    all_of,
    exactly,
    is_code,
    is_day,
    is_hash,
    is_id,
    is_installation,
    is_moment,
    is_opaque,
    is_reference,
    is_truth,
    items,
    maybe,
    members,
    one_of,
    text,
    whole,
)

VERSION: Final = 1
DAY: Final = 86_400
MAX_PARTS: Final = 64
MAX_PART: Final = 50 * 1024 * 1024
CHUNK: Final = 1_048_576
TAG: Final = 16
MAX_SEALED_PART: Final = MAX_PART + TAG * (MAX_PART // CHUNK)
MAX_REQUEST: Final = 8 * 1024
MAX_JWS: Final = 128 * 1024
MAX_JWE: Final = 64 * 1024
NAME_BYTES: Final = 180


class Kind(StrEnum):
    """What a token is; its value is the ``typ`` of the header."""

    REQUEST = "bidx-req+jwt"
    DELIVERY = "bidx-delivery+jwt"
    MANIFEST = "bidx-manifest+jwt"
    RECEIPT = "bidx-receipt+jwt"
    NOTICE = "bidx-notice+jwt"
    GRANT = "bidx-grant+jwt"
    KEYS = "bidx-keys+jwt"
    CHECKPOINT = "bidx-checkpoint+jwt"
    PAPER = "bid-paper+jwt"


@dataclass(frozen=True)
class Form:
    """What every token of one kind must look like.

    Args:
        claims: shape of all claims together, ``ver`` and ``iss`` among them.
        longest: most characters of the token.
        most_seconds: most seconds between ``iat`` and ``exp``; None where there is no end.
        to_itself: the addressee is the issuer (grants); otherwise it never is.
        by_anchor: signed by the anchor instead of a signing key.
    """

    claims: Shape
    longest: int = MAX_JWS
    most_seconds: int | None = None
    to_itself: bool = False
    by_anchor: bool = False


_ANY: Final[Mapping[str, Shape]] = {"ver": exactly(VERSION), "iss": is_installation}
_SENT: Final[Mapping[str, Shape]] = {**_ANY, "aud": is_installation, "iat": is_moment}
_sequence: Final = whole(1, 2**53 - 1)
_part_number: Final = whole(1, MAX_PARTS)
_plain_text: Final = text(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,120}")
_media: Final = text(r"[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,99}")
_redaction: Final = one_of(("R0", "R1", "R2", "R3"))
EVENTS: Final = (
    "received", "admitted", "refused", "viewed", "recall-received", "recalled", "recall-declined",
    "deleted", "expired",
)  # fmt: skip
WITH_MANIFEST: Final = frozenset({"admitted", "deleted"})
ROLES_OF_PARTS: Final = (
    "summary", "decision", "report", "consent", "identity", "medical", "legal", "photo", "other",
)  # fmt: skip


def _in_order(parts: Any) -> bool:
    """Parts are numbered 1, 2, 3, … as they stand."""
    return [part["n"] for part in parts] == list(range(1, len(parts) + 1))


def _short_name(value: Any) -> bool:
    return _plain_text(value) and len(value.encode("utf-8")) <= NAME_BYTES


def _two_people(approvals: Any) -> bool:
    people = [approval["by"] for approval in approvals]
    return len(set(people)) == len(people)


def _names_manifest(receipt: Any) -> bool:
    return ("mobj" in receipt) == (receipt["evt"] in WITH_MANIFEST)


def _is_public_key(read: Any) -> Shape:
    def fits(value: Any) -> bool:
        try:
            read(value)
        except KeyNotUsable:
            return False
        return True

    return fits


_anchor: Final = _is_public_key(read_verifying_key)
_TERMS: Final[dict[str, Shape]] = {
    "nbf": is_moment,
    "exp": is_moment,
    "status": one_of(("active", "retiring", "revoked")),
}
_REVOKED: Final[dict[str, Shape]] = {
    "revoked_at": is_moment,
    "reason": one_of(("superseded", "lost", "compromised")),
    "compromised_since": is_moment,
}


def _is_listed_key(value: Any) -> bool:
    """A public key with its terms; what concerns revoking is there exactly when it was revoked."""
    if not isinstance(value, dict):
        return False
    own = {name: item for name, item in value.items() if name not in _TERMS | _REVOKED}
    terms = {name: item for name, item in value.items() if name not in own}
    revoked = terms.get("status") == "revoked"
    compromised = terms.get("reason") == "compromised"
    wanted = dict(_TERMS)
    if revoked:
        wanted |= {name: _REVOKED[name] for name in ("revoked_at", "reason")}
    if revoked and compromised:
        wanted["compromised_since"] = _REVOKED["compromised_since"]
    read = read_sealing_key if own.get("use") == "enc" else read_verifying_key
    return members(wanted)(terms) and terms["nbf"] < terms["exp"] and _is_public_key(read)(own)


def _three_uses(statement: Any) -> bool:
    """No key is listed twice, and the anchor is neither listed nor its own successor."""
    names = [key["kid"] for key in statement["keys"]]
    names += [statement[name]["kid"] for name in ("anchor", "next_anchor") if name in statement]
    return len(set(names)) == len(names)


_REQUEST: Final = members({
    **_SENT, "exp": is_moment, "jti": is_id, "htm": one_of(("GET", "POST", "PUT")),
    "htp": text(r"/[\x21-\x7e]{0,2047}"), "bdh": is_hash,
})  # fmt: skip
_DELIVERY: Final = members({
    **_SENT, "exp": is_moment, "jti": is_id, "pkg": is_id, "chain": is_id, "seq": _sequence,
    "prev": maybe(is_hash), "ekid": is_hash,
    "keys": members({"size": whole(1, MAX_JWE), "sha256": is_hash}),
    "parts": all_of(items(members({
        "n": _part_number, "size": whole(TAG, MAX_SEALED_PART), "sha256": is_hash,
    }), 0, MAX_PARTS), _in_order),
})  # fmt: skip
_MANIFEST: Final = members({
    **_SENT, "pkg": is_id, "ref": is_reference, "msg": text(r"[A-Z_]{1,60}"), "purpose": is_code,
    "basis": is_code, "redaction": _redaction,
    "handling": members({
        "view_only": is_truth, "onward": exactly(False), "retain_until": is_day,
        "on_expiry": exactly("delete"),
    }),
    "parts": all_of(items(members({
        "n": _part_number, "name": _short_name, "media": _media, "role": one_of(ROLES_OF_PARTS),
        "size": whole(0, MAX_PART), "sha256": is_hash,
    }, {"hs_grant": is_id}), 0, MAX_PARTS), _in_order),
    "approvals": all_of(
        items(members({"role": is_code, "by": is_opaque, "at": is_moment}), 2, 20), _two_people
    ),
}, {"reply_to": is_id, "replaces": is_id, "grant": is_id, "decision_sha256": is_hash})  # fmt: skip
_RECEIPT: Final = all_of(members({
    **_SENT, "jti": is_id, "sub": is_id, "pkg": is_id, "evt": one_of(EVENTS), "obj": is_hash,
}, {
    "mobj": is_hash, "reason": is_code, "log": members({"n": _sequence, "head": is_hash}),
}), _names_manifest)  # fmt: skip
_NOTICE: Final = members({
    **_SENT, "jti": is_id, "evt": exactly("recall"), "pkg": is_id, "reason": is_code,
    "action": one_of(("delete", "stop_use", "return")),
})  # fmt: skip
_GRANT: Final = members({
    **_SENT, "sub": is_installation, "office": is_code, "role": is_code, "exp": is_moment,
    "jti": is_id, "scope": items(is_code, 1, 100), "ref": is_reference, "rec_ver": _sequence,
    "redaction": _redaction, "purpose": is_code, "uses": whole(1, 1000), "onward": exactly(False),
})  # fmt: skip
_KEYS: Final = all_of(members({
    **_ANY, "iat": is_moment, "exp": is_moment, "seq": _sequence,
    "versions": items(whole(1, 1000), 1, 20), "anchor": _anchor,
    "keys": items(_is_listed_key, 0, 100),
}, {
    "base_url": text(r"https://[a-z0-9.-]{1,253}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]{0,200})?"),
    "next_anchor": _anchor,
}), _three_uses)  # fmt: skip
_CHECKPOINT: Final = members({**_ANY, "iat": is_moment, "n": _sequence, "head": is_hash})

_PAPER: Final = members({
    **_ANY, "iat": is_moment, "code": text(r"[2-9A-HJ-NP-Z]{12}"), "kind": text(r"[a-z_]{1,40}"),
    "obj": is_hash,
})  # fmt: skip

FORMS: Final[Mapping[Kind, Form]] = {
    Kind.REQUEST: Form(_REQUEST, longest=MAX_REQUEST, most_seconds=300),
    Kind.DELIVERY: Form(_DELIVERY, most_seconds=60 * DAY),
    Kind.MANIFEST: Form(_MANIFEST),
    Kind.RECEIPT: Form(_RECEIPT),
    Kind.NOTICE: Form(_NOTICE),
    Kind.GRANT: Form(_GRANT, most_seconds=LAST_SECOND, to_itself=True),
    Kind.KEYS: Form(_KEYS, most_seconds=400 * DAY, by_anchor=True),
    Kind.CHECKPOINT: Form(_CHECKPOINT),
    Kind.PAPER: Form(_PAPER, longest=MAX_REQUEST),
}

"""Key statements: what an installation says about its keys, signed by its anchor; made, read and compared.

A statement is taken or refused as a whole. Which anchor is pinned and which statement was the last one is told by
those who call; nothing is fetched. A plain list of keys is for information and is never read. Source: EXP-3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from core.exchange import tokens
from core.exchange.encoding import canonical
from core.exchange.errors import CannotMake, KeyNotUsable, Reason, TokenRefused
from core.exchange.keys import (
    PinnedKeys,
    SealingKey,
    SigningKey,
    VerifyingKey,
    read_sealing_key,
    read_verifying_key,
)
from core.exchange.kinds import DAY, VERSION, Kind
from core.exchange.tokens import LEEWAY_SECONDS, Token

VERSIONS: Final = (VERSION,)
NOTICE_SECONDS: Final = 14 * DAY  # a new key is listed so long before its first use
OLD_AFTER_SECONDS: Final = 30 * DAY
LONGEST_LIFE_SECONDS: Final = 400 * DAY


class Status(StrEnum):
    """How a listed key stands."""

    ACTIVE = "active"
    RETIRING = "retiring"
    REVOKED = "revoked"


class WhyRevoked(StrEnum):
    """Why a key was revoked before its end."""

    SUPERSEDED = "superseded"
    LOST = "lost"
    COMPROMISED = "compromised"


@dataclass(frozen=True)
class ListedKey:
    """A public key with its terms; times are whole seconds since 1970 UTC.

    Args:
        key: what it is; its kind says its one use.
        not_before: first second of use.
        expires: first second it no longer counts for.
        status: as the statement says.
        revoked_at: when it was revoked.
        why: why it was revoked.
        compromised_since: from when somebody else may have used it.
    """

    key: VerifyingKey | SealingKey
    not_before: int
    expires: int
    status: Status = Status.ACTIVE
    revoked_at: int | None = None
    why: WhyRevoked | None = None
    compromised_since: int | None = None

    @property
    def kid(self) -> str:
        """The name of the key."""
        return self.key.kid

    @property
    def is_compromised(self) -> bool:
        """Whether somebody else may have it."""
        return self.why is WhyRevoked.COMPROMISED

    @property
    def ends(self) -> int:
        """First second it no longer counts for, by its end or because it was revoked."""
        return self.expires if self.revoked_at is None else min(self.expires, self.revoked_at)

    def verifies(self, issued_at: int) -> bool:
        """Whether a signature said to be of this second counts; none of a compromised key does. Source: EXP-3.4."""
        began = self.not_before - LEEWAY_SECONDS
        return not self.is_compromised and began <= issued_at < self.ends

    def is_usable(self, now: int) -> bool:
        """Whether it may be used for something new."""
        return self.status is not Status.REVOKED and self.not_before <= now < self.expires

    def claims(self) -> dict[str, Any]:
        """Return the key as it stands in a statement, public members only."""
        terms = {"nbf": self.not_before, "exp": self.expires, "status": str(self.status)}
        revoked = {
            "revoked_at": self.revoked_at,
            "reason": None if self.why is None else str(self.why),
            "compromised_since": self.compromised_since,
        }
        said = {name: value for name, value in revoked.items() if value is not None}
        return {**self.key.public_jwk(), **terms, **said}


@dataclass(frozen=True)
class Statement:
    """A key statement whose form holds and which an anchor signed; ``judge`` asks whether it is the pinned one.

    Args:
        issuer: whose keys these are.
        seq: its number, which grows by every issue.
        issued_at: seconds since 1970.
        expires_at: seconds since 1970.
        versions: protocol versions the issuer works with.
        anchor: the anchor it names.
        keys: in the order of the statement.
        base_url: where the issuer can be reached, if it can.
        next_anchor: the anchor that is to follow, if one is announced.
        signed_by: the name of the anchor that signed: the one it names, or the one it announces.
        text: the token, word for word.
    """

    issuer: str
    seq: int
    issued_at: int
    expires_at: int
    versions: tuple[int, ...]
    anchor: VerifyingKey
    keys: tuple[ListedKey, ...]
    base_url: str | None
    next_anchor: VerifyingKey | None
    signed_by: str
    text: str
    claims: Mapping[str, Any] = field(repr=False, compare=False)

    def says_the_same_as(self, other: "Statement") -> bool:
        """Whether two tokens carry one statement; signatures differ by nature."""
        return canonical(dict(self.claims)) == canonical(dict(other.claims))

    def is_past(self, now: datetime) -> bool:
        """Whether its end has come: nothing is sent on its word any more."""
        return self.expires_at <= int(now.timestamp())


class Fault(StrEnum):
    """Why a key statement is not taken; the one before stays."""

    TOKEN = "token"  # noqa: S105  no whole statement of this partner signed by the anchor it names
    OTHER_ANCHOR = "other_anchor"
    NOT_COUNTERSIGNED = "not_countersigned"  # by the announced anchor, which does not count yet
    ROLLBACK = "rollback"
    CHANGED = "changed"  # the number of the stored one, and other content
    EARLY = "early"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Judged:
    """What became of a statement that came in.

    Args:
        statement: as read; None when it is no statement of this partner at all.
        fault: why it is not taken; None when it is.
        is_known: it is the stored one.
        moves_anchor: the stored one again, signed by the anchor it announced, which counts from now on.
    """

    statement: Statement | None
    fault: Fault | None = None
    is_known: bool = False
    moves_anchor: bool = False


def make_statement(
    anchor: SigningKey,
    *,
    issuer: str,
    seq: int,
    keys: Sequence[ListedKey],
    issued_at: int,
    expires_at: int,
    base_url: str | None = None,
    next_anchor: VerifyingKey | None = None,
) -> Statement:
    """Sign what an installation says about its keys.

    Raises:
        CannotMake: terms the protocol does not know, for example a life of more than 400 days.
    """
    claims: dict[str, Any] = {
        "iat": issued_at, "exp": expires_at, "seq": seq, "versions": list(VERSIONS),
        "anchor": anchor.public.public_jwk(), "keys": [key.claims() for key in keys],
    }  # fmt: skip
    if base_url is not None:
        claims["base_url"] = base_url
    if next_anchor is not None:
        claims["next_anchor"] = next_anchor.public_jwk()
    return read_first(tokens.make(Kind.KEYS, issuer, claims, anchor))


def countersign(statement: Statement, next_anchor: SigningKey) -> str:
    """Sign the same statement with the anchor it announces, which then takes effect. Source: EXP-3.2.

    Raises:
        CannotMake: the statement announces another anchor, or none.
    """
    if statement.next_anchor is None or statement.next_anchor.kid != next_anchor.kid:
        raise CannotMake("next_anchor")
    said = {name: value for name, value in statement.claims.items() if name not in {"ver", "iss"}}
    return tokens.make(Kind.KEYS, statement.issuer, said, next_anchor)


def read_first(text: object) -> Statement:
    """Read a statement of somebody nobody trusts yet: whole, and signed by the anchor it names itself.

    Raises:
        TokenRefused: anything else.
    """
    issuer = tokens.issuer_of(text, Kind.KEYS)
    named = _anchor_named(text)
    return _statement(tokens.read_kept(text, Kind.KEYS, PinnedKeys(issuer, named)))


def read_pinned(text: object, *, issuer: str, anchor: VerifyingKey) -> Statement:
    """Read a statement from our own records: by this anchor, which it names; its day does not count.

    Raises:
        TokenRefused: anything else.
    """
    found = read_signed(text, issuer=issuer, anchor=anchor)
    if found.anchor.kid != anchor.kid:
        raise TokenRefused(Reason.KEY)
    return found


def read_signed(text: object, *, issuer: str, anchor: VerifyingKey) -> Statement:
    """Read a statement this anchor signed, be it the one it names or the one that follows it.

    Raises:
        TokenRefused: anything else.
    """
    return _statement(tokens.read_kept(text, Kind.KEYS, PinnedKeys(issuer, anchor)))


@lru_cache(maxsize=256)
def read_stored(text: str) -> Statement:
    """Read a statement that was taken before, signed by the anchor it names or the one it announces.

    Raises:
        TokenRefused: it is not whole any more.
    """
    issuer = tokens.issuer_of(text, Kind.KEYS)
    named = _anchor_named(text)
    try:
        return read_signed(text, issuer=issuer, anchor=named)
    except TokenRefused:
        return read_signed(text, issuer=issuer, anchor=_anchor_named(text, "next_anchor"))


def judge(
    text: object, *, issuer: str, anchor: VerifyingKey, stored: Statement | None, now: datetime
) -> Judged:
    """Say whether a statement that came in is taken. Source: EXP-3.2.

    Args:
        text: what came in; anything.
        issuer: the partner it must be of.
        anchor: the pinned one.
        stored: the last one taken, None before the first.
        now: when, aware.
    """
    try:
        found = read_pinned(text, issuer=issuer, anchor=anchor)
    except TokenRefused:
        return _not_by_anchor(text, issuer, anchor, stored)
    fault = _fault(found, stored, int(now.timestamp()))
    known = stored is not None and stored.seq == found.seq
    return Judged(found, fault, is_known=known and fault is None)


def short_notice(new: Statement, stored: Statement | None) -> tuple[str, ...]:
    """Name new keys that are used sooner than they have to be listed; an emergency looks the same. Source: EXP-3.4."""
    if stored is None:
        return ()
    known = {key.kid for key in stored.keys}
    soonest = new.issued_at + NOTICE_SECONDS
    fresh = (key for key in new.keys if key.kid not in known and key.status is not Status.REVOKED)
    return tuple(key.kid for key in fresh if key.not_before < soonest)


def common_version(ours: Iterable[int], theirs: Iterable[int]) -> int | None:
    """Return the highest protocol version both signed statements list. Source: EXP-12."""
    return max(set(ours) & set(theirs), default=None)


def is_lowered(ours: Iterable[int], before: Iterable[int], after: Iterable[int]) -> bool:
    """Whether a newer statement goes back to a lower version than the two sides had: two officers decide. EXP-12."""
    mine = set(ours)
    had, has = common_version(mine, before), common_version(mine, after)
    return had is not None and has is not None and has < had


def _anchor_named(text: object, member: str = "anchor") -> VerifyingKey:
    try:
        return read_verifying_key(tokens.unverified_claims(text, Kind.KEYS).get(member))
    except KeyNotUsable as error:
        raise TokenRefused(Reason.CLAIMS) from error


def _fault(found: Statement, stored: Statement | None, now: int) -> Fault | None:
    if stored is not None and found.seq < stored.seq:
        return Fault.ROLLBACK
    if stored is not None and found.seq == stored.seq and not found.says_the_same_as(stored):
        return Fault.CHANGED
    if found.issued_at > now + LEEWAY_SECONDS:
        return Fault.EARLY
    return Fault.EXPIRED if found.expires_at <= now - LEEWAY_SECONDS else None


def _not_by_anchor(
    text: object, issuer: str, anchor: VerifyingKey, stored: Statement | None
) -> Judged:
    """Tell the second signature of a change of anchors, a statement by another anchor, and junk apart."""
    following = None if stored is None else stored.next_anchor
    if stored is not None and following is not None:
        moved = _by(text, issuer, following)
        if moved is not None and moved.says_the_same_as(stored):
            return Judged(moved, moves_anchor=True)
        if moved is not None and moved.anchor.kid == following.kid:
            return Judged(moved, Fault.NOT_COUNTERSIGNED)
    try:
        other = read_first(text)
    except TokenRefused:
        return Judged(None, Fault.TOKEN)
    if other.issuer != issuer or other.anchor.kid == anchor.kid:
        return Judged(None, Fault.TOKEN)
    return Judged(other, Fault.OTHER_ANCHOR)


def _by(text: object, issuer: str, anchor: VerifyingKey) -> Statement | None:
    try:
        return read_signed(text, issuer=issuer, anchor=anchor)
    except TokenRefused:
        return None


def _statement(token: Token) -> Statement:
    said = token.claims
    following = said.get("next_anchor")
    return Statement(
        issuer=token.issuer,
        seq=said["seq"],
        issued_at=said["iat"],
        expires_at=said["exp"],
        versions=tuple(said["versions"]),
        anchor=read_verifying_key(said["anchor"]),
        keys=tuple(_listed(one) for one in said["keys"]),
        base_url=said.get("base_url"),
        next_anchor=None if following is None else read_verifying_key(following),
        signed_by=token.kid,
        text=token.text,
        claims=said,
    )


_TERMS: Final = frozenset({"nbf", "exp", "status", "revoked_at", "reason", "compromised_since"})


def _listed(said: Mapping[str, Any]) -> ListedKey:
    jwk = {name: value for name, value in said.items() if name not in _TERMS}
    read = read_sealing_key if said["use"] == "enc" else read_verifying_key
    why = said.get("reason")
    return ListedKey(
        read(jwk),
        said["nbf"],
        said["exp"],
        Status(said["status"]),
        said.get("revoked_at"),
        None if why is None else WhyRevoked(why),
        said.get("compromised_since"),
    )

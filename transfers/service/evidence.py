"""The evidence log: what happened between us and other installations, chained, with every token beside it.

A row is added in the unit of work of the act itself; the head stays locked until that ends, so acts write here last.
Whoever reads rows of it looks for no child: ids, hashes and codes only. Source: EXP-8, DOM-R50.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session

from core.exchange import tokens
from core.exchange.encoding import canonical, digest
from core.exchange.keyring import KeyRing
from core.exchange.kinds import Kind
from core.exchange.tokens import Token
from core.upsert import insert_once
from transfers.errors import NoKeyCounts
from transfers.rules.evidence_chain import BEGINNING, Entry, hash_of
from transfers.service import installation
from transfers.service.officers import tell
from transfers.store import evidence as store
from transfers.tables.evidence import CheckpointRow, EvidenceRow, TokenRow

PROCEDURE: Final = "procedure"  # the actor of what happens without a person


class Direction(StrEnum):
    """Which way a token went."""

    SENT = "sent"
    RECEIVED = "received"


class Standing(StrEnum):
    """Whether a kept token was taken as genuine when it came."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Noted:
    """Where the log stands after a row was added."""

    n: int
    head: str

    def claim(self) -> dict[str, Any]:
        """Return what a receipt says of our log."""
        return {"n": self.n, "head": self.head}


def note(
    session: Session,
    what: str,
    *,
    subject: str,
    actor: str,
    now: datetime,
    obj: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Noted:
    """Add one row to the log.

    Args:
        session: the unit of work of the act.
        what: domain term with a dot, for example ``partner.suspended``.
        subject: opaque id of what it happened to.
        actor: person id, or ``PROCEDURE``.
        now: when, aware.
        obj: hash of the token it is about.
        detail: coded facts; never personal data.
    """
    session.flush()
    head = store.locked_head(session)
    text = canonical(dict(detail or {})).decode()
    entry = Entry(head.n + 1, int(now.timestamp()), what, subject, actor, obj, text)
    made = hash_of(head.hash, entry)
    session.add(EvidenceRow(**vars(entry), prev=head.hash, hash=made))
    head.n, head.hash = entry.n, made
    session.add(head)
    session.flush()
    return Noted(entry.n, made)


def keep(
    session: Session,
    token: Token,
    direction: Direction,
    *,
    subject: str,
    actor: str,
    now: datetime,
    standing: Standing = Standing.VERIFIED,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """Keep a token word for word and note it; return False when it was kept before."""
    return keep_text(
        session, token.text, token.kind, direction, issuer=token.issuer, kid=token.kid,
        subject=subject, actor=actor, standing=standing, detail=detail, now=now,
    )  # fmt: skip


def keep_text(
    session: Session,
    text: str,
    kind: Kind,
    direction: Direction,
    *,
    issuer: str,
    kid: str,
    subject: str,
    actor: str,
    now: datetime,
    standing: Standing = Standing.VERIFIED,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """Keep a token of which only the text is at hand; ``issuer`` and ``kid`` as it claims them.

    Returns:
        False when it was kept before: it is sent again, nothing new happened.
    """
    sha256 = digest(text.encode("ascii"))
    store.locked_head(session)  # two copies at once: the second sees the first
    if store.token(session, sha256) is not None:
        return False
    what = "token.refused" if standing is Standing.UNVERIFIED else f"token.{direction}"
    codes = {"kind": str(kind), "issuer": issuer, **(detail or {})}
    noted = note(session, what, subject=subject, actor=actor, obj=sha256, detail=codes, now=now)
    row = TokenRow(
        sha256=sha256, kind=str(kind), direction=str(direction), standing=str(standing),
        issuer=issuer, kid=kid, subject=subject, text=text, n=noted.n, kept_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return True


def head_of(session: Session) -> Noted:
    """Return where the log stands."""
    head = store.head(session)
    return Noted(0, BEGINNING) if head is None else Noted(head.n, head.hash)


def sign_checkpoint(
    session: Session, *, now: datetime, actor: str = PROCEDURE, anew: bool = False
) -> Token | None:
    """Sign where the log stands; None while nothing but the last checkpoint was added since.

    Args:
        session: the unit of work.
        now: when, aware.
        actor: person id, or ``PROCEDURE``.
        anew: sign in any case: that it is no longer by now is a word of its own.

    Raises:
        NotSetUp, NoKeyCounts: nobody can sign.
    """
    name = installation.name_of(session)
    head = store.locked_head(session)
    last = store.newest_checkpoint(session, name)
    is_known = last is not None and head.n <= last.n + 1
    if head.n == 0 or (is_known and not anew):
        return None
    claims = {"iat": int(now.timestamp()), "n": head.n, "head": head.hash}
    key = installation.signing_key(session, now=now)
    text = tokens.make(Kind.CHECKPOINT, name, claims, key)
    token = Token(Kind.CHECKPOINT, key.kid, {**claims, "iss": name}, text)
    _store_checkpoint(session, token)
    keep(session, token, Direction.SENT, subject=name, actor=actor, now=now)
    return token


def sign_daily_checkpoint(session: Session, *, now: datetime, limit: int = 1) -> int:
    """Sign where the log stands once a day; return how many were signed. For the sweep, harmless at any time.

    Args:
        session: the unit of work.
        now: when, aware.
        limit: ignored; there is one log.
    """
    del limit
    name = installation.name_if_any(session)
    if name is None:
        return 0
    last = store.newest_checkpoint(session, name)
    if last is not None and now.timestamp() - last.issued_at < _DAY:
        return 0
    try:
        return 0 if sign_checkpoint(session, now=now) is None else 1
    except NoKeyCounts:  # whoever keeps the keys was told long before; the other looks go on
        return 0


_DAY: Final = 24 * 60 * 60


def take_checkpoint(
    session: Session, ring: KeyRing, text: object, *, actor: str = PROCEDURE, now: datetime
) -> Token:
    """Keep what a partner signed about its own log; officers hear when it contradicts an earlier word.

    Raises:
        TokenRefused: not a checkpoint this partner signed.
    """
    token = ring.read(text, Kind.CHECKPOINT, audience=None, now=now)
    keep(session, token, Direction.RECEIVED, subject=ring.issuer, actor=actor, now=now)
    note_their_head(session, token, {"n": token.claims["n"], "head": token.claims["head"]}, now=now)
    return token


def note_their_head(
    session: Session, token: Token, said: Mapping[str, Any], *, now: datetime
) -> bool:
    """Remember where a partner's log stood, from a checkpoint or from ``log`` in a receipt.

    Returns:
        False when it contradicts what the partner signed before: the log was rewritten or cut.
    """
    n, head, issued = said["n"], said["head"], token.claims["iat"]
    longest = store.longest_checkpoint(session, token.issuer)
    others = [row for row in store.checkpoints_at(session, token.issuer, n) if row.head != head]
    shorter = longest is not None and n < longest.n and issued > longest.issued_at
    _store_head(session, token, n, head, issued)
    if not others and not shorter:
        return True
    why = "rewritten" if others else "cut"
    note(
        session, "partner.log_differs", subject=token.issuer, actor=PROCEDURE, obj=token.digest,
        detail={"n": n, "why": why}, now=now,
    )  # fmt: skip
    tell(
        session, topic="partner.log_differs", subject=token.issuer, occasion=token.digest,
        facts={"installation": token.issuer}, now=now,
    )  # fmt: skip
    return False


def _store_checkpoint(session: Session, token: Token) -> None:
    _store_head(session, token, token.claims["n"], token.claims["head"], token.claims["iat"])


def _store_head(session: Session, token: Token, n: int, head: str, issued_at: int) -> None:
    row = CheckpointRow(
        issuer=token.issuer, n=n, head=head, issued_at=issued_at, token=token.digest
    )
    table = CheckpointRow.__table__  # type: ignore[attr-defined]
    insert_once(session, table, row.model_dump(), unique=["issuer", "n", "head"])

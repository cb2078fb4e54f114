"""Receipts: what the other side signed about a delivery or a notice, and how far that proves it came.

A receipt proves what happened to a package between two installations. It is never consent, and never the decision
of an officer. Keeping receipts, and telling somebody about one that does not fit, is done where deliveries are kept.
Source: EXP-4, EXP-7, DOM-R34; docs/decisions/0013.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from core.exchange import tokens
from core.exchange.errors import CannotMake, ReceiptRefused, Refusal
from core.exchange.keys import PinnedKeys, SigningKey
from core.exchange.kinds import WITH_MANIFEST, Kind
from core.exchange.tokens import Token


class Event(StrEnum):
    """What a receipt says happened."""

    RECEIVED = "received"
    ADMITTED = "admitted"
    REFUSED = "refused"
    VIEWED = "viewed"
    RECALL_RECEIVED = "recall-received"
    RECALLED = "recalled"
    RECALL_DECLINED = "recall-declined"
    DELETED = "deleted"
    EXPIRED = "expired"


class Standing(StrEnum):
    """How far the receipts of one package prove that it came."""

    UNKNOWN = "unknown"  # nothing is proven: still waiting
    EXPIRED = "expired"  # what had arrived was dropped; sending again is possible
    RECEIVED = "received"
    REFUSED = "refused"
    ADMITTED = "admitted"
    VIEWED = "viewed"
    RECALL_RECEIVED = "recall-received"
    RECALL_DECLINED = "recall-declined"
    RECALLED = "recalled"
    DELETED = "deleted"


ABOUT_NOTICES: Final = frozenset({Event.RECALL_RECEIVED, Event.RECALLED, Event.RECALL_DECLINED})
ABOUT_EITHER: Final = frozenset({Event.DELETED})
REFUSALS: Final = frozenset(str(reason) for reason in Refusal)
DECLINING: Final = frozenset({"court_order", "decision_based_on_it", "child_safety"})
_REASONS: Final[Mapping[Event, frozenset[str]]] = {
    Event.REFUSED: REFUSALS,
    Event.RECALL_DECLINED: DECLINING,
}


@dataclass(frozen=True)
class Head:
    """Where a log stood when a receipt was signed."""

    n: int
    head: str


@dataclass(frozen=True)
class Subject:
    """The token a receipt is about, as its sender knows it.

    Args:
        kind: delivery or notice.
        id: its ``jti``.
        package: whose package.
        digest: hash of the token.
        sender: who signed it.
        receiver: for whom, who alone may sign receipts about it.
        manifest: hash of the manifest inside; None where it is not known.
    """

    kind: Kind
    id: str
    package: str
    digest: str
    sender: str
    receiver: str
    manifest: str | None = None

    @classmethod
    def of(cls, token: Token, *, manifest: str | None = None) -> "Subject":
        """Describe a delivery or a notice.

        Raises:
            ReceiptRefused: there are no receipts about tokens of this kind.
        """
        if token.kind not in (Kind.DELIVERY, Kind.NOTICE):
            raise ReceiptRefused("kind")
        claims = token.claims
        return cls(
            token.kind,
            claims["jti"],
            claims["pkg"],
            token.digest,
            token.issuer,
            claims["aud"],
            manifest,
        )


@dataclass(frozen=True)
class Receipt:
    """A receipt whose signature and form hold."""

    token: Token
    id: str
    event: Event
    issuer: str
    audience: str
    issued_at: datetime
    subject: str
    package: str
    obj: str
    mobj: str | None
    reason: str | None
    log: Head | None


@dataclass(frozen=True)
class Proof:
    """What the receipts of one package prove together.

    Args:
        standing: how far it came.
        events: everything that is proven one by one.
        contradictions: receipts that cannot be true beside an earlier one; each is an alarm and changes nothing.
    """

    standing: Standing
    events: frozenset[Event] = frozenset()
    contradictions: tuple[Receipt, ...] = ()


def make(
    event: Event,
    about: Subject,
    *,
    receipt: str,
    key: SigningKey,
    now: datetime,
    reason: str | None = None,
    log: Head | None = None,
) -> Receipt:
    """Sign a receipt as the receiver of a delivery or notice.

    Args:
        event: what happened.
        about: the token; for ``admitted`` and ``deleted`` with its manifest.
        receipt: a new id.
        key: of the receiver.
        now: when.
        reason: code; needed for what was refused or declined, and one of those the protocol names.
        log: head of our evidence log.

    Raises:
        CannotMake: an event that does not fit what it is about, or no reason where one is owed.
    """
    _require_makeable(event, about, reason)
    optional: dict[str, Any] = {
        "mobj": about.manifest if event in WITH_MANIFEST else None,
        "reason": reason,
        "log": None if log is None else {"n": log.n, "head": log.head},
    }
    claims = {
        "aud": about.sender, "iat": int(now.timestamp()), "jti": receipt, "sub": about.id,
        "pkg": about.package, "evt": str(event), "obj": about.digest,
        **{name: value for name, value in optional.items() if value is not None},
    }  # fmt: skip
    text = tokens.make(Kind.RECEIPT, about.receiver, claims, key)
    return read_kept(text, PinnedKeys(about.receiver, signing=(key.public,)))


def read(text: object, keys: PinnedKeys, *, us: str, now: datetime) -> Receipt:
    """Read a receipt that has just come in; what it is about is asked with ``require_about``.

    Raises:
        TokenRefused: not a receipt of this partner for us.
    """
    return of_token(tokens.read(text, Kind.RECEIPT, keys, audience=us, now=now))


def read_kept(text: object, keys: PinnedKeys) -> Receipt:
    """Read a receipt from our own records or offered as evidence.

    Raises:
        TokenRefused: not a receipt of this installation.
    """
    return of_token(tokens.read_kept(text, Kind.RECEIPT, keys))


def require_about(receipt: Receipt, about: Subject) -> None:
    """Refuse a receipt that does not speak of this very token, by the one who received it. Source: EXP-TT42.

    Raises:
        ReceiptRefused: with a code for the alarm.
    """
    checks = {
        "issuer": (receipt.issuer, about.receiver),
        "audience": (receipt.audience, about.sender),
        "subject": (receipt.subject, about.id),
        "package": (receipt.package, about.package),
        "object": (receipt.obj, about.digest),
    }
    for why, (told, true) in checks.items():
        if told != true:
            raise ReceiptRefused(why)
    if not _fits_kind(receipt.event, about.kind):
        raise ReceiptRefused("event")
    if about.manifest is not None and receipt.mobj not in (None, about.manifest):
        raise ReceiptRefused("manifest")


def proven(receipts: Iterable[Receipt]) -> Proof:
    """Say what the receipts of one package prove, in whatever order they came in.

    Later steps imply earlier ones, so a receipt that comes late or twice changes nothing. What cannot be true beside
    what was proven before (refused after admitted, admitted after refused) is named and changes nothing either.

    Args:
        receipts: each checked with ``require_about``, in the order in which they were taken.
    """
    taken: list[Receipt] = []
    contradictions: list[Receipt] = []
    for receipt in receipts:
        wrong = any(_contradict(receipt, other) for other in taken)
        (contradictions if wrong else taken).append(receipt)
    events = frozenset(receipt.event for receipt in taken)
    reached = next((rung for rung in reversed(_LADDER) if Event(str(rung)) in events), None)
    return Proof(reached or Standing.UNKNOWN, events, tuple(contradictions))


def _contradict(one: Receipt, other: Receipt) -> bool:
    if frozenset((one.event, other.event)) in _NEVER_BOTH:
        return True
    first, second = sorted((one, other), key=lambda receipt: receipt.issued_at)
    is_later = first.issued_at < second.issued_at
    return is_later and (first.event, second.event) in _NEVER_THEN


def _require_makeable(event: Event, about: Subject, reason: str | None) -> None:
    if not _fits_kind(event, about.kind):
        raise CannotMake("event")
    if event in WITH_MANIFEST and about.manifest is None:
        raise CannotMake("manifest")
    if event in _REASONS and reason not in _REASONS[event]:
        raise CannotMake("reason")


def _fits_kind(event: Event, kind: Kind) -> bool:
    if event in ABOUT_EITHER:
        return True
    return (event in ABOUT_NOTICES) == (kind is Kind.NOTICE)


def of_token(token: Token) -> Receipt:
    """Return a receipt from a token that was read before."""
    claims = token.claims
    log = claims.get("log")
    return Receipt(
        token=token,
        id=claims["jti"],
        event=Event(claims["evt"]),
        issuer=token.issuer,
        audience=claims["aud"],
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        subject=claims["sub"],
        package=claims["pkg"],
        obj=claims["obj"],
        mobj=claims.get("mobj"),
        reason=claims.get("reason"),
        log=None if log is None else Head(log["n"], log["head"]),
    )


# From the first rung to the last; what is higher implies what it needs.
_LADDER: Final = (
    Standing.EXPIRED, Standing.RECEIVED, Standing.REFUSED, Standing.ADMITTED, Standing.VIEWED,
    Standing.RECALL_RECEIVED, Standing.RECALL_DECLINED, Standing.RECALLED, Standing.DELETED,
)  # fmt: skip
_NEVER_BOTH: Final = frozenset(
    frozenset((Event.REFUSED, other)) for other in (Event.ADMITTED, Event.VIEWED, Event.DELETED)
)
_ARRIVED: Final = (Event.RECEIVED, Event.REFUSED, Event.ADMITTED, Event.VIEWED, Event.DELETED)
_NEVER_THEN: Final = frozenset(
    {(event, Event.EXPIRED) for event in _ARRIVED} | {(Event.RECALLED, Event.RECALL_DECLINED)}
)

"""What a package says about itself, signed by the sender and read only inside the sealed box.

Here is what the form of the token cannot tell: which messages, purposes and bases there are, which parts fit which
redaction, whose grant covers what, and which names and formats a part may have. Who may send which message to whom
is not decided here. Source: EXP-5.2, DOM-4.2, DOM-5.2; docs/decisions/0013.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from core.exchange import tokens
from core.exchange.errors import CannotMake, ContentRefused
from core.exchange.keys import PinnedKeys, SigningKey
from core.exchange.kinds import MAX_PARTS, Kind
from core.exchange.media import BASE_MEDIA, JSON
from core.exchange.names import are_distinct, name_fault
from core.exchange.tokens import Token

LEAST_APPROVALS: Final = 2
Code = TypeVar("Code", bound=StrEnum)


class Message(StrEnum):
    """The one thing a package says. Source: DOM-5.2."""

    ENQUIRY = "ENQUIRY"
    ENQUIRY_REPLY = "ENQUIRY_REPLY"
    REQUEST = "REQUEST"
    ACK = "ACK"
    INFO_REQUEST = "INFO_REQUEST"
    INFO_REPLY = "INFO_REPLY"
    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    WITHDRAW = "WITHDRAW"
    PACKAGE = "PACKAGE"
    TRAVEL_PLAN = "TRAVEL_PLAN"
    TRAVEL_CONFIRM = "TRAVEL_CONFIRM"
    HANDOVER_NOTICE = "HANDOVER_NOTICE"
    RECEIPT = "RECEIPT"  # of the child by an officer; receipts of packages are tokens
    FOLLOWUP_REPORT = "FOLLOWUP_REPORT"
    PLACEMENT_CHANGE = "PLACEMENT_CHANGE"
    INCIDENT_ALERT = "INCIDENT_ALERT"
    RESPONSIBILITY_CHANGE = "RESPONSIBILITY_CHANGE"
    CLOSE = "CLOSE"
    REOPEN = "REOPEN"
    CORRECTION = "CORRECTION"
    WRONG_RECIPIENT_NOTICE = "WRONG_RECIPIENT_NOTICE"
    SUMMARY = "SUMMARY"  # the answer to a grant. EXP-5.2


class Purpose(StrEnum):
    """What the content may be used for. Source: DOM-4.2."""

    CASE_MANAGEMENT = "case_management"
    TRACING = "tracing"
    REFERRAL = "referral"
    CROSS_BORDER_SUMMARY = "cross_border_summary"
    PACKAGE = "package"
    STATISTICS = "statistics"


class Basis(StrEnum):
    """Why it may be told at all. Source: DOM-4.2."""

    CONSENT = "consent"
    VITAL_INTERESTS = "vital_interests"
    LEGAL_DUTY = "legal_duty"
    PUBLIC_INTEREST_PROTECTION = "public_interest_protection"


class Redaction(StrEnum):
    """How much of the child's file is inside. Source: EXP-5.2."""

    CODED = "R0"
    IDENTITY = "R1"
    WITHOUT_SENSITIVE = "R2"
    WITH_SENSITIVE = "R3"


class PartRole(StrEnum):
    """What a part is for."""

    SUMMARY = "summary"
    DECISION = "decision"
    REPORT = "report"
    CONSENT = "consent"
    IDENTITY = "identity"
    MEDICAL = "medical"
    LEGAL = "legal"
    PHOTO = "photo"
    OTHER = "other"


HIGHLY_SENSITIVE: Final = frozenset({PartRole.MEDICAL, PartRole.PHOTO})


@dataclass(frozen=True)
class Approval:
    """An officer stood for sending this.

    Args:
        role: code of the role in which.
        by: opaque id of the person, the same for whatever she does.
        at: aware, whole seconds count.
    """

    role: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Handling:
    """What the receiver has to keep to. Passing on is never allowed, and at the end everything is deleted."""

    view_only: bool
    retain_until: date


@dataclass(frozen=True)
class Letter:
    """What a sender decided about one message on one child, before anything is sealed.

    Args:
        ref: the shared reference of the transfer.
        message: the one thing it says.
        purpose: what it may be used for.
        basis: why it may be told.
        redaction: how much is inside.
        handling: what the receiver has to keep to.
        approvals: at least two people.
        reply_to: package this answers.
        replaces: package this stands in for.
        grant: id of the grant it answers.
        decision_sha256: hash of the decision it rests on.
    """

    ref: str
    message: Message
    purpose: Purpose
    basis: Basis
    redaction: Redaction
    handling: Handling
    approvals: tuple[Approval, ...]
    reply_to: str | None = None
    replaces: str | None = None
    grant: str | None = None
    decision_sha256: str | None = None


@dataclass(frozen=True)
class Part:
    """One part as the sender vouches for it; size and hash are of the plain bytes."""

    number: int
    name: str
    media: str
    role: PartRole
    size: int
    sha256: str
    hs_grant: str | None = None


@dataclass(frozen=True)
class Manifest:
    """A manifest whose signature and form hold."""

    token: Token
    issuer: str
    audience: str
    package: str
    issued_at: datetime
    letter: Letter
    parts: tuple[Part, ...]


def faults(
    letter: Letter, parts: Sequence[Part], *, media: Collection[str] = BASE_MEDIA
) -> tuple[str, ...]:
    """Return the codes of everything that stands against sending or admitting this, in a fixed order.

    Args:
        letter: what is said.
        parts: in their order.
        media: formats this corridor takes.
    """
    found = [*_letter_faults(letter), *_list_faults(parts), *_redaction_faults(letter, parts)]
    for part in parts:
        found += _part_faults(part, media)
    return tuple(dict.fromkeys(found))


def make(
    letter: Letter,
    parts: Sequence[Part],
    *,
    issuer: str,
    audience: str,
    package: str,
    key: SigningKey,
    now: datetime,
    media: Collection[str] = BASE_MEDIA,
) -> Manifest:
    """Sign a manifest.

    Raises:
        CannotMake: with the code of the first fault.
    """
    found = faults(letter, parts, media=media)
    if letter.handling.retain_until < now.astimezone(UTC).date():
        found = (*found, "retain_until")
    if found:
        raise CannotMake(found[0])
    claims = {
        "aud": audience, "iat": int(now.timestamp()), "pkg": package,
        **_letter_claims(letter), "parts": [_part_claims(part) for part in parts],
    }  # fmt: skip
    text = tokens.make(Kind.MANIFEST, issuer, claims, key)
    return read(text, PinnedKeys(issuer, signing=(key.public,)))


def read(text: object, keys: PinnedKeys) -> Manifest:
    """Read a manifest found in a box; whom it is for and whether it fits its delivery is asked by the caller.

    Raises:
        TokenRefused: not a manifest of this issuer.
        ContentRefused: a message, purpose, basis, redaction or role nobody knows.
    """
    token = tokens.read_kept(text, Kind.MANIFEST, keys)
    claims = token.claims
    return Manifest(
        token=token,
        issuer=token.issuer,
        audience=str(claims["aud"]),
        package=str(claims["pkg"]),
        issued_at=_moment(claims["iat"]),
        letter=_letter(claims),
        parts=tuple(_part(item) for item in claims["parts"]),
    )


def _letter_faults(letter: Letter) -> Iterator[str]:
    people = {approval.by for approval in letter.approvals}
    if len(letter.approvals) < LEAST_APPROVALS or len(people) < len(letter.approvals):
        yield "approvals"


def _list_faults(parts: Sequence[Part]) -> Iterator[str]:
    if [part.number for part in parts] != list(range(1, len(parts) + 1)) or len(parts) > MAX_PARTS:
        yield "part_numbers"
    if not are_distinct(part.name for part in parts):
        yield "name_twice"
    summaries = [part for part in parts if part.role is PartRole.SUMMARY]
    if summaries and (len(summaries) > 1 or summaries[0].number != 1):
        yield "summary_place"


def _redaction_faults(letter: Letter, parts: Sequence[Part]) -> Iterator[str]:
    roles = Counter(part.role for part in parts)
    granted = [part for part in parts if part.hs_grant is not None]
    bare = any(part.role in HIGHLY_SENSITIVE and part.hs_grant is None for part in parts)
    if letter.message is Message.SUMMARY and not roles[PartRole.SUMMARY]:
        yield "summary_missing"
    if letter.redaction is Redaction.WITH_SENSITIVE:
        if bare or not granted:
            yield "grant_missing"
    elif granted:
        yield "grant_not_expected"
    elif bare:
        yield "redaction_sensitive"
    if letter.redaction is Redaction.CODED and roles[PartRole.IDENTITY]:
        yield "redaction_identity"
    if letter.redaction is Redaction.CODED and any(part.media != JSON for part in parts):
        yield "redaction_coded"


def _part_faults(part: Part, media: Collection[str]) -> Iterator[str]:
    fault = name_fault(part.name)
    if fault is not None:
        yield fault
    if part.media not in media:
        yield "media"
    if part.role is PartRole.SUMMARY and part.media != JSON:
        yield "summary_media"


def _letter_claims(letter: Letter) -> dict[str, Any]:
    optional = {
        "reply_to": letter.reply_to, "replaces": letter.replaces, "grant": letter.grant,
        "decision_sha256": letter.decision_sha256,
    }  # fmt: skip
    return {
        "ref": letter.ref,
        "msg": str(letter.message),
        "purpose": str(letter.purpose),
        "basis": str(letter.basis),
        "redaction": str(letter.redaction),
        "handling": {
            "view_only": letter.handling.view_only,
            "onward": False,
            "retain_until": letter.handling.retain_until.isoformat(),
            "on_expiry": "delete",
        },
        "approvals": [
            {"role": each.role, "by": each.by, "at": int(each.at.timestamp())}
            for each in letter.approvals
        ],
        **{name: value for name, value in optional.items() if value is not None},
    }


def _part_claims(part: Part) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "n": part.number, "name": part.name, "media": part.media, "role": str(part.role),
        "size": part.size, "sha256": part.sha256,
    }  # fmt: skip
    return claims if part.hs_grant is None else {**claims, "hs_grant": part.hs_grant}


def _letter(claims: Mapping[str, Any]) -> Letter:
    handling = claims["handling"]
    return Letter(
        ref=claims["ref"],
        message=_known(Message, claims["msg"], "message"),
        purpose=_known(Purpose, claims["purpose"], "purpose"),
        basis=_known(Basis, claims["basis"], "basis"),
        redaction=_known(Redaction, claims["redaction"], "redaction"),
        handling=Handling(handling["view_only"], date.fromisoformat(handling["retain_until"])),
        approvals=tuple(
            Approval(each["role"], each["by"], _moment(each["at"])) for each in claims["approvals"]
        ),
        reply_to=claims.get("reply_to"),
        replaces=claims.get("replaces"),
        grant=claims.get("grant"),
        decision_sha256=claims.get("decision_sha256"),
    )


def _part(claims: Mapping[str, Any]) -> Part:
    return Part(
        number=claims["n"],
        name=claims["name"],
        media=claims["media"],
        role=_known(PartRole, claims["role"], "role"),
        size=claims["size"],
        sha256=claims["sha256"],
        hs_grant=claims.get("hs_grant"),
    )


def _known(codes: type[Code], value: str, what: str) -> Code:
    try:
        return codes(value)
    except ValueError as error:
        raise ContentRefused(what) from error


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

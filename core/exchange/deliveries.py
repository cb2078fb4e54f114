"""The clear, signed side of a package: which bytes travel, in which order, to whom. Nothing in it is about the child.

It lets a receiver know the sender before anything is opened. Which number comes next, and what a gap or a fork in
the numbers means, is decided where deliveries are kept. Source: EXP-4, EXP-5, EXP-6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, Final, Protocol

from core.exchange import tokens
from core.exchange.encoding import digest
from core.exchange.errors import CannotMake, DeliveryInvalid
from core.exchange.keys import PinnedKeys, SigningKey
from core.exchange.kinds import CHUNK, MAX_JWE, MAX_PART, TAG, Kind
from core.exchange.measures import Measure, Meter
from core.exchange.shelves import part_name
from core.exchange.tokens import Token

MAX_PACKAGE: Final = 200 * 1024 * 1024
LASTS: Final = timedelta(days=30)
_BLOCK: Final = 256 * 1024


class Source(Protocol):
    """Where the sealed bytes of a delivery can be read, by their names in the file form."""

    def open(self, name: str) -> BinaryIO:
        """Open one of them at its beginning; the caller closes it."""


@dataclass(frozen=True)
class Numbering:
    """The place of a delivery in what one sender sends us.

    Args:
        chain: id, random for each life of the sender's database.
        seq: 1, 2, 3, …
        prev: hash of the delivery before; None for the first.
    """

    chain: str
    seq: int
    prev: str | None


@dataclass(frozen=True)
class Delivery:
    """A delivery whose signature, form and sizes hold.

    Args:
        token: as it came, to be kept word for word.
        id: of this delivery.
        package: id that stays when the same content is sealed anew.
        issuer: the sender.
        audience: the receiver.
        issued_at: when it was signed.
        expires_at: until when it is tried.
        numbering: its place.
        sealed_to: name of the receiver's key the box is sealed to.
        box: measure of the sealed box.
        parts: measures of the sealed parts, in their order.
    """

    token: Token
    id: str
    package: str
    issuer: str
    audience: str
    issued_at: datetime
    expires_at: datetime
    numbering: Numbering
    sealed_to: str
    box: Measure
    parts: tuple[Measure, ...]

    @property
    def digest(self) -> str:
        """The hash by which receipts and the next delivery name this one."""
        return self.token.digest


def sealed_size(plain: int) -> int:
    """Return how many bytes a part of so many plain bytes has when it is sealed."""
    return plain + TAG * max(1, -(-plain // CHUNK))


def plain_size(sealed: int) -> int | None:
    """Return how many plain bytes are in a sealed part; None when no part has this size."""
    plain = sealed - TAG * max(1, -(-sealed // (CHUNK + TAG)))
    return plain if plain >= 0 and sealed_size(plain) == sealed else None


def make(
    *,
    issuer: str,
    audience: str,
    delivery: str,
    package: str,
    numbering: Numbering,
    sealed_to: str,
    box: str,
    parts: Sequence[Measure],
    key: SigningKey,
    now: datetime,
    lasts: timedelta = LASTS,
) -> Delivery:
    """Sign what is about to travel.

    Raises:
        CannotMake: sizes or a time the protocol does not allow.
    """
    begun = int(now.timestamp())
    claims = {
        "aud": audience, "iat": begun, "exp": begun + int(lasts.total_seconds()), "jti": delivery,
        "pkg": package, "chain": numbering.chain, "seq": numbering.seq, "prev": numbering.prev,
        "ekid": sealed_to, "keys": {"size": len(box), "sha256": digest(box.encode("ascii"))},
        "parts": [
            {"n": number, "size": part.size, "sha256": part.sha256}
            for number, part in enumerate(parts, start=1)
        ],
    }  # fmt: skip
    text = tokens.make(Kind.DELIVERY, issuer, claims, key)
    try:
        return read_kept(text, PinnedKeys(issuer, signing=(key.public,)))
    except DeliveryInvalid as error:
        raise CannotMake(error.what) from error


def read(text: object, keys: PinnedKeys, *, us: str, now: datetime) -> Delivery:
    """Read a delivery that has just come in.

    Raises:
        TokenRefused: not a delivery of this sender to us, or not of this time.
        DeliveryInvalid: genuine, but of a size the protocol does not allow.
    """
    return _of(tokens.read(text, Kind.DELIVERY, keys, audience=us, now=now))


def read_kept(text: object, keys: PinnedKeys) -> Delivery:
    """Read a delivery from our own records; time and addressee do not count.

    Raises:
        TokenRefused: as for ``read``.
        DeliveryInvalid: as for ``read``.
    """
    return _of(tokens.read_kept(text, Kind.DELIVERY, keys))


def box_fits(delivery: Delivery, box: str) -> bool:
    """Whether a sealed box is the one the delivery names; nothing is opened."""
    is_right = len(box) == delivery.box.size <= MAX_JWE and box.isascii()
    return is_right and digest(box.encode("ascii")) == delivery.box.sha256


def wrong_parts(delivery: Delivery, source: Source) -> tuple[int, ...]:
    """Return the numbers of the parts whose sealed bytes are not those the delivery names."""
    return tuple(
        number
        for number, part in enumerate(delivery.parts, start=1)
        if not _is_measured(source, part_name(number), part)
    )


def _is_measured(source: Source, name: str, wanted: Measure) -> bool:
    try:
        file = source.open(name)
    except FileNotFoundError:
        return False
    meter = Meter()
    with file:
        while meter.size <= wanted.size and (block := file.read(_BLOCK)):
            meter.add(block)
    return meter.measure == wanted


def _of(token: Token) -> Delivery:
    claims = token.claims
    parts = tuple(Measure(part["size"], part["sha256"]) for part in claims["parts"])
    _require_sizes(parts)
    return Delivery(
        token=token,
        id=claims["jti"],
        package=claims["pkg"],
        issuer=token.issuer,
        audience=claims["aud"],
        issued_at=_moment(claims["iat"]),
        expires_at=_moment(claims["exp"]),
        numbering=Numbering(claims["chain"], claims["seq"], claims["prev"]),
        sealed_to=claims["ekid"],
        box=Measure(claims["keys"]["size"], claims["keys"]["sha256"]),
        parts=parts,
    )


def _require_sizes(parts: Sequence[Measure]) -> None:
    sizes = [plain_size(part.size) for part in parts]
    if any(size is None or size > MAX_PART for size in sizes):
        raise DeliveryInvalid("part_size")
    if sum(size or 0 for size in sizes) > MAX_PACKAGE:
        raise DeliveryInvalid("package_size")


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

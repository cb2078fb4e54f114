"""Make a sealed package: encrypt the parts, sign the manifest, seal the box, sign the delivery, in this order.

Both signatures are needed: the outer one is checked before anything is opened, the inner one names the addressee, so
that nobody can wrap it again for somebody else. Bytes go through in chunks; keys of parts live only in the box.
Who approved, and whether this may be sent at all, is decided before. Source: EXP-5.
"""

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Final

from core.exchange import deliveries, door, manifests, summaries
from core.exchange.deliveries import LASTS, MAX_PACKAGE, Delivery, Numbering
from core.exchange.encoding import b64, canonical
from core.exchange.errors import CannotMake, SummaryInvalid
from core.exchange.keys import SealingKey, SigningKey
from core.exchange.kinds import MAX_PART
from core.exchange.manifests import Letter, Manifest, Part, PartRole
from core.exchange.measures import Measure, Meter, Metered
from core.exchange.media import BASE_MEDIA, require_content
from core.exchange.parts import fresh_part_key, seal_part
from core.exchange.shelves import BOX, DELIVERY, Shelf, part_name

_NO_HASH: Final = b64(bytes(32))


@dataclass(frozen=True)
class PlainPart:
    """A part before it is sealed.

    Args:
        name: as people see it.
        media: its format.
        role: what it is for.
        content: seekable, and nobody else writes to it; it is read from its beginning and not closed.
        hs_grant: the grant for a highly sensitive item.
    """

    name: str
    media: str
    role: PartRole
    content: BinaryIO
    hs_grant: str | None = None


@dataclass(frozen=True)
class Route:
    """From whom to whom, with which keys."""

    sender: str
    signing: SigningKey
    receiver: str
    sealed_to: SealingKey


@dataclass(frozen=True)
class Sealed:
    """What was made; the bytes lie on the shelf."""

    delivery: Delivery
    manifest: Manifest


def seal_package(
    shelf: Shelf,
    letter: Letter,
    parts: Sequence[PlainPart],
    *,
    route: Route,
    package: str,
    delivery: str,
    numbering: Numbering,
    now: datetime,
    media: Collection[str] = BASE_MEDIA,
    lasts: timedelta = LASTS,
) -> Sealed:
    """Seal one message about one child for one receiver; on any failure the shelf is empty again.

    The delivery is put last: a shelf with a delivery on it is whole.

    Args:
        shelf: empty, for this delivery alone.
        letter: what is said and approved.
        parts: in their order; the summary first.
        route: from whom to whom.
        package: id; the same again when the same content is sealed anew.
        delivery: id, never used before.
        numbering: its place in the sender's chain.
        now: when.
        media: formats this corridor takes.
        lasts: how long it is tried.

    Raises:
        CannotMake: the letter, the parts or their sizes do not fit the protocol.
        ContentRefused: a part is not what it is said to be.
        SummaryInvalid: the summary does not fit its schema or its letter.
    """
    _require_sendable(letter, parts, media)
    try:
        return _made(
            shelf, letter, parts, route, package=package, delivery=delivery, numbering=numbering,
            now=now, media=media, lasts=lasts,
        )  # fmt: skip
    except BaseException:
        shelf.clear()
        raise


def summary_fault(letter: Letter, summary: Any) -> str | None:
    """Return the pointer of what contradicts between a summary and the manifest around it; None when nothing does."""
    if summary["ref"] != letter.ref:
        return "/ref"
    told = summary["matter"].get("decision_sha256")
    if letter.decision_sha256 is not None and told not in (None, letter.decision_sha256):
        return "/matter/decision_sha256"
    return None


def _made(
    shelf: Shelf,
    letter: Letter,
    parts: Sequence[PlainPart],
    route: Route,
    *,
    package: str,
    delivery: str,
    numbering: Numbering,
    now: datetime,
    media: Collection[str],
    lasts: timedelta,
) -> Sealed:
    keys: dict[str, str] = {}
    inner: list[Part] = []
    outer: list[Measure] = []
    for number, part in enumerate(parts, start=1):
        key = fresh_part_key()
        plain, sealed = _seal(shelf, part.content, key, package, number)
        keys[str(number)] = b64(key)
        inner.append(_entry(number, part, plain))
        outer.append(sealed)
    manifest = manifests.make(
        letter, inner, issuer=route.sender, audience=route.receiver, package=package,
        key=route.signing, now=now, media=media,
    )  # fmt: skip
    box = door.seal(canonical({"manifest": manifest.token.text, "cek": keys}), route.sealed_to)
    shelf.put(BOX, [box.encode("ascii")])
    made = deliveries.make(
        issuer=route.sender, audience=route.receiver, delivery=delivery, package=package,
        numbering=numbering, sealed_to=route.sealed_to.kid, box=box, parts=outer,
        key=route.signing, now=now, lasts=lasts,
    )  # fmt: skip
    shelf.put(DELIVERY, [made.token.text.encode("ascii")])
    return Sealed(made, manifest)


def _require_sendable(letter: Letter, parts: Sequence[PlainPart], media: Collection[str]) -> None:
    """See everything that can be seen before a byte is sealed."""
    sizes = [part.content.seek(0, os.SEEK_END) for part in parts]
    announced = [
        _entry(number, part, Measure(size, _NO_HASH))
        for number, (part, size) in enumerate(zip(parts, sizes, strict=True), start=1)
    ]
    found = manifests.faults(letter, announced, media=media)
    if found:
        raise CannotMake(found[0])
    if max(sizes, default=0) > MAX_PART or sum(sizes) > MAX_PACKAGE:
        raise CannotMake("size")
    for part in parts:
        require_content(part.media, part.content)
        if part.role is PartRole.SUMMARY:
            fault = summary_fault(letter, summaries.read(_whole(part.content)))
            if fault is not None:
                raise SummaryInvalid(fault)


def _whole(content: BinaryIO) -> bytes:
    data = content.read(summaries.MAX_SUMMARY + 1)
    content.seek(0)
    return data


def _entry(number: int, part: PlainPart, plain: Measure) -> Part:
    return Part(
        number=number, name=part.name, media=part.media, role=part.role, size=plain.size,
        sha256=plain.sha256, hs_grant=part.hs_grant,
    )  # fmt: skip


def _seal(
    shelf: Shelf, content: BinaryIO, key: bytes, package: str, number: int
) -> tuple[Measure, Measure]:
    """Seal one part onto the shelf; returns the measures of its plain and of its sealed bytes."""
    plain, sealed = Meter(), Meter()
    blocks = seal_part(Metered(content, plain), key=key, package=package, number=number)
    shelf.put(part_name(number), _counted(blocks, sealed))
    return plain.measure, sealed.measure


def _counted(blocks: Iterator[bytes], meter: Meter) -> Iterator[bytes]:
    for block in blocks:
        meter.add(block)
        yield block

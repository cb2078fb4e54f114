"""Open a sealed package: the delivery was verified first, then the box, then everything inside against the outside.

A package is refused whole or taken whole: no part is handed out before every part was decrypted to its last chunk,
has the size and hash its manifest tells, and is what it is said to be. Until then plain bytes lie in files that have
no name. Everything that does not open gives one refusal without a detail. Source: EXP-5, EXP-7.2.
"""

import tempfile
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from core.exchange import deliveries, door, manifests, summaries
from core.exchange.deliveries import Delivery, Source, sealed_size
from core.exchange.encoding import NotStrict, read_object, un_b64
from core.exchange.errors import (
    CannotOpen,
    ContentRefused,
    PackageRefused,
    Refusal,
    SummaryInvalid,
    TokenRefused,
)
from core.exchange.keys import OpeningKey, PinnedKeys, SigningKey
from core.exchange.kinds import MAX_JWE, Kind
from core.exchange.manifests import Manifest, Part, PartRole
from core.exchange.measures import Meter, Metered
from core.exchange.media import BASE_MEDIA, require_content
from core.exchange.packages import summary_fault
from core.exchange.parts import KEY_BYTES, open_part
from core.exchange.shapes import members
from core.exchange.shelves import BOX, part_name

Scratch = Callable[[], BinaryIO]
_is_box: Final = members({
    "manifest": lambda value: isinstance(value, str),
    "cek": lambda value: isinstance(value, dict),
})  # fmt: skip


@dataclass(frozen=True)
class OpenedPart:
    """A part that was verified to its last byte, at its beginning; gone when the package is closed."""

    part: Part
    content: BinaryIO = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """A package that may be admitted; close it, or use it as a context, and its plain bytes are gone.

    Args:
        manifest: what the sender vouches for.
        summary: the coded summary, when there is one.
        parts: all parts in their order.
    """

    manifest: Manifest
    summary: Mapping[str, Any] | None = field(repr=False)
    parts: tuple[OpenedPart, ...]
    _files: ExitStack = field(repr=False)

    def close(self) -> None:
        """Let go of the plain bytes."""
        self._files.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def private_file() -> BinaryIO:
    """Return a file without a name that only this process can read and that vanishes with it."""
    return tempfile.TemporaryFile()


def open_package(
    source: Source,
    delivery: Delivery,
    *,
    us: str,
    ours: Collection[OpeningKey],
    partner: PinnedKeys,
    media: Collection[str] = BASE_MEDIA,
    scratch: Scratch = private_file,
) -> Opened:
    """Open a package whose delivery was read for us and whose sealed bytes have all arrived.

    Args:
        source: where the sealed bytes are.
        delivery: from ``deliveries.read`` or ``read_kept``: its signature holds.
        us: our installation.
        ours: our opening keys, old ones among them as long as they are kept.
        partner: keys of the sender.
        media: formats this corridor takes.
        scratch: makes a private file for the plain bytes of a part.

    Raises:
        PackageRefused: whole, with the reason for the receipt.
    """
    inner, keys = _open_box(source, delivery, ours, partner)
    _require_for_us(inner, delivery, us)
    found = manifests.faults(inner.letter, inner.parts, media=media)
    if found:
        raise PackageRefused(Refusal.CONTENT_NOT_ALLOWED, found[0])
    with ExitStack() as files:
        parts = []
        for part in inner.parts:
            plain = files.enter_context(scratch())
            _open_part(source, delivery, part, keys[part.number], plain)
            parts.append(OpenedPart(part, plain))
        summary = _require_contents(inner, parts)
        return Opened(inner, summary, tuple(parts), files.pop_all())


def open_one(
    source: Source,
    delivery: Delivery,
    number: int,
    *,
    us: str,
    ours: Collection[OpeningKey],
    partner: PinnedKeys,
    scratch: Scratch = private_file,
) -> OpenedPart:
    """Open one part of a package that was admitted before; every check on the box and on this part is made again.

    Args:
        source: where the sealed bytes are.
        delivery: as it was read when it came.
        number: of the part.
        us: our installation.
        ours: our opening keys.
        partner: keys of the sender.
        scratch: makes a private file for the plain bytes; whoever asked closes it.

    Raises:
        PackageRefused: what is stored is no longer what was admitted.
    """
    inner, keys = _open_box(source, delivery, ours, partner)
    _require_for_us(inner, delivery, us)
    part = next((one for one in inner.parts if one.number == number), None)
    if part is None:
        raise PackageRefused(Refusal.CANNOT_OPEN)
    with ExitStack() as files:
        plain = files.enter_context(scratch())
        _open_part(source, delivery, part, keys[number], plain)
        files.pop_all()
        return OpenedPart(part, plain)


def _open_box(
    source: Source, delivery: Delivery, ours: Collection[OpeningKey], partner: PinnedKeys
) -> tuple[Manifest, Mapping[int, bytes]]:
    """Unseal, read the keys, verify the manifest. What does not open costs what a forged manifest costs."""
    keys = [key for key in ours if key.kid == delivery.sealed_to]
    text, ceks = _read_box(_box(source, delivery), keys, len(delivery.parts))
    try:
        inner = manifests.read(text, partner)
    except (TokenRefused, ContentRefused) as error:
        if isinstance(error, ContentRefused) and ceks is not None:
            raise PackageRefused(Refusal.CONTENT_NOT_ALLOWED, error.what) from error
        raise PackageRefused(Refusal.CANNOT_OPEN) from error
    if ceks is None:
        raise PackageRefused(Refusal.CANNOT_OPEN)
    return inner, ceks


def _box(source: Source, delivery: Delivery) -> str | None:
    try:
        with source.open(BOX) as file:
            text = file.read(MAX_JWE + 1).decode("ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return text if deliveries.box_fits(delivery, text) else None


def _read_box(
    box: str | None, keys: Collection[OpeningKey], count: int
) -> tuple[str, Mapping[int, bytes] | None]:
    """Return manifest and keys; a manifest of nobody and None when the box is not what it must be."""
    try:
        content = read_object(door.unseal(box, keys))
        if not _is_box(content):
            return _nobodys_manifest(), None
        return content["manifest"], _part_keys(content["cek"], count)
    except (CannotOpen, NotStrict):
        return _nobodys_manifest(), None


def _part_keys(texts: Mapping[str, Any], count: int) -> Mapping[int, bytes]:
    """One key for each part and none twice: a key used again would be given away by its nonces."""
    if texts.keys() != {str(number) for number in range(1, count + 1)}:
        raise NotStrict
    keys = {int(number): un_b64(text) for number, text in texts.items()}
    if any(len(key) != KEY_BYTES for key in keys.values()) or len(set(keys.values())) < count:
        raise NotStrict
    return keys


@cache
def _nobodys_manifest() -> str:
    """A token to spend the usual work on. Source: EXP-TT31."""
    return door.sign(Kind.MANIFEST, b"{}", SigningKey.fresh())


def _require_for_us(inner: Manifest, outer: Delivery, us: str) -> None:
    """The inside must be about the same package from the same sender to us as the outside."""
    if {inner.audience, outer.audience} != {us}:
        raise PackageRefused(Refusal.NOT_FOR_US)
    told = (inner.issuer, inner.package, [sealed_size(part.size) for part in inner.parts])
    if told != (outer.issuer, outer.package, [part.size for part in outer.parts]):
        raise PackageRefused(Refusal.CANNOT_OPEN)


def _open_part(source: Source, delivery: Delivery, part: Part, key: bytes, plain: BinaryIO) -> None:
    """Decrypt one part and compare it with both signatures; its plain bytes are left at their beginning."""
    meter = Meter()
    try:
        with source.open(part_name(part.number)) as sealed:
            open_part(
                Metered(sealed, meter), plain, key=key, package=delivery.package,
                number=part.number, size=part.size, sha256=part.sha256,
            )  # fmt: skip
    except (CannotOpen, FileNotFoundError) as error:
        raise PackageRefused(Refusal.CANNOT_OPEN) from error
    if meter.measure != delivery.parts[part.number - 1]:
        raise PackageRefused(Refusal.CANNOT_OPEN)
    plain.seek(0)


def _require_contents(inner: Manifest, parts: Collection[OpenedPart]) -> Mapping[str, Any] | None:
    """Every part is what it is said to be, and the summary fits its schema and its manifest."""
    summary: Mapping[str, Any] | None = None
    for opened in parts:
        if opened.part.role is PartRole.SUMMARY:
            summary = _summary(inner, opened.content)
            continue
        try:
            require_content(opened.part.media, opened.content)
        except ContentRefused as error:
            raise PackageRefused(Refusal.CONTENT_NOT_ALLOWED, error.what) from error
    return summary


def _summary(inner: Manifest, content: BinaryIO) -> Mapping[str, Any]:
    try:
        summary = summaries.read(content.read(summaries.MAX_SUMMARY + 1))
    except SummaryInvalid as error:
        raise PackageRefused(Refusal.SCHEMA_INVALID, error.pointer) from error
    fault = summary_fault(inner.letter, summary)
    if fault is not None:
        raise PackageRefused(Refusal.SCHEMA_INVALID, fault)
    content.seek(0)
    return summary

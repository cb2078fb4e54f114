"""Ordinary letters, parts and summaries, packages sealed on a shelf in memory, and a forger who seals anything."""

import io
import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, BinaryIO

import pytest

from core.exchange import deliveries, door, opening, packages
from core.exchange.deliveries import Delivery, Numbering
from core.exchange.encoding import b64, digest
from core.exchange.errors import PackageRefused
from core.exchange.kinds import Kind
from core.exchange.manifests import (
    Approval,
    Basis,
    Handling,
    Letter,
    Message,
    PartRole,
    Purpose,
    Redaction,
)
from core.exchange.measures import Measure
from core.exchange.opening import Opened
from core.exchange.packages import PlainPart, Route, Sealed
from core.exchange.parts import seal_part
from core.exchange.shelves import BOX, DELIVERY, part_name
from tests.builders.exchange import (
    ID,
    NAMIBIA,
    NOW,
    ZAMBIA,
    claims_of,
    forge,
    opening_key_of,
    pinned_keys_of,
    signing_key_of,
    whole_claims,
)

REF = "KQ7M-3RTX-9A"
DELIVERY_ID = "22222222-2222-4333-8444-555555555555"
CHAIN = "33333333-2222-4333-8444-555555555555"
GRANT_ID = "44444444-2222-4333-8444-555555555555"
FIRST = Numbering(CHAIN, 1, None)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"


class MemoryShelf:
    """A shelf that keeps what is put in a dict; it counts as durable because nobody cuts its power."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self.order: list[str] = []

    def put(self, name: str, blocks: Iterable[bytes]) -> None:
        self.files[name] = b"".join(blocks)
        self.order.append(name)

    def open(self, name: str) -> BinaryIO:
        if name not in self.files:
            raise FileNotFoundError(name)
        return io.BytesIO(self.files[name])

    def clear(self) -> None:
        self.files.clear()

    def changed(self, **files: bytes) -> "MemoryShelf":
        """The same with other bytes, named ``box``, ``delivery`` or ``part1`` and so on."""
        names = {"box": BOX, "delivery": DELIVERY}
        found = {names.get(key) or part_name(int(key[4:])): data for key, data in files.items()}
        return MemoryShelf({**self.files, **found})


def a_summary(**changes: Any) -> dict[str, Any]:
    ordinary = {
        "schema": "bidx-summary/1", "ref": REF, "summary_version": 1,
        "child": {
            "child_code": "C-2481-7Q", "age_band": "13-15", "age_basis": "stated", "sex": "female",
            "nationality": ["NAM"], "languages": ["en", "loz"], "accompaniment": "unaccompanied",
        },
        "care": {"type": "foster_care", "priority": "high"},
        "matter": {
            "kind": "family_reunification", "round": "request", "reason": "An aunt has agreed to care.",
            "child_view": "She wants to live with her aunt.",
        },
        "asked": ["home_study"], "reply_due": "2026-03-20",
        "contacts": [{"office": "Sesheke district", "role": "coordinator", "phone": "+260 000 000"}],
        "withheld": [],
    }  # fmt: skip
    return {**ordinary, **changes}


def a_letter(**changes: Any) -> Letter:
    ordinary: dict[str, Any] = {
        "ref": REF,
        "message": Message.REQUEST,
        "purpose": Purpose.CROSS_BORDER_SUMMARY,
        "basis": Basis.CONSENT,
        "redaction": Redaction.WITHOUT_SENSITIVE,
        "handling": Handling(view_only=True, retain_until=date(2027, 3, 2)),
        "approvals": (Approval("author", "p1", NOW), Approval("checker", "p2", NOW)),
    }
    return Letter(**{**ordinary, **changes})


def a_part(content: bytes = b"In plain words.\n", **changes: Any) -> PlainPart:
    ordinary: dict[str, Any] = {
        "name": "Report.txt",
        "media": "text/plain",
        "role": PartRole.REPORT,
    }
    return PlainPart(**{**ordinary, **changes}, content=io.BytesIO(content))


def a_summary_part(**changes: Any) -> PlainPart:
    content = json.dumps(a_summary(**changes)).encode()
    return a_part(content, name="Summary.json", media="application/json", role=PartRole.SUMMARY)


def a_route(sender: str = ZAMBIA, receiver: str = NAMIBIA) -> Route:
    return Route(sender, signing_key_of(sender), receiver, opening_key_of(receiver).public)


def sealed_on(
    shelf: Any,
    parts: Iterable[PlainPart] | None = None,
    letter: Letter | None = None,
    **changes: Any,
) -> Sealed:
    facts = {
        "route": a_route(), "package": ID, "delivery": DELIVERY_ID, "numbering": FIRST, "now": NOW,
        **changes,
    }  # fmt: skip
    listed = [a_summary_part(), a_part()] if parts is None else list(parts)
    return packages.seal_package(shelf, letter or a_letter(), listed, **facts)


def opened_from(source: Any, delivery: Delivery, **changes: Any) -> Opened:
    facts = {
        "us": NAMIBIA,
        "ours": [opening_key_of(NAMIBIA)],
        "partner": pinned_keys_of(ZAMBIA),
        **changes,
    }
    return opening.open_package(source, delivery, **facts)


def forged(
    *,
    plain: tuple[bytes, ...] = (b"one", b"two"),
    manifest: Mapping[str, Any] | str | None = None,
    box: Mapping[str, Any] | bytes | None = None,
    outer: Mapping[str, Any] | None = None,
    inner_signer: str = ZAMBIA,
    issuer: str = ZAMBIA,
    sealed_box: str | None = None,
    keys: tuple[bytes, ...] | None = None,
) -> tuple[MemoryShelf, Delivery]:
    """Seal past every check of ours: a valid delivery around whatever is wished inside.

    Args:
        plain: contents of the parts.
        manifest: claims that differ, or another token.
        box: members that differ, or other bytes.
        outer: claims of the delivery that differ.
        inner_signer: who signs the manifest.
        issuer: who signs the delivery.
        sealed_box: another text in the place of the box.
        keys: other keys of the parts.
    """
    keys = keys or tuple(bytes([number]) * 32 for number in range(1, len(plain) + 1))
    shelf = MemoryShelf()
    for number, (key, data) in enumerate(zip(keys, plain, strict=True), start=1):
        shelf.put(
            part_name(number), seal_part(io.BytesIO(data), key=key, package=ID, number=number)
        )
    token = manifest if isinstance(manifest, str) else _inner(plain, manifest or {}, inner_signer)
    content = {"manifest": token, "cek": {str(n): b64(key) for n, key in enumerate(keys, start=1)}}
    text = box if isinstance(box, bytes) else json.dumps({**content, **(box or {})}).encode()
    sealed = sealed_box or door.seal(text, opening_key_of(NAMIBIA).public)
    shelf.put(BOX, [sealed.encode()])
    measures = [_measure(shelf.files[part_name(n)]) for n in range(1, len(plain) + 1)]
    claims = claims_of(
        Kind.DELIVERY, ekid=opening_key_of(NAMIBIA).kid, chain=CHAIN, jti=DELIVERY_ID, pkg=ID,
        keys={"size": len(sealed), "sha256": digest(sealed.encode())},
        parts=[{"n": n, "size": m.size, "sha256": m.sha256} for n, m in enumerate(measures, 1)],
    )  # fmt: skip
    whole = {"ver": 1, "iss": issuer, **claims, **(outer or {})}
    made = forge(whole, kind=Kind.DELIVERY, signer=signing_key_of(issuer))
    return shelf, deliveries.read_kept(made, pinned_keys_of(issuer))


def manifest_claims(plain: tuple[bytes, ...], **changes: Any) -> dict[str, Any]:
    parts = [
        {"n": n, "name": f"{n}.txt", "media": "text/plain", "role": "other", "size": len(data), "sha256": digest(data)}
        for n, data in enumerate(plain, start=1)
    ]  # fmt: skip
    return whole_claims(
        Kind.MANIFEST, parts=parts, redaction="R2", purpose="package", pkg=ID, **changes
    )


def _inner(plain: tuple[bytes, ...], changes: Mapping[str, Any], signer: str) -> str:
    claims = {**manifest_claims(plain), "iss": signer, **changes}
    return forge(claims, kind=Kind.MANIFEST, signer=signing_key_of(signer))


def _measure(data: bytes) -> Measure:
    return Measure(len(data), digest(data))


def a_png(*, middle: bytes = b"", after: bytes = b"") -> bytes:
    """A picture of one point, with another chunk in the middle and bytes after its end."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [
        _chunk(b"IHDR", head),
        middle,
        _chunk(b"IDAT", zlib.compress(b"\x00\x00")),
        _chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + after


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def a_text_chunk(text: bytes) -> bytes:
    return _chunk(b"tEXt", b"Comment\x00" + text)


def a_jpeg(
    *, comment: bytes = b"", scan: bytes = b"\x12\xff\x00\x34\xff\xd0\x56", after: bytes = b""
) -> bytes:
    """The outer structure of a JPEG: header, comment, frame, scan, end."""

    def segment(code: int, data: bytes) -> bytes:
        return bytes([0xFF, code]) + struct.pack(">H", len(data) + 2) + data

    frame = segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
    start = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    body = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00") + segment(0xFE, comment)
    return b"\xff\xd8" + body + frame + start + scan + b"\xff\xd9" + after


class Watched:
    """Private files, all of them remembered after they were closed."""

    def __init__(self) -> None:
        self.files: list[io.BytesIO] = []

    def __call__(self) -> io.BytesIO:
        self.files.append(io.BytesIO())
        return self.files[-1]

    @property
    def all_closed(self) -> bool:
        return all(file.closed for file in self.files)


def refusal(source: Any, delivery: deliveries.Delivery, **changes: Any) -> PackageRefused:
    scratch = Watched()
    with pytest.raises(PackageRefused) as caught:
        opened_from(source, delivery, scratch=scratch, **changes)
    assert scratch.all_closed
    return caught.value

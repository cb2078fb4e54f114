"""A package as a file, archives written by hand past every rule, and a fuzzer that breaks good files."""

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from core.exchange import deliveries, files
from core.exchange.deliveries import Delivery
from core.exchange.errors import FileRefused, PackageRefused, TokenRefused
from tests.builders.exchange import NAMIBIA, NOW, ZAMBIA, pinned_keys_of
from tests.builders.packages import MemoryShelf, a_part, a_summary_part, opened_from, sealed_on

STORED: Final = 0
DEFLATED: Final = 8
LINK: Final = 0o120777 << 16
FOLDER: Final = 0o040755 << 16
PLAIN: Final = 0o100600 << 16


@dataclass(frozen=True)
class Written:
    """One entry as the forger wants it told; None tells the truth. ``head`` holds flags and method before the bytes."""

    name: str | bytes
    data: bytes
    method: int = STORED
    flags: int = 0
    mode: int = PLAIN
    extra: bytes = b""
    comment: bytes = b""
    size: int | None = None
    head_name: bytes | None = None
    head: tuple[int, int] | None = None
    later_sum: int | None = None
    offset: int | None = None


def written(
    entries: Iterable[Written],
    *,
    before: bytes = b"",
    between: bytes = b"",
    after: bytes = b"",
    comment: bytes = b"",
    count: int | None = None,
) -> bytes:
    """Write an archive byte by byte."""
    out, listed = io.BytesIO(before), b""
    out.seek(0, io.SEEK_END)
    number = 0
    for entry in entries:
        name = entry.name if isinstance(entry.name, bytes) else entry.name.encode()
        packed = zlib.compress(entry.data)[2:-4] if entry.method == DEFLATED else entry.data
        size = len(entry.data) if entry.size is None else entry.size
        offset = out.tell() if entry.offset is None else entry.offset
        head_name = entry.head_name or name
        told = (zlib.crc32(entry.data), len(packed) if entry.size is None else entry.size, size)
        in_head = (0, 0, 0) if entry.flags & 8 else told
        fixed = (20, entry.flags, entry.method, 0, 33)
        head_fixed = fixed if entry.head is None else (20, *entry.head, 0, 33)
        out.write(
            struct.pack(
                "<4s5H3L2H", b"PK\x03\x04", *head_fixed, *in_head, len(head_name), len(entry.extra)
            )
        )
        out.write(head_name + entry.extra + packed)
        if entry.flags & 8:
            out.write(struct.pack("<4s3L", b"PK\x07\x08", entry.later_sum or told[0], *told[1:]))
        out.write(between)
        lengths = (len(name), len(entry.extra), len(entry.comment))
        listed += struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 0x31E, *fixed, *told, *lengths, 0, 0, entry.mode, offset
        )
        listed += name + entry.extra + entry.comment
        number += 1
    told_count = number if count is None else count
    end = (0, 0, told_count, told_count, len(listed), out.tell(), len(comment))
    return out.getvalue() + listed + struct.pack("<4s4H2LH", b"PK\x05\x06", *end) + comment + after


@cache
def a_package() -> tuple[Delivery, MemoryShelf]:
    """A package of two parts that really opens."""
    shelf = MemoryShelf()
    sealed = sealed_on(shelf, [a_summary_part(), a_part(b"0123456789" * 20)])
    return sealed.delivery, shelf


@cache
def a_file() -> bytes:
    """The same as a file."""
    delivery, shelf = a_package()
    out = io.BytesIO()
    files.write_file(out, delivery, shelf)
    return out.getvalue()


def entries_of(delivery: Delivery, shelf: MemoryShelf) -> list[Written]:
    """Its entries, to be changed and written by hand."""
    label = Written("bidx.json", b'{"format":"bidx-file/1"}')
    names = ("delivery.jwt", "keys.jwe", *sorted(n for n in shelf.files if n.startswith("parts/")))
    return [label, *(Written(name, shelf.files[name]) for name in names)]


def judged(data: bytes) -> str:
    """Take a file as the reader would and say what became of it; anything but our refusals is raised.

    A file that opens must carry exactly what was sealed: then it was not broken.
    """
    delivery, shelf = a_package()
    try:
        sealed = files.read_file(io.BytesIO(data))
        told = deliveries.read(sealed.delivery, pinned_keys_of(ZAMBIA), us=NAMIBIA, now=NOW)
        sealed.require(told)
    except (FileRefused, TokenRefused) as refused:
        return type(refused).__name__
    if deliveries.wrong_parts(told, sealed):
        return "wrong parts"
    try:
        with opened_from(sealed, told) as opened, opened_from(shelf, delivery) as right:
            same = [part.content.read() for part in opened.parts] == [
                part.content.read() for part in right.parts
            ]
    except PackageRefused as refused:
        return str(refused.reason)
    if not same:
        raise AssertionError("a broken file opened to something else")
    return "opened"


def broken(seed: int, good: bytes) -> bytes:
    """Break a good file in one to four ways; the same seed always breaks it alike."""
    chance = random.Random(seed)
    data = good
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(_WAYS)(chance, data)
    return data


def _flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data or b"\x00")
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(chance: random.Random, data: bytes) -> bytes:
    first, second = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:first] + data[second:] if chance.random() < 0.5 else data[first:second]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    first, second = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:second] + data[first:]


def _insert(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.randbytes(chance.randint(1, 40)) + data[place:]


def _number(chance: random.Random, data: bytes) -> bytes:
    """Put a number that is on an edge where lengths and offsets stand: near a sign of the archive."""
    signs = [place for place in range(len(data) - 4) if data[place : place + 2] == b"PK"] or [0]
    place = chance.choice(signs) + chance.randint(4, 46)
    value = chance.choice(
        (0, 1, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF, len(data))
    )
    packed = struct.pack("<L", value)[: chance.choice((1, 2, 4))]
    return data[:place] + packed + data[place + len(packed) :]


def _swap(chance: random.Random, data: bytes) -> bytes:
    size = chance.randint(1, 64)
    one, other = (chance.randrange(max(1, len(data) - size)) for _ in range(2))
    changed = bytearray(data)
    changed[one : one + size], changed[other : other + size] = (
        data[other : other + size],
        data[one : one + size],
    )
    return bytes(changed)


_WAYS: Final[tuple[Callable[[random.Random, bytes], bytes], ...]] = (
    _flip, _cut, _repeat, _insert, _number, _number, _swap,
)  # fmt: skip

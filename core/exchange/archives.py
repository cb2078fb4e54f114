"""An archive in its plainest form, read strictly: stored entries one after another, their list, and nothing else.

Programs disagree about archives whose two lists differ, that overlap, hide bytes between entries or name a file
twice. Here the list at the end and the heads before the entries must tell the same, and together they must fill
the file from its first byte to its last. Only lists and heads are read. Source: EXP-5.4, EXP-TT38.
"""

import io
import os
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO, Final

from core.exchange.errors import FileRefused

_END: Final = struct.Struct("<4s4H2LH")
_LISTED: Final = struct.Struct("<4s6H3L5H2L")
_HEAD: Final = struct.Struct("<4s5H3L2H")
_DESCRIPTOR: Final = struct.Struct("<4s3L")
_END_SIGN: Final = b"PK\x05\x06"
_LISTED_SIGN: Final = b"PK\x01\x02"
_HEAD_SIGN: Final = b"PK\x03\x04"
_DESCRIPTOR_SIGN: Final = b"PK\x07\x08"
_LATER: Final = 0x0008  # sum and sizes follow the bytes: writers that cannot go back
_UTF8: Final = 0x0800  # names are ASCII, so this says nothing
_MAX_EXTRA: Final = 64
_ZIP64: Final = 0xFFFFFFFF
_REGULAR: Final = 0o100000
_KIND: Final = 0o170000
_DOS_NOT_A_FILE: Final = 0x18  # folder, volume label


@dataclass(frozen=True)
class Entry:
    """Where the bytes of one entry lie.

    Args:
        name: one of those that were expected.
        start: of its bytes in the file.
        size: how many.
        crc: their sum, as told.
    """

    name: str
    start: int
    size: int
    crc: int

    def is_sound(self, data: bytes) -> bool:
        """Whether bytes have the sum the archive tells."""
        return zlib.crc32(data) == self.crc


@dataclass(frozen=True)
class _Listed:
    """An entry as the list at the end tells it."""

    name: str
    flags: int
    crc: int
    size: int
    offset: int


class Span(io.RawIOBase):
    """The bytes of one entry, as a file of their own; the archive is not closed with it."""

    def __init__(self, file: BinaryIO, entry: Entry) -> None:
        self._file = file
        self._entry = entry
        self._at = 0

    @classmethod
    def buffered(cls, file: BinaryIO, entry: Entry) -> BinaryIO:
        """Return it with the usual buffer."""
        return io.BufferedReader(cls(file, entry))

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object, /) -> int:
        """Fill the buffer with what comes next, never past the end of the entry."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # RawIOBase gives any buffer
        wanted = min(len(view), self._entry.size - self._at)
        self._file.seek(self._entry.start + self._at)
        block = self._file.read(wanted)
        view[: len(block)] = block
        self._at += len(block)
        return len(block)


def read_entries(file: BinaryIO, *, limits: Mapping[str, int]) -> dict[str, Entry]:
    """Read the list of an archive and return its entries by name.

    Args:
        file: seekable.
        limits: the names that may stand in it, each with the most bytes it may have.

    Raises:
        FileRefused: with a code.
    """
    size = file.seek(0, os.SEEK_END)
    count, start = _read_end(file, size, len(limits))
    listed = _read_list(file, start, size - _END.size, count)
    for entry in listed:
        if entry.name not in limits:
            raise FileRefused("entries")
        if entry.size > limits[entry.name]:
            raise FileRefused("sizes")
    return _located(file, sorted(listed, key=lambda entry: entry.offset), start)


def _read_end(file: BinaryIO, size: int, most: int) -> tuple[int, int]:
    """Return how many entries there are and where their list starts."""
    if size < _END.size:
        raise FileRefused("not_a_package")
    file.seek(size - _END.size)
    sign, disk, list_disk, here, count, length, start, comment = _END.unpack(file.read(_END.size))
    if sign != _END_SIGN:
        raise FileRefused("not_a_package")
    if (disk, list_disk, comment) != (0, 0, 0) or here != count or not 1 <= count <= most:
        raise FileRefused("list")
    if start + length != size - _END.size or length > count * (_LISTED.size + 2 * _MAX_EXTRA):
        raise FileRefused("list")
    return count, start


def _read_list(file: BinaryIO, start: int, end: int, count: int) -> list[_Listed]:
    file.seek(start)
    data = file.read(end - start)
    found: list[_Listed] = []
    at = 0
    for _ in range(count):
        entry, at = _read_listed(data, at)
        found.append(entry)
    if at != len(data) or len({entry.name for entry in found}) < count:
        raise FileRefused("list")
    return found


def _read_listed(data: bytes, at: int) -> tuple[_Listed, int]:
    if len(data) - at < _LISTED.size:
        raise FileRefused("list")
    (sign, _, _, flags, method, _, _, crc, packed, size, name_length, extra, comment, disk, _,
     mode, offset) = _LISTED.unpack_from(data, at)  # fmt: skip
    after = at + _LISTED.size + name_length + extra + comment
    if sign != _LISTED_SIGN or comment or disk or extra > _MAX_EXTRA or after > len(data):
        raise FileRefused("list")
    if method or flags & ~(_LATER | _UTF8):
        raise FileRefused("flags")
    if packed != size or _ZIP64 in (size, offset):
        raise FileRefused("sizes")
    _require_regular(mode)
    name = data[at + _LISTED.size : at + _LISTED.size + name_length]
    return _Listed(_ascii(name), flags, crc, size, offset), after


def _require_regular(mode: int) -> None:
    """An ordinary file: no folder, link or device, whatever system wrote it."""
    kind = (mode >> 16) & _KIND
    if mode & _DOS_NOT_A_FILE or kind not in (0, _REGULAR):
        raise FileRefused("mode")


def _located(file: BinaryIO, listed: Sequence[_Listed], start: int) -> dict[str, Entry]:
    """Find the bytes of each entry; the next one begins where they end, and the list after the last."""
    ends = [entry.offset for entry in listed] + [start]
    if ends[0] != 0:
        raise FileRefused("gap")
    found: dict[str, Entry] = {}
    for entry, (_, following) in zip(listed, pairwise(ends), strict=True):
        begin = _read_head(file, entry)
        gap = following - begin - entry.size
        if gap != (_DESCRIPTOR.size if entry.flags & _LATER else 0):
            raise FileRefused("gap")
        if gap:
            _require_descriptor(file, begin + entry.size, entry)
        found[entry.name] = Entry(entry.name, begin, entry.size, entry.crc)
    return found


def _read_head(file: BinaryIO, entry: _Listed) -> int:
    """Check that the head before an entry tells what the list tells; returns where its bytes begin."""
    file.seek(entry.offset)
    data = file.read(_HEAD.size)
    if len(data) < _HEAD.size:
        raise FileRefused("list")
    sign, _, flags, method, _, _, crc, packed, size, name_length, extra = _HEAD.unpack(data)
    told = (0, 0, 0) if flags & _LATER else (entry.crc, entry.size, entry.size)
    if sign != _HEAD_SIGN or flags != entry.flags or method or (crc, packed, size) != told:
        raise FileRefused("list")
    if name_length != len(entry.name) or extra > _MAX_EXTRA:
        raise FileRefused("list")
    if file.read(name_length) != entry.name.encode("ascii"):
        raise FileRefused("list")
    return int(entry.offset + _HEAD.size + name_length + extra)


def _require_descriptor(file: BinaryIO, at: int, entry: _Listed) -> None:
    file.seek(at)
    told = _DESCRIPTOR.unpack(file.read(_DESCRIPTOR.size))
    if told != (_DESCRIPTOR_SIGN, entry.crc, entry.size, entry.size):
        raise FileRefused("list")


def _ascii(name: bytes) -> str:
    if not name.isascii():
        raise FileRefused("entries")
    return name.decode("ascii")

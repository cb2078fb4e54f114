"""JPEG and PNG from their first byte to their last: segment by segment, and nothing after the end.

Cameras that hang a film or a second picture behind the first are refused too: what nobody sees in the picture,
nobody approved for sending. Source: EXP-5.2.
"""

import os
import re
import struct
import zlib
from typing import BinaryIO, Final

from core.exchange.markup import holds_script

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
_BLOCK: Final = 256 * 1024
_JPEG_START: Final = b"\xff\xd8"
_FILL: Final = 0xFF
_SCAN: Final = 0xDA
_END: Final = 0xD9
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_NO_SEGMENT: Final = frozenset({0x00, 0x01, 0xD8, *range(0xD0, 0xD8)})
# Inside a scan 0xff stands for itself before 0x00; restarts belong to the scan; anything else ends it.
_AFTER_SCAN: Final = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
_PNG_START: Final = b"\x89PNG\r\n\x1a\n"
_CHUNK_NAME: Final = re.compile(rb"[A-Za-z]{4}")
_IHDR_BYTES: Final = 13


def jpeg_fault(content: BinaryIO) -> str | None:
    """Return what is wrong with a JPEG; None when it is one."""
    size = _size(content)
    if content.read(2) != _JPEG_START:
        return "not_jpeg"
    if not _walk_jpeg(content, size):
        return "jpeg_structure"
    if content.tell() != size:
        return "after_end"
    content.seek(0)
    return "script" if holds_script(content) else None


def png_fault(content: BinaryIO) -> str | None:
    """Return what is wrong with a PNG; None when it is one."""
    size = _size(content)
    if content.read(len(_PNG_START)) != _PNG_START:
        return "not_png"
    if not _walk_png(content, size):
        return "png_structure"
    if content.tell() != size:
        return "after_end"
    content.seek(0)
    return "script" if holds_script(content) else None


def _walk_jpeg(content: BinaryIO, size: int) -> bool:
    """Go from segment to segment up to the end marker; a picture has a frame and a scan."""
    met: set[int] = set()
    while (marker := _marker(content)) != _END:
        if marker is None or marker in _NO_SEGMENT or not _skip_segment(content, size):
            return False
        met.add(marker)
        if marker == _SCAN and not _skip_scan(content):
            return False
    return _SCAN in met and not _FRAMES.isdisjoint(met)


def _marker(content: BinaryIO) -> int | None:
    first = content.read(2)
    if len(first) < len(_JPEG_START) or first[0] != _FILL:
        return None
    code = first[1]
    while code == _FILL:
        more = content.read(1)
        if not more:
            return None
        code = more[0]
    return code


def _skip_segment(content: BinaryIO, size: int) -> bool:
    length = int.from_bytes(content.read(2), "big")
    return length >= len(_JPEG_START) and content.seek(length - 2, os.SEEK_CUR) <= size


def _skip_scan(content: BinaryIO) -> bool:
    """Go to the marker that ends the picture data."""
    at = content.tell()
    held = b""
    while block := content.read(_BLOCK):
        held += block
        found = _AFTER_SCAN.search(held)
        if found:
            content.seek(at + found.start())
            return True
        rest = len(held) - len(held.rstrip(b"\xff"))
        at += len(held) - rest
        held = held[len(held) - rest :]
    return False


def _walk_png(content: BinaryIO, size: int) -> bool:
    """Go from chunk to chunk, the header first, up to the end chunk; every sum must hold."""
    first, met = True, set()
    while True:
        head = content.read(8)
        if len(head) < struct.calcsize(">I4s"):
            return False
        length, name = struct.unpack(">I4s", head)
        fits = _CHUNK_NAME.fullmatch(name) and content.tell() + length + 4 <= size
        if not fits or first != (name == b"IHDR") or (first and length != _IHDR_BYTES):
            return False
        if not _sum_holds(content, name, length):
            return False
        if name == b"IEND":
            return b"IDAT" in met and length == 0
        first = False
        met.add(name)


def _sum_holds(content: BinaryIO, name: bytes, length: int) -> bool:
    total = zlib.crc32(name)
    while length:
        block = content.read(min(length, _BLOCK))
        total = zlib.crc32(block, total)
        length -= len(block)
    return total == int.from_bytes(content.read(4), "big")


def _size(content: BinaryIO) -> int:
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    return size

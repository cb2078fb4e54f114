"""The bulk of a package: parts encrypted in chunks, each bound to its package, number, place and end.

A key is used for one part only, so nonces may start at nothing. Opening checks size, hash and every chunk
before it gives one byte of a part away.
Source: EXP-2, EXP-5.3.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.exchange.encoding import b64
from core.exchange.errors import CannotMake, CannotOpen
from core.exchange.kinds import CHUNK, MAX_PART, MAX_PARTS, TAG
from core.exchange.measures import Readable
from core.exchange.shapes import is_id

KEY_BYTES: Final = 32
SEALED_CHUNK: Final = CHUNK + TAG


def fresh_part_key() -> bytes:
    """Return a random key for one part."""
    return AESGCM.generate_key(8 * KEY_BYTES)


def seal_part(plain: Readable, *, key: bytes, package: str, number: int) -> Iterator[bytes]:
    """Encrypt one part, chunk by chunk; an empty part is one empty chunk.

    Args:
        plain: the part, read to its end.
        key: of this part and no other.
        package: its id.
        number: of the part, from 1.

    Raises:
        CannotMake: a key, id, number or size the protocol does not know.
    """
    if not _is_named(key, package, number):
        raise CannotMake("part")
    return _sealed(plain, AESGCM(key), _bound(package, number))


def open_part(
    sealed: Readable,
    sink: BinaryIO,
    *,
    key: bytes,
    package: str,
    number: int,
    size: int,
    sha256: str,
) -> None:
    """Decrypt one part into an empty sink; on a refusal the sink is empty again.

    Args:
        sealed: the encrypted part, read to its end.
        sink: where the plain part goes; nobody may read it before this returns.
        key: from the box.
        package: id in the delivery.
        number: of the part in the delivery.
        size: plain bytes, as the manifest tells.
        sha256: hash of the plain bytes, as the manifest tells.

    Raises:
        CannotOpen: for every cause: changed, cut, extended, moved, another key, size or content.
    """
    if not _is_named(key, package, number) or not 0 <= size <= MAX_PART:
        raise CannotOpen
    try:
        found = _opened(sealed, sink, AESGCM(key), _bound(package, number), size)
        _require_same(found, sha256)
    except BaseException:
        sink.seek(0)
        sink.truncate()
        raise


def _opened(sealed: Readable, sink: BinaryIO, cipher: AESGCM, bound: bytes, size: int) -> str:
    written, hashed = 0, hashlib.sha256()
    for index, (chunk, last) in enumerate(_with_end(_chunks(sealed, SEALED_CHUNK))):
        try:
            plain = cipher.decrypt(_nonce(index, last=last), chunk, bound)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen from error
        written += len(plain)
        if written > size or (not plain and index):
            raise CannotOpen
        hashed.update(plain)
        sink.write(plain)
    _require_same(str(written), str(size))
    return b64(hashed.digest())


def _require_same(found: str, told: str) -> None:
    if found != told:
        raise CannotOpen


def _is_named(key: object, package: object, number: object) -> bool:
    whole_key = isinstance(key, bytes) and len(key) == KEY_BYTES
    return whole_key and is_id(package) and type(number) is int and 1 <= number <= MAX_PARTS


def _sealed(plain: Readable, cipher: AESGCM, bound: bytes) -> Iterator[bytes]:
    total = 0
    for index, (chunk, last) in enumerate(_with_end(_chunks(plain, CHUNK))):
        total += len(chunk)
        if total > MAX_PART:
            raise CannotMake("size")
        yield cipher.encrypt(_nonce(index, last=last), chunk, bound)


def _bound(package: str, number: int) -> bytes:
    return f"bidx1|{package}|{number}".encode("ascii")


def _nonce(index: int, *, last: bool) -> bytes:
    return bytes(7) + index.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _chunks(source: Readable, size: int) -> Iterator[bytes]:
    """Whole chunks of this size, whatever the source gives at a time; at least one, which may be empty."""
    held = b""
    first = True
    while True:
        while len(held) < size and (more := source.read(size - len(held))):
            held += more
        if held or first:
            yield held
        if len(held) < size:
            return
        held, first = b"", False


def _with_end(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each chunk with whether it is the last one."""
    waiting: bytes | None = None
    for chunk in chunks:
        if waiting is not None:
            yield waiting, False
        waiting = chunk
    if waiting is not None:
        yield waiting, True

"""Where sealed files lie: one file for each attachment, named by its id, in sealed chunks.

Each chunk is sealed under the key of the case and bound to its number and to being the last or
not, so that a file cannot be cut, reordered or exchanged. Nothing is ever on disk in clear.
"""

import os
from pathlib import Path
from typing import BinaryIO, Final

from sqlmodel import Session

from core.vault import OVERHEAD, Place, Unreadable, vault_of

_LENGTH: Final = 4
_LARGEST: Final = 2 * 1024 * 1024
_TABLE: Final = "attachment"


def path_of(folder: Path, attachment_id: str) -> Path:
    """Return where an attachment lies."""
    return folder / attachment_id[:2] / attachment_id


def partial_of(folder: Path, attachment_id: str) -> Path:
    """Return where an attachment lies while it is arriving."""
    path = path_of(folder, attachment_id)
    return path.with_name(path.name + ".partial")


def append_chunk(
    session: Session,
    folder: Path,
    *,
    case_id: str,
    attachment_id: str,
    number: int,
    data: bytes,
    is_last: bool,
) -> None:
    """Seal one chunk and put it at the end of the arriving file; chunk 0 begins it anew."""
    place = _place(attachment_id, number, is_last=is_last)
    sealed = vault_of(session).seal_bytes(session, owner=case_id, place=place, data=data)
    path = partial_of(folder, attachment_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if number else os.O_TRUNC)
    with os.fdopen(os.open(path, flags, 0o600), "ab" if number else "wb") as file:
        file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        if is_last:
            file.flush()
            os.fsync(file.fileno())


def finish(folder: Path, attachment_id: str) -> None:
    """Give an arrived file its place."""
    partial_of(folder, attachment_id).replace(path_of(folder, attachment_id))


def discard(folder: Path, attachment_id: str) -> None:
    """Remove a file, arrived or not; nothing happens when there is none."""
    partial_of(folder, attachment_id).unlink(missing_ok=True)
    path_of(folder, attachment_id).unlink(missing_ok=True)


def read_chunk(
    session: Session, folder: Path, *, case_id: str, attachment_id: str, number: int, chunks: int
) -> bytes:
    """Open one chunk of a file of so many.

    Raises:
        Unreadable: cut, lengthened, changed, exchanged, or not there at all.
        Erased: the key of the case was destroyed.
    """
    path = path_of(folder, attachment_id)
    if not path.is_file():
        raise Unreadable
    is_last = number == chunks - 1
    with path.open("rb") as file:
        for _ in range(number):
            file.seek(_length(file), os.SEEK_CUR)
        sealed = file.read(_length(file))
        if is_last and file.read(1):
            raise Unreadable
    place = _place(attachment_id, number, is_last=is_last)
    return vault_of(session).unseal_bytes(session, owner=case_id, place=place, sealed=sealed)


def chunk_sizes(folder: Path, attachment_id: str) -> list[int]:
    """Return how many bytes each chunk of a file holds, without opening one.

    Raises:
        Unreadable: cut, changed, or not there at all.
    """
    path = path_of(folder, attachment_id)
    if not path.is_file():
        raise Unreadable
    sizes, end = [], path.stat().st_size
    with path.open("rb") as file:
        while file.tell() < end:
            sizes.append(_length(file) - OVERHEAD)
            if sizes[-1] < 0 or file.seek(sizes[-1] + OVERHEAD, os.SEEK_CUR) > end:
                raise Unreadable
    return sizes


def _length(file: BinaryIO) -> int:
    length = int.from_bytes(file.read(_LENGTH), "big")
    if not 0 < length <= _LARGEST:
        raise Unreadable
    return length


def _place(attachment_id: str, number: int, *, is_last: bool) -> Place:
    return Place(_TABLE, f"content:{number}:{'last' if is_last else 'more'}", attachment_id)

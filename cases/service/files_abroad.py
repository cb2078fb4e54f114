"""Files of a case as another country may get them: what they are, and their bytes as a stream, never whole in memory.

For ``transfers``, which decides whether one leaves; nothing here is shown to anybody. Titles and file names stay here.

Source: DOM-4.8, DOM-R49, EXP-5.2.
"""

import io
from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from sqlmodel import Session

from cases.rules.attachments import Sensitivity
from cases.rules.children import ATTACHMENTS_PART
from cases.rules.consent import Receiver, Request, SharingPurpose
from cases.service import filestore
from cases.service.consents import HIGHLY_SENSITIVE, may_disclose
from cases.store import attachments as store
from core.errors import NotThere
from core.vault import Unreadable

_BUFFER = 64 * 1024


@dataclass(frozen=True)
class FileAbroad:
    """One file of a case.

    Args:
        kind: code, what it is for here.
        added_by: person.
    """

    id: str
    kind: str
    media: str
    size: int
    is_sensitive: bool
    added_by: str


def find(session: Session, case_id: str, attachment_id: str) -> FileAbroad | None:
    """Return a file of a case; None when it never came whole, was removed, or belongs to another case."""
    row = store.find_attachment(session, case_id, attachment_id)
    if row is None:
        return None
    is_sensitive = row.sensitivity == Sensitivity.HIGHLY_SENSITIVE
    return FileAbroad(row.id, row.kind, row.media_type, row.size, is_sensitive, row.added_by)


def withheld(
    session: Session,
    case_id: str,
    found: Collection[FileAbroad],
    *,
    country: str,
    purpose: SharingPurpose,
    on: date,
) -> tuple[bool, frozenset[str]]:
    """Say whether files may be told of at all, and which of them the child or guardian withholds from that country.

    A file is withheld under its own id, its kind, or with all files; a highly sensitive one also with all that is
    highly sensitive.

    Source: DOM-R48.
    """
    names = {one.id: _names(one) for one in found}
    request = Request(
        purpose=purpose, receiver=Receiver.PARTNER_COUNTRY,
        items=frozenset().union(*names.values()), on=on, partner=country,
    )  # fmt: skip
    told = may_disclose(session, case_id, request)
    kept = frozenset(one for one, known in names.items() if known & told.withheld)
    return told.answer.is_possible, kept


def open_file(session: Session, case_id: str, attachment_id: str, *, folder: Path) -> BinaryIO:
    """Open a file as a seekable stream; at most one mebibyte of it is in memory at a time.

    Good as long as the unit of work is.

    Raises:
        NotThere: no such file.
        Unreadable: what is stored was cut or changed.
    """
    row = store.find_attachment(session, case_id, attachment_id)
    if row is None:
        raise NotThere("attachment")
    sizes = filestore.chunk_sizes(folder, row.id)
    if len(sizes) != row.chunks or sum(sizes) != row.size:
        raise Unreadable

    def read(number: int) -> bytes:
        return filestore.read_chunk(
            session, folder, case_id=case_id, attachment_id=attachment_id, number=number,
            chunks=len(sizes),
        )  # fmt: skip

    return io.BufferedReader(_Chunks(read, sizes), _BUFFER)


class _Chunks(io.RawIOBase):
    """Sealed chunks as one stream."""

    def __init__(self, read: Callable[[int], bytes], sizes: list[int]) -> None:
        self._read = read
        self._starts = [0, *accumulate(sizes)]
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """It is read."""
        return True

    def seekable(self) -> bool:
        """It is read from anywhere."""
        return True

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._starts[-1]}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader gives
        """Give what is left of the chunk at this place."""
        if self._at >= self._starts[-1]:
            return 0
        number = bisect_right(self._starts, self._at) - 1
        if self._held[0] != number:
            self._held = (-1, b"")
            self._held = (number, self._read(number))
        begin = self._at - self._starts[number]
        data = self._held[1][begin : begin + len(buffer)]
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _names(found: FileAbroad) -> frozenset[str]:
    always = {found.id, f"attachment.{found.id}", found.kind, ATTACHMENTS_PART}
    return frozenset(always | {HIGHLY_SENSITIVE} if found.is_sensitive else always)

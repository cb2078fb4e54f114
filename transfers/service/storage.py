"""Where sealed bytes of the exchange lie: one folder for each delivery, named by its id, and the mark of this life.

Bytes are on the disk before anything in the database says so; what the database does not know of is cut off when
the next piece comes. Source: EXP-7.1, EXP-7.2.
"""

import io
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from core.exchange.shelves import BOX, FolderShelf, part_name

PIECE: Final = 4 * 1024 * 1024
_MARK: Final = "life"


class NoRoom(OSError):
    """The disk has no room for what would be stored; nothing of it was."""


@dataclass(frozen=True)
class Store:
    """The storage folder of the exchange.

    Args:
        folder: made when it is first needed; only this service reads it.
        files: where sealed files of cases lie, to be sealed anew for a partner; None where they are not kept.
    """

    folder: Path
    files: Path | None = None

    def sent(self, delivery_id: str) -> FolderShelf:
        """Return where the bytes of a delivery of ours lie."""
        return FolderShelf(self._of("out", delivery_id))

    def came(self, row_id: str) -> FolderShelf:
        """Return where the bytes of a delivery of theirs lie; by our id, never by theirs."""
        return FolderShelf(self._of("in", row_id))

    def begin_folders(self) -> None:
        """Make the folders that hold shelves, so that shelves are made durably."""
        for kind in ("in", "out"):
            (self.folder / kind).mkdir(parents=True, exist_ok=True, mode=0o700)

    def free_bytes(self) -> int:
        """Return how much room the disk has."""
        self.begin_folders()
        return shutil.disk_usage(self.folder).free

    def append(self, row_id: str, number: int, *, at: int, data: bytes) -> None:
        """Put bytes at their place in a part that is arriving, durably; what lay behind that place is cut off.

        Raises:
            NoRoom: the disk is full.
        """
        path = self.came(row_id).folder / part_name(number)
        is_new = not path.exists()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(handle, "r+b") as file:
                file.truncate(at)
                file.seek(at)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise NoRoom from error
        if is_new:
            for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
                _sync(folder)

    def length(self, row_id: str, number: int) -> int:
        """Return how many bytes of an arriving part are on the disk."""
        return _length(self.came(row_id).folder / part_name(number))

    def has_sent(self, delivery_id: str, sizes: Mapping[str, int]) -> bool:
        """Whether everything sealed for a delivery of ours is still on the disk, at its length."""
        folder = self.sent(delivery_id).folder
        return all(_length(folder / name) == size for name, size in sizes.items())

    def read_mark(self) -> tuple[str, int] | None:
        """Return the mark beside the database and how many numbers it knows of; None when there is none."""
        try:
            mark, given = (self.folder / _MARK).read_text("ascii").split()
            return mark, int(given)
        except (OSError, ValueError):
            return None

    def write_mark(self, mark: str, given: int) -> None:
        """Keep the mark durably."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / _MARK
        beside = path.with_suffix(".partial")
        with beside.open("w", encoding="ascii") as file:
            file.write(f"{mark} {given}\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync(self.folder)

    def _of(self, kind: str, name: str) -> Path:
        return self.folder / kind / name


@dataclass(frozen=True)
class Boxed:
    """Sealed parts on a shelf with the box, which is kept apart, in hand."""

    shelf: FolderShelf
    box: str

    def open(self, name: str) -> BinaryIO:
        """Open the box or a part at its beginning."""
        return io.BytesIO(self.box.encode("ascii")) if name == BOX else self.shelf.open(name)


def _length(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

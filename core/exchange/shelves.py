"""Where the sealed bytes of one delivery lie: an interface, and a folder that keeps it.

What is put is there whole and through a power cut, or not at all. Sealed bytes only; nothing here opens them.
"""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final, Protocol

DELIVERY: Final = "delivery.jwt"
BOX: Final = "keys.jwe"
STATEMENT: Final = "keys-statement.jwt"
_NAME: Final = re.compile(r"delivery\.jwt|keys\.jwe|keys-statement\.jwt|parts/(?!0000)[0-9]{4}")


def part_name(number: int) -> str:
    """Return the name of a part: ``parts/0001`` and so on."""
    return f"parts/{number:04d}"


class Shelf(Protocol):
    """The place for one delivery and no other."""

    def put(self, name: str, blocks: Iterable[bytes]) -> None:
        """Keep these bytes under this name, durably, when the call returns; instead of what was there before."""

    def open(self, name: str) -> BinaryIO:
        """Open what was put, at its beginning.

        Raises:
            FileNotFoundError: nothing was put under this name.
        """

    def clear(self) -> None:
        """Forget everything that was put."""


class FolderShelf:
    """A folder of its own for one delivery, readable by nobody else.

    Args:
        folder: made when the first bytes are put.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, blocks: Iterable[bytes]) -> None:
        """Write beside, bring to the disk, then give the name."""
        path = self._path(name)
        for each in (self.folder, path.parent):
            each.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_name(path.name + ".partial")
        try:
            with os.fdopen(
                os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as file:
                for block in blocks:
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        for each in {path.parent, self.folder, self.folder.parent}:
            _sync(each)

    def open(self, name: str) -> BinaryIO:
        """Open what was put, at its beginning."""
        return self._path(name).open("rb")

    def clear(self) -> None:
        """Remove the folder and everything in it; nothing happens when there is none."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("no name of the exchange")
        return self.folder / name


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

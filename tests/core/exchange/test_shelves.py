"""What is put on a shelf is there whole, for nobody else to read, or not at all."""

import os
import stat
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.exchange.errors import CannotMake
from core.exchange.kinds import MAX_PART
from core.exchange.shelves import FolderShelf, part_name
from tests.builders.packages import (
    DELIVERY_ID,
    MemoryShelf,
    a_letter,
    a_part,
    opened_from,
    sealed_on,
)


def broken() -> Iterator[bytes]:
    yield b"half of it"
    raise OSError(28, "no space left on device")


def test_a_package_sealed_into_a_folder_opens_from_it(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path / DELIVERY_ID)
    delivery = sealed_on(shelf).delivery

    with opened_from(FolderShelf(tmp_path / DELIVERY_ID), delivery) as opened:
        assert opened.summary
    names = {
        str(path.relative_to(shelf.folder)) for path in shelf.folder.rglob("*") if path.is_file()
    }
    assert names == {"delivery.jwt", "keys.jwe", "parts/0001", "parts/0002"}


def test_nobody_else_on_the_machine_can_read_it(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path / "x")
    sealed_on(shelf)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in shelf.folder.rglob("*")}
    assert modes == {0o700, 0o600}
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700


@pytest.mark.threat("TT37")
def test_a_disk_that_is_full_leaves_what_was_there_before(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path / "x")
    shelf.put(part_name(1), [b"whole"])

    with pytest.raises(OSError, match="no space"):
        shelf.put(part_name(1), broken())
    with pytest.raises(OSError, match="no space"):
        shelf.put(part_name(2), broken())

    with shelf.open(part_name(1)) as kept:
        assert kept.read() == b"whole"
    assert [path.name for path in (shelf.folder / "parts").iterdir()] == ["0001"]


def test_bytes_and_their_name_are_brought_to_the_disk_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "bytes")
        real_sync(handle)

    def replace(self: Path, target: Path) -> Path:
        done.append("name")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    FolderShelf(tmp_path / "x").put("keys.jwe", [b"x"])

    assert done[:3] == ["bytes", "name", "folder"]


@pytest.mark.parametrize(
    "name",
    ["", "../x", "parts/0000", "parts/1", "parts/00001", "/etc/passwd", "parts/0001/x", "x\n"],
)
def test_there_are_no_other_names(tmp_path: Path, name: str) -> None:
    shelf = FolderShelf(tmp_path / "x")

    with pytest.raises(ValueError, match="no name"):
        shelf.put(name, [b"x"])
    with pytest.raises(ValueError, match="no name"):
        shelf.open(name)


def test_a_package_that_cannot_be_made_leaves_no_folder(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path / "x")

    with pytest.raises(CannotMake):
        sealed_on(shelf, package="no id")
    assert not shelf.folder.exists()


def test_a_shelf_in_memory_does_the_same_for_tests() -> None:
    shelf = MemoryShelf()
    with pytest.raises(FileNotFoundError):
        shelf.open("keys.jwe")
    sealed_on(shelf, letter=a_letter())
    shelf.clear()
    assert shelf.files == {}


@pytest.mark.slow
def test_the_largest_part_goes_through_in_little_memory(tmp_path: Path) -> None:
    """Fifty mebibytes are sealed into a folder and opened from it with less than 30 MB more at once."""
    plain = tmp_path / "plain.txt"
    with plain.open("wb") as out:
        for _ in range(50):
            out.write(b"a line of some length\n" * 47_662 + b"twelve bytes")
    assert plain.stat().st_size == MAX_PART
    shelf = FolderShelf(tmp_path / "x")

    tracemalloc.start()
    with plain.open("rb") as content:
        delivery = sealed_on(shelf, [replace(a_part(), content=content)]).delivery
    sealing = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    with opened_from(shelf, delivery) as opened:
        opening = tracemalloc.get_traced_memory()[1]
        assert opened.parts[0].part.size == MAX_PART
    tracemalloc.stop()

    assert sealing < 30_000_000
    assert opening < 30_000_000

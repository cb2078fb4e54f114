"""A file of a case as a stream: any part of it, a mebibyte in memory at a time, nothing of a file that was changed."""

import io
import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from cases.rules.attachments import CHUNK
from cases.service import attachments, files_abroad, filestore
from core.errors import NotThere
from core.vault import Unreadable
from tests.builders.cases import a_caseworker, a_registered_case
from tests.builders.disclosure import a_paper


@pytest.fixture
def kept(session: Session, now: datetime, tmp_path: Path) -> tuple[Any, Any, str, bytes]:
    """A case with a file of three chunks and a bit; its worker, its id and its bytes."""
    worker = a_caseworker()
    row = a_registered_case(session, owner=worker)
    data = b"%PDF-" + bytes(range(256)) * (3 * CHUNK // 256) + b"the end"
    return row, worker, a_paper(session, worker, row.id, tmp_path, data=data, now=now), data


def test_a_file_reads_the_same_from_any_place(
    session: Session, kept: tuple[Any, Any, str, bytes], tmp_path: Path
) -> None:
    row, _, made, data = kept

    with files_abroad.open_file(session, row.id, made, folder=tmp_path) as file:
        assert file.seek(0, io.SEEK_END) == len(data)
        file.seek(0)
        assert file.read() == data
        for at in (0, 3, CHUNK - 1, CHUNK, 2 * CHUNK + 5, len(data) - 3, len(data) + 9):
            file.seek(at)
            assert file.read(CHUNK + 2) == data[at : at + CHUNK + 2]


def test_a_file_is_never_whole_in_memory(
    session: Session, kept: tuple[Any, Any, str, bytes], tmp_path: Path
) -> None:
    row, _, made, data = kept
    with files_abroad.open_file(session, row.id, made, folder=tmp_path) as file:
        file.read(1)
        tracemalloc.start()

        read = sum(len(block) for block in iter(lambda: file.read(256 * 1024), b""))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert read == len(data) - 1
    assert most < 4 * CHUNK < len(data) + CHUNK


def test_a_file_of_another_case_or_one_that_was_removed_is_not_there(
    session: Session, kept: tuple[Any, Any, str, bytes], now: datetime, tmp_path: Path
) -> None:
    row, worker, made, _ = kept
    other = a_registered_case(session, owner=worker)
    assert files_abroad.find(session, other.id, made) is None

    attachments.remove_attachment(session, worker, row.id, made, now=now)

    with pytest.raises(NotThere):
        files_abroad.open_file(session, row.id, made, folder=tmp_path)


@pytest.mark.rule("R51")
@pytest.mark.parametrize("harm", ["cut", "longer", "gone"])
def test_nothing_is_read_of_a_file_that_was_changed(
    session: Session, kept: tuple[Any, Any, str, bytes], tmp_path: Path, harm: str
) -> None:
    row, _, made, _ = kept
    path = filestore.path_of(tmp_path, made)
    if harm == "gone":
        path.unlink()
    else:
        sealed = path.read_bytes()
        path.write_bytes(sealed[:-9] if harm == "cut" else sealed + sealed[:100])

    with pytest.raises(Unreadable):
        files_abroad.open_file(session, row.id, made, folder=tmp_path)

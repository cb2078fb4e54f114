"""A backup restores whole, into either database, and a damaged one restores nothing."""

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import audit
from core.actors import Actor
from core.backup import BackupUnusable, restore_backup, write_backup
from core.db import Database
from core.outbox import post
from core.vault import Place, Vault
from migrations.metadata import load_tables
from tests.conftest import MASTER_KEYS
from tests.databases import create_schema

ACTOR = Actor(account_id="a" * 36, person_id="p" * 36, country="ZM")
PLACE = Place("t", "c", "r")


def _filled(database: Database, now: datetime, folder: Path) -> bytes:
    assert database.vault is not None
    with database.unit_of_work() as session:
        audit.record(session, ACTOR, "case.read", thing="case", thing_id="1", now=now)
        post(session, topic="t", key="k", subject="s", now=now, payload={"code": "D4"})
        database.vault.make_key(session, "case-1", now=now)
        sealed = database.vault.seal(session, owner="case-1", place=PLACE, value="words")
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "file-1").write_bytes(b"sealed bytes")
    return sealed


def _backup(database: Database, folder: Path, target: Path) -> None:
    write_backup(
        database.engine, load_tables(), folder, target, revision="r1", progress=lambda *_: None
    )


def _restore(database: Database, folder: Path, source: Path, revision: str = "r1") -> None:
    restore_backup(
        database.engine, load_tables(), folder, source, revision=revision, progress=lambda *_: None
    )


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/other.sqlite3", Vault(MASTER_KEYS))
    create_schema(database.engine)
    return database


def test_a_backup_of_either_database_restores_into_an_empty_one(
    database: Database, empty: Database, tmp_path: Path, now: datetime
) -> None:
    sealed = _filled(database, now, tmp_path / "files")
    _backup(database, tmp_path / "files", tmp_path / "b.zip")

    _restore(empty, tmp_path / "restored", tmp_path / "b.zip")

    assert empty.vault is not None
    with empty.unit_of_work() as session:
        assert audit.verify_database(session).holds
        opened = empty.vault.unseal(session, owner="case-1", place=PLACE, sealed=sealed)
    assert opened == "words"
    assert (tmp_path / "restored" / "ab" / "file-1").read_bytes() == b"sealed bytes"


def test_a_backup_holds_no_master_key(database: Database, tmp_path: Path, now: datetime) -> None:
    _filled(database, now, tmp_path / "files")
    _backup(database, tmp_path / "files", tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())

    assert MASTER_KEYS.keys["test"] not in content


def test_a_damaged_backup_restores_nothing(
    database: Database, empty: Database, tmp_path: Path, now: datetime
) -> None:
    _filled(database, now, tmp_path / "files")
    _backup(database, tmp_path / "files", tmp_path / "b.zip")
    _change_one_row(tmp_path / "b.zip")

    with pytest.raises(BackupUnusable):
        _restore(empty, tmp_path / "restored", tmp_path / "b.zip")

    with empty.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM audit")).scalar() == 0


def test_a_backup_cut_short_restores_nothing(
    database: Database, empty: Database, tmp_path: Path, now: datetime
) -> None:
    _filled(database, now, tmp_path / "files")
    _backup(database, tmp_path / "files", tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: len(whole) - 100])

    with pytest.raises(BackupUnusable):
        _restore(empty, tmp_path / "restored", tmp_path / "b.zip")


def _change_one_row(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content["tables/audit.jsonl"] = content["tables/audit.jsonl"].replace(
        b"case.read", b"case.seen"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def test_a_backup_never_overwrites_existing_data(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    _filled(database, now, tmp_path / "files")
    _backup(database, tmp_path / "files", tmp_path / "b.zip")

    with pytest.raises(BackupUnusable) as refusal:
        _restore(database, tmp_path / "restored", tmp_path / "b.zip")

    assert refusal.value.reason == "database_not_empty"


def test_a_backup_of_another_release_is_refused_by_name(
    database: Database, empty: Database, tmp_path: Path, now: datetime
) -> None:
    _filled(database, now, tmp_path / "files")
    _backup(database, tmp_path / "files", tmp_path / "b.zip")

    with pytest.raises(BackupUnusable) as refusal:
        _restore(empty, tmp_path / "restored", tmp_path / "b.zip", revision="r2")

    assert refusal.value.reason == "other_revision"

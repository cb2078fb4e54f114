"""Backup and restore in a form both databases read: every table as lines of JSON, and the sealed files.

The master keys are never part of it. Sealed values stay sealed. One snapshot: all tables are read in one
transaction. A backup made on SQLite restores into PostgreSQL and the other way round.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import MetaData
from sqlalchemy.engine import Connection, Engine

from core.errors import DomainError

FORMAT: Final = "bid-backup/1"
BATCH: Final = 2_000
Progress = Callable[[str, int], None]


@dataclass(eq=False)
class BackupUnusable(DomainError):
    """The file is not a whole backup of this product; nothing was written."""

    reason: str


@dataclass(frozen=True)
class Summary:
    """What a backup holds."""

    revision: str
    tables: int
    rows: int
    files: int


def write_backup(
    engine: Engine,
    metadata: MetaData,
    files: Path,
    target: Path,
    *,
    revision: str,
    progress: Progress,
) -> Summary:
    """Write a backup beside its name first and move it into place when it is whole.

    Args:
        engine: the database to read, in one snapshot.
        metadata: every table of the product.
        files: folder of sealed attachments, named by id.
        target: file to write; must not exist.
        revision: migration the database is at; restore needs the same.
        progress: called with a table or file name and the rows done.
    """
    partial = target.with_suffix(target.suffix + ".partial")
    sums: dict[str, str] = {}
    counts: dict[str, int] = {}
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        with _snapshot(engine) as connection:
            for table in metadata.sorted_tables:
                name = f"tables/{table.name}.jsonl"
                counts[table.name] = _write_table(connection, table, archive, name, sums)
                progress(table.name, counts[table.name])
        stored = _write_files(files, archive, sums)
        manifest = {"format": FORMAT, "revision": revision, "sums": sums, "rows": counts}
        archive.writestr("manifest.json", json.dumps(manifest, sort_keys=True))
    partial.replace(target)
    return Summary(revision, len(counts), sum(counts.values()), stored)


def restore_backup(
    engine: Engine,
    metadata: MetaData,
    files: Path,
    source: Path,
    *,
    revision: str,
    progress: Progress,
) -> Summary:
    """Fill an empty, migrated database from a backup: all of it or nothing.

    Raises:
        BackupUnusable: not a backup, damaged, of another revision, or the database is not empty.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _checked(archive, revision)
            with engine.begin() as connection:
                _require_empty(connection, metadata)
                for table in metadata.sorted_tables:
                    progress(table.name, _read_table(connection, table, archive))
            stored = _read_files(files, archive, manifest["sums"])
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise BackupUnusable(reason="damaged") from error
    rows = manifest["rows"]
    return Summary(revision, len(rows), sum(rows.values()), stored)


def _snapshot(engine: Engine) -> Connection:
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _write_table(
    connection: Connection,
    table: sa.Table,
    archive: zipfile.ZipFile,
    name: str,
    sums: dict[str, str],
) -> int:
    digest, count = hashlib.sha256(), 0
    query = sa.select(table).order_by(*table.primary_key.columns)
    with archive.open(name, "w", force_zip64=True) as out:
        for row in connection.execution_options(yield_per=BATCH).execute(query).mappings():
            line = json.dumps({k: _plain(v) for k, v in row.items()}).encode() + b"\n"
            digest.update(line)
            out.write(line)
            count += 1
    sums[name] = digest.hexdigest()
    return count


def _write_files(folder: Path, archive: zipfile.ZipFile, sums: dict[str, str]) -> int:
    paths = sorted(p for p in folder.rglob("*") if p.is_file()) if folder.exists() else []
    for path in paths:
        name = f"files/{path.relative_to(folder).as_posix()}"
        with path.open("rb") as content:
            sums[name] = hashlib.file_digest(content, "sha256").hexdigest()
        archive.write(path, name, zipfile.ZIP_STORED)
    return len(paths)


def _checked(archive: zipfile.ZipFile, revision: str) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    if manifest.get("format") != FORMAT:
        raise BackupUnusable(reason="not_a_backup")
    if manifest["revision"] != revision:
        raise BackupUnusable(reason="other_revision")
    names = set(archive.namelist()) - {"manifest.json"}
    if names != set(manifest["sums"]) or any(".." in Path(name).parts for name in names):
        raise BackupUnusable(reason="damaged")
    for name, expected in manifest["sums"].items():
        with archive.open(name) as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != expected:  # type: ignore[arg-type]
                raise BackupUnusable(reason="damaged")
    return manifest


def _require_empty(connection: Connection, metadata: MetaData) -> None:
    for table in metadata.sorted_tables:
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise BackupUnusable(reason="database_not_empty")


def _read_table(connection: Connection, table: sa.Table, archive: zipfile.ZipFile) -> int:
    count = 0
    with archive.open(f"tables/{table.name}.jsonl") as lines:
        for batch in _batches(lines):
            rows = [_typed(table, json.loads(line)) for line in batch]
            connection.execute(sa.insert(table), rows)
            count += len(rows)
    return count


def _read_files(folder: Path, archive: zipfile.ZipFile, sums: dict[str, str]) -> int:
    names = [name for name in sums if name.startswith("files/")]
    for name in names:
        path = folder / name.removeprefix("files/")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(archive.read(name))
    return len(names)


def _batches(lines: Any) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"b": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return {"j": value} if isinstance(value, (dict, list)) else value


def _typed(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    if set(row) != {column.name for column in table.columns}:
        raise BackupUnusable(reason="other_columns")
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    readers: dict[str, Callable[[Any], Any]] = {
        "b": base64.b64decode,
        "t": datetime.fromisoformat,
        "d": date.fromisoformat,
    }
    return readers[kind](inner) if kind in readers else inner

"""`bid init`, `migrate`, `backup`, `restore`, `master-key rotate`: what an operator does to an installation."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from cli.installation import open_installation, read_settings
from cli.output import fail, say
from core import audit, condition
from core import backup as backups
from core.accounts.system import operator_actor
from core.clock import utc_now
from core.db import Database
from core.vault import MasterKeys, Vault
from transfers.service import exchange_status

master_key = typer.Typer(
    help="Master keys of this installation.", no_args_is_help=True, rich_markup_mode=None
)
WHY = {
    "not_a_backup": "This file is not a backup made by `bid backup`.",
    "damaged": "The backup is damaged or incomplete. Use another copy.",
    "other_revision": "The backup was made by another release. Restore it with that release, then run `bid migrate`.",
    "other_columns": "The backup was made by another release. Restore it with that release, then run `bid migrate`.",
    "database_not_empty": "The database holds data already. Restore only into a new, empty one.",
}


def init() -> None:
    """Prepare this installation: key file, database, tables. Running it again changes nothing."""
    settings = read_settings()
    open_installation(settings).dispose()
    say(f"Ready: data in {settings.data_dir}. Next: bid user add --help")


def migrate() -> None:
    """Bring the database to this release. Make a backup first."""
    from migrations.metadata import current_revision

    database = open_installation()
    say(f"Database at revision {current_revision(database.engine)}")


def backup(
    file: Annotated[Path, typer.Argument(help="New file, for example bid-2026-03-02.zip")],
) -> None:
    """Write everything except the master keys to one file, in one snapshot. Keep the key file elsewhere."""
    from migrations.metadata import current_revision, load_tables

    if file.exists():
        fail(f"{file} exists already; choose a new name.")
    if not file.absolute().parent.is_dir():
        fail(f"There is no folder {file.absolute().parent}. Make it first, or choose another.")
    settings = read_settings()
    database = open_installation(settings, migrate=False)
    revision = current_revision(database.engine)
    if revision is None:
        fail("There is nothing to back up yet; run `bid init` first.")
    with _bar() as bar:
        task = bar.add_task("backup")
        summary = backups.write_backup(
            database.engine, load_tables(), settings.files_dir, file, revision=revision,
            progress=lambda name, rows: bar.update(task, description=f"{name}: {rows} rows"),
        )  # fmt: skip
    say(f"{summary.rows} rows of {summary.tables} tables and {summary.files} files in {file}")
    with database.unit_of_work() as session:
        audit.record(
            session, operator_actor(settings.country), condition.BACKED_UP, thing="installation",
            thing_id="backup", now=utc_now(), codes={"rows": summary.rows, "files": summary.files},
        )  # fmt: skip
        waiting, not_opened = exchange_status.beside_a_backup(session)
    if waiting or not_opened:
        say(
            f"Not in it: sealed packages in {settings.exchange_folder}; nothing that was said is lost with them."
        )
        say(f"  {waiting} wait to be sent and would be sealed anew from their messages.")
        say(
            f"  {not_opened} came in and are not opened yet; their senders would have to send them again."
        )
    if not_opened:
        say("  Open them first: bid exchange run --once")


def restore(file: Annotated[Path, typer.Argument(help="A file made by `bid backup`")]) -> None:
    """Fill an empty installation from a backup: all of it or nothing. The key file must be in place."""
    from migrations.metadata import head_revision, load_tables, upgrade

    if not file.is_file():
        fail(f"There is no file {file}. Name one made by `bid backup`.")
    settings = read_settings()
    if not settings.master_keys.exists():
        fail(f"Put the key file of the saved installation at {settings.master_keys} first.")
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = _database_without_check(settings.database, settings.master_keys)
    upgrade(database.engine)
    try:
        with _bar() as bar:
            task = bar.add_task("restore")
            summary = backups.restore_backup(
                database.engine, load_tables(), settings.files_dir, file, revision=head_revision() or "",
                progress=lambda name, rows: bar.update(task, description=f"{name}: {rows} rows"),
            )  # fmt: skip
    except backups.BackupUnusable as error:
        fail(WHY[error.reason])
    open_installation(settings, migrate=False).dispose()
    say(f"{summary.rows} rows and {summary.files} files restored. Next: bid audit verify")


@master_key.command()
def rotate() -> None:
    """Make a new master key and wrap every data key with it; old and new open everything meanwhile."""
    settings = read_settings()
    masters = MasterKeys.load(settings.master_keys)
    name = masters.rotate()
    masters.save(settings.master_keys)
    database = open_installation(settings, migrate=False)
    done = 0
    vault = database.vault
    if vault is None:
        raise TypeError
    while True:
        with database.unit_of_work() as session:
            count = vault.rewrap(session)
        if not count:
            break
        done += count
    say(f"{done} data keys are wrapped by {name} since {utc_now():%Y-%m-%d %H:%M} UTC.")
    say("Copy the key file to its safe place.")


def _database_without_check(address: str, keys_file: Path) -> Database:
    return Database(address, Vault(MasterKeys.load(keys_file)))


def _bar() -> Progress:
    return Progress(SpinnerColumn(), TextColumn("{task.description}"), transient=True)

"""Open the installation a command works on: settings, master keys, database brought up to date."""

from pathlib import Path

import typer
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from cli.output import fail
from core.clock import utc_now
from core.db import Database
from core.packs.errors import NoPack, PackError
from core.packs.lookup import pack_of, use_folder
from core.packs.models import Pack
from core.settings import Settings
from core.vault import SYSTEM_OWNER, KeyMissing, MasterKeys, Vault
from transfers.service import corridor_packs


def read_settings() -> Settings:
    """Read the settings; say which is wrong and stop when one cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        for item in error.errors():
            name = ".".join(str(part) for part in item["loc"])
            fail(f"setting {name}: {item['msg']}", code=2, stop=False)
        fail("Correct the settings (docs/settings.md names each) and try again.", code=2)


def open_installation(settings: Settings | None = None, *, migrate: bool = True) -> Database:
    """Open the database with its vault; a new installation gets a key file and an empty database.

    Stops the process when the key file does not fit the database, or when a database with content has no
    key file: going on would make a second, useless key.
    """
    settings = settings or read_settings()
    _check_cryptography()
    _check_pack(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return _opened(settings, migrate=migrate)
    except OperationalError as error:
        fail(
            f"The database does not answer: {str(error.orig).splitlines()[0]}\n"
            "See that it runs and that BID_DATABASE_URL is right, and try again. Nothing was changed."
        )


def _opened(settings: Settings, *, migrate: bool) -> Database:
    database = Database(settings.database, Vault(_master_keys(settings)))
    if migrate:
        from migrations.metadata import upgrade

        upgrade(database.engine)
    _check_keys(database)
    return database


def _check_cryptography() -> None:
    """Stop when the token library fell back to pure Python, which it does without a word.

    Source: EXP-2.1, EXP-TT25.
    """
    from core.exchange.door import require_backend
    from core.exchange.errors import UnsafeBackend

    try:
        require_backend()
    except UnsafeBackend as error:
        fail(
            f"The encryption software for {error.what} keys is not the one this service works with.\n"
            "Install the packages of requirements.lock again (python-jose with cryptography).",
            code=2,
        )


def _check_pack(settings: Settings) -> None:
    """Look for packs where the settings say; stop when this country's cannot be used."""
    use_folder(settings.packs_dir)
    corridor_packs.use_folder(settings.packs_dir)
    try:
        pack = pack_of(settings.country, on=utc_now().date())
    except (NoPack, PackError) as error:
        fail(f"The country pack cannot be used (docs/country-packs.md):\n{error}", code=2)
    _check_place_of_data(settings, pack)


def _check_place_of_data(settings: Settings, pack: Pack) -> None:
    """Stop when personal data would be kept in another country than the law allows.

    Source: DOM-R52.
    """
    place = settings.data_country or settings.country
    if pack.data_protection.in_country and place != settings.country and not settings.data_permit:
        fail(
            f"By {pack.data_protection.law} personal data stay in {settings.country}; "
            f"BID_DATA_COUNTRY says they are in {place}.\n"
            f"Move them, or set BID_DATA_PERMIT to the permit of: {pack.data_protection.authority}.",
            code=2,
        )


def _master_keys(settings: Settings) -> MasterKeys:
    path = settings.master_keys
    if path.exists():
        return MasterKeys.load(path)
    if _has_data(settings):
        fail(
            f"There is no key file at {path}, but the database holds sealed data.\n"
            "Put the key file of this installation back, or set BID_MASTER_KEY_FILE.",
            code=2,
        )
    masters = MasterKeys.fresh()
    masters.save(path)
    typer.secho(
        f"New key file {path}. Copy it to a safe place: without it no record opens.", err=True
    )
    return masters


def _has_data(settings: Settings) -> bool:
    import sqlalchemy as sa

    if settings.database.startswith("sqlite") and not Path(settings.database[10:]).exists():
        return False
    database = Database(settings.database)
    try:
        if not sa.inspect(database.engine).has_table("data_key"):
            return False
        with database.engine.connect() as connection:
            return connection.execute(sa.text("SELECT 1 FROM data_key LIMIT 1")).first() is not None
    finally:
        database.dispose()


def _check_keys(database: Database) -> None:
    vault = database.vault
    if vault is None:
        raise TypeError
    try:
        with database.unit_of_work() as session:
            vault.check(session)
            vault.ensure_key(session, SYSTEM_OWNER, now=utc_now())
    except KeyMissing:
        fail(
            "The key file does not fit this database: a master key that wraps data keys is not in it.\n"
            "Put the right key file back, or restore the backup that belongs to this one.",
            code=2,
        )

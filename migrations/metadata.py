"""Every table of the product in one metadata, and the way a database is brought up to date."""

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

from core.db import UtcDateTime

FOLDER: Final = Path(__file__).resolve().parent
VERSION_TABLE: Final = "bid_version"  # Prefect keeps one of its own in its own database
_PACKAGES: Final = ("core", "cases.tables", "panels.tables", "transfers.tables")


def load_tables() -> MetaData:
    """Import every module that declares rows and return their metadata."""
    for name in _PACKAGES:
        package = importlib.import_module(name)
        for module in _modules(package):
            importlib.import_module(module)
    return SQLModel.metadata


def config() -> Config:
    """Return Alembic's configuration; there is no ini file to keep in step."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring a database to a revision, each migration in a transaction of its own."""
    settings = config()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def current_revision(engine: Engine) -> str | None:
    """Return the revision a database is at; None for an empty one."""
    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE}
        return MigrationContext.configure(connection, opts=options).get_current_revision()


def head_revision() -> str | None:
    """Return the newest revision this release knows."""
    return ScriptDirectory.from_config(config()).get_current_head()


def render_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types by name into new migrations."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "core.db.UtcDateTime()"
    if kind == "type" and type(item).__name__ == "AutoString":
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def _modules(package: ModuleType) -> list[str]:
    return [info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]

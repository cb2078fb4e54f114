"""Every table of the product in one metadata, and the way a database is brought up to date."""

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Final

import sqlalchemy as sa
from sqlalchemy import MetaData
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

FOLDER: Final = Path(__file__).resolve().parent
_PACKAGES: Final = ("core", "cases.tables", "panels.tables", "transfers.tables")


def load_tables() -> MetaData:
    """Import every module that declares rows and return their metadata."""
    for name in _PACKAGES:
        package = importlib.import_module(name)
        for module in _modules(package):
            importlib.import_module(module)
    return SQLModel.metadata


def upgrade(engine: Engine) -> None:
    """Create every table."""
    metadata = load_tables()
    from core.audit import guard_statements  # noqa: PLC0415

    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in guard_statements(engine.dialect.name):
            connection.execute(sa.text(statement))


def _modules(package: ModuleType) -> list[str]:
    return [info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]

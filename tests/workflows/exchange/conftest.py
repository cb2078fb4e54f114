"""Zambia on both databases, Namibia on one of its own; they trust each other and can be reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.app import create_app
from core.db import Database
from core.settings import Settings
from core.vault import MasterKeys, Vault
from tests.builders.asking import Scene, asked
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.installations import Cable, Installation, join
from tests.builders.line import trust_each
from tests.databases import make_quick


@dataclass
class Both:
    """Two installations and the lines between them."""

    zambia: Installation
    namibia: Installation
    there: Cable
    back: Cable


@pytest.fixture(scope="session")
def two_apps() -> tuple[FastAPI, FastAPI]:
    """Two applications, built once."""
    settings = Settings(secure_cookies=False, procedure_runner="off")
    return create_app(settings, Database("sqlite://")), create_app(settings, Database("sqlite://"))


@pytest.fixture
def abroad(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """The partner's database, with a master key of its own."""
    path = tmp_path / "namibia.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    vault = Vault(MasterKeys("other", {"other": bytes(range(32, 64))}))
    database = make_quick(Database(f"sqlite:///{path}", vault))
    yield database
    database.dispose()


@pytest.fixture
def both(
    database: Database, abroad: Database, two_apps: tuple[FastAPI, FastAPI], tmp_path: Path
) -> Both:
    """Both installations, trusting each other."""
    zambia = Installation(ZAMBIA, database, two_apps[0], tmp_path / "zm")
    namibia = Installation(NAMIBIA, abroad, two_apps[1], tmp_path / "na")
    zambia.do(lambda office: trust_each(office, NAMIBIA))
    namibia.do(lambda office: trust_each(office, ZAMBIA))
    return Both(zambia, namibia, *join(zambia, namibia))


@pytest.fixture
def scene(both: Both) -> Scene:
    """Namibia knows of the child and asked for what is needed for its care."""
    return asked(both)

"""Zambia on both databases, Namibia on one of its own; they trust each other and can be reached."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
def scene_on_both(both: Both) -> Scene:
    """Namibia knows of the child and asked for what is needed for its care; our database of either kind."""
    return asked(both)


def _two_countries(folder: Path, apps: tuple[FastAPI, FastAPI]) -> Both:
    """Two installations on the files of a folder."""
    found = []
    for name, app in zip((ZAMBIA, NAMIBIA), apps, strict=True):
        vault = Vault(MasterKeys(name, {name: name.encode().ljust(32, b".")}))
        database = make_quick(Database(f"sqlite:///{folder / name}.sqlite3", vault))
        found.append(Installation(name, database, app, folder / name))
    return Both(found[0], found[1], *join(*found))


@pytest.fixture(scope="session")
def asked_once(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    two_apps: tuple[FastAPI, FastAPI],
) -> tuple[Path, Scene]:
    """The same on two SQLite files, made once and copied for each test; with what a test knows of it."""
    folder = tmp_path_factory.mktemp("asked")
    for name in (ZAMBIA, NAMIBIA):
        (folder / f"{name}.sqlite3").write_bytes(sqlite_template.read_bytes())
    both = _two_countries(folder, two_apps)
    both.zambia.do(lambda office: trust_each(office, NAMIBIA))
    both.namibia.do(lambda office: trust_each(office, ZAMBIA))
    made = asked(both)
    for one in (both.zambia, both.namibia):
        one.database.dispose()
    return folder, made


@pytest.fixture
def scene(
    asked_once: tuple[Path, Scene], two_apps: tuple[FastAPI, FastAPI], tmp_path: Path
) -> Iterator[Scene]:
    """Namibia knows of the child and asked for what is needed for its care."""
    made, known = asked_once
    folder = tmp_path / "asked"
    shutil.copytree(made, folder)
    both = _two_countries(folder, two_apps)
    yield replace(known, both=both)
    for one in (both.zambia, both.namibia):
        one.database.dispose()

"""Two countries with a database each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from core.db import Database
from core.gathering import GatheringSession
from core.vault import MasterKeys, Vault
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.transfers import Office, trust
from tests.databases import make_quick


@pytest.fixture
def zambia(session: Session) -> Office:
    """Our installation, on the database of the test."""
    office = Office(session, "ZM", ZAMBIA)
    trust(office, NAMIBIA)
    return office


@pytest.fixture
def namibia(tmp_path: Path, sqlite_template: Path) -> Iterator[Office]:
    """The partner's installation, on a database and a master key of its own."""
    path = tmp_path / "namibia.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    vault = Vault(MasterKeys("other", {"other": bytes(range(32, 64))}))
    database = make_quick(Database(f"sqlite:///{path}", vault))
    with GatheringSession(database.engine, expire_on_commit=False) as session:
        session.info["vault"] = database.vault
        office = Office(session, "NA", NAMIBIA)
        trust(office, ZAMBIA)
        yield office
        session.rollback()
    database.dispose()

"""Calls of another installation: what is taken, what every stranger hears, and that nothing is read before."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from core.db import Database
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.line import Wire, a_package, rows
from tests.builders.transfers import Office, trust
from transfers.tables.delivery import DeliveryInRow


@pytest.fixture
def wire(database: Database, client: TestClient) -> Wire:
    """Zambia, calling us: we are Namibia here."""
    with database.unit_of_work() as session:
        trust(Office(session, "NA", NAMIBIA), ZAMBIA)
    return Wire(client)


def test_a_delivery_is_offered_uploaded_and_signed_for(
    wire: Wire, database: Database, tmp_path: Path
) -> None:
    sealed = a_package(tmp_path / "theirs")
    assert wire.get("/ping").json()["partner"] == ZAMBIA
    offered = wire.offer(sealed)
    assert (offered.status_code, offered.json()["state"]) == (201, "offered")
    done = wire.bring(sealed)
    assert done.status_code == 200, done.text
    assert rows(database, DeliveryInRow)[0].state == "refused"

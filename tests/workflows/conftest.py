"""Flows on the database of a test, mostly without Prefect; one Prefect server for the few that need it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import utc_now
from core.db import Database
from tests.conftest import NOON


@pytest.fixture
def standing(database: Database) -> Iterator[Database]:
    """Let flows work on this test's database, at noon."""
    from workflows import ground

    ground.stand_on(database, lambda: NOON)
    yield database
    ground._GROUND.clear()
    ground._CLOCK[:] = [utc_now]


@pytest.fixture
def holder():
    """A runner that holds cases for a minute."""
    from workflows.leases import Holder

    return Holder("desk/test/0", timedelta(seconds=60))


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One Prefect server for this test worker; gives the folder with everything it keeps."""
    from prefect.settings import (
        PREFECT_HOME,
        PREFECT_LOGGING_TO_API_ENABLED,
        PREFECT_SERVER_DATABASE_CONNECTION_URL,
        temporary_settings,
    )
    from prefect.testing.utilities import prefect_test_harness

    home = tmp_path_factory.mktemp("prefect")
    settings = {PREFECT_HOME: home, PREFECT_LOGGING_TO_API_ENABLED: False}
    with temporary_settings(settings), prefect_test_harness(server_startup_timeout=90):
        address = str(PREFECT_SERVER_DATABASE_CONNECTION_URL.value())
        yield Path(address.partition("///")[2]).parent

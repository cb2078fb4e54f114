"""A whole country on one machine: Prefect's server apart and authenticated, PostgreSQL for both, workers."""

import urllib.error
import urllib.request
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from tests.databases import _server_address
from tests.workflows.killing import Site, a_site, free_port, wait_until


def fresh_database(name: str) -> sa.URL:
    """An empty PostgreSQL database of this name, with the extension Prefect needs."""
    base = make_url(_server_address())
    admin = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    made = base.set(database=name)
    within = sa.create_engine(made, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with within.connect() as connection:
        connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    return made


def a_country(folder: Path, *, workers: int) -> Site:
    """An installation of the national shape; its processes are named but not started."""
    own, prefect = fresh_database("bid_country"), fresh_database("bid_country_prefect")
    site = a_site(folder, own.render_as_string(hide_password=False))
    plain = prefect.set(drivername="postgresql")
    site.environment |= {
        "BID_PROCEDURE_RUNNER": "worker",
        "BID_PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api",
        "BID_PREFECT_AUTH": "bid:not-a-real-secret",
        "BID_PREFECT_DATABASE_URL": plain.render_as_string(hide_password=False),
    }
    site.add("prefect", "worker", "--prefect-server", BID_DATA_DIR=str(folder / "prefect-server"))
    for number in range(workers):
        site.add(f"worker-{number}", "worker")
    return site


def server_answers(site: Site, seconds: float = 120) -> bool:
    """Whether Prefect's server answers within so many seconds."""
    address = site.environment["BID_PREFECT_API_URL"] + "/health"

    def answers() -> bool:
        try:
            urllib.request.urlopen(address, timeout=2)  # noqa: S310  our own http address
        except urllib.error.HTTPError as refused:
            return refused.code == 401  # it is there and asks who we are
        except OSError:
            return False
        return True

    return wait_until(answers, seconds)

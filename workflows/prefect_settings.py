"""Everything Prefect is told about itself, in one place, before it is imported.

Prefect reads its settings from the environment when it is first imported. Only opaque references
may ever reach it (its parameters, names, results and logs are kept in plain text), so logging to
its server, both kinds of telemetry and the storing of results are off here and nowhere else.
"""

import os
import secrets
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from core.settings import Settings

LOOPBACK: Final = "127.0.0.1"
KEEP_DAYS: Final = 30
DAY_SECONDS: Final = 86_400

QUIET: Final = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_TASKS_DEFAULT_PERSIST_RESULT": "false",
    "PREFECT_CLIENT_MAX_RETRIES": "2",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_CLI_COLORS": "false",
    # A server started behind our back outlives a killed parent and holds its own database.
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
}

SERVER: Final = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEEP_DAYS * DAY_SECONDS),
    # Prefect 3.8 cannot write scheduled runs with SQLAlchemy 2.1; nothing here needs its schedules.
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P7D",
}

# An embedded server has no deployments, automations or workers: what serves those only costs.
EMBEDDED: Final = {
    f"PREFECT_SERVER_SERVICES_{service}_ENABLED": "false"
    for service in (
        "LATE_RUNS",
        "FOREMAN",
        "REPOSSESSOR",
        "CLEANUP_RECONCILER",
        "CANCELLATION_CLEANUP",
        "PAUSE_EXPIRATIONS",
        "TRIGGERS",
    )
}


@dataclass(frozen=True)
class Place:
    """Where this process finds Prefect, or serves it.

    Args:
        api_url: address of Prefect's API, ending in ``/api``.
        port: loopback port to serve it on; None when the server is apart.
    """

    api_url: str
    port: int | None


def prepare(settings: Settings) -> Place:
    """Set Prefect's environment for this process and say where its server is.

    Runs once, before anything imports Prefect; what an operator set in the environment for the
    server (its database, for instance) stays as it is.

    Raises:
        RuntimeError: Prefect was imported already, so the settings would come too late.
    """
    if "prefect" in sys.modules:
        msg = "prefect_settings.prepare() must run before Prefect is imported"
        raise RuntimeError(msg)
    place = _place_of(settings)
    home = (settings.data_dir / "prefect").resolve()
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(QUIET)
    os.environ.update({"PREFECT_HOME": str(home), "PREFECT_API_URL": place.api_url})
    _authenticate(settings, embedded=place.port is not None)
    if place.port is not None:
        os.environ.update(server_environment(settings, place, home) | EMBEDDED)
    return place


def prepare_server(settings: Settings) -> None:
    """Set the environment of a Prefect server apart: authenticated, with every service of its own.

    Raises:
        RuntimeError: Prefect was imported already.
        ValueError: no address, or no credentials, for a server others reach over the network.
    """
    if not settings.prefect_api_url or not settings.prefect_auth:
        msg = "a Prefect server apart needs prefect_api_url and prefect_auth"
        raise ValueError(msg)
    place = prepare(settings)
    home = Path(os.environ["PREFECT_HOME"])
    os.environ.update(server_environment(settings, place, home))
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = settings.prefect_auth.get_secret_value()


def address_of(api_url: str) -> tuple[str, int]:
    """Return host and port of an address such as ``http://prefect.example:4200/api``."""
    parts = urlsplit(api_url)
    return parts.hostname or LOOPBACK, parts.port or 4200


def server_environment(settings: Settings, place: Place, home: Path) -> dict[str, str]:
    """Return what a Prefect server needs to know, embedded or apart."""
    database = settings.prefect_database_url or f"sqlite+aiosqlite:///{home / 'prefect.db'}"
    return SERVER | {
        "PREFECT_API_DATABASE_CONNECTION_URL": _with_driver(database),
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": place.api_url.removesuffix("/api"),
    }


def _place_of(settings: Settings) -> Place:
    if settings.prefect_api_url:
        return Place(settings.prefect_api_url, None)
    port = _free_port()
    return Place(f"http://{LOOPBACK}:{port}/api", port)


def _authenticate(settings: Settings, *, embedded: bool) -> None:
    """Use the operator's credentials; an embedded server without any gets a fresh secret."""
    secret = settings.prefect_auth.get_secret_value() if settings.prefect_auth else ""
    if not secret and embedded:
        secret = f"bid:{secrets.token_urlsafe(24)}"
    if not secret:
        return
    os.environ["PREFECT_API_AUTH_STRING"] = secret
    if embedded:
        os.environ["PREFECT_SERVER_API_AUTH_STRING"] = secret


def _with_driver(address: str) -> str:
    """Name the asynchronous driver Prefect needs."""
    for prefix in ("postgresql://", "postgres://", "postgresql+psycopg://"):
        if address.startswith(prefix):
            return "postgresql+asyncpg://" + address.removeprefix(prefix)
    return address


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])

"""`bid worker`: advance cases on this machine, with Prefect's server apart (national shape)."""

import asyncio
import os
import signal
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.installation import open_installation, read_settings
from cli.output import fail

if TYPE_CHECKING:
    from core.db import Database
    from core.settings import Settings


def worker(
    *,
    prefect_server: Annotated[
        bool,
        typer.Option("--prefect-server", help="Run the country's Prefect server here instead."),
    ] = False,
) -> None:
    """Advance cases on this machine (national shape). Start it on as many machines as you need.

    Every machine needs BID_PREFECT_API_URL and BID_PREFECT_AUTH (user:password) of the country's
    Prefect server, and BID_DATABASE_URL of its PostgreSQL. One machine runs that server with
    `bid worker --prefect-server`; its own database is BID_PREFECT_DATABASE_URL.
    """
    settings = read_settings()
    if not settings.prefect_api_url or not settings.prefect_auth:
        fail("Set BID_PREFECT_API_URL and BID_PREFECT_AUTH (docs/operations.md).", code=2)
    from workflows import prefect_settings

    if prefect_server:
        prefect_settings.prepare_server(settings)
        _serve_prefect(settings.prefect_api_url)
        return
    database = open_installation(settings)
    prefect_settings.prepare(settings)
    asyncio.run(_work(settings, database))


def _serve_prefect(api_url: str) -> None:
    import uvicorn
    from prefect.server.api.server import create_app

    from workflows.prefect_settings import address_of

    host, port = address_of(api_url)
    uvicorn.run(create_app(final=True), host=host, port=port, access_log=False, log_config=None)


async def _work(settings: "Settings", database: "Database") -> None:
    from workflows import ground
    from workflows.carrier import Carrier
    from workflows.leases import Holder, name_here
    from workflows.national import Worker

    ground.stand_on(database)
    name = name_here(settings.data_dir / "runners", "worker")
    stop = asyncio.Event()
    holder = Holder(name, timedelta(seconds=settings.lease_seconds), stop.is_set)
    typer.echo(f"Worker {name} takes up cases. Stop it with Ctrl-C.")
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    in_time = await Worker(holder, Carrier(), settings).run(stop)
    database.dispose()
    if not in_time:
        os._exit(0)  # everything is given back; a part of Prefect that waits must not hold us up

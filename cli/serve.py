"""`bid serve`: the API, and with it the procedure, in one process."""

import signal
import sys
from typing import Annotated

import typer

from cli.installation import open_installation, read_settings


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; the setting `host` when left out.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; the setting `port` when left out.")
    ] = None,
) -> None:
    """Start the API, and the procedure with it.

    Laptop and office: nothing else is needed. Prefect runs inside, on its own loopback port; the
    API answers before it is up, and cases move without it until then.

    With BID_PROCEDURE_RUNNER=worker this is one web process of a country; `bid worker` moves cases.
    """
    settings = read_settings()
    database = open_installation(settings)

    import uvicorn

    from api.app import create_app
    from api.desk import assets
    from workflows.embedded import Engine

    if assets.script("kit.js") is None:
        typer.echo(
            "Pages have no style here: `make kit` fetches it. They work all the same.", err=True
        )
    app = create_app(settings, database)
    engine = Engine(settings, database)
    app.state.procedure_status = engine.status.report
    engine.start()
    # The server repeats the signal that ended it: as an exit, so that held cases are given back.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        uvicorn.run(
            app,
            host=host or settings.host,
            port=port or settings.port,
            access_log=False,  # addresses hold ids of cases
            log_level=settings.log_level.lower(),
        )
    finally:
        engine.stop()
        database.dispose()

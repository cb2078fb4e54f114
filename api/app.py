"""The application: one router for each subject, problems, and the frame around every request."""

import importlib
import pkgutil
from typing import Final

from fastapi import APIRouter, FastAPI

import api
from api.exchange_gate import ExchangeCalls
from api.middleware import Frame, Metrics
from api.problems import answers, documented
from api.public_calls import PublicCalls
from core.db import Database
from core.settings import Settings

_NOT_ROUTERS: Final = frozenset(
    {"app", "dependencies", "exchange_gate", "fields", "middleware", "public_calls", "routing"}
)
DESCRIPTION: Final = """Best-interests procedures of children, one country.

Sign in (`/sign-in`) or send an API token as `Authorization: Bearer`. Writes take `If-Match` with the version you
read and an `Idempotency-Key` of your own. Refusals are problems (RFC 9457) that say what to do next; something that
is not yours answers exactly like something that does not exist."""


def create_app(settings: Settings, database: Database) -> FastAPI:
    """Build the API of one installation over an opened, migrated database."""
    app = FastAPI(
        title="BID panels",
        version="0.1.0",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.metrics = Metrics()
    app.state.public_calls = PublicCalls()
    app.state.paper_checks = PublicCalls()
    app.state.calendars = PublicCalls()
    app.state.exchange_calls = ExchangeCalls()
    answers.install(app)
    for router in routers():
        app.include_router(router)
    documented.describe_problems(app)
    app.add_middleware(
        Frame,
        max_body=settings.max_body_mib * 1024 * 1024,
        metrics=app.state.metrics,
        country=settings.country,
    )
    return app


def routers() -> list[APIRouter]:
    """Return the router of every subject in this package, by name."""
    names = sorted(info.name for info in pkgutil.iter_modules(api.__path__) if not info.ispkg)
    modules = [importlib.import_module(f"api.{name}") for name in names if name not in _NOT_ROUTERS]
    return [module.router for module in modules]

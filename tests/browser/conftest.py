"""One Chromium for all tests of pages, and a server they talk to over a real line."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import sync_playwright

from api.app import create_app
from core.db import Database
from core.settings import Settings
from tests.conftest import NOON

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
MISSING = "no browser here: install Debian's chromium"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser, started once for a file; missing it skips at a desk and fails in CI.

    Its driver keeps an event loop running in this thread, in which no other test could run one of its own.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def built_app() -> FastAPI:
    """The application, built once."""
    return create_app(Settings(secure_cookies=False, procedure_runner="off"), Database("sqlite://"))


@pytest.fixture
def app(built_app: FastAPI, database: Database, tmp_path: Path) -> FastAPI:
    """The application over this test's database, its clock standing still."""
    settings = Settings(data_dir=tmp_path / "data", secure_cookies=False, procedure_runner="off")
    built_app.state.database, built_app.state.settings = database, settings
    built_app.state.clock = lambda: NOON
    return built_app


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Where the application answers."""
    with _served(app) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _served(app: FastAPI) -> Iterator[int]:
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="critical", lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join(5)

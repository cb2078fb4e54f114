"""Two whole installations: database, storage, HTTP and worker each, and a line between them that a test can cut."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Self

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.exchange_gate import ExchangeCalls
from core.db import Database, Session
from core.settings import Settings
from tests.builders.line import address_of
from tests.builders.transfers import Office
from tests.conftest import NOON
from transfers.rules.delivery import Limits
from transfers.service.incoming import Ground
from transfers.service.storage import Store
from workflows.exchange_run import Worked, run_exchange


@dataclass
class Installation:
    """One country's installation."""

    name: str
    database: Database
    app: FastAPI
    folder: Path
    now: datetime = NOON
    lines: dict[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=lambda: Limits(reserve_bytes=0))
    scan: Callable[[BinaryIO], str | None] | None = None

    def __post_init__(self) -> None:
        self.app.state.database = self.database
        self.app.state.settings = Settings(
            data_dir=self.folder, secure_cookies=False, procedure_runner="off",
            exchange_reserve_mib=0,
        )  # fmt: skip
        self.app.state.clock = lambda: self.now
        self.app.state.exchange_calls = ExchangeCalls()

    @property
    def country(self) -> str:
        return self.name[:2]

    @property
    def storage(self) -> Store:
        return Store(self.folder / "exchange", self.folder / "files")

    @property
    def ground(self) -> Ground:
        return Ground(self.storage, self.limits, self.scan)

    def office(self, session: Session) -> Office:
        return Office(session, self.country, self.name)

    def do(self, act: Callable[[Office], Any]) -> Any:
        """Let an office act in one unit of work."""
        with self.database.unit_of_work() as session:
            return act(self.office(session))

    def run(self, **options: Any) -> Worked:
        """Look once at what waits."""
        return run_exchange(
            self.database, self.ground, dial=self.dial, clock=lambda: self.now,
            chance=lambda: 0.5, holder=self.name, **options,
        )  # fmt: skip

    def dial(self, address: str) -> Any:
        return self.lines[address]()

    def later(self, **by: int) -> datetime:
        self.now += timedelta(**by)
        return self.now


class Cable:
    """A line to an installation; ``meddle`` may change, lose or make up answers."""

    def __init__(self, other: Installation) -> None:
        self.other = other
        self.meddle: Callable[[str, str], str | None] = lambda _method, _path: None
        self.calls: list[tuple[str, str]] = []
        self.answers: list[int] = []
        self.published: bytes | None = None

    def __call__(self) -> "Cable":
        return self

    def close(self) -> None:
        """A test client stays open."""

    def stream(self, method: str, url: str, *, content: bytes, headers: dict[str, str]) -> Any:
        self.calls.append((method, url))
        what = self.meddle(method, url)
        if what == "down":
            raise httpx.ConnectError("cut")
        if what is not None and what.startswith("problem "):
            _, status, code = what.split()
            return _Made(int(status), f'{{"type":"urn:bidx:problem:{code}"}}'.encode())
        if what is not None and what.startswith("answer "):
            _, status, *wait = what.split(maxsplit=2)
            return _Made(int(status), headers=dict(zip(("retry-after",), wait, strict=False)))
        if self.published is not None and "well-known" in url:
            return _Made(200, self.published)
        answer = TestClient(self.other.app, raise_server_exceptions=False).request(
            method, url, content=content, headers=headers
        )
        self.answers.append(answer.status_code)
        if what == "lost":
            raise httpx.ReadTimeout("lost")
        return _Got(answer)


class _Got:
    def __init__(self, answer: Any) -> None:
        self.status_code, self.headers = answer.status_code, answer.headers
        self._data = answer.content

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def iter_bytes(self) -> list[bytes]:
        return [self._data]


_LIE = b'{"delivery_id":"x","state":"admitted","have":{"1":1,"2":1},"receipts":[]}'


class _Made(_Got):
    """An answer of a man in the middle: unsigned, and whatever he likes."""

    def __init__(
        self, status: int, data: bytes = _LIE, headers: dict[str, str] | None = None
    ) -> None:
        self.status_code, self.headers = status, headers or {}
        self._data = data


def join(one: Installation, other: Installation) -> tuple[Cable, Cable]:
    """Lay lines both ways."""
    there, back = Cable(other), Cable(one)
    one.lines[address_of(other.name)] = there
    other.lines[address_of(one.name)] = back
    return there, back

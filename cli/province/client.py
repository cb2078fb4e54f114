"""An officer at a screen: signs in with password and second factor, acts through the API, nothing else."""

import threading
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import pyotp

from cli.province.clock import Clock
from cli.province.refusals import Refused

# Months pass in minutes: the demo's installation lets sessions last for weeks (server.environment).
IDLE: Final = timedelta(days=21)
LONGEST: Final = timedelta(days=42)
SPARE: Final = timedelta(minutes=5)
STEP: Final = 30  # seconds a code lasts; each works once
AGENT: Final = "bid-demo"


class Line:
    """The connection to the API, shared by all officers; counts what goes over it."""

    def __init__(self, address: str, clock: Clock) -> None:
        self.address = address
        self.clock = clock
        self.requests = 0
        self.sign_ins = 0
        self._lock = threading.Lock()
        self._own = (
            threading.local()
        )  # each thread keeps a connection, and no cookie of another officer
        self._clients: list[httpx.Client] = []

    def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send one request."""
        client = self._client()
        answer = client.request(method, path, json=json, content=content, headers=headers)
        client.cookies.clear()  # each officer keeps a cookie of their own
        with self._lock:
            self.requests += 1
        return answer

    def close(self) -> None:
        """Hang up."""
        for client in self._clients:
            client.close()

    def signed_in(self) -> None:
        """Count a sign-in."""
        with self._lock:
            self.sign_ins += 1

    def _client(self) -> httpx.Client:
        if not hasattr(self._own, "client"):
            agent = {"User-Agent": AGENT}
            self._own.client = httpx.Client(base_url=self.address, headers=agent, timeout=60)
            with self._lock:
                self._clients.append(self._own.client)
        found: httpx.Client = self._own.client
        return found


class Officer:
    """One person with an account. ``person_id`` is what rules compare."""

    def __init__(self, line: Line, login: str, name: str, *, password: str) -> None:
        self.line, self.login, self.name, self.password = line, login, name, password
        self.person_id = self.account_id = self.secret = ""
        self._cookie = self._csrf = ""
        self._began = self._seen = datetime.min.replace(tzinfo=line.clock.start.tzinfo)
        self._last_step = 0

    def get(self, path: str) -> Any:
        """Read something."""
        return self.act("GET", path)

    def post(self, path: str, body: Any = None, *, version: int | None = None) -> Any:
        """Do something."""
        return self.act("POST", path, body, version=version)

    def act(self, method: str, path: str, body: Any = None, *, version: int | None = None) -> Any:
        """Send one request as this officer and return what the API answers.

        Raises:
            Refused: the API refused it.
        """
        self._be_signed_in()
        answer = self.line.send(method, path, json=body, headers=self._headers(method, version))
        self._seen = self.line.clock.now()
        return _body_of(method, path, answer)

    def upload(self, path: str, content: bytes) -> None:
        """Send the bytes of a file.

        Raises:
            Refused: the API refused it.
        """
        self._be_signed_in()
        headers = self._headers("PUT", None) | {"Content-Type": "application/octet-stream"}
        answer = self.line.send("PUT", path, content=content, headers=headers)
        self._seen = self.line.clock.now()
        _body_of("PUT", path, answer)

    def download(self, path: str) -> bytes:
        """Read a file.

        Raises:
            Refused: the API refused it.
        """
        self._be_signed_in()
        answer = self.line.send("GET", path, headers=self._headers("GET", None))
        self._seen = self.line.clock.now()
        if not answer.is_success:
            _body_of("GET", path, answer)
        return answer.content

    def code(self) -> str:
        """Return the next code of the authenticator app; waits until the last one is spent."""
        clock = self.line.clock
        while int(clock.now().timestamp()) // STEP <= self._last_step:
            clock.pass_seconds(STEP / 2)
        now = clock.now()
        self._last_step = int(now.timestamp()) // STEP
        return pyotp.TOTP(self.secret).at(now)

    def used_code(self) -> None:
        """Note that the code of this moment is spent."""
        self._last_step = int(self.line.clock.now().timestamp()) // STEP

    def _headers(self, method: str, version: int | None) -> dict[str, str]:
        headers = {"Cookie": self._cookie}
        if method != "GET":
            headers |= {"X-CSRF-Token": self._csrf, "Idempotency-Key": str(uuid.uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return headers

    def _be_signed_in(self) -> None:
        now = self.line.clock.now()
        idle, age = now - self._seen, now - self._began
        if self._cookie and idle < IDLE - SPARE and age < LONGEST - SPARE:
            return
        self.sign_in()

    def sign_in(self) -> None:
        """Sign in: name and password, then a code."""
        line = self.line
        first = line.send("POST", "/sign-in", json={"login": self.login, "password": self.password})
        ticket = _body_of("POST", "/sign-in", first)["ticket"]
        second = line.send("POST", "/sign-in/code", json={"ticket": ticket, "code": self.code()})
        self._csrf = _body_of("POST", "/sign-in/code", second)["csrf_token"]
        self._cookie = second.headers["set-cookie"].partition(";")[0]
        self._began = self._seen = line.clock.now()
        line.signed_in()


def _body_of(method: str, path: str, answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    kind = answer.headers.get("content-type", "")
    problem = answer.json() if "json" in kind else {"title": answer.text[:200]}
    raise Refused(method, path, answer.status_code, problem)

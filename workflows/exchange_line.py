"""The line to one partner: one connection, a new token for each call, no redirect followed, certificates checked.

What comes back is a hint until a receipt in it holds. Source: EXP-4.1, EXP-6, EXP-7.1.
"""

import json
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from core.exchange import tokens
from core.exchange.encoding import digest
from core.exchange.keys import SigningKey
from core.exchange.kinds import Kind
from core.ids import new_id
from transfers.rules.delivery import QUICK_TRIES, Way, way_after

BASE: Final = "/exchange/v1"
STATEMENT: Final = "/.well-known/bid-exchange"
PROBLEM: Final = "urn:bidx:problem:"
GOES_ON: Final = frozenset({"offset-mismatch", "incomplete", "hash-mismatch"})
"""These say how an upload goes on; one that does not is tried again by itself."""
LIFETIME: Final = 120
MOST_BYTES: Final = 5 * 1024 * 1024
MOST_SKEW: Final = 24 * 60 * 60
TIMEOUT: Final = httpx.Timeout(60, connect=15)
_SECONDS: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
Dial = Callable[[str], Any]


class LineDown(Exception):
    """No answer, or none that could be read: the line, not the partner, said it."""


class NotKnown(Exception):
    """The partner did not take our calls as genuine, three times over."""


@dataclass(frozen=True)
class Reply:
    """An answer; nobody signed it.

    Args:
        status: of HTTP.
        body: members of a JSON object; empty when it was none.
        data: the bytes.
        asked: how long the partner wants to be left alone.
    """

    status: int
    body: Mapping[str, Any]
    data: bytes = field(default=b"", repr=False)
    asked: timedelta | None = None

    @property
    def is_good(self) -> bool:
        """Whether it says that the call was done."""
        return self.status in {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.PARTIAL_CONTENT}

    @property
    def way(self) -> Way:
        """What an answer that is no success leads to."""
        if self.is_good:
            return Way.AGAIN
        is_final = self._kind.startswith(PROBLEM) and self.code not in GOES_ON
        return way_after(self.status, is_of_exchange=is_final)

    @property
    def code(self) -> str:
        """Code of the problem, for officers; a word of ours where there is none."""
        if not self._kind.startswith(PROBLEM):
            return f"http-{self.status}"
        return self._kind.removeprefix(PROBLEM)[:40]

    @property
    def _kind(self) -> str:
        return str(self.body.get("type", ""))


@dataclass
class Line:
    """Calls to one partner.

    Args:
        client: an open connection; closed by whoever dialled.
        own: our installation.
        partner: theirs.
        key: to sign calls with.
        prefix: path of the partner's address, without the last slash.
        clock: the present moment.
        skew: seconds by which the partner's clock is ahead, as last heard.
        was_heard: a call was done on it.
    """

    client: Any
    own: str
    partner: str
    key: SigningKey
    prefix: str
    clock: Callable[[], datetime]
    skew: int = 0
    was_skewed: bool = False
    was_heard: bool = False

    def call(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Make one call, again at most twice when the partner does not know us.

        Raises:
            LineDown: nothing readable came back.
            NotKnown: it was refused as not genuine every time.
        """
        target = self.prefix + BASE + path
        for _ in range(QUICK_TRIES):
            known = {
                "authorization": f"BIDX {self._token(method, target, body)}",
                **(headers or {}),
            }
            reply = self._send(method, target, body, known)
            if reply.way is not Way.UNKNOWN_CALLER:
                self.was_heard |= reply.is_good
                return reply
            self._learn(reply)
        raise NotKnown

    def post(self, path: str, **members: Any) -> Reply:
        """Make a call with a JSON body."""
        body = json.dumps(members, separators=(",", ":")).encode()
        return self.call("POST", path, body, headers={"content-type": "application/json"})

    def statement(self) -> bytes | None:
        """Fetch what the partner publishes about its keys; who it is from is in the statement itself."""
        reply = self._send("GET", self.prefix + STATEMENT, b"", {})
        return reply.data if reply.is_good else None

    def _token(self, method: str, target: str, body: bytes) -> str:
        begun = int(self.clock().timestamp()) + self.skew
        claims = {
            "aud": self.partner, "iat": begun, "exp": begun + LIFETIME, "jti": new_id(),
            "htm": method, "htp": target, "bdh": digest(body),
        }  # fmt: skip
        return tokens.make(Kind.REQUEST, self.own, claims, self.key)

    def _send(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        try:
            with self.client.stream(
                method, target, content=body, headers=dict(headers)
            ) as response:
                data = _bounded(response)
                asked = _asked(response.headers, self.clock())
                return Reply(response.status_code, _members(data), data, asked)
        except _BROKEN as error:
            raise LineDown(type(error).__name__) from error

    def _learn(self, reply: Reply) -> None:
        """Correct the time in our tokens for this one partner when it says how late it is there."""
        told = reply.body.get("now")
        if reply.body.get("hint") != "clock" or type(told) is not int:
            return
        skew = told - int(self.clock().timestamp())
        if abs(skew) <= MOST_SKEW:
            self.skew, self.was_skewed = skew, True


class _TooMuch(Exception):
    pass


_BROKEN: Final = (httpx.HTTPError, httpx.InvalidURL, _TooMuch, OSError)


def dial(address: str) -> httpx.Client:
    """Open a connection to a partner's address.

    Raises:
        LineDown: the address is not one of HTTPS.
    """
    if urlsplit(address).scheme != "https":
        raise LineDown("not_https")
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    return httpx.Client(
        base_url=_origin(address), verify=context, follow_redirects=False, timeout=TIMEOUT,
        limits=limits, headers={"user-agent": "bid"},
    )  # fmt: skip


def prefix_of(address: str) -> str:
    """Return the path of a partner's address, which every call begins with."""
    return urlsplit(address).path.rstrip("/")


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _bounded(response: Any) -> bytes:
    blocks, size = [], 0
    for block in response.iter_bytes():
        size += len(block)
        if size > MOST_BYTES:
            raise _TooMuch
        blocks.append(block)
    return b"".join(blocks)


def _members(data: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _asked(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long the partner wants to be left alone: seconds, or the moment after which it listens."""
    text = headers.get("retry-after", "")
    if _SECONDS.fullmatch(text):
        return timedelta(seconds=int(text))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(until - now, timedelta()) if until.tzinfo is not None else None

"""Ask a time-stamping authority about our newest checkpoint, when one is set; only a hash leaves.

Asked at most once an hour while it does not answer. Nothing depends on it: a checkpoint without a stamp stays what it
is. Source: EXP-8.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from core.db import Database
from core.exchange.stamps import MOST_BYTES, StampRefused, read_roots
from core.settings import Settings
from transfers.service import stamping

EVERY: Final = timedelta(hours=1)
TIMEOUT: Final = httpx.Timeout(20, connect=10)
Post = Callable[[bytes], bytes]
log = logging.getLogger(__name__)


class NoAnswer(Exception):
    """The authority did not answer with something to look at."""


@dataclass
class Stamper:
    """One authority: how it is asked, and when it was last asked in vain."""

    post: Post
    roots: Path
    waits_until: datetime | None = field(default=None)

    def look(self, database: Database, *, now: datetime) -> bool:
        """Have the newest checkpoint stamped unless it is; returns whether a stamp was kept."""
        if self.waits_until is not None and now < self.waits_until:
            return False
        with database.unit_of_work() as session:
            asked = stamping.to_stamp(session)
        if asked is None:
            return False
        try:
            roots = read_roots(self.roots)
            answer = self.post(asked.question.data)
            with database.unit_of_work() as session:
                stamping.keep(session, asked, answer, roots, now=now)
        except (NoAnswer, StampRefused) as error:
            log.warning("stamp.not_kept: %s", getattr(error, "why", "no answer"))
            self.waits_until = now + EVERY
            return False
        self.waits_until = None
        return True


def stamper_of(settings: Settings) -> Stamper | None:
    """Return the authority of this installation; None when none is set."""
    if not settings.stamp_url or settings.stamp_roots is None:
        return None
    return _stamper(settings.stamp_url, settings.stamp_roots)


@cache
def _stamper(url: str, roots: Path) -> Stamper:
    return Stamper(lambda data: post_to(url, data), roots)


def post_to(url: str, data: bytes) -> bytes:
    """Ask an authority over HTTP; no redirect is followed.

    Raises:
        NoAnswer: nothing, too much, or something else came back.
    """
    headers = {"content-type": "application/timestamp-query"}
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, content=data, headers=headers) as answer,
        ):
            if answer.status_code != HTTPStatus.OK:
                raise NoAnswer
            held = bytearray()
            for block in answer.iter_bytes():
                held += block
                if len(held) > MOST_BYTES:
                    raise NoAnswer
            return bytes(held)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoAnswer from error

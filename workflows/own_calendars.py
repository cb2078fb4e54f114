"""Fetching members' own calendars from the addresses they gave, where the settings allow it.

Over https to a named, public host, without redirects, a bounded number of bytes in a bounded time. One calendar that
cannot be taken keeps nobody else's back, and never the time limits of children. A certificate that does not fit
ends the call before anything is asked: a name that points into the own network leads nowhere. Addresses are secrets
and reach no log.
"""

import asyncio
import ipaddress
import logging
import socket
import time
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx
from prefect import task
from prefect.cache_policies import NO_CACHE

from core.calendars import MOST_BYTES
from core.settings import Settings
from panels.service import own_calendars
from workflows import ground

AT_ONCE: Final = 20
TIMEOUT: Final = httpx.Timeout(20, connect=10)
MOST_SECONDS: Final = 30.0

log = logging.getLogger(__name__)


@task(task_run_name="own calendars", persist_result=False, cache_policy=NO_CACHE)
async def read_calendars() -> int:
    """Fetch every calendar that is due; returns how many were read."""
    hours = Settings().calendar_hours
    if not hours:
        return 0
    every = timedelta(hours=hours)
    found = await ground.off_the_loop(own_calendars.due, limit=AT_ONCE, every=every)
    read = 0
    for one in found:
        read += await _read_one(one)
    return read


async def _read_one(one: own_calendars.Due) -> bool:
    """Fetch and take one calendar; whatever is wrong with it is tried again later, as the docstring says."""
    try:
        data = await asyncio.to_thread(fetched, one.address)
        return await ground.off_the_loop(own_calendars.take, one.address_id, data)
    except Exception as error:  # noqa: BLE001  as above
        log.warning("calendar.not_read: %s by %s", one.address_id, type(error).__name__)
        return False


def fetched(address: str, client: httpx.Client | None = None) -> bytes | None:
    """Return what lies at an address; None when it does not come, is too large, or is not for us to ask."""
    host = urlsplit(address).hostname or ""
    if not own_calendars.is_usable(address) or not is_public(host):
        log.warning("calendar.not_fetched: address")
        return None
    line = client or httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
    try:
        with line, line.stream("GET", address) as answer:
            if answer.status_code != httpx.codes.OK:
                return None
            data, begun = bytearray(), time.monotonic()
            for piece in answer.iter_bytes():
                data += piece
                if len(data) > MOST_BYTES or time.monotonic() - begun > MOST_SECONDS:
                    return None
            return bytes(data)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        log.warning("calendar.not_fetched: %s", type(error).__name__)
        return None


def is_public(host: str) -> bool:
    """Whether every address of a host is on the public network."""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(one).is_global for one in found)

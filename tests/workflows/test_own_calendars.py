"""Members' own calendars from their addresses: sealed, fetched where allowed, and only hours are kept."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from core.calendars import MOST_BYTES
from core.db import Database
from core.errors import BadInput, NotAllowed
from panels.service import busy_times, own_calendars
from panels.tables.planning import BusyCalendarRow
from tests.builders.planning import a_planned_court
from tests.builders.sittings import Court
from tests.conftest import NOON
from tests.core.test_calendars import a_calendar
from workflows import ground
from workflows import own_calendars as calendars
from workflows.own_calendars import fetched, read_calendars

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ADDRESS = "https://calendar.example.org/private-3f9a/basic.ics"
BUSY = a_calendar("DTSTART:20260305T080000Z\r\nDTEND:20260305T100000Z\r\nSUMMARY:Oncologist")


@pytest.fixture
def court(standing: Database, monkeypatch: pytest.MonkeyPatch) -> Court:
    """A panel whose chair gave an address; settings allow to fetch it, and nothing is really asked."""
    monkeypatch.setenv("BID_CALENDAR_HOURS", "6")
    monkeypatch.setattr(calendars, "is_public", lambda _host: True)
    with standing.unit_of_work() as session:
        court = a_planned_court(session)
        own_calendars.set_address(
            session, court.people["chair"], court.members["chair"], ADDRESS, now=NOON
        )
    return court


def hours(database: Database, court: Court) -> int:
    with database.unit_of_work() as session:
        chair = court.people["chair"]
        return len(busy_times.list_busy_times(session, chair, court.members["chair"], now=NOON))


def read(monkeypatch: pytest.MonkeyPatch, data: bytes | None) -> int:
    monkeypatch.setattr(calendars, "fetched", lambda _address: data)
    return asyncio.run(read_calendars.fn())


def test_a_calendar_is_fetched_when_due_and_not_before(
    standing: Database, court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(monkeypatch, BUSY) == 1
    assert read(monkeypatch, BUSY) == 0
    ground.stand_on(standing, lambda: NOON + timedelta(hours=6))
    assert read(monkeypatch, BUSY) == 1

    assert hours(standing, court) == 1
    with standing.unit_of_work() as session:
        [row] = session.exec(select(BusyCalendarRow)).all()
        assert b"3f9a" not in row.restricted


@pytest.mark.parametrize("data", [None, b"<html>Sign in</html>"], ids=["away", "page"])
def test_nobody_counts_as_free_because_a_server_was_away(
    standing: Database, court: Court, monkeypatch: pytest.MonkeyPatch, data: bytes | None
) -> None:
    read(monkeypatch, BUSY)
    ground.stand_on(standing, lambda: NOON + timedelta(hours=6))

    assert read(monkeypatch, data) == 0

    assert hours(standing, court) == 1


def test_without_the_setting_nothing_is_fetched(
    standing: Database, court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BID_CALENDAR_HOURS", "0")

    assert read(monkeypatch, BUSY) == 0
    assert hours(standing, court) == 0


def test_only_the_member_sets_the_address_and_takes_it_back(
    standing: Database, court: Court
) -> None:
    member = court.members["chair"]
    with standing.unit_of_work() as session:
        with pytest.raises(NotAllowed):
            own_calendars.set_address(session, court.secretary, member, ADDRESS, now=NOON)
        own_calendars.set_address(session, court.people["chair"], member, "", now=NOON)
        assert session.exec(select(BusyCalendarRow)).all() == []


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.example.org/a.ics", "https://localhost/a.ics", "https://10.0.0.5/a.ics", "https://[::1]/a",
        "https://user:secret@calendar.example.org/a", "https://calendar.example.org:8443/a", "https://167772165/a",
        "https://db.internal/a", "file:///etc/passwd", "https://", "https://[",
    ],
)  # fmt: skip
def test_an_address_that_leads_elsewhere_is_refused(
    standing: Database, court: Court, address: str
) -> None:
    with standing.unit_of_work() as session, pytest.raises(BadInput) as refused:
        own_calendars.set_address(
            session, court.people["chair"], court.members["chair"], address, now=NOON
        )

    assert refused.value.code == "not_an_https_address"


@pytest.mark.parametrize(
    ("status", "body", "comes"),
    [
        (200, BUSY, True),
        (302, b"", False),
        (404, b"", False),
        (200, b"x" * (MOST_BYTES + 1), False),
    ],
    ids=["there", "moved", "gone", "endless"],
)
def test_only_what_lies_there_is_taken_and_no_more_than_fits(
    court: Court, status: int, body: bytes, *, comes: bool
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(status, content=body, headers={"location": "https://10.0.0.1/"})

    client = httpx.Client(transport=httpx.MockTransport(answer))

    assert (fetched(ADDRESS, client) == body) is comes
    assert asked == ["/private-3f9a/basic.ics"]


def test_a_host_inside_the_own_network_is_not_asked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        calendars.socket,
        "getaddrinfo",
        lambda *_args, **_named: [(2, 1, 6, "", ("192.168.1.4", 443))],
    )

    assert fetched(ADDRESS) is None


def test_a_server_that_sends_a_byte_now_and_then_holds_nothing_up(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(0, 1_000_000, 15))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(ticks)))
    given: list[bytes] = []

    def drops() -> Iterator[bytes]:
        for _ in range(1_000):
            given.append(b"x")
            yield b"x"

    client = httpx.Client(
        transport=httpx.MockTransport(lambda _asked: httpx.Response(200, content=drops()))
    )

    assert fetched(ADDRESS, client) is None
    assert len(given) < 10


def test_a_calendar_that_breaks_its_reader_ends_no_sweep(
    standing: Database, court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_address: str) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(calendars, "fetched", broken)

    assert asyncio.run(read_calendars.fn()) == 0
    assert hours(standing, court) == 0


@pytest.mark.parametrize("rule", ["FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"])
def test_a_rule_that_never_gets_on_holds_no_sweep_up(
    standing: Database, court: Court, monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    endless = a_calendar(f"DTSTART:20260305T080000Z\r\nDURATION:PT1H\r\nRRULE:{rule}")

    read(monkeypatch, endless)

    assert hours(standing, court) == 0

"""Two installations, a bad line between them, and people who work on while processes are killed and clocks are wrong."""

import contextlib
import json
import random
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlmodel import col, select

from core.clock import utc_now
from core.db import Database
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.line import trust_each
from tests.builders.requests import LEAVES
from tests.builders.transfers import Office
from tests.databases import make_quick
from tests.workflows.killing import ROOT, Process, Site, a_site, free_port
from tests.workflows.storm.afterwards import undelivered
from tests.workflows.storm.clocks import SharedClock
from tests.workflows.storm.officers import People
from transfers.tables.delivery import (
    DeliveryInRow,
    DeliveryOutRow,
    LineRow,
    RecallRow,
    ReceiptGivenRow,
)

BEGINS: Final = LEAVES + timedelta(hours=1)
MOST_SKEW: Final = 55.0  # seconds of each clock; together less than the two minutes of the protocol
OPEN_AT_ONCE: Final = 40
IDLE: Final = timedelta(seconds=1)
LONGEST_JUMP: Final = timedelta(hours=3)


@dataclass
class Storm:
    """Everything that runs."""

    folder: Path
    chance: random.Random
    zambia: Site
    namibia: Site
    line: Process
    clocks: tuple[SharedClock, SharedClock]
    people: People
    distance: float = 0.0
    skews: list[float] = field(default_factory=lambda: [0.0, 0.0])
    widest_skew: float = 0.0

    @property
    def sites(self) -> tuple[Site, Site]:
        """Both installations."""
        return self.zambia, self.namibia

    @property
    def victims(self) -> list[Process]:
        """The processes that are killed."""
        return [site.processes[0] for site in self.sites]

    @property
    def faults(self) -> dict[str, int]:
        """How many calls met what."""
        with contextlib.suppress(OSError, ValueError):
            found: dict[str, int] = json.loads((self.folder / "line.json").read_text())
            return found
        return {}

    def calm(self) -> None:
        """Let the line be good from now on."""
        (self.folder / "calm").touch()

    def start(self) -> None:
        """Start both installations and the line."""
        for process in (self.line, *self.victims):
            process.start()

    def close(self) -> None:
        """End everything."""
        for process in (self.line, *self.victims):
            process.kill()
        for site in self.sites:
            site.database.dispose()

    def strike(self) -> None:
        """Cut the power of one installation, at whatever it is doing, and start it again."""
        victim = self.chance.choice(self.victims)
        victim.kill()
        victim.start()

    def drift(self) -> None:
        """Let both clocks be wrong by something else."""
        self.skews = [self.chance.uniform(-MOST_SKEW, MOST_SKEW) for _ in self.clocks]
        self.widest_skew = max(self.widest_skew, abs(self.skews[0] - self.skews[1]))
        self._set()

    def let_time_pass(self) -> bool:
        """When everything waits for a later moment, go there; whether that was so."""
        waits = []
        for site, clock in zip(self.sites, self.clocks, strict=True):
            now = clock.now()
            found = _next_moment(site.database, now)
            waits += [] if found is None else [found - now]
        if not waits or min(waits) <= IDLE:
            return False
        self.distance += min(*waits, LONGEST_JUMP).total_seconds()
        self._set()
        return True

    def is_at_rest(self) -> bool:
        """Whether everything said has arrived and was signed for."""
        for site in self.sites:
            with site.database.unit_of_work() as session:
                if undelivered(session):
                    return False
        return True

    def _set(self) -> None:
        for clock, skew in zip(self.clocks, self.skews, strict=True):
            clock.distance = self.distance + skew


def a_storm(folder: Path, seed: int) -> Storm:
    """Two installations that trust each other, with a database, keys and a storage each; nothing runs yet."""
    zambia, namibia = a_site(folder / "zm"), a_site(folder / "na")
    ports, lines = [free_port(), free_port()], [free_port(), free_port()]
    for site, name, other, place in (
        (zambia, ZAMBIA, NAMIBIA, 0),
        (namibia, NAMIBIA, ZAMBIA, 1),
    ):
        make_quick(site.database)
        with site.database.unit_of_work() as session:
            trust_each(Office(session, name[:2], name), other)
        settings = {
            "BID_COUNTRY": name[:2], "BID_PROCEDURE_RUNNER": "off", "BID_EXCHANGE_RESERVE_MIB": "0",
            "BID_SECURE_COOKIES": "false",
        }  # fmt: skip
        command = [
            sys.executable, "-m", "tests.workflows.storm.installation", str(ports[place]),
            str(lines[1 - place]),
        ]  # fmt: skip
        process = Process(name, command, site.environment | settings, folder / f"{name}.log")
        site.processes.append(process)
    ways = [f"{line}:{port}" for line, port in zip(lines, ports, strict=True)]
    command = [
        sys.executable, "-m", "tests.workflows.storm.bad_line", str(folder), str(seed), *ways,
    ]  # fmt: skip
    line = Process(
        "line", command, zambia.environment | {"PYTHONPATH": str(ROOT)}, folder / "line.log"
    )
    clocks = tuple(SharedClock(site.folder / "clock") for site in (zambia, namibia))
    storm = Storm(
        folder, random.Random(seed), zambia, namibia, line, (clocks[0], clocks[1]),
        People(zambia.database, namibia.database),
        distance=(BEGINS - utc_now()).total_seconds(),
    )  # fmt: skip
    storm.drift()
    return storm


def rage(storm: Storm, count: int, kills: int, *, seconds: float) -> bool:
    """Let people work for so many children while the power is cut so often; whether all came to their end in time."""
    end = time.monotonic() + seconds
    people = storm.people
    messages = _arrived(storm)
    every = max(1, count // (kills + 1))
    struck = 0
    while time.monotonic() < end:
        for _ in range(3):
            if len(people.children) < count and people.open_children < OPEN_AT_ONCE:
                people.bring_in()
        people.look()
        for process in storm.victims:
            process.revive()
        done = len(people.children) - people.open_children
        if struck < kills and done >= every * struck and _arrived(storm) > messages:
            time.sleep(storm.chance.random() / 2)
            storm.strike()
            storm.drift()
            struck += 1
            messages = _arrived(storm)
        if len(people.children) == count and not people.open_children and struck == kills:
            break
        if not storm.let_time_pass():
            time.sleep(0.1)
    return not people.open_children


def settle(storm: Storm, *, seconds: float) -> bool:
    """Let the line be good and wait until everything said has arrived; whether it did."""
    storm.calm()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if storm.is_at_rest():
            return True
        if not storm.let_time_pass():
            time.sleep(0.1)
    return False


def _arrived(storm: Storm) -> int:
    counted = 0
    for site in storm.sites:
        with site.database.unit_of_work() as session:
            statement = select(sa.func.count()).select_from(DeliveryInRow)
            counted += session.exec(statement.where(DeliveryInRow.state != "offered")).one()
    return counted


def _next_moment(database: Database, now: datetime) -> datetime | None:
    """When one side does something next; now if it has work, None if it waits for nothing."""
    with database.unit_of_work() as session:
        line = session.exec(select(LineRow)).first()
        sending = ("queued", "transferring", "waiting", "needs_attention")
        due = [
            session.exec(statement).first()
            for statement in (
                select(sa.func.min(DeliveryOutRow.next_try_at)).where(
                    col(DeliveryOutRow.state).in_(sending)
                ),
                select(sa.func.min(ReceiptGivenRow.next_try_at)).where(
                    col(ReceiptGivenRow.stored_at).is_(None)
                ),
                select(sa.func.min(RecallRow.next_try_at)).where(
                    RecallRow.is_ours, RecallRow.state == "sent"
                ),
            )
        ]
        busy = undelivered(session)
    moments = [_aware(one) for one in due if one is not None]
    if not moments:
        return now if busy["to seal"] or busy["to open"] else None
    called = line.next_call_at if line is not None and line.next_call_at is not None else now
    return max(min(moments), called)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=utc_now().tzinfo)

"""Processes that are killed without warning, and what must hold afterwards; used by test and benchmark.

The processes are the ones operators start: `bid worker` and `bid worker --prefect-server`, or a
whole `bid serve`. People's acts are written by this process through the services.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import select

from cases.tables.case_file import CaseRow
from core import audit, wakeups
from core.clock import utc_now
from core.db import Database
from core.outbox import OutboxRow
from core.vault import MasterKeys, Vault
from core.wakeups import WakeupRow
from migrations.metadata import head_revision, upgrade
from tests.builders.procedure import Team, a_team, an_approved_assessment
from tests.databases import create_schema

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {"considered": ("durable_solution",), "bid_required": True}
NOT_NEEDED = {"considered": ("services_only",), "bid_required": False}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """One process that is started again whenever it was killed."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    kills: int = 0
    deaths: int = 0

    def start(self) -> None:
        """Start it, as its operator (or the service manager) would."""
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                self.command, env=dict(self.environment), cwd=ROOT, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """End it and its children as a power cut would."""
        if self.running is not None and self.running.poll() is None:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.kills += 1

    def revive(self) -> None:
        """Start it again if it ended by itself, as a service manager would, and count that."""
        if self.running is not None and self.running.poll() is not None:
            self.deaths += 1
            self.start()

    def stop(self) -> None:
        """End it for good."""
        if self.running is not None and self.running.poll() is None:
            os.killpg(self.running.pid, signal.SIGTERM)
            try:
                self.running.wait(25)
            except subprocess.TimeoutExpired:
                os.killpg(self.running.pid, signal.SIGKILL)
                self.running.wait()


@dataclass
class Site:
    """An installation with its database, and the processes that are going to be killed."""

    folder: Path
    address: str
    environment: dict[str, str]
    database: Database
    processes: list[Process] = field(default_factory=list)

    def add(self, name: str, *arguments: str, **environment: str) -> Process:
        """Name a process of this installation."""
        command = [sys.executable, "-m", "cli", *arguments]
        process = Process(
            name, command, self.environment | environment, self.folder / f"{name}.log"
        )
        self.processes.append(process)
        return process

    def close(self) -> None:
        """End everything."""
        for process in self.processes:
            process.stop()
        self.database.dispose()


def a_site(folder: Path, address: str | None = None) -> Site:
    """An empty installation; on SQLite unless an address is given."""
    folder.mkdir(parents=True, exist_ok=True)
    masters = MasterKeys.fresh()
    masters.save(folder / "keys" / "master.json")
    address = address or f"sqlite:///{folder / 'bid.sqlite3'}"
    database = Database(address, Vault(masters))
    if head_revision() is None:
        create_schema(database.engine)
    else:
        upgrade(database.engine)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "BID_"))},
        "BID_DATA_DIR": str(folder),
        "BID_DATABASE_URL": address,
        "BID_LEASE_SECONDS": "5",
        "BID_SWEEP_SECONDS": "3600",
        "PYTHONPATH": str(ROOT),
    }
    return Site(folder, address, environment, database)


def bring_in(site: Site, number: int, **columns: Any) -> Team:
    """Let people bring one more child's case as far as an approved assessment."""
    with site.database.unit_of_work() as session:
        team = a_team(session, **columns)
        an_approved_assessment(session, team, **(NEEDED if number % 2 else NOT_NEEDED))
        wakeups.wake(session, team.case_id, now=utc_now())
    return team


def act(site: Site, number: int) -> str:
    """Do the same; return the id of the case."""
    return bring_in(site, number).case_id


def act_under_fire(site: Site, count: int, kills: int, chance: random.Random) -> list[str]:
    """Bring ``count`` cases in while processes are killed at random moments and started again."""
    victims = [chance.choice(site.processes) for _ in range(kills)]
    moments = sorted(chance.sample(range(1, count), min(kills, count - 1)))
    cases = []
    for number in range(count):
        cases.append(act(site, number))
        while moments and moments[0] == number:
            moments.pop(0)
            victim = victims.pop()
            time.sleep(chance.random() * 2)
            victim.kill()
            victim.start()
        time.sleep(chance.random() / 10)
    return cases


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether it holds within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


@dataclass(frozen=True)
class Aftermath:
    """What is found when everything has come to rest."""

    stuck: int
    repeated: int
    chain_holds: bool


def at_rest(site: Site) -> bool:
    """Whether nothing waits to be moved."""
    with site.database.unit_of_work() as session:
        return session.exec(select(WakeupRow).where(WakeupRow.is_pending)).first() is None


def aftermath(site: Site, cases: list[str]) -> Aftermath:
    """Count cases that did not get where they could, and effects that happened twice."""
    with site.database.unit_of_work() as session:
        states = dict(session.exec(select(CaseRow.id, CaseRow.state)).all())
        wanted = {case: "bid_required" if n % 2 else "planned" for n, case in enumerate(cases)}
        stuck = sum(states[case] != state for case, state in wanted.items())
        repeated = _more_than_once(session, "case_history", "case_id, to_state")
        repeated += _more_than_once(session, "deadline", "case_id, code, occurrence")
        repeated += _more_than_once(session, "effect", "case_id, step, occurrence")
        posted = session.exec(select(OutboxRow.key)).all()
        repeated += len(posted) - len(set(posted))
        verdict = audit.verify_database(session)
    return Aftermath(stuck, repeated, verdict.holds)


def _more_than_once(session: object, table: str, columns: str) -> int:
    counted = (
        f"select count(*) from (select 1 from {table} group by {columns} having count(*) > 1) t"
    )
    return int(session.execute(sa.text(counted)).scalar_one())  # type: ignore[attr-defined]

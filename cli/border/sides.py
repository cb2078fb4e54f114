"""Both countries as the demo runs them: installation, gate, and the officers of each secretariat."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cli.border.gate import Gate
from cli.province import accounts, server
from cli.province.accounts import Office
from cli.province.client import Line, Officer
from cli.province.clock import Clock
from cli.province.names import officer_name
from cli.province.places import District
from cli.province.server import Service
from cli.province.world import World
from core.accounts.system import operator_actor
from core.db import Database
from core.exchange.keys import SigningKey
from core.settings import Settings

OURS: Final = "ZM.mcdss"
THEIRS: Final = "NA.mgepesw"
ON_PAPER: Final = "CD.divas"
REGION: Final = District("NA-CA", "caprivi", "", "ZM")
STAFF: Final = (
    ("writer", "secretariat"), ("second", "secretariat"), ("head", "secretariat_head"),
    ("first_trust", "trust_officer"), ("second_trust", "trust_officer"),
)  # fmt: skip
OFFICE_STAFF: Final = (
    ("worker", "caseworker"), ("supervisor", "supervisor"), ("assessor", "assessor"),
    ("coordinator", "coordinator"), ("guardian", "guardian"),
)  # fmt: skip


@dataclass
class Side:
    """One country: its name to others, its officers, and how to see into its records afterwards."""

    name: str
    world: World
    gate: Gate | None
    database: Callable[[], Database]
    staff: dict[str, Officer] = field(default_factory=dict)
    statement: str = ""
    fingerprint: tuple[str, ...] = ()

    @property
    def address(self) -> str | None:
        """Where partners reach it; none for one that only takes files."""
        return None if self.gate is None else self.gate.address

    @property
    def country(self) -> str:
        """The two letters of it."""
        return self.name[:2]

    def __getitem__(self, task: str) -> Officer:
        """Return who does a task."""
        return self.staff[task]

    def employ(self, keeper: Officer, number: int) -> None:
        """Let the administrator invite the secretariat and the two officers who trust."""
        for offset, (task, role) in enumerate(STAFF):
            self.staff[task] = accounts.invite(
                keeper, f"{self.country.lower()}.{task}", officer_name(number + offset),
                (role, "country", self.country),
            )  # fmt: skip


def open_database(settings: Settings) -> Database:
    """Open an installation's database, as its administrator does at the console."""
    from cli.installation import open_installation

    return open_installation(settings)


def settings_of(folder: Path, country: str, port: int) -> Settings:
    """Return the settings of the other country's installation, as its own processes read them."""
    return Settings(
        country=country, data_dir=folder, port=port, procedure_runner="off", secure_cookies=False,
        database_url=None, exchange_reserve_mib=64,
    )  # fmt: skip


def open_other(
    folder: Path, clock: Clock, distance: Any, name: str, *, is_online: bool = True
) -> tuple[World, Settings]:
    """Start another country's installation: a database, keys and storage of its own."""
    port = server.free_port()
    settings = settings_of(folder, name[:2], port)
    open_database(settings).dispose()
    runner = "off" if is_online else "worker"
    environment = server.environment(folder, port, name[:2], runner=runner)
    service = Service(folder, port, distance, environment)
    service.start()
    return World(service, Line(service.address, clock), clock), settings


def region_office(keeper: Officer, number: int) -> Office:
    """Let the other country's administrator invite the people of one region's office."""
    office = Office(REGION)
    for offset, (task, role) in enumerate(OFFICE_STAFF):
        scope = ("own", "") if task == "guardian" else ("office", REGION.code)
        office.staff[task] = accounts.invite(
            keeper, f"{REGION.short}.{task}", officer_name(number + offset), (role, *scope)
        )
    return office


def set_up_keys(side: Side) -> None:
    """Give an installation its name, anchor and keys, as `bid partner init` does; one that has them keeps them."""
    from transfers.service import installation, keys
    from transfers.service.installation import FreshKeys

    actor, now = operator_actor(side.country), side.world.clock.now()
    database = side.database()
    try:
        with database.unit_of_work() as session:
            if installation.name_if_any(session) is None:
                anchor = SigningKey.fresh()
                installation.set_up(
                    session, actor, name=side.name, anchor=anchor.public, now=now,
                    fresh=FreshKeys.make(), base_url=side.address,
                )  # fmt: skip
                keys.issue(session, actor, anchor, now=now)
            own = installation.identity(session, actor, now=now)
    finally:
        database.dispose()
    side.statement, side.fingerprint = own.statement.text, own.fingerprint

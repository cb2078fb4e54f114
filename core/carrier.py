"""How cases are being moved at the moment, for `/readyz`: set by the runner, read by the API."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CarrierState(StrEnum):
    """Who moves cases now."""

    STARTING = "starting"  # Prefect is not up yet; cases move without it
    PREFECT = "prefect"
    PLAIN = "without_prefect"  # Prefect is away; the same functions run without it
    ELSEWHERE = "elsewhere"  # separate workers do it
    STOPPED = "stopped"  # nobody does


@dataclass
class CarrierStatus:
    """What the runner of this process last said about itself.

    Plain attribute writes only, so a runner's thread may set it while requests read it.
    """

    state: CarrierState = CarrierState.STARTING
    since: datetime | None = None
    drained_at: datetime | None = None

    def set(self, state: CarrierState, now: datetime) -> None:
        """Say who moves cases from now on."""
        if state is not self.state:
            self.state, self.since = state, now

    def report(self) -> dict[str, str | None]:
        """Return codes and times for a status page; nothing about a case."""
        return {
            "procedure": self.state.value,
            "since": self.since.isoformat() if self.since else None,
            "drained_at": self.drained_at.isoformat() if self.drained_at else None,
        }

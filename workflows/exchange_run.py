"""One look at everything that waits between us and other countries: seal, send, fetch, open, and end what is over.

A plain function over the services, for the command and for a flow alike; nothing of it is in the scheduler but the
fact that it ran. A stop at any point is taken up at the next look: what was committed stays. Source: EXP-7.1, EXP-7.2.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core import turns
from core.clock import utc_now
from core.db import Database
from core.errors import DomainError, Incomplete, NotThere
from core.exchange.errors import CannotMake, ContentRefused, SummaryInvalid
from core.exchange.keys import SigningKey
from core.scanning import ScannerAway, scanner_of
from core.settings import Settings
from core.vault import Erased, Unreadable
from transfers.errors import NoKeyCounts, NotSent, NotSetUp
from transfers.rules.delivery import Limits
from transfers.service import (
    admitting,
    calls,
    installation,
    outgoing,
    retention,
    sealing,
)
from transfers.service.exchange_status import partners_to_visit
from transfers.service.incoming import Ground
from transfers.service.officers import tell
from transfers.service.storage import Store
from workflows.exchange_line import Dial, dial
from workflows.exchange_visit import Visit
from workflows.stamping import Stamper

TURN: Final = "exchange"
LEASE: Final = timedelta(minutes=4)
_NOT_LIKE_THIS: Final = (
    CannotMake, ContentRefused, Erased, NotSent, NotThere, SummaryInvalid, Unreadable,
)  # fmt: skip
"""What keeps one message here until a person looks at it; the others leave."""
log = logging.getLogger(__name__)


@dataclass
class Worked:
    """What one look did; counts only."""

    sealed: int = 0
    settled: int = 0
    receipts: int = 0
    recalls: int = 0
    fetched: int = 0
    opened: int = 0
    ended: int = 0
    partners_silent: list[str] = field(default_factory=list)
    had_turn: bool = True

    @property
    def did_something(self) -> bool:
        """Whether anything moved."""
        counts = (self.sealed, self.settled, self.receipts, self.recalls, self.fetched, self.opened)
        return any(counts) or self.ended > 0


def run_exchange(
    database: Database,
    ground: Ground,
    *,
    dial: Dial = dial,
    clock: Callable[[], datetime] = utc_now,
    chance: Callable[[], float] = random.random,
    holder: str = "exchange",
    stamper: Stamper | None = None,
) -> Worked:
    """Look once at everything that waits, if it is our turn.

    Args:
        database: of this installation.
        ground: where sealed bytes lie, and limits.
        dial: opens a connection to an address.
        clock: the present moment.
        chance: spreads tries.
        holder: name of this process; of several one works at a time.
        stamper: the time-stamping authority, where one is set.
    """
    worked = Worked()
    with database.unit_of_work() as session:
        if not turns.take_turn(session, TURN, holder=holder, lease=LEASE, now=clock()):
            worked.had_turn = False
            return worked
        try:
            own = installation.own_row(session)
            name, address = own.id, own.base_url
            key = installation.signing_key(session, now=clock())
        except (NotSetUp, NoKeyCounts):
            return worked
        clock_holds = outgoing.look_at_clock(session, ground.storage, now=clock())
    _seal_waiting(database, ground.storage, worked, clock)
    _seal_lost(database, ground.storage, worked, clock)
    for partner in _partners(database, clock):
        _visit(
            database, ground, partner, worked, name=name, is_reachable=address is not None,
            key=key, dial=dial, clock=clock, chance=chance, holder=holder,
        )  # fmt: skip
    _open_arrived(database, ground, worked, clock)
    if clock_holds:
        _end(database, ground.storage, worked, clock)
    _tidy(database, ground.storage, clock)
    if stamper is not None:
        stamper.look(database, now=clock())
    with database.unit_of_work() as session:  # whoever is next need not wait
        turns.take_turn(session, TURN, holder=holder, lease=timedelta(0), now=clock())
    return worked


def ground_of(settings: Settings) -> Ground:
    """Return what the exchange of this installation stands on."""
    mib = 1024**2
    limits = Limits(
        settings.exchange_open_deliveries, settings.exchange_unfinished_mib * mib,
        settings.exchange_reserve_mib * mib,
    )  # fmt: skip
    store = Store(settings.exchange_folder, settings.files_dir)
    return Ground(store, limits, scanner_of(settings.virus_scanner))


def _seal_waiting(
    database: Database, storage: Store, worked: Worked, clock: Callable[[], datetime]
) -> None:
    with database.unit_of_work() as session:
        waiting = sealing.waiting(session)
    for one in waiting:
        try:
            with database.unit_of_work() as session:
                made = sealing.seal(session, one.message_id, storage=storage, now=clock())
                worked.sealed += made is not None
        except _NOT_LIKE_THIS as error:
            log.warning("exchange.not_sealed: %s by %s", one.message_id, type(error).__name__)
            with database.unit_of_work() as session:
                tell(
                    session, topic="exchange.needs_attention", subject=one.message_id,
                    occasion=f"{one.message_id}:not-sealed", now=clock(),
                    facts={"installation": one.partner, "code": "not-sealed"},
                )  # fmt: skip
        except (Incomplete, NoKeyCounts):
            continue  # nothing may be sent there now; the message waits


def _seal_lost(
    database: Database, storage: Store, worked: Worked, clock: Callable[[], datetime]
) -> None:
    """Seal anew what waits and whose bytes are gone with the storage folder; what it says is in the database."""
    with database.unit_of_work() as session:
        lost = sealing.lost(session, storage=storage)
    for delivery_id in lost:
        try:
            with database.unit_of_work() as session:
                made = sealing.reseal(session, delivery_id, storage=storage, now=clock())
                worked.sealed += made is not None
        except (Incomplete, NoKeyCounts):
            continue
        log.warning("exchange.bytes_were_gone: %s", delivery_id)


def _partners(database: Database, clock: Callable[[], datetime]) -> list[str]:
    with database.unit_of_work() as session:
        return partners_to_visit(session, now=clock())


def _visit(
    database: Database,
    ground: Ground,
    partner: str,
    worked: Worked,
    *,
    name: str,
    is_reachable: bool,
    key: SigningKey,
    dial: Dial,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
    holder: str,
) -> None:
    """Do everything there is to do with one partner; one that is silent or strange never stops the others."""

    def still_ours() -> bool:
        with database.unit_of_work() as session:
            return turns.take_turn(session, TURN, holder=holder, lease=LEASE, now=clock())

    visit = Visit(
        database, ground, partner, name, key, dial=dial, clock=clock, chance=chance,
        is_reachable=is_reachable, still_ours=still_ours,
    )  # fmt: skip
    try:
        visit.all()
    except DomainError as error:
        log.warning("exchange.visit_ended: %s by %s", partner, type(error).__name__)
    worked.settled += visit.settled
    worked.receipts += visit.receipts
    worked.recalls += visit.recalls
    worked.fetched += visit.fetched
    if visit.was_silent:
        worked.partners_silent.append(partner)


def _open_arrived(
    database: Database, ground: Ground, worked: Worked, clock: Callable[[], datetime]
) -> None:
    with database.unit_of_work() as session:
        arrived = admitting.to_open(session)
    for row_id in arrived:
        try:
            admitting.admit(database.unit_of_work, row_id, ground=ground, now=clock())
            worked.opened += 1
        except ScannerAway:
            log.warning("exchange.not_opened: %s without a scanner", row_id)
            with database.unit_of_work() as session:
                admitting.tell_scanner_away(session, now=clock())
            return
        except Exception as error:  # noqa: BLE001  one package never holds up the others; it is tried again
            log.warning("exchange.not_opened: %s by %s", row_id, type(error).__name__)


def _end(database: Database, storage: Store, worked: Worked, clock: Callable[[], datetime]) -> None:
    with database.unit_of_work() as session:
        worked.ended += outgoing.end_what_is_over(session, now=clock())
    while _drop_one(database, clock):
        worked.ended += 1
    with database.unit_of_work() as session:
        outgoing.remove_dropped(session, storage)


def _drop_one(database: Database, clock: Callable[[], datetime]) -> bool:
    with database.unit_of_work() as session:
        return outgoing.drop_unfinished(session, now=clock()) > 0


def _tidy(database: Database, storage: Store, clock: Callable[[], datetime]) -> None:
    with database.unit_of_work() as session:
        retention.remove_bytes(session, storage)
        retention.remind(session, now=clock())
        calls.forget_old(session, now=clock())

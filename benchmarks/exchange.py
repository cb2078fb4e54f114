"""How many messages cross a border in a second, where the time goes, and how fast evidence is verified.

Two whole installations on one machine, over real sockets of this machine: the line itself costs nothing here, and both
sides share the processors.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from benchmarks import grounds
from benchmarks.figures import Figure
from core.actors import Role
from core.db import Database
from core.settings import Settings
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.installations import Installation
from tests.builders.line import address_of, rows, trust_each
from tests.builders.partners import an_officer
from tests.builders.transfers import Office, an_enquiry
from transfers.service import bundle_check, evidence_bundle, evidence_check, evidence_export
from transfers.tables.delivery import DeliveryOutRow
from transfers.tables.transfer import TransferRow
from workflows.exchange_run import run_exchange

WORKERS: Final = (1, 8)
_STEPS: Final = {"deliveries": "offer", "parts": "parts", "complete": "complete and open"}
versions = grounds.versions


def measure(*, quick: bool) -> list[Figure]:
    """Send enquiries from one country to another with one worker and with eight, then verify what was left behind."""
    count = 3 if quick else 40
    figures: list[Figure] = []
    for dialect in ("sqlite",) if quick else grounds.DIALECTS:
        for workers in WORKERS:
            with two(dialect) as zambia:
                figures += _sending(dialect, zambia, workers, count)
                if workers == WORKERS[0]:
                    figures += _verifying(dialect, zambia)
    return figures


def _sending(dialect: str, zambia: Installation, workers: int, count: int) -> list[Figure]:
    for _ in range(count):
        zambia.do(an_enquiry)
    spent = _watched(zambia)
    begun = time.perf_counter()
    threads = [
        threading.Thread(target=_work, args=(zambia, f"worker-{number}"))
        for number in range(workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    done = sum(row.state == "admitted" for row in rows(zambia.database, DeliveryOutRow))
    name = f"{dialect}, {workers} worker{'s' if workers > 1 else ''}"
    figures = [
        Figure(f"messages admitted a second ({name})", done / took, note=f"{done} of {count}"),
        Figure(f"messages not admitted ({name})", count - done, at_most=0),
    ]
    if workers == WORKERS[0]:
        calls = sum(spent.values())
        each = {**spent, "sealing, and keeping what came back": took - calls}
        figures += [
            Figure(f"time for each message: {what} ({dialect})", 1000 * value / count, "ms")
            for what, value in each.items()
        ]
    return figures


def _work(one: Installation, holder: str) -> None:
    """Look until nothing waits, as every worker does; only one of them has the turn at a time."""
    while True:
        worked = run_exchange(
            one.database, one.ground, dial=one.dial, holder=holder, clock=lambda: one.now
        )
        if worked.had_turn and not worked.did_something:
            return
        if not worked.had_turn:
            if all(row.state == "admitted" for row in rows(one.database, DeliveryOutRow)):
                return
            time.sleep(0.05)


def _verifying(dialect: str, zambia: Installation) -> list[Figure]:
    operator = an_officer(Role.ADMINISTRATOR, zambia.country)
    now = zambia.now

    def taken(act: Callable[[Office], Any]) -> list[str]:
        return list(zambia.do(lambda office: list(act(office))))

    ref = rows(zambia.database, TransferRow)[0].ref
    log = taken(lambda office: evidence_export.export_lines(office.session, operator, now=now))
    bundle = taken(
        lambda office: evidence_bundle.bundle_by_ref(office.session, operator, ref, now=now)
    )
    begun = time.perf_counter()
    verdict = evidence_check.check(iter(log))
    of_log = time.perf_counter() - begun
    begun = time.perf_counter()
    found, _ = bundle_check.check(iter(bundle))
    of_bundle = time.perf_counter() - begun
    return [
        Figure(
            f"verifying a whole log ({dialect})", verdict.tokens / of_log, "tokens/s",
            note=f"{verdict.rows} rows, {verdict.tokens} tokens",
        ),
        Figure(f"faults found in a log that holds ({dialect})", verdict.fault is not None, at_most=0),
        Figure(
            f"verifying the evidence of one transfer ({dialect})", 1000 * of_bundle, "ms",
            note=f"{0 if found is None else len(found.tokens)} tokens",
        ),
    ]  # fmt: skip


def _watched(one: Installation) -> dict[str, float]:
    """Note how long each kind of call lasts, as its caller sees it."""
    spent: dict[str, float] = defaultdict(float)
    dial = one.lines[address_of(NAMIBIA)]

    def watched() -> Any:
        client = dial()
        stream = client.stream

        @contextmanager
        def timed(method: str, url: str, **options: Any) -> Iterator[Any]:
            begun = time.perf_counter()
            with stream(method, url, **options) as answer:
                answer.read()
                yield answer
            word = next((name for name in url.split("/")[::-1] if name in _STEPS), "")
            spent[_STEPS.get(word, "everything else on the line")] += time.perf_counter() - begun

        client.stream = timed
        return client

    one.lines[address_of(NAMIBIA)] = watched
    return spent


@contextmanager
def two(dialect: str) -> Iterator[Installation]:
    """Two installations that trust each other, each with a database and a port of its own; gives the one that sends."""
    with ExitStack() as held:
        made = []
        for name in (ZAMBIA, NAMIBIA):
            database = held.enter_context(grounds.fresh(dialect))
            folder = held.enter_context(grounds.folder())
            made.append(_installation(name, database, folder))
        zambia, namibia = made
        zambia.do(lambda office: trust_each(office, NAMIBIA))
        namibia.do(lambda office: trust_each(office, ZAMBIA))
        for one, other in ((zambia, namibia), (namibia, zambia)):
            port = held.enter_context(_served(other.app))
            one.lines[address_of(other.name)] = lambda port=port: httpx.Client(
                base_url=f"http://127.0.0.1:{port}", timeout=60
            )
        yield zambia


def _installation(name: str, database: Database, folder: Path) -> Installation:
    settings = Settings(secure_cookies=False, procedure_runner="off")
    return Installation(name, database, create_app(settings, database), folder)


@contextmanager
def _served(app: FastAPI) -> Iterator[int]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)

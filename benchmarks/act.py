"""One human act from the request to the next wait, against the same Prefect run with nothing in it."""

import asyncio
import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from benchmarks import grounds
from benchmarks.children import children
from benchmarks.figures import Figure, in_turn, median
from benchmarks.province import fill
from cases.rules.assessments import AssessmentKind
from cases.rules.machine import CaseState
from cases.service import assessments
from cases.service.forms import plain
from core.actors import Actor, Role
from core.db import Database
from core.settings import Settings
from tests.builders.assessments import an_assessment
from tests.builders.cases import a_caseworker, a_registered_case
from tests.conftest import NOON

if TYPE_CHECKING:
    from tests.api.test_accounts_sign_in import Desk

AIM: Final = 1.3
AIM_BETWEEN: Final = 1.2
START_SECONDS: Final = 120
versions = grounds.versions


@dataclass
class Site:
    """One installation with so many cases that wait for people.

    Args:
        name: for people.
        database: with the cases in it.
        desk: the supervisor's browser.
        worker: a caseworker of the same office.
        number: acts so far.
    """

    name: str
    database: Database
    desk: "Desk"
    worker: Actor
    number: int = 0
    seconds: list[float] = field(default_factory=list)


def measure(*, quick: bool) -> list[Figure]:
    """Take turns: nothing, an act among few cases, an act among many; on both databases."""
    few, many, rounds = (2, 6, 2) if quick else (100, 10_000, 25)
    with ExitStack() as stack:
        folder = stack.enter_context(grounds.folder())
        stack.enter_context(_prefect(folder))
        sites = [
            _site(stack, folder, dialect, count)
            for dialect in grounds.DIALECTS
            for count in (few, many)
        ]
        nothing = asyncio.run(_take_turns(sites, rounds))
        return _figures(sites, nothing, few, many)


def _figures(sites: Sequence[Site], nothing: Sequence[float], few: int, many: int) -> list[Figure]:
    figures = [Figure("the same Prefect run doing nothing", median(nothing) * 1000, "ms")]
    for index, name in enumerate(grounds.DIALECTS):
        among_few, among_many = (site.seconds for site in sites[2 * index : 2 * index + 2])
        figures += [
            Figure(f"one act, {name}, {few:,} cases wait", median(among_few) * 1000, "ms"),
            Figure(
                f"one act against the run doing nothing, {name}",
                in_turn(among_few, nothing),
                at_most=AIM,
            ),
            Figure(
                f"one act among {many:,} waiting cases against {few:,}, {name}",
                in_turn(among_many, among_few),
                at_most=AIM_BETWEEN,
            ),
        ]
    return figures


@contextmanager
def _prefect(folder: Path) -> Iterator[None]:
    """Prefect's own server as the product embeds it, in this process."""
    from workflows import prefect_settings  # noqa: PLC0415  before Prefect is imported

    os.environ["BID_DATA_DIR"] = str(folder)
    place = prefect_settings.prepare(Settings())
    from workflows.embedded import PrefectServer  # noqa: PLC0415  as above

    logging.disable(logging.WARNING)
    server = PrefectServer(place.port or 0)
    server.start()
    end = time.monotonic() + START_SECONDS
    while not server.is_up:
        if time.monotonic() > end:
            msg = "Prefect's server did not start"
            raise RuntimeError(msg)
        time.sleep(0.1)
    try:
        yield
    finally:
        server.stop()


def _site(stack: ExitStack, folder: Path, dialect: str, count: int) -> Site:
    from api.app import create_app  # noqa: PLC0415  two hundred routes; not for other benchmarks
    from tests.api.desks import OFFICE, Desks  # noqa: PLC0415  as above

    database = stack.enter_context(grounds.fresh(dialect))
    names = [(row["name_first"], row["name_last"]) for row in children(min(count, 500))]
    fill(database, count, names, now=NOON)
    settings = Settings(data_dir=folder, secure_cookies=False, procedure_runner="off")
    app = create_app(settings, database)
    app.state.clock = lambda: NOON
    desk = Desks(app, database, NOON).of("s.banda", Role.SUPERVISOR, OFFICE)
    return Site(f"{dialect} {count}", database, desk, a_caseworker(office=OFFICE))


async def _take_turns(sites: Sequence[Site], rounds: int) -> list[float]:
    """Measure in turn, so that whatever else the machine does falls on all alike."""
    from workflows.carrier import Carrier  # noqa: PLC0415  Prefect's settings come first
    from workflows.leases import Holder  # noqa: PLC0415  as above
    from workflows.runner import Runner  # noqa: PLC0415  as above

    carrier = Carrier()
    runner = Runner(Holder("bench/0", timedelta(minutes=5)), carrier, timedelta(hours=1))
    answers = [await _answers_of(sites[0], runner)]
    for site in sites:
        await _act(site, runner)  # warm
        site.seconds.clear()
    nothing = []
    for _ in range(rounds):
        nothing.append(await _nothing(answers[0]))
        for site in sites:
            await _act(site, runner)
    if not carrier.by_prefect:
        msg = "Prefect was away"
        raise RuntimeError(msg)
    await carrier.disconnect()
    return nothing


async def _act(site: Site, runner: Any) -> None:
    """Let the supervisor approve an assessment, and the runner take the case on."""
    from workflows import ground  # noqa: PLC0415  as above

    ground.stand_on(site.database, lambda: NOON)
    case_id, assessment_id = await asyncio.to_thread(_to_be_approved, site)
    path = f"/cases/{case_id}/assessments/{assessment_id}/approval"
    begun = time.perf_counter()
    answer = await asyncio.to_thread(site.desk.send, "POST", path)
    moved = await runner.drain()
    site.seconds.append(time.perf_counter() - begun)
    if answer.status_code != 200 or moved != 1:
        msg = f"the act failed: {answer.status_code}, {moved} cases moved"
        raise RuntimeError(msg)


def _to_be_approved(site: Site) -> tuple[str, str]:
    """Bring a case as far as a submitted assessment; nothing of it is left to the runner."""
    from core import wakeups  # noqa: PLC0415  beside what needs it

    needed = {"considered": ("durable_solution",), "bid_required": True}
    supervisor = site.desk.who.actor()
    worker = site.worker
    with site.database.unit_of_work() as session:
        row = a_registered_case(
            session, owner=worker, supervisor=supervisor, state=CaseState.BIA_IN_PROGRESS
        )
        begun = assessments.begin_assessment(
            session, worker, row.id, AssessmentKind.COMPREHENSIVE, now=NOON
        )
        form = {**plain(an_assessment()), **needed}
        assessments.save_assessment(session, worker, row.id, begun.id, form, now=NOON)
        assessments.submit_assessment(session, worker, row.id, begun.id, now=NOON)
    with site.database.unit_of_work() as session:
        held = wakeups.claim(
            session, runner="bench/before", now=NOON, lease=timedelta(minutes=1), limit=10
        )
        wakeups.done(session, held, runner="bench/before")
    return row.id, begun.id


async def _answers_of(site: Site, runner: Any) -> list[Any]:
    """Note what the database answered to each step of one real run."""
    from workflows import ground, steps  # noqa: PLC0415  Prefect's settings come first

    answers: list[Any] = []

    async def noted(act: Any, *args: Any, **named: Any) -> Any:
        answer = await ground.off_the_loop(act, *args, **named)
        answers.append(answer)
        return answer

    with _standing_on(steps, noted):
        await runner.carrier.advance(await _approved(site))
    return answers


async def _approved(site: Site) -> str:
    from workflows import ground  # noqa: PLC0415  as above

    ground.stand_on(site.database, lambda: NOON)
    case_id, assessment_id = await asyncio.to_thread(_to_be_approved, site)
    path = f"/cases/{case_id}/assessments/{assessment_id}/approval"
    await asyncio.to_thread(site.desk.send, "POST", path)
    return case_id


async def _nothing(answers: Sequence[Any]) -> float:
    """Run the same flow, stages and tasks with the answers at hand instead of a database."""
    from workflows import steps  # noqa: PLC0415  as above
    from workflows.procedure import best_interests_procedure  # noqa: PLC0415  as above

    left = iter(answers)

    async def at_hand(*_: Any, **__: Any) -> Any:
        return next(left)

    with _standing_on(steps, at_hand):
        begun = time.perf_counter()
        await best_interests_procedure("nothing")
        return time.perf_counter() - begun


@contextmanager
def _standing_on(steps: Any, off_the_loop: Any) -> Iterator[None]:
    before = steps.ground
    steps.ground = SimpleNamespace(off_the_loop=off_the_loop)
    try:
        yield
    finally:
        steps.ground = before

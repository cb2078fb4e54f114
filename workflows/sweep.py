"""Looks at what time has brought: limits that pass, holds to review, young people turning 18.

Everything here raises a voice, once for each level by its key, and leaves a task or a notice.
Nothing is approved, accepted, moved, closed or erased by a clock: files kept long enough are listed,
and only bytes whose erasure two people ordered are thrown away. Two sweeps at once, or one that dies half
way, say nothing twice. Source: DOM-3.2, DOM-R34, DOM-R54,
DOM-R57, DOM-R58.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from cases.service import ageing, attachments, clocks, erasure, holding
from cases.service.clocks import DueLevel
from core import upkeep
from core.settings import Settings
from panels.service import proposals, reminders, reviews
from transfers.service import (
    disagreements,
    evidence,
    guest_links,
    keys,
    overdue,
    partner_statements,
)
from workflows import ground
from workflows.own_calendars import read_calendars

Look = Callable[..., int]

BATCH: Final = 200


def _purge(session: Any, *, now: datetime, limit: int) -> int:
    return attachments.purge_files(session, folder=Settings().files_dir, now=now, limit=limit)


LOOKS: Final[dict[str, Look]] = {
    "holds-to-review": holding.remind_of_reviews,
    "coming-of-age": ageing.raise_alerts,
    "decisions-to-review": reviews.ask_for_expired,
    "sittings-to-come": reminders.remind_of_sittings,
    "papers-nobody-opened": reminders.remind_of_papers,
    "sittings-to-plan-anew": proposals.look_at_sittings,
    "old-keys-and-first-steps": upkeep.forget_old,
    "files-kept-long-enough": erasure.tell_of_retention,
    "bytes-of-erased-files": _purge,
    "checkpoint-of-evidence": evidence.sign_daily_checkpoint,
    "keys-to-follow": keys.remind,
    "receipts-and-reports-from-abroad": overdue.remind,
    "disagreements-between-countries": disagreements.remind,
    "statements-of-partners": partner_statements.remind,
    "links-of-recipients": guest_links.note_expired,
}

log = logging.getLogger(__name__)


@flow(name="look-at-time-limits", flow_run_name="time limits")
async def look_at_time_limits() -> State[Any]:
    """Raise what has become due since the last look; scheduled, and harmless at any other time."""
    raised = await time_limits()
    for name in LOOKS:
        raised += await one_look(name)
    await read_calendars()
    return Completed(name=f"Raised {raised}")


async def sweep_plainly() -> int:
    """Do the same without Prefect."""
    raised = await time_limits.fn()
    for name in LOOKS:
        raised += await one_look.fn(name)
    await read_calendars.fn()
    return raised


@task(task_run_name="time limits", persist_result=False, cache_policy=NO_CACHE)
async def time_limits() -> int:
    """Raise every level of every limit that is reached, each in a unit of work of its own."""
    total = 0
    while raised := await _raise_levels():
        total += raised
    return total


@task(task_run_name="{name}", persist_result=False, cache_policy=NO_CACHE)
async def one_look(name: str) -> int:
    """Take one of the other looks until it finds nothing new."""
    total = 0
    while raised := await ground.off_the_loop(LOOKS[name], limit=BATCH):
        total += raised
    return total


async def _raise_levels() -> int:
    due: list[DueLevel] = await ground.off_the_loop(clocks.due_levels, limit=BATCH)
    raised = 0
    for item in due:
        raised += await _raise_one(item)
    return raised


async def _raise_one(item: DueLevel) -> bool:
    """Raise one level; one case that cannot be written now never silences the others."""
    try:
        return await ground.off_the_loop(clocks.raise_level, item.deadline_id, item.level)
    except Exception as error:  # noqa: BLE001  as the docstring says
        log.warning("level.not_raised: %s by %s", item.deadline_id, type(error).__name__)
        return False

"""Making the plans somebody asked for, and those proposed because something happened.

The record is read in one unit of work and the plan kept in another; while the planner thinks, no database is open.
Nothing is moved here. Prefect learns the plan's id and nothing of what is in it.
"""

import asyncio
import logging
from typing import Any, Final

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from panels.service import plan_making, plans
from workflows import ground

MOST: Final = 20
PLAN_DEPLOYMENT: Final = "make-plans/on-demand"

log = logging.getLogger(__name__)


@flow(name="make-plans", flow_run_name="plans of sittings")
async def make_plans() -> State[Any]:
    """Make every plan that waits; running it twice makes each once."""
    made = 0
    while made < MOST and await make_one():
        made += 1
    return Completed(name=f"Made {made}")


async def make_plans_plainly() -> int:
    """Do the same without Prefect; returns how many were taken up."""
    made = 0
    while made < MOST and await make_one.fn():
        made += 1
    return made


@task(task_run_name="one plan", persist_result=False, cache_policy=NO_CACHE)
async def make_one() -> bool:
    """Make the plan that waits longest; False when none waits.

    A plan that cannot be made is tried again when its lease is over, three times at most, and then says so.
    """
    found = await ground.off_the_loop(plans.take_up, runner="plans")
    if not isinstance(found, plans.Task):
        return found is not None
    try:
        made = await asyncio.to_thread(
            plan_making.make, found.built.instance, beside=found.beside,
            seconds=found.seconds, seed=found.seed,
        )  # fmt: skip
        await ground.off_the_loop(plans.keep, found, made)
    except Exception as error:  # noqa: BLE001  its kind alone is told: the text may name a case
        log.warning("plan.not_made: %s by %s", found.plan_id, type(error).__name__)
    return True


async def waiting() -> int:
    """Count the plans that wait to be made."""
    return await ground.off_the_loop(plans.waiting)

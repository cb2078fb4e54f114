"""The date of a sitting in Prefect: a run dated the day before it, which reminds the panel and no more.

The date is the sitting's row, not this run: a run that is lost, doubled or out of date does no harm,
because the look at the time limits reminds as well, and each reminder has a key.
"""

from datetime import timedelta
from typing import Any, Final

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.deployments.flow_runs import arun_deployment
from prefect.states import Completed

from panels.service import reminders
from workflows import ground

SITTING_DEPLOYMENT: Final = "remind-of-sitting/on-demand"
WITHIN: Final = timedelta(days=14)
MOST: Final = 200


@flow(name="remind-of-sitting", flow_run_name="sitting {ref}", validate_parameters=False)
async def remind_of_sitting(ref: str) -> State[Any]:
    """Remind the people of one sitting, if it still stands.

    Args:
        ref: id of the sitting.
    """
    told = await ground.off_the_loop(reminders.remind_of_sitting, ref)
    return Completed(name=f"Reminded {told}")


async def date_reminders() -> int:
    """Ask for the reminder of every sitting of the next two weeks; asking again changes nothing."""
    coming = await ground.off_the_loop(reminders.to_come, within=WITHIN, limit=MOST)
    for one in coming:
        await arun_deployment(
            SITTING_DEPLOYMENT,
            parameters={"ref": one.sitting_id},
            scheduled_time=one.remind_at,
            flow_run_name=f"sitting {one.sitting_id}",
            idempotency_key=f"sitting:{one.sitting_id}:{int(one.remind_at.timestamp())}",
            timeout=0,
            as_subflow=False,
        )
    return len(coming)

"""How a stage does a step, and how flows call one another, with Prefect and without it.

With Prefect every stage is a run and every step a task that shows by name. Without it the very same
functions run plainly (``flow.fn``). Whatever crosses into Prefect is a reference or a code.
"""

import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from prefect import Flow, task
from prefect.cache_policies import NO_CACHE

from cases.rules.waiting import Stage, Waiting
from cases.service import procedure as cases
from core.errors import NotThere
from workflows import ground

Step = Callable[..., bool]
Stagewise = Flow[[str], Coroutine[Any, Any, None]]

log = logging.getLogger(__name__)
_PLAINLY: Final[ContextVar[bool]] = ContextVar("plainly", default=False)


@dataclass(eq=False)
class StepFailed(Exception):
    """A step could not be done; carries codes only, since Prefect keeps the text of exceptions."""

    step: str
    reason: str

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it cross a worker boundary."""
        return (type(self), (self.step, self.reason))

    def __str__(self) -> str:
        """Name step and kind of failure, never what it was about."""
        return f"{self.step}: {self.reason}"


@contextmanager
def without_prefect() -> Iterator[None]:
    """Inside this block flows and steps are plain functions."""
    token = _PLAINLY.set(True)
    try:
        yield
    finally:
        _PLAINLY.reset(token)


async def carry(stage: Stagewise, ref: str) -> Waiting:
    """Go through one stage and say what the case waits for after it."""
    await (stage.fn(ref) if _PLAINLY.get() else stage(ref))
    return await where_is(ref)


async def do(step: Step, ref: str) -> bool:
    """Do one step in one unit of work; True when it changed something."""
    way = carry_out.fn if _PLAINLY.get() else carry_out
    return await way(step.__name__, step, ref)


async def where_is(ref: str) -> Waiting:
    """Say which human act the case waits for, by its rows alone."""
    return await ground.off_the_loop(_waiting, ref)


@task(
    task_run_name="{name}",
    retries=1,
    retry_delay_seconds=0.5,
    persist_result=False,
    cache_policy=NO_CACHE,
)
async def carry_out(name: str, step: Step, ref: str) -> bool:
    """Do one step; doing it twice has the effect of once.

    Raises:
        StepFailed: with the kind of failure; what it was about stays here.
    """
    try:
        return await ground.off_the_loop(step, ref)
    except Exception as error:  # noqa: BLE001  its kind goes on, what it was about does not
        reason = type(error).__name__
        log.warning("step.failed: %s of %s by %s", name, ref, reason)
        raise StepFailed(name, reason) from None


def _waiting(session: Any, ref: str, *, now: datetime) -> Waiting:
    del now
    try:
        return cases.waiting_for(session, ref)
    except NotThere:
        return Waiting(Stage.DONE, "No such case")
